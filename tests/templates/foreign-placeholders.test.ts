/** Placeholders as other programs write them are refused, with the key that was meant. */
import { describe, expect, test } from '@jest/globals';
import { validateButton, validateText } from '../support/english.ts';

describe('refused with the key that was meant', () => {
  test.each([
    ['{nome}', 'nome'],
    ['{ nome }', 'nome'],
    ['{Nome}', 'nome'],
    ['$' + '{nome}', 'nome'],
    ['%nome%', 'nome'],
    ['%NOME%', 'nome'],
    ['%%nome%%', 'nome'],
    ['[NOME]', 'nome'],
    ['[Nome]', 'nome'],
    ['[[nome]]', 'nome'],
    ['«Nome»', 'nome'],
    ['#nome#', 'nome'],
    ['$nome$', 'nome'],
    ['*|NOME|*', 'nome'],
    ['&lt;&lt;Nome&gt;&gt;', 'nome'],
    ['{nome_cliente}', 'nome'],
    ['{% nome %}', 'nome'],
    ['__nome__', 'nome'],
    ['[CLIENTE]', 'nome'],
    ['[Nome Cognome]', 'nominativo'],
    ['«Ragione sociale»', 'nominativo'],
    ['nome}}', 'nome'],
    ['nome}', 'nome'],
    ['%NOME', 'nome'],
    ['{first_name}', 'nome'],
    ['{nme}', 'nome'],
    ['[URL Sito]', 'urlSito'],
    ['{Sigla Documento}', 'siglaDocumento'],
    ['%sigla_documento%', 'siglaDocumento'],
  ])('%s', (written, key) => {
    const problems = validateText(`è ${written}, grazie`, 'order-status');
    const detail = `People would read ${written} as it is written. Write {{${key}}}.`;
    expect(problems).toEqual([{ detail, byteOffset: 3, key }]);
  });

  test.each([
    ['{{ Nome }}', 'nome'],
    ['{{NOME}}', 'nome'],
    ['{{URL Sito}}', 'urlSito'],
    ['{{#Nome}} {{nome}}{{/Nome}}', 'nome'],
    ['{{first_name}}', 'nome'],
  ])('%s', (written, key) => {
    const [first] = validateText(written, 'order-status');
    expect(first?.detail).toContain(`Did you mean {{${key}}}?`);
  });

  test('<Nome>, with the words of Telegram', () => {
    const [first] = validateText('Ciao <Nome>', 'order-status');
    expect(first?.detail).toMatch(/Unsupported start tag "nome".*Did you mean \{\{nome\}\}\?/);
  });

  test('one of another event', () => {
    expect(validateText('{totaleCarrello}', 'welcome')).toEqual([
      {
        detail:
          'People would read {totaleCarrello} as it is written. {{totaleCarrello}} has no value here. Placeholders that can be used here: nome, cognome, nominativo, urlSito, nomeSito.',
        byteOffset: 0,
        key: 'totaleCarrello',
      },
    ]);
  });

  test('several, in the order of the text; and in a button', () => {
    const problems = validateText('[NOME] {cognome} %nome%', 'welcome');
    expect(problems.map(({ byteOffset }) => byteOffset)).toEqual([0, 7, 17]);
    expect(validateButton('Ordine [SIGLA DOCUMENTO]', 'order-status')).toMatchObject([
      { key: 'siglaDocumento' },
    ]);
  });
});

test.each([
  'Ciao {{nome}}, {{# cognome }}{{ cognome }}{{/ cognome }}',
  'Sconto 10% su tutto, 20% sui resti',
  'Sconto del 10%sui nuovi e del 20%',
  '[Nuovo] {…} (nome) nome: «Buon Natale»',
  'Costa 5$ o 6$, #offerta #nome',
  '}} {',
  'Nome',
  'Sconto del 10%nome',
  'a__b, snake_case, __init__',
  '{{#nome}}{{ nome }}{{/nome}} {{nominativo}}',
])('%s is text', (text) => {
  expect(validateText(text, 'order-status')).toEqual([]);
});
