/** The default templates of a new site: what people read, in both tones, and which of them send. */
import { describe, expect, test } from '@jest/globals';
import { TEMPLATE_KINDS, type Template, type TemplateKind } from '../../lib/domain/templates.ts';
import { TONES, type Tone } from '../../lib/domain/tone.ts';
import { formerDefaultTexts, formerFileUploads } from '../../lib/templates/former-default-texts.ts';
import type { PlaceholderValues } from '../../lib/templates/placeholders.ts';
import { renderMessage } from '../../lib/templates/render.ts';
import { defaultSharedButtons, sharedButtonOf } from '../../lib/templates/shared-buttons.ts';
import { defaultTemplates, inTone } from '../../lib/templates/template-kinds.ts';
import { validateButton, validateText } from '../../lib/templates/validate.ts';

const url = 'https://shop.example/page';
const anna = {
  nome: 'Anna',
  cognome: 'Bianchi',
  nominativo: 'Anna Bianchi',
  urlSito: 'https://shop.example',
  nomeSito: 'Studio Bianchi S.r.l.',
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
const upload = { ...file, numeroFile: 1, elencoFile: 'fattura_12.pdf', riepilogoFile: 'un nuovo file' };

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
  'file-upload': { ...anna, ...upload },
  'file-download': { ...anna, ...file },
  'file-view': { ...anna, ...file },
  welcome: anna,
};
/** What is left where all that may be missing is missing. */
const FEW_VALUES: Partial<Record<TemplateKind, PlaceholderValues>> = {
  'activity-status': { nuovoStato: 'Scaduta' },
  'activity-reminder': { dataAttivita: '2026-11-22' },
};

const company = { cognome: 'Rossi S.r.l.', nominativo: 'Rossi S.r.l.' };

function valuesFor({ event, statuses }: Template): PlaceholderValues {
  return { ...ALL_VALUES[event], ...(statuses && { statoDocumento: statuses[0] }) };
}

function render(template: Template, language: string, values: PlaceholderValues, tone: Tone = 'tu') {
  return renderMessage({
    ...{ template, values, languages: [language], url },
    sharedButton: sharedButtonOf(defaultSharedButtons(tone), template.event),
    ...{ defaultLanguage: 'it', timeZone: 'Europe/Rome' },
  });
}

/** A message with its button, under a line that says which it is. */
function shown(
  { template, language, tone }: { template: Template; language: string; tone: Tone },
  values: PlaceholderValues,
  which: string,
): string {
  const { text, button } = render(template, language, values, tone);
  return `---- ${template.id}, ${language}, ${which}\n${text}\n${button ? `[${button.text}]\n` : ''}`;
}

const withId = (id: string, tone?: Tone): Template => {
  const template = defaultTemplates(tone).find((each) => each.id === id);
  if (!template) throw new Error(`no default ${id}`);
  return template;
};
const buttons = (tone: Tone) => defaultSharedButtons(tone).cartButton;
const managing = (status: string): Template[] =>
  defaultTemplates().filter(({ statuses = [] }) => statuses.includes(status));

