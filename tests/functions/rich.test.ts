/** The articles of an order as a table with pictures (docs/templates.md, "Articles as a table"). */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Template } from '../../lib/domain/templates.ts';
import { type App, startApp } from '../support/app.ts';
import { ANNA } from '../support/fixtures.ts';
import { endLater, later } from '../support/later.ts';
import { cardTemplate } from '../support/order-cards.ts';
import { payload } from '../support/payloads.ts';
import { record } from '../support/sqs-events.ts';

let app: App;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator' });
});
afterAll(() => app.close());
afterEach(endLater);

const text = {
  it: '<b>{{statoDocumento}}</b>{{#elencoArticoli}}\nArticoli:\n{{elencoArticoli}}{{/elencoArticoli}}',
  en: '{{statoDocumento}}',
};
const wanted = (changes: Partial<Template> = {}) =>
  app.setTemplates(cardTemplate('order', ['Evaso', 'Bollato'], undefined, { rich: true, text, ...changes }));
beforeEach(async () => {
  await app.reset();
  await wanted();
});

const lines = [
  {
    name: 'Tenda',
    quantity: 1,
    total: { amount: '119.90', currency: 'EUR' },
    imageUrl: 'https://shop.example/tenda.jpg',
  },
  { name: 'Staffa', quantity: 2.5 },
];
let count = 0;
async function send(changes: object = {}) {
  const { order, ...event } = payload('order-status', { eventId: `rich-${++count}`, language: 'it' });
  const body = { ...event, order: { ...(order as object), lines, ...changes } };
  expect((await app.report('order-status', body)).status).toBe(202);
  const [message, ...others] = await app.takeQueued();
  if (!message || others.length > 0) throw new Error('Not one message was queued.');
  expect(await app.deliver([record(message)])).toEqual([]);
  later(60_000);
  return message;
}

const cell = (of: unknown, align: string) => ({ text: of, align, valign: 'top' });
const bold = (of: string) => ({ type: 'bold', text: of });
const RICH = {
  blocks: [
    { type: 'paragraph', text: bold('Evaso') },
    { type: 'photo', photo: [expect.objectContaining({ file_id: 'https://shop.example/tenda.jpg' })] },
    {
      type: 'table',
      is_striped: true,
      cells: [
        [cell('1 × Tenda', 'left'), cell('119,90\u00a0€', 'right')],
        [cell('2,5 × Staffa', 'left'), cell('', 'right')],
        [cell(bold('Totale'), 'left'), cell(bold('149,90\u00a0€'), 'right')],
      ],
    },
  ],
};
const CLASSIC = 'Evaso\nArticoli:\n• 1 × Tenda: 119,90\u00a0€\n• 2,5 × Staffa';

const methods = async () => (await app.telegram.calls()).map(({ method }) => method);

describe('an order with articles', () => {
  test('has them in a table instead of the text', async () => {
    await send();
    const { rich_message: rich, text: plain } = await app.telegram.lastIn(ANNA);
    expect([rich, plain]).toEqual([RICH, undefined]);
  });

  test('has the buttons of any other message', async () => {
    await wanted({ button: { it: 'Vedi', en: 'View' } });
    await send();
    expect((await app.telegram.lastIn(ANNA)).reply_markup?.inline_keyboard).toMatchObject([
      [{ text: 'Vedi' }],
    ]);
  });

  test.each([
    ['no articles', {}, { lines: undefined }],
    ['a template that does not want it', { rich: false }, {}],
  ])('is a classic message with %s', async (_, changes, order) => {
    await wanted(changes);
    await send(order);
    expect(await methods()).toEqual(['sendMessage']);
  });

  test('names as many as people want to read', async () => {
    const many = Array.from({ length: 100 }, (_, index) => ({ name: `Articolo ${index}`, quantity: 1 }));
    await send({ lines: many });
    const blocks = (await app.telegram.lastIn(ANNA)).rich_message?.blocks;
    const table = blocks?.at(-1) as { cells: { text: unknown }[][] };
    expect(table.cells).toHaveLength(32);
    expect(table.cells[30]?.[0]?.text).toBe('e altri 70 articoli');
  });
});

