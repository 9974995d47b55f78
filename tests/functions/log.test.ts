/** The log as people read it: names, words, one event's lines, totals, and the file for a spreadsheet. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import type { Delivery } from '../../lib/store/deliveries.ts';
import { erasedUser, newUser } from '../../lib/store/user.ts';
import { type App, startApp } from '../support/app.ts';
import { otherSite } from '../support/fixtures.ts';

let app: App;
beforeAll(async () => {
  app = await startApp();
  await app.stack.putSite(otherSite());
});
afterAll(() => app.close());
beforeEach(() => app.reset());

const minute = (number: number) => new Date(Date.UTC(2026, 10, 22, 22, 55 + number)).toISOString();

/** A line as the former release has written it, but for the changes. */
function line(number: number, changes: object = {}): Delivery {
  return {
    ...{ siteId: 'demo', deliveryId: `consegna-${number}`, event: 'order-status', eventId: 'ordine-1' },
    ...{ templateId: 'default-order-status', userId: 'anna', recordedAt: minute(number), attempts: 1 },
    ...{ status: 'sent', messageId: number, chatId: 1001 },
    ...changes,
  } as Delivery;
}

/** Written past our own code, with what the indexes need. */
async function put(...lines: Delivery[]): Promise<void> {
  for (const each of lines)
    await app.stack.putDelivery(Object.assign(each, { siteUser: `${each.siteId}\n${each.userId}` }));
}

const list = (query: Record<string, string> = {}, headers: Record<string, string> = {}) =>
  app.call('GET', '/v1/sites/demo/deliveries', { query, headers });
const idsOf = (json: { deliveries: { deliveryId: string }[] }) =>
  json.deliveries.map(({ deliveryId }) => deliveryId.replace('consegna-', ''));

describe('a line', () => {
  test('has the names that the person and the template have now', async () => {
    await put(line(1), line(2, { userId: 'sconosciuto', templateId: 'cancellato' }));
    await app.setUser('anna', { firstName: 'Anna Maria', lastName: 'Verdi' });
    const { json } = await list();
    expect(json.deliveries[1]).toMatchObject({
      userName: 'Anna Maria Verdi',
      templateName: 'Notifica Stato Ordine: Confermato',
    });
    expect(json.deliveries[0]).not.toHaveProperty('userName');
    expect(json.deliveries[0]).not.toHaveProperty('templateName');
  });

  test('says in Italian and English what happened and what to do', async () => {
    await put(line(1, { status: 'skipped', reason: 'bot-non-noto' }));
    await put(line(2, { status: 'skipped', reason: 'not-linked' }));
    const { json } = await list();
    expect(json.deliveries[0].message).toEqual({
      it: expect.stringContaining('link di collegamento'),
      en: expect.stringContaining('Send them the link'),
    });
    // A reason that a later release may write.
    expect(json.deliveries[1].message).toEqual({ it: 'Non inviato.', en: 'Not sent.' });
    const one = await app.call('GET', '/v1/sites/demo/deliveries/consegna-2');
    expect(one.json).toEqual(json.deliveries[0]);
  });

  test('of who is erased since is not shown, also one that was recorded a little later', async () => {
    const erased = erasedUser({ ...newUser({ siteId: 'demo', userId: 'anna' }), version: 3 });
    const before = { recordedAt: new Date(Date.now() - 60_000).toISOString() };
    await put(line(1, before), line(2, { ...before, userId: 'bruno' }));
    await app.stack.putUser(erased as never);
    expect(idsOf((await list()).json)).toEqual(['2']);
    expect((await app.call('GET', '/v1/sites/demo/deliveries/consegna-1')).status).toBe(404);
    expect((await list({}, { accept: 'text/csv' })).text).not.toContain('consegna-1');
  });
});

