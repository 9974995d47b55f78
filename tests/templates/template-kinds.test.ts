import { describe, expect, test } from '@jest/globals';
import { TEMPLATE_KINDS, type TemplateKind } from '../../lib/domain/templates.ts';
import type { PlaceholderValues } from '../../lib/templates/placeholders.ts';
import { renderMessage } from '../../lib/templates/render.ts';
import { defaultTemplates } from '../../lib/templates/template-kinds.ts';
import { validateButton, validateText } from '../../lib/templates/validate.ts';

const url = 'https://shop.example/page';
const anna = {
  nome: 'Anna',
  cognome: 'Bianchi',
  nominativo: 'Anna Bianchi',
  urlSito: 'https://shop.example',
};
const message = {
  oggettoMessaggio: 'Ferie',
  testoMessaggio: 'Prima riga\nSeconda riga',
  autore: 'Mario Rossi',
};
const activity = {
  oggettoAttivita: 'Riunione',
  dataAttivita: '2026-11-22T15:30:00+01:00',
  autore: 'Mario Rossi',
};
const file = { nomeCartella: 'Fatture', nomeFile: 'fattura_12.pdf', autore: 'Mario Rossi' };

/** Every value that a kind has. */
const ALL_VALUES: Record<TemplateKind, PlaceholderValues> = {
  'order-status': {
    ...anna,
    numeroArticoli: 3,
    siglaDocumento: 'WEB 42',
    statoDocumento: 'Confermato',
    totaleOrdine: { amount: '149.90', currency: 'EUR' },
  },
  'abandoned-cart': {
    ...anna,
    numeroArticoliCarrello: 1,
    totaleCarrello: { amount: '39', currency: 'EUR' },
  },
  'message-sent': { ...anna, ...message },
  'message-read': { ...anna, ...message },
  'activity-status': { ...anna, ...activity, vecchioStato: 'Pianificata', nuovoStato: 'Completata' },
  'activity-viewed': { ...anna, ...activity },
  'activity-reminder': { ...anna, ...activity },
  'file-upload': { ...anna, ...file },
  'file-download': { ...anna, ...file },
  'file-view': { ...anna, ...file },
  welcome: anna,
};
/** What is left where all that may be missing is missing. */
const FEW_VALUES: Partial<Record<TemplateKind, PlaceholderValues>> = {
  'activity-status': { nuovoStato: 'Scaduta' },
  'activity-reminder': { dataAttivita: '2026-11-22' },
};

function defaultOf(kind: TemplateKind) {
  const template = defaultTemplates().find(({ event }) => event === kind);
  if (!template) throw new Error(`no default for ${kind}`);
  return template;
}

function render(kind: TemplateKind, language: string, values: PlaceholderValues) {
  const template = defaultOf(kind);
  return renderMessage({
    ...{ template, values, languages: [language], url },
    ...{ defaultLanguage: 'it', timeZone: 'Europe/Rome' },
  });
}

function written(kind: TemplateKind, language: string, values: PlaceholderValues): string {
  return render(kind, language, values).text;
}

/** A message with its button, under a line that says which it is. */
function shown(kind: TemplateKind, language: string, values: PlaceholderValues, which: string): string {
  const { text, button } = render(kind, language, values);
  return `---- ${kind}, ${language}, ${which}\n${text}\n${button ? `[${button.text}]\n` : ''}`;
}

describe('the default templates, as they are read', () => {
  test('every kind in both languages, with every value and with next to none', () => {
    const messages = TEMPLATE_KINDS.flatMap((kind) =>
      ['it', 'en'].flatMap((language) => [
        shown(kind, language, ALL_VALUES[kind], 'every value'),
        shown(kind, language, FEW_VALUES[kind] ?? {}, 'next to none'),
      ]),
    );
    expect(`\n${messages.join('\n')}`).toMatchSnapshot('default messages');
  });

  test('a company is named as the holder of its order', () => {
    const company = { cognome: 'Rossi Srl', nominativo: 'Rossi Srl' };
    expect(written('order-status', 'it', { ...company, statoDocumento: 'Evaso' })).toBe(
      [
        '📦 Ciao, ecco a che punto è il tuo ordine.',
        '',
        'Stato: <b>Evaso</b>',
        'Intestatario: Rossi Srl',
        '',
        'Grazie per averci scelto!',
      ].join('\n'),
    );
  });

  test.each(TEMPLATE_KINDS.filter((kind) => kind !== 'welcome'))(
    '%s has a button that leads to what it is about',
    (kind) => {
      expect(render(kind, 'it', {}).button).toEqual({ text: defaultOf(kind).button?.it, url });
      // The words of English also for its regions.
      expect(render(kind, 'en-GB', {}).button).toEqual({ text: defaultOf(kind).button?.en, url });
    },
  );
});

describe('the default templates, as they are kept', () => {
  test('one for every kind, enabled', () => {
    const defaults = defaultTemplates();
    expect(defaults.map(({ event }) => event)).toEqual([...TEMPLATE_KINDS]);
    expect(defaults.map(({ id }) => id)).toEqual(TEMPLATE_KINDS.map((kind) => `default-${kind}`));
    expect(defaults.every(({ enabled }) => enabled)).toBe(true);
  });

  test('order-status manages every status of the manual, the others none', () => {
    const [orderStatus, ...others] = defaultTemplates();
    expect(orderStatus?.statuses).toEqual([
      'Nuovo',
      'Memorizzato',
      'Modificato',
      'Sospeso',
      'Confermato',
      'Annullato',
      'Evaso',
      'Bollato',
      'Fatturato',
      'Trasformato',
      'Pagamento non confermato',
      'Da verificare',
    ]);
    expect(others.every((template) => !('statuses' in template))).toBe(true);
  });

  test('all of them pass the validation that merchants pass', () => {
    for (const { event, text, button } of defaultTemplates()) {
      for (const language of ['it', 'en']) {
        expect(validateText(text[language] ?? '', event)).toEqual([]);
        if (button) expect(validateButton(button[language] ?? '', event)).toEqual([]);
      }
    }
  });

  test('each call makes new ones', () => {
    const [first] = defaultTemplates();
    if (first) first.text.it = 'changed';
    expect(defaultTemplates()[0]?.text.it).toContain('ecco a che punto è il tuo ordine');
  });
});
