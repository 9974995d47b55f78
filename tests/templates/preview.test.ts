/** A template as its readers would see it, with sample values (docs/templates.md, "Over HTTP"). */
import { describe, expect, test } from '@jest/globals';
import { TEMPLATE_KINDS } from '../../lib/domain/templates.ts';
import { linkOf } from '../../lib/http/schemas.ts';
import { previewsOf } from '../../lib/templates/api/preview.ts';
import { sampleUrl, sampleValuesFor } from '../../lib/templates/api/sample-values.ts';
import { previewBody, type TemplateDraft, templateBody, testBody } from '../../lib/templates/api/schemas.ts';
import { placeholdersOf } from '../../lib/templates/placeholders.ts';
import { site } from '../events/reports.ts';

const draft = (changes: Partial<Parameters<typeof previewsOf>[0]> = {}) => ({
  ...{ event: 'message-sent' as const, text: { it: 'Ciao <b>{{nome}}</b>', en: 'Hello <b>{{nome}}</b>' } },
  ...changes,
});

describe('a preview', () => {
  test('in every language of the site: what is sent, and what is shown', () => {
    const { event, previews } = previewsOf(draft({ values: { nome: 'Zoe & Co' } }), site);
    expect(event).toBe('message-sent');
    expect(previews).toEqual({
      it: {
        ...{ textLanguage: 'it', html: 'Ciao <b>Zoe &amp; Co</b>', text: 'Ciao Zoe & Co' },
        ...{ entities: [{ type: 'bold', offset: 5, length: 8 }], length: 13, maxLength: 4096 },
        shortened: false,
      },
      en: {
        ...{ textLanguage: 'en', html: 'Hello <b>Zoe &amp; Co</b>', text: 'Hello Zoe & Co' },
        ...{ entities: [{ type: 'bold', offset: 6, length: 8 }], length: 14, maxLength: 4096 },
        shortened: false,
      },
    });
  });

  test('a language of the site without a text shows the text that its reader would get', () => {
    const { previews } = previewsOf(draft({ text: { it: 'Ciao' } }), site);
    expect(previews).toMatchObject({ it: { textLanguage: 'it' }, en: { textLanguage: 'it', text: 'Ciao' } });
  });

  test('a text in a language that the site does not have is shown too', () => {
    const { previews } = previewsOf(draft({ text: { it: 'Ciao', de: 'Hallo' } }), site);
    expect(Object.keys(previews)).toEqual(['it', 'en', 'de']);
    expect(previews.de?.text).toBe('Hallo');
  });

  test('files are described in the language of each text', () => {
    const text = {
      it: '{{riepilogoFile}} {{elencoFile}}',
      en: '{{riepilogoFile}} {{numeroFile}}',
      de: '{{nomeFile}}{{#riepilogoFile}} {{riepilogoFile}}{{/riepilogoFile}}',
    };
    const of = (values?: object) => {
      const { previews } = previewsOf(draft({ event: 'file-upload', text, values }), site);
      return [previews.it?.text, previews.en?.text, previews.de?.text];
    };
    expect(of()).toEqual(['un nuovo file Listino 2027.pdf', 'a new file 1', 'Listino 2027.pdf']);
    expect(of({ nomeFile: 'Mio.pdf' })).toEqual(['un nuovo file Mio.pdf', 'a new file 1', 'Mio.pdf']);
    expect(of({ elencoFile: '• A\n• B', riepilogoFile: '2 file', numeroFile: 2 })).toEqual([
      '2 file • A\n• B',
      '2 file 2',
      'Listino 2027.pdf 2 file',
    ]);
  });

  test('a message that is too long is shortened, and says so', () => {
    const values = { testoMessaggio: 'x'.repeat(5_000) };
    const { previews } = previewsOf(draft({ text: { it: '{{testoMessaggio}}' }, values }), site);
    expect(previews.it).toMatchObject({ shortened: true, length: 4096 });
  });

  describe('its button', () => {
    const button = { it: 'Apri', en: 'Open' };

    test('leads to a page of the site, or where it is told to', () => {
      expect(previewsOf(draft({ button }), site).previews.en?.button).toEqual({
        text: 'Open',
        url: 'https://shop.example/messaggi/5501',
      });
      const url = 'https://shop.example/altro';
      expect(previewsOf(draft({ button, url }), site).previews.it?.button).toEqual({ text: 'Apri', url });
    });

    test('there is none without a text', () => {
      expect(previewsOf(draft(), site).previews.it).not.toHaveProperty('button');
    });

    test('a welcome has none', () => {
      const welcome = draft({ event: 'welcome', button, url: 'https://shop.example/' });
      expect(previewsOf(welcome, site).previews.it).not.toHaveProperty('button');
    });
  });

  test('dates are shown in the time zone of the site', () => {
    const values = { dataAttivita: '2026-11-22T23:30:00Z' };
    const activity = draft({ event: 'activity-viewed', text: { it: '{{dataAttivita}}' }, values });
    const textIn = (timeZone: string) => previewsOf(activity, { ...site, timeZone }).previews.it?.text;
    expect(textIn('Europe/Rome')).toContain('23');
    expect(textIn('UTC')).toContain('22');
  });

  test('an empty language falls back to the site’s own', () => {
    const { previews } = previewsOf(draft({ text: { en: 'Hello', it: 'Ciao' } }), {
      ...site,
      languages: ['de'],
      defaultLanguage: 'en',
    });
    expect(previews.de).toMatchObject({ textLanguage: 'en' });
  });
});

