import * as z from 'zod/mini';

const chat = z.looseObject({ id: z.int(), type: z.string() });
const person = z.looseObject({
  id: z.int(),
  first_name: z.optional(z.string()),
  last_name: z.optional(z.string()),
  username: z.optional(z.string()),
  language_code: z.optional(z.string()),
});
const entity = z.looseObject({ type: z.string(), offset: z.int(), length: z.int() });
/** When it was written or happened, by Telegram's clock: seconds since 1970. */
const date = z.optional(z.int());
const message = z.looseObject({
  message_id: z.int(),
  date,
  chat,
  from: z.optional(person),
  text: z.optional(z.string()),
  entities: z.optional(z.array(entity)),
  /** The same for all messages of an album. */
  media_group_id: z.optional(z.string()),
});
const member = z.looseObject({ status: z.string() });

/**
 * The parts of an update that the bot uses. Unknown fields and kinds are accepted: each version of the Bot API adds
 * some.
 */
export const updateBody = z.looseObject({
  update_id: z.int(),
  message: z.optional(message),
  edited_message: z.optional(message),
  callback_query: z.optional(
    z.looseObject({
      id: z.string(),
      from: person,
      data: z.optional(z.string()),
      message: z.optional(z.looseObject({ message_id: z.int(), chat })),
    }),
  ),
  my_chat_member: z.optional(
    z.looseObject({ date, chat, from: person, old_chat_member: member, new_chat_member: member }),
  ),
});

/** The parts of an update of the manager bot that are used. */
export const managerUpdateBody = z.looseObject({
  update_id: z.int(),
  message: z.optional(message),
  /** Somebody has made a bot with its help; or such a bot has another token, or another owner. */
  managed_bot: z.optional(z.looseObject({ user: person, bot: person })),
});

export type ManagerUpdate = z.infer<typeof managerUpdateBody>;

export type TelegramUpdate = z.infer<typeof updateBody>;