describe('eventId', () => {
  test('finds the lines of one event, newest first, also those of the former release', async () => {
    await put(line(1), line(2, { eventId: 'ordine-2' }), line(3, { userId: 'bruno' }));
    await put({ ...line(4), siteId: 'altro', deliveryId: 'altro' });
    expect(idsOf((await list({ eventId: 'ordine-1' })).json)).toEqual(['3', '1']);
    expect(idsOf((await list({ eventId: 'ordine-1', userId: 'anna' })).json)).toEqual(['1']);
    expect(idsOf((await list({ eventId: 'ordine-3' })).json)).toEqual([]);
  });

  test.each<[string, Record<string, string>, string[]]>([
    ['a status', { status: 'failed' }, ['2']],
    ['an event', { event: 'message-sent' }, ['3']],
    ['times', { from: minute(2), to: minute(3) }, ['3', '2']],
  ])('with %s', async (_, query, expected) => {
    const failure = { class: 'refused', description: 'Bad Request: x' };
    await put(line(1), line(2, { status: 'failed', failure }), line(3, { event: 'message-sent' }), line(4));
    expect(idsOf((await list({ eventId: 'ordine-1', ...query })).json)).toEqual(expected);
  });

  test('pages have each line once, also of one instant', async () => {
    const at = { recordedAt: minute(0) };
    await put(line(1), line(2, at), line(3, at), line(4, at), line(5, { recordedAt: minute(-1) }));
    const found: string[] = [];
    let cursor = '';
    do {
      const { json } = await list({ eventId: 'ordine-1', limit: '2', ...(cursor && { cursor }) });
      found.push(...idsOf(json));
      ({ cursor = '' } = json);
    } while (cursor);
    expect(found).toEqual(['1', '4', '3', '2', '5']);
  });
});

describe('totals', () => {
  test('are by state, of all that the other filters find', async () => {
    await put(line(1), line(2), line(3, { status: 'skipped', reason: 'muted', userId: 'bruno' }));
    const none = { failed: 0, retrying: 0, waiting: 0, complete: true };
    const totals = async (query: object) =>
      (await list({ totals: 'true', limit: '1', ...query })).json.totals;
    expect(await totals({})).toEqual({ ...none, sent: 2, skipped: 1 });
    expect(await totals({ status: 'sent' })).toEqual({ ...none, sent: 2, skipped: 1 });
    expect(await totals({ userId: 'bruno' })).toEqual({ ...none, sent: 0, skipped: 1 });
    expect(await totals({ eventId: 'ordine-1', from: minute(2) })).toEqual({ ...none, sent: 1, skipped: 1 });
    expect((await list({ limit: '1' })).json).not.toHaveProperty('totals');
  });
});

