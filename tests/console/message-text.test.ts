/** What is drawn, coloured and compared in the editor of messages, whatever people write. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  bodyOf,
  type Draft,
  differencesOf,
  draftOf,
  isDisputed,
  NOTHING_NEWER,
  withPart,
} from '../../console/messages/draft.ts';
import { type Drawn, drawnText, safeAddress } from '../../console/messages/drawn-text.ts';
import { wrapped } from '../../console/messages/formatting.ts';
import { highlighted, markedAt } from '../../console/messages/highlight.ts';
import { Newest } from '../../console/messages/newest.ts';
import { offsetOf, placeOf } from '../../console/messages/places.ts';
import { wordChanges } from '../../console/messages/word-changes.ts';
import { inLanguage } from '../../lib/domain/sentence.ts';
import { parseHtml } from '../../lib/telegram/html/index.ts';
import { placeIn } from '../../lib/templates/api/draft-errors.ts';

const HOSTILE = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  '{{nome}}',
  '{{#nome}}',
  '{{{nome}}}',
  '<b>',
  '</b>',
  '&lt;',
  'https://shop.example/a?b=<i>',
  '\n',
  '👨‍👩‍👧',
  'שלום',
];
const hostileText = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'grapheme', maxLength: 8 })), {
    maxLength: 12,
  })
  .map((parts) => parts.join(''));
const TYPES = [
  'bold',
  'italic',
  'underline',
  'strikethrough',
  'spoiler',
  'code',
  'pre',
  'text_link',
  'blockquote',
  'expandable_blockquote',
  'custom_emoji',
  'constructor',
  '__proto__',
];
const entity = fc.record({
  type: fc.constantFrom(...TYPES),
  offset: fc.nat(60),
  length: fc.nat(60),
  url: fc.constantFrom(...HOSTILE, 'https://shop.example/', 'tg://resolve?domain=x', 'mailto:a@b.example'),
});

/** The text in it, and what becomes elements. */
function read(drawn: readonly Drawn[]): { text: string; kinds: string[]; addresses: string[] } {
  const parts = drawn.map((each) => {
    if (typeof each === 'string') return { text: each, kinds: [], addresses: [] };
    const inside = read(each.content);
    return {
      text: inside.text,
      kinds: [each.kind, ...inside.kinds],
      addresses: [...(each.href === undefined ? [] : [each.href]), ...inside.addresses],
    };
  });
  return {
    text: parts.map(({ text }) => text).join(''),
    kinds: parts.flatMap(({ kinds }) => kinds),
    addresses: parts.flatMap(({ addresses }) => addresses),
  };
}

const KNOWN_KINDS = [
  'bold',
  'italic',
  'underline',
  'strikethrough',
  'code',
  'pre',
  'spoiler',
  'quotation',
  'folded-quotation',
  'link',
  'plain',
];

describe('the text of a message', () => {
  test('is text, and known elements around it, whatever it says and whatever its entities are', () => {
    fc.assert(
      fc.property(hostileText, fc.array(entity, { maxLength: 8 }), (text, entities) => {
        const { text: shown, kinds, addresses } = read(drawnText(text, entities));
        // A line break after a block is the end of its line.
        expect(shown.replaceAll('\n', '')).toBe(text.replaceAll('\n', ''));
        for (const kind of kinds) expect(KNOWN_KINDS).toContain(kind);
        for (const address of addresses) expect(address).toMatch(/^(?:https?|tg|mailto):/);
      }),
      { numRuns: 2_000 },
    );
  });

  test('has the formats of Telegram, nested', () => {
    const { text, entities } = parseHtml(
      'Ciao <b>Anna <i>Rossi</i></b>, <a href="https://shop.example/x">qui</a>: <tg-spoiler>42</tg-spoiler>',
    );
    expect(drawnText(text, entities)).toEqual([
      'Ciao ',
      { kind: 'bold', content: ['Anna ', { kind: 'italic', content: ['Rossi'] }] },
      ', ',
      { kind: 'link', href: 'https://shop.example/x', content: ['qui'] },
      ': ',
      { kind: 'spoiler', content: ['42'] },
    ]);
  });

  test('makes links of addresses, as Telegram does, but not in code', () => {
    expect(drawnText('Vedi https://shop.example/a, grazie', [])).toEqual([
      'Vedi ',
      { kind: 'link', href: 'https://shop.example/a', content: ['https://shop.example/a'] },
      ', grazie',
    ]);
    const code = [{ type: 'code', offset: 0, length: 20 }];
    expect(drawnText('https://shop.example', code)).toEqual([
      { kind: 'code', content: ['https://shop.example'] },
    ]);
  });

  test.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc',
    'x',
    '',
  ])('has no link to %j', (address) => {
    expect(safeAddress(address)).toBeUndefined();
  });
});

