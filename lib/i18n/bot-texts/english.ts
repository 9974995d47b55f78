import type { EventName } from '../../domain/events.ts';
import { eventLabels } from '../event-labels.ts';
import type { BotTexts, Shop, Status } from './types.ts';

const events = eventLabels('en');

const newLink = ({ url }: Shop) => `To get a new one, log in to ${url} and ask for a link to Telegram again.`;

function contactOf({ contact, url }: Shop): string {
  return contact ? `To talk to the shop: ${contact}` : `To talk to the shop: ${url}`;
}

function status(shop: Shop, { account, since, on, off, isStopped, isShopPaused }: Status): string {
  const list = (names: EventName[]) => names.map((name) => `• ${events[name]}`).join('\n');
  const parts = [
    `Shop: ${shop.name}, ${shop.url}\nAccount: <b>${account}</b>${since ? `\nLinked: ${since}` : ''}`,
  ];
  if (isShopPaused) parts.push('⏸ The shop has paused its notifications on Telegram.');
  if (isStopped) parts.push('🔕 You receive no notifications: you, or the shop for you, switched them off.');
  if (!isStopped && on.length > 0) parts.push(`🔔 Notifications that are on:\n${list(on)}`);
  if (!isStopped && off.length > 0) parts.push(`🔕 Notifications that are off:\n${list(off)}`);
  parts.push('To change this: /settings');
  return parts.join('\n\n');
}

export const english: BotTexts = {
  locale: 'en',
  commands: [
    { command: 'settings', description: 'Choose which notifications you receive' },
    { command: 'status', description: 'Which shop, which account, what is on' },
    { command: 'stop', description: 'Receive no more notifications' },
    { command: 'help', description: 'What this bot can do' },
  ],
  description:
    'The notifications of the shop arrive here: orders, carts, messages, activities and documents. ' +
    "Link Telegram on the shop's site, then press Start.",
  shortDescription: "The shop's notifications on Telegram. It is linked on the shop's site.",
  events,

  howToLink: (shop) =>
    `👋 Hello! This bot sends the notifications of ${shop.name}.\n\n` +
    `To receive them, link Telegram to your account: log in to ${shop.url}, choose to link Telegram, ` +
    'and open the link you get there, or scan its QR code.',
  linkRefused: {
    used: (shop) =>
      'This link has been used already: each link works once. If it was you, from this chat, /status tells which ' +
      `account this chat is linked to.\n\n${newLink(shop)}`,
    expired: (shop) => `This link has expired: it works for 24 hours.\n\n${newLink(shop)}`,
    unknown: (shop) => `I don't know this link: perhaps a part of it is missing.\n\n${newLink(shop)}`,
  },
  accountLinked: (shop, account, formerAccount) =>
    `✅ This chat now receives the notifications from ${shop} for ${account}.` +
    (formerAccount ? ` The account ${formerAccount}, which received them here, is no longer linked.` : ''),
  movedToOtherChat: ({ name, url }) =>
    `🔁 Your account at ${name} is now linked to another Telegram chat: notifications go there, and no more of them come here.\n\n` +
    `If this was not you, log in to ${url} and link Telegram again.`,
  shopPaused: (shop) =>
    `This chat is now linked to your account at ${shop.name}. The shop has paused its notifications on Telegram for now: they begin when it ` +
    'switches them on again.',
  status,
  settings: (shop) => `⚙️ Which notifications do you want from ${shop.name}? A tap switches them on or off.`,
  help: (shop) =>
    `This bot sends the notifications of ${shop.name} that concern you: orders, carts, messages, activities and documents.\n\n` +
    '/settings – choose which notifications you receive\n' +
    '/status – which shop, which account, what is on\n' +
    '/stop – receive no more notifications\n' +
    '/start – begin again\n' +
    '/help – this message\n\n' +
    contactOf(shop),
  onlyNotifications: (shop) =>
    `This bot only sends the notifications of ${shop.name}: nobody reads what you write here.\n\n` +
    `${contactOf(shop)}\n\nWhat you can do with the bot: /help`,
  privateChatsOnly: (shop) =>
    `This bot sends personal notifications of ${shop.name} and works in private chats only. Please write to it there. Thank you!`,

  stopped: (shop) =>
    `🔕 Done: from now on you receive no more notifications from ${shop.name}.\n\nIf you change your mind, switch them on again whenever you like.`,
  stoppedBySite: (shop) =>
    `🔕 The notifications of ${shop.name} for your account are switched off on the site. Do you want to receive them again?`,
  nothingToStop: (shop) =>
    `This chat is not linked to any account at ${shop.name}: you receive no notifications, and there is nothing to switch off.`,
  backAgain: (shop) => `🔔 The notifications of ${shop.name} are on again.\n\nTo choose which: /settings`,
  againButton: 'Yes, again',

  toastOn: (event) => `${event}: on`,
  toastOff: (event) => `${event}: off`,
  toastBack: 'Notifications are on again',
  toastNotLinked: 'This chat is not linked any more',
};
