/** What the bot does for each kind of update, and which fields of it have to be there. No update leaves the machine. */
import { describe, expect, test } from '@jest/globals';
import { updateBody } from '../../lib/telegram/update-schema.ts';
import { dispatchUpdate, type UpdateHandlers } from '../../lib/telegram/updates.ts';

const BOT = { token: '100:demo', id: '100', username: 'demo_shop_bot' };
const ZOE = { id: 4001, is_bot: false, first_name: 'Zoe' };
const PRIVATE = { id: 4001, type: 'private', first_name: 'Zoe' };
const GROUP = { id: -5001, type: 'group', title: 'Gruppo' };
const zoe = { id: 4001, firstName: 'Zoe' };

type Call = [name: keyof UpdateHandlers, ...given: unknown[]];

/** The handlers that an update calls, with what they are given. */
async function callsFor(content: object): Promise<Call[]> {
  const calls: Call[] = [];
  const noted =
    (name: keyof UpdateHandlers) =>
    async (...given: unknown[]) => {
      calls.push([name, ...given]);
    };
  // As it comes, without what is undefined here.
  const update = JSON.parse(JSON.stringify({ update_id: 1, ...content }));
  await dispatchUpdate(BOT, updateBody.parse(update), {
    command: noted('command'),
    message: noted('message'),
    present: noted('present'),
    callbackQuery: noted('callbackQuery'),
    strayCallbackQuery: noted('strayCallbackQuery'),
    blocked: noted('blocked'),
    returned: noted('returned'),
    elsewhere: noted('elsewhere'),
  });
  return calls;
}

const message = (text: string, changes: object = {}) => {
  const [command] = text.match(/^\/[\w@]+/) ?? [];
  return {
    message: {
      ...{ message_id: 7, date: 1_795_341_600, chat: PRIVATE, from: ZOE, text },
      ...(command && { entities: [{ type: 'bot_command', offset: 0, length: command.length }] }),
      ...changes,
    },
  };
};

describe('a command', () => {
  test.each([
    ['/start', 'start', ''],
    ['/start abc_DEF-1', 'start', 'abc_DEF-1'],
    ['/STOP', 'stop', ''],
    ['/start@demo_shop_bot  abc ', 'start', 'abc'],
    ['/impostazioni', 'impostazioni', ''],
  ])('%j', async (text, name, payload) => {
    await expect(callsFor(message(text))).resolves.toEqual([['command', name, payload, zoe]]);
  });

  test('for another bot is none of ours', async () => {
    await expect(callsFor(message('/start@other_bot', { chat: GROUP }))).resolves.toEqual([]);
  });

  test('in a group is answered there, whatever it says', async () => {
    await expect(callsFor(message('/start abc', { chat: GROUP }))).resolves.toEqual([['elsewhere', -5001]]);
  });

  test('without a person there is nobody but the chat', async () => {
    await expect(callsFor(message('/start', { from: undefined }))).resolves.toEqual([
      ['command', 'start', '', { id: 4001 }],
    ]);
  });
});

describe('a message', () => {
  test('in a private chat', async () => {
    await expect(callsFor(message('Ciao'))).resolves.toEqual([['message', 'Ciao', zoe]]);
    await expect(callsFor(message('', { text: undefined, sticker: {} }))).resolves.toEqual([
      ['message', '', zoe],
    ]);
  });

  test('in a group is not for the bot', async () => {
    await expect(callsFor(message('Ciao', { chat: GROUP }))).resolves.toEqual([]);
  });

  test('with all that Telegram tells of a person', async () => {
    const from = { ...ZOE, last_name: 'Neri', username: 'zoe_neri', language_code: 'it' };
    await expect(callsFor(message('Ciao', { from }))).resolves.toEqual([
      ['message', 'Ciao', { ...zoe, lastName: 'Neri', username: 'zoe_neri', languageCode: 'it' }],
    ]);
  });

  test('empty names are none', async () => {
    const from = { ...ZOE, first_name: '', last_name: '', username: '', language_code: '' };
    await expect(callsFor(message('Ciao', { from }))).resolves.toEqual([['message', 'Ciao', { id: 4001 }]]);
  });

  // https://core.telegram.org/bots/api#message
  test.each([
    ...[
      'rich_message',
      'photo',
      'live_photo',
      'video',
      'video_note',
      'voice',
      'audio',
      'document',
      'animation',
    ],
    ...[
      'sticker',
      'story',
      'paid_media',
      'contact',
      'location',
      'venue',
      'poll',
      'checklist',
      'dice',
      'game',
    ],
  ])('that is a %s is the person’s own content', async (field) => {
    await expect(callsFor(message('', { text: undefined, [field]: {} }))).resolves.toEqual([
      ['message', '', zoe],
    ]);
  });

  // Messages that nobody has written: of those that are listed there, and of one that is not invented yet.
  test.each([
    ...['connected_website', 'write_access_allowed', 'web_app_data', 'users_shared', 'chat_shared'],
    ...['pinned_message', 'message_auto_delete_timer_changed', 'chat_background_set', 'boost_added'],
    ...[
      'successful_payment',
      'refunded_payment',
      'gift',
      'unique_gift',
      'gift_upgrade_sent',
      'passport_data',
    ],
    ...['forum_topic_created', 'checklist_tasks_done', 'checklist_tasks_added', 'poll_option_added'],
    ...['proximity_alert_triggered', 'video_chat_started', 'giveaway_created', 'managed_bot_created'],
    'something_not_invented_yet',
  ])('of the service, %s, only shows that the person is there', async (field) => {
    await expect(callsFor(message('', { text: undefined, [field]: {} }))).resolves.toEqual([
      ['present', zoe],
    ]);
  });

  test('of the service that the bot itself has caused shows nothing', async () => {
    const from = { id: 100, is_bot: true, first_name: 'Demo Shop', username: 'demo_shop_bot' };
    await expect(callsFor(message('', { text: undefined, pinned_message: {}, from }))).resolves.toEqual([]);
  });

  test('of the service in a group is not for the bot', async () => {
    const changes = { text: undefined, connected_website: 'shop.example', chat: GROUP };
    await expect(callsFor(message('', changes))).resolves.toEqual([]);
  });

  test.each(['Ciao', '/stop', 'stop', '/start'])(
    'that was edited, %s, only shows that the person is there',
    async (text) => {
      const { message: edited_message } = message(text, { edit_date: 1_795_341_700 });
      await expect(callsFor({ edited_message })).resolves.toEqual([['present', zoe]]);
    },
  );
});

