/** The local run and the tests on the machine of somebody who works with AWS and behind a proxy. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { listen } from '../../local/ports.ts';
import { startBotServer } from '../support/bot-server.ts';
import { type LocalRun, sample, startRun } from '../support/local-run.ts';
import { type Outside, startOutside } from '../support/outside.ts';
import { runProgram } from '../support/script.ts';

let home: string;
let environment: Record<string, string>;
/** The proxy, the other addresses of AWS, the metadata service: whatever is asked of it has left this machine. */
let outside: Outside;
let run: LocalRun | undefined;

beforeAll(async () => {
  outside = await startOutside();
  home = await mkdtemp(join(tmpdir(), 'surroundings-'));
  await mkdir(join(home, '.aws'));
  const profile = `credential_process = sh -c "echo ran >> ${home}/ran"
ignore_configured_endpoint_urls = true
endpoint_url = ${outside.address}
region = us-east-1`;
  await writeFile(join(home, '.aws/config'), `[default]\n${profile}\n[profile dev]\n${profile}\n`);
  environment = {
    HOME: home,
    USERPROFILE: home,
    AWS_PROFILE: 'dev',
    AWS_ENDPOINT_URL: outside.address,
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
    AWS_USE_DUALSTACK_ENDPOINT: 'true',
    AWS_EC2_METADATA_SERVICE_ENDPOINT: outside.address,
    NODE_USE_ENV_PROXY: '1',
    HTTP_PROXY: outside.address,
    HTTPS_PROXY: outside.address,
  };
});
afterAll(async () => {
  await run?.stop();
  outside.close();
  await rm(home, { recursive: true });
});

/** Whether the command of the person's profile has run. */
const hasAsked = () =>
  readFile(join(home, 'ran')).then(
    () => true,
    () => false,
  );

test('the local run: an event arrives, and the roles of the functions are checked', async () => {
  run = await startRun({ environment });
  const { status } = await run.report('order-status', await sample('order-status'));
  expect(status).toBe(202);
  expect(await run.messagesOnce(1001, 1)).toHaveLength(1);
  const answer = await fetch(`http://127.0.0.1:${run.process.ports.DYNAMODB_PORT}/permissions`);
  const permissions = (await answer.json()) as { function: string; state: string }[];
  const used = permissions.filter(({ state }) => state === 'used').map((permission) => permission.function);
  expect(used).toEqual(expect.arrayContaining(['order-status', 'deliver']));
  expect(await hasAsked()).toBe(false);
  expect(outside.strayed).toEqual([]);
});

test('nobody in the network reaches any port of it', async () => {
  const addresses = Object.values(networkInterfaces()).flatMap((list = []) => list);
  const outer = addresses.filter(({ internal, family }) => !internal && family === 'IPv4');
  for (const port of Object.values(run?.process.ports ?? {})) {
    for (const { address } of [...outer, { address: '127.0.0.2' }]) {
      const answer = fetch(`http://${address}:${port}/`, { headers: { host: '127.0.0.1' } });
      await expect(answer).rejects.toThrow();
    }
  }
});

test('the commands for it reach it, and nothing else', async () => {
  const { ports } = run?.process ?? {};
  const names = ['PORT', 'SQS_PORT', 'DYNAMODB_PORT'] as const;
  const own = Object.fromEntries(names.map((name) => [name, String(ports?.[name])]));
  const { code, out } = await runNode(['scripts/site.ts', 'show', 'demo'], own);
  expect(out).toContain('Demo Shop');
  expect(code).toBe(0);
  expect(await hasAsked()).toBe(false);
  expect(outside.strayed).toEqual([]);
});

test('the tests pass', async () => {
  const jest = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--ci', '--maxWorkers=1'];
  const { code, error } = await runNode([...jest, 'tests/aws/batch-get.test.ts']);
  expect(error).toContain('Tests: ');
  expect(code).toBe(0);
  expect(await hasAsked()).toBe(false);
  expect(outside.strayed).toEqual([]);
});

test("a Bot API server elsewhere is asked through the network's proxy, by the run and by its functions", async () => {
  const telegram = await startBotServer();
  const isMe = ({ url = '' }: IncomingMessage) => url.endsWith('/getMe');
  telegram.answerWith((request, response) => {
    const result = isMe(request) ? { id: 100, username: 'demo_shop_bot', is_bot: true } : { message_id: 1 };
    response.end(JSON.stringify({ ok: true, result }));
  });
  const proxy = createServer();
  const asked: string[] = [];
  proxy.on('connect', (request, socket) => {
    asked.push(String(request.url));
    const onward = connect(Number(new URL(telegram.url).port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    for (const end of [onward, socket]) end.on('error', () => onward.destroy());
  });
  const address = `http://127.0.0.1:${await listen(proxy, 0)}`;
  const behindProxy = await startRun({
    environment: {
      NODE_USE_ENV_PROXY: '1',
      HTTP_PROXY: address,
      TELEGRAM_API_ROOT: 'http://telegram.example',
    },
  });
  try {
    const { notifications } = await behindProxy.report('order-status', await sample('order-status'));
    await behindProxy.deliveryOnce(notifications[0]?.deliveryId, 'sent');
    expect(new Set(asked)).toEqual(new Set(['telegram.example:80']));
    const methods = telegram.requests.map(({ path }) => String(path).split('/').at(-1));
    expect(methods).toEqual(expect.arrayContaining(['getMe', 'sendMessage']));
  } finally {
    await behindProxy.stop();
    await telegram.close();
    proxy.closeAllConnections();
    proxy.close();
  }
});

function runNode(args: string[], more: Record<string, string> = {}) {
  return runProgram(process.execPath, args, { env: { ...process.env, ...environment, ...more } });
}
