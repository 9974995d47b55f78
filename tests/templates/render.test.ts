import { describe, expect, test } from '@jest/globals';
import { htmlLength, parseHtml } from '../../lib/telegram/html/index.ts';
import type { PlaceholderValues } from '../../lib/templates/placeholders.ts';
import { renderMessage } from '../../lib/templates/render.ts';

const italian = { languages: ['it'], defaultLanguage: 'it', timeZone: 'Europe/Rome' };
const event = 'message-sent';

function render(text: string, values: PlaceholderValues) {
  return renderMessage({ ...italian, template: { event, text: { it: text } }, values });
}

describe('values', () => {
  test.each<[string, string, PlaceholderValues, string]>([
    [
      'are escaped',
      '{{nome}}',
      { nome: '<b>Tom & "Jerry"</b>' },
      '&lt;b&gt;Tom &amp; &quot;Jerry&quot;&lt;/b&gt;',
    ],
    [
      'are never read as Mustache',
      '{{nome}}',
      { nome: '{{cognome}}{{{nome}}}', cognome: 'x' },
      '{{cognome}}{{{nome}}}',
    ],
    ['that are missing are nothing', 'a{{nome}}b', {}, 'ab'],
    ['that are blank are nothing', 'a{{nome}}b{{#nome}}c{{/nome}}', { nome: ' \n\t' }, 'ab'],
    ['are trimmed', '[{{nome}}]', { nome: '  Anna \n' }, '[Anna]'],
    ['lose control characters', '{{nome}}', { nome: 'A\u0000n\u0007n\u009fa\u007f' }, 'Anna'],
    ['keep line feeds', '{{testoMessaggio}}', { testoMessaggio: 'a\tb\r\nc\rd\ne' }, 'a\tb\nc\nd\ne'],
    ['that are names are on one line', '{{nome}}', { nome: 'a\tb\r\nc\rd\ne' }, 'a b c d e'],
    ['become well-formed', '{{nome}}', { nome: 'a\ud800b' }, 'ab'],
    [
      'of zero are values',
      '{{#numeroArticoli}}n={{numeroArticoli}}{{/numeroArticoli}}',
      { numeroArticoli: 0 },
      'n=0',
    ],
    ['"0" are values', '{{#nome}}n={{nome}}{{/nome}}', { nome: '0' }, 'n=0'],
    [
      'in a section may be others',
      '{{#nome}}{{cognome}} {{nome}}{{/nome}}',
      { nome: 'A', cognome: 'B' },
      'B A',
    ],
    ['in sections in sections', '{{#nome}}{{#cognome}}{{nome}}{{/cognome}}!{{/nome}}', { nome: 'A' }, '!'],
    ['money', '{{totaleOrdine}}', { totaleOrdine: { amount: '149.90', currency: 'EUR' } }, '149,90\u00a0€'],
    ['dates', '{{dataAttivita}}', { dataAttivita: '2026-11-22' }, '22 novembre 2026'],
  ])('%s', (_, text, values, expected) => {
    expect(render(text, values)).toEqual({ text: expected, language: 'it', shortened: false });
  });

  test('names of what every object has are no values', () => {
    expect(render('a{{constructor}}{{#toString}}x{{/toString}}b', {}).text).toBe('ab');
  });

  test('are written as the region of the reader writes them', () => {
    const template = { event, text: { de: '{{totaleOrdine}}', it: 'no' } } as const;
    const values = { totaleOrdine: { amount: '149.90', currency: 'CHF' } };
    // Switzerland writes the currency first, and a point before the cents.
    expect(renderMessage({ ...italian, template, values, languages: ['de-CH'] })).toEqual({
      text: 'CHF\u00a0149.90',
      language: 'de',
      shortened: false,
    });
  });
});

describe('blank lines', () => {
  test.each([
    ['a hidden line', 'a\n{{#nome}}\nb\n{{/nome}}\nc', 'a\nc'],
    ['a hidden paragraph', 'a\n\n{{#nome}}b{{/nome}}\n\nc', 'a\n\nc'],
    ['hidden paragraphs with spaces', 'a\n \n{{#nome}}b{{/nome}} \n\t\n\nc', 'a\n\nc'],
    ['at the ends', '\n\n{{#nome}}b{{/nome}}\n c \n\n', 'c'],
    ['the indent of the next line stays', 'a\n\n\n  b', 'a\n\n  b'],
    ['lines of Windows', 'a\r\n\r\n\r\n\r\nb', 'a\n\nb'],
    ['two lines stay', 'a\n\nb', 'a\n\nb'],
  ])('%s', (_, text, expected) => {
    expect(render(text, {}).text).toBe(expected);
  });

  test('a text of which nothing shows is empty', () => {
    expect(render('{{#nome}}Ciao {{nome}}{{/nome}}', {}).text).toBe('');
    expect(renderMessage({ ...italian, template: { event, text: {} }, values: {} }).text).toBe('');
  });
});

