/**
 * Notices of one folder that are collected into one message for each administrator. What is said of a notice before it may
 * wait (linked, not muted …) is said as for every event; what waits is looked at once more when it is due.
 */
import { deliveryIdOf, scheduledKey } from '../domain/ids.ts';
import type { Outcome } from '../domain/outcomes.ts';
import type { Template } from '../domain/templates.ts';
import { chooseTemplates } from '../events/choose-templates.ts';
import type { Collector } from '../events/collector.ts';
import type { EventDefinition, EventFields } from '../events/definition.ts';
import { newerNames } from '../events/newer-names.ts';
import { notify } from '../events/notify.ts';
import type { Page } from '../events/notify-pages.ts';
import {
  type Collected,
  type Intent,
  type Plan,
  type Rendered,
  skippedKeyOf,
  toPlan,
} from '../events/plan.ts';
import type { Accept } from '../events/report.ts';
import type { Person, Recipient } from '../events/schemas.ts';
import { isInDigest, type SkippedDelivery } from '../store/deliveries.ts';
import {
  addNotice,
  closeWindow,
  type DigestSubject,
  digestKey,
  hasRoom,
  noticeIn,
  wasInLast,
} from '../store/digests.ts';
import type { Facts } from '../store/facts.ts';
import { MAX_ROUNDS } from '../store/rounds.ts';
import { isWaiting, noticesOf, readScheduled, type StoredNotice, type Waiting } from '../store/schedule.ts';
import { type Site, toneOf } from '../store/sites.ts';
import { CollectedFiles, distinctFiles, type FileOfNotice } from '../templates/files.ts';
import { withTextsForFiles } from '../templates/template-kinds.ts';
import { dispatchAtOnce } from './dispatch.ts';
import type { DueItem, ScheduledEvent } from './scheduled-event.ts';

const MINUTE = 60_000;

/** An event about files of a folder. */
interface FolderEvent extends EventFields {
  folder: { name: string };
  administrators: Recipient[];
}

/** An event whose notices are collected, and what a message about several of them needs to know of each. */
export interface FolderNotices<Event extends FolderEvent> {
  definition: EventDefinition<Event>;
  files: (event: Event) => FileOfNotice[];
  /** The person who acted. */
  author: (event: Event) => Person | undefined;
  /** `nome` and its like are those of the person who acted: of several, all of them. */
  namesAuthors?: true;
}

/** Handles an event: what its templates collect waits, and the rest is sent at once. */
export function collectingNotify<Event extends FolderEvent>(notices: FolderNotices<Event>): Accept<Event> {
  const { definition } = notices;
  const due = dueDigests([notices]);
  const subjectOf = (
    { event, site }: Intent<Event>,
    recipient: Recipient,
    { id }: Template,
  ): DigestSubject => ({
    ...{ siteId: site.siteId, userId: recipient.id, event: definition.name, templateId: id },
    ...{ kind: definition.templateKind(event), folder: event.folder.name },
  });
  const subjectsOf = (intent: Intent<Event>) =>
    intent.choices.flatMap(({ recipient, templates }) =>
      templates
        .filter(({ digestMinutes }) => digestMinutes !== undefined)
        .map((template) => subjectOf(intent, recipient, template)),
    );
  const itemIn = ({ scheduled }: Pick<Facts, 'scheduled'>, subject: DigestSubject) =>
    scheduled.get(scheduledKey(digestKey(subject)));

  const collector: Collector<Event> = {
    keys: (intent) => subjectsOf(intent).map(digestKey),
    earlier: (intent, facts) =>
      subjectsOf(intent).flatMap((subject) => {
        const item = itemIn(facts, subject);
        const notice = noticeIn(item, intent.event.eventId);
        if (notice) return [{ content: notice.content }];
        return wasInLast(item, intent.event.eventId) ? [{}] : [];
      }),
    async collect(intent, collected, facts, now) {
      const { site, event } = intent;
      const subject = subjectOf(intent, collected.recipient, collected.template);
      const wanted = {
        ...{ subject, notice: storedNotice(intent), person: collected.recipient },
        dueAt: new Date(now + (collected.template.digestMinutes ?? 0) * MINUTE).toISOString(),
      };
      let item = itemIn(facts, subject);
      for (let round = 0; round < MAX_ROUNDS; round++) {
        if (isWaiting(item) && noticeIn(item, event.eventId)) return waits(collected, item);
        if (wasInLast(item, event.eventId)) return wasSent(collected);
        // It has failed, or may have ended a run: nobody but the poller touches it.
        if (isWaiting(item) && item.attempts) return undefined;
        if (isWaiting(item) && !hasRoom(item, wanted.notice)) {
          // It is full, or just being sent. Whoever finds it so sends it: then there is room for the next one.
          const closed = await closeWindow(item);
          if (closed && !(await dispatchAtOnce(due, { item: closed, site }, now))) return undefined;
        } else {
          const added = await addNotice(wanted, item);
          if (added) return waits(collected, added);
        }
        item = await readScheduled(digestKey(subject));
      }
      return undefined;
    },
  };
  return (reported) => notify(definition, reported, Date.now(), collector);
}

