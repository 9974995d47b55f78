/** Errors of the message or of its chat id, and how the message is changed before it is sent again. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { GROUP, SUPERGROUP } from '../support/fixtures.ts';
import { notification, record } from '../support/sqs-events.ts';

let app: App;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator', forDeliveries: true });
});
afterAll(() => app.close());
beforeEach(() => app.reset());
/** What all tests of this file have recorded. */
let recorded = '';
afterEach(async () => {
  recorded += JSON.stringify(await app.stack.allDeliveries());
});

const button = { text: 'Vedi ordine', url: 'https://shop.example/ordini/1' };
const sentTexts = async () => (await app.telegram.calls()).map(({ params }) => params.text);

describe('a group that became a supergroup', () => {
  const UPGRADED = 'Bad Request: group chat was upgraded to a supergroup chat';
  const parameters = { migrate_to_chat_id: SUPERGROUP };

  test('the new id is saved and the message sent there', async () => {
    await app.telegram.refuse(400, UPGRADED, { chatId: GROUP, parameters });
    const message = notification({ userId: 'gruppo', text: 'Ciao' });

    expect(await app.deliver([record(message)])).toEqual([]);

    expect(await app.telegram.textsIn(SUPERGROUP)).toEqual(['Ciao']);
    expect(await app.findDelivery(message)).toMatchObject({ status: 'sent', chatId: SUPERGROUP });
    expect(await app.stack.findUser('demo', 'gruppo')).toMatchObject({
      chatId: SUPERGROUP,
      siteChat: `demo#${SUPERGROUP}`,
    });
  });

  test('a new group that can’t be reached either marks the user', async () => {
    await app.telegram.refuse(400, UPGRADED, { chatId: GROUP, parameters });
    await app.telegram.refuse(403, 'Forbidden: bot is not a member of the supergroup chat', {
      chatId: SUPERGROUP,
    });

    await app.deliver([record(notification({ userId: 'gruppo' }))]);

    expect(await app.stack.findUser('demo', 'gruppo')).toMatchObject({
      chatId: SUPERGROUP,
      unreachable: { reason: 'Forbidden: bot is not a member of the supergroup chat' },
    });
  });

  test('the user’s next message goes straight to the new id', async () => {
    await app.telegram.refuse(400, UPGRADED, { chatId: GROUP, parameters });
    const [first, second] = [notification({ userId: 'gruppo' }), notification({ userId: 'gruppo' })];

    await app.deliver([record(first), record(second)]);
    await app.deliver([record(second, 2)]);

    const chats = (await app.telegram.calls()).map(({ params }) => params.chat_id);
    expect(chats.filter((chatId) => chatId === GROUP)).toHaveLength(1);
  });

  test('one that leads to itself ends', async () => {
    await app.telegram.refuse(400, UPGRADED, { chatId: GROUP, parameters: { migrate_to_chat_id: GROUP } });
    const message = notification({ userId: 'gruppo' });

    expect(await app.deliver([record(message)])).toEqual([]);

    expect(await app.findDelivery(message)).toMatchObject({
      status: 'failed',
      failure: { class: 'migrated' },
    });
    expect(await app.telegram.calls()).toHaveLength(1);
  });
});

describe('HTML that Telegram can’t parse is sent once as plain text, and the record says why', () => {
  test.each([
    `Bad Request: can't parse entities: Can't find end tag corresponding to start tag "b"`,
    'Bad Request: ENTITY_BOUNDS_INVALID',
    'Bad Request: entities too long',
  ])('%s', async (description) => {
    await app.telegram.refuse(400, description, { times: 1 });
    const message = notification({ text: '<b>Ordine</b> A &amp; B' });

    expect(await app.deliver([record(message)])).toEqual([]);

    expect(await app.telegram.messagesIn(1001)).toMatchObject([{ text: 'Ordine A & B' }]);
    expect((await app.telegram.messagesIn(1001))[0]?.entities).toBeUndefined();
    expect(await app.findDelivery(message)).toMatchObject({
      status: 'sent',
      messageId: expect.any(Number),
      chatId: 1001,
      failure: { class: 'unparsable', description },
    });
  });

  test('as Telegram behaves of itself', async () => {
    const message = notification({ text: 'Totale: <i>10 <u>euro</i>' });

    await app.deliver([record(message)]);

    expect(await app.telegram.textsIn(1001)).toEqual(['Totale: 10 euro']);
    expect(await app.findDelivery(message)).toMatchObject({
      status: 'sent',
      failure: {
        class: 'unparsable',
        description:
          'Bad Request: can\'t parse entities: Unmatched end tag at byte offset 21, expected "</u>", found "</i>"',
      },
    });
  });

  test('refused as plain text too, it has failed', async () => {
    const description = "Bad Request: can't parse entities: whatever";
    await app.telegram.refuse(400, description);
    const message = notification();

    expect(await app.deliver([record(message)])).toEqual([]);

    expect(await app.findDelivery(message)).toMatchObject({
      status: 'failed',
      failure: { class: 'unparsable', description },
    });
    expect(await app.telegram.calls()).toHaveLength(2);
  });
});

