/** What the bot answers to what people write: through the exported handler, with a Telegram that checks every text. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ANNA, type BotRoom, BRUNO, CARLA, GROUP, openBotRoom, STRANGER } from '../support/bot-room.ts';

let room: BotRoom;
beforeAll(async () => {
  room = await openBotRoom();
});
afterAll(() => room.close());
beforeEach(() => room.reset());

/** The only thing the bot has said in the chat. */
async function answerTo(chatId: number, text: string, languageCode?: string): Promise<string> {
  await room.write(chatId, text, languageCode);
  const said = await room.said(chatId);
  expect(said).toHaveLength(1);
  return said[0] ?? '';
}

const buttonsOf = async (chatId: number) =>
  ((await room.lastIn(chatId)).reply_markup?.inline_keyboard ?? []).flat().map(({ text }) => text);

describe('/start', () => {
  test('of a stranger tells how to link, with the address of the site', async () => {
    const answer = await answerTo(STRANGER, '/start', 'it');
    expect(answer).toContain('Questo bot invia gli avvisi di Demo Shop');
    expect(answer).toContain('https://shop.example');
  });

  test('of somebody linked tells how it stands', async () => {
    expect(await answerTo(ANNA, '/start')).toContain('Account: Anna Rossi (anna)');
  });

  test('brings back who had blocked the bot', async () => {
    await room.setUser('anna', {
      unreachable: { reason: 'Forbidden: bot was blocked by the user', since: '2026-01-01T00:00:00.000Z' },
    });
    expect(await answerTo(ANNA, '/start')).toContain('Gli avvisi di Demo Shop sono di nuovo attivi.');
    expect((await room.findUser('anna'))?.unreachable).toBeUndefined();
  });

  test('brings back who had said /stop', async () => {
    await room.write(ANNA, '/stop');
    expect(await room.findUser('anna')).toMatchObject({ optedOut: true, optedOutBy: 'user' });
    await room.write(ANNA, '/start');
    expect((await room.findUser('anna'))?.optedOut).not.toBe(true);
    expect((await room.said(ANNA)).at(-1)).toContain('di nuovo attivi');
  });

  test('brings over who was linked with a bot that the shop had before', async () => {
    await room.setUser('anna', { botId: '99' });
    expect(await answerTo(ANNA, '/start')).toContain('di nuovo attivi');
    expect(await room.findUser('anna')).toMatchObject({ chatId: ANNA, botId: '100' });
  });

  test('asks who has opted out through the site, and only a yes brings them back', async () => {
    await room.setUser('anna', {
      optedOut: true,
      optedOutBy: 'site',
      optedOutAt: '2026-01-01T00:00:00.000Z',
    });
    expect(await answerTo(ANNA, '/start')).toContain('disattivati dal sito. Vuoi riceverli di nuovo?');
    expect((await room.findUser('anna'))?.optedOut).toBe(true);

    const { message_id } = await room.lastIn(ANNA);
    expect(await buttonsOf(ANNA)).toEqual(['Sì, di nuovo']);
    await room.press(ANNA, message_id, 'again');
    expect((await room.findUser('anna'))?.optedOut).not.toBe(true);
    const [question, answer] = await room.messagesIn(ANNA);
    expect(question?.reply_markup).toBeUndefined();
    expect(answer?.text).toContain('di nuovo attivi');
  });
});

