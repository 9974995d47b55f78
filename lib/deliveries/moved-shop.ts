import { currentLink, withCurrentAddresses } from '../domain/shop-address.ts';
import type { Site } from '../store/sites.ts';
import { shortenHtml, TelegramHtmlError } from '../telegram/html/index.ts';
import type { Notification } from './notification.ts';

/**
 * The notification with every address of the shop on the host that the shop has now: it may have been rendered before
 * the shop moved. For a shop that has never moved, the notification itself.
 */
export function withShopAddress(notification: Notification, site: Site): Notification {
  if (!site.formerUrls?.length) return notification;
  const { text, button } = notification;
  return {
    ...notification,
    text: withinLimits(withCurrentAddresses(text, site), text),
    ...(button && {
      button: { text: withCurrentAddresses(button.text, site), url: currentLink(button.url, site) },
    }),
  };
}

/** A longer host may make a text too long for Telegram. */
function withinLimits(text: string, before: string): string {
  if (text.length <= before.length) return text;
  try {
    return shortenHtml(text);
  } catch (error) {
    // Telegram refuses this text for its HTML: it is then sent as plain text, and shortened as such.
    if (error instanceof TelegramHtmlError) return text;
    throw error;
  }
}
