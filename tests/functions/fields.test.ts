/** Every wrong field is named with its JSON Pointer (RFC 6901) and a sentence that says what to do. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { changed, EVENTS, type EventKind, type Fields, payload, payloadForAll } from '../support/payloads.ts';

let app: App;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());
afterEach(async () => {
  expect(await app.takeQueued()).toEqual([]);
});

const message = ['message', 'message/id', 'message/subject'];
const activity = ['activity', 'activity/id', 'activity/subject', 'activity/date'];
const file = ['file', 'file/name', 'folder', 'folder/name'];

/** What the contract asks for, by event. */
const REQUIRED: Record<EventKind, string[]> = {
  'order-status': [
    'eventId',
    'order',
    ...['id', 'reference', 'status', 'itemCount', 'total', 'url'].map((name) => `order/${name}`),
    'order/total/amount',
    'order/total/currency',
    'holder',
    'holder/id',
  ],
  'message-sent': ['eventId', ...message, 'sender', 'sender/id', 'recipients', 'recipients/0/id'],
  'message-read': ['eventId', ...message, 'reader', 'reader/id', 'sender', 'sender/id'],
  'activity-status': [
    'eventId',
    ...activity,
    'oldStatus',
    'newStatus',
    'changedBy/id',
    'creator',
    'creator/id',
  ],
  'activity-viewed': ['eventId', ...activity, 'viewedBy', 'viewedBy/id', 'creator', 'creator/id'],
  'file-upload': ['eventId', ...file, 'uploadedBy', 'uploadedBy/id', 'administrators', 'administrators/0/id'],
  'file-access': [
    'eventId',
    ...file,
    'access',
    'accessedBy',
    'accessedBy/id',
    'administrators',
    'administrators/0/id',
  ],
};

async function errorsOf(event: EventKind, body: unknown): Promise<{ pointer: string; detail: string }[]> {
  const answer = await app.report(event, body);
  expect(answer.status).toBe(400);
  expect(answer.headers).toMatchObject({ 'content-type': 'application/problem+json' });
  expect(answer.json).toMatchObject({ type: 'about:blank', title: 'Bad Request', status: 400 });
  return answer.json.errors;
}

describe.each(EVENTS)('%s', (event) => {
  test.each(REQUIRED[event])('requires %s', async (place) => {
    const body = changed(payload(event), `/${place}`, undefined);
    expect(await errorsOf(event, body)).toEqual([
      { pointer: `/${place}`, code: 'required', detail: 'This property is required.' },
    ]);
  });

  test('takes null for none of its properties', async () => {
    for (const place of REQUIRED[event]) {
      const errors = await errorsOf(event, changed(payload(event), `/${place}`, null));
      expect(errors.map(({ pointer }) => pointer)).toEqual([`/${place}`]);
      expect(errors[0]?.detail).toMatch(/^Must be .+\.$/);
    }
  });

  test('names every property that is missing at once', async () => {
    const top = REQUIRED[event].filter((place) => !place.includes('/'));
    const errors = await errorsOf(event, {});
    expect(errors.map(({ pointer }) => pointer).sort()).toEqual(top.map((name) => `/${name}`).sort());
  });

  test('refuses an unknown property', async () => {
    expect(await errorsOf(event, payload(event, { evenId: '1' }))).toEqual([
      {
        pointer: '/evenId',
        code: 'unknown-property',
        detail:
          'Unknown property "evenId": it is refused so that a typing mistake does not pass unseen. Did you mean "eventId"?',
      },
    ]);
  });
});

const wholeSentence = 'Must be a date and time with offset, such as "2026-11-22T15:30:00+01:00"';
const dateSentence = `${wholeSentence}, or a date, such as "2026-11-22".`;
const amountSentence = 'Must be a decimal number as text, such as "149.90".';
const currencySentence = 'Must be an ISO 4217 code of three capital letters, such as "EUR".';
const languageSentence = 'Must be the BCP 47 tag of a real language, such as "it" or "en-GB".';
const halfSentence = 'Must be whole characters: it holds half of a UTF-16 surrogate pair.';
const kindSentence = 'Must be one of "customer", "reserved-area", "agent", "administrator".';

