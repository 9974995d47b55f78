/** RFC 9110, section 12.5.4, for two languages; English where neither is preferred. */
import { expect, test } from '@jest/globals';
import { answerLanguage } from '../../lib/i18n/answer-language.ts';

test.each([
  // header, language
  [undefined, 'en'],
  ['', 'en'],
  ['it', 'it'],
  ['IT', 'it'],
  ['it-IT', 'it'],
  ['it-CH, de;q=0.5', 'it'],
  ['it-IT,it;q=0.9,en-US;q=0.8,en;q=0.7', 'it'],
  ['en-US,en;q=0.9,it;q=0.8', 'en'],
  ['en;q=0.5, it;q=0.6', 'it'],
  ['en ; q=0.5 , it ; q=0.6', 'it'],
  ['de, fr;q=0.9, it;q=0.1', 'it'],
  ['de', 'en'],
  ['*', 'en'],
  ['*;q=0.1', 'en'],
  ['it, *;q=0.5', 'it'],
  ['*, it;q=0.5', 'en'],
  ['en;q=0.1, *;q=0.9', 'it'],
  ['en;q=0, *', 'it'],
  ['it;q=0, *', 'en'],
  ['it;q=0', 'en'],
  ['it;q=0, en;q=0', 'en'],
  ['it, en', 'it'],
  ['en, it', 'en'],
  ['it, *', 'it'],
  ['it;Q=0.9, en;Q=0.1', 'it'],
  ['item', 'en'],
  ['ita', 'en'],
  ['it;q=zero', 'en'],
  ['it_IT', 'en'],
  [';;,,=', 'en'],
])('%j: %s', (header, language) => {
  expect(answerLanguage(header)).toBe(language);
});
