/** A message to somebody for whom values are missing: a company has no first name, a message may have no text. */
import { expect, test } from '@jest/globals';
import type { PlaceholderValues } from '../../lib/templates/placeholders.ts';
import { renderMessage } from '../../lib/templates/render.ts';

const shown = (it: string, values: PlaceholderValues) =>
  renderMessage({
    template: { event: 'message-sent', text: { it } },
    ...{ values, defaultLanguage: 'it', timeZone: 'Europe/Rome' },
  }).text;

const company = { cognome: 'Rossi S.r.l.', nominativo: 'Rossi S.r.l.' };

test.each([
  // The line of an empty section goes with it.
  ['Ciao\n{{#testoMessaggio}}Testo: {{testoMessaggio}}{{/testoMessaggio}}\nA presto', 'Ciao\nA presto'],
  [
    'Ciao\n<i>{{#testoMessaggio}}Testo: {{testoMessaggio}}{{/testoMessaggio}}</i>\nA presto',
    'Ciao\nA presto',
  ],
  ['Ciao\n {{#nome}}{{nome}}{{/nome}} {{#autore}}{{autore}}{{/autore}} \nA presto', 'Ciao\nA presto'],
  ['Ciao\n{{#testoMessaggio}}\nTesto: {{testoMessaggio}}\n{{/testoMessaggio}}\nA presto', 'Ciao\nA presto'],
  ['Ciao\n{{#testoMessaggio}}Testo:\n{{testoMessaggio}}{{/testoMessaggio}}\nA presto', 'Ciao\nA presto'],
  ['Ciao\n{{testoMessaggio}}\nA presto', 'Ciao\nA presto'],
  ['{{#nome}}Ciao {{nome}}{{/nome}}\nA presto', 'A presto'],
  // The blank line that the template has stays.
  [
    'Ciao\n{{#testoMessaggio}}\nTesto: {{testoMessaggio}}\n{{/testoMessaggio}}\n\nA presto',
    'Ciao\n\nA presto',
  ],
  ['Ciao\n\n{{#testoMessaggio}}{{testoMessaggio}}{{/testoMessaggio}}\n\nA presto', 'Ciao\n\nA presto'],
  ['Ciao\n\n{{#testoMessaggio}}\n{{testoMessaggio}}\n{{/testoMessaggio}}\n\nA presto', 'Ciao\n\nA presto'],
  // Other words of the line stay, and so do tags that close elsewhere.
  ['Ciao\nTesto: {{testoMessaggio}}\nA presto', 'Ciao\nTesto:\nA presto'],
  ['<b>Ciao\n{{testoMessaggio}}</b>\nA presto', '<b>Ciao\n</b>\nA presto'],
  // The greeting of a company.
  ['Ciao {{nome}}, ecco', 'Ciao, ecco'],
  ['Ciao <b>{{nome}}</b>, ecco', 'Ciao<b></b>, ecco'],
  ['Ciao {{nome}}!', 'Ciao!'],
  ['Ciao {{nome}} {{cognome}}, ecco', 'Ciao Rossi S.r.l., ecco'],
  ['Ciao{{#nome}} {{nome}}{{/nome}}, ecco', 'Ciao, ecco'],
  ['Ciao {{#nome}}{{nome}}{{/nome}}, ecco', 'Ciao, ecco'],
  ['Da {{autore}} a {{nominativo}}', 'Da a Rossi S.r.l.'],
])('%j', (text, expected) => {
  expect(shown(text, company)).toBe(expected);
});

test('a value that is there changes nothing', () => {
  const text = 'Ciao <b>{{nome}}</b> , ecco\n{{#autore}} {{autore}} {{/autore}}\n( {{nominativo}} )';
  expect(shown(text, { ...company, nome: 'Anna', autore: 'Carla' })).toBe(
    'Ciao <b>Anna</b> , ecco\n Carla \n( Rossi S.r.l. )',
  );
});

test.each([
  ['of blanks that nobody sees', '\u200b\u00ad'],
  ['of a filler', '\u3164'],
])('a value %s is none', (_what, autore) => {
  expect(shown('Ciao\n{{#autore}}Da: {{autore}}{{/autore}}\nA presto', { autore })).toBe('Ciao\nA presto');
});

test.each(['#', '$'])('%s before a value makes no tag of it', (sign) => {
  const text = shown(`Ordine ${sign}{{oggettoMessaggio}}`, { oggettoMessaggio: 'EUR12' });
  expect(text).toBe(`Ordine ${sign}\u2060EUR12`);
});

test.each([
  [`${'x'.repeat(64)} y`, `${'x'.repeat(63)}…`],
  [`${'x'.repeat(55)}👨‍👩‍👧‍👦 e altro`, `${'x'.repeat(55)}…`],
  [
    'Maria Antonietta Giuseppina Caterina Elisabetta Francesca Romana dei Medici',
    'Maria Antonietta Giuseppina Caterina Elisabetta Francesca…',
  ],
])('a value of a button is cut as any other: %s', (nome, expected) => {
  const { button } = renderMessage({
    template: { event: 'message-sent', text: { it: 'x' }, button: { it: '{{nome}}' } },
    ...{ values: { nome }, defaultLanguage: 'it', timeZone: 'Europe/Rome', url: 'https://shop.example/' },
  });
  expect(button?.text).toBe(expected);
});

test.each([
  ['Gent.ma cliente, pag.to e n.ro', 'Gent\u2060.ma cliente, pag\u2060.to e n\u2060.ro'],
  ['Gent.mo/a, listino.zip', 'Gent\u2060.mo/a, listino\u2060.zip'],
  [
    't.me/bottega bottega.it https://bottega.so/x a.b.co',
    't.me/bottega bottega.it https://bottega.so/x a.b.co',
  ],
  [
    '<code>n.ro</code> <a href="https://n.ro/">n.ro</a>',
    '<code>n.ro</code> <a href="https://n.ro/">n.ro</a>',
  ],
])('an abbreviation of the template itself is no link: %j', (text, expected) => {
  expect(shown(text, {})).toBe(expected);
});

test.each([
  ['Da {{nominativo}}.', 'Da Rossi S.r.l.'],
  ['Da <b>{{nominativo}}</b>.\nCiao', 'Da <b>Rossi S.r.l</b>.\nCiao'],
  ['«Da {{nominativo}}.» Ciao', '«Da Rossi S.r.l.» Ciao'],
  ['{{oggettoMessaggio}}. Ciao', 'Attendere... Ciao'],
  // The template's own points, and what is no end of a sentence.
  ['Da {{nominativo}}... ciao', 'Da Rossi S.r.l.... ciao'],
  ['Da {{nominativo}}, ciao', 'Da Rossi S.r.l., ciao'],
  ['{{nome}}.', 'Anna.'],
])('the full stop at the end of a name is also that of the sentence: %j', (text, expected) => {
  expect(shown(text, { ...company, nome: 'Anna', oggettoMessaggio: 'Attendere...' })).toBe(expected);
});