describe('sample values', () => {
  const valuesFor = (changes: Partial<Pick<TemplateDraft, 'event' | 'statuses'>> = {}, given = {}) =>
    sampleValuesFor({ event: 'order-status', ...changes }, site, given);

  test.each(TEMPLATE_KINDS)('%s: one for each of its placeholders, and for no other', (event) => {
    const values = sampleValuesFor({ event, couponCode: 'TORNA10' }, site);
    expect(Object.keys(values)).toEqual(placeholdersOf(event).map(({ key }) => key));
    for (const value of Object.values(values)) expect(value).toBeTruthy();
  });

  test.each(TEMPLATE_KINDS)('%s: they are such as anybody may send', (event) => {
    const body = previewBody(linkOf(site.url));
    const values = sampleValuesFor({ event }, site);
    expect(body.safeParse({ event, text: { it: 'Ciao' }, values }).success).toBe(true);
  });

  test('the address of the site, and a status that the template manages', () => {
    expect(valuesFor()).toMatchObject({ urlSito: 'https://shop.example', statoDocumento: 'Evaso' });
    expect(valuesFor({ statuses: ['Nuovo', 'Evaso'] })).toMatchObject({ statoDocumento: 'Nuovo' });
    expect(valuesFor({ statuses: [] })).toMatchObject({ statoDocumento: 'Evaso' });
  });

  test('values of one’s own replace them, null takes one away', () => {
    expect(valuesFor({}, { nome: 'Zoe', statoDocumento: 'Sospeso' })).toMatchObject({
      ...{ nome: 'Zoe', statoDocumento: 'Sospeso', cognome: 'Rossi' },
    });
    expect(valuesFor({}, { nome: null })).not.toHaveProperty('nome');
    expect(valuesFor({}, { nome: undefined })).toMatchObject({ nome: 'Anna' });
    expect(valuesFor({}, { nome: '', numeroArticoli: 0 })).toMatchObject({ nome: '', numeroArticoli: 0 });
  });

  test('values of another kind are left out', () => {
    expect(valuesFor({}, { nomeFile: 'x.pdf' })).not.toHaveProperty('nomeFile');
  });

  test('the link of a button is on the site; a welcome leads nowhere', () => {
    const shop = { ...site, url: 'https://shop.example:8443/negozio' };
    for (const kind of TEMPLATE_KINDS) {
      const url = sampleUrl(kind, shop);
      if (kind === 'welcome') expect(url).toBeUndefined();
      else expect(url).toMatch(/^https:\/\/shop\.example:8443\/[a-z0-9./-]+$/);
    }
  });
});

