import { describe, expect, test } from '@jest/globals';
import { call, control, messagesOf, refused, start } from './emulator-helpers.ts';

const ORDER_BUTTON = { inline_keyboard: [[{ text: 'Apri', url: 'https://shop.example/ordine/1' }]] };

describe('sendMessage', () => {
  test('answers the Message, and the chat shows it', async () => {
    const emulator = await start({ now: () => 1_800_000_000_999 });
    const { status, body } = await call(emulator, 'sendMessage', {
      chat_id: 1001,
      text: 'Ciao <b>Anna</b> &amp; <a href="https://shop.example/x">altro</a>',
      parse_mode: 'HTML',
      link_preview_options: { is_disabled: true },
      reply_markup: ORDER_BUTTON,
    });
    const message = {
      message_id: 1,
      from: { id: 100, is_bot: true, first_name: 'Demo Shop', username: 'demo_shop_bot' },
      chat: { id: 1001, type: 'private', first_name: 'Anna', last_name: 'Rossi', username: 'anna_rossi' },
      date: 1_800_000_000,
      text: 'Ciao Anna & altro',
      entities: [
        { type: 'bold', offset: 5, length: 4 },
        { type: 'text_link', offset: 12, length: 5, url: 'https://shop.example/x' },
      ],
      link_preview_options: { is_disabled: true },
      reply_markup: ORDER_BUTTON,
    };
    expect(status).toBe(200);
    expect(body).toEqual({ ok: true, result: message });
    expect(await messagesOf(emulator, 1001)).toEqual([message]);
  });

  test('a message without a sound looks the same to the bot; the control API says which it is', async () => {
    const emulator = await start();
    await call(emulator, 'sendMessage', { chat_id: 1001, text: 'di giorno' });
    const silent = { chat_id: 1001, text: 'di notte', disable_notification: true };
    const { body } = await call(emulator, 'sendMessage', silent);
    expect(Object.keys(body.result).sort()).toEqual(['chat', 'date', 'from', 'message_id', 'text']);
    expect(await messagesOf(emulator, 1001)).toHaveLength(2);
    const chats = (await control(emulator, 'chats')).body as unknown as {
      chat: { id: number };
      silent: number[];
    }[];
    expect(chats.map(({ chat, silent }) => [chat.id, silent])).toEqual([
      [1001, [2]],
      [1002, []],
      [1003, []],
    ]);
    const calls = (await control(emulator, 'calls')).body as unknown as { params: object }[];
    expect(calls.at(-1)?.params).toEqual(silent);
  });

  test('counts message ids in each chat, and takes ids written as text', async () => {
    const emulator = await start();
    const ids = [];
    for (const chat_id of [1001, '1001', 1002]) {
      ids.push((await call(emulator, 'sendMessage', { chat_id, text: 'x' })).body.result.message_id);
    }
    expect(ids).toEqual([1, 2, 1]);
  });

  test('without parse_mode leaves tags as text, and takes entities', async () => {
    const emulator = await start();
    const plain = await call(emulator, 'sendMessage', { chat_id: 1001, text: '<b>x</b>' });
    expect(plain.body.result.text).toBe('<b>x</b>');
    expect(plain.body.result.entities).toBeUndefined();
    const entities = [{ type: 'italic', offset: 0, length: 2 }];
    const marked = await call(emulator, 'sendMessage', { chat_id: 1001, text: 'ciao', entities });
    expect(marked.body.result.entities).toEqual(entities);
  });

  test.each([
    [{}, 'message text is empty'],
    [{ text: '' }, 'message text is empty'],
    [{ text: ' \n ' }, 'text must be non-empty'],
    [{ text: '<b></b>', parse_mode: 'HTML' }, 'text must be non-empty'],
    [{ text: 'x'.repeat(4097) }, 'message is too long'],
    [{ text: 'è'.repeat(16_385) }, 'text is too long'],
    [{ text: 'x', parse_mode: 'BBCode' }, 'unsupported parse_mode'],
    [
      { text: '<b>x', parse_mode: 'HTML' },
      'can\'t parse entities: Can\'t find end tag corresponding to start tag "b"',
    ],
    [
      { text: 'è <h1>x</h1>', parse_mode: 'html' },
      'can\'t parse entities: Unsupported start tag "h1" at byte offset 3',
    ],
    [{ text: 'x', chat_id: '' }, 'chat_id is empty'],
    [{ text: 'x', chat_id: 424242 }, 'chat not found'],
    [{ text: 'x', chat_id: '@nobody' }, 'chat not found'],
    [
      { text: 'x', entities: [{ type: 'bold', offset: 5, length: 1 }] },
      'entity begins after the end of the text at UTF-16 offset 5',
    ],
    [
      { text: 'x', entities: [{ type: 'bold', offset: 0, length: 9 }] },
      'entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 9',
    ],
    [
      { text: 'x', entities: [{ type: 'loud', offset: 0, length: 1 }] },
      "can't parse MessageEntity: Unsupported type specified",
    ],
    [
      { text: 'x', entities: [{ type: 'text_link', offset: 0, length: 1, url: 'not-a-url' }] },
      "entity URL 'not-a-url' is invalid: Wrong HTTP URL",
    ],
    [
      { text: 'x', entities: [{ type: 'text_link', offset: 0, length: 1, url: '' }] },
      "entity URL '' is invalid: URL host is empty",
    ],
    [{ text: 'x', reply_parameters: { message_id: 99 } }, 'message to be replied not found'],
    [{ text: 'x', reply_markup: '{oops' }, "can't parse reply keyboard markup JSON object"],
  ])('refuses %j', async (parameters, description) => {
    const emulator = await start();
    const answer = await call(emulator, 'sendMessage', { chat_id: 1001, ...parameters });
    expect(answer).toEqual(refused(400, `Bad Request: ${description}`));
    expect(await messagesOf(emulator, 1001)).toEqual([]);
  });

  test('counts 4096 UTF-16 units after the tags are parsed', async () => {
    const emulator = await start();
    const text = `<b>${'x'.repeat(4096)}</b>`;
    const answer = await call(emulator, 'sendMessage', { chat_id: 1001, text, parse_mode: 'HTML' });
    expect(answer.status).toBe(200);
  });

  test.each([
    [
      { text: 'x', url: 'http://localhost/x' },
      "inline keyboard button URL 'http://localhost/x' is invalid: Wrong HTTP URL",
    ],
    [{ text: 'x', url: 'not-a-url' }, "inline keyboard button URL 'not-a-url' is invalid: Wrong HTTP URL"],
    [
      { text: 'x', url: 'ftp://example.com' },
      "inline keyboard button URL 'ftp://example.com' is invalid: Unsupported URL protocol",
    ],
    [{ text: 'x', url: 'help@shop.example' }, 'BUTTON_URL_INVALID'],
    [{ text: 'x', callback_data: 'è'.repeat(33) }, 'BUTTON_DATA_INVALID'],
    [
      { text: 'x', callback_data: '' },
      "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ],
    [{ text: ' ', callback_data: 'a' }, 'inline keyboard button text must be non-empty'],
    [
      { text: 'x', callback_data: 'a', style: 'warning' },
      "can't parse inline keyboard button: invalid button style specified",
    ],
    [
      { text: 'x', callback_data: 'a', style: 1 },
      'can\'t parse inline keyboard button: Field "style" must be of type String',
    ],
    [{ text: 'x', copy_text: { text: '' } }, 'BUTTON_COPY_TEXT_INVALID'],
    [{ text: 'x', copy_text: { text: 'x'.repeat(257) } }, 'BUTTON_COPY_TEXT_INVALID'],
    [{ text: 'x', copy_text: {} }, 'can\'t parse inline keyboard button: Can\'t find field "text"'],
    [
      { text: 'x', copy_text: 'TRK1' },
      'can\'t parse inline keyboard button: Field "copy_text" must be of type Object',
    ],
  ])('refuses the button %j', async (button, description) => {
    const emulator = await start();
    const reply_markup = { inline_keyboard: [[button]] };
    const answer = await call(emulator, 'sendMessage', { chat_id: 1001, text: 'x', reply_markup });
    expect(answer).toEqual(refused(400, `Bad Request: ${description}`));
  });

  test('shows the style of a button, and the text that one copies', async () => {
    const emulator = await start();
    const inline_keyboard = [
      [{ text: 'Apri', url: 'https://shop.example/1', style: 'success' }],
      [{ text: 'Copia', copy_text: { text: 'x'.repeat(256) } }],
      [{ text: 'No', callback_data: 'no', style: 'danger' }],
    ];
    await call(emulator, 'sendMessage', { chat_id: 1001, text: 'x', reply_markup: { inline_keyboard } });
    expect(await messagesOf(emulator, 1001)).toMatchObject([{ reply_markup: { inline_keyboard } }]);
  });

  test('takes 64 bytes of callback data, and the keyboard as JSON text', async () => {
    const emulator = await start();
    const keyboard = { inline_keyboard: [[{ text: 'x', callback_data: 'a'.repeat(64) }]] };
    const reply_markup = JSON.stringify(keyboard);
    const { body } = await call(emulator, 'sendMessage', { chat_id: 1001, text: 'x', reply_markup });
    expect(body.result.reply_markup).toEqual(keyboard);
  });

  test('is refused by a blocked chat, until it is unblocked', async () => {
    const emulator = await start();
    await control(emulator, 'chats/1001/block', {});
    const blocked = await call(emulator, 'sendMessage', { chat_id: 1001, text: 'x' });
    expect(blocked).toEqual(refused(403, 'Forbidden: bot was blocked by the user'));
    await control(emulator, 'chats/1001/unblock', {});
    expect((await call(emulator, 'sendMessage', { chat_id: 1001, text: 'x' })).status).toBe(200);
  });

  test('is refused to a person who never started this bot, and to bots', async () => {
    const emulator = await start();
    const known = await call(emulator, 'sendMessage', { chat_id: 1001, text: 'x' }, '200:nuovo');
    expect(known).toEqual(refused(403, "Forbidden: bot can't initiate conversation with a user"));
    const unknown = await call(emulator, 'sendMessage', { chat_id: 5, text: 'x' }, '200:nuovo');
    expect(unknown).toEqual(refused(400, 'Bad Request: chat not found'));
    const bot = await call(emulator, 'sendMessage', { chat_id: 200, text: 'x' });
    expect(bot).toEqual(refused(403, "Forbidden: bot can't send messages to bots"));
  });
});

describe('rich messages', () => {
  const paragraph = { type: 'paragraph', text: 'Ciao' };
  const send = async (rich_message: unknown) =>
    call(await start(), 'sendRichMessage', { chat_id: 1001, rich_message });

  test('are answered, and shown, as blocks, without a text', async () => {
    const emulator = await start();
    const photo = { type: 'photo', media: 'https://shop.example/1.jpg' };
    const rich_message = { blocks: [paragraph, { type: 'photo', photo }] };
    const { body } = await call(emulator, 'sendRichMessage', { chat_id: 1001, rich_message });
    expect(body.result).not.toHaveProperty('text');
    expect(await messagesOf(emulator, 1001)).toEqual([
      expect.objectContaining({
        message_id: 1,
        rich_message: {
          blocks: [
            paragraph,
            { type: 'photo', photo: [expect.objectContaining({ file_id: 'https://shop.example/1.jpg' })] },
          ],
        },
      }),
    ]);
  });

  test('can be changed into one another, and into a text', async () => {
    const emulator = await start();
    await call(emulator, 'sendMessage', { chat_id: 1001, text: 'x' });
    const edit = (content: object) =>
      call(emulator, 'editMessageText', { chat_id: 1001, message_id: 1, ...content });
    const rich_message = { blocks: [paragraph] };
    expect((await edit({ rich_message })).body.result).toMatchObject({ rich_message });
    expect((await edit({ rich_message })).body.description).toMatch(/message is not modified/);
    const { body } = await edit({ text: 'y' });
    expect(body.result).toMatchObject({ text: 'y' });
    expect(body.result).not.toHaveProperty('rich_message');
  });

  // "Rich Message Limits"
  test.each([
    ['nothing', { blocks: [] }],
    ['too many characters', { blocks: [{ type: 'paragraph', text: 'x'.repeat(32_769) }] }],
    ['too many blocks', { blocks: Array.from({ length: 501 }, () => paragraph) }],
    [
      'too many columns',
      { blocks: [{ type: 'table', cells: [Array.from({ length: 21 }, () => ({ text: 'x' }))] }] },
    ],
    ['a picture without an address', { blocks: [{ type: 'photo', photo: { type: 'photo', media: 'x' } }] }],
  ])('with %s are refused', async (_, rich) => {
    expect((await send(rich)).status).toBe(400);
  });
});

describe('editing and deleting', () => {
  test('editMessageText puts the new text in place of the old', async () => {
    const emulator = await start();
    await call(emulator, 'sendMessage', { chat_id: 1001, text: 'prima', reply_markup: ORDER_BUTTON });
    const edit = { chat_id: 1001, message_id: 1, text: '<i>dopo</i>', parse_mode: 'HTML' };
    const { body } = await call(emulator, 'editMessageText', edit);
    expect(body.result.text).toBe('dopo');
    expect(body.result.edit_date).toBeGreaterThanOrEqual(body.result.date);
    const [message, ...others] = await messagesOf(emulator, 1001);
    expect(others).toEqual([]);
    expect(message?.entities).toEqual([{ type: 'italic', offset: 0, length: 4 }]);
    expect(message?.reply_markup).toBeUndefined();
  });

  test('an edit that changes nothing is refused', async () => {
    const emulator = await start();
    await call(emulator, 'sendMessage', { chat_id: 1001, text: 'uguale' });
    const answer = await call(emulator, 'editMessageText', { chat_id: 1001, message_id: 1, text: 'uguale' });
    const description =
      'Bad Request: message is not modified: specified new message content and reply markup are exactly ' +
      'the same as a current content and reply markup of the message';
    expect(answer).toEqual(refused(400, description));
  });

  test('editMessageReplyMarkup changes the buttons alone', async () => {
    const emulator = await start();
    await call(emulator, 'sendMessage', { chat_id: 1001, text: 'x', reply_markup: ORDER_BUTTON });
    const reply_markup = { inline_keyboard: [[{ text: 'Fatto', callback_data: 'done' }]] };
    const edit = { chat_id: 1001, message_id: 1, reply_markup };
    const { body } = await call(emulator, 'editMessageReplyMarkup', edit);
    expect(body.result).toMatchObject({ text: 'x', reply_markup });
    const again = await call(emulator, 'editMessageReplyMarkup', edit);
    expect(again.body.description).toMatch(/^Bad Request: message is not modified/);
  });

  test("what is not there, or not the bot's, can't be edited", async () => {
    const emulator = await start();
    const missing = await call(emulator, 'editMessageText', { chat_id: 1001, message_id: 7, text: 'x' });
    expect(missing).toEqual(refused(400, 'Bad Request: message to edit not found'));
    await control(emulator, 'chats/1001/send', { text: 'ciao' });
    const foreign = await call(emulator, 'editMessageText', { chat_id: 1001, message_id: 1, text: 'x' });
    expect(foreign).toEqual(refused(400, "Bad Request: message can't be edited"));
  });

  test('deleteMessage takes a message away, once', async () => {
    const emulator = await start();
    await call(emulator, 'sendMessage', { chat_id: 1001, text: 'x' });
    const deletion = { chat_id: 1001, message_id: 1 };
    expect((await call(emulator, 'deleteMessage', deletion)).body).toEqual({ ok: true, result: true });
    expect(await messagesOf(emulator, 1001)).toEqual([]);
    const again = await call(emulator, 'deleteMessage', deletion);
    expect(again).toEqual(refused(400, 'Bad Request: message to delete not found'));
    const unnamed = await call(emulator, 'deleteMessage', { chat_id: 1001 });
    expect(unnamed).toEqual(refused(400, 'Bad Request: message identifier is not specified'));
  });

  test('after 48 hours a message can be edited, but stays', async () => {
    let now = 1_800_000_000_000;
    const emulator = await start({ now: () => now });
    await call(emulator, 'sendMessage', { chat_id: 1001, text: 'x' });
    now += 48 * 3_600_000;
    const place = { chat_id: 1001, message_id: 1 };
    expect((await call(emulator, 'editMessageText', { ...place, text: 'y' })).status).toBe(200);
    now += 1_000;
    expect(await call(emulator, 'deleteMessage', place)).toEqual(
      refused(400, "Bad Request: message can't be deleted for everyone"),
    );
    expect((await call(emulator, 'editMessageText', { ...place, text: 'z' })).status).toBe(200);
  });
});

describe('other methods of a chat', () => {
  test('sendChatAction and getChat', async () => {
    const emulator = await start();
    const typing = await call(emulator, 'sendChatAction', { chat_id: 1001, action: 'typing' });
    expect(typing.body).toEqual({ ok: true, result: true });
    const wrong = await call(emulator, 'sendChatAction', { chat_id: 1001, action: 'dancing' });
    expect(wrong).toEqual(refused(400, 'Bad Request: wrong parameter action in request'));
    const chat = await call(emulator, 'getChat', { chat_id: 1002 });
    expect(chat.body.result).toMatchObject({
      id: 1002,
      type: 'private',
      first_name: 'Bruno',
      last_name: 'Bianchi',
    });
  });
});
