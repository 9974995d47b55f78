import { describe, expect, test } from '@jest/globals';
import type { RunningEmulator } from '../../local/emulator/server.ts';
import type { Message, Update } from '../../local/emulator/types.ts';
import { type Body, call, control, messagesOf, receiver, refused, start } from './emulator-helpers.ts';

const SECRET = 'Segreto_di-prova';

async function updatesOf(emulator: RunningEmulator, parameters: unknown = {}): Promise<Update[]> {
  const response = await fetch(`${emulator.url}/bot100:demo/getUpdates`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(parameters),
  });
  return JSON.parse(await response.text()).result;
}

const write = (emulator: RunningEmulator, text: string) => control(emulator, 'chats/1001/send', { text });

const textsOf = (updates: Update[]) =>
  updates.map((update) => ('message' in update ? update.message.text : 'no message'));

async function untilNothingPends(emulator: RunningEmulator): Promise<Body['result']> {
  for (;;) {
    const { body } = await call(emulator, 'getWebhookInfo');
    if (body.result.pending_update_count === 0) return body.result;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('getUpdates', () => {
  test('gives what came in, in order, until the offset confirms it', async () => {
    const emulator = await start();
    for (const text of ['uno', 'due', 'tre']) await write(emulator, text);
    const updates = await updatesOf(emulator);
    expect(textsOf(updates)).toEqual(['uno', 'due', 'tre']);
    const [first, second, third] = updates.map((update) => update.update_id);
    expect([second, third]).toEqual([Number(first) + 1, Number(first) + 2]);
    expect(textsOf(await updatesOf(emulator, { limit: 2 }))).toEqual(['uno', 'due']);
    expect(textsOf(await updatesOf(emulator, { offset: third }))).toEqual(['tre']);
    expect(await updatesOf(emulator, { offset: Number(third) + 1 })).toEqual([]);
  });

  test('a negative offset keeps only the last ones', async () => {
    const emulator = await start();
    for (const text of ['uno', 'due', 'tre']) await write(emulator, text);
    expect(textsOf(await updatesOf(emulator, { offset: -1 }))).toEqual(['tre']);
    expect(textsOf(await updatesOf(emulator))).toEqual(['tre']);
  });

  test('waits for an update, and a message ends the wait', async () => {
    const emulator = await start();
    const waiting = updatesOf(emulator, { timeout: 20 });
    await write(emulator, 'eccomi');
    expect(textsOf(await waiting)).toEqual(['eccomi']);
  });

  test('a second poll ends the first with 409', async () => {
    const emulator = await start();
    const first = call(emulator, 'getUpdates', { timeout: 20 });
    for (;;) {
      const { body } = await control(emulator, 'calls');
      if (JSON.stringify(body).includes('getUpdates')) break;
    }
    const second = call(emulator, 'getUpdates', { timeout: 20 });
    const description =
      'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running';
    expect(await first).toEqual(refused(409, description));
    await write(emulator, 'fine');
    expect((await second).status).toBe(200);
  });

  test('is refused while a webhook is set', async () => {
    const emulator = await start();
    await call(emulator, 'setWebhook', { url: 'http://127.0.0.1:9/hook' });
    const description =
      "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";
    expect(await call(emulator, 'getUpdates')).toEqual(refused(409, description));
  });

  test('blocks and unblocks arrive only when my_chat_member is named', async () => {
    const emulator = await start();
    await control(emulator, 'chats/1001/block', {});
    await control(emulator, 'chats/1001/unblock', {});
    expect(await updatesOf(emulator, { allowed_updates: ['message', 'my_chat_member'] })).toEqual([]);
    await control(emulator, 'chats/1001/block', {});
    const [update] = await updatesOf(emulator);
    const user = { id: 100, is_bot: true, first_name: 'Demo Shop', username: 'demo_shop_bot' };
    expect(update).toMatchObject({
      my_chat_member: {
        chat: { id: 1001, type: 'private' },
        from: { id: 1001, is_bot: false },
        old_chat_member: { user, status: 'member' },
        new_chat_member: { user, status: 'kicked', until_date: 0 },
      },
    });
  });
});

describe('a webhook', () => {
  test('gets the updates in order with the secret token', async () => {
    const emulator = await start();
    const hook = await receiver();
    const { body } = await call(emulator, 'setWebhook', { url: hook.url, secret_token: SECRET });
    expect(body).toEqual({ ok: true, result: true, description: 'Webhook was set' });
    await write(emulator, '/start abc');
    await write(emulator, 'ciao');
    const [first, second] = await hook.until(2);
    expect(first?.method).toBe('POST');
    expect(first?.headers['content-type']).toBe('application/json');
    expect(first?.headers['x-telegram-bot-api-secret-token']).toBe(SECRET);
    expect(first?.body).toMatchObject({
      message: {
        chat: { id: 1001, type: 'private' },
        from: { id: 1001, is_bot: false, first_name: 'Anna', language_code: 'it' },
        text: '/start abc',
        entities: [{ type: 'bot_command', offset: 0, length: 6 }],
      },
    });
    expect(second?.body).toMatchObject({ message: { text: 'ciao' } });
  });

  // RFC 6761, section 6.3: a name under .localhost is this machine.
  test('may be at a name of this machine over HTTP, and elsewhere over HTTPS alone', async () => {
    const emulator = await start();
    for (const url of ['http://127.0.0.1:9/hook', 'http://api.localhost:9/hook', 'https://hook.example'])
      expect((await call(emulator, 'setWebhook', { url })).body).toMatchObject({ ok: true });
    for (const url of ['http://hook.example', 'http://notlocalhost:9/hook', 'http://api.localhost.example'])
      expect((await call(emulator, 'setWebhook', { url })).body).toMatchObject({
        ok: false,
        error_code: 400,
      });
  });

  test('that fails gets the same update again, before any later one', async () => {
    const emulator = await start();
    const hook = await receiver((_, count) => ({ status: count <= 2 ? 500 : 200 }));
    await call(emulator, 'setWebhook', { url: hook.url });
    await write(emulator, 'uno');
    await write(emulator, 'due');
    const received = await hook.until(4);
    expect(textsOf(received.map((one) => one.body))).toEqual(['uno', 'uno', 'uno', 'due']);
    const info = await untilNothingPends(emulator);
    expect(info.last_error_message).toBe('Wrong response from the webhook: 500 Internal Server Error');
    expect(Number.isInteger(info.last_error_date)).toBe(true);
  });

  test('out of reach keeps its updates for the next address', async () => {
    const emulator = await start();
    const hook = await receiver();
    await call(emulator, 'setWebhook', { url: 'http://127.0.0.1:1/hook', max_connections: 10 });
    await write(emulator, 'aspetto');
    const { body } = await call(emulator, 'getWebhookInfo');
    expect(body.result).toMatchObject({
      url: 'http://127.0.0.1:1/hook',
      has_custom_certificate: false,
      pending_update_count: 1,
      max_connections: 10,
    });
    await call(emulator, 'setWebhook', { url: hook.url });
    expect(textsOf((await hook.until(1)).map((one) => one.body))).toEqual(['aspetto']);
  });

  test('drops what pends when asked to, and deleteWebhook opens getUpdates again', async () => {
    const emulator = await start();
    await write(emulator, 'vecchio');
    const hook = await receiver();
    await call(emulator, 'setWebhook', { url: hook.url, drop_pending_updates: true });
    await write(emulator, 'nuovo');
    expect(textsOf((await hook.until(1)).map((one) => one.body))).toEqual(['nuovo']);
    await untilNothingPends(emulator);
    const deleted = await call(emulator, 'deleteWebhook');
    expect(deleted.body).toEqual({ ok: true, result: true, description: 'Webhook was deleted' });
    await write(emulator, 'dopo');
    expect(textsOf(await updatesOf(emulator))).toEqual(['dopo']);
  });

  test('may answer with a method to call', async () => {
    const emulator = await start();
    const hook = await receiver(() => ({ body: { method: 'sendMessage', chat_id: 1001, text: 'risposta' } }));
    await call(emulator, 'setWebhook', { url: hook.url });
    await write(emulator, 'domanda');
    await untilNothingPends(emulator);
    const texts = (await messagesOf(emulator, 1001)).map((message) => message.text);
    expect(texts).toEqual(['domanda', 'risposta']);
  });

  test.each([
    [{ url: 'http://shop.example/hook' }, 'bad webhook: An HTTPS URL must be provided for webhook'],
    [{ url: 'https://shop.example/hook', secret_token: 'a b' }, 'secret token contains unallowed characters'],
    [{ url: 'https://shop.example/hook', secret_token: 'a'.repeat(257) }, 'secret token is too long'],
    [{ url: 'https://', secret_token: 'a' }, 'bad webhook: invalid webhook URL specified'],
  ])('is refused with %j', async (parameters, description) => {
    const emulator = await start();
    const answer = await call(emulator, 'setWebhook', parameters);
    expect(answer).toEqual(refused(400, `Bad Request: ${description}`));
  });
});

describe('a pressed button', () => {
  test('reaches the bot as callback_query, and is answered once', async () => {
    const emulator = await start();
    const reply_markup = { inline_keyboard: [[{ text: 'Italiano', callback_data: 'it' }]] };
    const sent = await call(emulator, 'sendMessage', { chat_id: 1001, text: 'Lingua?', reply_markup });
    const message: Message = sent.body.result;
    const press = { messageId: message.message_id, data: 'it' };
    const pressed = await control(emulator, 'chats/1001/press', press);
    expect(pressed.status).toBe(200);
    const [update] = await updatesOf(emulator);
    expect(update).toMatchObject({
      callback_query: { id: pressed.body.id, from: { id: 1001, is_bot: false }, message, data: 'it' },
    });
    const answer = { callback_query_id: pressed.body.id, text: 'Fatto' };
    expect((await call(emulator, 'answerCallbackQuery', answer)).body).toEqual({ ok: true, result: true });
    const description = 'Bad Request: query is too old and response timeout expired or query ID is invalid';
    expect(await call(emulator, 'answerCallbackQuery', answer)).toEqual(refused(400, description));
  });
});
