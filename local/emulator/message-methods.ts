import type { Emulator, Method, MethodCall } from './emulator.ts';
import { badRequest, forbidden } from './errors.ts';
import { readInlineKeyboard } from './keyboard.ts';
import { booleanOf, integerOf, isRecord, structureOf, textOf } from './parameters.ts';
import { grantAccess } from './person.ts';
import { readFormattedText } from './text.ts';
import type { BotAccount, CallParameters, InlineKeyboardMarkup, Message, User } from './types.ts';
import { botUser, type Conversation } from './world.ts';

const NOT_MODIFIED =
  'message is not modified: specified new message content and reply markup are exactly the same ' +
  'as a current content and reply markup of the message';

/** "A message can only be deleted if it was sent less than 48 hours ago." */
const DELETABLE_SECONDS = 48 * 3600;

const CHAT_ACTIONS = new Set([
  'typing',
  'upload_photo',
  'record_video',
  'upload_video',
  'record_voice',
  'upload_voice',
  'upload_document',
  'choose_sticker',
  'find_location',
  'record_video_note',
  'upload_video_note',
]);

export const messageMethods: Record<string, Method> = {
  sendMessage: async (call) => {
    const { emulator, bot, parameters } = call;
    const formatted = readFormattedText(parameters, (id) => findUser(emulator, id));
    const keyboard = readInlineKeyboard(parameters);
    await openIfLoggedIn(call);
    const conversation = reachableChat(call);
    const extras = messageExtras(parameters, conversation);
    emulator.limiter.take(bot.id, conversation.chat.id);
    const markup = keyboard === undefined ? {} : { reply_markup: keyboard };
    const isSilent = booleanOf(parameters, 'disable_notification');
    const content = { ...formatted, ...extras, ...markup };
    return { result: emulator.addMessage(conversation, 'bot', content, { isSilent }) };
  },

  editMessageText: (call) => {
    const { emulator, parameters } = call;
    const formatted = readFormattedText(parameters, (id) => findUser(emulator, id));
    const keyboard = readInlineKeyboard(parameters);
    const preview = linkPreview(parameters);
    return edit(call, (message) => {
      const { entities: _entities, reply_markup: _markup, link_preview_options: _preview, ...rest } = message;
      return withKeyboard({ ...rest, ...formatted, ...preview }, keyboard);
    });
  },

  editMessageReplyMarkup: (call) => {
    const keyboard = readInlineKeyboard(call.parameters);
    return edit(call, ({ reply_markup: _markup, ...rest }) => withKeyboard(rest, keyboard));
  },

  deleteMessage: (call) => {
    const { emulator, bot } = call;
    const conversation = reachableChat(call);
    const messageId = integerOf(call.parameters, 'message_id');
    if (messageId === undefined) throw badRequest('message identifier is not specified');
    const index = conversation.messages.findIndex((message) => message.message_id === messageId);
    const message = conversation.messages[index];
    if (message === undefined) throw badRequest('message to delete not found');
    if (emulator.seconds() - message.date > DELETABLE_SECONDS)
      throw badRequest("message can't be deleted for everyone");
    conversation.messages.splice(index, 1);
    const chatId = conversation.chat.id;
    emulator.hub.publish({ type: 'deleted', bot: bot.username, chatId, messageId: message.message_id });
    emulator.onChange();
    return { result: true };
  },

  sendChatAction: (call) => {
    const action = textOf(call.parameters, 'action').trim().toLowerCase();
    if (!CHAT_ACTIONS.has(action)) throw badRequest('wrong parameter action in request');
    reachableChat(call);
    return { result: true };
  },

  getChat: (call) => {
    const conversation = reachableChat(call);
    const { language_code: _language, is_bot: _isBot, id: _id, ...names } = conversation.person;
    const shown = conversation.chat.type === 'private' ? names : {};
    return { result: { ...conversation.chat, ...shown, accent_color_id: 0, max_reaction_count: 11 } };
  },

  answerCallbackQuery: ({ emulator, bot, parameters }) => {
    const open = emulator.openQueries.get(textOf(parameters, 'callback_query_id'));
    if (open === undefined || open.botId !== bot.id) {
      throw badRequest('query is too old and response timeout expired or query ID is invalid');
    }
    const text = textOf(parameters, 'text');
    if (text.length > 200) throw badRequest('MESSAGE_TOO_LONG');
    emulator.openQueries.delete(open.query.id);
    const showAlert = booleanOf(parameters, 'show_alert');
    emulator.hub.publish({ type: 'callback-answer', bot: bot.username, query: open.query, text, showAlert });
    return { result: true };
  },
};

/**
 * The chat that a call names, if the bot may write to it.
 * @throws {BotApiError} with Telegram's words for what is in the way.
 */
