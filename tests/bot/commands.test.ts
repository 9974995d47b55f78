/** What the bot answers to what people write: through the exported handler, with a Telegram that checks every text. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { type Webhook, webhookOf } from '../support/bot-updates.ts';
import { ANNA, BRUNO, CARLA, GROUP, NO_LIMITS, STRANGER } from '../support/fixtures.ts';

let app: App;
let copied = 0;
let webhook: Webhook;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator', limits: NO_LIMITS });
  webhook = webhookOf(app);
});
afterAll(() => app.close());
beforeEach(() => app.reset());

/** The only thing the bot has said in the chat. */
async function answerTo(chatId: number, text: string, languageCode?: string): Promise<string> {
  await webhook.write(chatId, text, languageCode);
  const said = await app.telegram.textsIn(chatId);
  expect(said).toHaveLength(1);
  return said[0] ?? '';
}

const buttonsOf = async (chatId: number) =>
  ((await app.telegram.lastIn(chatId)).reply_markup?.inline_keyboard ?? []).flat().map(({ text }) => text);

const patchAnna = (body: object) => app.call('PATCH', '/v1/sites/demo/users/anna', { body });

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
    await app.setUser('anna', {
      unreachable: { reason: 'Forbidden: bot was blocked by the user', since: '2026-01-01T00:00:00.000Z' },
    });
    expect(await answerTo(ANNA, '/start')).toContain('Gli avvisi di Demo Shop sono di nuovo attivi.');
    expect((await app.findUser('anna'))?.unreachable).toBeUndefined();
  });

  test('brings back who had said /stop', async () => {
    await webhook.write(ANNA, '/stop');
    expect(await app.findUser('anna')).toMatchObject({ optedOut: true, optedOutBy: 'user' });
    await webhook.write(ANNA, '/start');
    expect((await app.findUser('anna'))?.optedOut).not.toBe(true);
    expect((await app.telegram.textsIn(ANNA)).at(-1)).toContain('di nuovo attivi');
  });

  test('brings over who was linked with a bot that the shop had before', async () => {
    await app.setUser('anna', { botId: '99' });
    expect(await answerTo(ANNA, '/start')).toContain('di nuovo attivi');
    expect(await app.findUser('anna')).toMatchObject({ chatId: ANNA, botId: '100' });
  });

  test('asks who has opted out through the site, and only a yes brings them back', async () => {
    await app.setUser('anna', {
      optedOut: true,
      optedOutBy: 'site',
      optedOutAt: '2026-01-01T00:00:00.000Z',
    });
    expect(await answerTo(ANNA, '/start')).toContain('disattivati dal sito. Vuoi riceverli di nuovo?');
    expect((await app.findUser('anna'))?.optedOut).toBe(true);

    const { message_id } = await app.telegram.lastIn(ANNA);
    expect(await buttonsOf(ANNA)).toEqual(['Riattiva gli avvisi']);
    await webhook.pressButton(ANNA, message_id, 'again');
    expect((await app.findUser('anna'))?.optedOut).not.toBe(true);
    const [question, answer] = await app.telegram.messagesIn(ANNA);
    expect(question?.reply_markup).toBeUndefined();
    expect(answer?.text).toContain('di nuovo attivi');
  });
});

describe('the line to copy, as people copy it', () => {
  test.each([
    (token: string) => `/start ${token}.`,
    (token: string) => `/start "${token}"`,
    (token: string) => `/start «${token}»`,
    (token: string) => `/start <${token}>`,
    (token: string) => `/start\n${token}`,
    (token: string) => `/start ${token}\nGrazie`,
    (token: string) => `/start https://t.me/demo_shop_bot?start=${token}`,
    (token: string) => `/START ${token}`,
    (token: string) => token,
    (token: string) => ` ${token} `,
    (token: string) => `"${token}"`,
    (token: string) => `“${token}”.`,
    (token: string) => `"/start ${token}"`,
    (token: string) => `https://t.me/demo_shop_bot?start=${token}`,
    (token: string) => `t.me/demo_shop_bot?start=${token}`,
  ])('%s', async (written) => {
    const userId = `copiata-${written('T').replace(/\W/g, '')}-${++copied}`;
    await webhook.write(8800 + copied, written(await app.linkToken(userId)));
    expect(await app.findUser(userId)).toMatchObject({ chatId: 8800 + copied });
  });

  test.each([
    ['a word of 22 letters', 'x'.repeat(22)],
    ['more than a token', 'Ciao aB3dE5gH7jK9mN1pQ3sT5v'],
    ['two of them', 'aB3dE5gH7jK9mN1pQ3sT5v aB3dE5gH7jK9mN1pQ3sT5v'],
    ['longer ones', `${'aB3dE5gH7jK9mN1pQ3sT5v'.repeat(2)}`],
    ['the link of another place', 'https://evil.example/?start=aB3dE5gH7jK9mN1pQ3sT5v'],
  ])('%s is a message like others', async (_what, text) => {
    expect(await answerTo(STRANGER, text, 'en')).not.toContain("I don't know this link");
  });

  test('a token alone that nobody has made is answered as such', async () => {
    expect(await answerTo(STRANGER, 'aB3dE5gH7jK9mN1pQ3sT5v', 'en')).toContain("I don't know this link");
  });
});

