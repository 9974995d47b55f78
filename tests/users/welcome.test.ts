import { describe, expect, test } from '@jest/globals';
import type { Template } from '../../lib/domain/templates.ts';
import type { Site } from '../../lib/store/sites.ts';
import { newUser, type User } from '../../lib/store/user.ts';
import { htmlLength } from '../../lib/telegram/html/index.ts';
import { defaultTemplates } from '../../lib/templates/template-kinds.ts';
import { chatAddedNotices, welcomeOf } from '../../lib/users/welcome.ts';

const site: Site = {
  siteId: 'demo',
  name: 'Rossi & Figli',
  url: 'https://shop.example',
  moduleActive: true,
  active: true,
  languages: ['it', 'en'],
  defaultLanguage: 'it',
  timeZone: 'Europe/Rome',
  abandonedCartHours: 3,
  telegramGroups: [],
  docuvision: false,
  keyHashes: [],
  templates: defaultTemplates(),
};
const user: User = {
  ...newUser({ siteId: 'demo', userId: 'u1' }),
  chats: [{ chatId: 5 }],
  firstName: 'Anna',
  lastName: 'Rossi',
};
const link = { chatId: 5 };
const welcome = (changes: Partial<Template> = {}): Template => ({
  id: 'benvenuto',
  name: 'Benvenuto',
  event: 'welcome',
  enabled: true,
  text: { it: 'Ciao {{nome}}!', en: 'Hi {{nome}}!' },
  ...changes,
});
const textsFor = (templates: Template[], about: Partial<Parameters<typeof welcomeOf>[3]> = {}, who = user) =>
  welcomeOf({ ...site, templates }, who, link, { linkId: 'l1', ...about }).map(({ text }) => text);

test('the site’s words, and below them whose account the chat serves', () => {
  expect(textsFor([welcome()])).toEqual([
    'Ciao Anna!\n\n✅ Questa chat riceve ora gli avvisi di <b>Rossi &amp; Figli</b> per <b>Anna Rossi</b>.\nI tuoi dati: /privacy',
  ]);
});

test('the ids are the same for every repetition, and of this link', () => {
  const [one] = welcomeOf(site, user, link, { linkId: 'l1' });
  const [other] = welcomeOf(site, user, link, { linkId: 'l1' });
  const [later] = welcomeOf(site, user, link, { linkId: 'l2' });
  expect(one).toMatchObject({
    event: 'welcome',
    eventId: 'welcome-l1',
    templateId: 'default-welcome',
    userId: 'u1',
  });
  expect(other?.deliveryId).toBe(one?.deliveryId);
  expect(later?.deliveryId).not.toBe(one?.deliveryId);
});

test.each([
  ['of the session', 'en', 'it', 'Hi Anna!'],
  ['of the user, where the session says nothing', undefined, 'en-GB', 'Hi Anna!'],
  ['of the site, where nobody does', undefined, undefined, 'Ciao Anna!'],
])('in the language %s', (_whose, language, own, beginning) => {
  const [text] = textsFor([welcome()], { language }, { ...user, ...(own && { language: own }) });
  expect(text).toMatch(new RegExp(`^${beginning}`));
});

test('in English: also the line about the account', () => {
  expect(textsFor([welcome()], { language: 'en' })).toEqual([
    'Hi Anna!\n\n✅ This chat now receives the notifications from <b>Rossi &amp; Figli</b> for <b>Anna Rossi</b>.\nYour data: /privacy',
  ]);
});