describe('too long: shortened, sent again', () => {
  test.each(['Bad Request: message is too long', 'Bad Request: text is too long'])(
    '%s',
    async (description) => {
      await app.telegram.refuse(400, description, { times: 1 });
      const message = notification({ text: `<b>${'parola '.repeat(100)}</b>` });

      expect(await app.deliver([record(message)])).toEqual([]);

      const [text = ''] = await app.telegram.textsIn(1001);
      expect(text.length).toBeLessThan(600);
      expect(text.length).toBeGreaterThan(300);
      expect(text).toMatch(/^parola .*…$/);
      expect(await app.findDelivery(message)).toMatchObject({
        status: 'sent',
        failure: { class: 'too-long', description },
      });
    },
  );

  test('as Telegram behaves of itself: 4096 UTF-16 units after the entities are parsed', async () => {
    const message = notification({ text: `<i>${'è'.repeat(5_000)}</i>` });

    expect(await app.deliver([record(message)])).toEqual([]);

    const [text = ''] = await app.telegram.textsIn(1001);
    expect(text).toMatch(/^è+…$/);
    expect(text.length).toBeLessThanOrEqual(4096);
    expect(await app.findDelivery(message)).toMatchObject({ status: 'sent', failure: { class: 'too-long' } });
  });

  test('refused however short it gets, it ends', async () => {
    await app.telegram.refuse(400, 'Bad Request: message is too long');
    const message = notification();

    await app.deliver([record(message)]);

    expect(await app.telegram.calls()).toHaveLength(3);
    expect(await app.findDelivery(message)).toMatchObject({
      status: 'failed',
      failure: { class: 'too-long' },
    });
  });
});

describe('empty: dropped, logged', () => {
  test.each(['Bad Request: message text is empty', 'Bad Request: text must be non-empty'])(
    '%s',
    async (description) => {
      await app.telegram.refuse(400, description, { times: 1 });
      const message = notification();

      expect(await app.deliver([record(message)])).toEqual([]);

      expect(await app.telegram.calls()).toHaveLength(1);
      expect(await app.findDelivery(message)).toMatchObject({
        status: 'failed',
        failure: { class: 'refused', description },
      });
    },
  );

  test('as Telegram behaves of itself', async () => {
    const message = notification({ text: '<b> </b>' });

    expect(await app.deliver([record(message)])).toEqual([]);

    expect(await app.findDelivery(message)).toMatchObject({
      status: 'failed',
      failure: { class: 'refused', description: 'Bad Request: text must be non-empty' },
    });
  });
});

describe('a refused button: once more without it, logged', () => {
  test.each([
    'Bad Request: BUTTON_URL_INVALID',
    "Bad Request: inline keyboard button URL 'https://shop.example/ordini/1' is invalid: Wrong HTTP URL",
    'Bad Request: REPLY_MARKUP_INVALID',
    'Bad Request: reply markup is too long',
  ])('%s', async (description) => {
    await app.telegram.refuse(400, description, { times: 1 });
    const message = notification({ text: 'Ciao', button });

    expect(await app.deliver([record(message)])).toEqual([]);

    const shown = await app.telegram.messagesIn(1001);
    expect(shown).toMatchObject([{ text: 'Ciao' }]);
    expect(shown[0]).not.toHaveProperty('reply_markup');
    expect(await app.findDelivery(message)).toMatchObject({
      status: 'sent',
      failure: { class: 'button-refused', description },
    });
  });

  test('a button that is fine is shown', async () => {
    await app.deliver([record(notification({ button }))]);

    expect(await app.telegram.messagesIn(1001)).toMatchObject([
      { reply_markup: { inline_keyboard: [[button]] } },
    ]);
  });

  test('refused without a button too, it has failed', async () => {
    await app.telegram.refuse(400, 'Bad Request: REPLY_MARKUP_INVALID');
    const message = notification({ button });

    await app.deliver([record(message)]);

    expect(await app.telegram.calls()).toHaveLength(2);
    expect(await app.findDelivery(message)).toMatchObject({
      status: 'failed',
      failure: { class: 'button-refused' },
    });
  });
});

test('one thing after the other: without its button, then as plain text', async () => {
  await app.telegram.refuse(400, 'Bad Request: BUTTON_URL_INVALID', { times: 1 });
  const message = notification({ text: '<b>Ciao', button });

  await app.deliver([record(message)]);

  expect(await app.telegram.textsIn(1001)).toEqual(['Ciao']);
  expect(await sentTexts()).toEqual(['<b>Ciao', '<b>Ciao', 'Ciao']);
});

describe('anything else: permanent, logged with its description', () => {
  test.each([
    [400, 'Bad Request: words that Telegram has not used before'],
    [400, 'Bad Request: TOPIC_CLOSED'],
    [402, 'Payment Required'],
    [409, 'Conflict: terminated by other getUpdates request'],
  ])('%d %s', async (code, description) => {
    await app.telegram.refuse(code, description, { times: 1 });
    const message = notification();

    expect(await app.deliver([record(message)])).toEqual([]);

    expect(await app.telegram.calls()).toHaveLength(1);
    expect(await app.findDelivery(message)).toMatchObject({
      status: 'failed',
      attempts: 1,
      failure: { class: 'refused', description },
    });
    expect(await app.findDelivery(message)).not.toHaveProperty('isDead');
  });
});

test('what went well is recorded with Telegram’s message id, and without a failure', async () => {
  const message = notification();

  await app.deliver([record(message)]);

  const [shown] = await app.telegram.messagesIn(1001);
  const { siteId, deliveryId, userId, event, eventId, templateId } = message;
  expect(await app.findDelivery(message)).toEqual({
    ...{ siteId, deliveryId, userId, event, eventId, templateId },
    siteUser: 'demo\nanna',
    status: 'sent',
    messageId: shown?.message_id,
    chatId: 1001,
    attempts: 1,
    recordedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    expiresAt: expect.any(Number),
    // What it said, sealed, so that it can be sent again.
    kept: { day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), sealed: expect.any(Uint8Array) },
  });
});

test('no record holds the text of a message', () => {
  expect(recorded).toContain('"sent"');
  expect(recorded).not.toContain('parola');
});
