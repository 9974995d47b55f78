/** Which form of an answer a caller wants: RFC 9110, sections 12.4.2 and 12.5.1. */
import { expect, test } from '@jest/globals';
import { preferredType } from '../../lib/http/negotiate.ts';

const preferred = (accept: string | undefined) =>
  preferredType({ headers: { ...(accept !== undefined && { accept }) } }, ['application/json', 'text/csv']);

test.each<[string | undefined, string]>([
  [undefined, 'application/json'],
  ['', 'application/json'],
  ['what is this', 'application/json'],
  ['*/*', 'application/json'],
  ['application/*', 'application/json'],
  ['text/csv', 'text/csv'],
  ['TEXT/CSV; charset=utf-8', 'text/csv'],
  ['text/*', 'text/csv'],
  ['application/json;q=0.5, text/csv;q=0.9', 'text/csv'],
  ['text/csv;q=0.5, application/json', 'application/json'],
  ['text/csv, application/json', 'application/json'],
  ['text/csv;q=0, */*', 'application/json'],
  ['application/json;q=0, */*;q=0.1', 'text/csv'],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'application/json'],
  ['*/*;q=0.1, text/csv;q=0.2', 'text/csv'],
  ['text/csv;q=0.999, application/json;q=1.000', 'application/json'],
  // No weight at all counts as 1.
  ['text/csv;q=2, application/json;q=0.9', 'text/csv'],
])('%s: %s', (accept, expected) => {
  expect(preferred(accept)).toBe(expected);
});

test.each(['text/html', 'application/pdf;q=1', 'text/csv;q=0, application/json;q=0', '*/*;q=0'])(
  '%s: none of them',
  (accept) => {
    expect(() => preferred(accept)).toThrow('This path answers with application/json or text/csv.');
  },
);
