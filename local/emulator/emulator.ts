import { Faults } from './faults.ts';
import { Hub } from './hub.ts';
import { Limiter, type Limits } from './limits.ts';
import type { Shops } from './shops.ts';
import type { BotAccount, BotCommand, CallbackQuery, Message } from './types.ts';
import { Updates } from './updates.ts';
import { botUser, type Conversation, type World } from './world.ts';

/** One Bot API call as `GET /emulator/calls` shows it; without the token, which is a secret. */
export type CallRecord = {
  /** When it came in, ISO 8601. */
  time: string;
  method: string;
  botId: number | null;
  username: string | null;
  params: Record<string, unknown>;
  /** Null when the connection was dropped instead of an answer. */
  status: number | null;
  answer: unknown;
  dropped?: 'before' | 'after';
};

/** The texts that a bot has set at Telegram. */
export type BotProfile = {
  /** By scope and language. */
  commands: Map<string, BotCommand[]>;
  /** By language; '' is the one for all others. */
  descriptions: Map<string, string>;
  shortDescriptions: Map<string, string>;
  /** A JPEG. */
  photo?: Buffer;
};

export type EmulatorParts = {
  world: World;
  limits: Limits;
  now: () => number;
  retryMilliseconds: number;
  /** Called when data that is kept between runs has changed. */
  onChange: () => void;
  /** Resolves when all changes so far are saved. */
  saved: () => Promise<void>;
  onWebhookReply: (bot: BotAccount, method: string, parameters: Record<string, unknown>) => void;
  /** Absent where the emulator runs without shops. */
  shops?: Shops | undefined;
};

const KEPT_CALLS = 100_000;
const KEPT_QUERIES = 10_000;

/** The state of the emulated Telegram. */
export class Emulator {
  readonly world: World;
  readonly limiter: Limiter;
  readonly faults = new Faults();
  readonly hub = new Hub();
  readonly now: () => number;
  readonly onChange: () => void;
  readonly saved: () => Promise<void>;
  readonly shops: Shops | undefined;
  calls: CallRecord[] = [];
  /** Callback queries that are not answered yet. */
  readonly openQueries = new Map<string, { botId: number; query: CallbackQuery }>();
  readonly #updates = new Map<number, Updates>();
  readonly #profiles = new Map<number, BotProfile>();
  readonly #parts: EmulatorParts;

  constructor(parts: EmulatorParts) {
    this.#parts = parts;
    this.world = parts.world;
    this.now = parts.now;
    this.onChange = parts.onChange;
    this.saved = parts.saved;
    this.shops = parts.shops;
    this.limiter = new Limiter(parts.limits, parts.now);
  }

  updatesOf(bot: BotAccount): Updates {
    const known = this.#updates.get(bot.id);
    if (known !== undefined) return known;
    const updates = new Updates({
      now: this.now,
      retryMilliseconds: this.#parts.retryMilliseconds,
      onWebhookReply: (method, parameters) => this.#parts.onWebhookReply(bot, method, parameters),
      onChange: this.onChange,
    });
    this.#updates.set(bot.id, updates);
    return updates;
  }

  profileOf(bot: BotAccount): BotProfile {
    const known = this.#profiles.get(bot.id);
    if (known !== undefined) return known;
    const profile: BotProfile = {
      commands: new Map(),
      descriptions: new Map(),
      shortDescriptions: new Map(),
    };
    this.#profiles.set(bot.id, profile);
    return profile;
  }

  /** The time in whole seconds since 1970, as in the Bot API. */
  seconds(): number {
    return Math.floor(this.now() / 1000);
  }

  /** Puts a message into the chat, and tells the page. */
  addMessage(
    conversation: Conversation,
    from: 'bot' | 'person',
    content: Omit<Message, 'message_id' | 'from' | 'chat' | 'date'>,
    { isSilent = false }: { isSilent?: boolean } = {},
  ): Message {
    const bot = this.world.botById(conversation.botId);
    if (bot === undefined) throw new Error(`The conversation belongs to no bot: ${conversation.botId}.`);
    const message: Message = {
      message_id: this.world.nextMessageId(conversation.chat.id),
      from: from === 'bot' ? botUser(bot) : conversation.person,
      chat: conversation.chat,
      date: this.seconds(),
      ...content,
    };
    conversation.messages.push(message);
    if (isSilent) conversation.silent = [...(conversation.silent ?? []), message.message_id];
    this.hub.publish({ type: 'message', bot: bot.username, message, ...(isSilent && { silent: true }) });
    this.onChange();
    return message;
  }

  record(call: CallRecord): void {
    this.calls.push(call);
    if (this.calls.length > KEPT_CALLS) this.calls = this.calls.slice(-KEPT_CALLS / 2);
  }

  rememberQuery(botId: number, query: CallbackQuery): void {
    this.openQueries.set(query.id, { botId, query });
    const oldest = this.openQueries.keys().next().value;
    if (this.openQueries.size > KEPT_QUERIES && oldest !== undefined) this.openQueries.delete(oldest);
  }

  /** Empties chats, calls, faults and limits; bots keep their webhooks and profiles. */
  reset(): void {
    this.world.reset();
    this.limiter.clear();
    this.faults.clear();
    this.openQueries.clear();
    this.calls = [];
    for (const updates of this.#updates.values()) updates.dropPending();
    this.hub.publish({ type: 'reset' });
    this.onChange();
  }

  close(): void {
    for (const updates of this.#updates.values()) updates.close();
    this.hub.close();
  }
}

/** A Bot API method: returns its result, or throws a refusal. */
type MethodAnswer = { result: unknown; description?: string };
export type MethodCall = {
  emulator: Emulator;
  bot: BotAccount;
  parameters: Record<string, unknown>;
  /** Fires when the caller hangs up. */
  signal: AbortSignal;
};
/** @throws {BotApiError} */
export type Method = (call: MethodCall) => MethodAnswer | Promise<MethodAnswer>;
