import { chatFields, type Notification } from '../deliveries/notification.ts';
import { reachableChats } from '../deliveries/skip-reason.ts';
import type { EventName } from '../domain/events.ts';
import { deliveryIdOf, skippedIdOf, userKey } from '../domain/ids.ts';
import { type Advertising, isWanted } from '../domain/marketing-consent.ts';
import type { Outcome, SkipReason } from '../domain/outcomes.ts';
import { hasName, namesOf } from '../domain/person-names.ts';
import { cardFor, type Template } from '../domain/templates.ts';
import { type Delivery, isFinal, isInDigest, type SkippedDelivery } from '../store/deliveries.ts';
import type { Facts } from '../store/facts.ts';
import type { Source } from '../store/schedule.ts';
import { type Site, toneOf } from '../store/sites.ts';
import { isAnyOutdated, keysOfSubjects, type Subject } from '../store/subjects.ts';
import { type ChatLink, isForErased, type User } from '../store/user.ts';
import { readableName } from '../telegram/text/markup.ts';
import type { Listed } from '../templates/listed.ts';
import { MessageRenderer } from '../templates/render.ts';
import { sharedButtonOf } from '../templates/shared-buttons.ts';
import { type Choice, chooseTemplates } from './choose-templates.ts';
import type { EventDefinition, EventFields } from './definition.ts';
import { momentOf } from './event-time.ts';
import type { Recipient } from './schemas.ts';

/** An event and its site. */
export interface Reported<Event extends EventFields> {
  event: Event;
  site: Site;
  /** How the event came here. */
  source?: Source | undefined;
  /** The hash of what it says: see content.ts. */
  content?: string | undefined;
  /** What its messages speak of. */
  about?: Subject[] | undefined;
  /** Names its deliveries instead of the event's id: another event with the same identity sends nothing again. */
  identity?: string | undefined;
  /** When what the event announces is past, ISO 8601 in UTC: what still waits then is not sent. */
  pastAt?: string | undefined;
  /** When it was due, ISO 8601 in UTC: only of what waited for its time. */
  dueAt?: string | undefined;
  /** Which message of a series it is; absent: of none. */
  step?: number | undefined;
  /** When the event was reported, ISO 8601, where it is known: it may have waited in a queue since. */
  reportedAt?: string | undefined;
  /** How many notices the message collects; absent: it is about one event. */
  collected?: number | undefined;
  /** If set, nothing more is sent for the event, for this reason: only the results of earlier reports are returned. */
  skipReason?: SkipReason;
}

/** A reported event with the templates chosen for each recipient. */
export interface Intent<Event extends EventFields> extends Reported<Event> {
  choices: Choice[];
}

export function toIntent<Event extends EventFields>(
  definition: EventDefinition<Event>,
  reported: Reported<Event>,
): Intent<Event> {
  return { ...reported, choices: chooseTemplates(definition, reported.event, reported.site) };
}

/** The keys of the users, deliveries and scheduled items that `toPlan` needs. */
export function wantedOf(intent: Intent<EventFields>) {
  const { siteId } = intent.site;
  const chosen = intent.choices.filter(({ templates }) => templates.length > 0);
  return {
    users: chosen.map(({ recipient }) => ({ siteId, userId: recipient.id })),
    deliveries: chosen.flatMap(({ recipient, templates }) =>
      templates.map((template) => keyOf(intent, template, recipient)),
    ),
    scheduled: keysOfSubjects(siteId, intent.about),
  };
}

/** The delivery to a user's first chat. */
function keyOf(
  { event, identity = event.eventId, site: { siteId } }: Reported<EventFields>,
  template: Template,
  recipient: Recipient,
) {
  const ids = { siteId, eventId: identity, templateId: template.id, userId: recipient.id };
  return { siteId, deliveryId: deliveryIdOf(ids) };
}

/** The line of the log for a recipient who gets nothing. */
export function skippedKeyOf(
  { name }: { name: EventName },
  { event: { eventId }, site: { siteId }, step = 1 }: Pick<Reported<EventFields>, 'event' | 'site' | 'step'>,
  { id }: Recipient,
) {
  const ids = { siteId, event: name, eventId, userId: id };
  return { siteId, deliveryId: skippedIdOf(ids, 'skipped', step - 1) };
}

