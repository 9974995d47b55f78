import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { TemplateKind } from '../../lib/domain/templates.ts';
import { MAX_RAW_BYTES, MAX_TEXT_LENGTH, parseHtml } from '../../lib/telegram/html/index.ts';
import {
  type PlaceholderFormat,
  type PlaceholderKey,
  type PlaceholderValues,
  placeholdersOf,
} from '../../lib/templates/placeholders.ts';
import { renderMessage } from '../../lib/templates/render.ts';
import { defaultTemplates } from '../../lib/templates/template-kinds.ts';
import { validateText } from '../../lib/templates/validate.ts';
import { shownValue } from '../../lib/templates/values.ts';

// What would do harm if a value were ever read as HTML or as Mustache.
const hostile = fc.constantFrom(
  '<b>',
  '</b>',
  '</blockquote>',
  '<a href="https://evil.example">',
  '"',
  "'",
  '>',
  '<',
  '&',
  '&lt;',
  '&#55357;',
  'lt;',
  '#60;',
  ';',
  '{{nome}}',
  '{{{nome}}}',
  '{{#nome}}',
  '{{/nome}}',
  '{{',
  '}}',
  '\n\n\n\n',
  '\ud83d',
  '\ude00',
  '\u0000',
);

const smallText = fc.array(fc.oneof(hostile, fc.string({ unit: 'binary', maxLength: 8 })), { maxLength: 8 });
const textValue = fc.oneof(
  { weight: 6, arbitrary: smallText.map((parts) => parts.join('')) },
  { weight: 1, arbitrary: hostile.map((part) => part.repeat(10_000).slice(0, 10_000)) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 3000, maxLength: 5000 }) },
);

const valueOfFormat: Record<PlaceholderFormat, fc.Arbitrary<unknown>> = {
  text: textValue,
  count: fc.nat(),
  money: fc.record({
    amount: fc.constantFrom('0', '149.90', '123456789012345678.90', '<b>'),
    currency: fc.constantFrom('EUR', 'XYZ', '<i>'),
  }),
  date: fc.constantFrom('2026-11-22', '2026-11-22T15:30:00+01:00', '<i>'),
};

function valuesOf(kind: TemplateKind): fc.Arbitrary<PlaceholderValues> {
  const entries = placeholdersOf(kind).map(({ key, format }) => [
    key,
    // The address of the site comes from its own settings, and is checked there.
    key === 'urlSito'
      ? fc.constant('https://shop.example')
      : fc.option(valueOfFormat[format], { nil: undefined }),
  ]);
  return fc.record(Object.fromEntries(entries)) as fc.Arbitrary<PlaceholderValues>;
}

/** The same values as far as sections go, and nothing in them that could do harm or be too long. */
function harmless(values: PlaceholderValues): PlaceholderValues {
  const entries = Object.entries(values).map(([key, value]) => {
    if (typeof value !== 'string' || key === 'urlSito' || key === 'dataAttivita') return [key, value];
    return [key, shownValue(key as PlaceholderKey, value) === '' ? '' : 'v'];
  });
  return Object.fromEntries(entries) as PlaceholderValues;
}

function render(text: string, values: PlaceholderValues) {
  const template = { event: 'message-sent', text: { it: text } } as const;
  return renderMessage({ template, values, defaultLanguage: 'it', timeZone: 'Europe/Rome' });
}

/** What Telegram makes of the tags. A link depends on its address, so links are left out where values are in it. */
function tagsOf(html: string): string[] {
  return parseHtml(html)
    .entities.filter(({ type }) => type !== 'text_link')
    .map(({ type }) => type);
}

function checkWithinLimits(html: string): void {
  // Throws if it is not Telegram's HTML.
  expect(parseHtml(html).text.length).toBeLessThanOrEqual(MAX_TEXT_LENGTH);
  expect(Buffer.byteLength(html)).toBeLessThanOrEqual(MAX_RAW_BYTES);
}

