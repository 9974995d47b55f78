/** Mustache as it is used here: values are texts, and what is kept of templates has an end. */
import { expect, jest, test } from '@jest/globals';
import Mustache from 'mustache';
import { parseMustache, renderMustache } from '../../lib/templates/mustache.ts';

const asItIs = (value: string) => value;

test('values are written by the given function, and Mustache in them stays text', () => {
  expect(renderMustache('{{nome}}, {{nome}}', { nome: '{{x}}' }, (value) => `<${value}>`)).toBe(
    '<{{x}}>, <{{x}}>',
  );
  expect(renderMustache('a{{#nome}}b{{nome}}{{/nome}}', { nome: 'c' }, asItIs)).toBe('abc');
  expect(renderMustache('a{{#nome}}b{{nome}}{{/nome}}', {}, asItIs)).toBe('a');
});

test('what is not closed is an error', () => {
  expect(() => parseMustache('{{#nome}}')).toThrow();
  expect(() => renderMustache('{{nome', {}, asItIs)).toThrow();
});

test('five hundred different templates are kept, and then none', () => {
  const clear = jest.spyOn(Mustache.Writer.prototype, 'clearCache');
  let last = 0;
  /** How many templates that were not there before are parsed until those that are kept are dropped. */
  const untilCleared = (parse: (template: string) => unknown) => {
    const before = clear.mock.calls.length;
    for (let count = 1; count <= 1_000; count++) {
      last += 1;
      parse(`template ${last}`);
      if (clear.mock.calls.length > before) return count;
      // The same once more takes no more room.
      if (count < 10) parse(`template ${last}`);
    }
    return 0;
  };
  try {
    untilCleared(parseMustache);
    expect(untilCleared(parseMustache)).toBe(500);
    expect(untilCleared((template) => renderMustache(template, {}, asItIs))).toBe(500);
  } finally {
    clear.mockRestore();
  }
});
