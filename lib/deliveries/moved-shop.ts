import type { RichContent } from '../domain/order-table.ts';
import { currentLink, type ShopAddress, withCurrentAddresses } from '../domain/shop-address.ts';
import type { Site } from '../store/sites.ts';
import { fitted } from './fitted.ts';
import type { Notification } from './notification.ts';

/**
 * The notification with every address of the shop on the host that the shop has now: it may have been rendered before
 * the shop moved. For a shop that has never moved, the notification itself.
 */
export function withShopAddress(notification: Notification, site: Site): Notification {
  if (!site.formerUrls?.length) return notification;
  const { text, button, moreButtons, rich } = notification;

  return {
    ...notification,
    // A longer host may make a text too long for Telegram.
    text: fitted(withCurrentAddresses(text, site)),
    ...(rich && { rich: richOnCurrentHost(rich, site) }),
    ...(button && { button: onCurrentHost(button, site) }),
    ...(moreButtons && { moreButtons: moreButtons.map((each) => onCurrentHost(each, site)) }),
  };
}

function richOnCurrentHost({ text, table }: RichContent, site: ShopAddress): RichContent {
  const pictures = table.pictures.map((url) => currentLink(url, site));
  return { text: fitted(withCurrentAddresses(text, site)), table: { ...table, pictures } };
}

/** A button with the addresses of the host that the shop has now. */
export function onCurrentHost<Button extends { text: string; url?: string }>(
  button: Button,
  site: ShopAddress,
): Button {
  const { text, url } = button;
  return {
    ...button,
    text: withCurrentAddresses(text, site),
    ...(url !== undefined && { url: currentLink(url, site) }),
  };
}