function storedNotice({
  event,
  content = '',
  source = 'https',
  reportedAt = '',
}: Intent<FolderEvent>): StoredNotice {
  const { administrators: _, ...said } = event;
  return { event: said, content, source, at: reportedAt };
}

function waits({ recipient, template }: Collected, { dueAt, scheduledFor = dueAt }: Waiting): Outcome {
  return { userId: recipient.id, templateId: template.id, status: 'scheduled', dueAt: scheduledFor };
}

function wasSent({ recipient, template, deliveryId }: Collected): Outcome {
  return { userId: recipient.id, templateId: template.id, status: 'queued', deliveryId };
}

/** Due digests, for their poller, and for who finds a full one. */
// biome-ignore lint/suspicious/noExplicitAny: each of them is given only its own events.
export function dueDigests(kinds: FolderNotices<any>[]): ScheduledEvent {
  return {
    kind: 'digest',
    event: 'file-digest',
    closes: true,
    page(dueItem) {
      const { digest, user } = JSON.parse(dueItem.item.event) as { digest: string; user: Recipient };
      const notices = kinds.find(({ definition }) => definition.name === digest);
      if (!notices) throw new Error(`No digests of ${digest}`);
      return pageOf(notices, dueItem, user);
    },
    nextTime: () => undefined,
  };
}

/** A notice with what its site decides about it now. */
interface Judged<Event extends FolderEvent> {
  notice: StoredNotice;
  event: Event;
  deliveryId: string;
  /** Absent: it is not sent, for this reason. */
  template?: Template | undefined;
  reason: Extract<Outcome, { status: 'skipped' }>['reason'];
}

