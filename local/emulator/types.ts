/**
 * The objects of the Bot API that the emulator knows: names and meaning as in the
 * section "Available types" of the Bot API.
 */

export type User = {
  id: number;
  is_bot: boolean;
  first_name: string;
  last_name?: string;
  username?: string;
  language_code?: string;
};

export type Chat = {
  id: number;
  type: 'private' | 'group' | 'supergroup';
  title?: string;
  first_name?: string;
  last_name?: string;
  username?: string;
};

export type Entity = {
  type: string;
  offset: number;
  length: number;
  url?: string;
  language?: string;
  custom_emoji_id?: string;
  user?: User;
  unix_time?: number;
  date_time_format?: string;
};

export type InlineKeyboardButton = {
  text: string;
  url?: string;
  callback_data?: string;
  copy_text?: { text: string };
  style?: ButtonStyle;
};
export type ButtonStyle = 'primary' | 'success' | 'danger';
export type InlineKeyboardMarkup = { inline_keyboard: InlineKeyboardButton[][] };

export type Message = {
  message_id: number;
  from: User;
  chat: Chat;
  /** Seconds since 1970. */
  date: number;
  edit_date?: number;
  /** Absent in a rich message. */
  text?: string;
  entities?: Entity[];
  rich_message?: { blocks: RichBlock[] };
  reply_markup?: InlineKeyboardMarkup;
  link_preview_options?: Record<string, unknown>;
  reply_to_message?: Message;
  has_protected_content?: true;
};

/** A block of a rich message: those that are known here; the pictures as the sizes of one photo. */
export type RichBlock =
  | { type: 'paragraph' | 'heading' | 'expandable_blockquote' | 'pre' | 'footer'; text: RichText }
  | { type: 'blockquote' | 'slideshow' | 'collage'; blocks: RichBlock[] }
  | { type: 'photo'; photo: { file_id: string; file_unique_id: string; width: number; height: number }[] }
  | { type: 'divider' }
  | { type: 'table'; cells: { text?: RichText; align: string; valign: string }[][] };
export type RichText = string | RichText[] | { type: string; text?: RichText; [field: string]: unknown };

export type CallbackQuery = {
  id: string;
  from: User;
  message: Message;
  chat_instance: string;
  data: string;
};

type ChatMemberUpdated = {
  chat: Chat;
  from: User;
  date: number;
  old_chat_member: { user: User; status: 'member' | 'kicked'; until_date?: number };
  new_chat_member: { user: User; status: 'member' | 'kicked'; until_date?: number };
};

export type UpdateContent =
  | { message: Message }
  | { callback_query: CallbackQuery }
  | { my_chat_member: ChatMemberUpdated }
  | { managed_bot: { user: User; bot: User } };

export type Update = { update_id: number } & UpdateContent;

export type BotCommand = { command: string; description: string };

/** A bot as @BotFather, or a person with the help of a manager bot, made it. */
export type BotAccount = {
  id: number;
  token: string;
  username: string;
  first_name: string;
  /** Bot Management Mode is on. */
  canManageBots?: true;
  /** Who made it, and the id of the bot that manages it; absent where @BotFather made it. */
  managed?: { owner: User; managerId: number };
};

/** A person who starts with a chat already open. */
export type StartedChat = {
  botToken: string;
  chatId: number;
  user: { id: number; first_name: string; last_name?: string; username?: string; language_code?: string };
};

/** The parameters of a call, from its query string and body. */
export type CallParameters = Record<string, unknown>;
