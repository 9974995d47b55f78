import type { EventName } from '../domain/events.ts';
import type { Site } from '../store/sites.ts';
import { escapeHtml } from '../telegram/html/index.ts';
import { english } from './bot-texts-english.ts';
import { italian } from './bot-texts-italian.ts';

/** A shop as texts name it: all of it Telegram's HTML already. */
export interface Shop {
  name: string;
  url: string;
  /** How to reach the merchant, where the merchant says. */
  contact: string | undefined;
}

/** What `/status` tells: all of it Telegram's HTML already. */
export interface Status {
  account: string;
  /** The day of the link, as the language writes it. */
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

/** All that the bot says, in one language: Telegram's HTML, but for labels, buttons and toasts, which are plain. */
export interface BotTexts {
  /** BCP 47, for dates. */
  locale: string;
  /** What the menu of the Telegram app offers. */
  commands: Command[];
  /** In the empty chat, before Start; at most 512 characters. */
  description: string;
  /** In the bot's profile; at most 120 characters. */
  shortDescription: string;
  /** What a person switches on and off. */
  events: Record<EventName, string>;

  howToLink(shop: Shop): string;
  linkRefused: Record<'used' | 'expired' | 'unknown', (shop: Shop) => string>;
  /** Linked, but the shop sends nothing now. */
  shopPaused(shop: Shop): string;
  status(shop: Shop, status: Status): string;
  settings(shop: Shop): string;
  help(shop: Shop): string;
  onlyNotifications(shop: Shop): string;
  privateChatsOnly(shop: Shop): string;

  stopped(shop: Shop): string;
  /** Opted out through the site: comes back only on an explicit wish. */
  stoppedBySite(shop: Shop): string;
  nothingToStop(shop: Shop): string;
  backAgain(shop: Shop): string;
  againButton: string;

  toastOn(event: string): string;
  toastOff(event: string): string;
  toastBack: string;
  toastNotLinked: string;
}

const ALL_TEXTS: [language: 'it' | 'en', texts: BotTexts][] = [
  ['it', italian],
  ['en', english],
];
const TEXTS = new Map<string, BotTexts>(ALL_TEXTS);

/** The texts for a reader: in the first of these languages that the bot speaks, else the site's own, else English. */
export function textsFor(site: Pick<Site, 'defaultLanguage'>, ...wanted: (string | undefined)[]): BotTexts {
  for (const language of [...wanted, site.defaultLanguage]) {
    // The bot's few sentences know no regions: "en-GB" is English.
    const texts = TEXTS.get(language?.trim().split(/[-_]/, 1)[0]?.toLowerCase() ?? '');
    if (texts) return texts;
  }
  return english;
}

/** Every language that the bot speaks, by its BCP 47 tag. */
export function allTexts(): typeof ALL_TEXTS {
  return ALL_TEXTS;
}

export function shopOf({ name, url, merchantContact }: Site): Shop {
  const contact = merchantContact?.trim();
  return {
    name: `<b>${escapeHtml(name)}</b>`,
    url: escapeHtml(url),
    contact: contact ? escapeHtml(contact) : undefined,
  };
}
