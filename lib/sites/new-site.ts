import type { Site } from '../store/sites.ts';
import { defaultTemplates } from '../templates/defaults.ts';
import type { SitePut } from './schemas.ts';

/**
 * A site as the platform creates it: for an Italian shop, switched on, with a template for every event, and without a
 * bot, which the merchant adds.
 *
 * @param now ISO 8601: carts abandoned before it get no message.
 */
export function newSite(siteId: string, given: SitePut, keyHash: string, now: string): Site {
  return {
    siteId,
    ...given,
    active: true,
    languages: ['it', 'en'],
    defaultLanguage: 'it',
    timeZone: 'Europe/Rome',
    abandonedCartHours: 3,
    telegramGroups: [],
    docuvision: false,
    keyHashes: [keyHash],
    templates: defaultTemplates().map((template) => ({ ...template, createdAt: now })),
  };
}
