/**
 * What the person said last holds: by the bot, on the shop's site, with an old keyboard in an old app, whatever the shop and
 * an import say, and however late and in which order Telegram delivers it.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { callbackQueryOf, messageOf, nextUpdateId, type Webhook, webhookOf } from '../support/bot-updates.ts';
import { ANNA, NO_LIMITS, OTHER_STRANGER, STRANGER } from '../support/fixtures.ts';
import { type People, peopleOf } from '../support/people.ts';

const MINUTE = 60_000;

let app: App;
let webhook: Webhook;
let people: People;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator', limits: NO_LIMITS });
  webhook = webhookOf(app);
  people = peopleOf(app, webhook);
});
afterAll(() => app.close());
beforeEach(() => app.reset());
afterEach(() => {
  jest.restoreAllMocks();
});

/** From now on it is so many minutes after the test began. */
let began = 0;
function clock(minutes: number): void {
  jest.restoreAllMocks();
  began ||= Date.now();
  const ahead = began + minutes * MINUTE - Date.now();
  const { now } = Date;
  jest.spyOn(Date, 'now').mockImplementation(() => now() + ahead);
}
beforeEach(() => {
  began = 0;
  clock(0);
});

const seconds = (minute: number) => Math.floor((began + minute * MINUTE) / 1_000);

/** Telegram delivers now what was written at that minute. */
async function wrote(minute: number, text: string, chatId = ANNA): Promise<void> {
  const message = { ...messageOf(chatId, text), date: seconds(minute) };
  expect((await webhook.call({ update_id: nextUpdateId(), message })).status).toBe(200);
}
const press = (data: string, chatId = ANNA) =>
  webhook.update({ callback_query: callbackQueryOf(chatId, 1, data) });
const patch = async (body: object, userId = 'anna') =>
  (await app.call('PATCH', `/v1/sites/demo/users/${userId}`, { body })).status;
const importAgain = (more: object) =>
  app.call('POST', '/v1/sites/demo/users/import', {
    body: { botId: '100', users: [{ userId: 'anna', chatId: ANNA, ...more }] },
  });

let lastEvent = 0;
/** What becomes of the shop's next message. */
async function next(userId = 'anna'): Promise<string> {
  lastEvent += 1;
  const { json } = await app.report('message-sent', {
    eventId: `said-${lastEvent}`,
    message: { id: 'm', subject: 'F24' },
    sender: { id: 'studio' },
    recipients: [{ id: userId }],
  });
  await app.takeQueued();
  return json.notifications.map(({ status, reason }: Record<string, string>) => reason ?? status).join();
}

describe('a message that comes late counts when it was written', () => {
  test('/stop from before an opt-in that is known already: still on', async () => {
    clock(60);
    await patch({ optedOut: false, by: 'person' });
    await wrote(1, '/stop');
    expect(await next()).toBe('queued');
    // "Done: no more messages" would be untrue.
    expect(await app.telegram.textsIn(ANNA)).toEqual([]);
  });

  test('/start from before a /stop that is known already: still off', async () => {
    clock(60);
    await wrote(2, '/stop');
    await wrote(1, '/start');
    expect(await next()).toBe('opted-out');
  });

  test('/stop, /start and /stop, in the wrong order: off', async () => {
    clock(60);
    for (const minute of [3, 1]) await wrote(minute, '/stop');
    await wrote(2, '/start');
    expect(await next()).toBe('opted-out');
  });

  test('/stop between two opt-ins, in the wrong order: on', async () => {
    clock(60);
    await wrote(3, '/start');
    await wrote(2, 'basta');
    await wrote(1, '/start');
    expect(await next()).toBe('queued');
  });

  test('/stop after an opt-in on the site, hours late: off', async () => {
    await patch({ optedOut: false, by: 'person' });
    clock(300);
    await wrote(1, '/stop');
    expect(await next()).toBe('opted-out');
  });

  test('/start from before an opt-out on the site: still off', async () => {
    clock(5);
    await patch({ optedOut: true, by: 'person' });
    clock(300);
    await wrote(1, '/start');
    expect(await next()).toBe('opted-out');
  });

  test('/start TOKEN and then /stop, both after an outage: off', async () => {
    const token = await app.linkToken('dario');
    clock(300);
    await wrote(1, `/start ${token}`, STRANGER);
    await wrote(2, '/stop', STRANGER);
    await app.takeQueued();
    expect(await next('dario')).toBe('opted-out');
  });

  test('/start TOKEN for a chat that was stopped since: still off', async () => {
    await people.link('dario', STRANGER);
    const token = await app.linkToken('dario');
    clock(300);
    await wrote(2, '/stop', STRANGER);
    await wrote(1, `/start ${token}`, STRANGER);
    await app.takeQueued();
    expect(await next('dario')).toBe('opted-out');
  });

  test('/start TOKEN from before an opt-out on the site: still off', async () => {
    const token = await app.linkToken('dario');
    clock(2);
    await patch({ optedOut: true, by: 'person' }, 'dario');
    clock(300);
    await wrote(1, `/start ${token}`, STRANGER);
    await app.takeQueued();
    expect(await next('dario')).toBe('opted-out');
  });

  test('a date in the future counts as now: what is said afterwards holds', async () => {
    await wrote(60, '/stop');
    clock(1);
    await wrote(1, '/start');
    expect(await next()).toBe('queued');
  });
});

