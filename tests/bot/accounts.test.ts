/** An accountant's client: three companies on one phone, two phones for one company. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { callbackQueryOf, nextUpdateId, type Webhook, webhookOf } from '../support/bot-updates.ts';
import { NO_LIMITS, OTHER_STRANGER, STRANGER } from '../support/fixtures.ts';
import { type People, peopleOf } from '../support/people.ts';

const OWNER = STRANGER;
const SECRETARY = OTHER_STRANGER;

let app: App;
let webhook: Webhook;
let people: People;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator', limits: NO_LIMITS });
  webhook = webhookOf(app);
  people = peopleOf(app, webhook);
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.stack.empty('UsersTable');
  await app.reset();
  await people.link('501.1', OWNER, { companyName: 'Rossi Costruzioni S.r.l.', language: 'it' });
  await people.link('501.2', OWNER, { companyName: 'Rossi Immobiliare S.r.l.', language: 'it' });
  await people.link('501.3', OWNER, { companyName: 'Bar Rossi', language: 'it' });
  await people.link('501.1', SECRETARY);
});

const user = async (userId: string) => (await app.call('GET', `/v1/sites/demo/users/${userId}`)).json;
const lastTextIn = async (chatId: number) => (await people.textsIn(chatId)).at(-1) ?? '';

describe('what the studio sends', () => {
  test('to each company reaches the phone, and says for whom it is; where there is one company, it does not', async () => {
    await people.tell('giugno', '501.1', '501.2');

    const [first, second] = (await people.textsIn(OWNER)).slice(-2);
    expect([first, second].sort()).toEqual([
      expect.stringMatching(/^👤 Rossi Costruzioni S\.r\.l\. \(501\.1\)\n\n.*F24 giugno/s),
      expect.stringMatching(/^👤 Rossi Immobiliare S\.r\.l\. \(501\.2\)\n\n.*F24 giugno/s),
    ]);
    expect(await lastTextIn(SECRETARY)).toMatch(/F24 giugno/);
    expect(await lastTextIn(SECRETARY)).not.toContain('👤');
  });

  test('has the id of today in the first chat, and one of its own in a further chat', async () => {
    const { deliveryIdOf } = await import('../../lib/domain/ids.ts');
    const today = deliveryIdOf({
      ...{ siteId: 'demo', eventId: 'luglio', templateId: 'default-message-sent', userId: '501.1' },
    });
    const [one, other, ...more] = await people.tell('luglio', '501.1');
    expect(more).toEqual([]);
    expect(one).toMatchObject({ userId: '501.1', status: 'queued', deliveryId: today });
    expect(other).toMatchObject({ userId: '501.1', status: 'queued' });
    expect(other?.deliveryId).not.toBe(today);
  });

  test('twice comes once, also to a chat that was linked in between', async () => {
    await people.tell('agosto', '501.2');
    const before = await people.textsIn(OWNER);
    await people.link('501.2', SECRETARY);
    const atSecretary = await people.textsIn(SECRETARY);

    await people.tell('agosto', '501.2');

    expect((await people.textsIn(OWNER)).filter((text) => text.includes('F24 agosto'))).toHaveLength(1);
    expect((await people.textsIn(OWNER)).length).toBe(before.length + 1);
    expect(await people.textsIn(SECRETARY)).toEqual(atSecretary);
  });
});

describe('/stop', () => {
  test('stops all of this chat, and no other chat of the same company', async () => {
    await webhook.write(OWNER, '/stop');
    const before = await people.textsIn(OWNER);

    expect(await people.tell('settembre', '501.1', '501.2', '501.3')).toMatchObject([
      { userId: '501.1', status: 'queued' },
      { userId: '501.2', status: 'skipped', reason: 'opted-out' },
      { userId: '501.3', status: 'skipped', reason: 'opted-out' },
    ]);

    expect(await people.textsIn(OWNER)).toEqual(before);
    expect(await lastTextIn(SECRETARY)).toMatch(/F24 settembre/);
    expect(await user('501.1')).toMatchObject({
      optedOut: false,
      chats: [{ stopped: true }, { stopped: false }],
    });
    expect(await user('501.2')).toMatchObject({ optedOut: true, optedOutBy: 'person', optedOutIn: 'bot' });
  });

  test('offers to switch single accounts on again', async () => {
    await webhook.write(OWNER, '/stop');
    expect((await people.buttonsIn(OWNER)).map(({ text }) => text)).toEqual([
      '🔔 Rossi Costruzioni S.r.l. (501.1)',
      '🔔 Rossi Immobiliare S.r.l. (501.2)',
      '🔔 Bar Rossi (501.3)',
    ]);

    await people.press(OWNER, /Bar Rossi/);

    expect(await lastTextIn(OWNER)).toMatch(/per Bar Rossi \(501\.3\) sono di nuovo attivi/);
    expect(await user('501.3')).toMatchObject({ optedOut: false });
    expect(await user('501.2')).toMatchObject({ optedOut: true });
  });

  test('what waits in the queue for the chat is dropped', async () => {
    const { json } = await app.report('message-sent', {
      ...{ eventId: 'in coda', message: { id: '1', subject: 'F24 in coda' }, sender: { id: 'studio' } },
      recipients: [{ id: '501.1' }],
    });
    await webhook.write(OWNER, '/stop');
    await people.deliver();

    expect(json.notifications).toHaveLength(2);
    expect((await people.textsIn(OWNER)).join()).not.toContain('F24 in coda');
    expect(await lastTextIn(SECRETARY)).toContain('F24 in coda');
  });

  test('/start alone brings all accounts of the chat back', async () => {
    await webhook.write(OWNER, '/stop');
    await webhook.write(OWNER, '/start');
    expect(await people.tell('ottobre', '501.1', '501.2', '501.3')).toHaveLength(4);
  });
});

describe('/stato and /impostazioni', () => {
  test('the status shows each account', async () => {
    await webhook.write(OWNER, '/stato');
    const text = await lastTextIn(OWNER);
    for (const account of [
      'Rossi Costruzioni S.r.l. (501.1)',
      'Rossi Immobiliare S.r.l. (501.2)',
      'Bar Rossi (501.3)',
    ])
      expect(text).toContain(account);
  });

  test('the status says who has switched off', async () => {
    await app.call('PATCH', '/v1/sites/demo/users/501.2', { body: { optedOut: true, by: 'shop' } });
    await webhook.write(OWNER, '/stato');
    expect(await lastTextIn(OWNER)).toContain('li ha disattivati Demo Shop');
    await webhook.write(OWNER, '/stop');
    await webhook.write(OWNER, '/stato');
    expect(await lastTextIn(OWNER)).toContain('li hai disattivati tu');
  });

  test('the settings ask of whom, and change that account alone', async () => {
    await webhook.write(OWNER, '/impostazioni');
    await people.press(OWNER, /Bar Rossi/);
    expect(await lastTextIn(OWNER)).toContain('per Bar Rossi (501.3)');
    await people.press(OWNER, /Nuovi messaggi/);

    expect(await user('501.3')).toMatchObject({ mutedEvents: ['message-sent'] });
    expect(await user('501.1')).toMatchObject({ mutedEvents: [] });
    await webhook.write(OWNER, '/stato');
    expect(await lastTextIn(OWNER)).toMatch(
      /Bar Rossi \(501\.3\)\nCollegato: .*\n🔕 Disattivati: Nuovi messaggi/,
    );
  });

  test('the settings of an account with several phones say that they hold for all of them', async () => {
    await webhook.write(SECRETARY, '/impostazioni');
    expect(await lastTextIn(SECRETARY)).toContain('vale per tutte le chat');
  });

  test('twenty accounts with the longest names: everything still fits', async () => {
    for (let index = 4; index <= 20; index++)
      await people.link(`501.${index}`, OWNER, { companyName: 'W'.repeat(256) });
    for (const command of ['/stato', '/stop', '/start', '/scollega', '/impostazioni'])
      await webhook.write(OWNER, command);
    expect((await people.textsIn(OWNER)).length).toBeGreaterThan(20);
  });
});

describe('a link that was passed on', () => {
  test('the chat that is there is told, and takes the new one off', async () => {
    const notice = await lastTextIn(OWNER);
    expect(notice).toMatch(/Rossi Costruzioni S\.r\.l\..*è stata collegata un'altra chat/s);
    expect(notice).not.toContain(String(SECRETARY));

    await people.press(OWNER, /Togli la nuova chat/);

    expect(await lastTextIn(OWNER)).toMatch(/^Fatto: la nuova chat non riceve più/);
    expect((await user('501.1')).chats).toMatchObject([{ chatId: OWNER }]);
    expect(await people.tell('novembre', '501.1')).toHaveLength(1);
  });

  test('pressed twice, or by somebody else: nothing more happens', async () => {
    const { message_id } = await app.telegram.lastIn(OWNER);
    const [button] = await people.buttonsIn(OWNER);
    await webhook.pressButton(1003, message_id, button?.data ?? '').catch(() => undefined);
    expect((await user('501.1')).chats).toHaveLength(2);
    await webhook.pressButton(OWNER, message_id, button?.data ?? '');
    await webhook.pressButton(OWNER, message_id, button?.data ?? '');
    expect((await user('501.1')).chats).toHaveLength(1);
  });
});

describe('who may take whom off', () => {
  test('the newcomer not the owner, whatever data it sends', async () => {
    const refs = (await app.stack.items('UsersTable')).map(({ linkRef }) => String(linkRef));
    await webhook.write(SECRETARY, '/stato');
    const { message_id } = await app.telegram.lastIn(SECRETARY);
    for (const ref of refs) await webhook.pressButton(SECRETARY, message_id, `take-off:${ref}`);
    expect((await user('501.1')).chats).toHaveLength(2);
  });

  test('not even an owner of the former release, whose link anybody could name', async () => {
    const { createHash } = await import('node:crypto');
    await people.link('bruno', SECRETARY);
    for (const parts of [
      ['demo', 1002],
      ['demo', 'bruno', 1002],
    ]) {
      const ref = createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 16);
      const { message_id } = await app.telegram.lastIn(SECRETARY);
      await webhook.pressButton(SECRETARY, message_id, `take-off:${ref}`);
    }
    expect((await user('bruno')).chats).toMatchObject([{ chatId: 1002 }, { chatId: SECRETARY }]);
  });

  test('the chat that is taken off is told, and /stato offers the button again', async () => {
    await webhook.write(OWNER, '/stato');
    expect(await lastTextIn(OWNER)).toContain('Altre chat collegate: 1');
    await people.press(OWNER, /Togli la nuova chat/);
    expect(await lastTextIn(SECRETARY)).toMatch(/^Questa chat non riceve più gli avvisi/);
    expect((await user('501.1')).chats).toHaveLength(1);
  });

  test('the chat that is taken off is told also where Telegram fails right after that', async () => {
    const { message_id } = await app.telegram.lastIn(OWNER);
    const [button] = await people.buttonsIn(OWNER);
    await app.telegram.fault({ method: 'editMessageReplyMarkup', times: 99, status: 502 });
    const { status } = await webhook.call({
      update_id: nextUpdateId(),
      callback_query: callbackQueryOf(OWNER, message_id, button?.data ?? ''),
    });
    expect(status).toBe(503);
    expect(await lastTextIn(SECRETARY)).toMatch(/^Questa chat non riceve più gli avvisi/);
    await app.telegram.clearFaults();
  });
});

describe('/scollega', () => {
  test('asks, then unlinks and erases the account that has no other chat', async () => {
    await webhook.write(OWNER, '/scollega');
    expect(await lastTextIn(OWNER)).toMatch(/per più account\. Quale vuoi scollegare\?/);
    const question = await app.telegram.lastIn(OWNER);
    await people.press(OWNER, /Bar Rossi/);
    const asked = (await app.telegram.messagesIn(OWNER)).find(
      ({ message_id }) => message_id === question.message_id,
    );
    expect(asked?.reply_markup?.inline_keyboard).toHaveLength(2);

    expect(await lastTextIn(OWNER)).toMatch(
      /^Fatto: questa chat non è più collegata all.account Bar Rossi \(501\.3\)/,
    );
    expect((await app.call('GET', '/v1/sites/demo/users/501.3')).status).toBe(404);
    expect((await user('501.2')).linked).toBe(true);
    const log = await app.call('GET', '/v1/sites/demo/deliveries', { query: 'userId=501.3' });
    expect(log.json.deliveries).toEqual([]);
  });

  test('leaves the other phone of the company as it is', async () => {
    await webhook.write(SECRETARY, '/scollega');
    expect(await lastTextIn(SECRETARY)).toMatch(/i dati non vengono cancellati/);
    await people.press(SECRETARY, /Sì, scollega/);

    expect(await lastTextIn(SECRETARY)).toMatch(
      /Le altre chat dell'account restano collegate e i dati non sono stati cancellati/,
    );
    expect((await user('501.1')).chats).toMatchObject([{ chatId: OWNER }]);
    await webhook.write(SECRETARY, '/stato');
    expect(await lastTextIn(SECRETARY)).toContain('collega Telegram al tuo account');
  });

  test('nobody is linked: says so', async () => {
    await webhook.write(1002, '/stop');
    await app.call('DELETE', '/v1/sites/demo/users/bruno/link');
    await webhook.write(1002, '/scollega');
    expect(await lastTextIn(1002)).toMatch(/nothing to unlink|nulla da scollegare/);
  });
});

describe('a button that was asked about one account', () => {
  test('erases that one alone, also where the chat has others by then', async () => {
    await people.link('solo', 1003, { companyName: 'Solo S.r.l.' });
    await app.call('DELETE', '/v1/sites/demo/users/carla/link');
    await webhook.write(1003, '/scollega');
    const question = await app.telegram.lastIn(1003);
    const [button] = await people.buttonsIn(1003);
    await people.link('seconda', 1003, { companyName: 'Seconda S.r.l.' });
    await webhook.pressButton(1003, question.message_id, button?.data ?? '');

    expect((await app.call('GET', '/v1/sites/demo/users/solo')).status).toBe(404);
    expect((await user('seconda')).linked).toBe(true);
  });

  test('switches that one on again alone: the /stop of the others stays', async () => {
    await webhook.write(OWNER, '/stop');
    await app.call('PATCH', '/v1/sites/demo/users/nuova', { body: { optedOut: true, by: 'shop' } });
    await people.link('nuova', OWNER, { companyName: 'Nuova S.r.l.' });
    expect(await lastTextIn(OWNER)).toMatch(/disattivati dal sito/);
    await webhook.write(OWNER, '/start');
    await webhook.write(OWNER, '/stop');
    await webhook.write(OWNER, '/stato');
    await people.press(OWNER, /Nuova S\.r\.l\./);

    expect(await user('nuova')).toMatchObject({ optedOut: false });
    expect(await user('501.2')).toMatchObject({ optedOut: true });
  });

  test('of the former release names none: where the chat has several, the bot asks anew', async () => {
    await webhook.write(OWNER, '/stop');
    const { message_id } = await app.telegram.lastIn(OWNER);
    await webhook.pressButton(OWNER, message_id, 'again');
    expect(await user('501.2')).toMatchObject({ optedOut: true });
    expect((await people.buttonsIn(OWNER)).length).toBeGreaterThanOrEqual(3);
    await webhook.pressButton(OWNER, message_id, 'forget');
    expect((await user('501.2')).linked).toBe(true);
  });
});

describe('a phone that is gone', () => {
  test('a block is the chat’s matter, for all its accounts', async () => {
    await app.telegram.block(OWNER);
    await people.tell('dicembre', '501.2');
    expect(await user('501.3')).toMatchObject({
      unreachable: { reason: 'Forbidden: bot was blocked by the user' },
    });
    expect((await user('501.1')).chats).toMatchObject([{ unreachable: {} }, {}]);
    expect(await people.tell('gennaio', '501.1')).toMatchObject([{ status: 'queued' }]);
    expect(await people.tell('gennaio', '501.2')).toMatchObject([{ reason: 'unreachable' }]);
  });
});

describe('words', () => {
  test.each([
    ...['STOP', 'stop', 'Basta', 'basta!', 'cancellami', ' Disiscrivimi. ', 'unsubscribe', '«STOP»'],
    ...['Stop ⛔️', 'basta ❗️', 'STOP ❤️', 'stop\u200b', 'stop stop', '/basta', '/cancellami', '/unsubscribe'],
  ])('%s means /stop', async (word) => {
    await webhook.write(OWNER, word);
    expect(await lastTextIn(OWNER)).toMatch(/^🔕 Fatto/);
    expect(await user('501.2')).toMatchObject({ optedOut: true });
  });

  test.each(['non mi basta', 'stop alle email', 'stopp', 'Ciao, avete la taglia 42?', '👍'])(
    '%s: buttons for what people want',
    async (text) => {
      await webhook.write(OWNER, text);
      expect(await user('501.2')).toMatchObject({ optedOut: false });
      expect((await people.buttonsIn(OWNER)).map(({ data }) => data)).toEqual([
        'stop',
        'settings',
        'contact',
      ]);
      await people.press(OWNER, /Contatti/);
      expect(await lastTextIn(OWNER)).toContain('info@shop.example');
    },
  );

  test('a stranger is offered the contact alone', async () => {
    await app.call('DELETE', '/v1/sites/demo/users/bruno/link');
    await webhook.write(1002, 'hello');
    expect((await people.buttonsIn(1002)).map(({ data }) => data)).toEqual(['contact']);
  });
});

test('whoever writes can be reached, whatever they write', async () => {
  for (const userId of ['501.2', '501.3']) {
    const stored = await app.findUser(userId);
    if (!stored) throw new Error('Not linked.');
    const unreachable = { reason: 'Forbidden: user is deactivated', since: '2024-01-01T00:00:00.000Z' };
    await app.stack.putUser({ ...stored, unreachable });
  }
  await webhook.write(OWNER, 'ciao');
  expect(await user('501.2')).not.toHaveProperty('unreachable');
  expect(await user('501.3')).not.toHaveProperty('unreachable');
});

test('the Telegram username is renewed when the person writes', async () => {
  const from = { id: OWNER, is_bot: false, first_name: 'Zoe', username: 'nuovo_nome' };
  const chat = { id: OWNER, type: 'private' };
  await webhook.update({ message: { message_id: 1, date: 1, chat, from, text: 'ciao' } });
  expect(await user('501.2')).toMatchObject({ telegramUsername: 'nuovo_nome' });
});
