import { describe, expect, test } from '@jest/globals';
import type { TemplateKind } from '../../lib/domain/templates.ts';
import { validateButton, validateText } from '../support/english.ts';

const activityKeys =
  'Placeholders that can be used here: nome, cognome, nominativo, urlSito, nomeSito, dataAttivita, oggettoAttivita, autore.';

describe('texts that can be used', () => {
  test.each([
    ['plain text', 'Ciao!'],
    ['a placeholder', 'Ciao {{nome}}'],
    ['spaces in it', 'Ciao {{ nome }}{{# cognome }} {{cognome}}{{/ cognome }}'],
    ['two braces in the text', 'Ciao }} {'],
    ['Telegram HTML', '<b>Ciao</b> <i><u>{{nome}}</u></i>\n<blockquote expandable>{{cognome}}</blockquote>'],
    ['a section with tags of its own', '<b>a{{#nome}}<i>{{nome}}</i>{{/nome}}</b>'],
    ['a section in a section', '{{#nome}}{{#cognome}}<b>{{nome}}</b>{{/cognome}}{{/nome}}'],
    ['a quoted address', '<a href="{{urlSito}}/ordini?a=1&amp;b={{nome}}">ordini</a>'],
    ['an address in single quotes', "<a  href = '{{urlSito}}'>qui</a>"],
    ['an address with a > in it', '<a href="https://x.example/>{{nome}}">qui</a>'],
    ['an & that can become nothing', 'B&B {{nome}} R&D{{nome}} AT&T{{nome}}'],
    ['an entity that is finished', '&lt;{{nome}}&gt; &#8364;{{cognome}}'],
    ['4096 characters', 'x'.repeat(4096)],
    ['4096 characters beside tags', `<b>${'x'.repeat(4096)}</b>`],
  ])('%s', (_, text) => {
    expect(validateText(text, 'activity-viewed')).toEqual([]);
  });
});