describe('an old keyboard in an old app', () => {
  test('"yes, again" after /stop and an opt-out by the shop: on', async () => {
    await wrote(0, '/stop');
    await patch({ optedOut: true });
    clock(1);
    await press('again');
    expect(await next()).toBe('queued');
  });

  test('/stop from before it, which comes after it: still on', async () => {
    await wrote(0, '/stop');
    clock(5);
    await press('again');
    await wrote(1, '/stop');
    expect(await next()).toBe('queued');
  });

  test('/stop after it: off', async () => {
    await press('again');
    clock(5);
    await wrote(5, '/stop');
    expect(await next()).toBe('opted-out');
  });

  test('"no more notifications", and /start from before it: off', async () => {
    clock(5);
    await press('stop');
    await wrote(1, '/start');
    expect(await next()).toBe('opted-out');
  });

  test('counts when it was pressed first, where Telegram has to send it again: /stop since holds', async () => {
    await wrote(0, '/stop');
    await app.telegram.fault({ times: 10, method: 'sendMessage', status: 502 });
    const pressed = { update_id: nextUpdateId(), callback_query: callbackQueryOf(ANNA, 1, 'again') };
    clock(1);
    expect((await webhook.call(pressed)).status).toBe(503);
    await app.telegram.clearFaults();
    await wrote(2, '/stop');
    clock(3);
    expect((await webhook.call(pressed)).status).toBe(200);
    expect(await next()).toBe('opted-out');
    expect((await app.telegram.textsIn(ANNA)).join()).not.toContain('di nuovo attivi');
  });

  test('a switch of one kind switches nothing on after /stop', async () => {
    await wrote(0, '/stop');
    clock(1);
    await press('on:message-sent');
    expect(await next()).toBe('opted-out');
  });
});

describe('the shop never switches on again what the person switched off', () => {
  const NO: [string, () => Promise<unknown>][] = [
    ['/stop', () => wrote(0, '/stop')],
    ['their profile', () => patch({ optedOut: true, by: 'person' })],
    ['an old keyboard', () => press('stop')],
  ];

  describe.each(NO)('by %s', (_where, sayNo) => {
    beforeEach(async () => {
      await sayNo();
      clock(5);
    });

    test('PATCH', async () => {
      expect(await patch({ optedOut: false })).toBe(409);
      expect(await patch({ optedOut: false, by: 'shop' })).toBe(409);
      expect(await next()).toBe('opted-out');
    });

    test('PATCH, after an opt-out of its own', async () => {
      await patch({ optedOut: true, by: 'shop' });
      expect(await patch({ optedOut: false, by: 'shop' })).toBe(409);
      expect(await next()).toBe('opted-out');
    });

    test('an import, also of another chat', async () => {
      await importAgain({ optedOut: false });
      await importAgain({ chatId: STRANGER });
      expect(await next()).toBe('opted-out');
    });

    test('a new id, and an import under it', async () => {
      await app.call('POST', '/v1/sites/demo/users/anna/rename', { body: { userId: 'anna-2' } });
      await importAgain({ userId: 'anna-2', optedOut: false });
      expect(await next('anna-2')).toBe('opted-out');
      await app.call('POST', '/v1/sites/demo/users/anna-2/rename', { body: { userId: 'anna' } });
      expect(await next()).toBe('opted-out');
    });

    test('a new link that nobody opens, and the end of the link with an import', async () => {
      await app.linkToken('anna');
      expect(await next()).toBe('opted-out');
      await app.call('DELETE', '/v1/sites/demo/users/anna/link');
      await importAgain({ optedOut: false });
      expect(await next()).not.toBe('queued');
    });

    test('a new link that another phone opens: that one speaks, and the first stays silent', async () => {
      await people.link('anna', STRANGER);
      expect(await next()).toBe('queued');
      lastEvent += 1;
      const subject = `altro telefono ${lastEvent}`;
      expect(await people.tell(subject, 'anna')).toMatchObject([{ status: 'queued' }]);
      expect((await people.textsIn(ANNA)).join()).not.toContain(subject);
      expect((await people.textsIn(STRANGER)).join()).toContain(subject);
    });
  });

  test('the end of a link to one of several chats, and an import of it', async () => {
    await people.link('anna', STRANGER);
    // Telegram counts whole seconds: within the second of the link nobody knows which came first.
    clock(5);
    await wrote(1, '/stop', STRANGER);
    await app.call('DELETE', '/v1/sites/demo/users/anna/link', { query: `chat=${STRANGER}` });
    await importAgain({ chatId: STRANGER });
    await people.tell('dopo il ritorno', 'anna');
    expect((await people.textsIn(STRANGER)).join()).not.toContain('F24 dopo il ritorno');
    // The person themself may.
    await people.link('anna', STRANGER);
    await people.tell('di nuovo', 'anna');
    expect((await people.textsIn(STRANGER)).join()).toContain('F24 di nuovo');
  });
});

describe('an import of an opt-out', () => {
  test('holds, and the person takes it back', async () => {
    await importAgain({ optedOut: true });
    expect(await next()).toBe('opted-out');
    clock(5);
    await wrote(5, '/start');
    expect(await next()).toBe('queued');
  });

  test.each<[string, () => Promise<unknown>]>([
    ['/start', () => wrote(5, '/start')],
    ['their profile', () => patch({ optedOut: false, by: 'person' })],
    ['an old keyboard', () => press('again')],
    ['a new link', () => people.link('anna', ANNA)],
  ])('that is repeated does not undo what the person said since, by %s', async (_where, sayYes) => {
    await importAgain({ optedOut: true });
    clock(5);
    await sayYes();
    clock(10);
    await importAgain({ optedOut: true });
    expect(await next()).toBe('queued');
  });

  test('of somebody who has only linked holds: nobody knows which came first', async () => {
    await people.link('dario', OTHER_STRANGER);
    await importAgain({ userId: 'dario', chatId: OTHER_STRANGER, optedOut: true });
    expect(await next('dario')).toBe('opted-out');
  });
});
