import type { BotAccount, Chat, Message, StartedChat, User } from './types.ts';

/** One bot's chat with a person or a group: every bot has its own. */
export type Conversation = {
  botId: number;
  chat: Chat;
  person: User;
  /** The person pressed Start, or the bot was added to the group. */
  started: boolean;
  blocked: boolean;
  messages: Message[];
  /** The ids of the messages that came without a sound: a Message object does not say it. Absent where none did. */
  silent?: number[];
};

export type WorldSnapshot = {
  conversations: Conversation[];
  lastMessageIds: [number, number][];
  /** Bots that people made with a manager bot, and what became of them. Absent in the former release. */
  managedBots?: BotAccount[];
};

export const DEFAULT_BOTS: BotAccount[] = [
  { id: 100, token: '100:demo', username: 'demo_shop_bot', first_name: 'Demo Shop' },
  { id: 200, token: '200:nuovo', username: 'nuovo_bot', first_name: 'Nuovo' },
  {
    id: 300,
    token: '300:manager',
    username: 'passweb_manager_bot',
    first_name: 'Passweb',
    canManageBots: true,
  },
];

export const DEFAULT_CHATS: StartedChat[] = [
  demoChat(1001, 'Anna', 'Rossi', 'it'),
  demoChat(1002, 'Bruno', 'Bianchi', 'en'),
  demoChat(1003, 'Carla', 'Verdi', 'it'),
];

function demoChat(chatId: number, firstName: string, lastName: string, language: string): StartedChat {
  const username = `${firstName}_${lastName}`.toLowerCase();
  const user = { id: chatId, first_name: firstName, last_name: lastName, username, language_code: language };
  return { botToken: '100:demo', chatId, user };
}

/** More messages than this of one chat are not written to the snapshot. */
const KEPT_MESSAGES = 1000;

/** The bots, and who talks with them. */
export class World {
  readonly bots: BotAccount[];
  readonly #startedChats: StartedChat[];
  #conversations = new Map<string, Conversation>();
  /** One count for each chat id, whichever bot: a message id then names one message of that chat. */
  #lastMessageIds = new Map<number, number>();

  constructor(bots: BotAccount[], startedChats: StartedChat[]) {
    // A copy of each: people make more bots, and tokens are replaced.
    this.bots = bots.map((bot) => ({ ...bot }));
    this.#startedChats = startedChats;
    this.reset();
  }

  /** Back to the chats it began with, all empty and unblocked. Message ids go on counting. */
  reset(): void {
    this.#conversations.clear();
    for (const started of this.#startedChats) {
      const bot = this.bots.find((candidate) => candidate.token === started.botToken);
      if (bot === undefined)
        throw new Error(`No bot has the token of the chat ${started.chatId} to start with.`);
      this.open(bot.id, started.chatId, { ...started.user, is_bot: false });
    }
  }

  botByToken(token: string): BotAccount | undefined {
    return this.bots.find((bot) => bot.token === token);
  }

  botById(botId: number): BotAccount | undefined {
    return this.bots.find((bot) => bot.id === botId);
  }

  botByUsername(username: string): BotAccount | undefined {
    const wanted = username.replace(/^@/, '').toLowerCase();
    return this.bots.find((bot) => bot.username.toLowerCase() === wanted);
  }

  conversation(botId: number, chatId: number): Conversation | undefined {
    return this.#conversations.get(keyOf(botId, chatId));
  }

  conversations(): Conversation[] {
    return [...this.#conversations.values()];
  }

  /** Every bot's conversation in one chat. */
  conversationsOf(chatId: number): Conversation[] {
    return this.conversations().filter((conversation) => conversation.chat.id === chatId);
  }

  /** The person presses Start: opens the chat, or opens it again under the person's present names. */
  open(botId: number, chatId: number, person: User): Conversation {
    const chat = chatOf(chatId, person);
    const known = this.conversation(botId, chatId);
    if (known !== undefined) {
      known.started = true;
      known.person = person;
      known.chat = chat;
      return known;
    }
    const conversation: Conversation = { botId, chat, person, started: true, blocked: false, messages: [] };
    this.#conversations.set(keyOf(botId, chatId), conversation);
    return conversation;
  }

  nextMessageId(chatId: number): number {
    const next = (this.#lastMessageIds.get(chatId) ?? 0) + 1;
    this.#lastMessageIds.set(chatId, next);
    return next;
  }

  /** Adds a bot that a person has made. */
  addBot(bot: BotAccount): void {
    this.bots.push(bot);
  }

  snapshot(): WorldSnapshot {
    const conversations = this.conversations().map((conversation) => ({
      ...conversation,
      messages: conversation.messages.slice(-KEPT_MESSAGES),
      ...(conversation.silent && { silent: conversation.silent.slice(-KEPT_MESSAGES) }),
    }));
    const managedBots = this.bots.filter(({ managed }) => managed !== undefined);
    return { conversations, lastMessageIds: [...this.#lastMessageIds], managedBots };
  }

  /** Adds what an earlier run kept; conversations of bots that no longer exist are left out. */
  restore(snapshot: WorldSnapshot): void {
    this.bots.push(...(snapshot.managedBots ?? []));
    for (const conversation of snapshot.conversations) {
      if (this.botById(conversation.botId) === undefined) continue;
      this.#conversations.set(keyOf(conversation.botId, conversation.chat.id), conversation);
    }
    this.#lastMessageIds = new Map(snapshot.lastMessageIds);
  }
}

function keyOf(botId: number, chatId: number): string {
  return `${botId}:${chatId}`;
}

/** In a private chat the chat shows the person's names; a group (negative id) has a title of its own. */
function chatOf(chatId: number, person: User): Chat {
  if (chatId < 0) return { id: chatId, type: 'group', title: `Group ${Math.abs(chatId)}` };
  const chat: Chat = { id: chatId, type: 'private', first_name: person.first_name };
  if (person.last_name !== undefined) chat.last_name = person.last_name;
  if (person.username !== undefined) chat.username = person.username;
  return chat;
}

/** A bot as it appears in `from` and `getMe`. */
export function botUser(bot: BotAccount): User {
  return { id: bot.id, is_bot: true, first_name: bot.first_name, username: bot.username };
}
