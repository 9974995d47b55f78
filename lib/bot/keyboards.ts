import { type OwnQuietHours, QUIET_MODES, type QuietHours } from '../domain/quiet-hours.ts';
import { noticesFor, SWITCHABLE_EVENTS, type SwitchableEvent, staffEvent } from '../domain/staff.ts';
import type { BotTexts, Shop } from '../i18n/bot-texts/index.ts';
import { type ChatLink, isOptedOutIn, linkIn, type User } from '../store/user.ts';
import type { Keyboard } from '../telegram/client.ts';
import { cutText } from '../telegram/text/cut.ts';
import { shownAccount } from '../telegram/text/name.ts';
import { linkRef, TAKE_OFF, takeOffData, youngerLinks } from '../users/link-ref.ts';

/** Actions on the whole chat, or on one account in it. */
const ACTIONS = ['again', 'stop', 'settings', 'forget', 'contact', 'no-offers', TAKE_OFF] as const;

/**
 * What a tapped button stands for. `ref` names a link; absent: all accounts of the chat.
 */
export type ButtonAction =
  | { kind: (typeof ACTIONS)[number]; ref?: string }
  | { kind: 'switch'; event: SwitchableEvent; on: boolean; ref?: string }
  /** `show`: the choice; `site`: as the site has it. */
  | { kind: 'quiet'; choice: 'show' | 'site' | OwnQuietHours; ref?: string };

/** An account of a chat, and its link there. */
export interface Account {
  user: User;
  link: ChatLink;
  /** The name of the link. */
  ref: string;
}

/** The accounts of a chat. */
export function accountsIn(users: User[], chatId: number): Account[] {
  return users.flatMap((user) => {
    const link = linkIn(user, chatId);
    return link ? [{ user, link, ref: linkRef(user, link) }] : [];
  });
}

/** What a user may switch on and off: what the site sends, and what they are told as somebody who works in the shop. */
export function switchesOf({ events, staff }: Shop, { userId }: User): SwitchableEvent[] {
  return [...events, ...noticesFor({ staff }, userId).map(staffEvent)];
}

/**
 * One button for each event that the site sends, with a check mark where it is on. The data of a button says which state to
 * set, not "the other one": tapped twice in a hurry, or received twice, it has the same effect as once.
 *
 * Of an account that gets nothing all are shown as off, and the first button switches them on again.
 */
export function settingsKeyboard(account: Account, texts: BotTexts, shop: Shop): Keyboard {
  const { user, link, ref } = account;
  const isSilent = isOptedOutIn(user, link);
  const switches = switchesOf(shop, user).map((event) => {
    const isOn = !isSilent && !user.mutedEvents?.includes(event);
    const mark = isOn ? '✅' : '⬜️';
    const data = `${isOn ? 'off' : 'on'}:${event}:${ref}`;
    return [{ text: `${mark} ${texts.events[event]}`, callback_data: data }];
  });
  if (isSilent) return [...againKeyboard([account], false, texts), ...switches];
  const quiet = [{ text: texts.quietHours.button, callback_data: `quiet:show:${ref}` }];
  // Only whoever has consented to advertising can withdraw that.
  const offers = user.marketingConsent?.given
    ? [[{ text: texts.offers.withdraw, callback_data: `no-offers:${ref}` }]]
    : [];
  return switches.length > 0 ? [...switches, quiet, ...offers] : offers;
}

/** What a person chooses from; any other hours are set on the site. */
const FROM = ['21:00', '22:00', '23:00'];
const TO = ['07:00', '08:00', '09:00'];
const USUAL = { from: '22:00', to: '08:00' };

/** The choice of quiet hours, with a check mark at the present one. The data of each button says all of what to set. */
export function quietKeyboard(
  { user: { quietHours: own }, ref }: Account,
  { quietHours: texts }: BotTexts,
  ofSite: QuietHours | undefined,
): Keyboard {
  const ownHours = own && own.mode !== 'off' ? own : undefined;
  const { from, to } = ownHours ?? ofSite ?? USUAL;
  const button = (text: string, choice: 'site' | OwnQuietHours, isChosen: boolean) => ({
    text: isChosen ? `✅ ${text}` : text,
    callback_data: `quiet:${quietData(choice)}:${ref}`,
  });
  const inMode = (mode: QuietHours['mode']) => button(texts[mode], { from, to, mode }, own?.mode === mode);
  const rows = [
    [button(texts.likeSite, 'site', own === undefined)],
    [inMode('silent'), inMode('after')],
    [button(texts.off, { mode: 'off' }, own?.mode === 'off')],
  ];
  if (!ownHours) return rows;
  return [
    ...rows,
    withOwn(FROM, from, to).map((time) =>
      button(texts.fromHour(shortTime(time)), { ...ownHours, from: time }, time === from),
    ),
    withOwn(TO, to, from).map((time) =>
      button(texts.toHour(shortTime(time)), { ...ownHours, to: time }, time === to),
    ),
  ];
}

