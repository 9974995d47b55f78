/** The pieces that payloads of several events have (docs/events.md, "Payloads"). */
import { describe, expect, test } from '@jest/globals';
import type * as z from 'zod/mini';
import { activity, date, file, folder, message, recipient } from '../../lib/events/schemas.ts';
import { linkOf } from '../../lib/http/schemas.ts';

const link = linkOf('https://shop.example');
const takes = (schema: z.ZodMiniType, value: object) => schema.safeParse(value).success;

/** A link of the site may be left out; another one is refused. */
function checkLink(schema: z.ZodMiniType, value: object): void {
  expect(takes(schema, value)).toBe(true);
  expect(takes(schema, { ...value, url: 'https://shop.example/pagina' })).toBe(true);
  expect(takes(schema, { ...value, url: 'https://evil.example/' })).toBe(false);
  expect(takes(schema, { ...value, url: null })).toBe(false);
}

describe('a message', () => {
  const whole = { id: '5501', subject: '', text: '' };

  test('has an id and a subject, and a text where there is one', () => {
    expect(takes(message(link), whole)).toBe(true);
    checkLink(message(link), { id: '5501', subject: 'Preventivo' });
    expect(takes(message(link), { ...whole, id: undefined })).toBe(false);
    expect(takes(message(link), { ...whole, subject: undefined })).toBe(false);
    expect(takes(message(link), { ...whole, note: 'x' })).toBe(false);
  });

  test('subjects have up to 10,000 characters, texts up to 200,000', () => {
    expect(takes(message(link), { ...whole, subject: 'x'.repeat(10_000) })).toBe(true);
    expect(takes(message(link), { ...whole, subject: 'x'.repeat(10_001) })).toBe(false);
    expect(takes(message(link), { ...whole, text: 'x'.repeat(200_000) })).toBe(true);
    expect(takes(message(link), { ...whole, text: 'x'.repeat(200_001) })).toBe(false);
  });
});

describe('an activity', () => {
  const whole = { id: '712', subject: 'Visita', date: '2026-11-22' };

  test('has an id, a subject and a date', () => {
    checkLink(activity(link), whole);
    for (const field of ['id', 'subject', 'date'])
      expect(takes(activity(link), { ...whole, [field]: undefined })).toBe(false);
    expect(takes(activity(link), { ...whole, note: 'x' })).toBe(false);
    expect(takes(activity(link), { ...whole, subject: 'x'.repeat(10_001) })).toBe(false);
  });

  test('a date that is none is refused in one sentence', () => {
    const sentence =
      'Must be a date and time with offset, such as "2026-11-22T15:30:00+01:00", or a date, such as "2026-11-22".';
    for (const value of ['22/11/2026', '2026-02-30', '2026-11-22T15:30', '', 7, null]) {
      const { error } = date.safeParse(value);
      expect(error?.issues.map(({ message }) => message)).toEqual([
        expect.objectContaining({ en: sentence }),
      ]);
    }
  });
});

describe('a file and its folder', () => {
  test('have names of up to 1,000 characters', () => {
    checkLink(file(link), { name: 'Listino 2027.pdf' });
    for (const schema of [file(link), folder]) {
      expect(takes(schema, { name: 'x'.repeat(1_000) })).toBe(true);
      expect(takes(schema, { name: 'x'.repeat(1_001) })).toBe(false);
      expect(takes(schema, { name: ' ' })).toBe(false);
      expect(takes(schema, {})).toBe(false);
      expect(takes(schema, { name: 'x', note: 'x' })).toBe(false);
    }
  });
});

test.each(['customer', 'reserved-area', 'agent', 'administrator'])(
  'a recipient may be of kind %s',
  (kind) => {
    expect(takes(recipient, { id: 'anna', kind })).toBe(true);
  },
);
test('a recipient is of no other kind', () => {
  expect(takes(recipient, { id: 'anna', kind: '' })).toBe(false);
});