/** The notifications of an event to send, and the outcomes for its reporter. */
export interface Plan {
  notifications: Notification[];
  /** The lines of the log for those who get nothing. */
  skipped: SkippedDelivery[];
  outcomes: Outcome[];
  /** How many of the choices it covers: the first ones. */
  planned: number;
  /** What waits for other notices of its folder: its outcome is to be replaced. */
  collected?: Collected[];
  /** Until when quiet hours make its messages wait, in milliseconds since 1970. Only where what is due again asks for it. */
  quietUntil?: number | undefined;
}

/** A notice that a person gets of a template, together with others. */
export interface Collected {
  recipient: Recipient;
  template: Template;
  deliveryId: string;
  /** The place of its outcome. */
  index: number;
}

interface PlanOptions {
  renderer?: MessageRenderer;
  mayGoOn?: () => boolean;
  /** Whether notices of templates that collect them are collected; by default each is sent by itself. */
  collects?: boolean;
}

/** What a message needs to know of its event. */
export type Rendered<Event extends EventFields> = Pick<
  EventDefinition<Event>,
  'name' | 'url' | 'values' | 'listed' | 'format' | 'status' | 'advertises'
>;

/**
 * Decides what each recipient gets in which of their chats, and renders it. It reads and writes nothing.
 *
 * @param acceptedAt ISO 8601.
 * @param options.renderer the same for all recipients of an event, if they are planned in several parts.
 * @param options.mayGoOn asked before each recipient but the first: `false` ends the plan there.
 */
export function toPlan<Event extends EventFields>(
  definition: Rendered<Event>,
  intent: Intent<Event>,
  facts: Facts,
  acceptedAt: string,
  { renderer = new MessageRenderer(), mayGoOn = () => true, collects = false }: PlanOptions = {},
): Plan {
  const { event, site, choices, source, content, reportedAt, dueAt, step } = intent;
  const { users, deliveries } = facts;
  const { siteId, bot } = site;
  const skipReason = isAnyOutdated(siteId, intent.about, facts) ? 'superseded' : intent.skipReason;
  const plan: Plan = { notifications: [], skipped: [], outcomes: [], planned: 0 };
  const listed = definition.listed?.(event);
  const advertising = definition.advertises?.(event);
  for (const { recipient, templates, skipReason: withoutTemplates } of choices) {
    if (plan.planned > 0 && !mayGoOn()) break;
    plan.planned += 1;
    const user = users.get(userKey({ siteId, userId: recipient.id }));
    const reachable = reachableChats(user, definition.name, bot);
    const isErased = isForErased(user, reportedAt ?? acceptedAt);
    const unwanted = isWanted(advertising, user?.marketingConsent) ? undefined : 'no-marketing-consent';
    const reason = isErased ? 'erased' : (withoutTemplates ?? skipReason ?? reachable.reason ?? unwanted);
    const queued: Outcome[] = [];
    const withCard = templates.find(({ card }) => card);
    for (const template of templates) {
      const first = keyOf(intent, template, recipient).deliveryId;
      const earlier = deliveries.get(first);
      const ids = { userId: recipient.id, templateId: template.id };
      if (isInDigest(earlier)) {
        queued.push({ ...ids, status: 'queued', deliveryId: first });
        continue;
      }
      const links = reason ? [] : reachable.links.filter((link) => isOpenIn(link, earlier));
      // What was dropped is collected anew; what waits, or was sent, goes its way.
      const isOpen = earlier === undefined || earlier.status === 'skipped';
      if (collects && template.digestMinutes !== undefined && links.length > 0 && isOpen) {
        const index = plan.outcomes.length + queued.length;
        plan.collected = [...(plan.collected ?? []), { recipient, template, deliveryId: first, index }];
        queued.push({ ...ids, status: 'scheduled' });
        continue;
      }
      const droppedAt = earlier?.status === 'skipped' ? earlier.recordedAt : undefined;
      const rendering = {
        ...intent,
        recipient,
        user,
        template,
        links,
        acceptedAt,
        renderer,
        listed,
        advertising,
        droppedAt,
        // Of several that manage the status, one alone is the order's message: what the others say must not be lost.
        card: template === withCard ? cardOf(definition, template, event) : undefined,
      };
      const notifications = notificationsFor(definition, rendering);
      plan.notifications.push(...notifications);
      const sent = notifications.map(({ deliveryId }) => deliveryId);
      for (const deliveryId of isFinal(earlier) ? [first, ...sent] : sent)
        queued.push({ ...ids, status: 'queued', deliveryId });
    }
    plan.outcomes.push(...queued);
    if (queued.length > 0) continue;
    const skipped = { userId: recipient.id, reason: reason ?? 'no-template' };
    plan.outcomes.push({ ...skipped, status: 'skipped' });
    // Of who is erased nothing is kept; and what was dropped before it was sent has its line.
    const wasDropped = templates.some((template) =>
      deliveries.has(keyOf(intent, template, recipient).deliveryId),
    );
    if (isErased || wasDropped) continue;
    const ids = { event: definition.name, eventId: event.eventId };
    plan.skipped.push({
      ...skippedKeyOf(definition, intent, recipient),
      ...ids,
      ...skipped,
      source,
      content,
      dueAt,
      step,
    });
  }
  return plan;
}

