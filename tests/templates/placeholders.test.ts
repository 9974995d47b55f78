import { describe, expect, test } from '@jest/globals';
import type { TemplateKind } from '../../lib/domain/templates.ts';
import { PLACEHOLDERS, placeholdersOf } from '../../lib/templates/placeholders.ts';

const person = ['nome', 'cognome', 'nominativo', 'urlSito', 'nomeSito'];
const activity = ['dataAttivita', 'oggettoAttivita'];
const file = ['nomeCartella', 'nomeFile'];
const message = ['oggettoMessaggio', 'testoMessaggio'];

describe('placeholdersOf', () => {
  test.each<[TemplateKind, string[]]>([
    [
      'order-status',
      [
        ...person,
        'numeroArticoli',
        'siglaDocumento',
        'statoDocumento',
        'totaleOrdine',
        'elencoArticoli',
        'codiceTracking',
      ],
    ],
    ['abandoned-cart', [...person, 'numeroArticoliCarrello', 'totaleCarrello', 'codiceCoupon']],
    ['message-sent', [...person, ...message, 'autore']],
    ['message-read', [...person, ...message, 'autore']],
    ['activity-status', [...person, ...activity, 'vecchioStato', 'nuovoStato', 'autore']],
    ['activity-viewed', [...person, ...activity, 'autore']],
    ['activity-reminder', [...person, ...activity, 'autore']],
    ['file-upload', [...person, ...file, 'numeroFile', 'elencoFile', 'riepilogoFile', 'autore']],
    ['file-download', [...person, ...file, 'numeroFile', 'elencoFile', 'autore']],
    ['file-view', [...person, ...file, 'numeroFile', 'elencoFile', 'autore']],
    ['welcome', person],
  ])('%s', (kind, keys) => {
    expect(placeholdersOf(kind).map(({ key }) => key)).toEqual(keys);
  });

  test('each key is there once', () => {
    const keys = PLACEHOLDERS.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('what is written by the manners of a language', () => {
    const formatted = PLACEHOLDERS.filter(({ format }) => format !== 'text');
    expect(Object.fromEntries(formatted.map(({ key, format }) => [key, format]))).toEqual({
      numeroArticoli: 'count',
      totaleOrdine: 'money',
      numeroArticoliCarrello: 'count',
      totaleCarrello: 'money',
      numeroFile: 'count',
      dataAttivita: 'date',
    });
  });
});
