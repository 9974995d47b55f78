/** One message for an order: what the API takes and refuses, and what becomes of it with its person (docs/templates.md). */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Card } from '../../lib/store/cards.ts';
import { type App, startApp } from '../support/app.ts';
import { ANNA } from '../support/fixtures.ts';
import { cardTemplate, followed, reported } from '../support/order-cards.ts';
import { record } from '../support/sqs-events.ts';

let app: App;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator' });
});
afterAll(() => app.close());
beforeEach(() => app.reset());

const templates = '/v1/sites/demo/templates';
const draft = (changes: object = {}) => ({
  id: 'evaso',
  name: 'Evaso',
  event: 'order-status',
  statuses: ['Evaso', 'Bollato'],
  text: { it: 'Ordine evaso', en: 'Shipped' },
  ...changes,
});
const create = (changes: object) => app.call('POST', templates, { body: draft(changes) });
const patch = (body: object) => app.call('PATCH', `${templates}/evaso`, { body });
const read = async () => (await app.call('GET', `${templates}/evaso`)).json.card;

describe('a template', () => {
  test.each([
    [{}, {}],
    [{ newMessageFor: [] }, {}],
    [{ newMessageFor: ['Evaso'] }, { newMessageFor: ['Evaso'] }],
    // Compared as statuses are.
    [{ newMessageFor: [' EVASO '] }, { newMessageFor: ['EVASO'] }],
  ])('takes %j', async (card, stored) => {
    const { status, json } = await create({ card });
    expect([status, json.card]).toEqual([201, stored]);
    expect(await read()).toEqual(stored);
  });

  test('has none unless it says so', async () => {
    expect((await create({})).json).not.toHaveProperty('card');
  });

  test('is changed field by field, and switched off', async () => {
    await create({ card: { newMessageFor: ['Evaso'] } });
    await patch({ name: 'Altro' });
    expect(await read()).toEqual({ newMessageFor: ['Evaso'] });
    await patch({ card: {} });
    expect(await read()).toEqual({ newMessageFor: ['Evaso'] });
    await patch({ card: { newMessageFor: null } });
    expect(await read()).toEqual({});
    await patch({ card: null });
    expect(await read()).toBeUndefined();
    await patch({ card: {} });
    expect(await read()).toEqual({});
  });

  test.each([
    ['a status that it is not for', { card: { newMessageFor: ['Evaso', 'Nuovo'] } }, '/card/newMessageFor/1'],
    ['a status twice', { card: { newMessageFor: ['Evaso', 'evaso'] } }, '/card/newMessageFor/1'],
    ['an unknown field', { card: { ringFor: ['Evaso'] } }, '/card/ringFor'],
    ['something else', { card: true }, '/card'],
    ['another event', { event: 'message-sent', statuses: undefined, card: {} }, '/card'],
  ])('is refused with %s', async (_, changes, pointer) => {
    const { status, json } = await create(changes);
    expect(status).toBe(400);
    expect(json.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
  });

  test('for the same status as another one is warned of', async () => {
    await app.setTemplates(cardTemplate('a', ['Evaso'], {}));
    const { json } = await app.call('POST', templates, {
      body: draft({ card: {} }),
      headers: { 'accept-language': 'it' },
    });
    expect(json.warnings).toEqual([
      {
        pointer: '/enabled',
        code: 'overlaps-another',
        detail: expect.stringContaining("il primo nell'elenco dei messaggi aggiorna"),
      },
    ]);
  });

  test.each([
    ['follows the order in one message, and another one does not', { card: {} }, undefined],
    ['does not, and another one does', {}, {}],
  ])('that %s: it is warned of, once', async (_, changes, card) => {
    await app.setTemplates(
      cardTemplate('a', ['Ricevuto'], card, { name: 'Primo' }),
      cardTemplate('b', ['Pronto'], card, { name: 'Secondo' }),
      cardTemplate('off', ['Consegnato'], card, { enabled: false }),
      cardTemplate('group', ['Chiuso'], card, { groups: ['altri'] }),
    );
    const body = draft({ ...changes, groups: ['rivenditori'] });
    const { json } = await app.call('POST', templates, { body, headers: { 'accept-language': 'it' } });
    expect(json.warnings).toEqual([
      {
        pointer: '/card',
        code: 'overlaps-another',
        detail: expect.stringMatching(/^L'ordine avrà più messaggi:.* "Primo" e "Secondo" /),
      },
    ]);
  });

  test.each([
    ['both do', { card: {} }, {}],
    ['none does', {}, undefined],
  ])('of which %s is not warned of', async (_, changes, card) => {
    await app.setTemplates(cardTemplate('a', ['Ricevuto'], card));
    expect((await create(changes)).json.warnings ?? []).toEqual([]);
  });

  test('can be previewed', async () => {
    const { id: _id, name: _name, ...body } = draft({ card: { newMessageFor: ['Evaso'] } });
    expect((await app.call('POST', `${templates}/preview`, { body })).status).toBe(200);
  });
});

describe('the message of an order', () => {
  beforeEach(async () => {
    await app.setTemplates(cardTemplate('order', ['Ricevuto', 'Pronto'], {}));
    await followed(app, { status: 'Ricevuto' });
    await app.stack.empty('PacesTable');
  });
  const cards = async () =>
    (await app.stack.items('ScheduleTable')).filter(({ key }) => String(key).startsWith('order-card#'));
  const user = '/v1/sites/demo/users/anna';

  test('is known for 90 days', async () => {
    const [card] = await cards();
    const { message_id: messageId } = await app.telegram.lastIn(ANNA);
    expect(card).toMatchObject({ userId: 'anna', chatId: ANNA, messageId });
    const days = (Number(card?.expiresAt) - Date.now() / 1_000) / 86_400;
    expect(days).toBeGreaterThan(89.9);
    expect(days).toBeLessThanOrEqual(90);
  });

  test('is forgotten with its person', async () => {
    expect((await app.call('DELETE', user)).status).toBe(200);
    expect(await cards()).toEqual([]);
  });

  test('is forgotten also where it was noted a moment after they were erased', async () => {
    const [card] = await cards();
    await app.call('DELETE', user);
    const { saveCard } = await import('../../lib/store/cards.ts');
    await saveCard({ ...(card as unknown as Card), sentAt: new Date().toISOString() });
    const { eraseLate } = await import('../../lib/store/erase.ts');
    const { findUserOrRenamed } = await import('../../lib/store/users.ts');
    const left = await findUserOrRenamed({ siteId: 'demo', userId: 'anna' });
    if (!left) throw new Error('Nothing says that they were erased.');
    await eraseLate(left);
    expect(await cards()).toEqual([]);
  });

  test('is in the export of its person, and in nobody else’s', async () => {
    const { json } = await app.call('GET', `${user}/export`);
    expect(json.scheduled).toContainEqual({ key: `order-card#${ANNA}#order#84512` });
    const { json: other } = await app.call('GET', '/v1/sites/demo/users/bruno/export');
    expect(other.scheduled).toEqual([]);
  });

  test('is not among what is to come', async () => {
    const { json } = await app.call('GET', '/v1/sites/demo/scheduled');
    expect(json.scheduled).toEqual([]);
  });

  test('goes with a person who is renamed, and is changed under both ids', async () => {
    const queued = await reported(app, { status: 'Pronto' });
    const { status } = await app.call('POST', `${user}/rename`, { body: { userId: 'anna-2' } });
    expect(status).toBe(204);
    expect(await cards()).toMatchObject([{ userId: 'anna-2' }]);
    for (const message of queued) expect(await app.deliver([record(message)])).toEqual([]);

    expect(await app.telegram.textsIn(ANNA)).toEqual(['Pronto']);
    expect(await cards()).toMatchObject([{ userId: 'anna-2' }]);
  });
});
