/** Telegram as a history needs it: bots, their chats and webhooks; it notes what a chat shows, and when. */

/** How a call of `sendMessage` goes wrong. `silent`: no answer, nothing sent. `lost`: sent, but the answer is lost. */
export type SendFault = 429 | 500 | 403 | 'silent' | 'lost';

export interface Bot {
  id: number;
  username: string;
  /** The only token that works; absent: it was revoked. */
  token: string | undefined;
  webhook?: { url: string; secret: string };
  /** Chats that have started the bot. */
  started: Set<number>;
  blocked: Set<number>;
}

/** A message that has appeared in a chat. */
export interface Sent {
  bot: Bot;
  chatId: number;
  text: string;
  messageId: number;
  /** Whether nobody knows that it was sent. */
  isLost: boolean;
}

/** For so long a message can be deleted, in milliseconds. */
const DELETABLE = 48 * 3_600_000;

export interface TelegramHooks {
  /** Called before a message appears. @returns how the call goes wrong; what the hook does meanwhile takes time. */
  beforeSend(
    chatId: number,
    text: string,
  ): { fault?: SendFault | undefined; meanwhile?: () => Promise<void> };
  sent(message: Sent): void;
  /** A message is deleted, or has another text. @returns when it was sent (milliseconds since 1970); `undefined`: never. */
  find(bot: Bot, chatId: number, messageId: number): { at: number; remove: () => void } | undefined;
}

export class Telegram {
  readonly bots: Bot[];
  readonly #hooks: TelegramHooks;
  isDown = false;
  #lastMessage = 0;
  /** The next `setWebhook` is done, but its answer is lost, this many times. */
  lostWebhookAnswers = 0;

  constructor(bots: Bot[], hooks: TelegramHooks) {
    this.bots = bots;
    this.#hooks = hooks;
  }

  /** Answers a call of the Bot API. @throws as `fetch` does where there is no answer. */
  async call(address: string, body: Record<string, unknown>): Promise<Response> {
    const [, token = '', method = ''] = /\/bot([^/]+)\/(\w+)$/.exec(address) ?? [];
    if (this.isDown) throw noAnswer();
    const bot = this.bots.find((each) => each.token === decodeURIComponent(token));
    if (!bot) return refusal(401, 'Unauthorized');
    switch (method) {
      case 'sendMessage':
        return this.#send(bot, Number(body.chat_id), String(body.text));
      case 'deleteMessage':
      case 'editMessageText':
        return this.#remove(bot, method, Number(body.chat_id), Number(body.message_id));
      case 'getMe':
        return ok({ id: bot.id, is_bot: true, first_name: bot.username, username: bot.username });
      case 'getWebhookInfo':
        return ok({ url: bot.webhook?.url ?? '', has_custom_certificate: false, pending_update_count: 0 });
      case 'setWebhook':
        bot.webhook = { url: String(body.url), secret: String(body.secret_token) };
        if (this.lostWebhookAnswers > 0) {
          this.lostWebhookAnswers -= 1;
          throw noAnswer();
        }
        return ok(true);
      case 'deleteWebhook':
        delete bot.webhook;
        return ok(true);
      case 'getMyDescription':
        return ok({ description: 'written by the merchant' });
      case 'getMyShortDescription':
        return ok({ short_description: 'written by the merchant' });
      default:
        return ok(true);
    }
  }

  async #send(bot: Bot, chatId: number, text: string): Promise<Response> {
    if (!bot.started.has(chatId))
      return refusal(403, "Forbidden: bot can't initiate conversation with a user");
    if (bot.blocked.has(chatId)) return refusal(403, 'Forbidden: bot was blocked by the user');
    const { fault, meanwhile } = this.#hooks.beforeSend(chatId, text);
    const appears = fault === undefined || fault === 'lost';
    this.#lastMessage += 1;
    const messageId = this.#lastMessage;
    if (appears) this.#hooks.sent({ bot, chatId, text, messageId, isLost: fault === 'lost' });
    await meanwhile?.();
    if (fault === 'lost' || fault === 'silent') throw noAnswer();
    if (fault === 429) return refusal(429, 'Too Many Requests: retry after 20', { retry_after: 20 });
    if (fault === 500) return refusal(500, 'Internal Server Error');
    if (fault === 403) return refusal(403, 'Forbidden: bot was blocked by the user');
    return ok({ message_id: messageId, chat: { id: chatId }, text });
  }

  #remove(bot: Bot, method: string, chatId: number, messageId: number): Response {
    if (bot.blocked.has(chatId)) return refusal(403, 'Forbidden: bot was blocked by the user');
    const found = this.#hooks.find(bot, chatId, messageId);
    const isDeleting = method === 'deleteMessage';
    if (!found) return refusal(400, `Bad Request: message to ${isDeleting ? 'delete' : 'edit'} not found`);
    if (isDeleting && Date.now() - found.at > DELETABLE)
      return refusal(400, "Bad Request: message can't be deleted for everyone");
    found.remove();
    return ok(true);
  }
}

function ok(result: unknown): Response {
  return new Response(JSON.stringify({ ok: true, result }), { status: 200 });
}

function refusal(code: number, description: string, parameters?: object): Response {
  const answer = { ok: false, error_code: code, description, ...(parameters && { parameters }) };
  return new Response(JSON.stringify(answer), { status: code });
}

/** As `fetch` fails where the connection does. */
function noAnswer(): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) });
}