describe('/start TOKEN', () => {
  test('links the chat, and the welcome waits in the queue', async () => {
    const token = await app.linkToken('dario', { firstName: 'Dario' });
    await webhook.write(STRANGER, `/start ${token}`);

    expect(await app.findUser('dario')).toMatchObject({ chatId: STRANGER, linkedBy: 'deep-link' });
    const queued = await app.stack.takeNotifications();
    expect(queued).toMatchObject([{ userId: 'dario', event: 'welcome', templateId: 'default-welcome' }]);
    expect(await app.telegram.textsIn(STRANGER)).toEqual([]);
  });

  test('that was used by another chat: a kind answer, and nothing changes', async () => {
    const token = await app.linkToken('dario');
    await webhook.write(STRANGER, `/start ${token}`);
    const answer = await answerTo(ANNA, `/start ${token}`);
    expect(answer).toContain('Questo link è già stato usato');
    expect(answer).toContain('https://shop.example');
    expect(await app.findUser('dario')).toMatchObject({ chatId: STRANGER });
    expect(await app.findUser('anna')).toMatchObject({ chatId: ANNA });
  });

  test('opened once more by the same chat: used already, what to do, and no second welcome', async () => {
    const token = await app.linkToken('dario', { firstName: 'Dario' });
    await webhook.write(STRANGER, `/start ${token}`);
    await app.stack.takeNotifications();
    expect(await answerTo(STRANGER, `/start ${token}`)).toMatch(/^Questo link è già stato usato.*\/stato/);
    expect(await app.stack.takeNotifications()).toEqual([]);
  });

  test('opened once more after /stop: used already, and a button to get the messages again', async () => {
    const token = await app.linkToken('dario', { firstName: 'Dario' });
    await webhook.write(STRANGER, `/start ${token}`);
    await webhook.write(STRANGER, '/stop');
    await webhook.write(STRANGER, `/start ${token}`);
    expect((await app.telegram.lastIn(STRANGER)).text).toMatch(/^Questo link è già stato usato/);
    expect(await buttonsOf(STRANGER)).toEqual(['Riattiva gli avvisi']);
    expect(await app.findUser('dario')).toMatchObject({ optedOut: true, optedOutBy: 'user' });
  });

  test.each(['AAAAAAAAAAAAAAAAAAAAAA', 'x', 'ciao mondo', '../../etc', '<b>', 'A'.repeat(65)])(
    'that nobody made: %s',
    async (token) => {
      expect(await answerTo(STRANGER, `/start ${token}`, 'en')).toContain("I don't know this link");
    },
  );

  test('two chats with one token at one instant: one is linked, the other is told', async () => {
    const token = await app.linkToken('dario');
    await Promise.all([ANNA, BRUNO].map((chatId) => webhook.write(chatId, `/start ${token}`)));
    const { chatId } = (await app.findUser('dario')) ?? {};
    const loser = chatId === ANNA ? BRUNO : ANNA;
    expect([ANNA, BRUNO]).toContain(chatId);
    expect((await app.telegram.textsIn(loser)).join()).toMatch(/già stato usato|used already/);
    expect(await app.telegram.textsIn(chatId ?? 0)).toEqual([]);
  });

  test('while the shop has switched off the integration: linked, and told why nothing comes', async () => {
    await app.setSite({ active: false });
    const token = await app.linkToken('dario', { language: 'en' });
    await webhook.write(STRANGER, `/start ${token}`);
    expect(await app.findUser('dario')).toMatchObject({ chatId: STRANGER });
    expect((await app.telegram.textsIn(STRANGER)).join()).toContain(
      'Notifications on Telegram are paused at the moment',
    );
  });
});

