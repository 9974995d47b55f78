import { describe, expect, test } from '@jest/globals';
import { Telegram, TelegramError } from 'telegraf';
import { call, control, messagesOf, post, refused, request, start } from './emulator-helpers.ts';

describe('who calls, and how', () => {
  test('getMe names the bot of the token, by GET and by POST', async () => {
    const emulator = await start();
    const me = { id: 100, is_bot: true, first_name: 'Demo Shop', username: 'demo_shop_bot' };
    expect((await call(emulator, 'getMe')).body.result).toMatchObject(me);
    expect((await request(`${emulator.url}/bot100:demo/getme`)).body.result).toMatchObject(me);
    const other = await call(emulator, 'getMe', {}, '200:nuovo');
    expect(other.body.result).toMatchObject({ id: 200, username: 'nuovo_bot' });
  });

  test.each(['100:wrong', 'demo', '', '100:demo%', '100%3Ademo/extra'])('token %j', async (token) => {
    const emulator = await start();
    const answer = await request(`${emulator.url}/bot${token}/getMe`);
    const expected = token.endsWith('extra') ? refused(404, 'Not Found') : refused(401, 'Unauthorized');
    expect(answer).toEqual(expected);
  });

  test('an unknown method is not found', async () => {
    const emulator = await start();
    expect(await call(emulator, 'sendPigeon')).toEqual(refused(404, 'Not Found'));
  });

  test('parameters come in the query, in forms and in JSON', async () => {
    const emulator = await start();
    const url = `${emulator.url}/bot100:demo/sendMessage`;
    const multipart = new FormData();
    multipart.set('chat_id', '1001');
    multipart.set('text', 'multipart');
    await request(`${url}?chat_id=1001&text=query`);
    await request(url, { method: 'POST', body: new URLSearchParams({ chat_id: '1001', text: 'form' }) });
    await request(url, { method: 'POST', body: multipart });
    await post(`${emulator.url}/bot100:demo/sendMessage?chat_id=1002`, { text: 'both' });
    const texts = async (chatId: number) => (await messagesOf(emulator, chatId)).map(({ text }) => text);
    expect(await texts(1001)).toEqual(['query', 'form', 'multipart']);
    expect(await texts(1002)).toEqual(['both']);
  });

  test.each([
    ['{"chat_id":', "Bad Request: can't parse the request's body"],
    ['[1]', 'Bad Request: object expected as request'],
  ])('the body %j is refused', async (body, description) => {
    const emulator = await start();
    const headers = { 'content-type': 'application/json' };
    const answer = await request(`${emulator.url}/bot100:demo/sendMessage`, {
      method: 'POST',
      headers,
      body,
    });
    expect(answer).toEqual(refused(400, description));
  });

  test('a body over 1 MB is refused', async () => {
    const emulator = await start();
    const answer = await call(emulator, 'sendMessage', { chat_id: 1001, text: 'x'.repeat(1024 * 1024) });
    expect(answer).toEqual(refused(413, 'Request Entity Too Large'));
  });
});

describe("the bot's profile", () => {
  test('commands, by language and scope', async () => {
    const emulator = await start();
    const commands = [{ command: 'stop', description: 'Non ricevere più notifiche' }];
    await call(emulator, 'setMyCommands', { commands, language_code: 'it' });
    expect((await call(emulator, 'getMyCommands', { language_code: 'it' })).body.result).toEqual(commands);
    expect((await call(emulator, 'getMyCommands')).body.result).toEqual([]);
    await call(emulator, 'deleteMyCommands', { language_code: 'it' });
    expect((await call(emulator, 'getMyCommands', { language_code: 'it' })).body.result).toEqual([]);
    const invalid = [{ command: 'Stop it', description: 'x' }];
    const answer = await call(emulator, 'setMyCommands', { commands: invalid });
    expect(answer).toEqual(refused(400, 'Bad Request: BOT_COMMAND_INVALID'));
  });

  test('descriptions', async () => {
    const emulator = await start();
    await call(emulator, 'setMyDescription', { description: 'Le notifiche del negozio' });
    await call(emulator, 'setMyShortDescription', { short_description: 'Notifiche', language_code: 'it' });
    const description = await call(emulator, 'getMyDescription', { language_code: 'it' });
    expect(description.body.result).toEqual({ description: 'Le notifiche del negozio' });
    const short = await call(emulator, 'getMyShortDescription', { language_code: 'it' });
    expect(short.body.result).toEqual({ short_description: 'Notifiche' });
    const tooLong = await call(emulator, 'setMyShortDescription', { short_description: 'x'.repeat(121) });
    expect(tooLong.status).toBe(400);
  });
});

describe('telegraf', () => {
  test('sends through it', async () => {
    const emulator = await start();
    const telegram = new Telegram('100:demo', { apiRoot: emulator.url });
    const me = await telegram.getMe();
    expect(me.username).toBe('demo_shop_bot');
    const message = await telegram.sendMessage(1001, '<b>Ciao</b>', { parse_mode: 'HTML' });
    expect(message.text).toBe('Ciao');
    expect(message.entities).toEqual([{ type: 'bold', offset: 0, length: 4 }]);
    expect(await messagesOf(emulator, 1001)).toEqual([message]);
  });

  test('reports refusals as its errors', async () => {
    const emulator = await start({ limits: { chatBurst: 1 }, now: () => 1_800_000_000_000 });
    const telegram = new Telegram('100:demo', { apiRoot: emulator.url });
    await telegram.sendMessage(1001, 'x');
    const error = await telegram.sendMessage(1001, 'x').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(TelegramError);
    expect(error).toMatchObject({
      code: 429,
      description: 'Too Many Requests: retry after 1',
      parameters: { retry_after: 1 },
    });
    await control(emulator, 'chats/1002/block', {});
    await expect(telegram.sendMessage(1002, 'x')).rejects.toMatchObject({
      code: 403,
      description: 'Forbidden: bot was blocked by the user',
    });
    const stranger = new Telegram('300:nobody', { apiRoot: emulator.url });
    await expect(stranger.getMe()).rejects.toMatchObject({ code: 401, description: 'Unauthorized' });
  });
});
