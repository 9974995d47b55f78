/** Where a placeholder may not stand, and what a button may not hold (docs/templates.md, "Telegram's HTML"). */
import { describe, expect, test } from '@jest/globals';
import { validateButton, validateText } from '../support/english.ts';

const problemsOf = (text: string) => validateText(text, 'welcome');

describe('in an address', () => {
  test.each([
    '<a href="https://shop.example/>{{nome}}">qui</a>',
    "<a href='https://shop.example/>{{nome}}'>qui</a>",
    "<a href='https://shop.example/{{nome}}/{{cognome}}'>qui</a>",
    '<a title="una pagina del nostro negozio" href="{{urlSito}}">qui</a>',
  ])('%s is taken', (text) => {
    expect(problemsOf(text)).toEqual([]);
  });

  test.each([
    ['in another attribute, before it', '<a title="{{nome}}" href="https://shop.example">qui</a>'],
    ['in another attribute, after it', '<a href="https://shop.example" title="{{nome}}">qui</a>'],
    ['in single quotes of something else', "<b title='{{nome}}'>qui</b>"],
    ['in double quotes of something else', '<b title="{{nome}}">qui</b>'],
    ['in the address of something else', '<b href="{{nome}}">qui</b>'],
    ['as a section', '<a href="{{#nome}}x{{/nome}}">qui</a>'],
  ])('%s it is refused', (_what, text) => {
    expect(problemsOf(text)).toMatchObject([{ key: 'nome', byteOffset: text.indexOf('{{') }]);
  });
});

test.each([
  ...['&', '&#', '&#1', '&#12', '&#x', '&#X', '&#xA', '&#xAf', '&l', '&lt', '&g', '&gt'],
  ...['&a', '&am', '&amp', '&q', '&qu', '&quo', '&quot'],
])('an entity that is not finished, %s, would take what follows for its own', (entity) => {
  expect(problemsOf(`è ${entity}{{nome}}`)).toMatchObject([
    { key: 'nome', byteOffset: 3, detail: expect.stringContaining(`${entity} right before {{nome}}`) },
  ]);
  expect(problemsOf(`{{#nome}}${entity}{{/nome}}x`)).toHaveLength(1);
});

test.each(['&x', '&nbspx', '&lx', '&amp;', '&#1;', 'b&b'])('%s is not the beginning of one', (text) => {
  expect(problemsOf(`${text}{{nome}}`)).toEqual([]);
});

test('what Telegram refuses without naming a place has none', () => {
  const [problem] = problemsOf('&#xd83d;');
  expect(problem?.detail).toContain('unmatched surrogate');
  expect(problem).not.toHaveProperty('byteOffset');
});

describe('a button', () => {
  const button = (text: string) => validateButton(text, 'welcome');

  test.each([
    ['<b class="x">Apri</b>', '<b class="x">', 0],
    ['è <b', '<b', 3],
    ['</i>', '</i>', 0],
    ['a</>', '</>', 1],
    ['Tom &amp; Jerry', '&amp;', 4],
    ['Tom &amp Jerry', '&amp', 4],
    ['&#8364;', '&#8364;', 0],
  ])('%s has HTML in it: %s', (text, found, byteOffset) => {
    expect(button(text)).toEqual([
      {
        detail: `A button takes no HTML, and would show ${found} as it is written: use plain text.`,
        byteOffset,
      },
    ]);
  });

  test.each(['Tom & Jerry', 'a < b', '1<2', '&x;', ` ${'x'.repeat(64)} `])('%j has none', (text) => {
    expect(button(text)).toEqual([]);
  });
});