describe('/stop', () => {
  test('opts out, and offers the way back', async () => {
    expect(await answerTo(BRUNO, '/stop')).toContain('from now on you will receive no more notifications');
    expect(await app.findUser('bruno')).toMatchObject({ optedOut: true, optedOutBy: 'user' });
    expect(await buttonsOf(BRUNO)).toEqual(['Switch notifications on again']);
  });

  test('after an opt-out through the site stays the site’s', async () => {
    await app.setUser('bruno', {
      optedOut: true,
      optedOutBy: 'site',
      optedOutAt: '2026-01-01T00:00:00.000Z',
    });
    await webhook.write(BRUNO, '/stop');
    expect(await app.findUser('bruno')).toMatchObject({ optedOut: true, optedOutBy: 'site' });
  });

  test('of a stranger: there is nothing to switch off', async () => {
    expect(await answerTo(STRANGER, '/stop')).toContain('non è collegata a nessun account di Demo Shop');
  });
});

describe('/settings', () => {
  test('shows every event, and what is on', async () => {
    await app.setUser('anna', { mutedEvents: ['file-access'] });
    await webhook.write(ANNA, '/impostazioni');
    expect(await buttonsOf(ANNA)).toEqual([
      '✅ Stato degli ordini',
      '✅ Carrelli abbandonati',
      '✅ Nuovi messaggi',
      '✅ Messaggi letti',
      '✅ Stato delle attività',
      '✅ Presa visione delle attività',
      '✅ Promemoria delle attività',
      '✅ Nuovi documenti',
      '⬜️ Documenti scaricati o visualizzati',
      '🌙 Ore di silenzio',
    ]);
  });

  test('a callback query switches one, in place, and says so', async () => {
    await webhook.write(BRUNO, '/settings');
    const { message_id } = await app.telegram.lastIn(BRUNO);
    await webhook.pressButton(BRUNO, message_id, 'off:order-status');
    expect(await app.findUser('bruno')).toMatchObject({ mutedEvents: ['order-status'] });
    expect(await app.telegram.messagesIn(BRUNO)).toHaveLength(1);
    expect((await buttonsOf(BRUNO))[0]).toBe('⬜️ Order status');
    await webhook.pressButton(BRUNO, message_id, 'on:order-status');
    expect((await app.findUser('bruno'))?.mutedEvents).toEqual([]);
    expect((await buttonsOf(BRUNO))[0]).toBe('✅ Order status');
    const toasts = (await app.telegram.calls('answerCallbackQuery')).map(({ params }) => params.text);
    expect(toasts).toEqual(['Order status: off', 'Order status: on']);
  });

  test('the same callback query twice switches once: the buttons are the same, and that is fine', async () => {
    await webhook.write(BRUNO, '/settings');
    const { message_id } = await app.telegram.lastIn(BRUNO);
    await webhook.pressButton(BRUNO, message_id, 'off:order-status');
    await webhook.pressButton(BRUNO, message_id, 'off:order-status');
    expect(await app.findUser('bruno')).toMatchObject({ mutedEvents: ['order-status'] });
    const edits = (await app.telegram.calls('editMessageReplyMarkup')).map(({ status }) => status);
    expect(edits).toEqual([200, 400]);
  });

  test.each(['off:', 'off:welcome', 'of:order-status', 'off:order-status:x', '{}', 'ON:order-status', ':'])(
    'a callback query that no button of ours makes changes nothing: %s',
    async (data) => {
      await webhook.write(BRUNO, '/settings');
      await webhook.pressButton(BRUNO, (await app.telegram.lastIn(BRUNO)).message_id, data);
      expect((await app.findUser('bruno'))?.mutedEvents).toBeUndefined();
      expect((await app.telegram.calls('answerCallbackQuery')).map(({ status }) => status)).toEqual([200]);
    },
  );

  test('a callback query in a chat that was unlinked meanwhile is answered, and changes nothing', async () => {
    await webhook.write(BRUNO, '/settings');
    const { message_id } = await app.telegram.lastIn(BRUNO);
    const {
      chatId: _chat,
      siteChat: _siteChat,
      ...unlinked
    } = (await app.findUser('bruno')) ?? {
      siteId: 'demo',
      userId: 'bruno',
    };
    await app.stack.putUser(unlinked);
    await webhook.pressButton(BRUNO, message_id, 'off:order-status');
    expect((await app.findUser('bruno'))?.mutedEvents).toBeUndefined();
    expect((await app.telegram.calls('answerCallbackQuery'))[0]?.params.text).toBe(
      'This chat is not linked any more',
    );
  });
});

