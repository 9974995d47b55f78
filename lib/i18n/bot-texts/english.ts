import { eventLabels } from '../event-labels.ts';
import { withFullStop } from './full-stop.ts';
import { optOutLines, statusWith } from './status.ts';
import { topicsAfterColon } from './topics.ts';
import type { BotTexts, Shop } from './types.ts';

const events = eventLabels('en');

const newLink = ({ url }: Shop) => `To get a new one, log in to ${url} and ask to link Telegram again.`;

function contactOf({ name, contact, url }: Shop): string {
  return `To contact ${name}: ${contact ?? url}`;
}

const optedOut = {
  person: () => 'You receive no notifications: you switched them off',
  shop: ({ name }: Shop) => `You receive no notifications: they were switched off by ${name}`,
};

const ifOnlyAPause = 'If you only want a pause, use /stop.';

export const english: BotTexts = {
  locale: 'en',
  events,

  howToLink: (shop) =>
    `👋 Hello! ${withFullStop(`This bot sends notifications from ${shop.name}`)}\n\n` +
    `To receive them, link Telegram to your account: log in to ${shop.url}, choose to link Telegram, ` +
    'and open the link you are shown, or scan the QR code.\n\n' +
    'If you have just opened that link, Telegram has not passed it on: copy the line that begins with “/start” from ' +
    'the site, and send it here.',
  linkRefused: {
    used: (shop) =>
      'This link has been used already: each link works only once. If you used it yourself in this chat, /status shows ' +
      `which account the chat is linked to.\n\n${newLink(shop)}`,
    expired: (shop) => `This link has expired.\n\n${newLink(shop)}`,
    unknown: (shop) =>
      `I don't know this link: perhaps a part of it is missing, or it is no longer valid.\n\n${newLink(shop)}`,
    outdated: (shop) => `This link was removed and no longer works.\n\n${newLink(shop)}`,
    newer: () => 'You already have a more recent link: there is nothing else to do.',
    'too-many-chats': ({ name, url }) =>
      `I could not link this chat: your account at ${name} already has five, the most it may have.\n\n` +
      `Send /unlink in a chat that you no longer use, then ask for a new link at ${url}.`,
    'too-many-users': ({ name, url }) =>
      `I could not link the account: this chat already receives the notifications for twenty accounts at ${name}, the most it may have.\n\n` +
      `With /unlink you can remove one; then ask for a new link at ${url}.`,
  },
  accountLinked: (shop, account) =>
    `✅ ${withFullStop(`This chat now receives the notifications from ${shop.name} for ${account}${topicsAfterColon(shop.events, 'en')}`)}\n` +
    'Your data: /privacy',
  chatAdded: ({ name }, account) =>
    `🔗 Another Telegram chat was linked to your account at ${name}, ${account}: from now on, notifications go there too.\n\n` +
    "If you don't recognise it, remove it with the button.",
  takeOffButton: 'Remove the new chat',
  takenOff: ({ name, url }, account) =>
    `Done: ${withFullStop(`the new chat no longer receives the notifications from ${name} for ${account}`)}\n\n` +
    `If somebody else used a link of yours, check who can access your account at ${url}.`,
  wasTakenOff: ({ name, url }, account) =>
    `This chat no longer receives the notifications from ${name} for ${account}: another chat of the same account removed it.\n\n` +
    `If that was a mistake, link Telegram again at ${url}.`,
  shopPaused: ({ name }) =>
    `This chat is now linked to your account at ${withFullStop(name)} Notifications on Telegram are paused at the moment: ` +
    'you will receive them here when they are switched on again.',
  status: statusWith({
    events,
    site: 'Site',
    paused: ({ name }) => `${name} has paused notifications on Telegram.`,
    linked: 'Linked',
    otherChats: 'Other linked chats',
    optedOut,
    on: 'Notifications that are on',
    off: 'Notifications that are off',
    allOn: 'All notifications are on',
    offInShort: 'Off',
    toChange: 'To change this: /settings',
  }),
  settings(shop, { account, isForSeveralChats, optOuts }) {
    const whose = account ? ` for <b>${account}</b>` : '';
    if (optOuts.length > 0)
      return `⚙️ Notifications from ${shop.name}${whose}\n\n${optOutLines(optedOut, shop, optOuts)}\n\nTo receive them again, tap the first button.`;
    if (shop.events.length === 0) return `⚙️ ${shop.name} sends no notifications on Telegram at the moment.`;
    return (
      `⚙️ Which notifications do you want from ${shop.name}${whose}? Tap one to switch it on or off.` +
      (isForSeveralChats ? '\n\nYour choice applies to all chats that are linked to this account.' : '')
    );
  },
  quietHours: {
    button: '🌙 Quiet hours',
    quietText: (shop, { account, isForSeveralChats, ofShop }) =>
      `🌙 <b>Quiet hours</b>${account ? ` for <b>${account}</b>` : ''}\n\n` +
      `In these hours the notifications from ${shop.name} can come without a sound, or only when the hours are over. ` +
      'What would be of no use afterwards comes before, without a sound.\n\n' +
      (ofShop
        ? `Hours of the site: from ${ofShop.from} to ${ofShop.to}, ${ofShop.mode === 'silent' ? 'without a sound' : 'when they are over'}. `
        : 'Hours of the site: none. ') +
      'What do you want?' +
      (isForSeveralChats ? '\n\nYour choice applies to all chats that are linked to this account.' : ''),
    likeSite: 'Like the site',
    silent: '🔕 Without a sound',
    after: '⏳ When they are over',
    off: '🔔 Always with a sound',
    fromHour: (hour) => `from ${hour}`,
    toHour: (hour) => `to ${hour}`,
    saved: 'Saved',
  },
  offers: {
    withdraw: '🏷️ No more offers',
    withdrawn: 'Done: no more offers. Your consent is withdrawn.',
  },
  settingsOfWhom: ({ name }) =>
    `⚙️ This chat receives the notifications from ${name} for several accounts. For which one do you want to change the settings?`,
  help: (shop) =>
    `This bot sends the notifications from ${shop.name} that concern you${topicsAfterColon(shop.events, 'en')}.\n\n` +
    '/settings – choose which notifications to receive\n' +
    '/status – linked accounts and active notifications\n' +
    '/stop – receive no more notifications in this chat\n' +
    '/privacy – which data is kept, why and for how long\n' +
    '/unlink – unlink this chat and erase your data\n' +
    '/start – start again\n' +
    '/help – read this message again\n\n' +
    contactOf(shop),
  onlyNotifications: (shop) =>
    `This bot only sends notifications from ${shop.name}: nobody reads what you write here.\n\n${contactOf(shop)}`,
  wishes: {
    stop: '🔕 No more notifications',
    settings: '⚙️ Choose notifications',
    contact: '💬 Contact',
  },
  contact: contactOf,
  privacy: (shop) =>
    '🔒 <b>Your data</b>\n\n' +
    `<b>What</b> – On behalf of ${shop.name}, these are kept: your user code and your name, the language, the number of this chat ` +
    'and your Telegram username, your choices' +
    (shop.advertises ? ', whether and when you agreed to offers' : '') +
    ', the notifications that are waiting to be sent, and the log of those that were sent, without their text' +
    (shop.countsClicks ? ' but with when their links are opened' : '') +
    '.\n\n' +
    '<b>Why</b> – To send you the notifications that you asked for when you linked Telegram' +
    (shop.advertises
      ? '; if you agreed to it, to send you offers about a cart that you left, until you withdraw that in /settings'
      : '') +
    (shop.countsClicks ? '; to tell the shop which of its messages are opened' : '') +
    '; and for nothing else.\n\n' +
    `<b>How long</b> – As long as the chat is linked. If it is unlinked on the site, or Telegram can no longer reach it, for some time longer: ${shop.name} can tell you how long. ` +
    'The log is kept for 90 days. With /unlink you unlink this chat; if it is the last one of your account, everything is erased (backups expire after 35 days).\n\n' +
    `<b>Whom to ask</b> – ${shop.name}: ${shop.contact ?? shop.url}` +
    (shop.privacyUrl ? `\nPrivacy notice: ${shop.privacyUrl}` : ''),
  privateChatsOnly: ({ name }) =>
    `This bot sends personal notifications from ${name} and works in private chats only: please write to it there. Thank you!`,

  stopped: ({ name }) =>
    `🔕 Done: from now on you will receive no more notifications from ${name} in this chat.\n\nYou can switch them on again whenever you like.`,
  stoppedBySite: ({ name }, accounts) =>
    `🔕 The notifications from ${name} for ${accounts ?? 'your account'} were switched off on the site. Do you want to receive them again?`,
  nothingToStop: ({ name }) =>
    `This chat is not linked to any account at ${name}: it receives no notifications, and there is nothing to switch off.`,
  backAgain: ({ name }, accounts) =>
    `🔔 The notifications from ${name}${accounts ? ` for ${accounts}` : ''} are on again.\n\nTo choose which ones to receive: /settings`,
  againButton: 'Switch notifications on again',

  askToForget: {
    last: ({ name }) =>
      `🗑 Do you want to unlink this chat from ${name}? You will receive no more notifications, and your data will be erased: name, choices (also that of receiving no notifications) and the log of notifications.\n\n${ifOnlyAPause}`,
    oneOfSeveralChats: ({ name }) =>
      `🗑 Do you want to unlink this chat from ${name}? You will receive no more notifications here. The other chats of your account stay linked, and no data is erased.\n\n${ifOnlyAPause}`,
    oneOfSeveralAccounts: ({ name }) =>
      `🗑 This chat receives the notifications from ${name} for several accounts. Which one do you want to unlink? If this is its last chat, the data of the account will be erased: name, choices and the log of notifications.\n\n${ifOnlyAPause}`,
  },
  forgetButton: 'Yes, unlink and erase',
  unlinkButton: 'Yes, unlink',
  forgotten: ({ name, url }, accounts) =>
    `Done: this chat is no longer linked to the account ${accounts} at ${name}, and the data of the account has been erased.\n\n` +
    `To receive notifications again, link Telegram at ${url}.`,
  unlinked: ({ name }, accounts) =>
    `Done: ${withFullStop(`this chat is no longer linked to the account ${accounts} at ${name}`)} The other chats of the account stay linked, and no data was erased.`,
  nothingToUnlink: ({ name }) =>
    `This chat is not linked to any account at ${name}: there is nothing to unlink or to erase.`,

  toastOn: (event) => `${event}: on`,
  toastOff: (event) => `${event}: off`,
  toastAllOff: 'All notifications are off: switch them on with the first button',
  toastBack: 'Notifications are on again',
  toastNotLinked: 'This chat is not linked any more',
  toastTakenOff: 'The new chat was removed',
  toastTakenOffBefore: 'That chat is not linked any more',
  toastForgotten: 'Chat unlinked',
};
