/**
 * Ugly values through all events in both languages: whatever a shop sends, a person reads a message without markup,
 * without links that nobody wrote, and without lines that a value has forged.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Notification } from '../../lib/deliveries/notification.ts';
import { MAX_TEXT_LENGTH } from '../../lib/telegram/html/index.ts';
import { readFormattedText } from '../../local/emulator/text.ts';
import { type App, startApp } from '../support/app.ts';
import { AMOUNTS, EMPTY_VALUES, UGLY_VALUES, type UglyValue } from '../support/corpus.ts';
import { templatesWithMessageText } from '../support/fixtures.ts';
import { EVENTS, type Fields, payload } from '../support/payloads.ts';
import { cartEvent, pollDue, reminderEvent } from '../support/schedule.ts';

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const LANGUAGES = ['it', 'en'] as const;
const ALL_EVENTS = [...EVENTS, 'abandoned-cart', 'activity-reminder'] as const;
type AnyEvent = (typeof ALL_EVENTS)[number];

/** So many events are reported at once, and their messages are read then. */
const PORTION = 25;

/** A person has one cart at a time. */
const portionOf = (event: AnyEvent) => (event === 'abandoned-cart' ? 1 : PORTION);

/** A test has hundreds of messages. */
const TIMEOUT = 240_000;

/** The words of an event that people read, and how long each may be. */
const NAMES: Record<string, number> = {
  firstName: 256,
  lastName: 256,
  companyName: 256,
  name: 256,
  reference: 128,
  oldStatus: 256,
  newStatus: 256,
};
const EDITED: Record<string, number> = { subject: 10_000, text: 10_000 };
const OPTIONAL = ['firstName', 'lastName', 'companyName', 'text'];

function withWords(value: unknown, word: (name: string, written: unknown) => unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => withWords(one, word));
  if (typeof value !== 'object' || value === null) return word(name, value);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withWords(one, word, key)]));
}

/** At most so many UTF-16 units, and no half of a character. */
function within(text: string, length: number): string {
  const kept = text.slice(0, length);
  return kept.isWellFormed() ? kept : kept.slice(0, -1);
}

const put =
  ({ value, kind }: UglyValue) =>
  (name: string, written: unknown): unknown => {
    const length = EDITED[name] ?? (kind === 'name' ? NAMES[name] : undefined);
    return length === undefined ? written : within(value, length);
  };

function valid(event: AnyEvent): Fields {
  if (event === 'abandoned-cart') return cartEvent();
  return event === 'activity-reminder' ? reminderEvent() : payload(event);
}

/** The event for anna alone, in a language, with another id of its own. */
function eventFor(event: AnyEvent, id: string, language: string): Fields {
  const body = valid(event);
  const anna = { id: 'anna', firstName: 'Anna', lastName: 'Rossi' };
  const reader = { ...anna, language };
  switch (event) {
    case 'order-status':
      return { ...body, eventId: id, language, order: { ...(body.order as Fields), id } };
    case 'abandoned-cart':
      return { ...body, eventId: id, language, cart: { ...(body.cart as Fields), id } };
    case 'activity-reminder':
      return { ...body, eventId: id, activity: { ...(body.activity as Fields), id }, recipients: [reader] };
    case 'message-sent':
      return { ...body, eventId: id, recipients: [reader] };
    case 'message-read':
      return { ...body, eventId: id, sender: reader };
    case 'activity-status':
    case 'activity-viewed':
      return { ...body, eventId: id, creator: reader };
    default:
      return { ...body, eventId: id, administrators: [reader] };
  }
}

let count = 0;

