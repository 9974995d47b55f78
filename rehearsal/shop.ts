/** A shop of the rehearsal and its people, used over HTTPS, SQS and Telegram as they are by Passweb and by persons. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { PLATFORM_KEY, stackOf } from './deployment.ts';
import { ROOT } from './machine.ts';
import { expectEqual, Seen, until } from './steps.ts';

/** A message in a chat, as the emulator shows it. */
interface Shown {
  from: { is_bot: boolean };
  text: string;
}

interface Notification {
  userId: string;
  status: string;
  reason?: string;
  deliveryId?: string;
}

interface Answer {
  status: number;
  eventId?: string;
  repeated?: boolean;
  notifications?: Notification[];
  [other: string]: unknown;
}

interface Bot {
  token: string;
  username: string;
}

/** Their ids in the sample events, and the languages of their accounts. */
export const PEOPLE = {
  anna: { chatId: 1001, firstName: 'Anna', language: 'it', welcome: /Ciao Anna/ },
  bruno: { chatId: 1002, firstName: 'Bruno', language: 'en', welcome: /Bruno/ },
  carla: { chatId: 1003, firstName: 'Carla', language: 'it', welcome: /Ciao Carla/ },
};
export type PersonId = keyof typeof PEOPLE;

export class Shop {
  readonly siteId: string;
  readonly stage: string;
  readonly api: string;
  readonly telegram: string;
  readonly bot: Bot;
  siteKey = '';

  constructor(shop: { siteId: string; stage: string; api: string; telegram: string; bot: Bot }) {
    this.siteId = shop.siteId;
    this.stage = shop.stage;
    this.api = shop.api;
    this.telegram = shop.telegram;
    this.bot = shop.bot;
  }

  async call(method: string, path: string, body?: unknown, key = this.siteKey): Promise<Answer> {
    const answer = await fetch(`${this.api}/v1/sites/${this.siteId}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { ...(text.startsWith('{') && JSON.parse(text)), status: answer.status };
  }

  /** @throws Seen if the answer has another status. */
  async expect(status: number, method: string, path: string, body?: unknown, key?: string): Promise<Answer> {
    const answer = await this.call(method, path, body, key);
    if (answer.status !== status)
      throw new Seen(`${method} ${path}: ${JSON.stringify(answer)}, expected the status ${status}`);
    return answer;
  }

  /** Creates the site with the platform's key, and saves its bot. */
  async open(): Promise<void> {
    const site = { name: 'Shop', url: 'https://shop.example', moduleActive: true };
    const created = await this.expect(201, 'PUT', '', site, PLATFORM_KEY);
    this.siteKey = String(created.siteKey);
    const { token, username } = this.bot;
    await this.expect(200, 'PUT', '/bot', { token, username });
  }

  /** A link, Start in Telegram, and the welcome. */
  async link(userId: PersonId): Promise<void> {
    const { firstName, language, chatId, welcome } = PEOPLE[userId];
    const before = (await this.messages(chatId)).length;
    const { url } = await this.expect(201, 'POST', `/users/${userId}/link`, { firstName, language });
    await this.emulator(`chats/${chatId}/send`, { text: url, from: firstName });
    const [shown] = await this.newMessages(chatId, before, 1);
    if (!welcome.test(shown?.text ?? '')) throw new Seen(`The welcome of ${userId}: ${shown?.text}`);
  }

  report(event: string, payload: object): Promise<Answer> {
    return this.call('POST', `/events/${event}`, payload);
  }

  /** Sends an event to its queue. */
  async send(event: string, payload: object): Promise<void> {
    const sqs = new SQSClient({});
    const QueueName = `${stackOf(this.stage)}-${event}`;
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
    const MessageBody = JSON.stringify({ siteId: this.siteId, ...payload });
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    sqs.destroy();
  }

  /** What the bot has written into a chat. */
  async messages(chatId: number): Promise<Shown[]> {
    const answer = await fetch(`${this.telegram}/emulator/chats/${chatId}/messages?bot=${this.bot.username}`);
    const shown = answer.ok ? ((await answer.json()) as Shown[]) : [];
    return shown.filter(({ from }) => from.is_bot);
  }

  /** Those after the first `before`, once there are `count` of them. */
  async newMessages(chatId: number, before: number, count: number, limit = 60): Promise<Shown[]> {
    let shown: Shown[] = [];
    await until(
      `${count} new messages in chat ${chatId}`,
      limit,
      async () => {
        shown = (await this.messages(chatId)).slice(before);
        return shown.length >= count;
      },
      () => shown.map(({ text }) => text),
    );
    expectEqual(`new messages in chat ${chatId}`, shown.length, count);
    return shown;
  }

  /** Acts as a person, or as Telegram: docs/emulator.md. */
  async emulator(path: string, body: unknown = {}, method = 'POST'): Promise<unknown> {
    const answer = await fetch(`${this.telegram}/emulator/${path}`, { method, body: JSON.stringify(body) });
    if (!answer.ok) throw new Seen(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }
}

/** A sample event of `local/samples`, with another id. */
export async function sample(event: string, eventId: string): Promise<Record<string, unknown>> {
  const text = await readFile(join(ROOT, 'local', 'samples', `${event}.json`), 'utf8');
  return { ...JSON.parse(text), eventId };
}
