/** Whatever a shop writes into its orders and messages arrives as a text that Telegram takes. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { htmlLength } from '../../lib/telegram/html/index.ts';
import { type App, startApp } from '../support/app.ts';
import { template, templatesWithMessageText } from '../support/fixtures.ts';
import { changed, type EventKind, type Fields, payload } from '../support/payloads.ts';

let app: App;
let count = 0;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.setSite();
  await app.takeQueued();
});

async function textOf(event: EventKind, body: Fields): Promise<string> {
  const answer = await app.report(event, { ...body, eventId: `values-${++count}` });
  expect(answer.status).toBe(202);
  const [queued] = await app.takeQueued();
  return queued?.text ?? '';
}

const withSubject = (subject: string) => changed(payload('message-sent'), '/message/subject', subject);

describe('a value', () => {
  test.each([
    ['HTML', '<b>x</b> & "y"', 'x &amp; &quot;y&quot;'],
    ['what only looks like HTML', '<nome> & <b>', '&lt;nome&gt; &amp; &lt;b&gt;'],
    ['a link', '<a href="https://evil.com">x</a>', 'x (https://evil.com)'],
    ['an entity', '&lt;', '&lt;'],
    ['a placeholder', '{{nominativo}}{{{autore}}}', '{{nominativo}}{{{autore}}}'],
    ['an emoji of many characters', '👩‍👩‍👧‍👦 🇮🇹 👍🏽', '👩‍👩‍👧‍👦 🇮🇹 👍🏽'],
    ['half a character', 'a\ud83d b\udc4d c', 'a b c'],
    ['NUL', 'a\u0000b', 'ab'],
    ['control characters', 'a\u0007\u001b[31mb\u007f\u0085', 'a[31mb'],
    ['characters that SQS refuses', 'a\ufffeb\uffffc', 'a\ufffeb\uffffc'],
    ['text from right to left', 'שלום', 'שלום'],
    ['what turns the text around, which Telegram deletes', 'a\u202eb', 'ab'],
    ['line ends of Windows', 'a\r\nb\rc', 'a b c'],
    ['blanks around it', '  a  ', 'a'],
    ['a dollar sign', "$& $1 $' $$", "$&amp; $1 $' $$"],
  ])('with %s', async (_what, subject, expected) => {
    const text = await textOf('message-sent', withSubject(subject));
    // A template's apostrophes may be escaped or not: Telegram reads both alike.
    expect(text.replaceAll('&#39;', "'")).toContain(`Oggetto: <b>${expected}</b>`);
    expect(text.isWellFormed()).toBe(true);
  });

  test.each([
    '2026-11-25T22:30Z',
    '2026-11-25T23:30+01',
    '2026-11-25T23:30+0100',
    '2026-11-25T23:30:00+01:00',
  ])('that is the time %s reads as the clock of the shop shows it', async (date) => {
    const text = await textOf('activity-viewed', changed(payload('activity-viewed'), '/activity/date', date));
    expect(text).toContain('25 novembre 2026 alle ore 23:30');
  });

  test.each(['', '   ', '\u0000'])('that is %j takes its line away', async (subject) => {
    expect(await textOf('message-sent', withSubject(subject))).not.toContain('Oggetto');
  });

  test('named like something that every object has is only a text', async () => {
    const names = { firstName: '__proto__', lastName: 'constructor' };
    const body = payload('message-sent', { recipients: [{ id: 'anna', ...names }] });
    await app.setTemplates(template('message-sent', 'x'));
    expect(await textOf('message-sent', body)).toBe('x: __proto__ constructor');
  });
});

describe('numbers', () => {
  const order = (itemCount: number, amount: string, currency = 'EUR') => {
    const body = changed(payload('order-status'), '/order/itemCount', itemCount);
    return changed(body, '/order/total', { amount, currency });
  };

  test.each([
    [0, '0', 'Articoli: 0\nTotale: <b>0,00\u00a0€</b>'],
    [1, '0.1', 'Articoli: 1\nTotale: <b>0,10\u00a0€</b>'],
    [
      9007199254740991,
      '999999999999999.99',
      'Articoli: 9.007.199.254.740.991\nTotale: <b>999.999.999.999.999,99\u00a0€</b>',
    ],
    [2, '-12', 'Articoli: 2\nTotale: <b>-12,00\u00a0€</b>'],
    [2, '0012.50', 'Articoli: 2\nTotale: <b>12,50\u00a0€</b>'],
  ])('%s items, %s euros', async (itemCount, amount, expected) => {
    expect(await textOf('order-status', order(itemCount, amount))).toContain(expected);
  });

  test.each([
    ['1999.50', 'HUF', '1.999,50\u00a0HUF'],
    ['1999.50', 'ALL', '1.999,50\u00a0ALL'],
    ['-0.001', 'EUR', '-0,001\u00a0€'],
    ['-0.00', 'EUR', '0,00\u00a0€'],
  ])('%s %s has the digits that were sent', async (amount, currency, expected) => {
    expect(await textOf('order-status', order(1, amount, currency))).toContain(`Totale: <b>${expected}</b>`);
  });

  test('a currency that nobody knows is written as it is', async () => {
    expect(await textOf('order-status', order(1, '5.00', 'XYZ'))).toContain('Totale: <b>5,00\u00a0XYZ</b>');
  });
});

describe('long texts', () => {
  test.each([
    ['letters', 'a'.repeat(200_000)],
    ['emoji', '👩‍👩‍👧‍👦'.repeat(10_000)],
    ['brackets, which are escaped', '<'.repeat(100_000)],
    ['line feeds', 'a\n'.repeat(60_000)],
  ])('of %s are shortened to what Telegram takes', async (_what, long) => {
    await app.setTemplates(...templatesWithMessageText());
    const text = await textOf('message-sent', changed(payload('message-sent'), '/message/text', long));

    expect(htmlLength(text)).toBeLessThanOrEqual(4096);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(32_768);
    expect(text.isWellFormed()).toBe(true);
    expect(text).toContain('…</blockquote>');
    expect(text).toMatch(/Per rispondere, accedi alla tua area riservata su https:\/\/shop\.example\.$/);
  });

  test('values that are allowed to be longest', async () => {
    const wide = (length: number) => '漢'.repeat(length);
    const body = payload('activity-status', {
      activity: { id: wide(128), subject: wide(10_000), date: '2026-11-22' },
      oldStatus: wide(256),
      newStatus: wide(256),
      changedBy: { id: wide(128), firstName: wide(256), lastName: wide(256), companyName: wide(256) },
    });
    const text = await textOf('activity-status', body);
    expect(htmlLength(text)).toBeLessThanOrEqual(4096);
    expect(text).toContain(`<i>${wide(256)}</i> → <b>${wide(256)}</b>`);
  });
});

describe('ids', () => {
  test.each([
    ['of 128 characters of three bytes', '漢'.repeat(128)],
    ['with blanks, slashes and hashes', ' a/b#c ~1 '],
    ['with line feeds and NUL', 'a\nb\u0000c'],
    ['beyond the first plane', '👍'],
    ['like a property of every object', '__proto__'],
    ['like another of them', 'constructor'],
  ])('%s are those of a person of their own', async (_what, id) => {
    await app.setUser(id);
    const answer = await app.report(
      'message-sent',
      payload('message-sent', { eventId: id, recipients: [{ id }] }),
    );

    expect(answer.status).toBe(202);
    expect(answer.json).toMatchObject({ eventId: id, notifications: [{ userId: id, status: 'queued' }] });
    expect(await app.takeQueued()).toMatchObject([{ userId: id, eventId: id }]);
  });
});
