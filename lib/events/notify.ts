import { deliveryIdOf, type Notification } from '../delivery/notification.ts';
import { enqueue } from '../delivery/queue.ts';
import type { Site } from '../store/sites.ts';
import { findUsers, type User, whyNotReached } from '../store/users.ts';
import type { Template } from '../templates/kinds.ts';
import { renderMessage } from '../templates/render.ts';
import type { EventDefinition, EventFields } from './definition.ts';
import { hasName, namesOf } from './names-of.ts';
import type { Outcome, SkipReason } from './outcome.ts';
import type { Recipient } from './schemas.ts';

/**
 * Decides what each recipient of an event gets, renders it and puts it into the queue. All that is to be sent is queued
 * when this returns; where it throws, some of it may be, and repeating the call queues the rest and nothing twice.
 *
 * @returns one outcome for each recipient and template, in the order of the recipients.
 * @throws ServiceUnreachableError
 */
export async function notify<Event extends EventFields>(
  definition: EventDefinition<Event>,
  event: Event,
  site: Site,
): Promise<Outcome[]> {
  const recipients = withoutRepeats(definition.recipients(event));
  const choice = chooseTemplates(definition, event, site);
  if (typeof choice === 'string') return recipients.map(({ id }) => skipped(id, choice));

  const wanted = recipients.map((recipient) => ({
    recipient,
    templates: choice.filter((template) => includes(template, recipient)),
  }));
  const reachable = wanted
    .filter(({ templates }) => templates.length > 0)
    .map(({ recipient }) => recipient.id);
  const users = await findUsers(site.siteId, reachable);

  const notifications: Notification[] = [];
  const outcomes: Outcome[] = [];
  for (const { recipient, templates } of wanted) {
    const user = users.get(recipient.id);
    const reason = templates.length === 0 ? 'group-not-included' : whyNotReached(user, definition.name);
    if (reason) {
      outcomes.push(skipped(recipient.id, reason));
      continue;
    }
    const made = templates.map((template) =>
      toNotification({ definition, event, site, template, recipient, user }),
    );
    // Telegram sends no empty message: a template whose every line hangs on a value that is missing says nothing.
    const worded = made.filter(({ text }) => text !== '');
    if (worded.length === 0) outcomes.push(skipped(recipient.id, 'no-template'));
    for (const notification of worded) {
      const { templateId, deliveryId } = notification;
      notifications.push(notification);
      outcomes.push({ userId: recipient.id, templateId, status: 'queued', deliveryId });
    }
  }
  await enqueue(notifications);
  return outcomes;
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
  const templates = site.templates.filter((template) => template.enabled && template.event === kind);
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
