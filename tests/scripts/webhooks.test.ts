/** `npm run webhooks`, run as a process against tables and a Telegram of its own. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { demoSite } from '../../local/demo.ts';
import { listen } from '../../local/ports.ts';
import { runScript } from '../support/script.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { startTelegram, type Telegram } from '../support/telegram.ts';

const NEW = 'https://nuovo.example';
const FORMER = 'https://prima.example';

let stack: Stack;
let telegram: Telegram;
beforeAll(async () => {
  [stack, telegram] = await Promise.all([startStack(), startTelegram({})]);
  process.env.TELEGRAM_API_ROOT = telegram.url;
});
afterAll(async () => {
  await telegram.close();
  await stack.close();
});
beforeEach(async () => {
  await stack.empty('SitesTable');
  for (const token of ['100:demo', '200:nuovo']) await telegram.asBot(token, 'deleteWebhook');
  await telegram.reset();
});

/** The tables of this test are those of the stage `test`. */
const webhooks = (args: string[], environment: NodeJS.ProcessEnv = {}, key = process.env.BOT_TOKEN_KEY) =>
  runScript('webhooks', args, `${key}\n`, { BOT_TOKEN_KEY: '', ...environment });

async function putSite(siteId: string, token: string, webhookUrl?: string): Promise<void> {
  const { encryptToken } = await import('../../lib/telegram/token-encryption.ts');
  const id = token.split(':', 1)[0] ?? '';
  const bot = {
    id,
    username: 'x',
    sealedToken: encryptToken(token, siteId),
    ...(webhookUrl && { webhookUrl }),
  };
  await stack.putSite({ ...demoSite(), siteId, bot });
}

const urlOf = async (token: string) => (await telegram.asBot(token, 'getWebhookInfo')).url;
const at = (api: string, siteId: string) => `${api}/v1/telegram/${siteId}`;
const setWebhook = (token: string, url: string) => telegram.asBot(token, 'setWebhook', { url });

test('sets all again, with the stored tokens and new secrets, and says where one was', async () => {
  await putSite('uno', '100:demo', at(FORMER, 'uno'));
  await setWebhook('100:demo', at(FORMER, 'uno'));
  // Saved by an earlier version, which did not remember the address.
  await putSite('due', '200:nuovo');
  await setWebhook('200:nuovo', at(FORMER, 'due'));
  await stack.putSite({ ...demoSite(), siteId: 'senza-bot', bot: undefined });

  const { code, out, error } = await webhooks(['--stage', 'test', '--api', `${NEW}/`]);

  expect({ code, out }).toEqual({
    code: 0,
    out: `due: was at prima.example.\n2 webhooks lead to ${NEW}.\n`,
  });
  // The progress.
  expect(error).toContain('3/3 sites');
  expect(await urlOf('100:demo')).toBe(at(NEW, 'uno'));
  expect(await urlOf('200:nuovo')).toBe(at(NEW, 'due'));
  const secret = (await telegram.calls('setWebhook')).find(({ params }) => params.url === at(NEW, 'uno'))
    ?.params.secret_token;
  expect((await stack.findSite('uno'))?.bot).toMatchObject({
    webhookUrl: at(NEW, 'uno'),
    webhookSecretHash: createHash('sha256').update(String(secret)).digest('hex'),
  });
});

test('leaves another program’s alone, and takes it back only if told to', async () => {
  await putSite('uno', '100:demo', at(FORMER, 'uno'));
  await setWebhook('100:demo', 'https://else.example/secret-path');
  const left = await webhooks(['--stage', 'test', '--api', NEW]);
  expect(left).toMatchObject({
    code: 0,
    out: `uno: left with another program, at else.example.\n0 webhooks lead to ${NEW}.\n1 is left with another program: see --take.\n`,
  });
  expect(await urlOf('100:demo')).toBe('https://else.example/secret-path');
  expect((await stack.findSite('uno'))?.bot?.webhookProblem).toMatchObject({ kind: 'webhook-taken' });

  expect((await webhooks(['--stage', 'test', '--api', NEW, '--take'])).code).toBe(0);
  expect(await urlOf('100:demo')).toBe(at(NEW, 'uno'));
  expect((await stack.findSite('uno'))?.bot).not.toHaveProperty('webhookProblem');
});

