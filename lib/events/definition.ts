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

/** What all events have in common once they are read. */
export interface EventFields {
  eventId: string;
  occurredAt?: string | undefined;
  /** The language of the session that caused the event. */
  language?: string | undefined;
}

/** Which of what waits for its time an event ends. Both functions are pure: they read and write nothing. */
export interface Endings<Event extends EventFields> {
  /** What has to be known of the schedule: it is read with the rest. */
  keys: (event: Event, siteId: string) => ScheduleKey[];
  /** What is dropped before the event is sent. `now` is milliseconds since 1970. */
  drops: (event: Event, siteId: string, facts: Facts, now: number) => Drop[];
}

/** All that differs from event to event: what is reported, who gets a message, and with which values. */
export interface EventDefinition<Event extends EventFields> {
  name: EventName;
  /** The payload. `link` takes only links of the site that reports. */
  schema: (link: LinkSchema) => z.ZodMiniType<Event>;
  /** Whose templates send. */
  templateKind: (event: Event) => TemplateKind;
  /** Who gets it: one notification each. */
  recipients: (event: Event) => Recipient[];
  /** The language it is written in: the session's, or that of the person who gets it. */
  languageOf: 'session' | 'recipient';
  /**
   * Reserved-area events: the person acting, whose group must have "Gestione Telegram". Absent for the events of the
   * shop, which nobody has to be allowed to cause.
   */
  actor?: (event: Event) => Person | undefined;
  /** `order-status`: the status that a template must manage. */
  status?: (event: Event) => string;
  /** Where the button leads. */
  url: (event: Event) => string | undefined;
  /** The placeholder values beyond those that every message has (names of the recipient, address of the site). */
  values: (event: Event) => PlaceholderValues;
  /** A reason that holds for all recipients, from the settings of the site. */
  skipReason?: (event: Event, site: Site) => SkipReason | undefined;
  /** Whether a template may send for this event; without it, every one of the kind may. */
  reaches?: (template: Template, event: Event) => boolean;
  /** Absent for an event that ends nothing. */
  endings?: Endings<Event>;
}

/** Checks a definition's types where it is written. */
export function defineEvent<Event extends EventFields>(
  definition: EventDefinition<Event>,
): EventDefinition<Event> {
  return definition;
}

/** The event of a definition. */
export type EventOf<Definition> = Definition extends EventDefinition<infer Event> ? Event : never;
