/** People and their phones, as the shop, Telegram and the queue see them: for tests that follow a whole story. */
import { toPathId } from '../../lib/http/path-ids.ts';
import type { App } from './app.ts';
import type { Webhook } from './bot-updates.ts';
import { record } from './sqs-events.ts';

export interface People {
  /** The person opens a new link of the user in this chat. */
  link(userId: string, chatId: number, details?: object): Promise<void>;
  /** The shop sends each of these users a message. Returns the answer's notifications. */
  tell(eventId: string, ...userIds: string[]): Promise<Record<string, string>[]>;
  /** Hands everything that is queued to `deliver`. */
  deliver(): Promise<void>;
  /** What the chat shows, without the messages that were there at the last `forget`. */
  textsIn(chatId: number): Promise<string[]>;
  /** The data of the buttons under the last message of the chat. */
  buttonsIn(chatId: number): Promise<{ text: string; data: string }[]>;
  /** The person presses the button of the last message whose text matches. */
  press(chatId: number, label: RegExp): Promise<void>;
}

export function peopleOf(app: App, webhook: Webhook): People {
  const people: People = {
    async link(userId, chatId, details = {}) {
      const { json } = await app.call('POST', `/v1/sites/demo/users/${toPathId(userId)}/link`, {
        body: details,
      });
      await webhook.write(chatId, `/start ${json.token}`);
      await people.deliver();
    },
    async tell(eventId, ...userIds) {
      const { json } = await app.report('message-sent', {
        eventId,
        message: { id: eventId, subject: `F24 ${eventId}` },
        sender: { id: 'studio', companyName: 'Studio Bianchi' },
        recipients: userIds.map((id) => ({ id })),
      });
      await people.deliver();
      return json.notifications;
    },
    async deliver() {
      for (const each of await app.takeQueued()) {
        // The pace of the bot and of its chats is the matter of other tests.
        await app.stack.empty('PacesTable');
        const kept = await app.deliver([record(each)]);
        if (kept.length > 0) throw new Error(`Not delivered: ${JSON.stringify(each)}`);
      }
    },
    textsIn: (chatId) => app.telegram.textsIn(chatId),
    async buttonsIn(chatId) {
      const rows = (await app.telegram.lastIn(chatId)).reply_markup?.inline_keyboard ?? [];
      return rows.flat().map(({ text, callback_data }) => ({ text, data: String(callback_data) }));
    },
    async press(chatId, label) {
      const { message_id } = await app.telegram.lastIn(chatId);
      const button = (await people.buttonsIn(chatId)).find(({ text }) => label.test(text));
      if (!button) throw new Error(`No button ${label} in chat ${chatId}.`);
      await webhook.pressButton(chatId, message_id, button.data);
    },
  };
  return people;
}