/** A small language of templates, most of which can be used. */
const { piece } = fc.letrec<{ piece: string; text: string }>((tie) => ({
  text: fc.array(tie('piece'), { maxLength: 5 }).map((pieces) => pieces.join('')),
  piece: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('{{nome}}', '{{autore}}', '{{testoMessaggio}}', '{{oggettoMessaggio}}', '{{urlSito}}'),
    fc.constantFrom(
      'ciao',
      ' ',
      '\n',
      '\n\n\n',
      '&amp;',
      '&lt',
      '&',
      '&#',
      '&#5',
      '"',
      '}',
      '{',
      'è',
      '&nbsp;',
    ),
    fc.string({ maxLength: 3 }),
    fc
      .tuple(fc.constantFrom('nome', 'autore', 'testoMessaggio'), tie('text'))
      .map(([key, text]) => `{{#${key}}}${text}{{/${key}}}`),
    fc
      .tuple(fc.constantFrom('b', 'i', 'u', 's', 'code', 'pre', 'blockquote'), tie('text'))
      .map(([tag, text]) => `<${tag}>${text}</${tag}>`),
    tie('text').map((text) => `<a href="https://shop.example/{{urlSito}}">${text}</a>`),
  ),
}));
const likelyTemplate = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));

/** Scraps in any order: few of them can be used, and those are the ones a check might have missed. */
const unlikelyTemplate = fc
  .array(
    fc.constantFrom(
      ...[
        '{{nome}}',
        '{{#nome}}',
        '{{/nome}}',
        '{{testoMessaggio}}',
        '<b>',
        '</b>',
        '</>',
        '<a href="',
        '">',
        '</a>',
      ],
      ...[
        '<a ',
        'href=',
        "'",
        '"',
        '>',
        '<',
        '/',
        '=',
        '&',
        '&#',
        '&#55357',
        ';',
        'lt',
        'x',
        ' ',
        '\n',
        '<code>',
      ],
    ),
    { minLength: 1, maxLength: 9 },
  )
  .map((scraps) => scraps.join(''));

describe('whatever the values', () => {
  test.each(defaultTemplates())('$id keeps its tags and its limits', ({ event, text }) => {
    const language = fc.constantFrom('it', 'en');
    const property = fc.property(language, valuesOf(event), (tag, values) => {
      const { text: html } = render(text[tag] ?? '', values);
      checkWithinLimits(html);
      expect(tagsOf(html)).toEqual(tagsOf(render(text[tag] ?? '', harmless(values)).text));
    });
    fc.assert(property, { numRuns: 20 });
  });

  test('a template that validates keeps its tags and its limits', () => {
    let used = 0;
    const property = fc.property(likelyTemplate, valuesOf('message-sent'), (text, values) => {
      if (validateText(text, 'message-sent').length > 0) return;
      used++;
      const { text: html } = render(text, values);
      checkWithinLimits(html);
      expect(tagsOf(html)).toEqual(tagsOf(render(text, harmless(values)).text));
    });
    fc.assert(property, { numRuns: 600 });
    expect(used).toBeGreaterThan(100);
  });

  test('scraps that validate keep their tags and their limits', () => {
    let used = 0;
    const property = fc.property(unlikelyTemplate, valuesOf('message-sent'), (text, values) => {
      if (validateText(text, 'message-sent').length > 0) return;
      used++;
      const { text: html, shortened } = render(text, values);
      checkWithinLimits(html);
      if (!shortened) expect(tagsOf(html)).toEqual(tagsOf(render(text, harmless(values)).text));
    });
    fc.assert(property, { numRuns: 3000 });
    expect(used).toBeGreaterThan(50);
  });

  test('a value shows as it is, and is never read as HTML or Mustache', () => {
    const property = fc.property(smallText, (parts) => {
      const value = parts
        .join('')
        // Halves of surrogate pairs.
        .replace(/\p{Cs}/gu, '')
        .replace(/[\s\p{Cc}]+/gu, ' ')
        .normalize('NFC');
      fc.pre(/[^\s\p{C}\p{DI}\u2800]/u.test(value));
      // Entities are decoded: that is another test.
      fc.pre(!/&#?\w+;/.test(value));
      const { text } = parseHtml(render('[<b>{{nome}}</b>]', { nome: value }).text);
      // Invisible joiners keep Telegram from making links of it.
      expect(text.replaceAll('\u2060', '')).toBe(`[${value.trim()}]`);
    });
    fc.assert(property, { numRuns: 500 });
  });
});

describe('validation', () => {
  test('takes any text and any Mustache without throwing', () => {
    const anything = fc.oneof(fc.string({ unit: 'binary' }), unlikelyTemplate, likelyTemplate);
    fc.assert(
      fc.property(anything, (text) => {
        for (const { byteOffset = 0, detail } of validateText(text, 'welcome')) {
          expect(detail).not.toBe('');
          expect(byteOffset).toBeGreaterThanOrEqual(0);
          expect(byteOffset).toBeLessThanOrEqual(Buffer.byteLength(text));
        }
      }),
      { numRuns: 2000 },
    );
  });
});