/** The times with the present one, and without one that there would be no hours with. */
function withOwn(times: string[], own: string, other: string): string[] {
  return [...new Set([...times, own])].filter((time) => time !== other).sort();
}

function shortTime(time: string): string {
  return time.replace(/^0?(\d+):00$/, '$1');
}

function quietData(choice: 'site' | OwnQuietHours): string {
  if (choice === 'site') return choice;
  if (choice.mode === 'off') return 'off';
  return [choice.mode, choice.from, choice.to].join('-').replaceAll(':', '');
}

const HOURS = /^(silent|after)-([01]\d|2[0-3])([0-5]\d)-([01]\d|2[0-3])([0-5]\d)$/;

function quietChoiceOf(text: string): 'show' | 'site' | OwnQuietHours | undefined {
  if (text === 'show' || text === 'site') return text;
  if (text === 'off') return { mode: 'off' };
  const [, mode, fromHour, fromMinute, toHour, toMinute] = HOURS.exec(text) ?? [];
  const from = `${fromHour}:${fromMinute}`;
  const to = `${toHour}:${toMinute}`;
  const known = QUIET_MODES.find((each) => each === mode);
  return known && from !== to ? { from, to, mode: known } : undefined;
}

/** What the buttons that name an account do, and the mark before its name. */
const MARKS = { again: '🔔', settings: '⚙️', forget: '🗑' } as const;

/** One button for each account: the same action for another account. */
export function accountsKeyboard(accounts: Account[], action: keyof typeof MARKS): Keyboard {
  return accounts.map(({ user, ref }) => [
    {
      text: cutText(`${MARKS[action]} ${shownAccount(user)}`, MAX_LABEL),
      callback_data: `${action}:${ref}`,
    },
  ]);
}

/** A telephone does not show more of a button's text; UTF-16 units. */
const MAX_LABEL = 64;

/**
 * The buttons with which a person who has stopped or opted out opts in again: each account by itself. Each button names
 * its account: it stays in the chat, which may have others by the time it is tapped.
 *
 * @param isOneOfSeveral whether the chat has further accounts.
 */
export function againKeyboard(accounts: Account[], isOneOfSeveral: boolean, texts: BotTexts): Keyboard {
  const [only] = accounts;
  if (isOneOfSeveral || !only) return accountsKeyboard(accounts, 'again');
  return [[{ text: texts.againButton, callback_data: `again:${only.ref}` }]];
}

/** The buttons that confirm that a link shall end: each account by itself, or the only one. */
export function forgetKeyboard(accounts: Account[], texts: BotTexts): Keyboard {
  const [only, ...others] = accounts;
  if (!only || others.length > 0) return accountsKeyboard(accounts, 'forget');
  const text = only.user.chats.length > 1 ? texts.unlinkButton : texts.forgetButton;
  return [[{ text, callback_data: `forget:${only.ref}` }]];
}

/** One button for each chat that was added to the account after this one. */
export function takeOffKeyboard(accounts: Account[], texts: BotTexts): Keyboard {
  return accounts.flatMap(({ user, link }) =>
    youngerLinks(user, link).map((younger) => [
      { text: texts.takeOffButton, callback_data: takeOffData(younger) },
    ]),
  );
}

/** What a person who writes to the bot may want. */
export function wishesKeyboard(texts: BotTexts, isLinked: boolean): Keyboard {
  const { stop, settings, contact } = texts.wishes;
  return [
    ...(isLinked
      ? [[{ text: stop, callback_data: 'stop' }], [{ text: settings, callback_data: 'settings' }]]
      : []),
    [{ text: contact, callback_data: 'contact' }],
  ];
}

/** The form of a link's name. */
const REF = /^[A-Za-z0-9_-]{16}$/;

/** What the data of a button stands for; `undefined` for data that no button of ours has. */
export function parseCallbackData(data: string): ButtonAction | undefined {
  const [name, ...rest] = data.split(':');
  const kind = ACTIONS.find((action) => action === name);
  const state = name === 'on' || name === 'off' ? name : undefined;
  const event = state && SWITCHABLE_EVENTS.find((known) => known === rest[0]);
  const choice = name === 'quiet' ? quietChoiceOf(rest[0] ?? '') : undefined;
  const [ref, ...more] = event || choice ? rest.slice(1) : rest;
  if (more.length > 0 || (ref !== undefined && !REF.test(ref))) return undefined;
  const named = ref === undefined ? {} : { ref };
  if (choice) return { kind: 'quiet', choice, ...named };
  if (kind) return { kind, ...named };
  return event && { kind: 'switch', event, on: state === 'on', ...named };
}
