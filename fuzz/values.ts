/** Values that often cause errors, for every place of a request. */
import fc from 'fast-check';

/** Names of properties that JavaScript objects inherit, and names that need escapes in a JSON Pointer. */
export const strangeName = fc.constantFrom(
  '__proto__',
  'constructor',
  'toString',
  '',
  'a/b',
  '~',
  'language',
  'id',
  'x',
);

/** HTML and Mustache that would be visible in a message if it were not escaped. */
const markup = fc.constantFrom(
  '<b>',
  '</b><a href="https://evil.example">x</a>',
  '<a href="tg://user?id=7">x</a>',
  '<tg-spoiler>x',
  '<pre><code class="language-x">',
  '<script>alert(1)</script>',
  '&lt;b&gt;',
  '&amp;#60;b&amp;#62;',
  '&#60;i&#62;x&#60;/i&#62;',
  '" onclick="x',
  '{{nome}}',
  '{{{urlSito}}}',
  '{{#nome}}<b>',
  '{{/nome}}',
  '{{>partial}}',
  '{{=<% %>=}}',
  'https://evil.example',
  '[x](https://evil.example)',
);

const character = fc.constantFrom(
  '\ud800',
  'a\udc00',
  '\u0000',
  'a\u0000b',
  '\u202e',
  '\u200f\u2067',
  '\ufeff',
  '\ufffe\uffff',
  '\u2028',
  '\r\nX-Injected: 1',
  'e\u0301',
  '👩‍👩‍👧‍👦',
  ' ',
  '\t',
  '',
);

/** Values that are right in one place and wrong in most others. */
const familiar = fc.constantFrom(
  'it',
  'EUR',
  '2026-11-22',
  '2026-11-22T10:00:00Z',
  '1.5',
  'anna',
  'ugo',
  'download',
  'EVASO',
  'default-order-status',
);

const long = fc.constantFrom('x'.repeat(129), 'è'.repeat(300), '👍'.repeat(3000), '<b>'.repeat(1500));

export const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  character,
  markup,
  familiar,
  long,
);

const number = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(-0, 2 ** 53, -(2 ** 53), 1e300, 0.1, 1e-7, 2 ** 31),
);

export const anything = fc.oneof(
  text,
  number,
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.oneof(text, number), { maxLength: 3 }),
  fc.dictionary(fc.oneof(strangeName, text), text, { maxKeys: 3 }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Texts that are not JSON, or far too large. */
export const strangeBody = fc.oneof(
  fc.json({ maxDepth: 4 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    '',
    'null',
    '[]',
    '{"a":1e999}',
    '{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}',
    '\ufeff{}',
    '[object Object]',
    "{'a': 1}",
    '['.repeat(20_000),
    `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
    `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
    `{"eventId":"${'x'.repeat(256 * 1024)}"}`,
    `{${Array.from({ length: 2_000 }, (_, index) => `"${index}":${index}`).join()}}`,
    `{"${'<b>'.repeat(10_000)}":1}`,
  ),
);