describe('one language for each message', () => {
  const german = { ...user, language: 'de' };

  test('words in the language of the site, for a reader whose language nobody writes: the line too', () => {
    expect(textsFor([welcome()], {}, german)).toEqual([
      expect.stringMatching(/^Ciao Anna!\n\n✅ Questa chat riceve ora/),
    ]);
  });

  test('no words at all: the line in the language of the site', () => {
    expect(textsFor([], {}, german)).toEqual([expect.stringMatching(/^✅ Questa chat riceve ora/)]);
  });

  test('words in one language only: the line in that language', () => {
    const [text] = textsFor([welcome({ text: { en: 'Hi {{nome}}!' } })], { language: 'it' });
    expect(text).toMatch(/^Hi Anna!\n\n✅ This chat now receives/);
  });

  test('the notice to the other chats, for a reader whose language the bot does not speak: the site’s', () => {
    const other = { chatId: 6, linkedAt: '2026-01-01T00:00:00.000Z' };
    const added = { chatId: 5, linkedAt: '2026-02-01T00:00:00.000Z', ref: 'A'.repeat(16) };
    const [notice] = chatAddedNotices(site, { ...german, chats: [other, added] }, added, 'l1');
    expect(notice?.text).toMatch(/^🔗 Al tuo account di/);
  });

  const french = welcome({ text: { fr: 'Bonjour {{nome}} !', it: 'Ciao {{nome}}!' } });
  const LINE = '✅ Questa chat riceve ora gli avvisi di <b>Rossi &amp; Figli</b> per <b>Anna Rossi</b>.';

  test('where the bot does not speak that of the welcome, the line about the account is a message of its own', () => {
    const sent = welcomeOf({ ...site, templates: [french] }, { ...user, language: 'it' }, link, {
      linkId: 'l1',
      language: 'fr',
    });
    expect(sent.map(({ templateId, text }) => [templateId, text])).toEqual([
      ['benvenuto', 'Bonjour Anna !'],
      ['linked', `${LINE}\nI tuoi dati: /privacy`],
    ]);
  });

  test('the line is in the language of the welcome, not in that of the session', () => {
    const [text, ...more] = textsFor([welcome()], { language: 'fr' });
    expect(more).toEqual([]);
    expect(text).toBe(`Ciao Anna!\n\n${LINE}\nI tuoi dati: /privacy`);
  });

  test("a session in a language without a text: the user's own", () => {
    const [text] = textsFor([welcome()], { language: 'fr' }, { ...user, language: 'en' });
    expect(text).toMatch(/^Hi Anna!\n\n✅ This chat/);
  });

  test('the notice about a new chat is in a language that the bot speaks: that of the user, or that of the site', () => {
    const both = {
      ...user,
      language: 'fr',
      chats: [link, { chatId: 6, linkedAt: '2026-11-22T10:00:00.000Z' }],
    };
    const [notice] = chatAddedNotices(site, both, { chatId: 6, linkedAt: '2026-11-22T10:00:00.000Z' }, 'l1');
    expect(notice?.callbackButton?.text).toBe('Togli la nuova chat');
  });
});

describe('templates', () => {
  test('several: each is sent, and the first says whose account it is', () => {
    const [first, second] = textsFor([welcome(), welcome({ id: 'due', text: { it: 'E ancora.' } })]);
    expect(first).toContain('✅');
    expect(second).toBe('E ancora.');
  });

  test('each for some groups: those of the person, as the site gave them with the link', () => {
    const of = (id: string, groups: string[] = []) => welcome({ id, groups, text: { it: id } });
    const templates = [of('agenti', ['Agenti']), of('tutti'), of('clienti', ['Clienti', 'VIP'])];
    const idsFor = (groups?: string[]) =>
      welcomeOf({ ...site, templates }, user, link, { linkId: 'l1', groups }).map(
        ({ templateId }) => templateId,
      );
    expect(idsFor(['Agenti'])).toEqual(['agenti', 'tutti']);
    expect(idsFor(['VIP', 'Altri'])).toEqual(['tutti', 'clienti']);
    // As everywhere: a group is written as it is.
    expect(idsFor(['agenti'])).toEqual(['tutti']);
    expect(idsFor()).toEqual(['tutti']);
  });

  test.each([
    ['none', []],
    ['one that is switched off', [welcome({ enabled: false })]],
    ['one for groups, where nobody said which the person is in', [welcome({ groups: ['agenti'] })]],
    [
      'one that says nothing without a value',
      [welcome({ text: { it: '{{#cognome}}{{cognome}}{{/cognome}}' } })],
    ],
  ])('%s: the line about the account stands alone', (_what, templates) => {
    const [only, ...more] = welcomeOf({ ...site, templates }, { ...user, lastName: '' }, link, {
      linkId: 'l1',
    });
    expect(more).toEqual([]);
    expect(only).toMatchObject({
      templateId: 'linked',
      text: '✅ Questa chat riceve ora gli avvisi di <b>Rossi &amp; Figli</b> per <b>Anna</b>.\nI tuoi dati: /privacy',
    });
  });
});