describe('one language for each message, by one rule', () => {
  const template = {
    event: 'order-status',
    text: { it: 'ciao {{numeroArticoli}} {{totaleOrdine}}', en: 'hello {{numeroArticoli}} {{totaleOrdine}}' },
    button: { it: 'apri', en: 'open' },
  } as const;
  const url = 'https://shop.example/1';
  const values: PlaceholderValues = {
    numeroArticoli: 1234,
    totaleOrdine: { amount: '1234.50', currency: 'EUR' },
    dataAttivita: '2026-11-22',
  };
  const rendered = (
    languages: (string | undefined)[],
    changes: Partial<Parameters<typeof renderMessage>[0]['template']> = {},
    defaultLanguage = 'it',
  ) => {
    const message = { values, url, timeZone: 'Europe/Rome', languages, defaultLanguage };
    const { text, language, button } = renderMessage({ ...message, template: { ...template, ...changes } });
    return [language, text, button?.text];
  };
  const ITALIAN = ['it', 'ciao 1.234 1.234,50\u00a0€', 'apri'];
  const ENGLISH = ['en', 'hello 1,234 €1,234.50', 'open'];

  test.each([
    ['the first language counts', ['en', 'it', 'it'], 'it', ENGLISH],
    ['the second, where the first says nothing', [undefined, 'en', 'it'], 'it', ENGLISH],
    ['the third, where the first two say nothing', [undefined, undefined, 'en'], 'it', ENGLISH],
    ['the default of the site, where none says anything', [undefined, undefined], 'en', ENGLISH],
    ['without a text in the first: the second', ['fr', 'en', 'it'], 'it', ENGLISH],
    ['without a text in the first two: the third', ['fr', 'de', 'en'], 'it', ENGLISH],
    ['without a text in any: the default of the site', ['fr', 'de', 'pt-BR'], 'it', ITALIAN],
    ['without one in the default either: any', ['fr'], 'de', ITALIAN],
    ['en-GB is served by the text in en', ['en-GB'], 'it', ENGLISH],
    ['it_IT is served by the text in it', ['it_IT'], 'en', ITALIAN],
  ])('%s', (_what, languages, defaultLanguage, expected) => {
    expect(rendered(languages, {}, defaultLanguage)).toEqual(expected);
  });

  test('a text in en-GB is for readers of en too', () => {
    const text = { it: template.text.it, 'en-GB': template.text.en };
    expect(rendered(['en'], { text })).toEqual(['en-GB', ...ENGLISH.slice(1)]);
  });

  test('amounts and dates are written as in the region of the reader, where it has the language of the text', () => {
    const text = { it: '{{dataAttivita}}', en: '{{dataAttivita}}' };
    const dated = { text, button: text };
    const british = ['en', '22 November 2026', '22 November 2026'];
    const american = ['en', 'November 22, 2026', 'November 22, 2026'];
    expect(rendered(['en'], dated)).toEqual(british);
    expect(rendered(['en-US'], dated)).toEqual(american);
    expect(rendered(['en', 'en-US'], dated)).toEqual(american);
    expect(rendered(['en-GB', 'en-US'], dated)).toEqual(british);
    // The region of a reader of another language says nothing about this one.
    expect(rendered(['it', 'en-US'], dated)).toEqual(['it', '22 novembre 2026', '22 novembre 2026']);
    // What is no language tag does not make the amounts Italian.
    expect(rendered(['en_!!'])).toEqual(ENGLISH);
  });

  test('a button that is not written in the language of the text is ours, in that language', () => {
    expect(rendered(['en'], { button: { it: 'apri' } })).toEqual(['en', ENGLISH[1], 'View your order']);
    expect(rendered(['it'], { button: { en: 'open', it: ' ' } })).toEqual([
      'it',
      ITALIAN[1],
      "Vedi l'ordine",
    ]);
  });

  test('where we have none either, it shows the host that it leads to', () => {
    expect(rendered(['fr'], { text: { fr: 'bonjour' } })).toEqual(['fr', 'bonjour', 'shop.example']);
  });

  test('a template without a button has none', () => {
    expect(rendered(['en'], { button: {} })[2]).toBeUndefined();
    expect(rendered(['en'], { button: { it: ' ' } })[2]).toBeUndefined();
  });
});