describe('the colours behind a text', () => {
  test('cover all of it, in order, whatever is written', () => {
    const range = fc.record({ start: fc.nat(80), end: fc.nat(80) });
    fc.assert(
      fc.property(hostileText, fc.array(range, { maxLength: 4 }), (text, wrong) => {
        const pieces = highlighted(text, new Set(['nome']), wrong);
        expect(pieces.map((piece) => piece.text).join('')).toBe(text);
      }),
      { numRuns: 2_000 },
    );
  });

  test('tell placeholders, sections, tags and what is unknown', () => {
    const text = 'Ciao{{#nome}} {{nome}}{{/nome}}, <b>{{nom}}</b>';
    const pieces = highlighted(text, new Set(['nome']), [markedAt(text, text.indexOf('{{nom}}') + 3)]);
    expect(
      pieces.filter(({ kind }) => kind).map(({ text: of, kind, isWrong }) => [of, kind, isWrong]),
    ).toEqual([
      ['{{#nome}}', 'section', false],
      ['{{nome}}', 'placeholder', false],
      ['{{/nome}}', 'section', false],
      ['<b>', 'tag', false],
      ['{{nom}}', 'unknown', true],
      ['</b>', 'tag', false],
    ]);
  });
});

describe('the place of an error', () => {
  test.each(['it', 'en'] as const)('is where the API says it is, in %s', (language) => {
    fc.assert(
      fc.property(hostileText, fc.nat(), (text, anywhere) => {
        const units = [...text];
        const before = units.slice(0, anywhere % (units.length + 1)).join('');
        const words = placeIn(text, { byteOffset: Buffer.byteLength(before) });
        const detail = `Non va bene.${inLanguage(words, language)}`;
        const place = placeOf({ pointer: '/text/it-IT', code: 'invalid', detail });
        expect(place).toMatchObject({ field: 'text', language: 'it-IT', detail: 'Non va bene.' });
        expect(place.position && offsetOf(text, place.position)).toBe(before.length);
      }),
    );
  });

  test('may be a field without a language', () => {
    expect(placeOf({ pointer: '/statuses/2', code: 'invalid', detail: 'Ripetuto.' })).toEqual({
      field: 'statuses',
      code: 'invalid',
      detail: 'Ripetuto.',
    });
  });
});

describe('a format', () => {
  test('goes around what is selected, and away again', () => {
    const bold = wrapped({ value: 'Ciao Anna!', start: 5, end: 9 }, '<b>', '</b>');
    expect(bold).toEqual({ start: 5, end: 9, replacement: '<b>Anna</b>', selection: [8, 12] });
    const back = wrapped({ value: 'Ciao <b>Anna</b>!', start: 8, end: 12 }, '<b>', '</b>');
    expect(back).toEqual({ start: 5, end: 16, replacement: 'Anna', selection: [5, 9] });
  });

  test('leaves the blank of a double click outside', () => {
    expect(wrapped({ value: 'Ciao Anna ', start: 0, end: 5 }, '<i>', '</i>')).toMatchObject({
      start: 0,
      end: 4,
      replacement: '<i>Ciao</i>',
    });
  });
});

describe('what changed', () => {
  test('makes each of both texts', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (before, after) => {
        const changes = wordChanges(before, after);
        const without = (kind: string) =>
          changes
            .filter((change) => change.kind !== kind)
            .map(({ text }) => text)
            .join('');
        expect([without('added'), without('removed')]).toEqual([before, after]);
      }),
    );
  });

  test('is shown by words', () => {
    expect(wordChanges('Il tuo ordine è pronto.', 'Il Suo ordine è pronto!')).toEqual([
      { text: 'Il ', kind: 'same' },
      { text: 'tuo', kind: 'removed' },
      { text: 'Suo', kind: 'added' },
      { text: ' ordine è pronto', kind: 'same' },
      { text: '.', kind: 'removed' },
      { text: '!', kind: 'added' },
    ]);
  });
});

