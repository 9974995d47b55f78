/**
 * Bots that people make with a manager bot: core.telegram.org/bots/api#managedbotupdated and #getmanagedbottoken, errors of
 * core.telegram.org/method/bots.createBot and bots.exportBotToken.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { startEmulator } from '../../local/emulator/server.ts';
import { call, closeAfterTest, control, receiver, refused, start } from './emulator-helpers.ts';

const MANAGER = '300:manager';
const NEW = { manager: 'passweb_manager_bot', username: 'bottega_bot', name: 'Bottega', from: 1001 };

test('only the manager bot may manage bots', async () => {
  const emulator = await start();
  const me = async (token: string) => (await call(emulator, 'getMe', {}, token)).body.result;
  expect(await me(MANAGER)).toMatchObject({
    id: 300,
    username: 'passweb_manager_bot',
    can_manage_bots: true,
  });
  expect(await me('100:demo')).toMatchObject({ can_manage_bots: false });
});

test('a bot is made: the manager is told by its webhook, and has its token', async () => {
  const emulator = await start();
  const webhook = await receiver();
  const set = { url: webhook.url, secret_token: 's3cret', allowed_updates: ['message', 'managed_bot'] };
  await call(emulator, 'setWebhook', set, MANAGER);
  const { status, body: bot } = await control(emulator, 'newbot', NEW);
  expect({ status, bot }).toEqual({
    status: 200,
    bot: { id: expect.any(Number), is_bot: true, first_name: 'Bottega', username: 'bottega_bot' },
  });
  const [told] = await webhook.until(1);
  expect(told?.headers['x-telegram-bot-api-secret-token']).toBe('s3cret');
  expect(told?.body).toEqual({
    update_id: expect.any(Number),
    managed_bot: { user: expect.objectContaining({ id: 1001, first_name: 'Anna', is_bot: false }), bot },
  });

  const tokenOf = async (user_id: unknown) =>
    (await call(emulator, 'getManagedBotToken', { user_id }, MANAGER)).body;
  const token = String((await tokenOf(bot.id)).result);
  expect(token).toMatch(new RegExp(`^${bot.id}:[A-Za-z0-9_-]{35}$`));
  expect((await call(emulator, 'getMe', {}, token)).body.result).toMatchObject({ username: 'bottega_bot' });

  await call(emulator, 'setWebhook', { url: webhook.url }, token);
  const { body } = await call(emulator, 'replaceManagedBotToken', { user_id: bot.id }, MANAGER);
  expect(body.result).not.toBe(token);
  expect(await call(emulator, 'getMe', {}, token)).toEqual(refused(401, 'Unauthorized'));
  expect((await call(emulator, 'getWebhookInfo', {}, String(body.result))).body.result.url).toBe('');
  expect((await webhook.until(2))[1]?.body).toMatchObject({ managed_bot: { bot: { id: bot.id } } });
});

test('what is no bot of this manager', async () => {
  const emulator = await start();
  const ask = (user_id: unknown, token = MANAGER) => call(emulator, 'getManagedBotToken', { user_id }, token);
  expect(await ask('x')).toEqual(refused(400, 'Bad Request: invalid user_id specified'));
  expect(await ask(4711)).toEqual(refused(400, 'Bad Request: user not found'));
  expect(await ask(100)).toEqual(refused(400, 'Bad Request: BOT_INVALID'));
  const { body } = await control(emulator, 'newbot', NEW);
  expect(await ask(body.id, '100:demo')).toEqual(refused(400, 'Bad Request: BOT_INVALID'));
});

test.each([
  [{ manager: 'nessuno_bot' }, 'MANAGER_INVALID'],
  [{ manager: 'demo_shop_bot' }, 'MANAGER_PERMISSION_MISSING'],
  [{ name: ' ' }, 'NAME_INVALID'],
  [{ username: 'a_b!bot' }, 'USERNAME_INVALID'],
  [{ username: 'bottega' }, 'USERNAME_SUFFIX_MISSING'],
  [{ username: 'Demo_Shop_Bot' }, 'USERNAME_OCCUPIED'],
])('%j is refused', async (change, error) => {
  const emulator = await start();
  const answer = await control(emulator, 'newbot', { ...NEW, ...change });
  expect(answer).toMatchObject({ status: 400, body: { error: expect.stringMatching(`^${error}: `) } });
});

test('a person has at most 20 bots', async () => {
  const emulator = await start();
  const make = (index: number, from: unknown) =>
    control(emulator, 'newbot', { ...NEW, username: `numero_${index}_bot`, from });
  for (let index = 0; index < 20; index++)
    expect((await make(index, { id: 5, first_name: 'Ugo' })).status).toBe(200);
  expect((await make(20, 5)).body.error).toMatch(/^BOT_CREATE_LIMIT_EXCEEDED/);
  expect((await make(20, 6)).status).toBe(200);
});

test('bots that people made, and their pictures, are there in the next run', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'managed-bot-'));
  closeAfterTest(() => rm(folder, { recursive: true }));
  const dataFile = join(folder, 'chats.json');
  const first = await startEmulator({ dataFile });
  const { body: bot } = await control(first, 'newbot', NEW);
  const token = String((await call(first, 'getManagedBotToken', { user_id: bot.id }, MANAGER)).body.result);
  await first.close();
  const second = await start({ dataFile });
  expect((await call(second, 'getMe', {}, token)).body.result).toMatchObject({ username: 'bottega_bot' });
});

test('a picture has to be a JPEG, sent as a file', async () => {
  const emulator = await start();
  const send = async (photo: string, file: Blob | undefined) => {
    const form = new FormData();
    form.set('photo', photo);
    if (file) form.set('logo', file, 'logo.jpg');
    const answer = await fetch(`${emulator.url}/bot100:demo/setMyProfilePhoto`, {
      method: 'POST',
      body: form,
    });
    return JSON.parse(await answer.text());
  };
  const jpeg = new Blob([new Uint8Array([0xff, 0xd8, 0xff, 0xe0])]);
  const photo = '{"type":"static","photo":"attach://logo"}';
  expect(await send(photo, jpeg)).toEqual({ ok: true, result: true });
  expect((await send(photo, new Blob(['PNG']))).description).toBe('Bad Request: IMAGE_PROCESS_FAILED');
  expect((await send(photo, undefined)).ok).toBe(false);
  expect((await send('{"type":"static","photo":"https://shop.example/logo.jpg"}', jpeg)).ok).toBe(false);
});
