import { currentLink, withCurrentAddresses } from '../domain/shop-address.ts';
import type { Site } from '../store/sites.ts';
import { fitted } from './fitted.ts';
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
    // A longer host may make a text too long for Telegram.
    text: fitted(withCurrentAddresses(text, site)),
    ...(button && {
      button: { text: withCurrentAddresses(button.text, site), url: currentLink(button.url, site) },
    }),
  };
}
