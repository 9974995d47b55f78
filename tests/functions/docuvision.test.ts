/** Documents that Docuvision found: one message about all of them (docs/events.md, "Docuvision"). */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { htmlLength } from '../../lib/telegram/html/index.ts';
import { formerFileUploads } from '../../lib/templates/former-default-texts.ts';
import { defaultTemplates } from '../../lib/templates/template-kinds.ts';
import { type App, startApp } from '../support/app.ts';
import { template } from '../support/fixtures.ts';
import type { Fields } from '../support/payloads.ts';

let app: App;
let count = 0;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.setSite({ docuvision: true });
  await app.takeQueued();
});

/** Anna's chat is that of a company. */
const company = { id: 'anna', companyName: 'Rossi S.r.l.' };

function found(files: Fields[], changes: Fields = {}): Fields {
  const event = { eventId: `found-${++count}`, source: 'docuvision', folder: { name: 'Rossi S.r.l.' } };
  return { ...event, files, administrators: [company], ...changes };
}

async function textsFor(body: Fields): Promise<string[]> {
  expect((await app.report('file-upload', body)).status).toBe(202);
  return (await app.takeQueued()).map(({ text }) => text);
}

const documents = [
  { name: 'Bilancio.pdf', change: 'new-document' },
  { name: 'Contratto & allegati.pdf', change: 'new-revision' },
  { name: 'F24.pdf', change: 'new-page' },
  { name: 'Statuto.pdf', change: 'changed-page' },
  { name: 'Visura.pdf' },
];

test('five of them are one message that names all, in the language of the company', async () => {
  expect(await textsFor(found(documents))).toEqual([
    [
      '📁 Ciao, ci sono novità tra i documenti: 2 nuovi documenti, una nuova revisione, una nuova pagina e una pagina modificata.',
      '',
      '• Bilancio.pdf',
      '• Contratto &amp; allegati.pdf (nuova revisione)',
      '• F24.pdf (nuova pagina)',
      '• Statuto.pdf (pagina modificata)',
      '• Visura.pdf',
      'Cartella: <b>Rossi S.r.l.</b>',
      '',
      'Trovi tutto tra i documenti della tua area riservata su https://shop.example.',
    ].join('\n'),
  ]);
  const [english] = await textsFor(found(documents, { administrators: [{ ...company, language: 'en' }] }));
  expect(english).toContain('2 new documents, a new revision, a new page and a changed page.\n');
  expect(english).toContain('\n• F24.pdf (new page)\n');
});

test('each once: what is named twice, and an event that is reported again', async () => {
  const files = [
    { name: 'A.pdf' },
    { name: 'A.pdf', change: 'new-document' },
    { name: 'A.pdf', change: 'new-page' },
  ];
  // Dario has not linked Telegram: the log knows it at once.
  const body = found(files, { administrators: [{ id: 'dario' }, company] });
  const [text, ...more] = await textsFor(body);
  expect(more).toEqual([]);
  expect(text).toContain('un nuovo documento e una nuova pagina');
  expect(text).toContain('\n• A.pdf\n• A.pdf (nuova pagina)\n');

  const again = await app.report('file-upload', body);
  expect(again).toMatchObject({ status: 202, json: { repeated: true } });
  const other = await app.report('file-upload', { ...body, files: [{ name: 'B.pdf' }] });
  expect(other).toMatchObject({ status: 409, json: { code: 'event-id-reused' } });
});

test.each([
  ['with files', found(documents, { eventId: 'x' })],
  [
    'with one file, as before',
    { ...found([], { files: undefined }), file: { name: 'A.pdf' }, uploadedBy: { id: 'c' } },
  ],
])('nobody has uploaded it: no group counts, %s', async (_how, body) => {
  await app.setSite({ docuvision: true, telegramGroups: ['Agenti'] });
  expect(await textsFor({ ...body, eventId: `found-${++count}` })).toHaveLength(1);
});

test('off by the settings of the site', async () => {
  await app.setSite({ docuvision: false });
  const { json } = await app.report('file-upload', found(documents));
  expect(json.notifications).toEqual([{ userId: 'anna', status: 'skipped', reason: 'docuvision-disabled' }]);
});

test("a merchant's own text: the names in one line, their number, and nobody's name", async () => {
  await app.setSite({
    docuvision: true,
    templates: [
      template('file-upload', 'mio', {
        text: {
          it: '{{#nominativo}}{{nominativo}}: {{/nominativo}}{{numeroFile}} in {{nomeCartella}}: {{nomeFile}}{{#autore}} di {{autore}}{{/autore}}',
          de: '{{#riepilogoFile}}{{riepilogoFile}} {{/riepilogoFile}}Neu: {{nomeFile}}',
        },
      }),
    ],
  });
  expect(await textsFor(found([{ name: 'A.pdf' }, { name: 'B.pdf' }]))).toEqual([
    '2 in Rossi S.r.l.: A.pdf e B.pdf',
  ]);
  const german = { ...company, language: 'de' };
  expect(await textsFor(found([{ name: 'A.pdf' }, { name: 'B.pdf' }], { administrators: [german] }))).toEqual(
    ['Neu: A.pdf und B.pdf'],
  );
});

test('a name can not forge the next line, nor a tag', async () => {
  const [text] = await textsFor(
    found([{ name: 'A.pdf\n• <b>Fattura</b>.pdf' }, { name: '&lt;i&gt; &amp;' }]),
  );
  expect(text).toContain('\n• A.pdf • &lt;b&gt;Fattura&lt;/b&gt;.pdf\n• &lt;i&gt; &amp;\n');
});