const WRONG: [EventKind, string, unknown, string][] = [
  ['order-status', '/eventId', 7, 'Must be a string, not a number.'],
  ['order-status', '/eventId', {}, 'Must be a string, not an object.'],
  ['order-status', '/eventId', '', 'Must not be empty.'],
  ['order-status', '/eventId', ' \n', 'Must not be blank.'],
  ['order-status', '/eventId', 'x'.repeat(129), 'Must have at most 128 characters.'],
  ['order-status', '/eventId', 'a\ud800b', halfSentence],
  ['order-status', '/holder/id', '\udc00', halfSentence],
  ['order-status', '/holder/id', 1001, 'Must be a string, not a number.'],
  ['order-status', '/holder', 'anna', 'Must be an object, not a string.'],
  ['order-status', '/holder', [], 'Must be an object, not an array.'],
  ['order-status', '/holder/firstName', false, 'Must be a string, not false.'],
  ['order-status', '/holder/companyName', 'x'.repeat(257), 'Must have at most 256 characters.'],
  ['order-status', '/holder/groups', 'Agenti', 'Must be an array, not a string.'],
  ['order-status', '/holder/groups', ['Agenti', 3], 'Must be a string, not a number.'],
  ['order-status', '/holder/kind', 'cliente', kindSentence],
  ['order-status', '/holder/kind', 'Customer', `${kindSentence} Did you mean "customer"?`],
  ['order-status', '/holder/kind', 1, kindSentence],
  ['order-status', '/holder/language', 'italiano!', `${languageSentence} Did you mean "it"?`],
  ['order-status', '/language', 'i', languageSentence],
  ['order-status', '/language', `it-${'x-abcdefg'.repeat(9)}`, `${languageSentence} Did you mean "it"?`],
  ['order-status', '/language', ['it'], 'Must be a string, not an array.'],
  ['order-status', '/occurredAt', '2026-11-22', `${wholeSentence}.`],
  ['order-status', '/occurredAt', '2026-11-22T15:30:00', `${wholeSentence}.`],
  ['order-status', '/occurredAt', 1_795_341_600, `${wholeSentence}.`],
  ['order-status', '/order/itemCount', '3', 'Must be a number, not a string.'],
  ['order-status', '/order/itemCount', -1, 'Must be at least 0.'],
  ['order-status', '/order/itemCount', 9007199254740992, 'Must be at most 9007199254740991.'],
  ['order-status', '/order/total', '149.90', 'Must be an object, not a string.'],
  ['order-status', '/order/total/amount', 149.9, amountSentence],
  ['order-status', '/order/total/amount', 150, amountSentence],
  ['order-status', '/order/total/amount', '149,90', amountSentence],
  ['order-status', '/order/total/amount', '1.149,90', amountSentence],
  ['order-status', '/order/total/amount', '+149.90', amountSentence],
  ['order-status', '/order/total/amount', '149.', amountSentence],
  ['order-status', '/order/total/amount', '.90', amountSentence],
  ['order-status', '/order/total/amount', '1e3', amountSentence],
  ['order-status', '/order/total/amount', ' 149.90', amountSentence],
  ['order-status', '/order/total/amount', '149.90\n', amountSentence],
  ['order-status', '/order/total/amount', '', amountSentence],
  ['order-status', '/order/total/amount', '1234567890123456', amountSentence],
  ['order-status', '/order/total/currency', 'eur', currencySentence],
  ['order-status', '/order/total/currency', '€', currencySentence],
  ['order-status', '/order/total/currency', 'EURO', currencySentence],
  ['order-status', '/order/total/currency', 978, currencySentence],
  ['order-status', '/order/status', '  ', 'Must not be blank.'],
  ['message-sent', '/recipients', [], 'Must have at least 1 entry.'],
  ['message-sent', '/recipients', { id: 'anna' }, 'Must be an array, not an object.'],
  ['message-sent', '/message/subject', null, 'Must be a string, not null: this property is required.'],
  ['message-sent', '/message/text', ['a'], 'Must be a string, not an array.'],
  ['activity-status', '/activity/date', '22/11/2026', dateSentence],
  ['activity-status', '/activity/date', '2026-02-30', dateSentence],
  ['activity-status', '/activity/date', '2026-11-22T15:30:00', dateSentence],
  ['activity-status', '/activity/date', '2026-11-22T15:30+1', dateSentence],
  ['activity-status', '/activity/date', '2026-02-30T15:30+01:00', dateSentence],
  ['activity-status', '/activity/date', '2026-11-22 15:30:00+01:00', dateSentence],
  ['activity-status', '/activity/date', '2026-11-22T25:00:00+01:00', dateSentence],
  ['activity-viewed', '/activity/date', 1_795_341_600_000, dateSentence],
  [
    'file-upload',
    '/source',
    'Docuvision',
    'Must be one of "manual", "docuvision". Did you mean "docuvision"?',
  ],
  ['file-access', '/access', 'read', 'Must be one of "download", "view".'],
  ['file-access', '/file/name', '', 'Must not be empty.'],
];

