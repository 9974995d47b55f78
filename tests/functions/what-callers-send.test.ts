/** What programs send that is meant well is taken as it is meant; what can't be meant is refused, and the error says why. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { EVENT_NAMES, type EventName } from '../../lib/domain/events.ts';
import { type App, startApp } from '../support/app.ts';
import { template } from '../support/fixtures.ts';
import { changed, type Fields } from '../support/payloads.ts';

let app: App;
let count = 0;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());
beforeEach(() => app.reset());

/** A valid body of each event: those that the local run has as samples. */
function sample(event: EventName): Fields {
  const text = readFileSync(new URL(`../../local/samples/${event}.json`, import.meta.url), 'utf8');
  return { ...(JSON.parse(text) as Fields), eventId: `event-${++count}` };
}

const PLACES: Record<EventName, { url: string; recipient: string; actor?: string; optional: string[] }> = {
  'order-status': { url: '/order/url', recipient: '/holder', optional: ['/cartId', '/language'] },
  'abandoned-cart': { url: '/cart/url', recipient: '/user', optional: ['/language'] },
  'message-sent': {
    url: '/message/url',
    recipient: '/recipients/0',
    actor: '/sender',
    optional: ['/message/text', '/message/url'],
  },
  'message-read': {
    url: '/message/url',
    recipient: '/sender',
    actor: '/reader',
    optional: ['/message/text', '/message/url'],
  },
  'activity-status': {
    url: '/activity/url',
    recipient: '/creator',
    actor: '/changedBy',
    optional: ['/changedBy', '/activity/url'],
  },
  'activity-viewed': {
    url: '/activity/url',
    recipient: '/creator',
    actor: '/viewedBy',
    optional: ['/activity/url'],
  },
  'activity-reminder': {
    url: '/activity/url',
    recipient: '/recipients/0',
    actor: '/creator',
    optional: ['/recurrence', '/recurrence/count', '/recurrence/until', '/creator', '/activity/url'],
  },
  'file-upload': {
    url: '/file/url',
    recipient: '/administrators/0',
    actor: '/uploadedBy',
    optional: ['/source', '/file/url'],
  },
  'file-access': {
    url: '/file/url',
    recipient: '/administrators/0',
    actor: '/accessedBy',
    optional: ['/file/url'],
  },
};

/** Reports it through the queue. @returns the reason for which it is among the dead letters. */
async function reasonInQueue(event: EventName, body: unknown): Promise<string | undefined> {
  const queue = event.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
  process.env.EVENT_QUEUE_URL = app.stack.refs.get(`${queue}Queue`) ?? '';
  process.env.DEAD_LETTER_QUEUE_URL = app.stack.refs.get(`${queue}DeadLetterQueue`) ?? '';
  expect(await app.receive(event, [body])).toEqual([]);
  const [dead] = await app.stack.takeMessages(`${queue}DeadLetterQueue`);
  return dead?.MessageAttributes?.reason?.StringValue;
}

/** Reports it over HTTPS, and through the queue under another id. */
async function taken(event: EventName, body: Fields): Promise<void> {
  expect(await app.report(event, body)).toMatchObject({ status: 202 });
  const again = { ...body, eventId: `event-${++count}`, siteId: 'demo' };
  expect(await reasonInQueue(event, again)).toBeUndefined();
}

async function errorsOf(event: EventName, body: unknown) {
  const { status, json } = await app.report(event, body);
  expect(status).toBe(400);
  return json.errors;
}

