/** A second shop with a bot of its own, through HTTP and the control API of the emulator alone. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type LocalRun, startRun } from '../support/local-run.ts';
import { loginOf } from '../users/widget-fields.ts';

let run: LocalRun;
let siteKey: string;
beforeAll(async () => {
  run = await startRun();
  const created = await api<{ siteKey: string }>(
    'PUT',
    '',
    { name: 'Nuovo', url: 'https://nuovo.example', moduleActive: true },
    'platform-demo',
  );
  ({ siteKey } = created);
  await api('PUT', '/bot', { token: '200:nuovo', username: 'nuovo_bot' });
});
afterAll(() => run?.stop());

async function api<Body>(method: string, path: string, body?: unknown, key = siteKey): Promise<Body> {
  const answer = await fetch(`${run.api}/v1/sites/nuovo${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Body;
}

test.each([
  ['token', 3001, ({ token }: { token: string }) => `/start ${token}`],
  ['link', 3002, ({ url }: { url: string }) => url],
])('its people link with the %s, and its own bot answers', async (how, chatId, textOf) => {
  const link = await api<{ token: string; url: string }>('POST', `/users/with-${how}/link`, {});
  await run.emulator(`chats/${chatId}/send`, { text: textOf(link) });
  const [, welcome] = await run.messagesOnce(chatId, 2);
  expect(welcome).toMatchObject({ from: { username: 'nuovo_bot' } });
  expect(welcome?.text).toContain('Nuovo');
  expect(await api('GET', `/users/with-${how}`)).toMatchObject({ linked: true, linkedBy: 'deep-link' });
});

test('who logs in with the widget gets the welcome without having pressed Start', async () => {
  await api('POST', '/users/elena/telegram-login', loginOf(3003, {}, '200:nuovo'));
  const [welcome] = await run.messagesOnce(3003, 1);
  expect(welcome).toMatchObject({ from: { username: 'nuovo_bot' }, chat: { id: 3003 } });
  expect(await api('GET', '/users/elena')).toMatchObject({ linked: true, linkedBy: 'login-widget' });
});

test('who logged in there has let no other bot write', async () => {
  const answer = await fetch(`${run.telegram}/bot100:demo/sendMessage`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ chat_id: 3003, text: 'x' }),
  });
  expect(answer.status).toBe(403);
});