describe('texts that are refused', () => {
  test.each<[string, string, object[]]>([
    ['nothing', '', [{ detail: 'The text is empty: write what the message says.' }]],
    ['blank', ' \n ', [{ detail: 'The text is empty: write what the message says.' }]],
    [
      'tags alone',
      '<b> </b>',
      [
        {
          detail:
            'The text shows nothing: it has only tags, spaces and characters that can not be seen. Write what the message says.',
        },
      ],
    ],
    [
      'an unescaped value',
      'à {{{nome}}}',
      [
        {
          detail:
            '{{{nome}}} would put the value into the message unescaped, and could break it: write {{nome}}.',
          byteOffset: 3,
          key: 'nome',
        },
      ],
    ],
    [
      'an unescaped value, written with &',
      '{{& nome}}',
      [
        {
          detail:
            '{{& nome}} would put the value into the message unescaped, and could break it: write {{nome}}.',
          byteOffset: 0,
          key: 'nome',
        },
      ],
    ],
    [
      'a partial',
      '{{> piede}}',
      [
        {
          detail: "{{> piede}} includes another template, which can't be done here: write its text instead.",
          byteOffset: 0,
          key: 'piede',
        },
      ],
    ],
    [
      'an inverted section',
      '{{^nome}}Ciao{{/nome}}',
      [
        {
          detail:
            "{{^nome}} (shown if there is no value) can't be used: only {{#nome}}…{{/nome}}, shown if there is one.",
          byteOffset: 0,
          key: 'nome',
        },
      ],
    ],
    [
      'a comment',
      'a{{! nota }}',
      [
        {
          detail: "{{! nota }} is a comment, which can't be used in a template: take it out.",
          byteOffset: 1,
          key: 'nota',
        },
      ],
    ],
    [
      'other delimiters',
      'a{{=<% %>=}}',
      [
        {
          detail:
            "{{=<% %>=}} changes how placeholders are written, which can't be done here: write them as {{key}}.",
          byteOffset: 1,
          key: '<% %>',
        },
      ],
    ],
    [
      'other delimiters, badly',
      'a{{=<%=}}',
      [{ detail: 'A tag {{=…=}} changes how placeholders are written, which is not possible here.' }],
    ],
    [
      'a placeholder that is not closed',
      'è {{nome}} {{cognome',
      [
        {
          detail: 'A placeholder that begins with {{ is not closed: write }} after its name.',
          byteOffset: 12,
        },
      ],
    ],
    [
      'a third brace that is not closed',
      'a {{{nome}} b',
      [
        {
          detail: 'A placeholder that begins with {{ is not closed: write }} after its name.',
          byteOffset: 2,
        },
      ],
    ],
    [
      'a section that is not closed',
      '{{#nome}}è',
      [
        {
          detail: 'The section {{#nome}} is not closed: {{/nome}} is missing before the text ends.',
          byteOffset: 11,
          key: 'nome',
        },
      ],
    ],
    [
      'sections that cross',
      '{{#nome}}{{#cognome}}{{/nome}}{{/cognome}}',
      [
        {
          detail:
            'The section {{#cognome}} is not closed: {{/cognome}} is missing before the next section closes.',
          byteOffset: 21,
          key: 'cognome',
        },
      ],
    ],
    [
      'a section that was never opened',
      'a{{/nome}}',
      [{ detail: '{{/nome}} closes a section that {{#nome}} never opened.', byteOffset: 1, key: 'nome' }],
    ],
    [
      'a key with a typing mistake',
      'Ciao {{nomme}}',
      [
        {
          detail: `There is no placeholder {{nomme}}. Did you mean {{nome}}? ${activityKeys}`,
          byteOffset: 5,
          key: 'nomme',
        },
      ],
    ],
    [
      'a key as the manual writes it',
      '{{Data Attività}}',
      [
        {
          detail: `There is no placeholder {{Data Attività}}. Did you mean {{dataAttivita}}? ${activityKeys}`,
          byteOffset: 0,
          key: 'Data Attività',
        },
      ],
    ],
    [
      'a key like none',
      '{{#xyzzy}}a{{/xyzzy}}',
      [{ detail: `There is no placeholder {{xyzzy}}. ${activityKeys}`, byteOffset: 0, key: 'xyzzy' }],
    ],
    [
      'a key of another kind',
      '{{nuovoStato}}',
      [
        {
          detail: `{{nuovoStato}} has no value here. ${activityKeys}`,
          byteOffset: 0,
          key: 'nuovoStato',
        },
      ],
    ],
    [
      'a tag Telegram does not know',
      'è <h1>Ciao</h1>',
      [
        {
          detail:
            'Telegram refuses this text: the tag <h1> can\'t be used. If the < is not meant as a tag, write &lt; (Telegram: "Bad Request: can\'t parse entities: Unsupported start tag "h1" at byte offset 3").',
          byteOffset: 3,
        },
      ],
    ],
    [
      'a tag after a placeholder, where it is in the template as written',
      '{{nome}} <h1>',
      [
        {
          detail:
            'Telegram refuses this text: the tag <h1> can\'t be used. If the < is not meant as a tag, write &lt; (Telegram: "Bad Request: can\'t parse entities: Unsupported start tag "h1" at byte offset 9").',
          byteOffset: 9,
        },
      ],
    ],
    [
      'a tag in a section, where it is in the template as written',
      'è{{#nome}}<h1>{{/nome}}',
      [
        {
          detail:
            'Telegram refuses this text: the tag <h1> can\'t be used. If the < is not meant as a tag, write &lt; (Telegram: "Bad Request: can\'t parse entities: Unsupported start tag "h1" at byte offset 11"). Every tag opened in the section {{#nome}} must be closed in it.',
          byteOffset: 11,
        },
      ],
    ],
    [
      'a tag that is not closed',
      '<b>Ciao',
      [
        {
          byteOffset: 0,
          detail:
            'Telegram refuses this text: the tag <b> is not closed, </b> is missing (Telegram: "Bad Request: can\'t parse entities: Can\'t find end tag corresponding to start tag "b"").',
        },
      ],
    ],
    [
      'tags that cross',
      '<b><i>a</b></i>',
      [
        {
          detail:
            'Telegram refuses this text: </b> stands where </i> must come first: the tag that was opened last is closed first (Telegram: "Bad Request: can\'t parse entities: Unmatched end tag at byte offset 7, expected "</i>", found "</b>"").',
          byteOffset: 7,
        },
      ],
    ],
    [
      'a tag that only a section closes',
      '<b>a{{#nome}}</b>{{/nome}}',
      [
        {
          byteOffset: 0,
          detail:
            'Telegram refuses this text: the tag <b> is not closed, </b> is missing (Telegram: "Bad Request: can\'t parse entities: Can\'t find end tag corresponding to start tag "b"").',
        },
        {
          detail:
            'Telegram refuses this text: a tag is closed that was never opened (Telegram: "Bad Request: can\'t parse entities: Unexpected end tag at byte offset 13"). Every tag opened in the section {{#nome}} must be closed in it.',
          byteOffset: 13,
        },
      ],
    ],
    [
      'half of a character, by its number',
      '&#55357;{{nome}}',
      [
        {
          detail:
            'Telegram refuses this text: a character is not whole, or does not exist (Telegram: "Bad Request: can\'t parse entities: Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units").',
        },
      ],
    ],
    [
      'an & right before a placeholder',
      'a&{{nome}}',
      [
        {
          detail:
            '& right before {{nome}} would join what follows it: write &amp; for the character &, or end it with a semicolon.',
          byteOffset: 1,
          key: 'nome',
        },
      ],
    ],
  ])('%s', (_, text, problems) => {
    expect(validateText(text, 'activity-viewed')).toEqual(problems);
  });

  test.each(['&', '&#', '&#5', '&#x', '&#XaF', '&l', '&lt', '&am', '&amp', '&quo'])(
    '%s right before a tag of Mustache',
    (unfinished) => {
      for (const text of [
        `è${unfinished}{{nome}}`,
        `è${unfinished}{{#nome}}a{{/nome}}`,
        `è{{#nome}}${unfinished}{{/nome}}`,
        `è<a href="${unfinished}{{nome}}">a</a>`,
      ]) {
        const [problem, ...others] = validateText(text, 'welcome');
        expect(problem).toMatchObject({
          key: 'nome',
          byteOffset: Buffer.byteLength(text.split('&', 1)[0] ?? ''),
        });
        expect(problem?.detail.startsWith(`${unfinished} right before {{`)).toBe(true);
        expect(others).toEqual([]);
      }
    },
  );

  const stands = (key: string) =>
    `{{${key}}} stands inside an HTML tag: a placeholder may only stand in text, or in quotes in the address of a link: <a href="{{urlSito}}">. If the < before it is not a tag, write &lt;.`;
  const opens = (key: string) =>
    `The section {{#${key}}} opens inside an HTML tag: a section may only hold text with its own tags. If the < before it is not a tag, write &lt;.`;

  test.each([
    ['the name of a tag', '<{{nome}}>a</b>', 1, stands('nome')],
    ['the end of a name', '<b{{nome}}>a</b>', 2, stands('nome')],
    ['an end tag', '<b>a</{{nome}}>', 6, stands('nome')],
    ['an attribute', '<a {{nome}}>a</a>', 3, stands('nome')],
    ['an address without quotes', '<a href={{urlSito}}>a</a>', 8, stands('urlSito')],
    ['another attribute', '<span class="{{nome}}">a</span>', 13, stands('nome')],
    ['another attribute of a link', '<a title="{{nome}}" href="x">a</a>', 10, stands('nome')],
    ['another tag with an address', '<b href="{{nome}}">a</b>', 9, stands('nome')],
    ['a sign that is no tag', 'è 5 < {{nome}}', 7, stands('nome')],
    ['a section', '<b{{#nome}}>a{{/nome}}</b>', 2, opens('nome')],
    ['a section in an address', '<a href="{{#nome}}x{{/nome}}">a</a>', 9, opens('nome')],
  ])('a placeholder in %s', (_, text, byteOffset, detail) => {
    const key = text.includes('urlSito') ? 'urlSito' : 'nome';
    expect(validateText(text, 'welcome')).toEqual([{ detail, byteOffset, key }]);
  });

  test('each mistake is told', () => {
    const problems = validateText('{{a}} {{#b}}{{{nome}}}{{/b}}', 'welcome');
    expect(problems.map(({ byteOffset, key }) => [byteOffset, key])).toEqual([
      [0, 'a'],
      [6, 'b'],
      [12, 'nome'],
    ]);
  });

  test('too long, even with the shortest values', () => {
    const detail = (length: number) =>
      `The text is too long: ${length} characters even with values as short as can be, and Telegram takes 4096.`;
    expect(validateText('x'.repeat(4097), 'welcome')).toEqual([{ detail: detail(4097) }]);
    expect(validateText(`${'x'.repeat(4096)}{{nome}}`, 'welcome')).toEqual([{ detail: detail(4097) }]);
    expect(validateText(`{{#nome}}${'x'.repeat(4097)}{{/nome}}`, 'welcome')).toEqual([
      { detail: detail(4097) },
    ]);
  });

  test('too many bytes of tags', () => {
    const text = `a${'<b></b>'.repeat(5000)}`;
    expect(validateText(text, 'welcome')).toEqual([
      { detail: 'The text is too long: 35001 bytes with its tags, and Telegram takes 32768.' },
    ]);
  });
});