describe('where Telegram does not take it', () => {
  test.each([
    [404, 'Not Found'],
    [400, 'Bad Request: failed to get HTTP URL content'],
    [400, 'Bad Request: RICH_MESSAGE_INVALID'],
    [400, 'Bad Request: not enough rights to send photos to the chat'],
    [400, 'Bad Request: message is too long'],
  ])('%d %s: the classic message at once', async (status, description) => {
    await app.telegram.refuse(status, description, { method: 'sendRichMessage', times: 1 });
    const message = await send();
    expect((await app.telegram.lastIn(ANNA)).text).toBe(CLASSIC);
    expect(await app.findDelivery(message)).toMatchObject({ status: 'sent' });
    expect((await app.findUser('anna'))?.unreachable).toBeUndefined();
    expect((await app.storedSite()).bot?.problem).toBeUndefined();
  });

  test('what any message would be told is told of it', async () => {
    await app.telegram.block(ANNA);
    const message = await send();
    expect(await app.findDelivery(message)).toMatchObject({ failure: { class: 'unreachable' } });
    expect(await methods()).toEqual(['sendRichMessage']);
  });

  test('a 429 waits, and is rich then', async () => {
    const parameters = { retry_after: 3 };
    await app.telegram.refuse(429, 'Too Many Requests', { method: 'sendRichMessage', times: 1, parameters });
    await send();
    await app.drain();
    expect((await app.telegram.lastIn(ANNA)).rich_message).toEqual(RICH);
  });
});

describe('together with one message for an order', () => {
  beforeEach(() => wanted({ card: {} }));

  test('that message is changed, with its table', async () => {
    await send({ status: 'Bollato' });
    const { message_id } = await app.telegram.lastIn(ANNA);
    const message = await send();
    expect(await app.telegram.messagesIn(ANNA)).toMatchObject([{ message_id, rich_message: RICH }]);
    expect(await app.findDelivery(message)).toMatchObject({ status: 'sent', edited: true });
  });

  test('where the table is refused, it is changed into the classic one', async () => {
    await send({ status: 'Bollato' });
    const { message_id } = await app.telegram.lastIn(ANNA);
    const refusal = { method: 'editMessageText', times: 1 };
    await app.telegram.refuse(400, 'Bad Request: failed to get HTTP URL content', refusal);
    await send();
    expect(await app.telegram.messagesIn(ANNA)).toMatchObject([{ message_id, text: CLASSIC }]);
  });

  test('where it can’t be changed, a new rich one is sent', async () => {
    await send({ status: 'Bollato' });
    const { message_id } = await app.telegram.lastIn(ANNA);
    await app.telegram.asBot('100:demo', 'deleteMessage', { chat_id: ANNA, message_id });
    await send();
    expect(await app.telegram.messagesIn(ANNA)).toMatchObject([{ rich_message: RICH }]);
  });
});

test('sent once more, it is rich again', async () => {
  const { deliveryId } = await send();
  later(3_600_000);
  expect((await app.call('POST', `/v1/sites/demo/deliveries/${deliveryId}/resend`)).status).toBe(202);
  for (const message of await app.takeQueued()) await app.deliver([record(message)]);
  expect((await app.telegram.messagesIn(ANNA)).map((each) => each.rich_message)).toEqual([RICH, RICH]);
});

test('after the shop has moved, its pictures are on its new host', async () => {
  await app.setSite({
    templates: app.site.templates,
    url: 'https://nuovo.example',
    formerUrls: [{ url: 'https://shop.example', until: '2099-01-01T00:00:00.000Z' }],
  });
  await send();
  expect(JSON.stringify(await app.telegram.lastIn(ANNA))).toContain('https://nuovo.example/tenda.jpg');
});

test('a test of the template shows the table too', async () => {
  const test = await app.call('POST', '/v1/sites/demo/templates/order/test', { body: { userId: 'anna' } });
  expect(test.status).toBe(202);
  for (const message of await app.takeQueued()) await app.deliver([record(message)]);
  const blocks = (await app.telegram.lastIn(ANNA)).rich_message?.blocks ?? [];
  expect(blocks.map(({ type }) => type)).toEqual(['paragraph', 'paragraph', 'table']);
});

describe('a template', () => {
  const templates = '/v1/sites/demo/templates';
  const { id: _id, ...draft } = cardTemplate('order', ['Evaso']);

  test('says whether it wants a table', async () => {
    const { json } = await app.call('POST', templates, { body: { ...draft, id: 'x', rich: true } });
    expect(json.rich).toBe(true);
    const patch = (body: object) => app.call('PATCH', `${templates}/x`, { body });
    expect((await patch({ name: 'y' })).json.rich).toBe(true);
    expect((await patch({ rich: false })).json).not.toHaveProperty('rich');
  });

  test('for anything but an order is refused', async () => {
    const { statuses: _statuses, ...other } = draft;
    const body = { ...other, event: 'message-sent', rich: true, text: { it: 'x', en: 'x' } };
    const { status, json } = await app.call('POST', templates, { body });
    expect([status, json.errors[0].pointer]).toEqual([400, '/rich']);
  });
});
