/** A site in the answers of the functions that set it up. */
import * as z from 'zod/mini';
import { QUIET_MODES } from '../domain/quiet-hours.ts';
import { STAFF_NOTICES } from '../domain/staff.ts';
import { TONES } from '../domain/tone.ts';
import type { SiteView } from '../sites/view.ts';
import { defaultSharedButtons } from '../templates/shared-buttons.ts';
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
  quietHours: z.optional(z.object({ from: text, to: text, mode: z.enum(QUIET_MODES) })),
  abandonedCartHours: z.number().check(z.minimum(0), z.maximum(720)),
  cartSeries: z.optional(
    z.object({ steps: z.array(z.object({ afterHours: z.number().check(z.minimum(0), z.maximum(720)) })) }),
  ),
  telegramGroups: z.array(text),
  docuvision: z.boolean(),
  staff: z.optional(z.array(z.object({ userId: text, notices: z.array(z.enum(STAFF_NOTICES)) }))),
  merchantContact: z.optional(text),
  privacyUrl: z.optional(text),
  orderButton: z.optional(z.record(text, text)),
  cartButton: z.optional(z.record(text, text)),
  countClicks: z.optional(z.boolean()),
  tone: z.enum(TONES),
  formerUrls: z.optional(z.array(z.object({ url: text, until: instant }))),
  bot: z.optional(
    z.object({
      id: text,
      username: text,
      managed: z.optional(z.literal(true)),
      problem: z.optional(z.object({ kind: text, since: instant, description: text })),
    }),
  ),
  managerBot: z.optional(z.object({ username: text })),
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
  quietHours: { from: '22:00', to: '08:00', mode: 'silent' },
  abandonedCartHours: 3,
  cartSeries: { steps: [{ afterHours: 24 }, { afterHours: 72 }] },
  telegramGroups: [],
  docuvision: false,
  ...defaultSharedButtons('tu'),
  tone: 'tu',
  bot: { id: '100', username: 'demo_shop_bot' },
} satisfies SiteView;

const words = {
  description: 'A shop with its settings',
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
