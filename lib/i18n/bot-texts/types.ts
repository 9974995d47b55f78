import type { EventName } from '../../domain/events.ts';

/** A shop as the texts name it. Each value is Telegram's HTML, already escaped. */
export interface Shop {
  name: string;
  url: string;
  /** How to reach the merchant; absent where the merchant has not said it. */
  contact: string | undefined;
}

/** What `/status` shows. Each value is Telegram's HTML, already escaped. */
export interface Status {
  account: string;
  /** When the chat was linked, written as the language does. */
  since: string | undefined;
  on: EventName[];
  off: EventName[];
  isStopped: boolean;
  isShopPaused: boolean;
}

interface Command {
  command: string;
  description: string;
}

/** All texts of the bot in one language. They are Telegram's HTML; labels, buttons and toasts are plain text. */
export interface BotTexts {
  /** BCP 47, to format dates. */
  locale: string;
  /** The menu of the Telegram app. */
  commands: Command[];
  /** Shown in the empty chat, before Start; at most 512 characters. */
  description: string;
  /** Shown in the bot's profile; at most 120 characters. */
  shortDescription: string;
  /** The events, as the settings name them. */
  events: Record<EventName, string>;

  howToLink(shop: Shop): string;
  linkRefused: Record<'used' | 'expired' | 'unknown', (shop: Shop) => string>;
  /** The end of the welcome: whose notifications the chat gets now, and whose it got before. All three are HTML. */
  accountLinked(shop: string, account: string, formerAccount: string | undefined): string;
  /** Sent to the chat that an account had before. */
  movedToOtherChat(shop: Shop): string;
  /** Linked, but the shop sends nothing now. */
  shopPaused(shop: Shop): string;
  status(shop: Shop, status: Status): string;
  settings(shop: Shop): string;
  help(shop: Shop): string;
  onlyNotifications(shop: Shop): string;
  privateChatsOnly(shop: Shop): string;

  stopped(shop: Shop): string;
  /** Opted out by the site: only an explicit yes takes it back. */
  stoppedBySite(shop: Shop): string;
  nothingToStop(shop: Shop): string;
  backAgain(shop: Shop): string;
  againButton: string;

  toastOn(event: string): string;
  toastOff(event: string): string;
  toastBack: string;
  toastNotLinked: string;
}