describe('the default templates, as they are read', () => {
  test.each(TONES)('all of them in both languages, with every value and with next to none: %s', (tone) => {
    const messages = defaultTemplates(tone).flatMap((template) =>
      (tone === 'tu' ? ['it', 'en'] : ['it']).flatMap((language) => [
        shown({ template, language, tone }, valuesFor(template), 'every value'),
        shown(
          { template, language, tone },
          { ...FEW_VALUES[template.event], ...company },
          'a company, next to none',
        ),
        shown({ template, language, tone }, FEW_VALUES[template.event] ?? {}, 'next to none'),
      ]),
    );
    expect(`\n${messages.join('\n')}`).toMatchSnapshot(`default messages, ${tone}`);
  });

  // No blank before a comma, no two blank lines, no label without its value, no name that ends in two full stops.
  test.each(TONES)('read well whatever is missing: %s', (tone) => {
    for (const template of defaultTemplates(tone)) {
      for (const values of [valuesFor(template), { ...company, autore: 'Bianchi S.r.l.' }, company, {}]) {
        for (const language of ['it', 'en']) {
          const { text } = render(template, language, values);
          expect(text).not.toMatch(/ [,.;:!?]|\n\n\n|:\s*$|\.\.|\(\s*\)|\n[,.]/m);
          expect(text).not.toMatch(/<b><\/b>|\{\{/);
        }
      }
    }
  });

  test('lei says nothing in the tone of tu, and the other way round', () => {
    const italian = (tone: Tone) =>
      defaultTemplates(tone).flatMap(({ text, button }) => [text.it, button?.it].join('\n'));
    const tu =
      /\b(?:ciao|tuo|tua|tuoi|tue|ti|te|hai|puoi|vuoi|trovi|accedi|riceverai|scegli|vedi|leggi|apri)\b/i;
    const lei =
      /\b(?:buongiorno|suo|sua|suoi|acceda|riceverà|trova|veda|legga|apra|vuole|le (?:ricordiamo|diamo))\b/i;
    for (const text of italian('lei')) expect(text).not.toMatch(tu);
    for (const text of italian('tu')) expect(text).not.toMatch(lei);
  });

  test('the site may be no shop: none of them says so', () => {
    for (const tone of TONES)
      for (const { text } of defaultTemplates(tone))
        expect(Object.values(text).join('\n')).not.toMatch(/negozio|shop|store/i);
  });

  test('a company is greeted without a first name', () => {
    const it = (tone: Tone) => render(withId('default-order-status', tone), 'it', company).text;
    expect(it('tu')).toMatch(/^✅ Ciao, il tuo ordine è confermato\.\n/);
    expect(it('lei')).toMatch(/^✅ Buongiorno Rossi S\.r\.l\., il suo ordine è confermato\.\n/);
  });

  test.each(TEMPLATE_KINDS.filter((kind) => kind !== 'welcome'))(
    '%s has a button that leads to what it is about',
    (kind) => {
      const ofKind = defaultTemplates().filter(({ event }) => event === kind);
      for (const template of ofKind) {
        const button = template.button ?? sharedButtonOf(defaultSharedButtons('tu'), kind);
        expect(render(template, 'it', {}).button).toEqual({ text: button?.it, url });
        // The words of English also for its regions.
        expect(render(template, 'en-GB', {}).button).toEqual({ text: button?.en, url });
      }
    },
  );
});

describe('ten statuses of one order', () => {
  test.each([
    ['Nuovo', /abbiamo ricevuto il tuo ordine/, /we have received your order/],
    ['Confermato', /il tuo ordine <b>WEB 42<\/b> è confermato/, /is confirmed/],
    ['Evaso', /è stato evaso/, /has been fulfilled/],
    ['Fatturato', /abbiamo emesso la fattura/, /issued the invoice/],
    ['Annullato', /è stato annullato/, /has been cancelled/],
    ['Pagamento non confermato', /non risulta ancora confermato/, /is not confirmed yet/],
  ])('%s is told, in words of its own', (status, it, en) => {
    const [template, ...others] = managing(status);
    expect(others).toEqual([]);
    expect(template).toMatchObject({ enabled: true, statuses: [status] });
    if (!template) return;
    expect(render(template, 'it', valuesFor(template)).text).toMatch(it);
    expect(render(template, 'en', valuesFor(template)).text).toMatch(en);
  });

  test.each(['Annullato', 'Pagamento non confermato'])('nobody is thanked for %s', (status) => {
    for (const { text } of managing(status)) {
      expect(Object.values(text).join('\n')).not.toMatch(/grazie|thank/i);
    }
  });

  test.each(['Memorizzato', 'Modificato', 'Sospeso', 'Bollato', 'Trasformato', 'Da verificare'])(
    '%s is there, and switched off',
    (status) => {
      expect(managing(status)).toMatchObject([{ enabled: false }]);
    },
  );
});

describe('a private message', () => {
  test.each(['message-sent', 'message-read'] as const)('%s: its text stays in the reserved area', (kind) => {
    const [first, second, ...others] = defaultTemplates().filter(({ event }) => event === kind);
    expect(others).toEqual([]);
    expect([first?.enabled, second?.enabled]).toEqual([true, false]);
    expect(second?.name).toMatch(/con il testo del messaggio$/);
    for (const language of ['it', 'en']) {
      const shownBy = (template = withId('')) => render(template, language, ALL_VALUES[kind]);
      expect(shownBy(first).text).toContain('Mario Rossi');
      expect(shownBy(first).text).toContain('Ferie');
      expect(shownBy(first).text).toContain('https://shop.example');
      expect(shownBy(first).button?.url).toBe(url);
      expect(shownBy(first).text).not.toContain('Prima riga');
      expect(shownBy(second).text).toContain('<blockquote expandable>Prima riga\nSeconda riga</blockquote>');
    }
  });
});

describe('the default templates, as they are kept', () => {
  test('one for every kind sends, and every id is there once', () => {
    const enabled = defaultTemplates().filter(({ enabled }) => enabled);
    expect(new Set(enabled.map(({ event }) => event))).toEqual(new Set(TEMPLATE_KINDS));
    const others = enabled.filter(
      ({ event, audience }) => event !== 'order-status' && audience !== 'recipients',
    );
    expect(others.map(({ id, event }) => [id, event])).toEqual(
      TEMPLATE_KINDS.filter((kind) => kind !== 'order-status').map((kind) => [`default-${kind}`, kind]),
    );
    const ids = defaultTemplates().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('only order-status has statuses', () => {
    for (const { event, statuses } of defaultTemplates()) expect(!!statuses).toBe(event === 'order-status');
  });

  test.each(TONES)('all of them pass the validation that merchants pass: %s', (tone) => {
    for (const { event, text, button } of defaultTemplates(tone)) {
      for (const language of ['it', 'en']) {
        expect(validateText(text[language] ?? '', event)).toEqual([]);
        if (button) expect(validateButton(button[language] ?? '', event)).toEqual([]);
      }
    }
  });

  test('each call makes new ones', () => {
    const [first] = defaultTemplates();
    if (first) first.text.it = 'changed';
    expect(defaultTemplates()[0]?.text.it).toContain('abbiamo ricevuto il tuo ordine');
  });
});

describe('another tone', () => {
  test('replaces all that nobody has changed, and back', () => {
    expect(inTone(defaultTemplates('tu'), 'lei', 7)).toEqual(
      defaultTemplates('lei').map((template) => ({ ...template, version: 7 })),
    );
    const unversioned = ({ version: _, ...template }: Template) => template;
    expect(inTone(inTone(defaultTemplates('tu'), 'lei', 7), 'tu', 8).map(unversioned)).toEqual(
      defaultTemplates('tu'),
    );
  });

  test('leaves what the merchant has written, text by text', () => {
    // Of the former release: with a button of its own.
    const template = { ...withId('default-abandoned-cart'), button: buttons('tu') };
    const changed = { ...template, text: { ...template.text, it: 'Ciao!', 'it-CH': template.text.it ?? '' } };
    const [after] = inTone([{ ...changed, enabled: false, name: 'Mio' }], 'lei', 3);
    const formal = withId('default-abandoned-cart', 'lei');
    expect(after).toEqual({
      ...changed,
      ...{ enabled: false, name: 'Mio', version: 3 },
      text: { it: 'Ciao!', 'it-CH': formal.text.it, en: template.text.en },
      button: buttons('lei'),
    });
  });

  test('a template that has nothing of ours, or is in this tone, stays as it is', () => {
    const own = { ...withId('default-welcome'), text: { it: 'Benvenuto!' }, version: 2 };
    const templates = [own, ...defaultTemplates('lei')];
    expect(inTone(templates, 'lei', 9)).toEqual(templates);
  });

  test('the uploads of both former releases, which spoke of one file, follow it too', () => {
    for (const [index, { it, en }] of formerFileUploads('tu').entries()) {
      const template = { id: 'x', name: 'x', event: 'file-upload' as const, enabled: true, text: { it, en } };
      expect(inTone([template], 'lei', 2)).toMatchObject([
        { text: { it: formerFileUploads('lei')[index]?.it, en } },
      ]);
    }
    // To the letter, as the release before this one wrote it.
    expect(formerFileUploads('tu')[1]?.it).toBe(
      '📁 Ciao, è stato caricato un nuovo file.\n\n{{#nomeFile}}\nFile: <b>{{nomeFile}}</b>\n{{/nomeFile}}\n{{#nomeCartella}}\nCartella: <b>{{nomeCartella}}</b>\n{{/nomeCartella}}\n{{#autore}}\nCaricato da: {{autore}}\n{{/autore}}\n\nLo trovi tra i documenti della tua area riservata{{#urlSito}} su {{urlSito}}{{/urlSito}}.',
    );
    expect(formerFileUploads('lei')[0]?.en).toBe(
      '📁 Hello, a new file has been uploaded{{#autore}} by <b>{{autore}}</b>{{/autore}}.\n\n{{#nomeFile}}\nFile: <b>{{nomeFile}}</b>\n{{/nomeFile}}\n{{#nomeCartella}}\nFolder: <b>{{nomeCartella}}</b>\n{{/nomeCartella}}\n\nYou will find it among the documents of your reserved area{{#urlSito}} at {{urlSito}}{{/urlSito}}.',
    );
  });

  test('the defaults of the former release, which sites keep, follow it too', () => {
    for (const event of TEMPLATE_KINDS) {
      const text = { it: formerDefaultTexts('tu')[event], en: 'Hello' };
      const [after] = inTone([{ id: 'x', name: 'x', event, enabled: true, text }], 'lei', 2);
      expect(after).toMatchObject({
        text: { it: formerDefaultTexts('lei')[event], en: 'Hello' },
        version: 2,
      });
    }
    expect(formerDefaultTexts('tu')['message-sent']).toBe(
      '✉️ Ciao{{#nome}} {{nome}}{{/nome}}, hai un nuovo messaggio{{#autore}} da <b>{{autore}}</b>{{/autore}}.\n\n{{#oggettoMessaggio}}\nOggetto: <b>{{oggettoMessaggio}}</b>\n{{/oggettoMessaggio}}\n{{#testoMessaggio}}<blockquote>{{testoMessaggio}}</blockquote>{{/testoMessaggio}}\n\nPer rispondere, entra nella tua area riservata{{#urlSito}} su {{urlSito}}{{/urlSito}}.',
    );
  });
});