test('leaves a bot that two sites share to the one with the webhook, also after the address has changed', async () => {
  await putSite('uno', '100:demo');
  await putSite('due', '100:demo');
  await setWebhook('100:demo', at(FORMER, 'due'));
  const { code, out } = await webhooks(['--stage', 'test', '--api', NEW, '--take']);
  expect(code).toBe(0);
  expect(out).toContain('uno: its bot belongs to another site.\n');
  expect(out).toContain(`1 webhook leads to ${NEW}.\n`);
  expect(await urlOf('100:demo')).toBe(at(NEW, 'due'));
  expect((await stack.findSite('uno'))?.bot?.takenOver).toMatchObject({ kind: 'bot-taken-over' });
  expect((await stack.findSite('due'))?.bot).not.toHaveProperty('takenOver');
});

test('names each site that failed, does the others, and ends with 1; never a token', async () => {
  await putSite('buono', '100:demo');
  await putSite('revocato', '300:revoked');
  const { bot } = (await stack.findSite('buono')) ?? {};
  await stack.putSite({ ...demoSite(), siteId: 'altra-chiave', bot });
  const { code, out, error } = await webhooks(['--stage', 'test', '--api', NEW]);
  expect(code).toBe(1);
  expect(out).toBe(`1 webhook leads to ${NEW}.\n`);
  expect(error).toMatch(/^revocato: .*Unauthorized/m);
  expect(error).toMatch(/^altra-chiave: the key does not decrypt its bot token\.$/m);
  expect(error).toContain('2 failed, as said above.');
  expect(out + error).not.toContain('300:revoked');
  expect(await urlOf('100:demo')).toBe(at(NEW, 'buono'));
  expect((await stack.findSite('revocato'))?.bot?.problem).toMatchObject({ kind: 'bot-unauthorized' });
});

test('without --api, takes the address that the stack was deployed with', async () => {
  const asked: string[] = [];
  // The answer of https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
  const output = `<member><OutputKey>ApiUrl</OutputKey><OutputValue>${NEW}</OutputValue></member>`;
  const server = createServer(async (request, response) => {
    asked.push(Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>)).toString());
    const isKnown = asked.at(-1)?.includes('StackName=passweb-telegram-test');
    response.setHeader('content-type', 'text/xml');
    response.end(
      `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member><StackName>x</StackName><Outputs>${isKnown ? output : ''}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
    );
  });
  const AWS_ENDPOINT_URL_CLOUDFORMATION = `http://127.0.0.1:${await listen(server, 0)}`;
  await putSite('uno', '100:demo');
  const { code, out } = await webhooks(['--stage', 'test'], { AWS_ENDPOINT_URL_CLOUDFORMATION });
  const old = await webhooks(['--stage', 'vecchio'], { AWS_ENDPOINT_URL_CLOUDFORMATION });
  await new Promise((resolve) => server.close(resolve));
  expect({ code, out }).toEqual({ code: 0, out: `1 webhook leads to ${NEW}.\n` });
  expect(await urlOf('100:demo')).toBe(at(NEW, 'uno'));
  expect(old).toMatchObject({ code: 1, error: expect.stringContaining('deploy it, or say --api') });
});

test('says what is missing or wrong in the command', async () => {
  expect(await webhooks([])).toMatchObject({
    code: 1,
    error: expect.stringContaining('Say which --stage.'),
  });
  expect(await webhooks(['--stage', 'test', '--api', 'nuovo.example'])).toMatchObject({
    code: 1,
    error: expect.stringContaining('nuovo.example is not an address'),
  });
  expect(await webhooks(['--stage', 'test', '--api', NEW], {}, '')).toMatchObject({
    code: 1,
    error: 'The line with the key of the bot tokens is missing.\n',
  });
  // Nothing is done.
  expect(await webhooks(['--stage', 'test', '--api', NEW], {}, 'short')).toMatchObject({
    code: 1,
    out: '',
    error: expect.stringMatching(/^BOT_TOKEN_KEY must be 32 bytes.*\n$/),
  });
  expect(await webhooks(['--help'])).toMatchObject({
    code: 0,
    out: expect.stringContaining('npm run webhooks -- --stage STAGE'),
  });
});