describe('quiet hours in the settings', () => {
  const labelsAndData = async (chatId: number) =>
    ((await app.telegram.lastIn(chatId)).reply_markup?.inline_keyboard ?? [])
      .flat()
      .map(({ text, callback_data = '' }) => [text, callback_data] as const);
  const quietButtons = async (chatId = ANNA) => (await labelsAndData(chatId)).map(([text]) => text);

  async function press(label: RegExp, chatId = ANNA): Promise<void> {
    const { message_id } = await app.telegram.lastIn(chatId);
    const [, data = ''] = (await labelsAndData(chatId)).find(([text]) => label.test(text)) ?? [];
    expect(data.length).toBeLessThanOrEqual(64);
    await webhook.pressButton(chatId, message_id, data);
  }

  async function open(command = '/impostazioni', chatId = ANNA): Promise<string> {
    await webhook.write(chatId, command);
    await press(/🌙/, chatId);
    return (await app.telegram.lastIn(chatId)).text ?? '';
  }

  const hoursOf = async (userId = 'anna') => (await app.findUser(userId))?.quietHours;

  test('like the site, until the person chooses; each tap sets and shows it, in place', async () => {
    expect(await open()).toContain('Ore del sito: nessuna.');
    expect(await quietButtons()).toEqual([
      '✅ Come il sito',
      '🔕 Senza suono',
      '⏳ Quando sono finite',
      '🔔 Sempre con il suono',
    ]);

    await press(/Senza suono/);
    expect(await hoursOf()).toEqual({ from: '22:00', to: '08:00', mode: 'silent' });
    expect(await quietButtons()).toEqual([
      'Come il sito',
      '✅ 🔕 Senza suono',
      '⏳ Quando sono finite',
      '🔔 Sempre con il suono',
      ...['dalle 21', '✅ dalle 22', 'dalle 23'],
      ...['alle 7', '✅ alle 8', 'alle 9'],
    ]);
    await press(/dalle 23/);
    await press(/alle 7/);
    await press(/Quando sono finite/);
    expect(await hoursOf()).toEqual({ from: '23:00', to: '07:00', mode: 'after' });
    await press(/Sempre/);
    expect(await hoursOf()).toEqual({ mode: 'off' });
    expect((await quietButtons()).filter((text) => text.startsWith('✅'))).toEqual([
      '✅ 🔔 Sempre con il suono',
    ]);
    await press(/Come il sito/);
    expect(await app.findUser('anna')).not.toHaveProperty('quietHours');

    const toasts = (await app.telegram.calls('answerCallbackQuery')).map(({ params }) => params.text);
    expect(toasts).toEqual([undefined, ...Array.from({ length: 6 }, () => 'Scelta salvata')]);
    expect(await app.telegram.messagesIn(ANNA)).toHaveLength(2);
  });

  test("begins with the site's hours, and says them, in the language of the person", async () => {
    await app.setSite({ quietHours: { from: '23:30', to: '06:00', mode: 'after' } });
    expect(await open('/settings', BRUNO)).toContain(
      'Hours of the site: from 23:30 to 06:00, when they are over.',
    );
    await press(/Without a sound/, BRUNO);
    expect(await hoursOf('bruno')).toEqual({ from: '23:30', to: '06:00', mode: 'silent' });
    expect(await quietButtons(BRUNO)).toContain('✅ from 23:30');
  });

  test('the same tap twice sets it once', async () => {
    await open();
    const { message_id } = await app.telegram.lastIn(ANNA);
    const [, data = ''] = (await labelsAndData(ANNA))[1] ?? [];
    await webhook.pressButton(ANNA, message_id, data);
    const { version } = (await app.findUser('anna')) ?? {};
    await webhook.pressButton(ANNA, message_id, data);
    expect((await app.findUser('anna'))?.version).toBe(version);
  });

  test.each([
    'quiet',
    'quiet:',
    'quiet:loud',
    'quiet:silent-2200-2200',
    'quiet:silent-2500-0800',
    'quiet:off:x',
  ])('data that no button of ours has changes nothing: %s', async (data) => {
    await open();
    await webhook.pressButton(ANNA, (await app.telegram.lastIn(ANNA)).message_id, data);
    expect(await app.findUser('anna')).not.toHaveProperty('quietHours');
  });

  test('who gets nothing is not asked', async () => {
    await webhook.write(ANNA, '/stop');
    await webhook.write(ANNA, '/impostazioni');
    expect(await quietButtons()).not.toContainEqual(expect.stringContaining('🌙'));
  });
});