/** Reports the events, and gives the message of each. */
async function messagesOf(event: AnyEvent, bodies: Fields[]): Promise<Notification[]> {
  const found = new Map<string, Notification>();
  const answered = new Map<unknown, unknown>();
  const portion = portionOf(event);
  for (let start = 0; start < bodies.length; start += portion) {
    const answers = await Promise.all(
      bodies.slice(start, start + portion).map((body) => app.report(event, body)),
    );
    for (const [index, { status, json }] of answers.entries()) {
      expect([bodies[start + index], status, json]).toEqual([expect.anything(), 202, expect.anything()]);
      answered.set(bodies[start + index]?.eventId, json);
    }
    if (event === 'abandoned-cart') await pollDue(event, Date.now() + 4 * 3_600_000);
    if (event === 'activity-reminder') await pollDue(event, '2027-03-15T08:30:00+01:00');
    for (const message of await app.takeQueued()) found.set(message.eventId, message);
  }
  return bodies.map(({ eventId }) => {
    const message = found.get(String(eventId));
    if (!message) throw new Error(`No message of ${eventId}: ${JSON.stringify(answered.get(eventId))}`);
    return message;
  });
}

/** What a person sees: the emulator refuses what Telegram would. */
function seen({ text }: Notification) {
  return readFormattedText({ text, parse_mode: 'HTML' }, () => undefined);
}

const linesIn = (text: string) => text.split('\n').length;

/** What is wrong with a message, whatever its values. */
function faults(message: Notification, value: string): string[] {
  const { text, entities = [] } = seen(message);
  const isIn = (sign: RegExp) => sign.test(text) && !sign.test(value);
  const button = message.button?.text ?? '';
  const found = entities
    .filter(({ type }) => /^(?:url|email|mention|bot_command|hashtag|cashtag)$/.test(type))
    .map(({ type, offset, length }) => [type, text.slice(offset, offset + length)] as const)
    .filter(([type, link]) => link !== 'https://shop.example' && !isWritten(type, link, value));
  return [
    ...found.map(([type, link]) => `${type} ${link}`),
    ...(text.length > MAX_TEXT_LENGTH ? ['too long'] : []),
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
    ...(/[\0-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufffd]/.test(text) ? ['control character'] : []),
    ...(text === text.normalize('NFC') ? [] : ['not NFC']),
    ...(isIn(/[^.]\.\.(?!\.)/) ? ['two full stops'] : []),
    ...(isIn(/ [,;]|\( *\)|: *$/m) ? ['something is missing'] : []),
    ...(/(?:Ciao|Buongiorno|Hello)[ \u00a0]+[,!.]/.test(text) ? ['nobody is greeted'] : []),
    ...(/\n\n\n|^\s|\s$/.test(text) ? ['blank lines'] : []),
    ...(/\n/.test(button) || button.length > 64 || !button.isWellFormed() ? [`button ${button}`] : []),
  ];
}

/** Whether somebody wrote it as an address: with its scheme, with `www.`, or as an e-mail address. */
function isWritten(type: string, link: string, value: string): boolean {
  const isAddress = type === 'email' || (type === 'url' && /^(?:https?:\/\/|www\.)/i.test(link));
  return isAddress && value.normalize('NFC').replaceAll('&amp;', '&').includes(link);
}

/** Markup that is shown, or a character that is shown by its name. */
const MARKUP =
  /<\/?(?:p|br|div|ul|ol|li|span|strong|em|table|t[rd]|font|html|body|style|script|a|img|o:p)\b[^<>]*>/i;
