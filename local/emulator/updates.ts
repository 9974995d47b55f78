import { setTimeout as wait } from 'node:timers/promises';
import { BotApiError } from './errors.ts';
import { isRecord } from './parameters.ts';
import type { Update, UpdateContent } from './types.ts';

export type Webhook = { url: string; secretToken?: string; maxConnections: number };

export type UpdatesSnapshot = {
  pending: Update[];
  lastUpdateId: number;
  webhook?: Webhook;
  allowedUpdates?: string[];
};

type Poll = { end(error?: BotApiError): void };

const DEFAULT_ALLOWED = ['message', 'callback_query', 'managed_bot'];
const WEBHOOK_TIMEOUT_MILLISECONDS = 60_000;
const LONGEST_RETRY_MILLISECONDS = 10_000;

export type UpdatesOptions = {
  now: () => number;
  /** Wait before the first retry of a webhook, in milliseconds; it doubles with every failure. */
  retryMilliseconds: number;
  /** The webhook answered with a method to call, as the Bot API allows. */
  onWebhookReply: (method: string, parameters: Record<string, unknown>) => void;
  onChange: () => void;
};

/**
 * The updates that a bot has not received yet: kept in order until its webhook accepts them or getUpdates
 * confirms them (section "Getting updates" of the Bot API).
 */
export class Updates {
  readonly #options: UpdatesOptions;
  #pending: Update[] = [];
  #lastUpdateId: number;
  #webhook: Webhook | undefined;
  /** Undefined: the default, in which `my_chat_member` is not, since it must be named. */
  #allowed: string[] | undefined;
  #lastError: { date: number; message: string } | undefined;
  #poll: Poll | undefined;
  #delivering = false;
  #interrupt = new AbortController();
  #closed = false;

  constructor(options: UpdatesOptions) {
    this.#options = options;
    this.#lastUpdateId = Math.floor(options.now() / 1000);
  }

  get webhook(): Webhook | undefined {
    return this.#webhook;
  }

  add(content: UpdateContent): void {
    const allowed = this.#allowed ?? DEFAULT_ALLOWED;
    if (!Object.keys(content).some((kind) => allowed.includes(kind))) return;
    this.#lastUpdateId += 1;
    this.#pending.push({ update_id: this.#lastUpdateId, ...content });
    this.#options.onChange();
    this.#poll?.end();
    void this.#deliver();
  }

  /** An empty list means the default, as in the Bot API; undefined leaves it as it was. */
  allow(kinds: string[] | undefined): void {
    if (kinds !== undefined) this.#allowed = kinds.length === 0 ? undefined : kinds;
  }

  setWebhook(webhook: Webhook): void {
    this.#webhook = webhook;
    this.#lastError = undefined;
    this.#poll?.end(conflict('terminated by setWebhook request'));
    this.#restart();
  }

  deleteWebhook(): void {
    this.#webhook = undefined;
    this.#lastError = undefined;
    this.#restart();
  }

  dropPending(): void {
    this.#pending = [];
    this.#options.onChange();
  }