describe('/start TOKEN', () => {
  test('links the chat, and the welcome waits in the queue', async () => {
    const token = await room.linkToken('dario', { firstName: 'Dario' });
    await room.write(STRANGER, `/start ${token}`);

    expect(await room.findUser('dario')).toMatchObject({ chatId: STRANGER, linkedBy: 'deep-link' });
    const queued = await room.stack.takeNotifications();
    expect(queued).toMatchObject([{ userId: 'dario', event: 'welcome', templateId: 'default-welcome' }]);
    expect(await room.said(STRANGER)).toEqual([]);
  });

  test('that was used by another chat: a kind answer, and nothing changes', async () => {
    const token = await room.linkToken('dario');
    await room.write(STRANGER, `/start ${token}`);
    const answer = await answerTo(ANNA, `/start ${token}`);
    expect(answer).toContain('Questo link è già stato usato');
    expect(answer).toContain('https://shop.example');
    expect(await room.findUser('dario')).toMatchObject({ chatId: STRANGER });
    expect(await room.findUser('anna')).toMatchObject({ chatId: ANNA });
  });

  test('opened once more by the same chat: used already, what to do, and no second welcome', async () => {
    const token = await room.linkToken('dario', { firstName: 'Dario' });
    await room.write(STRANGER, `/start ${token}`);
    await room.stack.takeNotifications();
    expect(await answerTo(STRANGER, `/start ${token}`)).toMatch(/^Questo link è già stato usato.*\/stato/);
    expect(await room.stack.takeNotifications()).toEqual([]);
  });

  test.each(['AAAAAAAAAAAAAAAAAAAAAA', 'x', 'ciao mondo', '../../etc', '<b>', 'A'.repeat(65)])(
    'that nobody made: %s',
    async (token) => {
      expect(await answerTo(STRANGER, `/start ${token}`, 'en')).toContain("I don't know this link");
    },
  );

  test('two chats with one token at one instant: one is linked, the other is told', async () => {
    const token = await room.linkToken('dario');
    await Promise.all([ANNA, BRUNO].map((chatId) => room.write(chatId, `/start ${token}`)));
    const { chatId } = (await room.findUser('dario')) ?? {};
    const loser = chatId === ANNA ? BRUNO : ANNA;
    expect([ANNA, BRUNO]).toContain(chatId);
    expect((await room.said(loser)).join()).toMatch(/già stato usato|used already/);
    expect(await room.said(chatId ?? 0)).toEqual([]);
  });

  test('while the shop has switched off the integration: linked, and told why nothing comes', async () => {
    await room.setSite({ active: false });
    const token = await room.linkToken('dario', { language: 'en' });
    await room.write(STRANGER, `/start ${token}`);
    expect(await room.findUser('dario')).toMatchObject({ chatId: STRANGER });
    expect((await room.said(STRANGER)).join()).toContain('The shop has paused its notifications');
  });
});

describe('/stop', () => {
  test('opts out, and offers the way back', async () => {
    expect(await answerTo(BRUNO, '/stop')).toContain('from now on you receive no more notifications');
    expect(await room.findUser('bruno')).toMatchObject({ optedOut: true, optedOutBy: 'user' });
    expect(await buttonsOf(BRUNO)).toEqual(['Yes, again']);
  });

  test('after an opt-out through the site stays the site’s', async () => {
    await room.setUser('bruno', {
      optedOut: true,
      optedOutBy: 'site',
      optedOutAt: '2026-01-01T00:00:00.000Z',
    });
    await room.write(BRUNO, '/stop');
    expect(await room.findUser('bruno')).toMatchObject({ optedOut: true, optedOutBy: 'site' });
  });

  test('of a stranger: there is nothing to switch off', async () => {
    expect(await answerTo(STRANGER, '/stop')).toContain('non è collegata a nessun account di Demo Shop');
  });
});