describe('a callback query', () => {
  const query = (changes: object = {}) => ({
    callback_query: {
      ...{ id: 'press-1', from: ZOE, chat_instance: '1', data: 'mute:file-upload' },
      message: { message_id: 7, date: 1_795_341_600, chat: PRIVATE },
      ...changes,
    },
  });

  test('under a message of a private chat', async () => {
    await expect(callsFor(query())).resolves.toEqual([
      ['callbackQuery', { id: 'press-1', data: 'mute:file-upload', messageId: 7 }, zoe],
    ]);
  });

  test('without data', async () => {
    await expect(callsFor(query({ data: undefined, game_short_name: 'x' }))).resolves.toMatchObject([
      ['callbackQuery', { id: 'press-1', messageId: 7 }, zoe],
    ]);
    const { data: _, ...withoutData } = query().callback_query;
    await expect(callsFor({ callback_query: withoutData })).resolves.toEqual([
      ['callbackQuery', { id: 'press-1', data: '', messageId: 7 }, zoe],
    ]);
  });

  test('of a group belongs to nobody', async () => {
    const group = { message: { message_id: 7, date: 1_795_341_600, chat: GROUP } };
    await expect(callsFor(query(group))).resolves.toEqual([['strayCallbackQuery', 'press-1']]);
  });

  test('without a message belongs to the person’s private chat', async () => {
    const changes = { message: undefined, inline_message_id: 'x' };
    await expect(callsFor(query(changes))).resolves.toEqual([['strayCallbackQuery', 'press-1', zoe]]);
  });
});

describe('the membership of the bot', () => {
  const membership = (before: string, now: string, chat: object = PRIVATE) => ({
    my_chat_member: {
      ...{ chat, from: ZOE, date: 1_795_341_600 },
      old_chat_member: { status: before, user: { id: 100, is_bot: true, first_name: 'Shop' } },
      new_chat_member: { status: now, user: { id: 100, is_bot: true, first_name: 'Shop' } },
    },
  });

  test.each<[string, string, Call[]]>([
    ['member', 'kicked', [['blocked', zoe]]],
    ['kicked', 'member', [['returned', zoe]]],
    ['member', 'restricted', []],
  ])('of a private chat: from %s to %s', async (before, now, calls) => {
    await expect(callsFor(membership(before, now))).resolves.toEqual(calls);
  });

  test.each<[string, string, boolean]>([
    ['left', 'member', true],
    ['kicked', 'member', true],
    ['left', 'administrator', true],
    ['left', 'restricted', true],
    ['member', 'administrator', false],
    ['restricted', 'member', false],
    ['member', 'left', false],
    ['member', 'kicked', false],
    ['left', 'kicked', false],
    ['kicked', 'left', false],
  ])('of a group: from %s to %s it is new there: %s', async (before, now, isNew) => {
    await expect(callsFor(membership(before, now, GROUP))).resolves.toEqual(
      isNew ? [['elsewhere', -5001]] : [],
    );
  });

  test('of a channel as of a group', async () => {
    const channel = { id: -1_005_001, type: 'channel', title: 'Canale' };
    await expect(callsFor(membership('left', 'administrator', channel))).resolves.toEqual([
      ['elsewhere', -1_005_001],
    ]);
  });
});

