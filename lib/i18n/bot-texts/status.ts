import type { EventName } from '../../domain/events.ts';
import type { AccountStatus, Shop, Status } from './types.ts';

/** The words of `/status` in one language. */
interface StatusWords {
  events: Record<EventName, string>;
  shop: string;
  shopPaused: string;
  linked: string;
  otherChats: string;
  stopped: Record<'person' | 'shop', string>;
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
    const { on, off, stoppedBy } = account;
    const parts = [heading(account)];
    if (stoppedBy) parts.push(`🔕 ${words.stopped[stoppedBy]}`);
    if (!stoppedBy && on.length > 0) parts.push(`🔔 ${words.on}:\n${list(on)}`);
    if (!stoppedBy && off.length > 0) parts.push(`🔕 ${words.off}:\n${list(off)}`);
    return parts.join('\n\n');
  }

  function inShort(account: AccountStatus): string {
    const { off, stoppedBy } = account;
    if (stoppedBy) return `${heading(account)}\n🔕 ${words.stopped[stoppedBy]}`;
    if (off.length === 0) return `${heading(account)}\n🔔 ${words.allOn}`;
    return `${heading(account)}\n🔕 ${words.offInShort}: ${labels(off).join(', ')}`;
  }

  return function status(shop, { accounts, isShopPaused }) {
    const paused = isShopPaused ? `\n\n⏸ ${words.shopPaused}\n` : '';
    const described = accounts.map(accounts.length > 1 ? inShort : inFull).join('\n\n');
    return `${words.shop}: ${shop.name}, ${shop.url}${paused}\n${described}\n\n${words.toChange}`;
  };
}
