import type { SwitchableEvent } from '../../domain/staff.ts';
import { withFullStop } from './full-stop.ts';
import type { AccountStatus, Shop, ShownOptOut, Status } from './types.ts';

/** Says who has switched everything off, in one language. The time is added in brackets. */
export type OptOutWords = Record<ShownOptOut['by'], (shop: Shop) => string>;

/** Who has switched everything off, and when: a line for each. */
export function optOutLines(words: OptOutWords, shop: Shop, optOuts: ShownOptOut[]): string {
  return optOuts.map(({ by, at }) => withFullStop(`🔕 ${words[by](shop)}${at ? ` (${at})` : ''}`)).join('\n');
}

/** The words of `/status` in one language. */
interface StatusWords {
  events: Record<SwitchableEvent, string>;
  site: string;
  paused(shop: Shop): string;
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

/** Makes the text of `/status`: the site, and each account of the chat. */
export function statusWith(words: StatusWords): (shop: Shop, status: Status) => string {
  const labels = (names: SwitchableEvent[]) => names.map((name) => words.events[name]);
  const list = (names: SwitchableEvent[]) =>
    labels(names)
      .map((label) => `• ${label}`)
      .join('\n');

  function heading({ account, since, otherChats }: AccountStatus): string {
    const more = otherChats > 0 ? `\n${words.otherChats}: ${otherChats}` : '';
    return `Account: <b>${account}</b>${since ? `\n${words.linked}: ${since}` : ''}${more}`;
  }

  function inFull(shop: Shop, account: AccountStatus): string {
    const { on, off, optOuts } = account;
    const parts = [heading(account)];
    if (optOuts.length > 0) return [...parts, optOutLines(words.optedOut, shop, optOuts)].join('\n\n');
    if (on.length > 0) parts.push(`🔔 ${words.on}:\n${list(on)}`);
    if (off.length > 0) parts.push(`🔕 ${words.off}:\n${list(off)}`);
    return parts.join('\n\n');
  }

  function inShort(shop: Shop, account: AccountStatus): string {
    const { on, off, optOuts } = account;
    if (optOuts.length > 0) return `${heading(account)}\n${optOutLines(words.optedOut, shop, optOuts)}`;
    if (off.length > 0) return `${heading(account)}\n🔕 ${words.offInShort}: ${labels(off).join(', ')}`;
    return on.length > 0 ? `${heading(account)}\n🔔 ${words.allOn}` : heading(account);
  }

  return function status(shop, { accounts, isShopPaused }) {
    const paused = isShopPaused ? `\n\n⏸ ${words.paused(shop)}\n` : '';
    const describe = accounts.length > 1 ? inShort : inFull;
    const described = accounts.map((account) => describe(shop, account)).join('\n\n');
    return `${words.site}: ${shop.name}, ${shop.url}${paused}\n${described}\n\n${words.toChange}`;
  };
}
