import { settleAll } from '../aws/parallel.ts';
import type { Notification } from '../deliveries/notification.ts';
import { enqueue } from '../deliveries/queue.ts';
import { skipReasonOf } from '../deliveries/skip-reason.ts';
import { deliveryIdOf } from '../domain/ids.ts';
import type { Outcome, SkipReason } from '../domain/outcomes.ts';
import { hasName, namesOf } from '../domain/person-names.ts';
import type { Template } from '../domain/templates.ts';
import { isFinal } from '../store/deliveries.ts';
import { type EventFacts, findEventFacts, type WantedFacts } from '../store/facts.ts';
import type { Site } from '../store/sites.ts';
import type { User } from '../store/users.ts';
import { renderMessage } from '../templates/render.ts';
import type { EventDefinition, EventFields } from './definition.ts';
import type { Recipient } from './schemas.ts';

/** An event, and the site that it is of. */
export interface Reported<Event extends EventFields> {
  event: Event;
  site: Site;
  /** Why nothing more is sent of it: only what was sent before is answered. */
  skipReason?: SkipReason;
}

/** What is known of the users that an event may reach, and of what was sent them of it before. */
type Known = Pick<EventFacts, 'users' | 'deliveries'>;

/** Reads it, for one site. */
export type FindKnown = (siteId: string, wanted: WantedFacts) => Promise<Known>;

/**
 * Decides what each recipient of an event gets, renders it and puts it into the queue. All that is to be sent is queued
 * when this returns; where it throws, some of it may be, and repeating the call queues the rest and nothing twice. What
 * an earlier report of the event has led to, however long ago, is answered as it was then.
 *
 * @param find where the facts come from, for those who read something else with them in one request.
 * @returns one outcome for each recipient and template, in the order of the recipients.
 * @throws StaleSiteError where the site was changed since it was read; nothing has been done then.
 * @throws ServiceUnreachableError
 */
export async function notify<Event extends EventFields>(
  definition: EventDefinition<Event>,
  event: Event,
  site: Site,
  find: FindKnown = findEventFacts,
): Promise<Outcome[]> {
  const [outcomes = []] = await notifyAll(definition, [{ event, site }], (siteId, wanted) =>
    find(siteId, { ...wanted, site }),
  );
  return outcomes;
}

/**
 * As `notify`, for many events at once and with as few requests as they allow.
 *
 * @returns the outcomes of each event, in the order of the events.
 */
export async function notifyAll<Event extends EventFields>(
  definition: EventDefinition<Event>,
  reported: Reported<Event>[],
  find: FindKnown = findEventFacts,
): Promise<Outcome[][]> {
  const intents = reported.map((each) => toIntent(definition, each));
  const known = await findAllKnown(intents, find);
  const plans = intents.map((intent) => toPlan(definition, intent, known.get(intent.site.siteId)));
  await enqueue(plans.flatMap(({ notifications }) => notifications));
  return plans.map(({ outcomes }) => outcomes);
}

/** Who would get what, as far as it is known without asking for the users. */
interface Intent<Event extends EventFields> extends Reported<Event> {
  wanted: { recipient: Recipient; choice: Template[] | SkipReason }[];
}

function toIntent<Event extends EventFields>(
  definition: EventDefinition<Event>,
  { event, site, skipReason }: Reported<Event>,
): Intent<Event> {
  const choice = chooseTemplates(definition, event, site);
  const choiceFor = (recipient: Recipient): Template[] | SkipReason => {
    if (typeof choice === 'string') return choice;
    const templates = choice.filter((template) => includes(template, recipient));
    return templates.length > 0 ? templates : 'group-not-included';
  };
  const recipients = withoutRepeats(definition.recipients(event));
  return {
    event,
    site,
    ...(skipReason && { skipReason }),
    wanted: recipients.map((recipient) => ({ recipient, choice: choiceFor(recipient) })),
  };
}

/** What is known before all events are decided on, by site. */
async function findAllKnown<Event extends EventFields>(
  intents: Intent<Event>[],
  find: FindKnown,
): Promise<Map<string, Known>> {
  const bySite = new Map<string, { userIds: Set<string>; deliveryIds: Set<string> }>();
  for (const { event, site, wanted } of intents) {
    const ids = bySite.get(site.siteId) ?? { userIds: new Set(), deliveryIds: new Set() };
    bySite.set(site.siteId, ids);
    for (const { recipient, choice } of wanted) {
      if (typeof choice === 'string') continue;
      ids.userIds.add(recipient.id);
      for (const template of choice) ids.deliveryIds.add(idOf(event, site, template, recipient));
    }
  }
  const found = [...bySite].map(async ([siteId, { userIds, deliveryIds }]) => {
    const wanted = { userIds: [...userIds], deliveryIds: [...deliveryIds] };
    return [siteId, await find(siteId, wanted)] as const;
  });
  return new Map(await settleAll(found));
}