function reachableChat({ emulator, bot, parameters }: MethodCall): Conversation {
  if (textOf(parameters, 'chat_id').trim() === '') throw badRequest('chat_id is empty');
  const chatId = integerOf(parameters, 'chat_id');
  if (chatId === undefined) throw badRequest('chat not found');
  if (emulator.world.botById(chatId) !== undefined) throw forbidden("bot can't send messages to bots");
  const conversation = emulator.world.conversation(bot.id, chatId);
  if (conversation?.started !== true) throw neverStarted(emulator, chatId);
  if (!conversation.blocked) return conversation;
  throw forbidden(chatId < 0 ? 'bot was kicked from the group chat' : 'bot was blocked by the user');
}

/** Who logged in at a shop of this bot has let it write there, without a word in the chat. */
async function openIfLoggedIn({ emulator, bot, parameters }: MethodCall): Promise<void> {
  const { world, shops } = emulator;
  const chatId = integerOf(parameters, 'chat_id') ?? 0;
  if (shops === undefined || chatId <= 0 || world.conversation(bot.id, chatId)?.started) return;
  const person = await shops.loggedIn(bot, chatId);
  // In Telegram a person has one name, whichever bot they talk with.
  const isKnown = world.conversationsOf(chatId).length > 0;
  if (person !== undefined) grantAccess(emulator, bot, chatId, isKnown ? undefined : person);
}

/** Telegram tells a person it knows, who never wrote to this bot, from a chat id that is nobody's. */
function neverStarted(emulator: Emulator, chatId: number): Error {
  const isKnown = emulator.world.conversationsOf(chatId).length > 0;
  if (!isKnown) return badRequest('chat not found');
  if (chatId < 0) return forbidden('bot is not a member of the group chat');
  return forbidden("bot can't initiate conversation with a user");
}

function edit(call: MethodCall, change: (message: Message) => Message) {
  const { emulator, bot } = call;
  const conversation = reachableChat(call);
  const messageId = integerOf(call.parameters, 'message_id');
  if (messageId === undefined) throw badRequest('message identifier is not specified');
  const index = conversation.messages.findIndex((message) => message.message_id === messageId);
  const message = conversation.messages[index];
  if (message === undefined) throw badRequest('message to edit not found');
  if (message.from.id !== bot.id) throw badRequest("message can't be edited");
  const changed = change(message);
  if (sameContent(message, changed)) throw badRequest(NOT_MODIFIED);
  emulator.limiter.take(bot.id, conversation.chat.id);
  const edited = { ...changed, edit_date: emulator.seconds() };
  conversation.messages[index] = edited;
  emulator.hub.publish({ type: 'edited', bot: bot.username, message: edited });
  emulator.onChange();
  return { result: edited };
}

function sameContent(one: Message, other: Message): boolean {
  const content = ({ text, entities, reply_markup }: Message) =>
    JSON.stringify([text, entities ?? [], reply_markup?.inline_keyboard ?? []]);
  return content(one) === content(other);
}

function withKeyboard(message: Message, keyboard: InlineKeyboardMarkup | undefined): Message {
  return keyboard === undefined ? message : { ...message, reply_markup: keyboard };
}

function messageExtras(parameters: CallParameters, conversation: Conversation): Partial<Message> {
  const extras: Partial<Message> = linkPreview(parameters);
  if (booleanOf(parameters, 'protect_content')) extras.has_protected_content = true;
  const reply = repliedMessage(parameters, conversation);
  if (reply !== undefined) extras.reply_to_message = reply;
  return extras;
}

function linkPreview(parameters: CallParameters): Partial<Message> {
  const options = structureOf(parameters, 'link_preview_options', 'link preview options');
  if (isRecord(options)) return { link_preview_options: options };
  if (options !== undefined) throw badRequest('object expected as link preview options');
  // The name this option had before Bot API 7.0.
  if (booleanOf(parameters, 'disable_web_page_preview'))
    return { link_preview_options: { is_disabled: true } };
  return {};
}

function repliedMessage(parameters: CallParameters, conversation: Conversation): Message | undefined {
  const reply = structureOf(parameters, 'reply_parameters', 'reply parameters');
  if (!isRecord(reply)) return undefined;
  const messageId = integerOf(reply, 'message_id');
  const found = conversation.messages.find((message) => message.message_id === messageId);
  if (found !== undefined) {
    const { reply_to_message: _deeper, ...message } = found;
    return message;
  }
  if (booleanOf(reply, 'allow_sending_without_reply')) return undefined;
  throw badRequest('message to be replied not found');
}

function findUser(emulator: Emulator, id: number): User | undefined {
  const bot: BotAccount | undefined = emulator.world.botById(id);
  if (bot !== undefined) return botUser(bot);
  return emulator.world.conversations().find((conversation) => conversation.person.id === id)?.person;
}
