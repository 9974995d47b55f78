/** Which language a message is in: the event's, then the recipient's, then the stored one, then the site's. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { EVENT_NAMES, type EventName } from '../../lib/domain/events.ts';
import type { LocalizedText, Template } from '../../lib/domain/templates.ts';
import { type App, startApp } from '../support/app.ts';
import { type Fields, payload, payloadFor } from '../support/payloads.ts';
import { cartEvent, pollDue, reminderEvent } from '../support/schedule.ts';

let app: App;
let count = 0;

const HOUR = 3_600_000;
const TOMORROW = new Date(Date.now() + 24 * HOUR).toISOString();
/** Their bodies have the language of the session. */
const SESSION_EVENTS: readonly EventName[] = ['order-status', 'abandoned-cart'];

/** A valid body for this recipient alone, which says nothing about the session. */
function bodyFor(event: EventName, recipient: Fields): Fields {
  if (event === 'abandoned-cart') {
    // Another cart each time: an order ends the one that its holder had.
    const cart = { ...(cartEvent().cart as Fields), id: `c-${count}` };
    return cartEvent({ cart, user: recipient, language: undefined });
  }
  if (event === 'activity-reminder')
    return reminderEvent({ recipients: [recipient] }, { id: `a-${count}`, date: TOMORROW });
  return payloadFor(event, recipient, { language: undefined });
}

beforeAll(async () => {
  app = await startApp();
  await app.setUser('enzo', { firstName: 'Enzo' });
  await app.setUser('fanny', { firstName: 'Fanny', language: 'fr' });
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.setSite();
  await app.takeQueued();
});

/** The language of the message that this body causes, by words that every default template has. */
async function languageOf(event: EventName, body: Fields): Promise<string> {
  const answer = await app.report(event, { ...body, eventId: `language-${++count}` });
  expect(answer.status).toBe(202);
  if (event === 'abandoned-cart') await pollDue(event, Date.now() + 3 * HOUR);
  if (event === 'activity-reminder') await pollDue(event, Date.parse(TOMORROW) - HOUR);
  const [queued] = await app.takeQueued();
  const text = queued?.text ?? '';
  if (/ Ciao\b.*\n[\s\S]*( su |Grazie)/.test(text)) return 'it';
  if (/ Hello\b.*\n[\s\S]*( at |Thank)/.test(text)) return 'en';
  return `neither: ${text}`;
}

describe.each(['order-status', 'abandoned-cart'] as const)(
  '%s: the language of the event comes first',
  (event) => {
    const orderOf = (person: Fields, language?: string) => ({ ...bodyFor(event, person), language });

    test('bruno, whose own language is English, gets Italian from an Italian session', async () => {
      expect(await languageOf(event, orderOf({ id: 'bruno', language: 'en' }, 'it'))).toBe('it');
    });

    test('anna, whose own language is Italian, gets English from an English session', async () => {
      expect(await languageOf(event, orderOf({ id: 'anna', language: 'it' }, 'en'))).toBe('en');
    });

    test.each([
      ['it', 'it'],
      ['en', 'en'],
    ])("a session in a language without a text: the person's own", async (site, own) => {
      await app.setSite({ defaultLanguage: site === 'it' ? 'en' : 'it' });
      expect(await languageOf(event, orderOf({ id: 'enzo', language: own }, 'fr'))).toBe(own);
    });

    test.each([
      ['en-GB', 'it', 'en'],
      ['EN', 'it', 'en'],
      ['it-CH', 'en', 'it'],
      ['fr', 'it', 'it'],
      ['fr', 'en', 'en'],
      ['zh-Hant-TW', 'it', 'it'],
    ])('session %s at a site whose default is %s: %s', async (session, site, expected) => {
      await app.setSite({ defaultLanguage: site });
      expect(await languageOf(event, orderOf({ id: 'enzo' }, session))).toBe(expected);
    });
  },
);