function idOf(event: EventFields, site: Site, template: Template, recipient: Recipient): string {
  const { siteId } = site;
  return deliveryIdOf({ siteId, eventId: event.eventId, templateId: template.id, userId: recipient.id });
}

interface Plan {
  notifications: Notification[];
  outcomes: Outcome[];
}

function toPlan<Event extends EventFields>(
  definition: EventDefinition<Event>,
  { event, site, wanted, skipReason }: Intent<Event>,
  { users, deliveries }: Known = { users: new Map(), deliveries: new Map() },
): Plan {
  const plan: Plan = { notifications: [], outcomes: [] };
  for (const { recipient, choice } of wanted) {
    if (typeof choice === 'string') {
      plan.outcomes.push(skipped(recipient.id, choice));
      continue;
    }
    const user = users.get(recipient.id);
    const reason = skipReason ?? skipReasonOf(user, definition.name, site.bot);
    const queued: Outcome[] = [];
    for (const template of choice) {
      const deliveryId = idOf(event, site, template, recipient);
      if (!isFinal(deliveries.get(deliveryId))) {
        if (reason) continue;
        const message = toNotification({ definition, event, site, template, recipient, user, deliveryId });
        // Telegram sends no empty message: a template whose every line hangs on a value that is missing says nothing.
        if (message.text === '') continue;
        plan.notifications.push(message);
      }
      queued.push({ userId: recipient.id, templateId: template.id, status: 'queued', deliveryId });
    }
    plan.outcomes.push(...(queued.length > 0 ? queued : [skipped(recipient.id, reason ?? 'no-template')]));
  }
  return plan;
}

/** A person named twice gets one notification, as they were named first. */
function withoutRepeats(recipients: Recipient[]): Recipient[] {
  const byId = new Map<string, Recipient>();
  for (const recipient of recipients) if (!byId.has(recipient.id)) byId.set(recipient.id, recipient);
  return [...byId.values()];
}

/** The templates that send for this event, or why none does. */
function chooseTemplates<Event extends EventFields>(
  definition: EventDefinition<Event>,
  event: Event,
  site: Site,
): Template[] | SkipReason {
  const reason = definition.skipReason?.(event, site) ?? actorSkipReason(definition, event, site);
  if (reason) return reason;

  const kind = definition.templateKind(event);
  const reaches = (template: Template) => definition.reaches?.(template, event) ?? true;
  const templates = site.templates.filter(
    (template) => template.enabled && template.event === kind && reaches(template),
  );
  if (templates.length === 0) return 'no-template';

  const status = definition.status?.(event);
  if (status === undefined) return templates;
  const managing = templates.filter((template) =>
    template.statuses?.some((managed) => isSameStatus(managed, status)),
  );
  return managing.length > 0 ? managing : 'status-not-managed';
}

/** Reserved-area events are sent only if the group of the person acting has "Gestione Telegram". */
function actorSkipReason<Event extends EventFields>(
  definition: EventDefinition<Event>,
  event: Event,
  { telegramGroups }: Site,
): SkipReason | undefined {
  const actor = definition.actor?.(event);
  if (!actor || telegramGroups.length === 0) return undefined;
  const mayCause = actor.groups?.some((group) => telegramGroups.includes(group)) ?? false;
  return mayCause ? undefined : 'sender-group-not-enabled';
}

/** A status is text, compared without case. */
function isSameStatus(one: string, other: string): boolean {
  const normalized = (status: string) => status.normalize('NFC').trim().toLowerCase();
  return normalized(one) === normalized(other);
}

/** No groups chosen: every user. Groups chosen: only their members. */
function includes({ groups = [] }: Template, recipient: Recipient): boolean {
  return groups.length === 0 || groups.some((group) => recipient.groups?.includes(group));
}

function skipped(userId: string, reason: SkipReason): Outcome {
  return { userId, status: 'skipped', reason };
}

function toNotification<Event extends EventFields>(parts: {
  definition: EventDefinition<Event>;
  event: Event;
  site: Site;
  template: Template;
  recipient: Recipient;
  user: User | undefined;
  deliveryId: string;
}): Notification {
  const { definition, event, site, template, recipient, user, deliveryId } = parts;
  const message = renderMessage({
    template,
    language: definition.languageOf === 'session' ? event.language : (recipient.language ?? user?.language),
    defaultLanguage: site.defaultLanguage,
    timeZone: site.timeZone,
    url: definition.url(event),
    values: {
      urlSito: site.url,
      ...namesOf(hasName(recipient) || !user ? recipient : user),
      ...definition.values(event),
    },
  });
  return {
    deliveryId,
    siteId: site.siteId,
    eventId: event.eventId,
    templateId: template.id,
    userId: recipient.id,
    event: definition.name,
    text: message.text,
    ...(message.button && { button: message.button }),
    acceptedAt: new Date().toISOString(),
  };
}