describe('bodies of requests', () => {
  const link = linkOf('https://shop.example');
  const template = { name: 'Avviso', event: 'message-sent', text: { it: 'Ciao' } };
  const takesTemplate = (changes: object) =>
    templateBody(link).safeParse({ ...template, ...changes }).success;
  const takesPreview = (body: object) => previewBody(link).safeParse(body).success;
  const takesTest = (body: object) => testBody(link).safeParse(body).success;

  test.each<[string, object]>([
    ['what is needed', {}],
    ['an id', { id: 'A-z_9'.padEnd(64, 'x') }],
    [
      'all that is optional',
      { enabled: false, statuses: ['Evaso'], groups: ['vip'], button: {}, createdAt: 'x' },
    ],
    ['a hundred statuses', { statuses: Array(100).fill('Evaso') }],
    ['two hundred groups', { groups: Array(200).fill('vip') }],
    ['a name of 256 characters', { name: 'x'.repeat(256) }],
    ...TEMPLATE_KINDS.map((event): [string, object] => [event, { event }]),
  ])('a template with %s is read', (_what, changes) => {
    expect(takesTemplate(changes)).toBe(true);
  });

  test.each<[string, object]>([
    ['an unknown property', { note: 'x' }],
    ['no name', { name: undefined }],
    ['a blank name', { name: ' ' }],
    ['a name that is too long', { name: 'x'.repeat(257) }],
    ['no event', { event: undefined }],
    ['the name of an event that has two kinds', { event: 'file-access' }],
    ['no text', { text: undefined }],
    ['a text that is no object', { text: 'Ciao' }],
    ['a text of a number', { text: { it: 7 } }],
    ['an empty id', { id: '' }],
    ['an id that is too long', { id: 'x'.repeat(65) }],
    ['an id with a blank', { id: 'a b' }],
    ['an id with a slash', { id: 'a/b' }],
    ['a blank status', { statuses: [' '] }],
    ['too many statuses', { statuses: Array(101).fill('Evaso') }],
    ['a status that is too long', { statuses: ['x'.repeat(257)] }],
    ['a blank group', { groups: [''] }],
    ['too many groups', { groups: Array(201).fill('vip') }],
    ['a group that is too long', { groups: ['x'.repeat(257)] }],
    ['enabled in words', { enabled: 'yes' }],
  ])('a template with %s is refused', (_what, changes) => {
    expect(takesTemplate(changes)).toBe(false);
  });

  test('a preview takes a whole template, or what is written so far', () => {
    const { name: _, ...unfinished } = template;
    expect(takesPreview(unfinished)).toBe(true);
    expect(takesPreview({ ...template, id: 'not saved yet', enabled: true, createdAt: 'x' })).toBe(true);
    expect(takesPreview({ ...template, url: 'https://shop.example/x' })).toBe(true);
    expect(takesPreview({ ...template, url: 'https://evil.example/' })).toBe(false);
    expect(takesPreview({ ...template, note: 'x' })).toBe(false);
    expect(takesPreview({ ...template, text: undefined })).toBe(false);
  });

  test.each<[string, object, boolean]>([
    ['a text', { nome: 'Zoe' }, true],
    ['no value', { nome: null, totaleOrdine: null }, true],
    ['a text as long as an event may have', { testoMessaggio: 'x'.repeat(200_000) }, true],
    ['a longer one', { testoMessaggio: 'x'.repeat(200_001) }, false],
    ['a number for a text', { nome: 7 }, false],
    ['a count', { numeroArticoli: 0 }, true],
    ['a count below zero', { numeroArticoli: -1 }, false],
    ['half a kilo', { numeroArticoli: 0.5 }, true],
    ['money', { totaleOrdine: { amount: '149.90', currency: 'EUR' } }, true],
    ['money without a currency', { totaleOrdine: { amount: '149.90' } }, false],
    ['a date', { dataAttivita: '2026-11-22' }, true],
    ['a date that is too long', { dataAttivita: '2'.repeat(65) }, false],
    ['an unknown placeholder', { cliente: 'Zoe' }, false],
  ])('values: %s', (_what, values, isTaken) => {
    expect(takesPreview({ ...template, values })).toBe(isTaken);
    expect(takesTest({ userId: 'anna', values })).toBe(isTaken);
  });

  test('a test names who gets it', () => {
    expect(takesTest({ userId: 'anna' })).toBe(true);
    expect(takesTest({ userId: 'anna', language: 'en-GB', url: 'https://shop.example/x' })).toBe(true);
    expect(takesTest({})).toBe(false);
    expect(takesTest({ userId: ' ' })).toBe(false);
    expect(takesTest({ userId: 'anna', language: 'xx' })).toBe(false);
    expect(takesTest({ userId: 'anna', url: 'https://evil.example/' })).toBe(false);
    expect(takesTest({ userId: 'anna', note: 'x' })).toBe(false);
  });
});
