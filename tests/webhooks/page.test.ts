/** docs/webhooks.md: its examples are those of the events, and its code for Node takes what we sign. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WEBHOOK_EVENTS } from '../../lib/domain/webhook-events.ts';
import { newSecret, signedCall, withNewSecret } from '../../lib/webhooks/secrets.ts';
import { anyFreePort } from '../../local/ports.ts';

let page: string;
let folder: string;
beforeAll(async () => {
  process.env.BOT_TOKEN_KEY = Buffer.alloc(32, 1).toString('base64');
  page = await readFile('docs/webhooks.md', 'utf8');
  folder = await mkdtemp(join(tmpdir(), 'webhooks-page-'));
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The blocks of code in a language. */
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))].map(([, code = '']) => code);

test('every event has an example, and no other has one', () => {
  const types = blocks('json').map((example) => JSON.parse(example).type);
  expect(types.sort()).toEqual([...WEBHOOK_EVENTS, 'webhook.test'].sort());
  for (const example of blocks('json')) {
    expect(Object.keys(JSON.parse(example))).toEqual(['type', 'timestamp', 'data']);
    expect(JSON.parse(example).data.siteId).toBe('demo');
  }
});

test('the code for Node takes what is signed, and refuses what was changed', async () => {
  const port = await anyFreePort();
  const [code = ''] = blocks('js');
  await writeFile(join(folder, 'receiver.mjs'), code.replace('4000', `${port}, () => console.log('ready')`));
  const secret = newSecret();
  const environment = { ...process.env, WEBHOOK_SECRET: secret };
  const receiver = spawn(process.execPath, [join(folder, 'receiver.mjs')], { env: environment });
  try {
    await once(receiver.stdout, 'data');
    const now = Date.now();
    const secrets = withNewSecret('demo', secret, [], now);
    const body = blocks('json')[0]?.trim() ?? '';
    const url = `http://127.0.0.1:${port}/`;
    const { headers } = signedCall('demo', { url, secrets }, { id: 'msg_1', body }, now);
    const post = (sent: string) => fetch(url, { method: 'POST', headers, body: sent });
    expect((await post(body)).status).toBe(204);
    expect((await post(body.replace('dario', 'anna'))).status).toBe(401);
  } finally {
    receiver.kill();
  }
});