/**
 * Whether the event may still be sent to a chat. After a first report nothing more is sent to the first chat, and nothing
 * to a chat that was linked since. The records of the other chats are not read here: `deliver` drops what was sent there.
 */
function isOpenIn({ ownIds, linkedAt = '' }: ChatLink, first: Delivery | undefined): boolean {
  if (!first || !isFinal(first)) return true;
  return ownIds === true && linkedAt <= first.recordedAt;
}

/** A template, a recipient and their chats. */
interface Rendering<Event extends EventFields> extends Reported<Event> {
  recipient: Recipient;
  user: User | undefined;
  template: Template;
  links: ChatLink[];
  acceptedAt: string;
  renderer: MessageRenderer;
  listed: Listed | undefined;
  card: Notification['card'];
  advertising: Advertising | undefined;
  /** When an earlier message of this template was dropped. */
  droppedAt: string | undefined;
}

/** One notification for each chat, with the same text. */
function notificationsFor<Event extends EventFields>(
  definition: Rendered<Event>,
  rendering: Rendering<Event>,
): Notification[] {
  const { event, site, recipient, template, links, acceptedAt, pastAt, droppedAt, card } = rendering;
  const { identity, about, source, content: hash, collected, advertising, step } = rendering;
  if (links.length === 0) return [];
  const { text, button, moreButtons, rich } = render(definition, rendering);
  // Telegram refuses an empty message. The text is empty if every line of the template depends on a missing value.
  if (text === '') return [];
  const subject = {
    siteId: site.siteId,
    eventId: event.eventId,
    templateId: template.id,
    userId: recipient.id,
    identity,
  };
  const content = {
    event: definition.name,
    text,
    ...(button && { button }),
    ...(moreButtons && { moreButtons }),
    ...(rich && { rich }),
    acceptedAt,
    ...(pastAt && { pastAt }),
    ...(about && { about }),
    ...(advertising && { advertising }),
    ...(step !== undefined && { step }),
    ...(source && { source }),
    ...(hash && { content: hash }),
    ...(droppedAt && { droppedAt }),
    ...(card && { card }),
    ...(collected && { collected }),
  };
  return links.map((link) => ({ ...chatFields(subject, link), ...content }));
}

function cardOf<Event extends EventFields>(
  { status }: Rendered<Event>,
  template: Template,
  event: Event,
): Notification['card'] {
  return status && cardFor(template, readableName(status(event)));
}

/** Whether the stored names are used: where the event has none, or older ones. */
export function isNamedBy(user: User | undefined, recipient: Recipient, at: string): user is User {
  if (!user) return false;
  return !hasName(recipient) || (hasName(user) && (user.namesAt ?? '') > at);
}

function render<Event extends EventFields>(
  definition: Rendered<Event>,
  { event, site, recipient, user, template, acceptedAt, reportedAt, renderer, listed }: Rendering<Event>,
) {
  const at = momentOf(event, Date.parse(reportedAt ?? acceptedAt));
  return renderer.render({
    template,
    languages: [event.language, recipient.language, user?.language],
    defaultLanguage: site.defaultLanguage,
    timeZone: site.timeZone,
    tone: toneOf(site),
    sharedButton: sharedButtonOf(site, template.event),
    ...(listed && { listed }),
    url: definition.url(event),
    format: definition.format?.(event),
    values: {
      urlSito: site.url,
      nomeSito: site.name,
      ...namesOf(isNamedBy(user, recipient, at) ? user : recipient),
      ...definition.values(event),
      ...(template.couponCode !== undefined && { codiceCoupon: template.couponCode }),
    },
  });
}