describe('buttons', () => {
  test.each<[string, TemplateKind]>([
    ["Vedi l'ordine", 'order-status'],
    ['Ordine {{siglaDocumento}}', 'order-status'],
    ['{{#nome}}{{nome}}, {{/nome}}vedi', 'welcome'],
    ['Meno di 10 < 20 & più di 5 > 3', 'welcome'],
    ['R&D', 'welcome'],
    ['x'.repeat(64), 'welcome'],
  ])('%s', (text, kind) => {
    expect(validateButton(text, kind)).toEqual([]);
  });

  const noHtml = (found: string) =>
    `A button takes no HTML, and would show ${found} as it is written: use plain text.`;

  test.each<[string, object[]]>([
    [' ', [{ detail: 'The text of the button is empty: write one, or leave the button out.' }]],
    ['è <b>qui</b>', [{ detail: noHtml('<b>'), byteOffset: 3 }]],
    ['a</b>', [{ detail: noHtml('</b>'), byteOffset: 1 }]],
    ['Tom &amp; Jerry', [{ detail: noHtml('&amp;'), byteOffset: 4 }]],
    ['&#8364;', [{ detail: noHtml('&#8364;'), byteOffset: 0 }]],
    [
      'x'.repeat(65),
      [{ detail: 'The text of the button is too long: 65 characters, and a button shows 64.' }],
    ],
    [
      '{{autore}}',
      [
        {
          detail:
            '{{autore}} has no value here. Placeholders that can be used here: nome, cognome, nominativo, urlSito, nomeSito.',
          byteOffset: 0,
          key: 'autore',
        },
      ],
    ],
  ])('%s is refused', (text, problems) => {
    expect(validateButton(text, 'welcome')).toEqual(problems);
  });
});
