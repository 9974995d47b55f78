/** What happens to the site itself is told to its staff: switched off, refused by Telegram, messages that failed. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { StaffNotice } from '../../lib/domain/staff.ts';
import { STAFF_TEXTS } from '../../lib/i18n/staff-texts.ts';
import { type App, startApp } from '../support/app.ts';
import { ANNA, BRUNO, CARLA, PLATFORM_KEY } from '../support/fixtures.ts';
import { endLater, later } from '../support/later.ts';
import type { Fields } from '../support/payloads.ts';
import { notification, record } from '../support/sqs-events.ts';

let app: App;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator', forDeliveries: true });
});
afterAll(() => app.close());
beforeEach(() => app.reset());
afterEach(endLater);

const SITE = '/v1/sites/demo';
const HOUR = 3_600_000;
const setStaff = (notice: StaffNotice, changes: object = {}) =>
  app.setSite({
    staff: [
      { userId: 'carla', notices: [notice] },
      { userId: 'bruno', notices: [notice] },
    ],
    ...changes,
  });

async function deliver(): Promise<void> {
  for (const each of await app.takeQueued()) {
    await app.stack.empty('PacesTable');
    expect(await app.deliver([record(each)])).toEqual([]);
  }
}

const hourly = () => app.invoke('statistics', {}, { getRemainingTimeInMillis: () => 300_000 });
const patch = (body: object, key?: string) => app.call('PATCH', SITE, { body, ...(key && { key }) });

describe('switched off', () => {
  test('by the merchant: told at once, once, although the site sends nothing', async () => {
    await setStaff('module-off');
    expect((await patch({ active: false })).status).toBe(200);
    await deliver();
    const [text, ...others] = await app.telegram.textsIn(CARLA);
    expect(text).toMatch(/^⏸ I messaggi sono disattivati\n\nL’invio è stato disattivato nelle impostazioni/);
    expect(others).toEqual([]);
    expect(await app.telegram.textsIn(BRUNO)).toEqual([
      expect.stringMatching(/^⏸ Messages are switched off\n\nSending was/),
    ]);
    expect(await app.telegram.textsIn(ANNA)).toEqual([]);
    await hourly();
    expect(await app.takeQueued()).toEqual([]);
    expect(await app.storedSite()).not.toHaveProperty('switchedOff');
    // No other message goes out.
    await app.deliver([record(notification({ userId: 'anna' }))]);
    expect(await app.telegram.textsIn(ANNA)).toEqual([]);
  });

  test.each([
    ['PATCH', { moduleActive: false }],
    ['PUT', { name: 'Demo', url: 'https://shop.example', moduleActive: false }],
  ])('by the platform, with %s', async (method, body) => {
    await setStaff('module-off');
    expect((await app.call(method, SITE, { key: PLATFORM_KEY, body })).status).toBe(200);
    await deliver();
    expect(await app.telegram.textsIn(CARLA)).toEqual([
      expect.stringContaining('La piattaforma ha disattivato il modulo'),
    ]);
    // Off already: it is no news that the merchant switches it off too, or that the platform says it again.
    await app.call(method, SITE, { key: PLATFORM_KEY, body });
    await patch({ active: false });
    await deliver();
    expect(await app.telegram.textsIn(CARLA)).toHaveLength(1);
  });

  test('nobody is told that it is off when it is on again', async () => {
    await setStaff('module-off');
    await patch({ active: false });
    const queued = await app.takeQueued();
    await patch({ active: true });
    for (const each of queued) await app.deliver([record(each)]);
    expect(await app.telegram.textsIn(CARLA)).toEqual([]);
    const { json } = await app.call('GET', `${SITE}/deliveries`, {
      query: 'event=staff-module-off&userId=carla',
    });
    expect(json.deliveries[0].message.it).toBe(
      'Non inviato: nel frattempo i messaggi sono stati riattivati. Non serve fare nulla.',
    );
    await patch({ active: false });
    await deliver();
    expect(await app.telegram.textsIn(CARLA)).toHaveLength(1);
  });

  test('is not sent again while it is on: who asks is told so at once', async () => {
    await setStaff('module-off');
    await patch({ active: false });
    await deliver();
    await patch({ active: true });
    const { json } = await app.call('GET', `${SITE}/deliveries`, {
      query: 'event=staff-module-off&userId=carla',
    });
    const resend = () => app.call('POST', `${SITE}/deliveries/${json.deliveries[0].deliveryId}/resend`);
    const refused = await resend();
    expect([refused.status, refused.json.code]).toEqual([409, 'superseded']);
    expect(await app.takeQueued()).toEqual([]);
  });

  test('a site without such staff writes nothing more', async () => {
    await setStaff('new-order');
    await patch({ active: false });
    expect(await app.takeQueued()).toEqual([]);
    expect(await app.storedSite()).not.toHaveProperty('switchedOff');
  });
});

describe('Telegram has refused the token', () => {
  const refused = {
    kind: 'bot-unauthorized',
    since: '2026-11-22T09:00:00.000Z',
    description: 'Unauthorized',
  };
  const withProblem = () => {
    const { bot } = app.site;
    return { bot: bot && { ...bot, problem: refused } } as object;
  };

  test('the staff is told from when to when, when the bot works again; once', async () => {
    await setStaff('bot-refused', withProblem());
    await app.deliver([record(notification({ userId: 'anna' }))]);
    await deliver();
    expect(await app.telegram.textsIn(CARLA)).toEqual([
      expect.stringMatching(
        /^🤖 Il bot funziona di nuovo\n\nTelegram ne rifiutava.*Da quando funziona, quelli rimasti in attesa partono da soli\.\n\nDa: 22 novembre 2026 alle ore 10:00\nA: /,
      ),
    ]);
    await app.deliver([record(notification({ userId: 'anna' }))]);
    await hourly();
    await deliver();
    expect(await app.telegram.textsIn(CARLA)).toHaveLength(1);
    expect(await app.storedSite()).not.toHaveProperty('botOutage');
  });

  test('within a minute: only the time is told', () => {
    const time = '22 novembre 2026 alle ore 10:00';
    const text = STAFF_TEXTS.it.botWorksAgain({ from: time, to: time });
    expect(text).toMatch(/\n\nQuando: 22 novembre 2026 alle ore 10:00$/);
  });

  test('also where another token was saved, by the next message that goes out or within the hour', async () => {
    await setStaff('bot-refused', withProblem());
    const { status } = await app.call('PUT', `${SITE}/bot`, {
      body: { token: '100:demo', username: 'demo_shop_bot' },
    });
    expect(status).toBe(200);
    expect(await app.storedSite()).toHaveProperty('botOutage.since', refused.since);
    await app.deliver([record(notification({ userId: 'anna' }))]);
    await deliver();
    expect(await app.telegram.textsIn(CARLA)).toHaveLength(1);
  });

  test('nobody is told where nobody has asked for it', async () => {
    await setStaff('failures', withProblem());
    await app.deliver([record(notification({ userId: 'anna' }))]);
    expect(await app.takeQueued()).toEqual([]);
    expect((await app.storedSite()).bot).not.toHaveProperty('problem');
    expect(await app.storedSite()).not.toHaveProperty('botOutage');
  });
});

describe('messages that failed', () => {
  const fail = async (times: number, description = 'Bad Request: chat not found') => {
    for (let count = 0; count < times; count++) {
      await app.telegram.refuse(400, description, { times: 1 });
      await app.stack.empty('PacesTable');
      await app.setUser('anna');
      await app.deliver([record(notification({ userId: 'anna' }))]);
    }
    await app.telegram.clearFaults();
  };

  test('are told in one message an hour, with the reasons in words', async () => {
    await setStaff('failures');
    // From here on.
    await fail(1);
    await later(HOUR);
    await hourly();
    await fail(2);
    await fail(1, 'Bad Request: message text is empty');
    expect(await app.takeQueued()).toEqual([]);
    await later(HOUR);
    await hourly();
    await deliver();
    expect(await app.telegram.textsIn(CARLA)).toEqual([
      expect.stringMatching(
        /^❗️ 3 messaggi non consegnati\n\n• 2: la persona ha bloccato.*\n• 1: Telegram ha rifiutato il messaggio\n\nDa: .*\nA: .*\n\nI dettagli.*Registro.* in «Esito» scegliere «Non riuscito»\.$/,
      ),
    ]);
    expect(await app.telegram.textsIn(BRUNO)).toEqual([expect.stringMatching(/^❗️ 3 messages were not/)]);
    await later(HOUR);
    await hourly();
    expect(await app.takeQueued()).toEqual([]);
  });

  test('a failure of such a notice causes no other, and a test of a template none', async () => {
    await setStaff('failures');
    await hourly();
    await fail(1);
    await later(HOUR);
    await hourly();
    await app.telegram.refuse(400, 'Bad Request: message text is empty');
    for (const each of await app.takeQueued()) await app.deliver([record(each)]);
    await app.deliver([record(notification({ userId: 'anna', isTest: true }))]);
    await app.telegram.clearFaults();
    await later(HOUR);
    await hourly();
    expect(await app.takeQueued()).toEqual([]);
    const { json } = await app.call('GET', `${SITE}/deliveries`, { query: 'event=staff-failures' });
    expect(json.deliveries.map(({ status }: Fields) => status)).toEqual(['failed', 'failed']);
  });

  test('without such staff nothing is read or kept', async () => {
    await setStaff('new-order');
    await fail(1);
    await later(HOUR);
    await hourly();
    expect(await app.takeQueued()).toEqual([]);
    const keys = (await app.stack.items('StatisticsTable')).map(({ key }) => key);
    expect(keys).not.toContain('staff-failures');
  });

  test('what failed while the notice was off for days is no news', async () => {
    await setStaff('failures');
    await hourly();
    await fail(1);
    await setStaff('new-order');
    await later(48 * HOUR);
    await setStaff('failures');
    await hourly();
    expect(await app.takeQueued()).toEqual([]);
  });
});
