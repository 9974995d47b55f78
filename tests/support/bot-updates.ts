/** Updates in Telegram's form, and the demo bot's webhook, which receives them. */

import type { Context } from 'aws-lambda';
import type { Answer } from './api-events.ts';
import type { App } from './app.ts';
import { WEBHOOK_SECRET } from './fixtures.ts';

let lastUpdate = 1_000;

export function nextUpdateId(): number {
  lastUpdate += 1;
  return lastUpdate;
}

/** A message of an update, written now; a command has its entity. */
export function messageOf(chatId: number, text: string, languageCode?: string): object {
  const [command] = text.match(/^\/[\w@]+/) ?? [];
  const type = chatId < 0 ? 'group' : 'private';
  return {
    message_id: lastUpdate,
    date: Math.floor(Date.now() / 1_000),
    chat: { id: chatId, type, ...(type === 'private' ? { first_name: 'Zoe' } : { title: 'Gruppo' }) },
    from: personOf(chatId, languageCode),
    text,
    ...(command && { entities: [{ type: 'bot_command', offset: 0, length: command.length }] }),
  };
}

function personOf(chatId: number, languageCode?: string): object {
  const language = languageCode && { language_code: languageCode };
  return { id: Math.abs(chatId), is_bot: false, first_name: 'Zoe', ...language };
}

/** A callback query of an update. Telegram does not know it, so answering it fails with "too old". */
export function callbackQueryOf(chatId: number, messageId: number, data: string): object {
  const chat = { id: chatId, type: chatId < 0 ? 'group' : 'private' };
  return {
    id: `press-${nextUpdateId()}`,
    from: personOf(chatId),
    chat_instance: '1',
    data,
    message: { message_id: messageId, date: 1_795_341_600, chat },
  };
}

interface WebhookParts {
  siteId?: string;
  /** `null`: none. */
  secret?: string | null;
  context?: Partial<Context>;
}

export interface Webhook {
  /** Sends any body to the webhook, as Telegram or as somebody else. */
  call(body: unknown, parts?: WebhookParts): Promise<Answer>;
  /** Sends an update, which must be accepted. What was sent before it counts for no rate limit. */
  update(content: object): Promise<void>;
  /** The person writes a text. */
  write(chatId: number, text: string, languageCode?: string): Promise<void>;
  /** The person presses a button of a message. */
  pressButton(chatId: number, messageId: number, data: string): Promise<void>;
  /** The bot's own membership of a chat changes. */
  changeMember(chatId: number, before: string, now: string): Promise<void>;
}

/** The webhook of the demo bot, with the secret of `siteWithWebhook`. */
export function webhookOf(app: App): Webhook {
  const webhook: Webhook = {
    call: (body, { siteId = 'demo', secret = WEBHOOK_SECRET, context } = {}) =>
      // Whatever the site is: a path with some of them would lead to another function.
      app.call('POST', '/v1/telegram/demo', {
        key: null,
        headers: secret === null ? {} : { 'x-telegram-bot-api-secret-token': secret },
        // Also an empty one, which no real path has.
        pathParameters: { siteId },
        body,
        ...(context && { context }),
      }),
    async update(content) {
      await app.stack.empty('PacesTable');
      const { status, text } = await webhook.call({ update_id: nextUpdateId(), ...content });
      if (status !== 200) throw new Error(`The webhook answered ${status}: ${text}`);
    },
    write: (chatId, text, languageCode) => webhook.update({ message: messageOf(chatId, text, languageCode) }),
    async pressButton(chatId, messageId, data) {
      await webhook.update({ callback_query: await app.telegram.pressButton(chatId, messageId, data) });
    },
    changeMember: (chatId, before, now) =>
      webhook.update({
        my_chat_member: {
          ...messageOf(chatId, ''),
          old_chat_member: { status: before, user: { id: 100, is_bot: true, first_name: 'Demo Shop' } },
          new_chat_member: { status: now, user: { id: 100, is_bot: true, first_name: 'Demo Shop' } },
        },
      }),
  };
  return webhook;
}
