/** The shops of the benchmark of the neighbours, and what they report. */
import { createHash } from 'node:crypto';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Template } from '../lib/domain/templates.ts';
import type { Site } from '../lib/store/sites.ts';
import { siteChatOf } from '../lib/store/stored-user.ts';
import type { BotAccount } from '../local/emulator/types.ts';
import { apiEvent } from '../tests/support/api-events.ts';
import { nextUpdateId } from '../tests/support/bot-updates.ts';
import type { Deployment } from './deployment.ts';
import { site } from './world.ts';

/** All shops have the same key, and their webhooks the same secret. */
const KEY = 'pwtg_bench';
const WEBHOOK_SECRET = 'webhook-secret-of-the-benchmark';

const URL = 'https://shop.example';
const HOUR = 3_600_000;

export interface Shop {
  siteId: string;
  bot: BotAccount;
  /** Telegram does not know the bot's token. */
  isDead: boolean;
  /** The number of people, with one chat each. */
  people: number;
  firstChat: number;
  templates: Template[];
}

/** @param number a different one for each shop. */
export function shopOf(
  siteId: string,
  number: number,
  { people = 24, isDead = false, templates = PLAIN_TEMPLATES }: Partial<Shop> = {},
): Shop {
  const id = 10_000 + number;
  const bot = {
    id,
    token: `${id}:${siteId}`,
    username: `${siteId.replaceAll('-', '_')}_bot`,
    first_name: siteId,
  };
  return { siteId, bot, isDead, people, firstChat: 1_000_000 + number * 1_000, templates };
}

export function template(event: Template['event'], id: string, it: string): Template {
  const statuses = event === 'order-status' && { statuses: ['Confermato'] };
  return { id, name: id, event, enabled: true, ...statuses, text: { it } };
}

/** A message is the reference of its event, so that it is found in the chat. */
const PLAIN_TEMPLATES = [
  template('order-status', 'order', '{{siglaDocumento}}'),
  template('message-sent', 'message', '{{oggettoMessaggio}}'),
  template('activity-reminder', 'reminder', '{{oggettoAttivita}}'),
];

/** Writes shops and people as the former release did, past the limits of the API. */
export async function writeShops(deployment: Deployment, shops: Shop[]): Promise<void> {
  await deployment.write('SitesTable', await Promise.all(shops.map(siteItem)));
  await deployment.write(
    'UsersTable',
    shops.flatMap((shop) => Array.from({ length: shop.people }, (_, index) => userItem(shop, index))),
  );
}

async function siteItem({ siteId, bot, templates }: Shop): Promise<Site> {
  const { bot: plain, ...rest } = await site(siteId, String(bot.id), bot.token);
  return {
    ...rest,
    url: URL,
    ...(plain && { bot: { ...plain, username: bot.username, webhookSecretHash: hash(WEBHOOK_SECRET) } }),
    keyHashes: [hash(KEY)],
    templates,
  };
}

function userItem({ siteId, firstChat }: Shop, index: number): object {
  const chatId = firstChat + index;
  return { siteId, userId: userId(index), chatId, siteChat: siteChatOf(siteId, chatId) };
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export function userId(index: number): string {
  return `user-${index}`;
}

const recipient = (index: number) => ({
  id: userId(index),
  firstName: 'Anna',
  language: 'it',
  kind: 'customer',
});

export function orderOf(reference: string, person: number): object {
  return {
    eventId: reference,
    order: {
      id: reference,
      reference,
      status: 'Confermato',
      itemCount: 1,
      total: { amount: '10.00', currency: 'EUR' },
      url: `${URL}/ordini/1`,
    },
    holder: recipient(person),
  };
}

export function messageOf(
  eventId: string,
  people: number[],
  message: { subject: string; text?: string },
): object {
  return {
    eventId,
    message: { id: eventId, ...message },
    sender: { id: 'carla', firstName: 'Carla' },
    recipients: people.map(recipient),
  };
}

/** @param dueAt when to remind: milliseconds since 1970. */
export function reminderOf(reference: string, people: number[], dueAt: number): object {
  return {
    eventId: reference,
    activity: { id: reference, subject: reference, date: new Date(dueAt + HOUR).toISOString() },
    remindMinutesBefore: HOUR / 60_000,
    recipients: people.map(recipient),
  };
}

/** Reports an event over HTTPS. @returns the status of the answer. */
export function report(
  deployment: Deployment,
  siteId: string,
  event: string,
  body: object,
  key = KEY,
): Promise<number> {
  const path = `/v1/sites/{siteId}/events/${event}`;
  const request = { siteId, path, headers: { authorization: `Bearer ${key}` }, body };
  return post(deployment, event, request);
}

/** A person writes to the shop's bot. @param date seconds since 1970. */
export function writeToBot(
  deployment: Deployment,
  shop: Shop,
  chatId: number,
  date: number,
): Promise<number> {
  const person = { id: chatId, first_name: 'Anna' };
  const message = {
    message_id: nextUpdateId(),
    date,
    chat: { ...person, type: 'private' },
    from: { ...person, is_bot: false },
    text: 'Buongiorno',
  };
  return post(deployment, 'bot', {
    siteId: shop.siteId,
    path: '/v1/telegram/{siteId}',
    headers: { 'x-telegram-bot-api-secret-token': WEBHOOK_SECRET },
    body: { update_id: nextUpdateId(), message },
  });
}

async function post(
  deployment: Deployment,
  functionName: string,
  {
    siteId,
    path,
    headers,
    body,
  }: { siteId: string; path: string; headers: Record<string, string>; body: object },
): Promise<number> {
  const request = apiEvent({
    method: 'POST',
    path: path.replace('{siteId}', siteId),
    routeKey: `POST ${path}`,
    pathParameters: { siteId },
    headers,
    body,
  });
  const answer = (await deployment.invoke(functionName, request)) as APIGatewayProxyStructuredResultV2;
  return answer.statusCode ?? 0;
}
