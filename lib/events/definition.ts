import type * as z from 'zod/mini';
import type { EventName } from '../domain/events.ts';
import type { SkipReason } from '../domain/outcomes.ts';
import type { Template, TemplateKind } from '../domain/templates.ts';
import type { LinkSchema } from '../http/schemas.ts';
import type { Facts } from '../store/facts.ts';
import type { Drop, ScheduleKey } from '../store/schedule.ts';
import type { Site } from '../store/sites.ts';
import type { PlaceholderValues } from '../templates/placeholders.ts';
import type { Person, Recipient } from './schemas.ts';

/** The fields that all events have. */
export interface EventFields {
  eventId: string;
  occurredAt?: string | undefined;
  /** The language of the session that caused the event. */
  language?: string | undefined;
}

/** The scheduled items that an event ends. Both functions are pure: they read and write nothing. */
export interface Endings<Event extends EventFields> {
  /** The items of the schedule that `drops` needs: they are read together with the other facts. */
  keys: (event: Event, siteId: string) => ScheduleKey[];
  /** The items to drop before the event is sent. `now` is milliseconds since 1970. */
  drops: (event: Event, siteId: string, facts: Facts, now: number) => Drop[];
}

/** Everything that differs from event to event: the payload, who gets a message, and with which values. */
export interface EventDefinition<Event extends EventFields> {
  name: EventName;
  /** The payload. `link` accepts only links of the reporting site. */
  schema: (link: LinkSchema) => z.ZodMiniType<Event>;
  /** The kind of the templates that send. */
  templateKind: (event: Event) => TemplateKind;
  /** The recipients; each gets one notification per template in each of their chats. */
  recipients: (event: Event) => Recipient[];
  /**
   * Only for events of the reserved area: the acting person, whose group must have "Gestione Telegram". Absent for the
   * events of the shop, which anybody may cause.
   */
  actor?: (event: Event) => Person | undefined;
  /** Only for `order-status`: the status that a template must manage. */
  status?: (event: Event) => string;
  /** The link of the button. */
  url: (event: Event) => string | undefined;
  /**
   * The placeholder values in addition to those that every message has (names of the recipient, address of the site).
   */
  values: (event: Event) => PlaceholderValues;
  /** A skip reason for all recipients, from the settings of the site. */
  skipReason?: (event: Event, site: Site) => SkipReason | undefined;
  /** Whether a template may send for this event; absent: every template of the kind may. */
  reaches?: (template: Template, event: Event) => boolean;
  /** Absent for an event that ends nothing. */
  endings?: Endings<Event>;
}

/** Returns the definition unchanged: TypeScript checks and infers its types. */
export function defineEvent<Event extends EventFields>(
  definition: EventDefinition<Event>,
): EventDefinition<Event> {
  return definition;
}

/** The event type of a definition. */
export type EventOf<Definition> = Definition extends EventDefinition<infer Event> ? Event : never;