describe('/impostazioni after /stop', () => {
  const NINE_OFF = Array.from({ length: 9 }, () => expect.stringMatching(/^⬜️ /));
  /** What is shown of the time: the site's own time, whatever the machine's. */
  const TIME = String.raw`\(\d{1,2} [a-zà-ú]+ \d{4} alle ore \d{2}:\d{2}\)`;

  test.each<[string, () => Promise<unknown>, RegExp]>([
    ['/stop', () => webhook.write(ANNA, '/stop'), /li hai disattivati tu/],
    [
      'an opt-out of the person on the site',
      () => patchAnna({ optedOut: true, by: 'person' }),
      /disattivati tu/,
    ],
    [
      'an opt-out by the shop',
      () => patchAnna({ optedOut: true, by: 'shop' }),
      /li ha disattivati Demo Shop/,
    ],
  ])('by %s: all are shown as off, and one button switches on again', async (_how, optOut, who) => {
    await optOut();
    await webhook.write(ANNA, '/impostazioni');
    const { text, message_id } = await app.telegram.lastIn(ANNA);
    expect(text).toMatch(who);
    expect(text).toMatch(new RegExp(TIME));
    expect(await buttonsOf(ANNA)).toEqual(['Riattiva gli avvisi', ...NINE_OFF]);

    const again =
      (await app.telegram.lastIn(ANNA)).reply_markup?.inline_keyboard[0]?.[0]?.callback_data ?? '';
    await webhook.pressButton(ANNA, message_id, again);
    expect((await app.findUser('anna'))?.optedOut).not.toBe(true);
    await webhook.write(ANNA, '/impostazioni');
    const allOn = Array.from({ length: 9 }, () => expect.stringMatching(/^✅ /));
    expect(await buttonsOf(ANNA)).toEqual([...allOn, '🌙 Ore di silenzio']);
  });

  test('what was off before stays off', async () => {
    await app.setUser('anna', { mutedEvents: ['order-status'] });
    for (const command of ['/stop', '/start', '/impostazioni']) await webhook.write(ANNA, command);
    expect((await buttonsOf(ANNA)).filter((label) => label.startsWith('⬜️'))).toEqual([
      '⬜️ Stato degli ordini',
    ]);
  });

  test('a switch, also of a keyboard from before, leaves all off and says so; it counts afterwards', async () => {
    await webhook.write(ANNA, '/impostazioni');
    const { message_id } = await app.telegram.lastIn(ANNA);
    await webhook.pressButton(ANNA, message_id, 'off:order-status');
    await webhook.write(ANNA, '/stop');
    await webhook.pressButton(ANNA, message_id, 'on:order-status');
    const toasts = await app.telegram.calls('answerCallbackQuery');
    expect(toasts.at(-1)?.params.text).toMatch(/^Tutti gli avvisi sono disattivati/);
    const [shown] = (await app.telegram.messagesIn(ANNA)).filter(
      (message) => message.message_id === message_id,
    );
    const labels = shown?.reply_markup?.inline_keyboard.flat().map(({ text }) => text);
    expect(labels).toEqual(['Riattiva gli avvisi', ...NINE_OFF]);
    await webhook.write(ANNA, '/start');
    await webhook.write(ANNA, '/impostazioni');
    expect((await buttonsOf(ANNA))[0]).toBe('✅ Stato degli ordini');
  });

  test('in English', async () => {
    await webhook.write(BRUNO, '/stop');
    await webhook.write(BRUNO, '/settings');
    expect((await app.telegram.lastIn(BRUNO)).text).toMatch(
      /you switched them off \(\d{1,2} [A-Z][a-z]+ \d{4} at \d{2}:\d{2}\)/,
    );
  });

  test('/stato says who switched off and when, in the time of the site: both, where both did', async () => {
    await app.setUser('anna', {
      optedOut: true,
      optedOutBy: 'site',
      optOuts: { shop: { at: '2026-07-01T22:30:00.000Z', where: 'site' } },
      stopped: { at: '2026-11-21T23:30:00.000Z' },
    });
    const answer = await answerTo(ANNA, '/stato');
    expect(answer).toContain(
      '🔕 Non ricevi avvisi: li hai disattivati tu (22 novembre 2026 alle ore 00:30).',
    );
    expect(answer).toContain(
      '🔕 Non ricevi avvisi: li ha disattivati Demo Shop (2 luglio 2026 alle ore 00:30).',
    );
  });

  test('an opt-out of the former release, whose time is not known', async () => {
    await app.setUser('anna', { optedOut: true, optedOutBy: 'user' });
    expect(await answerTo(ANNA, '/stato')).toContain('🔕 Non ricevi avvisi: li hai disattivati tu.');
  });
});