describe('two versions of a message', () => {
  const base: Draft = {
    name: 'Evaso',
    event: 'order-status',
    enabled: true,
    statuses: ['Evaso'],
    groups: ['a', 'b'],
    audience: 'everybody',
    text: { it: 'Ciao', en: 'Hello' },
    button: {},
    ...NOTHING_NEWER,
  };

  test('differ by field and language', () => {
    const other = { ...base, groups: ['b', 'a'], text: { it: 'Salve', en: 'Hello' }, button: { it: 'Vedi' } };
    expect(differencesOf(base, other)).toEqual([
      { part: 'text/it', one: 'Ciao', other: 'Salve' },
      { part: 'button/it', one: undefined, other: 'Vedi' },
    ]);
    expect(withPart(withPart(base, 'text/it', 'Salve'), 'button/it', 'Vedi').text.it).toBe('Salve');
  });

  test('differ by the colour and the other buttons', () => {
    const second = { secondButton: { it: 'Scrivici' }, secondButtonUrl: 'https://shop.example/contatti' };
    const other = { ...base, buttonStyle: 'success' as const, ...second, trackingButton: { it: 'Copia' } };
    const differences = differencesOf(base, other);
    expect(differences.map(({ part }) => part)).toEqual([
      'buttonStyle',
      'secondButtonUrl',
      'secondButton/it',
      'trackingButton/it',
    ]);
    const merged = differences.reduce<Draft>(
      (draft, { part, other: value }) => withPart(draft, part, value),
      base,
    );
    expect(merged).toEqual(other);
    expect(draftOf({ id: 'x', ...bodyOf(other), enabled: true })).toEqual(other);
    // What has no use any more is not sent: the API would refuse it.
    expect(bodyOf({ ...other, event: 'message-sent', secondButton: { it: '' } })).toMatchObject({
      secondButton: {},
    });
    expect(bodyOf({ ...other, event: 'message-sent', secondButton: { it: '' } })).not.toHaveProperty(
      'secondButtonUrl',
    );
    expect(bodyOf({ ...other, event: 'message-sent' })).not.toHaveProperty('trackingButton');
  });

  test('differ by whether an order has one message, when it rings, and a table', () => {
    const one = { ...base, card: true, newMessageFor: ['EVASO'], rich: true };
    const differences = differencesOf(base, one);
    expect(differences).toEqual([
      { part: 'card', one: false, other: true },
      { part: 'newMessageFor', one: [], other: ['EVASO'] },
      { part: 'rich', one: false, other: true },
    ]);
    expect(differences.reduce<Draft>((draft, { part, other }) => withPart(draft, part, other), base)).toEqual(
      one,
    );
    expect(draftOf({ id: 'x', ...bodyOf(one), enabled: true })).toEqual(one);
    // A status that the message is not for any more, and what only orders have: the API would refuse it.
    expect(bodyOf({ ...one, statuses: ['Bollato'] }).card).toEqual({ newMessageFor: [] });
    expect(bodyOf({ ...one, event: 'message-sent' })).not.toHaveProperty('card');
    expect(bodyOf({ ...one, event: 'message-sent' })).not.toHaveProperty('rich');
  });

  test('differ by how long the notices of a folder are collected', () => {
    const files = { ...base, event: 'file-upload' as const, statuses: [] };
    const other = { ...files, digestMinutes: 15 };
    const differences = differencesOf(files, other);
    expect(differences).toEqual([{ part: 'digestMinutes', one: undefined, other: '15' }]);
    expect(withPart(files, 'digestMinutes', '15')).toEqual(other);
    expect(withPart(other, 'digestMinutes', undefined)).toEqual(files);
    expect(draftOf({ id: 'x', ...bodyOf(other), enabled: true })).toEqual(other);
    // Other kinds know no folder.
    expect(bodyOf({ ...other, event: 'message-sent' })).not.toHaveProperty('digestMinutes');
  });

  test('are disputed where both sides have changed the same', () => {
    const mine = { ...base, name: 'Mio', text: { ...base.text, it: 'A' } };
    const theirs = { ...base, text: { ...base.text, it: 'B' } };
    expect(isDisputed('text/it', base, mine, theirs)).toBe(true);
    expect(isDisputed('name', base, mine, theirs)).toBe(false);
  });
});

test('of several requests the newest answer stays, in whatever order they come', async () => {
  const asked: { request: string; answer: (text: string) => void }[] = [];
  const told: string[] = [];
  const newest = new Newest<string, string>({
    ask: (request) => new Promise((answer) => asked.push({ request, answer })),
    onAnswer: (answer) => told.push(answer),
    onError: () => {},
  });
  for (const request of ['a', 'b', 'c', 'd']) newest.want(request);
  // Two at once; what came in between is never asked for.
  expect(asked.map(({ request }) => request)).toEqual(['a', 'b']);
  asked[1]?.answer('B');
  await Promise.resolve();
  await Promise.resolve();
  asked[0]?.answer('A');
  await new Promise((resolve) => setImmediate(resolve));
  expect(asked.map(({ request }) => request)).toEqual(['a', 'b', 'd']);
  asked[2]?.answer('D');
  await new Promise((resolve) => setImmediate(resolve));
  expect(told).toEqual(['B', 'D']);
});