describe('buttons', () => {
  const url = 'https://shop.example/1';
  const button = (text: string, values: PlaceholderValues, address: string | undefined = url) =>
    renderMessage({
      ...italian,
      template: { event, text: { it: 'x' }, button: { it: text } },
      values,
      url: address,
    }).button;

  test.each<[string, string, PlaceholderValues, string]>([
    ['as plain text', 'Ordine {{siglaDocumento}}', { siglaDocumento: 'A&B <1>' }, 'Ordine A&B <1>'],
    ['on one line', ' Vedi\n{{nome}}\tora ', { nome: 'a\nb' }, 'Vedi a b ora'],
    ['64 characters as they are', '{{nome}}', { nome: 'x'.repeat(64) }, 'x'.repeat(64)],
    ['more than 64 cut', '{{nome}}', { nome: 'x'.repeat(65) }, `${'x'.repeat(63)}…`],
    ['never inside a character', '{{nome}}', { nome: `${'x'.repeat(62)}😀y` }, `${'x'.repeat(62)}…`],
  ])('%s', (_, text, values, expected) => {
    expect(button(text, values)).toEqual({ text: expected, url });
  });

  test('none without an address, without a text, or with nothing to show', () => {
    expect(
      renderMessage({ ...italian, template: { event, text: { it: 'x' }, button: { it: 'b' } }, values: {} })
        .button,
    ).toBeUndefined();
    expect(button('apri', {}, '')).toBeUndefined();
    expect(button('{{nome}}', {})).toBeUndefined();
    expect(
      renderMessage({ ...italian, template: { event, text: { it: 'x' } }, values: {}, url }),
    ).not.toHaveProperty('button');
  });
});

describe('more buttons', () => {
  const url = 'https://shop.example/ordini/1';
  const buttonsOf = (
    template: Partial<Parameters<typeof renderMessage>[0]['template']>,
    values: PlaceholderValues = { codiceTracking: 'TRK 1' },
    address: string | undefined = url,
    language = 'it',
  ) => {
    const { button, moreButtons } = renderMessage({
      ...italian,
      template: { event: 'order-status', text: { it: 'x', en: 'x', de: 'x' }, ...template },
      values,
      languages: [language],
      url: address,
    });
    return [button, moreButtons];
  };

  test('the first one has its colour, also where its text is that of all orders', () => {
    const template = { buttonStyle: 'success', button: { it: 'Vedi' } } as const;
    expect(buttonsOf(template)).toEqual([{ text: 'Vedi', url, style: 'success' }, undefined]);
    const shared = renderMessage({
      ...italian,
      template: { event: 'order-status', text: { it: 'x' }, buttonStyle: 'danger' },
      values: {},
      sharedButton: { it: 'Segui' },
      url,
    });
    expect(shared.button).toEqual({ text: 'Segui', url, style: 'danger' });
  });

  test('the second one leads to its own page, or else to that of the event', () => {
    const secondButton = { it: 'Scrivici per {{siglaDocumento}}' };
    const secondButtonUrl = 'https://shop.example/contatti';
    const values = { siglaDocumento: 'OC 7' };
    expect(buttonsOf({ secondButton, secondButtonUrl }, values)).toEqual([
      undefined,
      [{ text: 'Scrivici per OC 7', url: secondButtonUrl }],
    ]);
    expect(buttonsOf({ secondButton }, values)[1]).toEqual([{ text: 'Scrivici per OC 7', url }]);
    // An event without a link.
    expect(buttonsOf({ button: { it: 'Vedi' }, secondButton, secondButtonUrl }, values, '')).toEqual([
      undefined,
      [{ text: 'Scrivici per OC 7', url: secondButtonUrl }],
    ]);
    expect(buttonsOf({ secondButton }, values, '')[1]).toBeUndefined();
  });

  test('the one for the tracking code copies it whole, where the order has one', () => {
    const trackingButton = { it: 'Copia {{codiceTracking}}' };
    expect(buttonsOf({ trackingButton })[1]).toEqual([{ text: 'Copia TRK 1', copyText: 'TRK 1' }]);
    expect(buttonsOf({ trackingButton }, {})[1]).toBeUndefined();
    expect(buttonsOf({ trackingButton }, { codiceTracking: ' ' })[1]).toBeUndefined();
    const longest = 'x'.repeat(256);
    expect(buttonsOf({ trackingButton: { it: 'Copia' } }, { codiceTracking: longest })[1]).toEqual([
      { text: 'Copia', copyText: longest },
    ]);
    expect(buttonsOf({ trackingButton }, { codiceTracking: `${longest}x` })[1]).toBeUndefined();
    expect(buttonsOf({ trackingButton }, { codiceTracking: ' A&B-<1>\n' })[1]).toEqual([
      { text: 'Copia A&B-<1>', copyText: 'A&B-<1>' },
    ]);
  });

  test('in a language without a text: the host, and the code', () => {
    const template = { secondButton: { it: 'Scrivici' }, trackingButton: { it: 'Copia' } };
    expect(buttonsOf(template, { codiceTracking: 'TRK 1' }, url, 'de')[1]).toEqual([
      { text: 'shop.example', url },
      { text: 'TRK 1', copyText: 'TRK 1' },
    ]);
  });

  test('a template that has none shows none', () => {
    expect(buttonsOf({ button: { it: 'Vedi' } })).toEqual([{ text: 'Vedi', url }, undefined]);
    expect(buttonsOf({ secondButton: { it: ' ' }, trackingButton: {} })[1]).toBeUndefined();
  });
});