describe('a site of a former release, whose text speaks of one new file', () => {
  const site = (text: Fields) => ({
    docuvision: true,
    templates: [template('file-upload', 'mio', { text: text as Record<string, string> })],
  });

  test.each([0, 1])('sends the text of today where nobody has changed it (release %i)', async (release) => {
    const former = formerFileUploads('tu')[release];
    await app.setSite(site({ ...former }));
    const [text] = await textsFor(found(documents));
    expect(text).toMatch(/^📁 Ciao, ci sono novità tra i documenti: 2 nuovi documenti/);
    const english = { ...company, language: 'en' };
    const [inEnglish] = await textsFor(found(documents, { administrators: [english] }));
    expect(inEnglish).toMatch(/^📁 Hello, there is something new among the documents: 2 new documents/);
    // What somebody uploads is told as before.
    const upload = {
      ...found([], { files: undefined, source: 'manual' }),
      file: { name: 'A.pdf' },
      uploadedBy: { id: 'c' },
    };
    const [uploaded] = await textsFor(upload);
    expect(uploaded).toContain('\nFile: <b>A.pdf</b>\n');
  });
});

describe('many of them', () => {
  const many = (length: number, title = 'Documento del registro contabile, numero') =>
    Array.from({ length }, (_, index) => ({ name: `${title} ${index + 1}, esercizio 2026.pdf` }));

  test.each([
    ['the default text', undefined],
    ['a line of names', { it: 'Novità: {{nomeFile}}.\nFine' }],
    ['both', { it: '{{elencoFile}}\n\n{{nomeFile}}\nFine' }],
  ])('%s names as many as there is room for, and says how many more', async (_which, text) => {
    await app.setSite({
      docuvision: true,
      templates: text ? [template('file-upload', 'mio', { text })] : defaultTemplates(),
    });
    const [written = '', ...others] = await textsFor(found(many(100)));
    expect(others).toEqual([]);
    expect(htmlLength(written)).toBeLessThanOrEqual(4096);
    const [, more = ''] = /\be altri (\d+)/.exec(written) ?? [];
    const named = new Set(
      [...written.matchAll(/numero (\d+), esercizio 2026\.pdf/g)].map(([, number]) => number),
    );
    // Whole names only, the first ones, and nobody is left out.
    expect([...named]).toEqual(Array.from({ length: 100 - Number(more) }, (_, index) => `${index + 1}`));
    expect(written).not.toContain('…');
    expect(written).toMatch(/(?:Fine|shop\.example\.)$/);
    // One more has no room.
    const perName = text?.it.includes('elencoFile') ? 2 : 1;
    expect(htmlLength(written)).toBeGreaterThan(4096 - 80 * perName);
  });

  test('a hundred names of a thousand characters', async () => {
    const [text = ''] = await textsFor(found(many(100, 'x'.repeat(960))));
    expect(htmlLength(text)).toBeLessThanOrEqual(4096);
    expect(text).toMatch(/\ne altri 9[67]\n/);
  });

  test('five hundred companies are told within one call', async () => {
    const administrators = Array.from({ length: 500 }, (_, index) => ({ id: `azienda-${index}` }));
    const { status, json } = await app.report('file-upload', found(many(100), { administrators }));
    expect([status, json.notifications.length]).toEqual([202, 500]);
  });
});

describe('the button', () => {
  const url = 'https://shop.example/documenti/rossi';

  test.each<[string, Fields[], string | undefined]>([
    ['leads to the one document', [{ name: 'A.pdf', url }], url],
    [
      'leads to the page that they share',
      [
        { name: 'A.pdf', url },
        { name: 'B.pdf', url },
      ],
      url,
    ],
    [
      'is not there for several pages',
      [
        { name: 'A.pdf', url },
        { name: 'B.pdf', url: `${url}/b` },
      ],
      undefined,
    ],
    ['is not there where one has no page', [{ name: 'A.pdf', url }, { name: 'B.pdf' }], undefined],
  ])('%s', async (_what, files, expected) => {
    await app.report('file-upload', found(files));
    const [message] = await app.takeQueued();
    expect(message?.button?.url).toBe(expected);
  });
});

describe('what is refused', () => {
  test.each<[string, Fields, string[]]>([
    ['no document at all', { files: [] }, ['/files']],
    ['101 of them', { files: Array.from({ length: 101 }, (_, index) => ({ name: `${index}` })) }, ['/files']],
    ['a change that there is not', { files: [{ name: 'A.pdf', change: 'deleted' }] }, ['/files/0/change']],
    ['a name that is missing', { files: [{ name: 'A.pdf' }, {}] }, ['/files/1/name']],
    ['a link to elsewhere', { files: [{ name: 'A.pdf', url: 'https://evil.example/' }] }, ['/files/0/url']],
    ['files that somebody has uploaded', { source: 'manual' }, ['/source']],
    ['no source', { source: undefined }, ['/source']],
    ['nobody to tell', { administrators: [] }, ['/administrators']],
    ['a file beside the files', { file: { name: 'A.pdf' }, uploadedBy: { id: 'c' } }, ['/files']],
  ])('%s', async (_what, changes, pointers) => {
    const { status, json } = await app.report('file-upload', found(documents, changes));
    expect(status).toBe(400);
    expect(json.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(pointers);
  });

  test('empty properties count as left out, as everywhere', async () => {
    const files = [{ name: 'A.pdf', change: null, url: '' }];
    expect(await textsFor(found(files, { uploadedBy: null, occurredAt: '' }))).toHaveLength(1);
  });
});