describe.each(EVENT_NAMES)('%s', (event) => {
  const { url, recipient, actor, optional } = PLACES[event];
  const people = [recipient, ...(actor ? [actor] : [])];
  const places = [
    '/occurredAt',
    ...people.flatMap((person) =>
      ['firstName', 'lastName', 'companyName', 'groups'].map((name) => `${person}/${name}`),
    ),
    `${recipient}/language`,
    `${recipient}/kind`,
  ];

  test.each([null, '', ' \u00a0'])('what is optional may be %j: then it is left out', async (empty) => {
    for (const place of optional) await taken(event, changed(sample(event), place, empty));
    await taken(
      event,
      places.reduce((body, place) => changed(body, place, empty), sample(event)),
    );
  });

  test('a group without a name is none', async () => {
    await taken(event, changed(sample(event), `${recipient}/groups`, ['', null, 'Agenti']));
  });

  test('what is required stays required, and the error says so', async () => {
    expect(await errorsOf(event, changed(sample(event), '/eventId', null))).toEqual([
      {
        pointer: '/eventId',
        code: 'wrong-type',
        detail: 'Must be a string, not null: this property is required.',
      },
    ]);
    expect(await errorsOf(event, changed(sample(event), `${recipient}/id`, ''))).toEqual([
      { pointer: `${recipient}/id`, code: 'wrong-length', detail: 'Must not be empty.' },
    ]);
  });

  test('a link with a space in it leads to where a browser would go', async () => {
    const body = changed(sample(event), url, ' https://shop.example/listino 2027.pdf?q=tende da sole ');
    await taken(event, body);
    if (event === 'abandoned-cart' || event === 'activity-reminder') return;
    const [queued] = await app.takeQueued();
    expect(queued?.button?.url).toBe('https://shop.example/listino%202027.pdf?q=tende%20da%20sole');
  });

  test('a shop with www. is also its bare domain, and the other way round', async () => {
    await app.setSite({ url: 'https://www.shop.example' });
    await taken(event, changed(sample(event), url, 'https://shop.example/x'));
    expect(await errorsOf(event, changed(sample(event), url, 'https://altro.shop.example/x'))).toMatchObject([
      { pointer: url, detail: expect.stringMatching(/^Must be an https link on www\.shop\.example/) },
    ]);
    await app.setSite({ url: 'https://shop.example' });
    await taken(event, changed(sample(event), url, 'https://www.shop.example/x'));
  });

  test('a link with a user name is refused for that', async () => {
    expect(await errorsOf(event, changed(sample(event), url, 'https://user@shop.example/x'))).toEqual([
      {
        pointer: url,
        code: 'invalid',
        detail:
          'Must be an https link on shop.example or a subdomain of it, without a user name: leave out what stands before the "@".',
      },
    ]);
  });

  test('the language it_IT is Italian', async () => {
    await taken(event, changed(sample(event), `${recipient}/language`, 'it_IT'));
  });

  test.each([
    ['italiano', ' Did you mean "it"?'],
    ['zz-ZZ', ''],
  ])('the language %j is none', async (language, meant) => {
    const pointer = `${recipient}/language`;
    const body = changed(sample(event), pointer, language);
    const detail = `Must be the BCP 47 tag of a real language, such as "it" or "en-GB".${meant}`;
    expect(await errorsOf(event, body)).toEqual([{ pointer, code: 'invalid', detail }]);
    expect(await reasonInQueue(event, { ...body, siteId: 'demo' })).toBe(`${pointer}: ${detail}`);
  });

  describe('in another encoding than UTF-8', () => {
    const latin1 = (body: Fields) => Buffer.from(JSON.stringify(body), 'latin1');
    const named = () => changed(sample(event), `${recipient}/firstName`, 'Niccolò');
    const lost = [
      {
        pointer: `${recipient}/firstName`,
        code: 'characters-lost',
        detail: expect.stringMatching(/^Holds U\+FFFD.*UTF-8 \(RFC 8259, section 8\.1\)/),
      },
    ];

    test.each([undefined, 'application/json', 'application/json; charset=iso-8859-1'])(
      'ISO-8859-1, declared as %s, which API Gateway has made text of',
      async (type) => {
        const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
        const answer = await app.report(event, new TextDecoder().decode(latin1(named())), { headers });
        expect(answer).toMatchObject({ status: 400, json: { errors: expect.arrayContaining(lost) } });
        expect(answer.json.detail).toMatch(/^Nothing was sent/);
      },
    );

    test('ISO-8859-1, which comes in base64', async () => {
      const body = latin1(named()).toString('base64');
      const { status, json } = await app.report(event, body, { isBase64Encoded: true });
      expect(status).toBe(400);
      expect(json.detail).toMatch(/not in UTF-8.*RFC 8259, section 8\.1/);
    });

    test.each([
      ['UTF-16', '\ufeff', false],
      ['UTF-16', '\ufeff', true],
      ['UTF-16 without byte order mark', '', false],
      ['UTF-16 without byte order mark', '', true],
    ])('%s', async (_, mark, isBase64Encoded) => {
      const bytes = Buffer.from(mark + JSON.stringify(sample(event)), 'utf16le');
      const body = isBase64Encoded ? bytes.toString('base64') : new TextDecoder('utf-8').decode(bytes);
      const { status, json } = await app.report(event, body, { isBase64Encoded });
      expect(status).toBe(400);
      expect(json.detail).toMatch(/not in UTF-8.*RFC 8259, section 8\.1/);
    });

    test('U+FFFD as JSON escapes it', async () => {
      const body = JSON.stringify(named()).replace('ò', '\\uFFFD');
      expect(await app.report(event, body)).toMatchObject({
        status: 400,
        json: { errors: expect.arrayContaining(lost) },
      });
    });

    test('UTF-8 with a byte order mark is UTF-8', async () => {
      const body = `\ufeff${JSON.stringify(named())}`;
      expect((await app.report(event, body)).status).toBe(202);
    });

    test('through the queue: to the dead letters, with that reason', async () => {
      const body = changed({ ...sample(event), siteId: 'demo' }, `${recipient}/lastName`, 'Nicol\ufffd');
      expect(await reasonInQueue(event, body)).toMatch(
        new RegExp(`^${recipient}/lastName: Holds U\\+FFFD.*UTF-8 \\(RFC 8259`),
      );
    });
  });

  test('an empty body: the error names what is needed', async () => {
    const { status, json } = await app.report(event, '');
    expect(status).toBe(400);
    expect(json.detail).toMatch(/^The body is empty; this path takes a JSON object with "eventId", "/);
  });
});

describe('lost characters', () => {
  test('in names of properties, and deep in what nobody expects, cost no time and no stack', async () => {
    const depth = 60_000;
    const deep = `${'['.repeat(depth)}"\ufffd"${']'.repeat(depth)}`;
    const { status, text } = await app.report('order-status', `{"nom\ufffd":${deep}}`);
    expect(status).toBe(400);
    expect(text.length).toBeLessThan(400_000);
  });

  test('many of them: a hundred are named', async () => {
    const body = { notes: Array.from({ length: 5_000 }, () => '\ufffd') };
    expect(await errorsOf('order-status', body)).toHaveLength(100);
  });
});

describe('the languages of a site', () => {
  const texts = (...languages: string[]) =>
    template('message-read', 'x', {
      text: Object.fromEntries(languages.map((language) => [language, language])),
    });

  test.each([
    ['it-CH', ['en', 'it'], 'it'],
    ['de-AT', ['it', 'de'], 'de'],
    ['de-AT', ['it', 'de-CH'], 'de-CH'],
    ['iw', ['it', 'he'], 'he'],
    ['he-IL', ['it', 'iw'], 'iw'],
    ['zh-TW', ['it', 'zh-Hans', 'zh-Hant'], 'zh-Hant'],
    ['zh_CN', ['it', 'zh-Hant', 'zh-Hans'], 'zh-Hans'],
    ['nb-NO', ['it', 'no'], 'no'],
    ['pt', ['it', 'pt-PT', 'pt-BR'], 'pt-BR'],
  ])('%s at a site with %j reads %s', async (language, available, expected) => {
    await app.setSite({ templates: [texts(...available)] });
    await app.report('message-read', changed(sample('message-read'), '/sender/language', language));
    expect((await app.takeQueued()).map(({ text }) => text)).toEqual([expected]);
  });
});

describe('a status', () => {
  test.each([' evaso ', 'EVASO', '\u00a0Evaso\u00a0', 'Evaso\u200b'])(
    '%j is the managed status Evaso',
    async (status) => {
      await taken('order-status', changed(sample('order-status'), '/order/status', status));
      expect(await app.takeQueued()).toHaveLength(2);
    },
  );

  test.each([
    ['In  attesa   di pagamento', 'In attesa di pagamento'],
    ['In\u00a0attesa di\u202fpagamento', 'IN ATTESA DI PAGAMENTO'],
    ['Sara\u0300 evaso', 'Sarà evaso'],
    ['Sarà evaso', 'SARA\u0300 EVASO'],
  ])('%j is managed by a template for %j', async (status, managed) => {
    await app.setTemplates(template('order-status', 'x', { statuses: [managed] }));
    await app.report('order-status', changed(sample('order-status'), '/order/status', status));
    expect(await app.takeQueued()).toHaveLength(1);
  });

  test('of a template is saved as it is meant, and named once', async () => {
    const body = {
      name: 'x',
      event: 'order-status',
      statuses: [' In\u00a0 attesa ', 'Sara\u0300 evaso'],
      text: { it: 'Ciao', en: 'Hi' },
    };
    const saved = await app.call('POST', '/v1/sites/demo/templates', { body });
    expect(saved).toMatchObject({ status: 201, json: { statuses: ['In attesa', 'Sarà evaso'] } });

    const twice = { ...body, statuses: ['In attesa', 'IN\u00a0ATTESA'] };
    const refused = await app.call('POST', '/v1/sites/demo/templates', { body: twice });
    expect(refused).toMatchObject({ status: 400, json: { errors: [{ pointer: '/statuses/1' }] } });
  });

  test.each([' annullata ', 'ANNULLATA', 'Completata\u00a0', 'Comple\u200btata'])(
    '%j ends the reminders of an activity',
    async (newStatus) => {
      const { activity, ...reminder } = sample('activity-reminder');
      const { json } = await app.report('activity-reminder', { ...reminder, activity, recurrence: null });
      expect(json.notifications).toMatchObject([{ status: 'scheduled' }, { status: 'scheduled' }]);

      const occurredAt = '2026-11-21T18:00:00+01:00';
      await app.report('activity-status', { ...sample('activity-status'), occurredAt, activity, newStatus });

      const query = { event: 'activity-reminder', status: 'scheduled' };
      const left = await app.call('GET', '/v1/sites/demo/deliveries', { query });
      expect(left.json.deliveries).toEqual([]);
    },
  );
});

describe('a number of articles', () => {
  test.each([
    [2.5, 'it', 'Articoli: 2,5\n'],
    [2.5, 'en', 'Items: 2.5\n'],
    [1234.125, 'it', 'Articoli: 1.234,125\n'],
    [0.1 + 0.2, 'it', 'Articoli: 0,3\n'],
    [-0, 'it', 'Articoli: 0\n'],
    [3, 'it', 'Articoli: 3\n'],
  ])('%d in %s', async (itemCount, language, expected) => {
    const body = changed(sample('order-status'), '/order/itemCount', itemCount);
    await taken('order-status', { ...body, language });
    for (const { text } of await app.takeQueued()) expect(text).toContain(expected);
  });

  test('of a cart may be a fraction too', async () => {
    await taken('abandoned-cart', changed(sample('abandoned-cart'), '/cart/itemCount', 0.75));
  });
});

describe('a reminder that ends before it begins', () => {
  test.each(['2027-03-14', '2027-03-15T08:29:59+01:00'])('until %s', async (until) => {
    const body = { ...sample('activity-reminder'), recurrence: { frequency: 'weekly', until } };
    const error = {
      pointer: '/recurrence/until',
      code: 'invalid',
      detail: 'Must not be before the date of the activity: it would never take place.',
    };
    expect(await errorsOf('activity-reminder', body)).toEqual([error]);
    expect(await reasonInQueue('activity-reminder', { ...body, siteId: 'demo' })).toBe(
      `${error.pointer}: ${error.detail}`,
    );
  });

  test('the day of the activity itself is its last one', async () => {
    const recurrence = { frequency: 'weekly', until: '2027-03-15' };
    await taken('activity-reminder', { ...sample('activity-reminder'), recurrence });
  });
});

describe('users and links', () => {
  const path = '/v1/sites/demo/users/anna';

  test('a link: what is empty is left out, it_IT is Italian', async () => {
    const body = {
      firstName: null,
      lastName: '',
      companyName: 'Tende S.r.l.',
      language: '',
      expiresInHours: null,
    };
    expect((await app.call('POST', `${path}/link`, { body })).status).toBe(201);
    expect((await app.call('POST', `${path}/link`, { body: { language: 'it_IT' } })).status).toBe(201);
  });

  test('a change of a user: null and "" remove a name and the language', async () => {
    const names = { firstName: 'Anna', lastName: 'Rossi', language: 'it_IT', mutedEvents: null, by: '' };
    expect(await app.call('PATCH', path, { body: names })).toMatchObject({ status: 200 });
    expect(await app.findUser('anna')).toMatchObject({ firstName: 'Anna', language: 'it-IT' });
    await app.call('PATCH', path, { body: { firstName: '', language: '' } });
    const user = await app.findUser('anna');
    expect(user).toMatchObject({ lastName: 'Rossi' });
    expect(user).not.toHaveProperty('firstName');
    expect(user).not.toHaveProperty('language');
  });

  test('an import: what is empty is left out', async () => {
    const row = {
      userId: 'nuovo',
      chatId: 77_001,
      firstName: null,
      companyName: 'Tende S.r.l.',
      language: '',
    };
    const users = [row, { ...row, userId: 'altro', chatId: 77_002, language: 'it_IT', mutedEvents: null }];
    const { json } = await app.call('POST', '/v1/sites/demo/users/import', { body: { botId: '100', users } });
    expect(json.counts).toMatchObject({ imported: 2, refused: 0 });
    expect(await app.findUser('altro')).toMatchObject({ language: 'it-IT', companyName: 'Tende S.r.l.' });
  });

  test('an import in ISO-8859-1 merges nobody: it is refused whole', async () => {
    const users = ['NICOLÒ', 'NICOLÀ'].map((userId, index) => ({ userId, chatId: 78_001 + index }));
    const body = new TextDecoder().decode(Buffer.from(JSON.stringify({ botId: '100', users }), 'latin1'));
    const { status, json } = await app.call('POST', '/v1/sites/demo/users/import', { body });
    expect(status).toBe(400);
    expect(json.detail).toMatch(/^Nobody was imported: 2 places are wrong/);
    expect(json.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/users/0/userId',
      '/users/1/userId',
    ]);
    expect(await app.findUser('NICOL\ufffd')).toBeUndefined();
  });

  test.each([
    ['POST', '/link', { lastName: 'Nicol\ufffd' }],
    ['PATCH', '', { firstName: 'Nicol\ufffd' }],
    ['POST', '/rename', { userId: 'NICOL\ufffd' }],
  ])('%s …%s with a lost character', async (method, rest, body) => {
    const { status, json } = await app.call(method, `${path}${rest}`, { body });
    expect(status).toBe(400);
    expect(json.errors).toMatchObject([
      { detail: expect.stringMatching(/UTF-8 \(RFC 8259, section 8\.1\)/) },
    ]);
  });

  test('an id in a path that lost a character is not written, but can be erased', async () => {
    await app.setUser('NICOL\ufffd');
    const lost = '/v1/sites/demo/users/NICOL%EF%BF%BD';
    const body = { optedOut: true };
    expect(await app.call('PATCH', lost, { body })).toMatchObject({
      status: 400,
      json: { detail: expect.stringMatching(/percent-encode the UTF-8/) },
    });
    expect((await app.call('POST', `${lost}/link`)).status).toBe(400);
    expect((await app.call('GET', lost)).status).toBe(200);
    expect((await app.call('DELETE', lost)).status).toBe(200);
  });
});

