/** Updates for Telegram's webhook, from people in every state and from groups. */
import fc from 'fast-check';
import { CHATS } from './people.ts';
import { NEW_LINK_TOKEN, NEW_UPDATE_ID } from './pools.ts';
import { text } from './values.ts';

const chatId = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...CHATS) },
  { weight: 1, arbitrary: fc.maxSafeInteger() },
);
const chat = fc.record({
  id: chatId,
  type: fc.constantFrom('private', 'private', 'private', 'group', 'supergroup', 'channel', 'x'),
});
const person = fc.record(
  {
    id: chatId,
    first_name: text,
    last_name: text,
    username: text,
    language_code: text,
    is_bot: fc.boolean(),
  },
  { requiredKeys: ['id', 'first_name'] },
);

const command = fc.constantFrom(
  `/start ${NEW_LINK_TOKEN}`,
  '/start',
  '/start AAAAAAAAAAAAAAAAAAAAAA',
  '/stop',
  '/stop@demo_shop_bot',
  '/stop@another_bot',
  '/impostazioni',
  '/settings',
  '/stato',
  '/privacy',
  '/scollega',
  '/unlink',
  '/basta',
  '/aiuto',
  '/unknown',
  'STOP',
);
const spoken = fc.oneof(command, text);

const message = fc
  .record({ message_id: fc.nat(), chat, from: person, text: spoken, hasEntity: fc.boolean() })
  .map(({ hasEntity, ...rest }) => ({
    ...rest,
    ...(hasEntity && {
      entities: [{ type: 'bot_command', offset: 0, length: rest.text.split(' ', 1)[0]?.length ?? 0 }],
    }),
  }));

const press = fc.record(
  {
    id: fc.oneof(fc.constantFrom('1', '-1'), text),
    from: person,
    data: fc.oneof(
      fc.constantFrom(
        ...['off:order-status', 'on:order-status', 'again', 'on:x', 'stop', 'settings', 'contact', 'forget'],
        ...['again:AAAAAAAAAAAAAAAA', 'forget:AAAAAAAAAAAAAAAA', 'take-off:AAAAAAAAAAAAAAAA', 'take-off'],
      ),
      text,
    ),
    message: fc.record({ message_id: fc.nat(), chat }),
  },
  { requiredKeys: ['id', 'from'] },
);

const status = fc.oneof(fc.constantFrom('member', 'kicked', 'left', 'administrator'), text);
const member = fc.record({
  chat,
  from: person,
  old_chat_member: fc.record({ status }),
  new_chat_member: fc.record({ status }),
});

const updateId = fc.oneof(
  { weight: 9, arbitrary: fc.constant(NEW_UPDATE_ID) },
  { weight: 1, arbitrary: fc.maxSafeInteger() },
);

/** The usual case: a command in the person's own chat. */
const usual = fc
  .record({ chatId: fc.constantFrom(...CHATS), first_name: text, command })
  .map(({ chatId, first_name, command }) => ({
    update_id: NEW_UPDATE_ID,
    message: {
      message_id: 1,
      chat: { id: chatId, type: 'private' },
      from: { id: chatId, first_name },
      text: command,
      entities: [{ type: 'bot_command', offset: 0, length: command.split(' ', 1)[0]?.length }],
    },
  }));

/** Several kinds in one update, which Telegram never sends. */
const several = fc.record(
  {
    update_id: updateId,
    message,
    callback_query: press,
    my_chat_member: member,
    edited_message: message,
    channel_post: message,
  },
  { requiredKeys: ['update_id'] },
);

export const update = fc.oneof(
  usual,
  fc.record({ update_id: updateId, message }),
  fc.record({ update_id: updateId, callback_query: press }),
  fc.record({ update_id: updateId, my_chat_member: member }),
  several,
);
