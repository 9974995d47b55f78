/**
 * A message costs what a message may be, whatever the template repeats and however long the values are (docs/templates.md,
 * "Limits"). Without these bounds each of these tests takes a minute or more. Counted is the processor's time.
 */
import { expect, test } from '@jest/globals';
import { withCurrentAddresses } from '../../lib/domain/shop-address.ts';
import { htmlLength, MAX_RAW_BYTES, parseHtml } from '../../lib/telegram/html/index.ts';
import { cleanLine, cleanText } from '../../lib/telegram/text/clean.ts';
import { cutText } from '../../lib/telegram/text/cut.ts';
import type { PlaceholderValues } from '../../lib/templates/placeholders.ts';
import { MessageRenderer, renderMessage } from '../../lib/templates/render.ts';

const SECONDS = 10;

function processorSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000_000;
}

const italian = { defaultLanguage: 'it', timeZone: 'Europe/Rome' };
const render = (text: string, values: PlaceholderValues, renderer = new MessageRenderer()) =>
  renderer.render({ ...italian, template: { event: 'message-sent', text: { it: text } }, values });

const long = 'a'.repeat(10_000);

test('a value of 10,000 characters, 1,724 times', () => {
  const { text, shortened } = render('{{oggettoMessaggio}} '.repeat(1_724), { oggettoMessaggio: long });
  // 1,723 blanks between them leave room for one character each.
  expect(text).toBe(Array(1_724).fill('…').join(' '));
  expect(shortened).toBe(true);
});

const heavy: [string, string, PlaceholderValues][] = [
  ['a value many times', '{{oggettoMessaggio}}'.repeat(1_500), { oggettoMessaggio: long }],
  [
    'values of quotes',
    `${'{{oggettoMessaggio}} {{testoMessaggio}}'.repeat(20)}${'<b></b>'.repeat(3_500)}`,
    { oggettoMessaggio: '"'.repeat(10_000), testoMessaggio: '&'.repeat(200_000) },
  ],
  [
    'a long address many times',
    '<a href="https://shop.example/{{testoMessaggio}}">x</a>'.repeat(500),
    { testoMessaggio: '"'.repeat(200_000) },
  ],
  [
    'thousands of tags',
    `${'<b>a</b><i>b</i>'.repeat(1_800)}{{oggettoMessaggio}}{{nome}}`,
    { oggettoMessaggio: '<'.repeat(10_000) },
  ],
  ['combining marks', '{{testoMessaggio}}'.repeat(20), { testoMessaggio: `a${'\u0301'.repeat(200_000)}` }],
];

test.each(heavy)('500 messages of ten templates: %s', (_what, text, values) => {
  const renderer = new MessageRenderer();
  const seconds = processorSeconds(() => {
    for (let count = 0; count < 500; count++) {
      render(`${text}${count % 10}`, { ...values, nome: `Anna ${count}` }, renderer);
    }
  });
  expect(seconds).toBeLessThan(SECONDS);
});

test.each(heavy)('is within the limits of Telegram: %s', (_what, text, values) => {
  const { text: html, shortened } = render(text, { ...values, nome: 'Anna' });
  expect(htmlLength(html)).toBeLessThanOrEqual(4_096);
  expect(Buffer.byteLength(html)).toBeLessThanOrEqual(MAX_RAW_BYTES);
  expect(shortened).toBe(true);
});

test('an address that does not fit is left out, the text stays', () => {
  const text = '<a href="https://shop.example/{{testoMessaggio}}">qui</a> {{nome}}';
  expect(render(text, { testoMessaggio: 'x'.repeat(40_000), nome: 'Anna' })).toEqual({
    ...{ language: 'it', shortened: true },
    text: '<a href="https://shop.example/">qui</a> Anna',
  });
});

test('the bytes of values and tags together are used up', () => {
  // 28,000 bytes of tags leave 4,768: 794 quotes of six bytes, and three for the ellipsis.
  const { text } = render(`${'<b></b>'.repeat(4_000)}{{nome}}`, { nome: '"'.repeat(4_000) });
  expect(text).toBe(`${'<b></b>'.repeat(4_000)}${'&quot;'.repeat(794)}…`);
});

test('a button of values that are repeated', () => {
  const renderer = new MessageRenderer();
  const button = { it: '{{testoMessaggio}}'.repeat(1_700) };
  const message = {
    ...italian,
    template: { event: 'message-sent', text: { it: 'x' }, button },
    url: 'https://shop.example/1',
  } as const;
  const values = { testoMessaggio: `a${' \n'.repeat(90_000)}b` };
  const seconds = processorSeconds(() => {
    for (let count = 0; count < 500; count++) renderer.render({ ...message, values });
  });
  expect(renderer.render({ ...message, values }).button?.text).toBe(
    `${'a ba b'.repeat(15)}`.slice(0, 61).concat('…'),
  );
  expect(seconds).toBeLessThan(SECONDS);
});

test('a renderer writes the same as if there were no other message', () => {
  const renderer = new MessageRenderer();
  const template = {
    event: 'message-sent',
    text: { it: 'Ciao{{#nome}} {{nome}}{{/nome}}: {{oggettoMessaggio}}', en: 'Hi {{nome}}' },
  } as const;
  const readers = [
    { values: { nome: 'Anna', oggettoMessaggio: long } },
    { values: { oggettoMessaggio: long } },
    { values: { nome: 'Bruno', oggettoMessaggio: 'x' }, languages: ['en'] },
    { values: { nome: 'Anna', oggettoMessaggio: 'x' } },
  ];
  for (const reader of [...readers, ...readers]) {
    const message = { ...italian, ...reader, template };
    expect(renderer.render(message)).toEqual(renderMessage(message));
  }
});

test.each([' ', '\n', ' \n', '\n\t\t', '\u0301', '\ud83d', '<', '&', '\r', '\u0001', '🇮🇹'])(
  'values of %j are cleaned and cut in linear time',
  (piece) => {
    const value = `x${piece.repeat(200_000)}y`;
    const seconds = processorSeconds(() => {
      for (let count = 0; count < 50; count++) {
        cleanText(value);
        cleanLine(value);
        cutText(value, 4_096);
        cutText(value, 64);
      }
    });
    expect(seconds).toBeLessThan(SECONDS);
  },
);

test('links inside each other, all of them with their text as address', () => {
  const html = `${'<a>'.repeat(4_000)}${'a.'.repeat(2_000)}${'</a>'.repeat(4_000)}`;
  expect(processorSeconds(() => Array.from({ length: 100 }, () => parseHtml(html)))).toBeLessThan(SECONDS);
});

test('addresses of a shop that has moved, looked for in what is none', () => {
  const shop = {
    url: 'https://new.example',
    formerUrls: [{ url: 'https://old.example', until: '2099-01-01' }],
  };
  const seconds = processorSeconds(() => {
    for (let count = 0; count < 50; count++) withCurrentAddresses('a+'.repeat(16_000), shop);
  });
  expect(seconds).toBeLessThan(SECONDS);
});
