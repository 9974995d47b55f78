import type { EventName } from '../../domain/events.ts';
import type { AccountStatus, Shop, ShownOptOut, Status } from './types.ts';

/** Who has switched everything off, in one language; the time is added in brackets. */
export type OptOutWords = Record<ShownOptOut['by'], string>;

/** Who has switched everything off, and when: a line for each. */
export function optOutLines(words: OptOutWords, optOuts: ShownOptOut[]): string {
  return optOuts.map(({ by, at }) => `🔕 ${words[by]}${at ? ` (${at})` : ''}.`).join('\n');
}

/** The words of `/status` in one language. */
interface StatusWords {
  events: Record<EventName, string>;
  shop: string;
  shopPaused: string;
  linked: string;
  otherChats: string;
  optedOut: OptOutWords;
  on: string;
  off: string;
  /** For a chat with several accounts, where only what is off is named. */
  allOn: string;
  offInShort: string;
  toChange: string;
}

/** Makes the text of `/status`: the shop, and each account of the chat. */
export function statusWith(words: StatusWords): (shop: Shop, status: Status) => string {
  const labels = (names: EventName[]) => names.map((name) => words.events[name]);
  const list = (names: EventName[]) =>
    labels(names)
      .map((label) => `• ${label}`)
      .join('\n');

  function heading({ account, since, otherChats }: AccountStatus): string {
    const more = otherChats > 0 ? `\n${words.otherChats}: ${otherChats}` : '';
    return `Account: <b>${account}</b>${since ? `\n${words.linked}: ${since}` : ''}${more}`;
  }

  function inFull(account: AccountStatus): string {
    const { on, off, optOuts } = account;
    const parts = [heading(account)];
    if (optOuts.length > 0) return [...parts, optOutLines(words.optedOut, optOuts)].join('\n\n');
    if (on.length > 0) parts.push(`🔔 ${words.on}:\n${list(on)}`);
    if (off.length > 0) parts.push(`🔕 ${words.off}:\n${list(off)}`);
    return parts.join('\n\n');
  }

  function inShort(account: AccountStatus): string {
    const { off, optOuts } = account;
    if (optOuts.length > 0) return `${heading(account)}\n${optOutLines(words.optedOut, optOuts)}`;
    if (off.length === 0) return `${heading(account)}\n🔔 ${words.allOn}`;
    return `${heading(account)}\n🔕 ${words.offInShort}: ${labels(off).join(', ')}`;
  }

  return function status(shop, { accounts, isShopPaused }) {
    const paused = isShopPaused ? `\n\n⏸ ${words.shopPaused}\n` : '';
    const described = accounts.map(accounts.length > 1 ? inShort : inFull).join('\n\n');
    return `${words.shop}: ${shop.name}, ${shop.url}${paused}\n${described}\n\n${words.toChange}`;
  };
}
