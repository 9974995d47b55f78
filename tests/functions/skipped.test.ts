/** Every reason for which a recipient gets nothing. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { template } from '../support/fixtures.ts';
import {
  EVENTS,
  type EventKind,
  type Fields,
  payload,
  payloadBy,
  payloadFor,
  RESERVED_AREA_EVENTS,
} from '../support/payloads.ts';

let app: App;
let count = 0;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.setSite();
  await app.takeQueued();
});

/** What the answer says of the only recipient; what it says of the queue is checked against the queue. */
async function outcomeOf(event: EventKind, body: Fields): Promise<string> {
  const answer = await app.report(event, { ...body, eventId: `skipped-${++count}` });
  expect(answer.status).toBe(202);
  expect(answer.json.notifications).toHaveLength(1);
  const [{ status, reason }] = answer.json.notifications;
  expect(await app.takeQueued()).toHaveLength(status === 'queued' ? 1 : 0);
  return reason ?? status;
}

describe.each(EVENTS)('%s', (event) => {
  test.each([
    ['a user that nobody knows', undefined, 'not-linked'],
    ['a known user without a chat', { chatId: undefined }, 'not-linked'],
    ['a user who opted out', { optedOut: true }, 'opted-out'],
    ['a user who opted out, and unlinked', { optedOut: true, chatId: undefined }, 'opted-out'],
    ['a user who opted in again', { optedOut: false }, 'queued'],
    ['a user who muted this event', { mutedEvents: ['welcome', event] }, 'muted'],
    ['a user who muted none', { mutedEvents: [] }, 'queued'],
    [
      'a user who blocked the bot',
      { unreachable: { reason: 'blocked', since: '2026-11-01T10:00:00Z' } },
      'unreachable',
    ],
  ])('%s', async (_who, user, expected) => {
    const userId = `${event}-${++count}`;
    if (user) await app.setUser(userId, user);

    expect(await outcomeOf(event, payloadFor(event, { id: userId }))).toBe(expected);
  });

  test('a user who muted another event', async () => {
    const another = EVENTS.find((name) => name !== event) ?? '';
    await app.setUser('mutes-another', { mutedEvents: [another] });

    expect(await outcomeOf(event, payloadFor(event, { id: 'mutes-another' }))).toBe('queued');
  });

  test('no template at all', async () => {
    await app.setTemplates();
    expect(await outcomeOf(event, payload(event))).toBe('no-template');
  });

  test('a disabled template', async () => {
    const kind = event === 'file-access' ? 'file-download' : event;
    await app.setTemplates(template(kind, 'off', { enabled: false, statuses: ['Evaso'] }));
    expect(await outcomeOf(event, payload(event))).toBe('no-template');
  });

  test('a template for a group of others', async () => {
    const kind = event === 'file-access' ? 'file-download' : event;
    await app.setTemplates(template(kind, 'others', { groups: ['Rivenditori'], statuses: ['Evaso'] }));
    expect(await outcomeOf(event, payloadFor(event, { id: 'anna', groups: ['Privati'] }))).toBe(
      'group-not-included',
    );
  });
});

test.each(['download', 'view'])('muted file-access holds for both kinds: %s', async (access) => {
  await app.setUser('mutes-files', { mutedEvents: ['file-access'] });
  const body = payloadFor('file-access', { id: 'mutes-files' }, { access });
  expect(await outcomeOf('file-access', body)).toBe('muted');
});

test('a template that has nothing to say for this event sends no empty message', async () => {
  await app.setTemplates(template('message-sent', 'text only', { text: { it: '{{testoMessaggio}}' } }));
  const message = { id: '1', subject: 'Senza testo' };
  expect(await outcomeOf('message-sent', payload('message-sent', { message }))).toBe('no-template');
});

describe('managed statuses of order-status', () => {
  const orderIn = (status: string) => ({
    id: '1',
    reference: 'OC 1',
    status,
    itemCount: 1,
    total: { amount: '1', currency: 'EUR' },
    url: 'https://shop.example/',
  });

  test.each([
    ['Evaso', ['EVASO'], 'queued'],
    [' evaso ', ['Evaso'], 'queued'],
    ['EVASO', [' evaso '], 'queued'],
    ['Da&nbsp;verificare', ['Da verificare'], 'queued'],
    ['Qualit&agrave;', ['Qualità'], 'queued'],
    ['Da Verificare', ['da verificare'], 'queued'],
    ['QUALITÀ', ['qualita\u0300'], 'queued'],
    ['Evaso', ['Nuovo', 'Evaso'], 'queued'],
    ['Evaso parzialmente', ['Evaso'], 'status-not-managed'],
    ['Evas', ['Evaso'], 'status-not-managed'],
    ['DaVerificare', ['Da verificare'], 'status-not-managed'],
    ['Evaso', [], 'status-not-managed'],
    ['Evaso', undefined, 'status-not-managed'],
  ])('an order in "%s", managed %j: %s', async (status, statuses, expected) => {
    await app.setTemplates(template('order-status', 'order', statuses ? { statuses } : {}));
    const body = payload('order-status', { order: orderIn(status) });
    expect(await outcomeOf('order-status', body)).toBe(expected);
  });

  test("a status of the shop's own is not managed by the default template", async () => {
    const body = payload('order-status', { order: orderIn('In lavorazione') });
    expect(await outcomeOf('order-status', body)).toBe('status-not-managed');
  });
});

describe.each(RESERVED_AREA_EVENTS)('%s at a site that limits who may cause messages', (event) => {
  beforeEach(() => app.setSite({ telegramGroups: ['Agenti', 'Capi area'] }));
  // The recipient is in the group, so that a mix-up of the two persons would show.
  const by = (groups?: string[]) =>
    payloadBy(
      event,
      { id: 'carla', ...(groups && { groups }) },
      payloadFor(event, { id: 'anna', groups: ['Agenti'] }),
    );

  test.each([
    ['in one of the groups', ['Privati', 'Capi area'], 'queued'],
    ['in another group', ['Privati'], 'sender-group-not-enabled'],
    ['in no group', [], 'sender-group-not-enabled'],
    ['whose groups are not told', undefined, 'sender-group-not-enabled'],
  ])('a person acting %s', async (_who, groups, expected) => {
    expect(await outcomeOf(event, by(groups))).toBe(expected);
  });

  test('and nobody is limited where no groups are set', async () => {
    await app.setSite({ telegramGroups: [] });
    expect(await outcomeOf(event, payloadBy(event, { id: 'carla' }))).toBe('queued');
  });
});

test('a status that the back office changed has no person acting, and is sent', async () => {
  await app.setSite({ telegramGroups: ['Agenti'] });
  expect(await outcomeOf('activity-status', payload('activity-status', { changedBy: undefined }))).toBe(
    'queued',
  );
});

test("an order needs nobody's right", async () => {
  await app.setSite({ telegramGroups: ['Agenti'] });
  expect(await outcomeOf('order-status', payload('order-status'))).toBe('queued');
});

describe('documents of Docuvision', () => {
  test.each([
    ['docuvision', false, 'docuvision-disabled'],
    ['docuvision', true, 'queued'],
    ['manual', false, 'queued'],
    ['manual', true, 'queued'],
    [undefined, false, 'queued'],
  ])('source %s, docuvision %s: %s', async (source, docuvision, expected) => {
    await app.setSite({ docuvision });
    expect(await outcomeOf('file-upload', payload('file-upload', { source }))).toBe(expected);
  });
});
