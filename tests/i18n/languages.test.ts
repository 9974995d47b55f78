import { describe, expect, test } from '@jest/globals';
import { chooseText } from '../../lib/i18n/languages.ts';

const texts = (...languages: string[]) => Object.fromEntries(languages.map((tag) => [tag, `text ${tag}`]));

describe('chooseText', () => {
  test.each([
    // available, wanted, fallback, chosen, tag for numbers and dates
    ['the language itself', ['it', 'en'], 'en', 'it', 'en', 'en'],
    ['without case', ['it', 'EN'], 'en', 'it', 'EN', 'EN'],
    ['a regional reader, a general text', ['it', 'en'], 'en-GB', 'it', 'en', 'en-GB'],
    ['de-CH written as de-CH', ['it', 'de'], 'de-CH', 'it', 'de', 'de-CH'],
    ['the regional text before the general one', ['de', 'de-CH'], 'de-ch', 'it', 'de-CH', 'de-CH'],
    ['script and region go one by one', ['zh-Hant', 'zh'], 'zh-Hant-TW', 'it', 'zh-Hant', 'zh-Hant-TW'],
    [
      'a single letter goes with its subtag',
      ['zh-Hant', 'it'],
      'zh-Hant-x-a',
      'it',
      'zh-Hant',
      'zh-Hant-x-a',
    ],
    ['a general reader, a regional text', ['it', 'en-GB'], 'en', 'it', 'en-GB', 'en-GB'],
    ['another region', ['it', 'en-GB'], 'en-US', 'it', 'en-GB', 'en-GB'],
    ['an underscore', ['it', 'en'], 'en_GB', 'it', 'en', 'en-GB'],
    ['a longer language with the same letters', ['it', 'fil'], 'fi', 'it', 'it', 'it'],
    ['the site language', ['en', 'it'], 'fr', 'it', 'it', 'it'],
    ['the site language, regional', ['en', 'it'], 'fr', 'it-CH', 'it', 'it'],
    ['no language wanted', ['en', 'it'], undefined, 'it', 'it', 'it'],
    ['an empty language', ['en', 'it'], '', 'it', 'it', 'it'],
    ['neither: any', ['en', 'de'], 'fr', 'it', 'en', 'en'],
    ['a tag that is none', ['en', 'it'], '¿?', 'it', 'it', 'it'],
    ['a tag of hyphens', ['en', 'it'], '---', 'it', 'it', 'it'],
  ])('%s', (_, available, wanted, fallback, language, formatLanguage) => {
    const chosen = chooseText(texts(...available), [wanted], fallback);
    expect(chosen).toEqual({ language, text: `text ${language}`, formatLanguage });
  });

  test.each([
    // wanted, the first counts most; available; chosen; tag for numbers and dates
    [['en', 'it'], ['it', 'en'], 'en', 'en'],
    [[undefined, 'en', 'it'], ['it', 'en'], 'en', 'en'],
    [['fr', 'en'], ['it', 'en'], 'en', 'en'],
    [['fr', 'de-AT', 'en'], ['it', 'en', 'de'], 'de', 'de-AT'],
    [['en', 'en-US'], ['it', 'en'], 'en', 'en-US'],
    [['en-GB', 'en-US'], ['it', 'en'], 'en', 'en-GB'],
    [['it', 'en-US'], ['it', 'en'], 'it', 'it'],
    [['en_!!'], ['it', 'en'], 'en', 'en'],
    [[], ['en', 'it'], 'it', 'it'],
  ])('of %j among %j it is %s', (wanted, available, language, formatLanguage) => {
    expect(chooseText(texts(...available), wanted, 'it')).toMatchObject({ language, formatLanguage });
  });

  test('a blank text counts as none', () => {
    expect(chooseText({ en: ' \n', it: 'ciao' }, ['en'], 'en')?.language).toBe('it');
  });

  test('without any text there is nothing to choose', () => {
    expect(chooseText({}, ['it'], 'it')).toBeUndefined();
    expect(chooseText({ it: '' }, ['it'], 'it')).toBeUndefined();
  });
});