const REFERENCE =
  /&(?:#\d+|#x[\da-f]+|(?:amp|lt|gt|quot|apos|nbsp|[aeiou](?:grave|acute|uml)|rsquo|ndash|hellip|euro));/i;

test('there are enough', () => {
  expect(new Set(UGLY_VALUES.map(({ value }) => value)).size).toBeGreaterThanOrEqual(150);
});

describe.each(ALL_EVENTS)('%s', (event) => {
  test.each(LANGUAGES)(
    'ugly values, in %s',
    async (language) => {
      await app.reset();
      const plain = eventFor(event, `corpus-${++count}`, language);
      const usual = withWords(plain, put({ value: 'Parola', kind: 'name' })) as Fields;
      const values = UGLY_VALUES.filter(({ kind }) => kind === 'name' || hasEdited(plain));
      const bodies = values.map(
        (value) => withWords(eventFor(event, `corpus-${++count}`, language), put(value)) as Fields,
      );
      const [first, ...messages] = await messagesOf(event, [usual, ...bodies]);
      const lines = linesIn(seen(first as Notification).text);
      const wrong = messages.flatMap((message, index) => {
        const value = values[index]?.value ?? '';
        const { text } = seen(message);
        const all = [
          ...faults(message, value),
          ...(linesIn(text) > lines ? ['a line more'] : []),
          ...(MARKUP.test(text) ? ['markup'] : []),
          ...(REFERENCE.test(text) ? ['a character by its name'] : []),
        ];
        return all.length > 0 ? [{ value: value.slice(0, 60), all, text: text.slice(0, 400) }] : [];
      });
      expect(wrong).toEqual([]);
    },
    TIMEOUT,
  );

  test.each(LANGUAGES)(
    'nothing where something may be, in %s',
    async (language) => {
      await app.reset();
      const bodies = EMPTY_VALUES.map((empty) => {
        const body = eventFor(event, `corpus-${++count}`, language);
        return withWords(body, (name, written) => (OPTIONAL.includes(name) ? empty : written)) as Fields;
      });
      const messages = await messagesOf(event, bodies);
      const wrong = messages.flatMap((message, index) => {
        const all = faults(message, '');
        return all.length > 0 ? [{ empty: EMPTY_VALUES[index], all, text: seen(message).text }] : [];
      });
      expect(wrong).toEqual([]);
    },
    TIMEOUT,
  );
});

function hasEdited(body: Fields): boolean {
  return /"(?:subject|text)":/.test(JSON.stringify(body));
}

describe.each(['message-sent', 'message-read'] as const)('%s with the text of the message', (event) => {
  test.each(LANGUAGES)(
    'in %s',
    async (language) => {
      await app.reset();
      await app.setTemplates(...templatesWithMessageText());
      const bodies = UGLY_VALUES.map(
        (value) => withWords(eventFor(event, `corpus-${++count}`, language), put(value)) as Fields,
      );
      const messages = await messagesOf(event, bodies);
      const wrong = messages.flatMap((message, index) => {
        const value = UGLY_VALUES[index]?.value ?? '';
        const { text } = seen(message);
        const all = [
          ...faults(message, value),
          ...(MARKUP.test(text) ? ['markup'] : []),
          ...(REFERENCE.test(text) ? ['a character by its name'] : []),
        ];
        return all.length > 0 ? [{ value: value.slice(0, 60), all, text: text.slice(0, 400) }] : [];
      });
      expect(wrong).toEqual([]);
    },
    TIMEOUT,
  );
});

describe.each(['order-status', 'abandoned-cart'] as const)('%s', (event) => {
  test.each(LANGUAGES)(
    'amounts, in %s',
    async (language) => {
      await app.reset();
      const bodies = AMOUNTS.map((total) => {
        const body = eventFor(event, `corpus-${++count}`, language);
        const place = event === 'order-status' ? 'order' : 'cart';
        return { ...body, [place]: { ...(body[place] as Fields), total } };
      });
      const messages = await messagesOf(event, bodies);
      const wrong = messages.flatMap((message, index) => {
        const { amount = '', currency = '' } = AMOUNTS[index] ?? {};
        const { text } = seen(message);
        const shown = /^(?:Totale|Total): (.*)$/m.exec(text)?.[1] ?? '';
        const digits = amount.replace(/\D/g, '').replace(/^0+|0+$/g, '');
        const all = [
          ...faults(message, amount),
          ...(shown.replace(/\D/g, '').includes(digits) ? [] : ['other digits']),
          ...(/[-−]/.test(shown) === Number(amount) < 0 ? [] : ['a minus']),
        ];
        return all.length > 0 ? [{ amount, currency, all, shown }] : [];
      });
      expect(wrong).toEqual([]);
    },
    TIMEOUT,
  );
});