describe('texts that are too long', () => {
  test('4096 units are left alone', () => {
    const { text, shortened } = render('{{testoMessaggio}}', { testoMessaggio: 'x'.repeat(4096) });
    expect([text.length, shortened]).toEqual([4096, false]);
  });

  test('what counts is the text that shows, not its tags and entities', () => {
    const values = { testoMessaggio: '&'.repeat(4000) };
    const { text, shortened } = render('<b>{{testoMessaggio}}</b>', values);
    expect([text, shortened]).toEqual([`<b>${'&amp;'.repeat(4000)}</b>`, false]);
  });

  test('the longest value is cut, and only it', () => {
    const { text, shortened } = render('<b>{{oggettoMessaggio}}</b>\n<i>{{testoMessaggio}}</i>', {
      oggettoMessaggio: 'Oggetto',
      testoMessaggio: 'x'.repeat(5000),
    });
    // 7 units of subject, 1 of line feed, 4087 of text and 1 of ellipsis.
    expect(text).toBe(`<b>Oggetto</b>\n<i>${'x'.repeat(4087)}…</i>`);
    expect(shortened).toBe(true);
  });

  test('two long values are cut to the same length', () => {
    const { text } = render('{{oggettoMessaggio}}{{testoMessaggio}}', {
      oggettoMessaggio: 'a'.repeat(9000),
      testoMessaggio: 'b'.repeat(3000),
    });
    expect(text).toBe(`${'a'.repeat(2047)}…${'b'.repeat(2047)}…`);
  });

  test('a value that is shown twice is cut twice', () => {
    const { text } = render('{{nome}}|{{nome}}', { nome: 'a'.repeat(3000) });
    // (4096 - 1) / 2, rounded down, is 2047 for each.
    expect(text).toBe(`${'a'.repeat(2046)}…|${'a'.repeat(2046)}…`);
  });

  test('a value that has to be cut keeps its section', () => {
    const { text } = render(`${'y'.repeat(4090)}{{#nome}}[{{nome}}]{{/nome}}`, { nome: 'a'.repeat(100) });
    expect(text).toBe(`${'y'.repeat(4090)}[aaa…]`);
  });

  test('no character is cut in two', () => {
    const family = '👨‍👩‍👧';
    const { text } = render(`{{nome}}`, { nome: 'x'.repeat(4090) + family.repeat(3) });
    expect(text).toBe(`${'x'.repeat(4090)}…`);
  });

  test('no space is left before the ellipsis', () => {
    for (const spaces of [90, 200]) {
      const testoMessaggio = `${'x'.repeat(4000)}${' '.repeat(spaces)}${'y'.repeat(90)}`;
      expect(render('{{testoMessaggio}}', { testoMessaggio }).text).toBe(`${'x'.repeat(4000)}…`);
    }
  });

  test('an address is not cut', () => {
    const siglaDocumento = 's'.repeat(50);
    const text = '<a href="https://shop.example/{{siglaDocumento}}">{{siglaDocumento}}</a>{{statoDocumento}}';
    const rendered = render(text, { siglaDocumento, statoDocumento: 'z'.repeat(5000) }).text;
    expect(rendered).toBe(
      `<a href="https://shop.example/${siglaDocumento}">${siglaDocumento}</a>${'z'.repeat(4045)}…`,
    );
  });

  test('when cutting values is not enough, the end of the text is cut', () => {
    const { text, shortened } = render(`<b>${'y'.repeat(5000)}</b>{{nome}}`, { nome: 'Anna' });
    expect(htmlLength(text)).toBeLessThanOrEqual(4096);
    expect(parseHtml(text).text.startsWith('y'.repeat(4000))).toBe(true);
    expect(shortened).toBe(true);
  });

  test('the bytes that Telegram takes are a limit too', () => {
    // Each quote is one unit that shows and six bytes of HTML.
    const { text } = render('{{nome}}{{cognome}}', { nome: '"'.repeat(4000), cognome: '<'.repeat(2000) });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(32768);
    expect(htmlLength(text)).toBe(4096);
    const heavy = `${'<b></b>'.repeat(4000)}{{nome}}`;
    const { text: shorter, shortened } = render(heavy, { nome: '"'.repeat(4000) });
    expect(Buffer.byteLength(shorter)).toBeLessThanOrEqual(32768);
    expect(shortened).toBe(true);
  });
});
