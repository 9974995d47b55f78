/** Links that are counted: they lead through `/c/{code}`, and from there to the shop. */
import { environment } from '../aws/environment.ts';
import { isPlainAddress } from '../domain/public-address.ts';
import { isLinkOf } from '../domain/shop-address.ts';
import type { Site } from '../store/sites.ts';
import { escapeHtml, toPlainText } from '../telegram/html/index.ts';
import { clickCode, MAX_COUNTED_LINKS } from './click-code.ts';
import type { Notification } from './notification.ts';

/** A notification as it is sent, and where its counted links lead: what the record has to keep. */
export interface WithCountedLinks {
  notification: Notification;
  /** Empty where nothing is counted. */
  links: string[];
}

/** How long the counted links of a message may be together, in characters: the longest link of an event has so many. */
const MAX_LENGTH = 2_048;

/** The links of Telegram's HTML: in text, `<` is escaped. */
const HTML_LINK = /(<a\s+href\s*=\s*)("[^"]*"|'[^']*')/gi;

/**
 * The notification with codes in the place of its links to the shop, if the site counts them. What people read stays as it
 * is: an address that is written out in the text is not replaced. A merchant's test is not counted.
 *
 * It is done right before a message is sent. So what waits, is kept, or is sent once more, has the real addresses.
 */
export function withCountedLinks(notification: Notification, site: Site): WithCountedLinks {
  if (!site.countClicks || notification.isTest) return { notification, links: [] };
  const { siteId, deliveryId, text, rich, button, moreButtons } = notification;
  const shop = new URL(site.url);
  const links: string[] = [];

  const counted = (address: string): string | undefined => {
    if (!isPlainAddress(address)) return undefined;
    const link = new URL(address);
    if (!isLinkOf(shop, link)) return undefined;
    const known = links.indexOf(link.href);
    const index = known < 0 ? links.length : known;
    const hasRoom = known >= 0 || [...links, link.href].join('').length <= MAX_LENGTH;
    const code = hasRoom && index < MAX_COUNTED_LINKS ? clickCode({ siteId, deliveryId, index }) : undefined;
    if (code === undefined) return undefined;
    links[index] = link.href;
    return `${environment('API_URL')}/c/${code}`;
  };
  const withCode = <Button extends object>(each: Button): Button =>
    'url' in each ? { ...each, url: counted(String(each.url)) ?? each.url } : each;

  // The buttons first: of very many links, they are counted.
  const buttons = {
    ...(button && { button: withCode(button) }),
    ...(moreButtons && { moreButtons: moreButtons.map(withCode) }),
  };
  const withCodes = (html: string): string =>
    html.replace(HTML_LINK, (whole, start: string, quoted: string) => {
      const code = counted(toPlainText(quoted.slice(1, -1)));
      return code === undefined ? whole : `${start}"${escapeHtml(code)}"`;
    });
  const texts = { text: withCodes(text), ...(rich && { rich: { ...rich, text: withCodes(rich.text) } }) };
  return { notification: { ...notification, ...buttons, ...texts }, links };
}
