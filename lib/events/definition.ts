import type * as z from 'zod/mini';
import type { EventName } from '../domain/events.ts';
import type { Advertising } from '../domain/marketing-consent.ts';
import type { SkipReason } from '../domain/outcomes.ts';
import type { StaffNotice } from '../domain/staff.ts';
import type { Template, TemplateKind } from '../domain/templates.ts';
import type { LinkSchema } from '../http/schemas.ts';
import type { Facts } from '../store/facts.ts';
import type { ScheduleKey, Waiting } from '../store/schedule.ts';
import type { Site } from '../store/sites.ts';
import type { Subject } from '../store/subjects.ts';
import type { TextFormat } from '../telegram/text/markup.ts';
import type { Listed } from '../templates/listed.ts';
import type { PlaceholderValues } from '../templates/placeholders.ts';
import type { Person, Recipient } from './schemas.ts';

/** The fields that all events have. */
export interface EventFields {
  eventId: string;
  occurredAt?: string | undefined;
  /** The language of the session that caused the event. */
  language?: string | undefined;
}

/** What an event says about an order, a cart or an activity, in the light of what was said before. */
export interface Told {
  /** What its messages speak of: none is sent where something newer is known of that. */
  subjects: Subject[];
  /** If it was reported before: when it happened as it was understood then, and the hash of what it said. */
  earlier?: { at: string; content?: string } | undefined;
  /** Something newer was said before. */
  isSuperseded: boolean;
  /** It is told for the first time while the site sends, by this event: absent where nobody asks. */
  isFirst?: boolean;
  /**
   * Remembers it, and ends what it ends. Repeated, it changes nothing.
   *
   * @param options.site absent where it sends nothing now.
   * @param options.first what is noted where nobody has heard of it before: that this event tells the staff of it, or
   * that they are still to be told, since the site sends nothing now. Absent: nothing.
   * @throws ServiceUnreachableError
   */
  remember(content: string, options?: { site?: Site; first?: 'told' | 'untold' }): Promise<Remembered>;
}

/** What became of what an event says. */
export interface Remembered {
  /** Something newer was said at the same moment. */
  isSuperseded: boolean;
  /** What waited until now. */
  ended: Waiting[];
}

/** An event of which something is remembered. */
export interface Memory<Event extends EventFields> {
  /** The items that `read` needs: they are read together with the other facts. */
  keys: (event: Event, siteId: string) => ScheduleKey[];
  /** Reads and writes nothing by itself. `now` is milliseconds since 1970. */
  read: (event: Event, siteId: string, facts: Pick<Facts, 'scheduled'>, now: number) => Told;
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
  /** The files, or the articles, that it is about: they give the values of the placeholders about them. */
  listed?: (event: Event) => Listed | undefined;
  /** How the text among them is written, if the event says it. */
  format?: (event: Event) => TextFormat | undefined;
  /** A skip reason for all recipients, from the settings of the site. */
  skipReason?: (event: Event, site: Site) => SkipReason | undefined;
  /** Whether a template may send for this event; absent: every template of the kind may. */
  reaches?: (template: Template, event: Event) => boolean;
  /** Whether a template is for this recipient, before their groups are looked at; absent: every one is for everybody. */
  isFor?: (template: Template, recipient: Recipient, event: Event) => boolean;
  /** The templates of the site as this event needs them; absent: as they are stored. */
  templatesOf?: (site: Site, event: Event) => Template[];
  /**
   * What the staff of the shop is told where the event tells of something for the first time; `id` names that. Absent:
   * nothing.
   */
  forStaff?: (event: Event) => { notice: StaffNotice; id: string };
  /** Absent where its messages are no advertising. */
  advertises?: (event: Event) => Advertising;
  /** Absent for an event that changes nothing that was said before, and that nothing later changes. */
  memory?: Memory<Event>;
}

/** Returns the definition unchanged: TypeScript checks and infers its types. */
export function defineEvent<Event extends EventFields>(
  definition: EventDefinition<Event>,
): EventDefinition<Event> {
  return definition;
}

/** The event type of a definition. */
export type EventOf<Definition> = Definition extends EventDefinition<infer Event> ? Event : never;
