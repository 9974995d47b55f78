import { chatFields, type Notification } from '../deliveries/notification.ts';
import { reachableChats } from '../deliveries/skip-reason.ts';
import type { EventName } from '../domain/events.ts';
import { deliveryIdOf, skippedIdOf, userKey } from '../domain/ids.ts';
import { type Advertising, isWanted } from '../domain/marketing-consent.ts';
import type { Outcome, SkipReason } from '../domain/outcomes.ts';
import { hasName, namesOf } from '../domain/person-names.ts';
import type { Template } from '../domain/templates.ts';
import { type Delivery, isFinal, type SkippedDelivery } from '../store/deliveries.ts';
import type { Facts } from '../store/facts.ts';
import type { Source } from '../store/schedule.ts';
import { type Site, toneOf } from '../store/sites.ts';
import { isAnyOutdated, keysOfSubjects, type Subject } from '../store/subjects.ts';
import { type ChatLink, isForErased, type User } from '../store/user.ts';
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
}

interface PlanOptions {
  renderer?: MessageRenderer;
  mayGoOn?: () => boolean;
}

/**
 * Decides what each recipient gets in which of their chats, and renders it. It reads and writes nothing.
 *
 * @param acceptedAt ISO 8601.
 * @param options.renderer the same for all recipients of an event, if they are planned in several parts.
 * @param options.mayGoOn asked before each recipient but the first: `false` ends the plan there.
 */
export function toPlan<Event extends EventFields>(
  definition: EventDefinition<Event>,
  intent: Intent<Event>,
  facts: Facts,
  acceptedAt: string,
  { renderer = new MessageRenderer(), mayGoOn = () => true }: PlanOptions = {},
): Plan {
  const { event, site, choices, source, content, reportedAt, dueAt } = intent;
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
    for (const template of templates) {
      const first = keyOf(intent, template, recipient).deliveryId;
      const earlier = deliveries.get(first);
      const links = reason ? [] : reachable.links.filter((link) => isOpenIn(link, earlier));
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
      };
      const notifications = notificationsFor(definition, rendering);
      plan.notifications.push(...notifications);
      const ids = notifications.map(({ deliveryId }) => deliveryId);
      for (const deliveryId of isFinal(earlier) ? [first, ...ids] : ids)
        queued.push({ userId: recipient.id, templateId: template.id, status: 'queued', deliveryId });
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
  advertising: Advertising | undefined;
  /** When an earlier message of this template was dropped. */
  droppedAt: string | undefined;
}

/** One notification for each chat, with the same text. */
function notificationsFor<Event extends EventFields>(
  definition: EventDefinition<Event>,
  rendering: Rendering<Event>,
): Notification[] {
  const { event, site, recipient, template, links, acceptedAt, pastAt, droppedAt } = rendering;
  const { identity, about, source, content: hash, advertising, step } = rendering;
  if (links.length === 0) return [];
  const { text, button, moreButtons } = render(definition, rendering);
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
    acceptedAt,
    ...(pastAt && { pastAt }),
    ...(about && { about }),
    ...(advertising && { advertising }),
    ...(step !== undefined && { step }),
    ...(source && { source }),
    ...(hash && { content: hash }),
    ...(droppedAt && { droppedAt }),
  };
  return links.map((link) => ({ ...chatFields(subject, link), ...content }));
}

/** Whether the stored names are used: where the event has none, or older ones. */
function isNamedBy(user: User | undefined, recipient: Recipient, at: string): user is User {
  if (!user) return false;
  return !hasName(recipient) || (hasName(user) && (user.namesAt ?? '') > at);
}

function render<Event extends EventFields>(
  definition: EventDefinition<Event>,
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