describe('/settings', () => {
  test('shows every event, and what is on', async () => {
    await room.setUser('anna', { mutedEvents: ['file-access'] });
    await room.write(ANNA, '/impostazioni');
    expect(await buttonsOf(ANNA)).toEqual([
      '✅ Stato degli ordini',
      '✅ Carrello abbandonato',
      '✅ Nuovi messaggi',
      '✅ Messaggi letti',
      '✅ Stato delle attività',
      '✅ Presa visione delle attività',
      '✅ Promemoria delle attività',
      '✅ Nuovi documenti',
      '⬜️ Documenti scaricati o visti',
    ]);
  });

  test('a press switches one, in place, and says so', async () => {
    await room.write(BRUNO, '/settings');
    const { message_id } = await room.lastIn(BRUNO);
    await room.press(BRUNO, message_id, 'off:order-status');
    expect(await room.findUser('bruno')).toMatchObject({ mutedEvents: ['order-status'] });
    expect(await room.messagesIn(BRUNO)).toHaveLength(1);
    expect((await buttonsOf(BRUNO))[0]).toBe('⬜️ Order status');
    await room.press(BRUNO, message_id, 'on:order-status');
    expect((await room.findUser('bruno'))?.mutedEvents).toEqual([]);
    expect((await buttonsOf(BRUNO))[0]).toBe('✅ Order status');
    const toasts = (await room.calls('answerCallbackQuery')).map(({ params }) => params.text);
    expect(toasts).toEqual(['Order status: off', 'Order status: on']);
  });

  test('the same press twice switches once: the buttons are the same, and that is fine', async () => {
    await room.write(BRUNO, '/settings');
    const { message_id } = await room.lastIn(BRUNO);
    await room.press(BRUNO, message_id, 'off:order-status');
    await room.press(BRUNO, message_id, 'off:order-status');
    expect(await room.findUser('bruno')).toMatchObject({ mutedEvents: ['order-status'] });
    const edits = (await room.calls('editMessageReplyMarkup')).map(({ status }) => status);
    expect(edits).toEqual([200, 400]);
  });

  test.each(['off:', 'off:welcome', 'of:order-status', 'off:order-status:x', '{}', 'ON:order-status', ':'])(
    'a press that no button of ours makes changes nothing: %s',
    async (data) => {
      await room.write(BRUNO, '/settings');
      await room.press(BRUNO, (await room.lastIn(BRUNO)).message_id, data);
      expect((await room.findUser('bruno'))?.mutedEvents).toBeUndefined();
      expect((await room.calls('answerCallbackQuery')).map(({ status }) => status)).toEqual([200]);
    },
  );

  test('a press in a chat that was unlinked meanwhile is answered, and changes nothing', async () => {
    await room.write(BRUNO, '/settings');
    const { message_id } = await room.lastIn(BRUNO);
    const {
      chatId: _chat,
      siteChat: _siteChat,
      ...unlinked
    } = (await room.findUser('bruno')) ?? {
      siteId: 'demo',
      userId: 'bruno',
    };
    await room.stack.putUser(unlinked);
    await room.press(BRUNO, message_id, 'off:order-status');
    expect((await room.findUser('bruno'))?.mutedEvents).toBeUndefined();
    expect((await room.calls('answerCallbackQuery'))[0]?.params.text).toBe(
      'This chat is not linked any more',
    );
  });
});

describe('/status', () => {
  test('names the shop, the account, what is on and what is off', async () => {
    await room.setUser('bruno', { mutedEvents: ['order-status'] });
    const answer = await answerTo(BRUNO, '/status');
    expect(answer).toContain('Shop: Demo Shop, https://shop.example\nAccount: Bruno Bianchi (bruno)');
    expect(answer).toMatch(/Notifications that are on:\n• Abandoned cart\n(?:• .*\n){7}/);
    expect(answer).toContain('Notifications that are off:\n• Order status\n');
  });

  test('of who opted out says so, and offers the way back', async () => {
    await room.setUser('anna', { optedOut: true, optedOutBy: 'site' });
    expect(await answerTo(ANNA, '/stato')).toContain('Non ricevi avvisi');
    expect(await buttonsOf(ANNA)).toEqual(['Sì, di nuovo']);
  });

  test('names that look like HTML are shown as they are', async () => {
    await room.setUser('anna', { firstName: '<b>A', lastName: '& "B"</b>' });
    await room.setSite({ name: 'Tende <i> & c.' });
    const answer = await answerTo(ANNA, '/stato');
    expect(answer).toContain('Tende <i> & c.');
    expect(answer).toContain('<b>A & "B"</b> (anna)');
  });
});