  info(): Record<string, unknown> {
    const info: Record<string, unknown> = {
      url: this.#webhook?.url ?? '',
      has_custom_certificate: false,
      pending_update_count: this.#pending.length,
    };
    if (this.#webhook !== undefined) info.max_connections = this.#webhook.maxConnections;
    if (this.#lastError !== undefined) {
      info.last_error_date = this.#lastError.date;
      info.last_error_message = this.#lastError.message;
    }
    if (this.#allowed !== undefined) info.allowed_updates = this.#allowed;
    return info;
  }

  /**
   * getUpdates: forgets what `offset` confirms, then answers what there is, or waits for it.
   * @param timeout seconds to wait for an update.
   * @throws {BotApiError} 409 while a webhook is set, or when another poll takes over.
   */
  async poll(offset: number, limit: number, timeout: number, signal: AbortSignal): Promise<Update[]> {
    if (this.#webhook !== undefined) {
      throw conflict(
        "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      );
    }
    this.#poll?.end(
      conflict('terminated by other getUpdates request; make sure that only one bot instance is running'),
    );
    this.#confirm(offset);
    if (this.#pending.length === 0 && timeout > 0) await this.#nextUpdate(timeout, signal);
    return this.#pending.slice(0, limit);
  }

  snapshot(): UpdatesSnapshot {
    const snapshot: UpdatesSnapshot = { pending: this.#pending, lastUpdateId: this.#lastUpdateId };
    if (this.#webhook !== undefined) snapshot.webhook = this.#webhook;
    if (this.#allowed !== undefined) snapshot.allowedUpdates = this.#allowed;
    return snapshot;
  }

  restore(snapshot: UpdatesSnapshot): void {
    this.#pending = snapshot.pending;
    this.#lastUpdateId = Math.max(snapshot.lastUpdateId, this.#lastUpdateId);
    this.#webhook = snapshot.webhook;
    this.#allowed = snapshot.allowedUpdates;
    void this.#deliver();
  }

  close(): void {
    this.#closed = true;
    this.#poll?.end();
    this.#interrupt.abort();
  }

  #confirm(offset: number): void {
    const before = this.#pending.length;
    if (offset > 0) this.#pending = this.#pending.filter((update) => update.update_id >= offset);
    if (offset < 0) this.#pending = this.#pending.slice(offset);
    if (this.#pending.length !== before) this.#options.onChange();
  }

  #nextUpdate(timeout: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const poll: Poll = {
        end: (error) => {
          clearTimeout(timer);
          signal.removeEventListener('abort', hangUp);
          if (this.#poll === poll) this.#poll = undefined;
          if (error === undefined) resolve();
          else reject(error);
        },
      };
      const hangUp = () => poll.end();
      const timer = setTimeout(hangUp, timeout * 1000);
      signal.addEventListener('abort', hangUp);
      this.#poll = poll;
    });
  }

  /** Ends the wait for a retry: the webhook has another address now, or none. */
  #restart(): void {
    this.#interrupt.abort();
    this.#interrupt = new AbortController();
    this.#options.onChange();
    void this.#deliver();
  }

  /** Sends the updates to the webhook one after the other; after a refused one the others wait. */
  async #deliver(): Promise<void> {
    if (this.#delivering) return;
    this.#delivering = true;
    let failures = 0;
    while (!this.#closed && this.#webhook !== undefined) {
      const update = this.#pending[0];
      if (update === undefined) break;
      const webhook = this.#webhook;
      const failure = await this.#post(webhook, update);
      if (failure === undefined) {
        failures = 0;
        this.#pending = this.#pending.filter((other) => other !== update);
        this.#options.onChange();
        continue;
      }
      // The webhook was changed meanwhile: the failure is not the new one's.
      if (this.#closed || this.#webhook !== webhook) continue;
      this.#lastError = { date: Math.floor(this.#options.now() / 1000), message: failure };
      await this.#pause(
        Math.min(LONGEST_RETRY_MILLISECONDS, this.#options.retryMilliseconds * 2 ** failures),
      );
      failures += 1;
    }
    this.#delivering = false;
  }

  async #pause(milliseconds: number): Promise<void> {
    await wait(milliseconds, undefined, { signal: this.#interrupt.signal }).catch(() => {
      // Interrupted: the webhook changed or the emulator closes, and the caller looks at both.
    });
  }

  /** Undefined when the webhook took the update, else what getWebhookInfo says of it. */
  async #post(webhook: Webhook, update: Update): Promise<string | undefined> {
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (webhook.secretToken !== undefined) headers['x-telegram-bot-api-secret-token'] = webhook.secretToken;
    const signal = AbortSignal.any([
      this.#interrupt.signal,
      AbortSignal.timeout(WEBHOOK_TIMEOUT_MILLISECONDS),
    ]);
    try {
      const body = JSON.stringify(update);
      // A redirect is a refusal: Telegram does not follow it.
      const response = await fetch(webhook.url, {
        method: 'POST',
        headers,
        body,
        signal,
        redirect: 'manual',
      });
      const answer = await response.text();
      if (!response.ok) {
        return `Wrong response from the webhook: ${response.status} ${response.statusText}`.trim();
      }
      this.#runReply(answer);
      return undefined;
    } catch (error) {
      return failureText(error);
    }
  }

  #runReply(answer: string): void {
    const reply = jsonOrUndefined(answer);
    if (!isRecord(reply) || typeof reply.method !== 'string') return;
    const { method, ...parameters } = reply;
    this.#options.onWebhookReply(method, parameters);
  }
}

function conflict(description: string): BotApiError {
  return new BotApiError(409, `Conflict: ${description}`);
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function failureText(error: unknown): string {
  if (error instanceof DOMException && error.name === 'TimeoutError') return 'Read timeout expired';
  const cause = error instanceof Error ? error.cause : undefined;
  const code = isRecord(cause) || cause instanceof Error ? (cause as { code?: unknown }).code : undefined;
  return code === 'ECONNREFUSED' ? 'Connection refused' : 'Connection failed';
}
