/** The tests' client of the Telegram emulator, also for faults: see "Local run contract" in the README. */
import type { CallRecord } from '../../local/emulator/emulator.ts';
import { type EmulatorOptions, startEmulator } from '../../local/emulator/server.ts';
import type { CallbackQuery, Message } from '../../local/emulator/types.ts';

/** The answer to the next calls that match. */
interface Fault {
  method?: string;
  chatId?: number;
  times?: number;
  status?: number;
  body?: unknown;
  delayMs?: number;
  drop?: 'before' | 'after' | string;
}

export interface Telegram {
  /** The Bot API's address. */
  url: string;
  /** The messages of a chat, oldest first. */
  messagesIn(chatId: number): Promise<Message[]>;
  textsIn(chatId: number): Promise<string[]>;
  /** @throws if the chat is empty. */
  lastIn(chatId: number): Promise<Message>;
  /** Calls of the Bot API since the last `reset`, of one method or of all. */
  calls(method?: string): Promise<CallRecord[]>;
  fault(fault: Fault): Promise<void>;
  /** Makes `sendMessage` fail with this description. */
  refuse(code: number, description: string, more?: Fault & { parameters?: object }): Promise<void>;
  clearFaults(): Promise<void>;
  /** The person writes to a bot, whose webhook is then called. */
  write(chatId: number, bot: string, text: string): Promise<void>;
  /** The person presses a button of a message: the callback query that the bot gets. */
  pressButton(chatId: number, messageId: number, data: string): Promise<CallbackQuery>;
  /** The person blocks the bot. */
  block(chatId: number): Promise<void>;
  unblock(chatId: number): Promise<void>;
  /** Calls the Bot API as a bot. Returns the result. */
  asBot(token: string, method: string, parameters?: object): Promise<Record<string, unknown>>;
  /** Empties chats, calls, faults and limits. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

export async function startTelegram(options: EmulatorOptions): Promise<Telegram> {
  const emulator = await startEmulator(options);

  async function ask<Answer>(path: string, init: RequestInit = {}): Promise<Answer> {
    const answer = await fetch(`${emulator.url}/emulator/${path}`, init);
    if (!answer.ok) throw new Error(`The emulator refused ${path}: ${await answer.text()}`);
    return (await answer.json()) as Answer;
  }
  const post = <Answer = void>(path: string, body: object = {}) =>
    ask<Answer>(path, { method: 'POST', body: JSON.stringify(body) });

  const telegram: Telegram = {
    url: emulator.url,
    messagesIn: (chatId) => ask(`chats/${chatId}/messages`),
    textsIn: async (chatId) => (await telegram.messagesIn(chatId)).map(({ text }) => String(text)),
    async lastIn(chatId) {
      const message = (await telegram.messagesIn(chatId)).at(-1);
      if (!message) throw new Error(`Chat ${chatId} shows nothing.`);
      return message;
    },
    async calls(method) {
      const calls = await ask<CallRecord[]>('calls');
      return calls.filter((call) => method === undefined || call.method === method);
    },
    fault: (fault) => post('faults', fault),
    refuse(code, description, { parameters, ...more } = {}) {
      const body = { ok: false, error_code: code, description, ...(parameters && { parameters }) };
      return telegram.fault({ method: 'sendMessage', status: code, body, ...more });
    },
    clearFaults: () => ask('faults', { method: 'DELETE' }),
    write: (chatId, bot, text) => post(`chats/${chatId}/send`, { text, bot }),
    pressButton: (chatId, messageId, data) => post(`chats/${chatId}/press`, { messageId, data }),
    block: (chatId) => post(`chats/${chatId}/block`),
    unblock: (chatId) => post(`chats/${chatId}/unblock`),
    async asBot(token, method, parameters = {}) {
      const answer = await fetch(`${emulator.url}/bot${token}/${method}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(parameters),
      });
      return ((await answer.json()) as { result: Record<string, unknown> }).result;
    },
    reset: () => post('reset'),
    close: () => emulator.close(),
  };
  return telegram;
}
