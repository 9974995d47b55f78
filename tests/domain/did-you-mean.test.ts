/** What is meant by a word that is written wrong. */
import { expect, test } from '@jest/globals';
import { nearest } from '../../lib/domain/did-you-mean.ts';

test.each<[string, string, string[], string | undefined]>([
  ['the same word', 'nome', ['cognome', 'nome'], 'nome'],
  ['one letter else', 'nomr', ['cognome', 'nome'], 'nome'],
  ['one letter more', 'nomee', ['cognome', 'nome'], 'nome'],
  ['one letter less', 'nme', ['cognome', 'nome'], 'nome'],
  ['fewer letters to change, wherever it stands', 'abx', ['ab', 'abx'], 'abx'],
  ['the first of two that are as similar', 'ab', ['ac', 'ad'], 'ac'],
  ['half of the letters else', 'abxy', ['abcd'], 'abcd'],
  ['more than half of the letters else', 'axyz', ['abcd'], undefined],
  ['a beginning of four letters', 'nume', ['numeroArticoliCarrello'], 'numeroArticoliCarrello'],
  ['a beginning of three letters', 'num', ['numeroArticoliCarrello'], undefined],
  ['an end', 'rello', ['numeroArticoliCarrello'], undefined],
  ['another case', 'NOMECARTELLA', ['nome', 'nomeCartella'], 'nomeCartella'],
  ['spaces, hyphens and underscores', 'a b-c_d', ['abcd'], 'abcd'],
  ['accents', 'àttìvìtà', ['attivita'], 'attivita'],
  ['a digit is a letter', 'a1', ['a2', 'a1'], 'a1'],
  ['nothing like it', 'cliente', ['urlSito', 'autore'], undefined],
  ['nothing to choose from', 'nome', [], undefined],
])('%s: %j', (_what, word, candidates, expected) => {
  expect(nearest(word, candidates)).toBe(expected);
});

test('of a name only a third may be wrong, where that is asked for', () => {
  expect(nearest('foo', ['from'], 3)).toBeUndefined();
  expect(nearest('form', ['from'], 3)).toBeUndefined();
  expect(nearest('fron', ['from'], 3)).toBe('from');
  expect(nearest('itemCuont', ['itemCount'], 3)).toBe('itemCount');
});
