import type { EventName } from '../../domain/events.ts';
import type { QuietHours } from '../../domain/quiet-hours.ts';
import type { StaffMember, SwitchableEvent } from '../../domain/staff.ts';

/** A site as the texts name it. Each text is Telegram's HTML, already escaped. */
export interface Shop {
  name: string;
  url: string;
  /** How to reach the merchant; absent where the merchant has not said it. */
  contact: string | undefined;
  /** The address of the site's privacy notice; absent where the merchant has not given it. */
  privacyUrl: string | undefined;
  /** Whether it is counted who opens the links in its messages. */
  countsClicks?: boolean | undefined;
  /** Whether people who have consented to it get advertising. */
  advertises?: boolean | undefined;
  /** What the site sends: the texts name nothing else. */
  events: EventName[];
  /** Who works in the shop, and what they are told. */
  staff?: StaffMember[] | undefined;
}

/** Because of what a chat gets nothing for an account. */
export interface ShownOptOut {
  by: 'person' | 'shop';
  /** Since when, written as the language does. Telegram's HTML; absent where nobody knows. */
  at: string | undefined;
}

/** An account of the chat, as `/status` shows it. Each text is Telegram's HTML, already escaped. */
export interface AccountStatus {
  account: string;
  /** When the chat was linked, written as the language does. */
  since: string | undefined;
  on: SwitchableEvent[];
  off: SwitchableEvent[];
  /** Who has switched everything off, and when; empty where it is on. */
  optOuts: ShownOptOut[];
  /** How many other chats the account has. */
  otherChats: number;
}

/** What `/status` shows. */
export interface Status {
  accounts: AccountStatus[];
  isShopPaused: boolean;
}

/** What the settings of an account say besides the switches. */
export interface SettingsNotes {
  /** Telegram's HTML; absent where the chat has only this account. */
  account: string | undefined;
  /** The switches hold for other chats too. */
  isForSeveralChats: boolean;
  /** Who has switched everything off, and when; empty where it is on. */
  optOuts: ShownOptOut[];
}

/** What the choice of quiet hours says besides the buttons. */
export interface QuietNotes extends Pick<SettingsNotes, 'account' | 'isForSeveralChats'> {
  /** Those of the site; absent where it has none. */
  ofShop: QuietHours | undefined;
}

/** Why a link does not work. */
type LinkProblem =
  | 'used'
  | 'expired'
  | 'unknown'
  | 'outdated'
  | 'newer'
  | 'too-many-chats'
  | 'too-many-users';

/** All texts of the bot in one language and tone. They are Telegram's HTML; labels, buttons and toasts are plain text. */
export interface BotTexts {
  /** BCP 47, to format dates. */
  locale: string;
  /** The events, as the settings name them. */
  events: Record<SwitchableEvent, string>;

  howToLink(shop: Shop): string;
  linkRefused: Record<LinkProblem, (shop: Shop) => string>;
  /** The end of the welcome: whose notifications the chat gets now, and which. The account is HTML. */
  accountLinked(shop: Shop, account: string): string;
  /** Sent to the other chats of an account when one was added. The account is HTML. */
  chatAdded(shop: Shop, account: string): string;
  takeOffButton: string;
  /** The added chat was taken off again. */
  takenOff(shop: Shop, account: string): string;
  /** Said to the chat that was taken off. */
  wasTakenOff(shop: Shop, account: string): string;
  /** Linked, but the site sends nothing now. */
  shopPaused(shop: Shop): string;
  status(shop: Shop, status: Status): string;
  settings(shop: Shop, notes: SettingsNotes): string;
  quietHours: {
    /** Opens the choice. */
    button: string;
    quietText(shop: Shop, notes: QuietNotes): string;
    likeSite: string;
    silent: string;
    after: string;
    off: string;
    /** @param hour such as `22`, or `22:30`. */
    fromHour(hour: string): string;
    toHour(hour: string): string;
    saved: string;
  };
  /** Advertising, to which the person has consented. */
  offers: { withdraw: string; withdrawn: string };
  /** Above the accounts of a chat that has several. */
  settingsOfWhom(shop: Shop): string;
  help(shop: Shop): string;
  onlyNotifications(shop: Shop): string;
  /** Buttons for what people want who write to the bot. */
  wishes: { stop: string; settings: string; contact: string };
  contact(shop: Shop): string;
  privacy(shop: Shop): string;
  privateChatsOnly(shop: Shop): string;

  stopped(shop: Shop): string;
  /** Opted out by the site: only an explicit yes takes it back. `accounts` (HTML): absent where the chat has only one. */
  stoppedBySite(shop: Shop, accounts: string | undefined): string;
  nothingToStop(shop: Shop): string;
  /** @param accounts HTML; absent where nothing in the chat is off any more. */
  backAgain(shop: Shop, accounts?: string): string;
  againButton: string;

  /** The question before an account is unlinked: what happens depends on its chats, and on which account it is. */
  askToForget: Record<'last' | 'oneOfSeveralChats' | 'oneOfSeveralAccounts', (shop: Shop) => string>;
  /** Says yes where it is the account's last chat, and all is erased. */
  forgetButton: string;
  /** Says yes where the account has other chats. */
  unlinkButton: string;
  /** The link has ended, and all is erased: it was the account's last chat. `accounts` is HTML. */
  forgotten(shop: Shop, accounts: string): string;
  /** The link has ended; the account has other chats. `accounts` is HTML. */
  unlinked(shop: Shop, accounts: string): string;
  nothingToUnlink(shop: Shop): string;

  toastOn(event: string): string;
  toastOff(event: string): string;
  /** One kind was switched on while all are off. */
  toastAllOff: string;
  toastBack: string;
  toastNotLinked: string;
  toastTakenOff: string;
  toastTakenOffBefore: string;
  /** The chat is unlinked, whether or not anything was erased. */
  toastForgotten: string;
}