describe('as CSV', () => {
  const csv = (query: Record<string, string> = {}, language = 'it') =>
    list(query, { accept: 'text/csv', 'accept-language': language });
  const cellsOf = (body: string) =>
    parse(body, { delimiter: ';', bom: true, record_delimiter: '\r\n' }) as unknown as string[][];

  test('is UTF-8 with a byte order mark, semicolons, CRLF, and the times of the site', async () => {
    await put(line(1), line(10, { status: 'skipped', reason: 'muted' }));
    const { status, text: body, headers } = await csv();
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-language': 'it',
      vary: 'Accept, Accept-Language',
      'content-disposition': expect.stringMatching(
        /^attachment; filename="registro-telegram-demo-\d{4}-\d\d-\d\d\.csv"$/,
      ),
    });
    expect(body.codePointAt(0)).toBe(0xfeff);
    expect(body.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    const [head, newest, oldest] = cellsOf(body);
    expect(head?.slice(0, 5)).toEqual(['Data e ora', 'Evento', 'Template', 'Utente', 'Nome']);
    // 23:05 UTC on 22 November is 00:05 on the 23rd in Rome.
    expect(newest?.slice(0, 6)).toEqual([
      ...['2026-11-23 00:05:00', 'order-status', 'Notifica Stato Ordine: Confermato', 'anna'],
      ...['Anna Rossi', 'Non inviato'],
    ]);
    expect(oldest?.[0]).toBe('2026-11-22 23:56:00');
  });

  test('is in English for who wants that, and in the language of the site for who says nothing', async () => {
    await put(line(1));
    expect(cellsOf((await csv({}, 'en-GB, it;q=0.5')).text)[0]?.[0]).toBe('Date and time');
    const { text: body } = await list({}, { accept: 'text/csv' });
    expect(cellsOf(body)[0]?.[0]).toBe('Data e ora');
  });

  /** The cells of lines whose user has these ids, which are also their names and their events' ids. */
  async function rowsOf(texts: string[]): Promise<string[][]> {
    for (const [number, text] of texts.entries()) {
      await put(line(number, { userId: text, eventId: text }));
      await app.stack.putUser({ siteId: 'demo', userId: text, lastName: text });
    }
    const { text: body } = await csv();
    for (const cell of body.split(/;(?=")|\r\n/)) expect(cell).not.toMatch(/^"?[=+@\t\r\n|-]/);
    return cellsOf(body).slice(1).toReversed();
  }

  // https://owasp.org/www-community/attacks/CSV_Injection
  const FORMULAS = [
    ...['=1+1', '+39 055', '-2+3', '@SUM(A1)', '\t=1+1', '\r=1+1', '\n=1+1', '  =1+1', '＝1+1', '|cmd'],
    "=cmd|'/C calc'!A0\";=1+1",
  ];
  const NUMBERS = [
    ...['00123', '501.00012', '1E5', '3-4', '1/2', '12%', '€ 5', '5 €', '$5', '(5)', '.5', ',5'],
    ...['3 mar', 'mar 3', 'nov-26', '12 maggio 2026', 'May 3, 2026', 'VERO', 'falso', 'TRUE', '#N/D'],
  ];
  const PLAIN = [
    ...['Marco', 'Mario 12', 'Augusto', 'maggio', 'n. 5', '5 pezzi', 'Vero Rossi', '3 marinai'],
    ...['CLI/001', 'Rossi "il vecchio"; figli', 'ditta\r\nsu due righe', 'Zoë 🧵'],
  ];

  test('what a spreadsheet may take for a formula, a number or a date comes as a text', async () => {
    const texts = [...FORMULAS, ...NUMBERS];
    const rows = await rowsOf(texts);
    // Excel reads a text after an apostrophe.
    expect(rows.map((cells) => [cells.length, cells[3], cells[11]])).toEqual(
      texts.map((text) => [13, `'${text}`, `'${text}`]),
    );
    expect(rows.slice(0, 4).map((cells) => cells[4])).toEqual(FORMULAS.slice(0, 4).map((text) => `'${text}`));
  });

  test('what it can not take for anything else comes as it is', async () => {
    expect((await rowsOf(PLAIN)).map((cells) => [cells[3], cells[11]])).toEqual(
      PLAIN.map((text) => [text, text]),
    );
  });

  test('has a page after the other where Link leads, with the same parameters', async () => {
    await put(...[1, 2, 3, 4, 5].map((number) => line(number)), line(6, { event: 'message-sent' }));
    const found: string[] = [];
    let query: Record<string, string> | undefined = { limit: '2', event: 'order-status', to: minute(9) };
    while (query) {
      const { text: body, headers } = await csv(query);
      found.push(
        ...cellsOf(body)
          .slice(1)
          .map((cells) => cells[12] ?? ''),
      );
      const [, next] = /^<\?(.+)>; rel="next"$/.exec(String(headers.link ?? '')) ?? [];
      query = next === undefined ? undefined : Object.fromEntries(new URLSearchParams(next));
    }
    expect(found.map((id) => id.replace('consegna-', ''))).toEqual(['5', '4', '3', '2', '1']);
  });
});

test('Accept decides on the form', async () => {
  for (const [accept, type] of [
    ['text/csv;q=0.5, application/json', 'application/json'],
    ['text/*', 'text/csv'],
  ]) {
    const { status, headers } = await list({}, { accept: accept ?? '' });
    expect(status).toBe(200);
    expect(headers['content-type']).toContain(type);
    expect(headers.vary).toMatch(/\bAccept\b/);
  }
  const neither = await list({}, { accept: 'text/html' });
  expect(neither).toMatchObject({ status: 406, json: { code: 'not-acceptable' } });
});