test('an update of another kind does nothing', async () => {
  await expect(callsFor({ poll: { id: '1' } })).resolves.toEqual([]);
  await expect(callsFor({ edited_channel_post: { message_id: 7, chat: GROUP } })).resolves.toEqual([]);
});

test('what a handler throws is thrown', async () => {
  const error = new Error('DynamoDB is away');
  const failing = async () => {
    throw error;
  };
  const handlers = {
    ...{ command: failing, message: failing, callbackQuery: failing, strayCallbackQuery: failing },
    ...{ present: failing, blocked: failing, returned: failing, elsewhere: failing },
  };
  const update = updateBody.parse({ update_id: 1, ...message('Ciao') });
  await expect(dispatchUpdate(BOT, update, handlers)).rejects.toBe(error);
});

describe('the fields that are read have to be what they are', () => {
  const takes = (update: unknown) => updateBody.safeParse(update).success;
  const { message: written } = message('/start');

  test('unknown fields and kinds pass', () => {
    expect(takes({ update_id: 1 })).toBe(true);
    expect(takes({ update_id: 1, new_kind: {}, message: { ...written, new_field: 1 } })).toBe(true);
  });

  test.each<[string, unknown]>([
    ['no object', 'update'],
    ['no id', { message: written }],
    ['an id that is no number', { update_id: '1' }],
    ['a fraction', { update_id: 1.5 }],
    ['a message without a chat', { update_id: 1, message: { ...written, chat: undefined } }],
    ['a chat without an id', { update_id: 1, message: { ...written, chat: { type: 'private' } } }],
    ['a chat without a type', { update_id: 1, message: { ...written, chat: { id: 1 } } }],
    ['a message without an id', { update_id: 1, message: { ...written, message_id: undefined } }],
    ['a text that is none', { update_id: 1, message: { ...written, text: 7 } }],
    ['a person without an id', { update_id: 1, message: { ...written, from: { first_name: 'Zoe' } } }],
    ['a name that is no text', { update_id: 1, message: { ...written, from: { id: 1, first_name: 7 } } }],
    ['a last name that is no text', { update_id: 1, message: { ...written, from: { id: 1, last_name: 7 } } }],
    ['a username that is no text', { update_id: 1, message: { ...written, from: { id: 1, username: 7 } } }],
    [
      'a language that is no text',
      { update_id: 1, message: { ...written, from: { id: 1, language_code: 7 } } },
    ],
    ['entities that are no list', { update_id: 1, message: { ...written, entities: {} } }],
    [
      'an entity without a type',
      { update_id: 1, message: { ...written, entities: [{ offset: 0, length: 6 }] } },
    ],
    [
      'an entity without a place',
      { update_id: 1, message: { ...written, entities: [{ type: 'b', length: 6 }] } },
    ],
    [
      'an entity without a length',
      { update_id: 1, message: { ...written, entities: [{ type: 'b', offset: 0 }] } },
    ],
    ['a callback query without an id', { update_id: 1, callback_query: { from: ZOE } }],
    ['a callback query of nobody', { update_id: 1, callback_query: { id: '1' } }],
    ['data that is no text', { update_id: 1, callback_query: { id: '1', from: ZOE, data: 7 } }],
    [
      'a message of a query without a chat',
      { update_id: 1, callback_query: { id: '1', from: ZOE, message: { message_id: 7 } } },
    ],
    [
      'a message of a query without an id',
      { update_id: 1, callback_query: { id: '1', from: ZOE, message: { chat: PRIVATE } } },
    ],
    [
      'a membership without a chat',
      {
        update_id: 1,
        my_chat_member: {
          from: ZOE,
          old_chat_member: { status: 'left' },
          new_chat_member: { status: 'left' },
        },
      },
    ],
    [
      'a membership of nobody',
      {
        update_id: 1,
        my_chat_member: {
          chat: PRIVATE,
          old_chat_member: { status: 'left' },
          new_chat_member: { status: 'left' },
        },
      },
    ],
    [
      'a membership without a before',
      { update_id: 1, my_chat_member: { chat: PRIVATE, from: ZOE, new_chat_member: { status: 'left' } } },
    ],
    [
      'a membership without a now',
      { update_id: 1, my_chat_member: { chat: PRIVATE, from: ZOE, old_chat_member: { status: 'left' } } },
    ],
    [
      'a membership without a status',
      {
        update_id: 1,
        my_chat_member: {
          chat: PRIVATE,
          from: ZOE,
          old_chat_member: {},
          new_chat_member: { status: 'left' },
        },
      },
    ],
  ])('refused: %s', (_what, update) => {
    expect(takes(update)).toBe(false);
  });
});
