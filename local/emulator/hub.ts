import type { ServerResponse } from 'node:http';
import type { CallbackQuery, Message } from './types.ts';

/** The events that are sent to the page. */
export type HubEvent =
  /** `silent`: it came without a sound. */
  | { type: 'message' | 'edited'; bot: string; message: Message; silent?: true }
  | { type: 'deleted'; bot: string; chatId: number; messageId: number }
  | { type: 'chat'; bot: string; chatId: number }
  | { type: 'callback-answer'; bot: string; query: CallbackQuery; text: string; showAlert: boolean }
  | { type: 'reset' };

const KEEP_ALIVE_MILLISECONDS = 15_000;

/** Server-Sent Events to every open page. */
export class Hub {
  #listeners = new Set<ServerResponse>();
  #timer: NodeJS.Timeout | undefined;

  attach(response: ServerResponse): void {
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    response.write('retry: 1000\n\n');
    this.#listeners.add(response);
    response.on('close', () => this.#listeners.delete(response));
    this.#timer ??= setInterval(() => this.#write(': still here\n\n'), KEEP_ALIVE_MILLISECONDS).unref();
  }

  publish(event: HubEvent): void {
    this.#write(`data: ${JSON.stringify(event)}\n\n`);
  }

  close(): void {
    clearInterval(this.#timer);
    for (const response of this.#listeners) response.end();
    this.#listeners.clear();
  }

  #write(text: string): void {
    for (const response of this.#listeners) response.write(text);
  }
}
