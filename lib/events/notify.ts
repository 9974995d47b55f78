import { deliveryIdOf, type Notification } from '../delivery/notification.ts';
import { enqueue } from '../delivery/queue.ts';
import { settleAll } from '../settle-all.ts';
import type { Site } from '../store/sites.ts';
import { findUsers, type User, whyNotReached } from '../store/users.ts';
import type { Template } from '../templates/kinds.ts';
import { renderMessage } from '../templates/render.ts';
import type { EventDefinition, EventFields } from './definition.ts';
import { hasName, namesOf } from './names-of.ts';
import type { Outcome, SkipReason } from './outcome.ts';
import type { Recipient } from './schemas.ts';

/** An event, and the site that it is of. */
export interface Reported<Event extends EventFields> {
  event: Event;
  site: Site;
}

/** Those of the users that are known, by id. */
type FindUsers = typeof findUsers;

/**
 * Decides what each recipient of an event gets, renders it and puts it into the queue. All that is to be sent is queued
 * when this returns; where it throws, some of it may be, and repeating the call queues the rest and nothing twice.
 *
 * @param find where the users come from, for those who read something else with them in one request.
 * @returns one outcome for each recipient and template, in the order of the recipients.
 * @throws ServiceUnreachableError
 */
export async function notify<Event extends EventFields>(
  definition: EventDefinition<Event>,
  event: Event,
  site: Site,
  find: FindUsers = findUsers,
): Promise<Outcome[]> {
  const [outcomes = []] = await notifyAll(definition, [{ event, site }], find);
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
  find: FindUsers = findUsers,
): Promise<Outcome[][]> {
  const intents = reported.map((each) => toIntent(definition, each));
  const users = await findAllUsers(intents, find);
  const plans = intents.map((intent) => toPlan(definition, intent, users.get(intent.site.siteId)));
  await enqueue(plans.flatMap(({ notifications }) => notifications));
  return plans.map(({ outcomes }) => outcomes);
}

/** Who would get what, as far as it is known without asking for the users. */
interface Intent<Event extends EventFields> extends Reported<Event> {
  wanted: { recipient: Recipient; choice: Template[] | SkipReason }[];
}

function toIntent<Event extends EventFields>(
  definition: EventDefinition<Event>,
  { event, site }: Reported<Event>,
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
    wanted: recipients.map((recipient) => ({ recipient, choice: choiceFor(recipient) })),
  };
}

type Users = Map<string, User>;

/** The users of all events, by site. */
async function findAllUsers<Event extends EventFields>(
  intents: Intent<Event>[],
  find: FindUsers,
): Promise<Map<string, Users>> {
  const idsBySite = new Map<string, Set<string>>();
  for (const { site, wanted } of intents) {
    const ids = idsBySite.get(site.siteId) ?? new Set();
    for (const { recipient, choice } of wanted) if (typeof choice !== 'string') ids.add(recipient.id);
    idsBySite.set(site.siteId, ids);
  }
  const found = [...idsBySite].map(async ([siteId, ids]) => [siteId, await find(siteId, [...ids])] as const);
  return new Map(await settleAll(found));
}

interface Plan {
  notifications: Notification[];
  outcomes: Outcome[];
}

function toPlan<Event extends EventFields>(
  definition: EventDefinition<Event>,
  { event, site, wanted }: Intent<Event>,
  users: Users = new Map(),
): Plan {
  const plan: Plan = { notifications: [], outcomes: [] };
  for (const { recipient, choice } of wanted) {
    const user = users.get(recipient.id);
    const reason = typeof choice === 'string' ? choice : whyNotReached(user, definition.name, site.bot);
    if (reason) {
      plan.outcomes.push(skipped(recipient.id, reason));
      continue;
    }
    const templates = typeof choice === 'string' ? [] : choice;
    const made = templates.map((template) =>
      toNotification({ definition, event, site, template, recipient, user }),
    );
    // Telegram sends no empty message: a template whose every line hangs on a value that is missing says nothing.
    const worded = made.filter(({ text }) => text !== '');
    if (worded.length === 0) plan.outcomes.push(skipped(recipient.id, 'no-template'));
    for (const notification of worded) {
      const { templateId, deliveryId } = notification;
      plan.notifications.push(notification);
      plan.outcomes.push({ userId: recipient.id, templateId, status: 'queued', deliveryId });
    }
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
  const reason = definition.whyNobody?.(event, site) ?? whyActorMayNot(definition, event, site);
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
function whyActorMayNot<Event extends EventFields>(
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
}): Notification {
  const { definition, event, site, template, recipient, user } = parts;
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
  const delivery = {
    siteId: site.siteId,
    eventId: event.eventId,
    templateId: template.id,
    userId: recipient.id,
  };
  return {
    deliveryId: deliveryIdOf(delivery),
    ...delivery,
    event: definition.name,
    text: message.text,
    ...(message.button && { button: message.button }),
    acceptedAt: new Date().toISOString(),
  };
}