test.each(WRONG)('%s: %s as %j', async (event, pointer, value, detail) => {
  const at = Array.isArray(value) && pointer.endsWith('/groups') ? `${pointer}/1` : pointer;
  expect(await errorsOf(event, changed(payload(event), pointer, value))).toEqual([
    { pointer: at, code: expect.any(String), detail },
  ]);
});

test.each(['1e400', '-1e400'])('a number that is too large: %s', async (number) => {
  const body = JSON.stringify(payload('order-status')).replace('"itemCount":3', `"itemCount":${number}`);
  expect(await errorsOf('order-status', body)).toEqual([
    { pointer: '/order/itemCount', code: 'out-of-range', detail: 'This number is too large.' },
  ]);
});

describe('pointers', () => {
  test('reach into arrays', async () => {
    const people: Fields[] = [
      { id: 'anna' },
      { id: 'bruno', groups: ['a', 7] },
      { id: 3 },
      { name: 'carla' },
    ];
    const errors = await errorsOf('message-sent', payloadForAll('message-sent', people));

    expect(errors).toEqual([
      { pointer: '/recipients/1/groups/1', code: 'wrong-type', detail: 'Must be a string, not a number.' },
      { pointer: '/recipients/2/id', code: 'wrong-type', detail: 'Must be a string, not a number.' },
      { pointer: '/recipients/3/id', code: 'required', detail: 'This property is required.' },
      {
        pointer: '/recipients/3/name',
        code: 'unknown-property',
        detail: expect.stringMatching(/^Unknown property "name"/),
      },
    ]);
  });

  test('501 recipients are one too many', async () => {
    const people = Array.from({ length: 501 }, (_, index) => ({ id: `u${index}` }));
    expect(await errorsOf('file-upload', payloadForAll('file-upload', people))).toEqual([
      { pointer: '/administrators', code: 'wrong-length', detail: 'Must have at most 500 entries.' },
    ]);
  });

  test.each([
    ['a/b', '/order/a~1b'],
    ['~x', '/order/~0x'],
    ['~1', '/order/~01'],
    ['', '/order/'],
    ['con spazio è', '/order/con spazio è'],
    ['"', '/order/"'],
    ['constructor', '/order/constructor'],
    ['toString', '/order/toString'],
    ['__proto__', '/order/__proto__'],
    ['hasOwnProperty', '/order/hasOwnProperty'],
  ])('an unknown property named %j is at %s', async (name, pointer) => {
    const json = JSON.stringify(payload('order-status'));
    const body = json.replace('"order":{', `"order":{${JSON.stringify(name)}:{"polluted":true},`);

    const errors = await errorsOf('order-status', body);

    expect(errors.map((error) => error.pointer)).toEqual([pointer]);
    expect(errors[0]?.detail).toContain(`"${name}"`);
    expect({}).not.toHaveProperty('polluted');
  });

  test.each(['__proto__', 'constructor', 'prototype'])('%s is refused everywhere', async (name) => {
    const body = `{"${name}":{"eventId":"1"},"holder":{"${name}":{"id":"anna"}}}`;
    const pointers = (await errorsOf('order-status', body)).map(({ pointer }) => pointer);
    expect(pointers).toEqual(
      expect.arrayContaining(['/eventId', '/order', '/holder/id', `/holder/${name}`, `/${name}`]),
    );
  });
});

test('of thousands of wrong places, a hundred are named and all are counted', async () => {
  const names = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`x${index}`, 0]));
  const answer = await app.report('order-status', payload('order-status', names));

  expect(answer.status).toBe(400);
  expect(answer.json.errors).toHaveLength(100);
  expect(answer.json.detail).toBe(
    'Nothing was sent: 20000 places are wrong in the body. Correct what "errors" names, the first 100 of them, and send the request again.',
  );
});
