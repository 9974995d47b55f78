/** Mustache as it is used here: values are texts, and what is kept of templates has an end. */
import { expect, jest, test } from '@jest/globals';
import Mustache from 'mustache';
import { keysOf, parseMustache, shownParts } from '../../lib/templates/mustache.ts';

const shown = (template: string, ...keys: string[]) => shownParts(template, (key) => keys.includes(key));

test('the parts that are shown, in their order', () => {
  expect(shown('{{nome}}, {{nome}}!')).toEqual([
    { key: 'nome' },
    { text: ', ' },
    { key: 'nome' },
    { text: '!' },
  ]);
  const section = 'a{{#nome}}b{{nome}}{{#cognome}}c{{/cognome}}{{/nome}}';
  expect(shown(section)).toEqual([{ text: 'a' }]);
  expect(shown(section, 'nome')).toEqual([{ text: 'a' }, { text: 'b' }, { key: 'nome' }]);
  expect(shown(section, 'nome', 'cognome')).toEqual([...shown(section, 'nome'), { text: 'c' }]);
});

test('the keys of a template', () => {
  expect(keysOf('a{{#nome}}b{{cognome}}{{#autore}}c{{/autore}}{{/nome}}{{cognome}}')).toEqual(
    new Set(['nome', 'cognome', 'autore']),
  );
});

test('what is not closed is an error', () => {
  expect(() => parseMustache('{{#nome}}')).toThrow();
  expect(() => shown('{{nome')).toThrow();
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
    expect(untilCleared((template) => shown(template))).toBe(500);
  } finally {
    clear.mockRestore();
  }
});
