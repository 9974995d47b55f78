/**
 * What the API answers. The tests read every answer of a whole run with these, so that none says more or less; and a
 * property that is new in the code is missed here by the compiler (`satisfies Shape<…>`).
 */

import * as z from 'zod/mini';
import type { DeliveryView } from '../deliveries/delivery-view.ts';
import { DELIVERY_STATUSES } from '../deliveries/log-query.ts';
import { EVENT_NAMES } from '../domain/events.ts';
import type { SkipReason } from '../domain/outcomes.ts';
import { TEMPLATE_KINDS } from '../domain/templates.ts';
import { money } from '../http/schemas.ts';
import type { BotTest } from '../sites/test-bot.ts';
import type { SiteView } from '../sites/view.ts';
import type { Erased } from '../store/erase.ts';
import type { Previews } from '../templates/api/preview.ts';
import type { SentTest } from '../templates/api/send-test.ts';
import type { ShownTemplate } from '../templates/api/templates.ts';
import { PLACEHOLDERS } from '../templates/placeholders.ts';
import type { UserState } from '../users/user-state.ts';

/** A schema for every property. */
type Shape<Value> = Record<keyof Value, z.ZodMiniType>;

const text = z.string();
const instant = z.iso.datetime({ offset: true });
const texts = z.record(text, text);

export const fieldError = z.object({ pointer: text, detail: text });

export const problem = z.object({
  type: text,
  status: z.int(),
  title: text,
  detail: text,
  errors: z.optional(z.array(fieldError)),
});

const SKIP_REASONS = [
  'not-linked',
  'opted-out',
  'muted',
  'unreachable',
  'no-template',
  'status-not-managed',
  'group-not-included',
  'sender-group-not-enabled',
  'agent-cart',
  'docuvision-disabled',
  'superseded',
  'past',
] as const satisfies readonly SkipReason[];

export const notificationOutcome = z.object({
  userId: text,
  templateId: z.optional(text),
  status: z.enum(['queued', 'scheduled', 'skipped']),
  reason: z.optional(z.enum(SKIP_REASONS)),
  deliveryId: z.optional(text),
});

export const eventAccepted = z.object({ eventId: text, notifications: z.array(notificationOutcome) });

const since = { reason: text, since: instant };

export const userStateAnswer = z.object({
  userId: text,
  linked: z.boolean(),
  needsNewStart: z.optional(z.boolean()),
  linkedAt: z.optional(instant),
  linkedBy: z.optional(z.enum(['deep-link', 'login-widget', 'oidc'])),
  telegramUsername: z.optional(text),
  unlinked: z.optional(z.object(since)),
  optedOut: z.boolean(),
  optedOutBy: z.optional(z.enum(['user', 'site'])),
  optedOutAt: z.optional(instant),
  mutedEvents: z.array(z.enum(EVENT_NAMES)),
  unreachable: z.optional(z.object(since)),
  language: z.optional(text),
  firstName: z.optional(text),
  lastName: z.optional(text),
  companyName: z.optional(text),
} satisfies Shape<UserState>);

export const linkAnswer = z.object({ url: text, token: text, expiresAt: instant, qr: text });

export const erasedAnswer = z.object({
  userId: text,
  erased: z.object({
    users: z.int(),
    links: z.int(),
    scheduled: z.int(),
    deliveries: z.int(),
  } satisfies Shape<Erased>),
});

const siteFields = {
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
  bot: z.optional(
    z.object({
      id: text,
      username: text,
      problem: z.optional(z.object({ kind: text, since: instant, description: text })),
    }),
  ),
} satisfies Shape<SiteView>;

export const siteAnswer = z.object(siteFields);
export const newSiteAnswer = z.object({ ...siteFields, siteKey: text, keyId: text });
export const newKeyAnswer = z.object({ siteKey: text, keyId: text });
export const keysAnswer = z.object({ keys: z.array(z.object({ keyId: text })) });

export const botTestAnswer = z.object({
  works: z.boolean(),
  bot: z.optional(z.object({ id: text, username: text, name: text })),
  checks: z.array(
    z.object({
      check: z.enum(['token', 'username', 'webhook', 'updates']),
      status: z.enum(['works', 'broken', 'not-checked']),
      detail: text,
      nextStep: z.optional(text),
    }),
  ),
} satisfies Shape<BotTest>);

export const templateAnswer = z.object({
  id: text,
  name: text,
  event: z.enum(TEMPLATE_KINDS),
  enabled: z.boolean(),
  statuses: z.optional(z.array(text)),
  groups: z.optional(z.array(text)),
  text: texts,
  button: z.optional(texts),
  createdAt: z.optional(instant),
} satisfies Shape<ShownTemplate>);
export const templatesAnswer = z.object({ templates: z.array(templateAnswer) });

const valueSchemas = { text, count: z.int(), money, date: text };

export const previewAnswer = z.object({
  event: z.enum(TEMPLATE_KINDS),
  values: z.object(
    Object.fromEntries(PLACEHOLDERS.map(({ key, format }) => [key, z.optional(valueSchemas[format])])),
  ),
  previews: z.record(
    text,
    z.object({
      textLanguage: text,
      html: text,
      text,
      entities: z.array(
        z.object({
          type: text,
          offset: z.int(),
          length: z.int(),
          url: z.optional(text),
          language: z.optional(text),
          user_id: z.optional(z.int()),
          custom_emoji_id: z.optional(text),
          unix_time: z.optional(z.int()),
          date_time_format: z.optional(text),
        }),
      ),
      length: z.int(),
      maxLength: z.int(),
      shortened: z.boolean(),
      button: z.optional(z.object({ text, url: text })),
    }),
  ),
} satisfies Shape<Previews>);

export const testAnswer = z.object({
  userId: text,
  templateId: text,
  status: z.enum(['queued']),
  deliveryId: text,
} satisfies Shape<SentTest>);

export const deliveryAnswer = z.object({
  deliveryId: text,
  event: text,
  eventId: text,
  templateId: text,
  userId: text,
  status: z.enum(DELIVERY_STATUSES),
  recordedAt: instant,
  attempts: z.int(),
  test: z.boolean(),
  reason: z.optional(text),
  failure: z.optional(z.object({ class: text, description: text })),
  nextAttemptAt: z.optional(instant),
  messageId: z.optional(z.int()),
} satisfies Shape<DeliveryView>);
export const deliveriesAnswer = z.object({
  deliveries: z.array(deliveryAnswer),
  cursor: z.optional(text),
});
