/** A bot of one's own on a developer's machine: `TELEGRAM_BOT_TOKEN`, with the emulator as the other server. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type RunningEmulator, startEmulator } from '../../local/emulator/server.ts';
import type { Message } from '../../local/emulator/types.ts';
import { logPathOf } from '../../local/run-log.ts';
import { type LocalRun, spawnRun, startRun, until } from '../support/local-run.ts';

const TOKEN = '200:nuovo';
const CHAT = 6001;

let telegram: RunningEmulator;
let run: LocalRun;
beforeAll(async () => {
  telegram = await startEmulator();
  run = await startRun({ environment: { TELEGRAM_API_ROOT: telegram.url, TELEGRAM_BOT_TOKEN: TOKEN } });
});
afterAll(async () => {
  await run?.stop();
  await telegram.close();
});

async function emulator<Answer>(path: string, body?: object): Promise<Answer> {
  const answer = await fetch(`${telegram.url}/emulator/${path}`, {
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  });
  return (await answer.json()) as Answer;
}

const write = (text: string) =>
  emulator(`chats/${CHAT}/send`, {
    text,
    bot: 'nuovo_bot',
    from: { first_name: 'Ivo', language_code: 'it' },
  });

const saidOnce = (count: number) =>
  until(async () => {
    const messages = await emulator<Message[]>(`chats/${CHAT}/messages?bot=nuovo_bot`);
    const said = messages.filter(({ from }) => from.is_bot).map(({ text }) => text);
    return said.length >= count ? said : undefined;
  }, `${count} messages of the bot`);

test('people talk with it: its updates are fetched, and no webhook is needed', async () => {
  expect(run.process.output).toContain('@nuovo_bot');
  await write('/start');
  expect((await saidOnce(1))[0]).toContain('Questo bot invia gli avvisi di Demo Shop');

  const answer = await fetch(`${run.api}/v1/sites/demo/users/dario/link`, {
    method: 'POST',
    headers: { authorization: 'Bearer pwtg_demo' },
    body: JSON.stringify({ firstName: 'Dario', language: 'it' }),
  });
  const { url, token } = (await answer.json()) as { url: string; token: string };
  expect(url).toBe(`https://t.me/nuovo_bot?start=${token}`);
  await write(`/start ${token}`);
  expect((await saidOnce(2))[1]).toContain('Ciao Dario, ti diamo il benvenuto!');
});

test('what it did not take is fetched again, and done once', async () => {
  await emulator('faults', { method: 'sendMessage', times: 2, status: 502 });
  await write('/aiuto');
  expect((await saidOnce(3))[2]).toContain('/impostazioni');
  await write('/stato');
  expect(await saidOnce(4)).toHaveLength(4);
});

test('the token is nowhere: not on the screen, not in the log', async () => {
  const { readFile } = await import('node:fs/promises');
  const log = await readFile(logPathOf({ apiPort: run.process.ports.PORT }), 'utf8');
  for (const text of [run.process.output, log]) expect(text).not.toContain(TOKEN);
});

test('a token that Telegram does not know: the run says so and ends', async () => {
  const environment = { TELEGRAM_API_ROOT: telegram.url, TELEGRAM_BOT_TOKEN: '300:nobody' };
  const refused = await spawnRun({ environment });
  const code = await refused.exited;
  await refused.destroy();
  expect(code).toBe(1);
  expect(refused.output).toContain('did not take the bot of TELEGRAM_BOT_TOKEN: 401: Unauthorized');
  expect(refused.output).not.toContain('nobody');
  expect(refused.output).not.toContain('    at ');
});
