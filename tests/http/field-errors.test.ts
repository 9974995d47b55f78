import { describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { fieldErrors } from '../../lib/http/validation.ts';

function errorsOf(schema: z.ZodMiniType, body: unknown) {
  const result = schema.safeParse(body);
  return result.success ? [] : fieldErrors(result.error.issues, body);
}

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
