/** Mustache as it is used here: values are texts, and what is kept of templates has an end. */
import { expect, test } from '@jest/globals';
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
  expect(shown(section)).toEqual([{ text: 'a' }, { hidden: 'nome' }]);
  const outer = [{ text: 'a' }, { text: 'b' }, { key: 'nome' }];
  expect(shown(section, 'nome')).toEqual([...outer, { hidden: 'cognome' }]);
  expect(shown(section, 'nome', 'cognome')).toEqual([...outer, { text: 'c' }]);
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

test('a template is parsed once, until others have taken its room: half a million characters', () => {
  const others = (characters: number) => {
    for (let count = 0; count < characters / 1_000; count++) {
      last += 1;
      shown(`${last}`.padEnd(1_000));
    }
  };
  const parsed = parseMustache('Ordine {{riferimento}}');
  expect(parseMustache('Ordine {{riferimento}}')).toBe(parsed);
  others(400_000);
  expect(parseMustache('Ordine {{riferimento}}')).toBe(parsed);
  others(600_000);
  expect(parseMustache('Ordine {{riferimento}}')).not.toBe(parsed);
});
let last = 0;