function pageOf<Event extends FolderEvent>(
  kind: FolderNotices<Event>,
  { item, site }: DueItem,
  recipient: Recipient,
): Page {
  const { siteId } = site;
  const { templateId = '', key, registeredAt, eventId, dueAt, scheduledFor = dueAt } = item;
  const userId = recipient.id;
  const stored = noticesOf(item);
  const judged = stored.map((notice) => judge(kind, notice, { site, templateId, recipient }));
  const first = stored[0];
  // Alone it is the message that it would have been. No event has an id as long as the other.
  const identity = stored.length > 1 ? JSON.stringify(['digest', key, registeredAt, eventId]) : undefined;
  const digestId = deliveryIdOf({ siteId, eventId: identity ?? eventId, templateId, userId });
  const common = { site, dueAt: scheduledFor, reportedAt: first?.at, source: first?.source };

  /** @param open those of which no other message has told. */
  const intentOf = (open: Judged<Event>[]): Intent<CollectedEvent<Event>> => {
    const [one, ...others] = open;
    const last = open.at(-1);
    const isSeveral = others.length > 0;
    const hasSeveralFiles = distinctFiles(open.flatMap(({ event }) => kind.files(event))).length > 1;
    const template =
      one?.template && isSeveral && hasSeveralFiles
        ? withTextsForFiles([one.template], toneOf(site))[0]
        : one?.template;
    return {
      ...common,
      identity,
      content: identity === undefined ? first?.content : undefined,
      ...(isSeveral && { collected: open.length }),
      event: {
        ...{ eventId: one?.event.eventId ?? eventId, occurredAt: last?.event.occurredAt },
        events: open.map(({ event }) => event),
      },
      choices: [{ recipient, templates: template ? [template] : [] }],
    };
  };
  const lineOf = ({ notice, event, deliveryId }: Judged<Event>, reason: string): SkippedDelivery => ({
    ...{ siteId, deliveryId, event: kind.definition.name, eventId: event.eventId, userId, reason },
    ...{ source: notice.source, content: notice.content, dueAt: scheduledFor },
  });
  const skippedLine = (each: Judged<Event>, reason = each.reason): SkippedDelivery => ({
    ...lineOf(each, reason),
    ...skippedKeyOf(kind.definition, { event: each.event, site }, recipient),
  });

  return {
    ...{ from: 0, of: 1, isWhole: true },
    wanted: {
      users: [{ siteId, userId }],
      deliveries: [digestId, ...judged.map(({ deliveryId }) => deliveryId)].map((id) => ({
        siteId,
        deliveryId: id,
      })),
      scheduled: [],
    },
    newerNames: (facts, acceptedAt) => newerNames(intentOf(judged), facts, acceptedAt),
    plan(facts, acceptedAt): Plan {
      const left = judged.filter(({ template }) => !template);
      const isTold = ({ deliveryId }: Judged<Event>) => {
        const record = facts.deliveries.get(deliveryId);
        if (identity === undefined || record === undefined) return false;
        return record.status !== 'skipped' || (isInDigest(record) && record.digestId !== digestId);
      };
      const open = judged.filter((each) => each.template && !isTold(each));
      const plan = toPlan(collectedDefinition(kind), intentOf(open), facts, acceptedAt);
      const [outcome] = plan.outcomes;
      if (open.length === 0) Object.assign(plan, { notifications: [], skipped: [], outcomes: [] });
      // Of who was erased nothing is kept.
      else if (outcome?.status === 'skipped' && plan.skipped.length > 0)
        plan.skipped = open.map((each) => skippedLine(each, outcome.reason));
      else if (outcome?.status === 'queued' && identity !== undefined)
        plan.skipped.push(
          ...open
            .filter(({ deliveryId }) => !isInDigest(facts.deliveries.get(deliveryId)))
            .map((each) => ({ ...lineOf(each, 'in-digest'), templateId, digestId })),
        );
      plan.skipped.push(...left.map((each) => skippedLine(each)));
      plan.outcomes.push(...left.map(({ reason }) => ({ userId, status: 'skipped' as const, reason })));
      return plan;
    },
  };
}

/** Whether the site still sends this notice, with this template. */
function judge<Event extends FolderEvent>(
  { definition }: FolderNotices<Event>,
  notice: StoredNotice,
  { site, templateId, recipient }: { site: Site; templateId: string; recipient: Recipient },
): Judged<Event> {
  // It was validated when it was reported.
  const event = { ...notice.event, administrators: [recipient] } as unknown as Event;
  const [choice] = chooseTemplates(definition, event, site);
  const { siteId } = site;
  const ids = { siteId, eventId: event.eventId, templateId, userId: recipient.id };
  return {
    ...{ notice, event, deliveryId: deliveryIdOf(ids) },
    template: choice?.templates.find(({ id }) => id === templateId),
    reason: choice?.skipReason ?? 'no-template',
  };
}

/** Several events of one folder as one. */
interface CollectedEvent<Event> extends EventFields {
  events: Event[];
}

/** A message about one of them is the one that it would have been without others. */
function collectedDefinition<Event extends FolderEvent>({
  definition,
  files,
  author,
  namesAuthors,
}: FolderNotices<Event>): Rendered<CollectedEvent<Event>> {
  const onlyOne = <Value>(
    { events }: CollectedEvent<Event>,
    of: (event: Event) => Value,
  ): Value | undefined => {
    const [one, ...others] = events;
    return one && others.length === 0 ? of(one) : undefined;
  };
  const filesOf = ({ events }: CollectedEvent<Event>) => events.flatMap(files);
  return {
    name: definition.name,
    url(event) {
      if (event.events.length === 1) return onlyOne(event, definition.url);
      const [url, ...others] = new Set(filesOf(event).map((file) => file.url));
      return others.length === 0 ? url : undefined;
    },
    listed(event) {
      if (event.events.length === 1) return onlyOne(event, (one) => definition.listed?.(one));
      const authors = event.events.map(author).filter((each) => each !== undefined);
      return new CollectedFiles(filesOf(event), authors, namesAuthors);
    },
    values: ({ events: [one] }) => (one ? definition.values(one) : {}),
  };
}
