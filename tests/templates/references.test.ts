/** Row by row: what people would read as it is written, and what to write instead (TELEGRAM: four named references). */
import { describe, expect, test } from '@jest/globals';
import { validateButton, validateText } from '../support/english.ts';

const known = ': it knows only &lt; &gt; &amp; &quot; by name';
const refused = (written: string, instead: string, why = known) => ({
  detail: `Telegram would not show ${written} as the character that is meant${why}. ${instead}`,
  byteOffset: 3,
});

describe('a character reference that Telegram does not know is refused', () => {
  // The characters are those of HTML 4.01, section 24; 128 to 159 those of windows-1252 (HTML standard, 13.2.5.80).
  test.each([
    ['&nbsp;', 'Write a space; or &#160; where a line must not end.'],
    ['&euro;', 'Write € instead.'],
    ['&egrave;', 'Write è instead.'],
    ['&Egrave;', 'Write È instead.'],
    ['&agrave;', 'Write à instead.'],
    ['&rsquo;', 'Write ’ instead.'],
    ['&laquo;', 'Write « instead.'],
    ['&ndash;', 'Write – instead.'],
    ['&hellip;', 'Write … instead.'],
    ['&apos;', "Write ' instead."],
    ['&AMP;', 'Write &amp; instead.'],
    ['&LT;', 'Write &lt; instead.'],
    ['&zwnj;', 'It can not be seen: leave it out.'],
    ['&check;', 'Write the character itself; or &amp;check;, if people shall read &check;.'],
    // A browser needs no semicolon for these.
    ['&nbsp', 'Write a space; or &#160; where a line must not end.'],
    ['&egrave', 'Write è instead.'],
  ])('%s', (reference, instead) => {
    expect(validateText(`à ${reference} {{nome}}`, 'welcome')).toEqual([refused(reference, instead)]);
  });

  test.each([
    ['&#150;', 'Write – instead.'],
    ['&#x80;', 'Write € instead.'],
    ['&#0;', 'There is no such character: leave it out.'],
    ['&#99999999;', 'There is no such character: leave it out.'],
  ])('%s', (reference, instead) => {
    expect(validateText(`à ${reference}`, 'welcome')).toEqual([refused(reference, instead, '')]);
  });

  test('each of several, and in a section', () => {
    const problems = validateText('&euro; {{#nome}}&egrave; {{nome}}{{/nome}}', 'welcome');
    expect(problems.map(({ byteOffset }) => byteOffset)).toEqual([0, 16]);
  });

  test('in a button, which takes none', () => {
    expect(validateButton('Vai&nbsp;al sito', 'order-status')).toEqual([
      {
        detail: 'A button takes no HTML, and would show &nbsp; as it is written: use plain text.',
        byteOffset: 3,
      },
    ]);
  });
});

test.each([
  '&lt;b&gt; &amp; &quot;',
  'AT&T, R&D, B&B; Tom & Jerry; a&b',
  '&#8364; &#x20ac; &#160;',
  '<a href="https://shop.example/?a=1&copy=2&reg">x</a>',
])('%s is shown as it is meant', (text) => {
  expect(validateText(text, 'welcome')).toEqual([]);
});

describe('a text that nobody can see is refused', () => {
  test.each([
    ['zero-width spaces and joiners', '\u200b\u200c\u200d\u2060\ufeff'],
    ['direction marks', '\u200e\u200f\u202a'],
    ['fillers', '\u3164\u115f\u2800\u00ad'],
    ['with spaces and line breaks', ' \u200b\n\u00a0\u200b '],
  ])('%s', (_what, text) => {
    expect(validateText(text, 'welcome')).toEqual([
      { detail: 'The text is empty: write what the message says.' },
    ]);
    expect(validateText(`<b>${text}</b>`, 'welcome')).toMatchObject([
      { detail: expect.stringMatching(/^The text shows nothing/) },
    ]);
    expect(validateButton(text, 'order-status')).toEqual([
      { detail: 'The text of the button is empty: write one, or leave the button out.' },
    ]);
  });

  test('as a number, too', () => {
    expect(validateText('&#8203;&#x200d;', 'welcome')).toMatchObject([
      { detail: expect.stringMatching(/^The text shows nothing/) },
    ]);
  });

  test('beside something visible they may be', () => {
    expect(validateText('👨\u200d👩\u200d👧 ciao\u200b', 'welcome')).toEqual([]);
  });
});
