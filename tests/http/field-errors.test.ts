import { describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import type { SentenceLanguage } from '../../lib/domain/sentence.ts';
import { placesIn } from '../../lib/http/spoken.ts';
import { fieldErrors, says } from '../../lib/http/validation.ts';

const spoken = (language: SentenceLanguage, schema: z.ZodMiniType, body: unknown) => {
  const result = schema.safeParse(body);
  return result.success ? [] : placesIn(language, fieldErrors(result.error.issues, body, schema));
};
const errorsOf = (schema: z.ZodMiniType, body: unknown) =>
  spoken('en', schema, body).map(({ pointer, detail }) => ({ pointer, detail }));

const at = (pointer: string, detail: string) => [{ pointer, detail }];

describe('the sentence', () => {
  const integers = z.int().check(z.minimum(2), z.maximum(9));
  const texts = z.string().check(z.minLength(3), z.maxLength(5));
  const lists = z.array(z.string()).check(z.minLength(2), z.maxLength(3));

  test.each<[string, z.ZodMiniType, unknown, string]>([
    ['a missing property', z.string(), undefined, 'This property is required.'],
    ['a missing choice', z.enum(['a', 'b']), undefined, 'This property is required.'],
    ['a missing alternative', z.union([z.string(), z.number()]), undefined, 'This property is required.'],
    ['text for a number', z.number(), '7', 'Must be a number, not a string.'],
    ['a number for text', z.string(), 7, 'Must be a string, not a number.'],
    ['a fraction for text', z.string(), 1.5, 'Must be a string, not a number.'],
    ['true for text', z.string(), true, 'Must be a string, not true.'],
    ['null for text', z.string(), null, 'Must be a string, not null: this property is required.'],
    ['a list for an object', z.object({}), [], 'Must be an object, not an array.'],
    [
      'a list for texts by language',
      z.record(z.string(), z.string()),
      [],
      'Must be an object, not an array.',
    ],
    ['text for what can only be true', z.literal(true), 'true', 'Must be one of true.'],
    ['an object for a list', lists, {}, 'Must be an array, not an object.'],
    ['text for true or false', z.boolean(), 'true', 'Must be true or false, not a string.'],
    ['text for a whole number', integers, '3', 'Must be a number, not a string.'],
    ['a fraction for a whole number', integers, 2.5, 'Must be a whole number, not a fraction.'],
    ['a number too large for JSON', integers, Number.POSITIVE_INFINITY, 'This number is too large.'],
    ['a number too small for JSON', integers, Number.NEGATIVE_INFINITY, 'This number is too large.'],
    ['too small', integers, 1, 'Must be at least 2.'],
    ['too big', integers, 10, 'Must be at most 9.'],
    ['too short', texts, 'ab', 'Must have at least 3 characters.'],
    ['empty', z.string().check(z.minLength(1)), '', 'Must not be empty.'],
    ['too long', texts, 'abcdef', 'Must have at most 5 characters.'],
    ['too few', lists, ['a'], 'Must have at least 2 entries.'],
    ['none', z.array(z.string()).check(z.minLength(1)), [], 'Must have at least 1 entry.'],
    ['too many', lists, ['a', 'b', 'c', 'd'], 'Must have at most 3 entries.'],
    ['a wrong choice', z.enum(['a', 'b']), 'c', 'Must be one of "a", "b".'],
    [
      'a sentence of its own',
      z.string().check(z.refine(() => false, { error: 'Must rhyme.' })),
      'x',
      'Must rhyme.',
    ],
    ['a sentence of its own for a wrong type', z.string({ error: 'Must rhyme.' }), 7, 'Must rhyme.'],
    [
      'a sentence of its own for alternatives',
      z.union([z.iso.date(), z.iso.datetime()], { error: 'Must be some time.' }),
      'x',
      'Must be some time.',
    ],
  ])('for %s', (_what, schema, value, detail) => {
    const body = value === undefined ? {} : { place: value };
    expect(errorsOf(z.object({ place: schema }), body)).toEqual(at('/place', detail));
  });

  test('a sentence of its own gives way where the property is missing', () => {
    const schema = z.object({ place: z.string({ error: 'Must rhyme.' }) });
    expect(errorsOf(schema, {})).toEqual(at('/place', 'This property is required.'));
  });

  test('the body as a whole has an empty pointer', () => {
    expect(errorsOf(z.object({}), 7)).toEqual(at('', 'Must be an object, not a number.'));
  });
});

describe('the pointer (RFC 6901)', () => {
  test.each([
    ['foo', '/foo'],
    ['', '/'],
    ['a/b', '/a~1b'],
    ['c%d', '/c%d'],
    ['e^f', '/e^f'],
    ['i\\j', '/i\\j'],
    ['k"l', '/k"l'],
    [' ', '/ '],
    ['m~n', '/m~0n'],
    ['~1', '/~01'],
    ['/~', '/~1~0'],
  ])('to %j is %s', (name, pointer) => {
    expect(errorsOf(z.strictObject({}), { [name]: 1 })[0]?.pointer).toBe(pointer);
    const schema = z.object({ [name]: z.string() });
    expect(errorsOf(schema, { [name]: 1 })[0]?.pointer).toBe(pointer);
  });

  test('reaches into lists', () => {
    const schema = z.object({ a: z.array(z.strictObject({ b: z.array(z.number()) })) });
    expect(errorsOf(schema, { a: [{ b: [] }, { b: [1, 2, 'x'] }] })).toEqual(
      at('/a/1/b/2', 'Must be a number, not a string.'),
    );
  });

  test.each(['__proto__', 'constructor', 'toString'])(
    'does not take what every object inherits for a value: %s',
    (name) => {
      const schema = z.object({ a: z.strictObject({ b: z.string() }) });
      const body = JSON.parse(`{"a":{"${name}":1}}`);
      const errors = errorsOf(schema, body);
      expect(errors).toContainEqual({ pointer: '/a/b', detail: 'This property is required.' });
      expect(errors.map(({ pointer }) => pointer)).toContain(`/a/${name}`);
    },
  );
});

test('every unknown property is an entry of its own', () => {
  expect(errorsOf(z.strictObject({ a: z.string() }), { a: 'x', b: 1, c: 2 })).toEqual([
    {
      pointer: '/b',
      detail: 'Unknown property "b": it is refused so that a typing mistake does not pass unseen.',
    },
    {
      pointer: '/c',
      detail: 'Unknown property "c": it is refused so that a typing mistake does not pass unseen.',
    },
  ]);
});

describe('in Italian, with a code for programs', () => {
  test.each<[string, z.ZodMiniType, unknown, string, string]>([
    ['missing', z.string(), undefined, 'required', 'Questa proprietà è obbligatoria.'],
    ['text for a number', z.number(), '7', 'wrong-type', 'Deve essere un numero, non un testo.'],
    ['a fraction', z.int(), 2.5, 'wrong-type', 'Deve essere un numero intero, non uno con decimali.'],
    [
      'null',
      z.string(),
      null,
      'wrong-type',
      'Deve essere un testo, non null: questa proprietà è obbligatoria.',
    ],
    ['too small', z.int().check(z.minimum(2)), 1, 'out-of-range', 'Deve essere almeno 2.'],
    ['too big', z.int().check(z.maximum(9)), 10, 'out-of-range', 'Deve essere al massimo 9.'],
    ['endless', z.number(), Number.POSITIVE_INFINITY, 'out-of-range', 'Questo numero è troppo grande.'],
    ['empty', z.string().check(z.minLength(1)), '', 'wrong-length', 'Non deve essere vuoto.'],
    ['long', z.string().check(z.maxLength(2)), 'abc', 'wrong-length', 'Deve avere al massimo 2 caratteri.'],
    ['few', z.array(z.int()).check(z.minLength(1)), [], 'wrong-length', 'Deve avere almeno 1 elemento.'],
    ['none of these', z.enum(['a', 'b']), 'z', 'not-one-of-these', 'Deve essere uno tra "a", "b".'],
    [
      'of its own',
      z.string().check(z.refine(() => false, says({ en: 'Must rhyme.', it: 'Deve rimare.' }))),
      'x',
      'invalid',
      'Deve rimare.',
    ],
    [
      'its own type',
      z.string(says({ en: 'Must rhyme.', it: 'Deve rimare.' })),
      7,
      'wrong-type',
      'Deve rimare.',
    ],
    [
      'its own code',
      z.optional(z.never(says({ en: 'No.', it: 'No.', code: 'platform-only' }))),
      7,
      'platform-only',
      'No.',
    ],
  ])('%s', (_what, schema, value, code, detail) => {
    const body = value === undefined ? {} : { place: value };
    expect(spoken('it', z.object({ place: schema }), body)).toEqual([{ pointer: '/place', code, detail }]);
  });
});

describe('the name that was probably meant', () => {
  const schema = z.strictObject({
    order: z.strictObject({ itemCount: z.optional(z.int()) }),
    recipients: z.array(
      z.strictObject({
        firstName: z.optional(z.string()),
        kind: z.optional(z.enum(['reserved-area', 'agent'])),
      }),
    ),
  });

  test.each<[string, object, string, string]>([
    [
      'PascalCase, as .NET writes it',
      { recipients: [{ FirstName: 'A' }] },
      '/recipients/0/FirstName',
      'firstName',
    ],
    ['snake_case', { recipients: [{ first_name: 'A' }] }, '/recipients/0/first_name', 'firstName'],
    ['kebab-case', { recipients: [{ 'first-name': 'A' }] }, '/recipients/0/first-name', 'firstName'],
    ['a slip', { order: { itemCuont: 1 } }, '/order/itemCuont', 'itemCount'],
    ['at the top', { Order: {} }, '/Order', 'order'],
    ['a value in capitals', { recipients: [{ kind: 'Agent' }] }, '/recipients/0/kind', 'agent'],
    [
      'a value of an enumeration of .NET',
      { recipients: [{ kind: 'ReservedArea' }] },
      '/recipients/0/kind',
      'reserved-area',
    ],
  ])('%s', (_what, changes, pointer, meant) => {
    const body = { order: {}, recipients: [], ...changes };
    const find = (language: SentenceLanguage) =>
      spoken(language, schema, body).find((error) => error.pointer === pointer)?.detail;
    expect(find('en')).toMatch(new RegExp(` Did you mean "${meant}"\\?$`));
    expect(find('it')).toMatch(new RegExp(` Si intendeva "${meant}"\\?$`));
  });

  test('is not guessed where nothing is similar', () => {
    for (const { detail } of spoken('en', schema, { order: {}, recipients: [], quux: 1 }))
      expect(detail).not.toContain('Did you mean');
  });

  test('of 20,000 unknown names costs no time to speak of: only those that are answered are looked at', () => {
    const body = {
      order: {},
      recipients: [],
      ...Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`recipient${index}`, 1])),
    };
    const hinted = spoken('en', schema, body).filter(({ detail }) => detail.includes('Did you mean'));
    expect(hinted).toHaveLength(100);
  });
});
