/** Mustache as it is used here: values are texts, and what is kept of templates has an end. */
import { expect, test } from '@jest/globals';
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

test('a template is parsed once, until others have taken its room: half a million characters', () => {
  const others = (characters: number) => {
    for (let count = 0; count < characters / 1_000; count++) {
      last += 1;
      renderMustache(`${last}`.padEnd(1_000), {}, asItIs);
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
