/** Values that look like addresses, commands or mentions, in every event: Telegram makes nothing of them. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { normalizeText, parseHtml } from '../../lib/telegram/html/index.ts';
import { findEntities } from '../../local/emulator/find-entities.ts';
import { type App, startApp } from '../support/app.ts';
import { template } from '../support/fixtures.ts';
import { EVENTS, type EventKind, type Fields, payload } from '../support/payloads.ts';

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

const VALUES = [
  ...['listino.zip', 'n.ro 5', 'pag.to', 'Bianchi.srl', 'c.so Roma', 'vedi /stop', '@nome', '@nome_cognome'],
  ...['#offerta', '$EUR', '127.0.0.1', 'tg://resolve?domain=x'],
];

/** The words of an event that a customer reads: the others name something, or are of a form that is checked. */
const WORDS = [
  'subject',
  'text',
  'name',
  'firstName',
  'lastName',
  'companyName',
  'reference',
  'oldStatus',
  'newStatus',
];

function withWords(value: unknown, word: string, name = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => withWords(one, word));
  if (typeof value !== 'object' || value === null) return WORDS.includes(name) ? word : value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withWords(one, word, key)]));
}

async function textOf(event: EventKind, body: Fields, language: string): Promise<string> {
  const answer = await app.report(event, {
    ...body,
    eventId: `links-${++count}`,
    ...(event === 'order-status' && { language }),
  });
  expect(answer.status).toBe(202);
  const [queued] = await app.takeQueued();
  return normalizeText(parseHtml(queued?.text ?? '')).text;
}

function foundIn(text: string): string[] {
  return findEntities(text)
    .map(({ offset, length }) => text.slice(offset, offset + length))
    .filter((found) => found !== 'https://shop.example');
}

test.each(EVENTS)('%s: nothing is found that nobody wrote', async (event) => {
  for (const [index, word] of VALUES.entries()) {
    const body = withWords(payload(event), word) as Fields;
    const text = await textOf(event, body, index % 2 === 0 ? 'it' : 'en');
    expect(text.replaceAll('\u2060', '')).toContain(word);
    expect([word, foundIn(text)]).toEqual([word, []]);
  }
});

test('an address that the shop wrote into a message stays a link', async () => {
  const address = 'https://shop.example/listino.zip?q=1';
  const body = withWords(payload('message-sent'), `Vedi ${address}.`) as Fields;
  expect(foundIn(await textOf('message-sent', body, 'it'))).toContain(address);
});

test('a value in a link of a template is percent-encoded', async () => {
  const text = { it: '<a href="https://shop.example/cerca?q={{siglaDocumento}}&p=1">Ordine</a>' };
  await app.setTemplates(template('order-status', 'link', { statuses: ['Evaso'], text }));
  await app.report('order-status', { ...payload('order-status'), eventId: `links-${++count}` });
  const [queued] = await app.takeQueued();
  expect(queued?.text).toBe('<a href="https://shop.example/cerca?q=OC%202026%2F0412&p=1">Ordine</a>');
});
