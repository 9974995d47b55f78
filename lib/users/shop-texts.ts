import type { Shop } from '../i18n/bot-texts/index.ts';
import type { Site } from '../store/sites.ts';
import { escapeHtml } from '../telegram/html/index.ts';

/** The shop of a site as the texts of the bot name it. */
export function shopOf({ name, url, merchantContact, privacyUrl }: Site): Shop {
  const contact = merchantContact?.trim();
  return {
    name: `<b>${escapeHtml(name)}</b>`,
    url: escapeHtml(url),
    contact: contact ? escapeHtml(contact) : undefined,
    privacyUrl: privacyUrl && escapeHtml(privacyUrl),
  };
}
