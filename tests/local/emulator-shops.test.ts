/** What the emulator asks the shops of a run: which bot a link starts, and who has logged in. */
import { describe, expect, test } from '@jest/globals';
import type { RunningEmulator } from '../../local/emulator/server.ts';
import type { Shops } from '../../local/emulator/shops.ts';
import { call, control, messagesOf, refused, start } from './emulator-helpers.ts';

const shops: Shops = {
  botOfLink: async (token) => ({ demo: 'demo_shop_bot', nuovo: 'nuovo_bot', altrove: 'no_such_bot' })[token],
  sitesOf: async ({ username }) => (username === 'nuovo_bot' ? ['bottega'] : []),
  loggedIn: async ({ username }, chatId) =>
    username === 'nuovo_bot' && chatId === 2001 ? { first_name: 'Elena', username: undefined } : undefined,
};

/** With which bots the chat is open. */
async function botsOf(emulator: RunningEmulator, chatId: number): Promise<string[]> {
  const bots = ['demo_shop_bot', 'nuovo_bot'];
  const shown = await Promise.all(
    bots.map(async (bot) => (await control(emulator, `chats/${chatId}/messages?bot=${bot}`)).body),
  );
  return bots.filter((_bot, index) => (shown[index] as unknown as unknown[]).length > 0);
}

describe('without a bot', () => {
  test.each([
    ['/start nuovo', 'nuovo_bot', '/start nuovo'],
    ['/start demo', 'demo_shop_bot', '/start demo'],
    ['/start unknown', 'demo_shop_bot', '/start unknown'],
    ['/start altrove', 'demo_shop_bot', '/start altrove'],
    ['/start', 'demo_shop_bot', '/start'],
    ['https://t.me/nuovo_bot?start=tok_1', 'nuovo_bot', '/start tok_1'],
    ['https://t.me/demo_shop_bot?start=nuovo', 'demo_shop_bot', '/start nuovo'],
  ])('%s from a new chat goes to %s', async (text, bot, written) => {
    const emulator = await start({ shops });
    expect(await control(emulator, 'chats/2002/send', { text })).toMatchObject({ status: 200 });
    expect(await botsOf(emulator, 2002)).toEqual([bot]);
    expect((await messagesOf(emulator, 2002))[0]).toMatchObject({
      text: written,
      entities: [{ type: 'bot_command', offset: 0, length: 6 }],
    });
  });

  test('a link to a bot that there is not is refused, a link in a sentence is a sentence', async () => {
    const emulator = await start({ shops });
    const { status, body } = await control(emulator, 'chats/1001/send', {
      text: 'https://t.me/no_bot?start=x',
    });
    expect(status).toBe(404);
    expect(body.error).toContain('no_bot');
    for (const text of ['vedi https://t.me/nuovo_bot?start=x', 'https://t.me/nuovo_bot'])
      expect((await control(emulator, 'chats/1001/send', { text })).body).toMatchObject({ text });
    expect(await botsOf(emulator, 1001)).toEqual(['demo_shop_bot']);
  });

  test('a chat that is open with one bot alone goes on with it, unless a link says another', async () => {
    const emulator = await start({ shops });
    await control(emulator, 'chats/2002/send', { text: '/start nuovo' });
    for (const text of ['ciao', '/start', '/stop'])
      expect(await control(emulator, 'chats/2002/send', { text })).toMatchObject({ status: 200 });
    expect(await control(emulator, 'chats/2002/block', {})).toMatchObject({ body: { bot: 'nuovo_bot' } });
    expect(await botsOf(emulator, 2002)).toEqual(['nuovo_bot']);
    await control(emulator, 'chats/2002/send', { text: '/start demo' });
    expect(await botsOf(emulator, 2002)).toEqual(['demo_shop_bot', 'nuovo_bot']);
  });

  test('a bot that is named is the bot, whatever the link', async () => {
    const emulator = await start({ shops });
    await control(emulator, 'chats/2002/send', { text: '/start nuovo', bot: 'demo_shop_bot' });
    expect(await botsOf(emulator, 2002)).toEqual(['demo_shop_bot']);
  });
});

describe('who logged in at a shop', () => {
  const write = (emulator: RunningEmulator, chat_id: number, token: string, method = 'sendMessage') =>
    call(emulator, method, { chat_id, text: 'x', action: 'typing' }, token);

  test('is written to by the bot of that shop without having started it', async () => {
    const emulator = await start({ shops });
    expect(await write(emulator, 2001, '200:nuovo')).toMatchObject({
      status: 200,
      body: { result: { chat: { id: 2001, type: 'private', first_name: 'Elena' } } },
    });
    expect(await botsOf(emulator, 2001)).toEqual(['nuovo_bot']);
  });

  test('is not by another bot, nor is anybody else by this one', async () => {
    const emulator = await start({ shops });
    const notFound = refused(400, 'Bad Request: chat not found');
    expect(await write(emulator, 2001, '100:demo')).toEqual(notFound);
    expect(await write(emulator, 2002, '200:nuovo')).toEqual(notFound);
    expect(await write(emulator, -2001, '200:nuovo')).toEqual(notFound);
  });

  test('may block the bot, and then it can’t write', async () => {
    const emulator = await start({ shops });
    await write(emulator, 2001, '200:nuovo');
    await control(emulator, 'chats/2001/block', {});
    expect(await write(emulator, 2001, '200:nuovo')).toEqual(
      refused(403, 'Forbidden: bot was blocked by the user'),
    );
  });
});