describe('/status', () => {
  test('names the site, the account, what is on and what is off', async () => {
    await app.setUser('bruno', { mutedEvents: ['order-status'] });
    const answer = await answerTo(BRUNO, '/status');
    expect(answer).toContain('Site: Demo Shop, https://shop.example\nAccount: Bruno Bianchi (bruno)');
    expect(answer).toMatch(/Notifications that are on:\n• Abandoned carts\n(?:• .*\n){7}/);
    expect(answer).toContain('Notifications that are off:\n• Order status\n');
  });

  test('of who opted out says so, and offers the way back', async () => {
    await app.setUser('anna', { optedOut: true, optedOutBy: 'site' });
    expect(await answerTo(ANNA, '/stato')).toContain('Non ricevi avvisi');
    expect(await buttonsOf(ANNA)).toEqual(['Riattiva gli avvisi']);
  });

  test('names that look like HTML are shown as they are', async () => {
    await app.setUser('anna', { firstName: '<b>A', lastName: '& "B"</b>' });
    await app.setSite({ name: 'Tende <i> & c.' });
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
    const date = Math.floor(Date.now() / 1_000);
    await webhook.update({ message: { message_id: 9, date, chat, from, photo: [{ file_id: 'x' }] } });
    expect((await app.telegram.textsIn(CARLA)).join()).toContain('invia soltanto gli avvisi');
    await webhook.update({ message: { message_id: 10, date, chat, from, pinned_message: {} } });
    expect(await app.telegram.textsIn(CARLA)).toHaveLength(1);
  });

  test('without a contact, the site itself is named', async () => {
    await app.setSite({ merchantContact: ' ' });
    expect(await answerTo(ANNA, 'Ciao')).toContain('Per contattare Demo Shop: https://shop.example');
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
    await app.setSite({ defaultLanguage: 'de' });
    expect(await answerTo(STRANGER, '/help', 'fr')).toMatch(/^This bot/);
  });
});

describe('groups and channels', () => {
  test('a group is told once that the bot serves private chats only', async () => {
    await webhook.changeMember(GROUP, 'left', 'member');
    await webhook.write(GROUP, '/start');
    await webhook.write(GROUP, '/settings@demo_shop_bot');
    await webhook.write(GROUP, 'What a nice bot');
    const said = await app.telegram.textsIn(GROUP);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('funziona soltanto nelle chat private');
  });

  test('no group can link, stop or press a button', async () => {
    const token = await app.linkToken('dario');
    await webhook.write(GROUP, `/start ${token}`);
    await webhook.pressButton(GROUP, (await app.telegram.lastIn(GROUP)).message_id, 'off:order-status');
    expect((await app.findUser('dario'))?.chatId).toBeUndefined();
    await webhook.write(STRANGER, `/start ${token}`);
    expect(await app.findUser('dario')).toMatchObject({ chatId: STRANGER });
  });

  test('leaving a group is nothing to answer', async () => {
    await webhook.changeMember(GROUP, 'member', 'kicked');
    expect(await app.telegram.calls()).toEqual([]);
  });
});

describe('block and unblock', () => {
  test('mark the user, and take the mark away', async () => {
    await webhook.changeMember(ANNA, 'member', 'kicked');
    expect(await app.findUser('anna')).toMatchObject({
      unreachable: { reason: 'Forbidden: bot was blocked by the user' },
    });
    await webhook.changeMember(ANNA, 'kicked', 'member');
    expect((await app.findUser('anna'))?.unreachable).toBeUndefined();
    expect(await app.telegram.calls()).toEqual([]);
  });

  test('do not bring back who opted out', async () => {
    await app.setUser('anna', { optedOut: true, optedOutBy: 'user' });
    await webhook.changeMember(ANNA, 'member', 'kicked');
    await webhook.changeMember(ANNA, 'kicked', 'member');
    expect(await app.findUser('anna')).toMatchObject({ optedOut: true });
  });

  test('of a stranger change nothing', async () => {
    await webhook.changeMember(STRANGER, 'member', 'kicked');
    await webhook.changeMember(STRANGER, 'kicked', 'member');
    expect(await app.telegram.calls()).toEqual([]);
  });
});
