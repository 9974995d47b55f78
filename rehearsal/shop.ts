/** A shop of the rehearsal and its people, used over HTTPS, SQS and Telegram as they are by Passweb and by persons. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { stackOf } from './deployment.ts';
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

export interface Answer {
  status: number;
  repeated?: boolean;
  notifications?: Notification[];
  [other: string]: unknown;
}

export interface Bot {
  token: string;
  username: string;
}

/** The people of the sample events, with the languages of their accounts. */
const LANGUAGES = { anna: 'it', bruno: 'en', carla: 'it' };
export type PersonId = keyof typeof LANGUAGES;

export class Shop {
  readonly siteId: string;
  readonly stage: string;
  readonly api: string;
  readonly telegram: string;
  readonly bot: Bot;
  readonly url: string;
  /** The chats of its people: faults of the emulator are for a chat, so no two shops have the same. */
  readonly #chats: Record<string, number>;
  siteKey = '';

  constructor(shop: {
    siteId: string;
    stage: string;
    api: string;
    telegram: string;
    bot: Bot;
    url?: string;
    /** By person. */
    chats: Record<string, number>;
  }) {
    this.siteId = shop.siteId;
    this.stage = shop.stage;
    this.api = shop.api;
    this.telegram = shop.telegram;
    this.bot = shop.bot;
    this.url = shop.url ?? 'https://shop.example';
    this.#chats = shop.chats;
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

  /** Creates the site. */
  async open(platformKey: string): Promise<void> {
    const site = { name: 'Shop', url: this.url, moduleActive: true };
    const created = await this.expect(201, 'PUT', '', site, platformKey);
    this.siteKey = String(created.siteKey);
  }

  async saveBot(): Promise<void> {
    const { token, username } = this.bot;
    await this.expect(200, 'PUT', '/bot', { token, username });
  }

  /** A link, Start in Telegram, and the welcome. */
  async link(userId: PersonId): Promise<void> {
    const firstName = userId.replace(/^./, (initial) => initial.toUpperCase());
    const person = { firstName, language: LANGUAGES[userId] };
    const { url } = await this.expect(201, 'POST', `/users/${userId}/link`, person);
    await this.follow(userId, String(url));
    await this.message(userId, firstName);
  }

  /** The payload of `order-status`, of an order with this id and reference. */
  order(reference: string, userId = 'anna') {
    const total = { amount: '9.90', currency: 'EUR' };
    const order = {
      id: reference,
      reference,
      status: 'Confermato',
      itemCount: 1,
      total,
      url: `${this.url}/ordini`,
    };
    return { eventId: reference, order, holder: { id: userId } };
  }

  report(event: string, payload: object): Promise<Answer> {
    return this.call('POST', `/events/${event}`, payload);
  }

  /** Sends an event to its queue. */
  async send(event: string, payload: object): Promise<void> {
    const MessageBody = JSON.stringify({ siteId: this.siteId, ...payload });
    await this.#inQueue(event, (sqs, QueueUrl) =>
      sqs.send(new SendMessageCommand({ QueueUrl, MessageBody })),
    );
  }

  /** The messages of a queue, which stay there. */
  async messagesIn(queue: string): Promise<Message[]> {
    const { Messages = [] } = await this.#inQueue(queue, (sqs, QueueUrl) =>
      sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 0, MessageAttributeNames: ['All'] })),
    );
    return Messages;
  }

  /** How many messages a queue has, those that are in flight included. */
  async depthOf(queue: string): Promise<number> {
    const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
    const { Attributes = {} } = await this.#inQueue(queue, (sqs, QueueUrl) =>
      sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] })),
    );
    return AttributeNames.reduce((sum, name) => sum + Number(Attributes[name]), 0);
  }

  async #inQueue<Result>(
    name: string,
    use: (sqs: SQSClient, url: string) => Promise<Result>,
  ): Promise<Result> {
    const sqs = new SQSClient({});
    try {
      const { QueueUrl = '' } = await sqs.send(
        new GetQueueUrlCommand({ QueueName: `${stackOf(this.stage)}-${name}` }),
      );
      return await use(sqs, QueueUrl);
    } finally {
      sqs.destroy();
    }
  }

  /** What the bot has written to a person, oldest first. */
  async messages(userId: string): Promise<string[]> {
    const chat = `${this.telegram}/emulator/chats/${this.#chats[userId]}/messages`;
    const answer = await fetch(`${chat}?bot=${this.bot.username}`);
    const shown = answer.ok ? ((await answer.json()) as Shown[]) : [];
    return shown.filter(({ from }) => from.is_bot).map(({ text }) => text);
  }

  /** Those that hold a text, once there is one. A second one would be one too many. */
  async message(userId: string, text: string, limit = 90): Promise<string> {
    const find = async () => (await this.messages(userId)).filter((shown) => shown.includes(text));
    await until(
      `a message to ${userId} with "${text}"`,
      limit,
      async () => (await find()).length > 0,
      () => this.messages(userId),
    );
    const found = await find();
    expectEqual(`messages to ${userId} with "${text}"`, found.length, 1);
    return found[0] ?? '';
  }

  /** A person follows a link and presses Start. */
  async follow(userId: string, link: string): Promise<void> {
    await this.act(`chats/${this.#chats[userId]}/send`, { text: link });
  }

  /** A person writes to the bot. */
  async write(userId: string, text: string): Promise<void> {
    await this.act(`chats/${this.#chats[userId]}/send`, { text, bot: this.bot.username });
  }

  /** Telegram answers messages to a person with this status. @param times absent: until `heal`. */
  async fail(userId: string, status: number, times?: number): Promise<void> {
    const body = { ok: false, error_code: status, description: 'The rehearsal says so' };
    await this.act('faults', {
      method: 'sendMessage',
      chatId: this.#chats[userId],
      status,
      body,
      ...(times && { times }),
    });
  }

  /** Ends what fails for a person. */
  heal(userId: string): Promise<void> {
    return this.act(`faults?chatId=${this.#chats[userId]}`, {}, 'DELETE');
  }

  /** Acts as a person, or as Telegram: docs/emulator.md. */
  async act(path: string, body: unknown = {}, method = 'POST'): Promise<void> {
    const answer = await fetch(`${this.telegram}/emulator/${path}`, { method, body: JSON.stringify(body) });
    if (!answer.ok) throw new Seen(`${path}: ${answer.status} ${await answer.text()}`);
  }
}

/** A sample event of `local/samples`, with another id. */
export async function sample(event: string, eventId: string): Promise<Record<string, unknown>> {
  const text = await readFile(join(ROOT, 'local', 'samples', `${event}.json`), 'utf8');
  return { ...JSON.parse(text), eventId };
}