describe('templates and settings', () => {
  const body = { name: 'x', event: 'message-read', text: { it: 'Ciao', en: 'Hi' } };

  test('what is empty is left out', async () => {
    const empty = { id: '', statuses: null, groups: null, button: { it: null }, createdAt: null };
    const saved = await app.call('POST', '/v1/sites/demo/templates', { body: { ...body, ...empty } });
    expect(saved.status).toBe(201);
    expect(saved.json).not.toHaveProperty('button');
  });

  test('the tag of a text is written as BCP 47 has it', async () => {
    const text = { it_IT: 'Ciao', EN: 'Hi', iw: 'שלום' };
    const saved = await app.call('POST', '/v1/sites/demo/templates', { body: { ...body, text } });
    expect(saved).toMatchObject({ status: 201, json: { text: { 'it-IT': 'Ciao', en: 'Hi', he: 'שלום' } } });
  });

  test.each([
    ['xx', ''],
    ['italiano', ' Did you mean "it"?'],
    ['en-GB-x-y', ' Did you mean "en-GB"?'],
    ['zz-ZZ', ''],
  ])('the text of %s is refused, and so is that language of the site', async (tag, meant) => {
    const detail = `Must be the BCP 47 tag of a real language, such as "it" or "en-GB".${meant}`;
    const text = { ...body.text, [tag]: 'x' };
    const refused = await app.call('POST', '/v1/sites/demo/templates', { body: { ...body, text } });
    expect(refused).toMatchObject({ status: 400, json: { errors: [{ pointer: `/text/${tag}`, detail }] } });

    const settings = await app.call('PATCH', '/v1/sites/demo', { body: { languages: ['it', tag] } });
    expect(settings).toMatchObject({ status: 400, json: { errors: [{ pointer: '/languages/1', detail }] } });
    const fallback = await app.call('PATCH', '/v1/sites/demo', { body: { defaultLanguage: tag } });
    expect(fallback.json.errors).toEqual([{ pointer: '/defaultLanguage', code: 'invalid', detail }]);
  });

  test('a language that the former release took works on, and its template can be changed', async () => {
    const old = { ...template('message-read', 'old'), text: { xx: 'vecchio', it: 'Ciao' } };
    await app.setSite({ languages: ['xx', 'it'], templates: [old] });
    await app.setUser('anna', { language: 'xx', chatId: 1001 });
    await app.report('message-read', changed(sample('message-read'), '/sender', { id: 'anna' }));
    expect((await app.takeQueued()).map(({ text }) => text)).toEqual(['vecchio']);

    const saved = { ...old, text: { xx: 'nuovo', it: 'Ciao' } };
    const answer = await app.call('PUT', '/v1/sites/demo/templates/old', { body: saved });
    expect(answer).toMatchObject({ status: 200, json: { text: saved.text } });
  });

  test('a text with a lost character is refused', async () => {
    const text = { it: 'Il tuo preventivo \ufffd pronto', en: 'Hi' };
    const refused = await app.call('POST', '/v1/sites/demo/templates', { body: { ...body, text } });
    expect(refused).toMatchObject({ status: 400, json: { errors: [{ pointer: '/text/it' }] } });
    const contact = { merchantContact: 'Perch\ufffd no' };
    const settings = await app.call('PATCH', '/v1/sites/demo', { body: contact });
    expect(settings).toMatchObject({ status: 400, json: { errors: [{ pointer: '/merchantContact' }] } });
  });

  test('the module is switched with the key of the platform', async () => {
    const { json } = await app.call('PATCH', '/v1/sites/demo', { body: { moduleActive: false } });
    expect(json.errors).toEqual([
      {
        pointer: '/moduleActive',
        code: 'platform-only',
        detail: 'Is switched with the key of the platform, not with one of the site.',
      },
    ]);
    const name = await app.call('PATCH', '/v1/sites/demo', { body: { name: 'Bottega' } });
    expect(name.json.errors).toEqual([
      {
        pointer: '/name',
        code: 'platform-only',
        detail: 'Is changed with PUT with the key of the platform, not with one of the site.',
      },
    ]);
  });

  test('a parameter that there is not is called so, and those that there are are named', async () => {
    const { status, json } = await app.call('GET', '/v1/sites/demo/deliveries', { query: 'foo=1&limit=x' });
    expect(status).toBe(400);
    expect(json.errors).toMatchObject([
      {
        pointer: '/foo',
        code: 'unknown-parameter',
        detail:
          'Unknown parameter "foo": this path has "userId", "eventId", "event", "status", "from", "to", "totals", "cursor", "limit".',
      },
      { pointer: '/limit' },
    ]);
  });
});

test('what Telegram sends may hold U+FFFD: people may write it', async () => {
  const { parseJson } = await import('../../lib/http/body.ts');
  const update = Buffer.from(JSON.stringify({ message: { text: '\ufffd' } }));
  expect(parseJson(update, { isTelegrams: true })).toEqual({ message: { text: '\ufffd' } });
});
