/** Whatever is sent, the answer is never a 5xx, and the queue holds what the 202 answers said and nothing else. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { htmlLength } from '../../lib/telegram/html.ts';
import { changed, EVENTS, type EventKind, type Fields, payload } from '../support/payloads.ts';
import { openShop, type Shop } from '../support/shop.ts';

const RUNS = 300;

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

/** The pointers to all places of a value, the outermost first. */
function placesOf(value: unknown, pointer = ''): string[] {
  if (typeof value !== 'object' || value === null) return [pointer];
  return [
    pointer,
    ...Object.entries(value).flatMap(([name, inner]) => placesOf(inner, `${pointer}/${name}`)),
  ];
}

const strangeName = fc.constantFrom(
  '__proto__',
  'constructor',
  'toString',
  '',
  'a/b',
  '~',
  'language',
  'id',
  'x',
);
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom(
    '\ud800',
    'a\udc00',
    '\u0000',
    '\u202e',
    '<b>',
    '&amp;',
    '{{nome}}',
    'https://evil.com',
    ' ',
    '',
  ),
  fc.constantFrom('it', 'EUR', '2026-11-22', '2026-11-22T10:00:00Z', '1.5', 'anna', 'download', 'EVASO'),
  fc.constantFrom('x'.repeat(129), 'è'.repeat(300), '👍'.repeat(3000)),
);
const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(-0, 2 ** 53, 1e300, 0.1));
const anything = fc.oneof(
  text,
  number,
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.oneof(text, number), { maxLength: 3 }),
  fc.dictionary(fc.oneof(strangeName, text), text, { maxKeys: 3 }),
  fc.jsonValue({ maxDepth: 3 }),
);

interface Change {
  place: number;
  action: 'replace' | 'remove' | 'add' | 'more';
  name: string;
  value: unknown;
}
const change: fc.Arbitrary<Change> = fc.record({
  place: fc.nat(),
  action: fc.constantFrom('replace', 'replace', 'remove', 'add', 'more'),
  name: fc.oneof(strangeName, text),
  value: anything,
});

function applied(body: Fields, { place, action, name, value }: Change): Fields {
  const places = placesOf(body).slice(1);
  const pointer = places[place % places.length];
  // An earlier change may have left nothing to change, or names that are not written as pointers.
  if (pointer === undefined) return body;
  try {
    switch (action) {
      case 'replace':
        return changed(body, pointer, value);
      case 'remove':
        return changed(body, pointer, undefined);
      case 'add':
        return changed(body, `${pointer}/${name}`, value);
      case 'more':
        return withMorePeople(body);
    }
  } catch {
    return body;
  }
}

function withMorePeople(body: Fields): Fields {
  const place = ['recipients', 'administrators'].find((name) => Array.isArray(body[name]));
  if (place === undefined) return body;
  return { ...body, [place]: [body[place], { id: 'bruno' }, { id: 'dario' }, { id: 'bruno' }].flat() };
}

/** Valid bodies with up to three changes, and now and then something else altogether. */
const bodiesOf = (event: EventKind): fc.Arbitrary<string> =>
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc
        .record({ eventId: fc.uuid(), changes: fc.array(change, { maxLength: 3 }) })
        .map(({ eventId, changes }) => JSON.stringify(changes.reduce(applied, payload(event, { eventId })))),
    },
    { weight: 1, arbitrary: fc.json({ maxDepth: 4 }) },
    {
      weight: 1,
      arbitrary: fc
        .record({ at: fc.nat(), piece: fc.string({ unit: 'binary', maxLength: 3 }) })
        .map(({ at, piece }) => {
          const json = JSON.stringify(payload(event));
          return json.slice(0, at % json.length) + piece + json.slice((at % json.length) + 1);
        }),
    },
  );

interface Outcome {
  status: string;
  deliveryId: string;
}

describe.each(EVENTS)('%s', (event) => {
  test(`stands ${RUNS} bodies`, async () => {
    const promised = new Set<string>();
    const seen = new Map<number | undefined, number>();

    await fc.assert(
      fc.asyncProperty(bodiesOf(event), async (body) => {
        const { status, json } = await shop.report(event, body);
        seen.set(status, (seen.get(status) ?? 0) + 1);
        expect([202, 400]).toContain(status);
        if (status === 400) expectUsefulProblem(json);
        else
          for (const { status, deliveryId } of json.notifications as Outcome[])
            if (status === 'queued') promised.add(deliveryId);
      }),
      { numRuns: RUNS, endOnFailure: true },
    );

    const queued = await shop.takeQueued();
    expect(queued.map(({ deliveryId }) => deliveryId).sort()).toEqual([...promised].sort());
    for (const notification of queued) {
      expect(notification.text).not.toBe('');
      expect(notification.text.isWellFormed()).toBe(true);
      expect(htmlLength(notification.text)).toBeLessThanOrEqual(4096);
      expect(notification.button?.url ?? 'https://shop.example').toMatch(/^https:\/\/shop\.example/);
    }
    // The bodies are of both kinds, or the test would prove little.
    expect(seen.get(202)).toBeGreaterThan(RUNS / 20);
    expect(seen.get(400)).toBeGreaterThan(RUNS / 4);
  });
});

/** A sentence for the whole, and for each wrong place a pointer and a sentence. */
function expectUsefulProblem(problem: {
  detail: string;
  errors?: { pointer: string; detail: string }[];
}): void {
  expect(problem).toMatchObject({ type: 'about:blank', status: 400, title: expect.any(String) });
  expect(problem.detail).toMatch(/^[A-Z].*\.$/);
  for (const { pointer, detail } of problem.errors ?? []) {
    expect(pointer).toMatch(/^(\/([^~/]|~[01])*)*$/);
    expect(detail).toMatch(/^[A-Z][\s\S]*\.$/);
    expect(detail).not.toMatch(/invalid input|undefined|NaN|\[object/i);
  }
}