describe.each(EVENT_NAMES)('%s: event’s, then recipient’s, then the stored one, then the site’s', (event) => {
  test.each([
    ['the payload comes first', { id: 'bruno', language: 'it' }, 'it', 'it'],
    ['the payload comes first', { id: 'anna', language: 'en' }, 'it', 'en'],
    ['then the stored one', { id: 'bruno' }, 'it', 'en'],
    ['then the stored one', { id: 'anna' }, 'en', 'it'],
    ["then the site's default", { id: 'enzo' }, 'it', 'it'],
    ["then the site's default", { id: 'enzo' }, 'en', 'en'],
    ['a region is served by its language', { id: 'anna', language: 'en-GB' }, 'it', 'en'],
    ["a language without a text falls to the site's default", { id: 'enzo', language: 'fr' }, 'en', 'en'],
    ["a language without a text falls to the site's default", { id: 'enzo', language: 'fr' }, 'it', 'it'],
    ['a language without a text falls to the stored one first', { id: 'bruno', language: 'fr' }, 'it', 'en'],
    ["a stored language without a text falls to the site's default", { id: 'fanny' }, 'en', 'en'],
  ])('%s: %j at a site in %s gets %s', async (_rule, recipient, site, expected) => {
    await app.setSite({ defaultLanguage: site });
    expect(await languageOf(event, bodyFor(event, recipient))).toBe(expected);
  });
});

test.each(EVENT_NAMES.filter((event) => !SESSION_EVENTS.includes(event)))(
  '%s has no language of the session',
  async (event) => {
    const answer = await app.report(event, { ...bodyFor(event, { id: 'anna' }), language: 'it' });

    expect(answer.status).toBe(400);
    expect(answer.json.errors).toMatchObject([{ pointer: '/language' }]);
  },
);

test('each of several recipients reads their own language', async () => {
  const recipients = [{ id: 'anna' }, { id: 'bruno' }, { id: 'carla', language: 'en' }];

  await app.report('message-sent', payload('message-sent', { eventId: 'several', recipients }));

  const byUser = new Map((await app.takeQueued()).map(({ userId, text }) => [userId, text]));
  expect(byUser.get('anna')).toContain('Ciao Anna, hai un nuovo messaggio');
  expect(byUser.get('bruno')).toContain('Hello Bruno, you have a new message');
  expect(byUser.get('carla')).toContain('Hello Carla, you have a new message');
});

test('the button is in the language of the text, its numbers and dates too', async () => {
  const holder = { id: 'bruno' };
  const order = {
    id: '1',
    reference: 'OC 1',
    status: 'Evaso',
    itemCount: 12345,
    total: { amount: '-1234567.5', currency: 'EUR' },
    url: 'https://shop.example/o/1',
  };
  await app.report(
    'order-status',
    payload('order-status', { eventId: 'n-it', holder, order, language: 'it' }),
  );
  await app.report(
    'order-status',
    payload('order-status', { eventId: 'n-en', holder, order, language: 'en' }),
  );

  const [italian, english] = await app.takeQueued();
  expect(italian?.text).toContain('Articoli: 12.345\nTotale: <b>-1.234.567,50\u00a0€</b>');
  expect(italian?.button?.text).toBe("Vedi l'ordine");
  expect(english?.text).toContain('Items: 12,345\nTotal: <b>-€1,234,567.50</b>');
  expect(english?.button?.text).toBe('View your order');
});

describe('one language for each message: not half in one and half in another', () => {
  const ownTemplate = (event: EventName, text: LocalizedText, button: LocalizedText) => {
    const template = { id: 'own', name: 'Own', enabled: true, statuses: ['Evaso'], text, button };
    return app.setTemplates({ ...template, event } as Template);
  };
  async function messageFor(event: EventName, userId: string) {
    await app.report(event, { ...bodyFor(event, { id: userId }), eventId: `halves-${++count}` });
    const [message] = await app.takeQueued();
    return message;
  }

  test('the button is written in another language only: ours, in that of the text', async () => {
    await ownTemplate('message-sent', { it: 'Ciao', en: 'Hello' }, { it: 'Leggi' });
    expect(await messageFor('message-sent', 'bruno')).toMatchObject({
      text: 'Hello',
      button: { text: 'Read the message' },
    });
  });

  test('the text is written in another language than that of the reader and of the site: amounts, dates and button follow it', async () => {
    const total = { en: 'Total: {{totaleOrdine}}' };
    await ownTemplate('order-status', total, { it: "Vedi l'ordine" });
    expect(await messageFor('order-status', 'anna')).toMatchObject({
      text: 'Total: €149.90',
      button: { text: 'View your order' },
    });
    await ownTemplate('activity-status', { en: 'On {{dataAttivita}}' }, { it: 'Vedi' });
    expect(await messageFor('activity-status', 'anna')).toMatchObject({
      text: expect.stringMatching(/^On .*November/),
      button: { text: 'View the activity' },
    });
  });
});
