import { withCurrentAddresses } from '../domain/shop-address.ts';
import { sentEvents } from '../domain/templates.ts';
import type { Shop } from '../i18n/bot-texts/index.ts';
import type { Site } from '../store/sites.ts';
import { escapeHtml, unlinked, withoutLinkedAbbreviations } from '../telegram/html/index.ts';
import { cleanLine } from '../telegram/text/clean.ts';
import { readableText } from '../telegram/text/markup.ts';
import { shownName } from '../telegram/text/name.ts';

/** A site as the texts of the bot name it. */
export function shopOf(site: Site): Shop {
  const { name, url, merchantContact = '', privacyUrl, countClicks, cartSeries, templates, staff } = site;
  // The merchant may have written it before the shop moved.
  const contact = withCurrentAddresses(cleanLine(readableText(merchantContact)), site);
  return {
    name: `<b>${escapeHtml(unlinked(shownName(name)))}</b>`,
    url: escapeHtml(url),
    contact: contact ? escapeHtml(withoutLinkedAbbreviations(contact)) : undefined,
    privacyUrl: privacyUrl && escapeHtml(withCurrentAddresses(privacyUrl, site)),
    countsClicks: countClicks,
    advertises: cartSeries !== undefined,
    events: sentEvents(templates),
    staff,
  };
}
