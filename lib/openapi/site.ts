/** A site in the answers of the functions that set it up. */
import * as z from 'zod/mini';
import { TONES } from '../domain/tone.ts';
import type { SiteView } from '../sites/view.ts';
import { named } from './components.ts';
import { ETAG, instant, type Shape, text } from './schemas.ts';

export const siteFields = {
  siteId: text,
  name: text,
  url: text,
  moduleActive: z.boolean(),
  active: z.boolean(),
  languages: z.array(text),
  defaultLanguage: text,
  timeZone: text,
  abandonedCartHours: z.number(),
  telegramGroups: z.array(text),
  docuvision: z.boolean(),
  merchantContact: z.optional(text),
  privacyUrl: z.optional(text),
  tone: z.enum(TONES),
  formerUrls: z.optional(z.array(z.object({ url: text, until: instant }))),
  bot: z.optional(
    z.object({
      id: text,
      username: text,
      problem: z.optional(z.object({ kind: text, since: instant, description: text })),
    }),
  ),
} satisfies Shape<SiteView>;

export const exampleSite = {
  siteId: 'demo',
  name: 'Demo Shop',
  url: 'https://shop.example',
  moduleActive: true,
  active: true,
  languages: ['it', 'en'],
  defaultLanguage: 'it',
  timeZone: 'Europe/Rome',
  abandonedCartHours: 3,
  telegramGroups: [],
  docuvision: false,
  tone: 'tu',
  bot: { id: '100', username: 'demo_shop_bot' },
} satisfies SiteView;

const words = {
  properties: {
    formerUrls:
      'Addresses that the site had before, the latest first: until `until`, links of events may be on their hosts',
  },
};

/** 200 with the current site. */
export const siteAnswer = {
  status: 200,
  schema: named('Site', z.object(siteFields), words),
  example: exampleSite,
  headers: ETAG,
};