test('the longest welcome is shortened, and the line about the account stays', () => {
  const [text = ''] = textsFor([welcome({ text: { it: `<i>${'parola '.repeat(580)}</i>` } })]);
  expect(htmlLength(text)).toBeLessThanOrEqual(4096);
  expect(text).toMatch(/…<\/i>\n\n✅ Questa chat .* per <b>Anna Rossi<\/b>\.\nI tuoi dati: \/privacy$/s);
});

test('a name that ends with a full stop gets no second one', () => {
  const company = { ...newUser({ siteId: 'demo', userId: 'u2' }), companyName: 'Rossi S.r.l.' };
  expect(textsFor([], {}, company)).toEqual([
    '✅ Questa chat riceve ora gli avvisi di <b>Rossi &amp; Figli</b> per <b>Rossi S.r.l.</b>\nI tuoi dati: /privacy',
  ]);
});

test('whoever has no name is called by their id', () => {
  expect(textsFor([welcome()], {}, newUser({ siteId: 'demo', userId: 'cliente-7' }))[0]).toContain(
    'per <b>cliente-7</b>',
  );
});

test('of more than ten welcomes, as a site of the former release may have, the first ten are sent', () => {
  const templates = Array.from({ length: 200 }, (_, index) => welcome({ id: `w-${index}` }));
  const sent = welcomeOf({ ...site, templates }, user, link, { linkId: 'l1' });
  expect(sent.map(({ templateId }) => templateId)).toEqual(templates.slice(0, 10).map(({ id }) => id));
});

describe('names', () => {
  const named = (lastName: string, name = 'Rossi & Figli') =>
    welcomeOf({ ...site, name, templates: [] }, { ...user, firstName: '', lastName }, link, { linkId: 'l1' })
      .map(({ text }) => text)
      .join();

  test.each(['👨‍👩‍👧‍👦', '🇮🇹', 'e\u0323\u0300'])(
    'that are long are cut between graphemes: %s',
    (grapheme) => {
      for (const before of ['', 'a', 'ab', 'abc']) {
        const kept =
          /per <b>(?:abc|ab|a)?(?<kept>.*)…<\/b>/.exec(named(before + grapheme.repeat(60)))?.groups?.kept ??
          '';
        const shown = grapheme.normalize('NFC');
        expect(kept).not.toBe('');
        expect(kept).toBe(shown.repeat(kept.length / shown.length));
      }
    },
  );

  test('are on one line, composed, without entities', () => {
    expect(named('Å&amp;B\n\u2028✅ Pagato', 'A\u030a &egrave;\nx')).toContain(
      'di <b>Å è x</b> per <b>Å&amp;B ✅ Pagato</b>.',
    );
  });
});

test('a long welcome is cut between graphemes, before a word or an address', () => {
  const welcomeWith = (it: string) => textsFor([welcome({ text: { it } })])[0]?.split('\n\n✅')[0] ?? '';
  for (const before of ['', 'a', 'ab', 'abc', 'abcd'])
    for (const grapheme of ['👨‍👩‍👧‍👦', '🇮🇹', '👍🏽']) {
      const text = welcomeWith(before + grapheme.repeat(Math.ceil(4_095 / grapheme.length)));
      expect(text.slice(before.length, -1)).toBe(
        grapheme.repeat((text.length - 1 - before.length) / grapheme.length),
      );
    }
  const url = 'https://shop.example/informativa/sulla/privacy';
  for (let letters = 3_850; letters < 3_950; letters++) {
    const text = welcomeWith(`${'x'.repeat(letters)} ${url} ${'parola '.repeat(30)}`);
    expect(text).toMatch(/(?:x|privacy |parola)…$/);
  }
});