describe('anything else', () => {
  test.each(['Buongiorno, dov’è il mio ordine?', '/ordina 3', '/Start@another_bot'])('%s', async (text) => {
    const answer = await answerTo(ANNA, text);
    expect(answer).toContain('invia soltanto gli avvisi di Demo Shop');
    expect(answer).toContain('info@shop.example');
  });

  test('a picture', async () => {
    const chat = { id: CARLA, type: 'private', first_name: 'Carla' };
    const from = { id: CARLA, is_bot: false, first_name: 'Carla' };
    await room.update({ message: { message_id: 9, date: 1, chat, from, photo: [{ file_id: 'x' }] } });
    expect((await room.said(CARLA)).join()).toContain('invia soltanto gli avvisi');
    await room.update({ message: { message_id: 10, date: 1, chat, from, pinned_message: {} } });
    expect(await room.said(CARLA)).toHaveLength(1);
  });

  test('without a contact, the site itself is named', async () => {
    await room.setSite({ merchantContact: ' ' });
    expect(await answerTo(ANNA, 'Ciao')).toContain('Per parlare con il negozio: https://shop.example');
  });

  test('/help names the commands', async () => {
    const answer = await answerTo(BRUNO, '/help');
    for (const command of ['/settings', '/status', '/stop', '/start']) expect(answer).toContain(command);
  });

  test('a command to this bot by its name, in capitals', async () => {
    expect(await answerTo(BRUNO, '/HELP@Demo_Shop_Bot')).toContain('/settings');
  });
});

describe('the language', () => {
  test.each([
    ['the user’s own, before that of their Telegram', BRUNO, 'it', 'This bot'],
    ['that of their Telegram', STRANGER, 'en-GB', 'This bot'],
    ['the site’s, for who reads neither', STRANGER, 'fr', 'Questo bot'],
    ['the site’s, where nothing is known', STRANGER, undefined, 'Questo bot'],
  ])('%s', async (_, chatId, languageCode, beginning) => {
    expect(await answerTo(chatId, '/help', languageCode)).toMatch(new RegExp(`^${beginning}`));
  });

  test('English, where the bot does not speak the site’s either', async () => {
    await room.setSite({ defaultLanguage: 'de' });
    expect(await answerTo(STRANGER, '/help', 'fr')).toMatch(/^This bot/);
  });
});

describe('groups and channels', () => {
  test('a group is told once that the bot serves private chats only', async () => {
    await room.member(GROUP, 'left', 'member');
    await room.write(GROUP, '/start');
    await room.write(GROUP, '/settings@demo_shop_bot');
    await room.write(GROUP, 'What a nice bot');
    const said = await room.said(GROUP);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('lavora soltanto nelle chat private');
  });

  test('no group can link, stop or press', async () => {
    const token = await room.linkToken('dario');
    await room.write(GROUP, `/start ${token}`);
    await room.press(GROUP, (await room.lastIn(GROUP)).message_id, 'off:order-status');
    expect((await room.findUser('dario'))?.chatId).toBeUndefined();
    await room.write(STRANGER, `/start ${token}`);
    expect(await room.findUser('dario')).toMatchObject({ chatId: STRANGER });
  });

  test('leaving a group is nothing to answer', async () => {
    await room.member(GROUP, 'member', 'kicked');
    expect(await room.calls()).toEqual([]);
  });
});

describe('block and unblock', () => {
  test('mark the user, and take the mark away', async () => {
    await room.member(ANNA, 'member', 'kicked');
    expect(await room.findUser('anna')).toMatchObject({
      unreachable: { reason: 'Forbidden: bot was blocked by the user' },
    });
    await room.member(ANNA, 'kicked', 'member');
    expect((await room.findUser('anna'))?.unreachable).toBeUndefined();
    expect(await room.calls()).toEqual([]);
  });

  test('do not bring back who opted out', async () => {
    await room.setUser('anna', { optedOut: true, optedOutBy: 'user' });
    await room.member(ANNA, 'member', 'kicked');
    await room.member(ANNA, 'kicked', 'member');
    expect(await room.findUser('anna')).toMatchObject({ optedOut: true });
  });

  test('of a stranger change nothing', async () => {
    await room.member(STRANGER, 'member', 'kicked');
    await room.member(STRANGER, 'kicked', 'member');
    expect(await room.calls()).toEqual([]);
  });
});
