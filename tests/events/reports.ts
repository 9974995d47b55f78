/** An event as simple as can be, and a site that knows nothing of tables: for tests of what is decided of them. */
import * as z from 'zod/mini';
import { defineEvent } from '../../lib/events/definition.ts';
import { eventFields, type Recipient } from '../../lib/events/schemas.ts';
import type { Site } from '../../lib/store/sites.ts';

/** A message in the reserved area, of which nothing but its recipients and its link is known. */
export interface Report {
  eventId: string;
  occurredAt?: string | undefined;
  language?: string | undefined;
  url?: string | undefined;
  subject?: string | undefined;
  recipients: Recipient[];
}

export const definition = defineEvent<Report>({
  name: 'message-sent',
  schema: () => z.strictObject({ ...eventFields, recipients: z.array(z.any()) }),
  templateKind: () => 'message-sent',
  recipients: ({ recipients }) => recipients,
  url: ({ url }) => url,
  values: ({ subject }) => ({ oggettoMessaggio: subject }),
});

export const site: Site = {
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
  bot: { id: '100', username: 'demo_shop_bot', sealedToken: 'sealed' },
  keyHashes: [],
  templates: [],
};
