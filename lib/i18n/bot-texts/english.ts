import { eventLabels } from '../event-labels.ts';
import { withFullStop } from './full-stop.ts';
import { optOutLines, statusWith } from './status.ts';
import type { BotTexts, Shop } from './types.ts';

const events = eventLabels('en');

const newLink = ({ url }: Shop) => `To get a new one, log in to ${url} and ask for a link to Telegram again.`;

function contactOf({ contact, url }: Shop): string {
  return contact ? `To talk to the shop: ${contact}` : `To talk to the shop: ${url}`;
}

const optedOut = {
  person: 'You receive no notifications: you switched them off',
  shop: 'You receive no notifications: the shop switched them off',
};

const status = statusWith({
  events,
  shop: 'Shop',
  shopPaused: 'The shop has paused its notifications on Telegram.',
  linked: 'Linked',
  otherChats: 'Other linked chats',
  optedOut,
  on: 'Notifications that are on',
  off: 'Notifications that are off',
  allOn: 'All notifications are on',
  offInShort: 'Off',
  toChange: 'To change this: /settings',
});

export const english: BotTexts = {
  locale: 'en',
  commands: [
    { command: 'settings', description: 'Choose which notifications you receive' },
    { command: 'status', description: 'Which shop, which account, what is on' },
    { command: 'stop', description: 'Receive no more notifications' },
    { command: 'privacy', description: 'Which data is kept, why and for how long' },
    { command: 'unlink', description: 'Unlink this chat and erase your data' },
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
    expired: (shop) => `This link has expired.\n\n${newLink(shop)}`,
    unknown: (shop) =>
      `I don't know this link: perhaps a part of it is missing, or it is not valid any more.\n\n${newLink(shop)}`,
    outdated: (shop) => `This link was ended, and works no more.\n\n${newLink(shop)}`,
    'too-many-chats': (shop) =>
      `I have not linked this chat: your account at ${shop.name} has five already, the most it may have.\n\n` +
      `Write /unlink in one that you no longer use, then ask for a new link on ${shop.url}.`,
    'too-many-users': (shop) =>
      `I have not linked the account: this chat receives the notifications of twenty accounts at ${shop.name} already, the most it may have.\n\n` +
      `With /unlink you can remove one, then ask for a new link on ${shop.url}.`,
  },
  accountLinked: (shop, account) =>
    `✅ This chat now receives the notifications from ${shop} for ${withFullStop(account)}\nYour data: /privacy`,
  chatAdded: ({ name }, account) =>
    `🔗 Another Telegram chat was linked to your account at ${name}, ${account}: from now on notifications go there too.\n\n` +
    "If you don't know it, take it off with the button.",
  takeOffButton: 'Take the new chat off',
  takenOff: ({ name, url }, account) =>
    `Done: the new chat no longer receives the notifications of ${name} for ${account}.\n\n` +
    `If somebody has used a link of yours, look after your access on ${url}.`,
  wasTakenOff: ({ name, url }, account) =>
    `This chat no longer receives the notifications of ${name} for ${account}: another chat of the same account took it off.\n\n` +
    `If that was a mistake, link Telegram again on ${url}.`,
  shopPaused: (shop) =>
    `This chat is now linked to your account at ${shop.name}. The shop has paused its notifications on Telegram for now: they begin when it ` +
    'switches them on again.',
  status,
  settings: (shop, { account, isForSeveralChats, optOuts }) =>
    optOuts.length > 0
      ? `⚙️ Notifications of ${shop.name}${account ? ` for <b>${account}</b>` : ''}\n\n${optOutLines(optedOut, optOuts)}\n\nTo receive them again, tap the first button.`
      : `⚙️ Which notifications do you want from ${shop.name}${account ? ` for <b>${account}</b>` : ''}? A tap switches them on or off.` +
        (isForSeveralChats ? '\n\nYour choice holds for all chats that are linked to this account.' : ''),
  settingsOfWhom: (shop) =>
    `⚙️ This chat receives the notifications of ${shop.name} for several accounts. Whose settings do you want to change?`,
  help: (shop) =>
    `This bot sends the notifications of ${shop.name} that concern you: orders, carts, messages, activities and documents.\n\n` +
    '/settings – choose which notifications you receive\n' +
    '/status – which shop, which account, what is on\n' +
    '/stop – receive no more notifications in this chat\n' +
    '/privacy – which data is kept, why and for how long\n' +
    '/unlink – unlink this chat and erase your data\n' +
    '/start – begin again\n' +
    '/help – this message\n\n' +
    contactOf(shop),
  onlyNotifications: (shop) =>
    `This bot only sends the notifications of ${shop.name}: nobody reads what you write here.\n\n${contactOf(shop)}`,
  wishes: {
    stop: '🔕 No more notifications',
    settings: '⚙️ Choose notifications',
    contact: '💬 Talk to the shop',
  },
  contact: contactOf,
  privacy: (shop) =>
    `🔒 <b>Your data</b>\n\n` +
    `<b>What</b> – On behalf of ${shop.name} these are kept: your code and your name at the shop, the language, the number of this chat ` +
    'and your Telegram username, your choices, the carts and reminders that wait, and the log of the notifications that were sent, without their text.\n\n' +
    '<b>Why</b> – To send you the notifications that you asked for when you linked Telegram, and for nothing else.\n\n' +
    '<b>How long</b> – As long as the chat is linked. If the shop unlinks it, or Telegram cannot reach it any more, for some time longer, which the shop can tell you. The log is kept for 90 days. With /unlink you take this chat off; if it is the last of your account, you erase everything (backups expire after 35 days).\n\n' +
    `<b>Whom to ask</b> – The shop: ${shop.contact ?? shop.url}` +
    (shop.privacyUrl ? `\nThe shop's privacy notice: ${shop.privacyUrl}` : ''),
  privateChatsOnly: (shop) =>
    `This bot sends personal notifications of ${shop.name} and works in private chats only. Please write to it there. Thank you!`,

  stopped: (shop) =>
    `🔕 Done: from now on you receive no more notifications from ${shop.name} in this chat.\n\nDo you want them again? Switch them on whenever you like.`,
  stoppedBySite: (shop, accounts) =>
    `🔕 The notifications of ${shop.name} for ${accounts ?? 'your account'} are switched off on the site. Do you want to receive them again?`,
  nothingToStop: (shop) =>
    `This chat is not linked to any account at ${shop.name}: you receive no notifications, and there is nothing to switch off.`,
  backAgain: (shop, accounts) =>
    `🔔 The notifications of ${shop.name}${accounts ? ` for ${accounts}` : ''} are on again.\n\nTo choose which: /settings`,
  againButton: 'Yes, again',

  askToForget: {
    last: (shop) =>
      `🗑 Do you want to unlink this chat from ${shop.name}? You will receive no more notifications, and your data will be erased: name, choices (also that of receiving no notifications), log of notifications.\n\nIf you only want a pause, use /stop.`,
    oneOfSeveralChats: (shop) =>
      `🗑 Do you want to unlink this chat from ${shop.name}? You will receive no more notifications here. Your account has other chats: they stay as they are, and its data stays too.\n\nIf you only want a pause, use /stop.`,
    oneOfSeveralAccounts: (shop) =>
      `🗑 This chat receives the notifications of ${shop.name} for several accounts. Which one do you want to unlink? If this is its last chat, its data will be erased: name, choices, log of notifications.\n\nIf you only want a pause, use /stop.`,
  },
  forgetButton: 'Yes, unlink and erase',
  forgotten: (shop, accounts) =>
    `Done: this chat is no longer linked to the account ${accounts} at ${shop.name}, and its data is erased.\n\n` +
    `To come back, link Telegram again on ${shop.url}.`,
  unlinked: (shop, accounts) =>
    `Done: this chat is no longer linked to the account ${accounts} at ${shop.name}. The account has other chats, which stay as they are; its data stays too.`,
  nothingToUnlink: (shop) =>
    `This chat is not linked to any account at ${shop.name}: there is nothing to unlink or to erase.`,

  toastOn: (event) => `${event}: on`,
  toastOff: (event) => `${event}: off`,
  toastAllOff: 'All notifications are off: switch them on with the first button',
  toastBack: 'Notifications are on again',
  toastNotLinked: 'This chat is not linked any more',
  toastTakenOff: 'The new chat was taken off',
  toastTakenOffBefore: 'That chat is not linked any more',
  toastForgotten: 'Unlinked and erased',
};
