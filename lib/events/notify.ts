import { inParallel, settleAll } from '../aws/parallel.ts';
import { asNotifications } from '../deliveries/notification.ts';
import { enqueue } from '../deliveries/queue.ts';
import { staffNotifications } from '../deliveries/staff-notices.ts';
import { EventIdReusedError, TooManyWaitingError } from '../domain/errors.ts';
import type { Outcome, SkipReason } from '../domain/outcomes.ts';
import { recordSkipped, type SkippedDelivery } from '../store/deliveries.ts';
import { type Facts, readFacts } from '../store/facts.ts';
import type { Source } from '../store/schedule.ts';
import { requireLatest, type Site } from '../store/sites.ts';
import type { UserKey } from '../store/user.ts';
import { MessageRenderer } from '../templates/render.ts';
import { peopleIn } from './choose-templates.ts';
import type { Collector } from './collector.ts';
import { contentOf } from './content.ts';
import type { EventDefinition, EventFields } from './definition.ts';
import { endedLines } from './ended-lines.ts';
import { staffMessageOf, staffOfEvent } from './for-staff.ts';
import { newerNames, writeNames } from './newer-names.ts';
import { type Intent, type Plan, skippedKeyOf, toIntent, toPlan, wantedOf } from './plan.ts';

/** So many messages of a site may wait, approximately: what its bot sends in more than two hours. */
export const MAX_WAITING = 250_000;

/** An event, its site, and how it came here. */
export interface ReportedBy<Event extends EventFields> {
  event: Event;
  site: Site;
  source: Source;
  /** When it was reported: earlier than now, if it has waited in a queue. Milliseconds since 1970. */
  reportedAt?: number | undefined;
}

/** What became of an event. */
export interface Accepted {
  notifications: Outcome[];
  /** It was reported before. */
  repeated?: true;
}

/**
 * Decides what each recipient of an event gets, renders it and enqueues it. On return every notification is in the
 * queue, and everybody who gets nothing has a line in the log. After an error some of them may be: a repeated call
 * enqueues the rest, and nothing twice. The results of an earlier report of the event are returned again, however old
 * it is.
 *
 * @param now milliseconds since 1970.
 * @param reportedAt when the event was reported: it may have waited in a queue. Milliseconds since 1970.
 * @param collector for an event whose notices may be collected.
 * @returns one outcome for each recipient, template and chat, and one for a recipient who gets nothing; in the order of
 * the recipients.
 * @throws StaleSiteError if the site was changed since it was read, TooManyWaitingError, EventIdReusedError; nothing has
 * been done then.
 * @throws ServiceUnreachableError
 */
export async function notify<Event extends EventFields>(
  definition: EventDefinition<Event>,
  { event, site, source, reportedAt: reportedMilliseconds }: ReportedBy<Event>,
  now = Date.now(),
  collector?: Collector<Event>,
): Promise<Accepted> {
  const { siteId } = site;
  const content = contentOf(definition, event);
  const reportedAt = new Date(reportedMilliseconds ?? now).toISOString();
  const intent = toIntent(definition, { event, site, source, content, reportedAt });
  const staff = staffOfEvent(definition, intent);
  const facts = await readFacts(wantedFacts(definition, intent, { staff, collector }));
  requireLatest(site, facts.siteVersions.get(siteId));
  if ((facts.lanes.get(siteId)?.count ?? 0) >= MAX_WAITING) throw new TooManyWaitingError(siteId);
  const told = definition.memory?.read(event, siteId, facts, reportedMilliseconds ?? now);
  const records = [
    ...facts.deliveries.values(),
    ...(told?.earlier ? [told.earlier] : []),
    ...(collector?.earlier(intent, facts) ?? []),
  ];
  const isRepeated = wasReported(event.eventId, content, records);

  // This comes before rendering: if a template can't be rendered, a cart that was ordered must still be ended.
  const isForStaff = staff.length > 0 && told?.isFirst === true;
  const remembered = await told?.remember(content, { site, ...(isForStaff && { first: 'told' }) });
  const isSuperseded = told?.isSuperseded || remembered?.isSuperseded;
  const acceptedAt = new Date(now).toISOString();
  const sent = send(
    definition,
    { ...intent, about: told?.subjects, ...(isSuperseded && { skipReason: 'superseded' as const }) },
    facts,
    {
      acceptedAt,
      isRepeated,
      isForStaff,
      ended: (remembered?.ended ?? []).flatMap((item) => endedLines(item)),
    },
    collector,
  );
  await settleAll<unknown>([sent, writeNames(newerNames(intent, facts, acceptedAt))]);
  return { notifications: await sent, ...(isRepeated && { repeated: true }) };
}

/** For the first recipient also the line that says that they got nothing: it shows that the event was reported before. */
function wantedFacts<Event extends EventFields>(
  definition: EventDefinition<Event>,
  intent: Intent<Event>,
  { staff, collector }: { staff: UserKey[]; collector: Collector<Event> | undefined },
) {
  const { event, site } = intent;
  const { siteId } = site;
  const wanted = wantedOf(intent);
  const [first] = intent.choices;
  return {
    ...wanted,
    // The staff reads the names of whom the event is about: also where these get nothing themselves.
    users: [...wanted.users, ...staff, ...(staff.length > 0 ? peopleKeys(definition, intent) : [])],
    deliveries: [...wanted.deliveries, ...(first ? [skippedKeyOf(definition, intent, first.recipient)] : [])],
    scheduled: [...(definition.memory?.keys(event, siteId) ?? []), ...(collector?.keys(intent) ?? [])],
    siteIds: [siteId],
    lanes: [siteId],
  };
}

function peopleKeys<Event extends EventFields>(
  definition: EventDefinition<Event>,
  { event, site: { siteId } }: Intent<Event>,
): UserKey[] {
  return peopleIn(definition, event).map(({ id }) => ({ siteId, userId: id }));
}

/**
 * Whether an event was reported before, as far as these records tell.
 *
 * @param content the hash of what it says.
 * @param records what is recorded of it; the former release has recorded no hash.
 * @throws EventIdReusedError if it said something else then.
 */
export function wasReported(
  eventId: string,
  content: string | undefined,
  records: { content?: string | undefined }[],
): boolean {
  const isOther = records.some((record) => record.content !== undefined && record.content !== content);
  if (isOther) throw new EventIdReusedError(eventId);
  return records.length > 0;
}

/** Nobody gets anything: everybody has a line in the log. @throws ServiceUnreachableError */
export async function skipAll<Event extends EventFields>(
  definition: EventDefinition<Event>,
  reported: ReportedBy<Event> & { isRepeated: boolean },
  reason: SkipReason,
): Promise<Accepted> {
  const { event, source, isRepeated } = reported;
  const content = contentOf(definition, event);
  const lines = peopleIn(definition, event).map((recipient) => ({
    ...skippedKeyOf(definition, reported, recipient),
    ...{ event: definition.name, eventId: event.eventId, userId: recipient.id, reason, source, content },
  }));
  await recordSkipped(lines, { isRepeated });
  return {
    notifications: lines.map(({ userId }) => ({ userId, status: 'skipped', reason })),
    ...(isRepeated && { repeated: true }),
  };
}

/**
 * Only remembers what an event says, for a site that sends nothing now: what the event ends is ended all the same.
 *
 * @param now milliseconds since 1970.
 * @throws ServiceUnreachableError
 */
export async function rememberOnly<Event extends EventFields>(
  definition: EventDefinition<Event>,
  event: Event,
  site: Site,
  now = Date.now(),
): Promise<void> {
  const { siteId } = site;
  const { memory } = definition;
  if (!memory) return;
  const told = memory.read(event, siteId, await readFacts({ scheduled: memory.keys(event, siteId) }), now);
  const isForStaff = staffOfEvent(definition, { event, site }).length > 0;
  const { ended } = await told.remember(contentOf(definition, event), isForStaff ? { first: 'untold' } : {});
  await recordSkipped(ended.flatMap((item) => endedLines(item)));
}

/** So many messages are in the memory at the same time, not counting further chats: one may have 32,768 bytes. */
const PORTION = 240;

/** So many lines of what was ended go with the messages: that costs no request more. */
const MOST_ALONG = 5;

interface Sending {
  acceptedAt: string;
  isRepeated: boolean;
  /** The staff of the shop is told of it too. */
  isForStaff: boolean;
  ended: SkippedDelivery[];
}

const NOTHING = { notifications: [], skipped: [] };

/**
 * Renders and enqueues portion by portion: 500 recipients of ten long templates would take more memory than a function
 * has.
 */
async function send<Event extends EventFields>(
  definition: EventDefinition<Event>,
  intent: Intent<Event>,
  facts: Facts,
  { acceptedAt, isRepeated, isForStaff, ended }: Sending,
  collector: Collector<Event> | undefined,
): Promise<Accepted['notifications']> {
  const outcomes: Accepted['notifications'] = [];
  const renderer = new MessageRenderer();
  const message = isForStaff && staffMessageOf(definition, intent, facts, { acceptedAt, renderer });
  const toStaff = message ? staffNotifications(intent.site, message, facts.users) : NOTHING;
  let open = [...ended, ...toStaff.skipped];
  let { notifications: alsoSent } = toStaff;
  for (const portion of portionsOf(intent)) {
    const collects = collector !== undefined;
    const plan = toPlan(definition, portion, facts, acceptedAt, { renderer, collects });
    if (collector && plan.collected)
      await collectNotices(collector, portion, plan, facts, {
        now: Date.parse(acceptedAt),
        planAlone: (alone) => toPlan(definition, alone, facts, acceptedAt, { renderer }),
      });
    outcomes.push(...plan.outcomes);
    const sent = [...plan.notifications, ...alsoSent];
    const goAlong = sent.length > 0 && open.length <= MOST_ALONG;
    const along = goAlong ? asNotifications(open, acceptedAt) : [];
    const lines = goAlong ? plan.skipped : [...plan.skipped, ...open];
    open = [];
    alsoSent = [];
    await settleAll([enqueue([...sent, ...along]), recordSkipped(lines, { isRepeated })]);
  }
  return outcomes;
}

/** How many notices are collected at the same time. */
const PARALLEL_NOTICES = 25;

/**
 * Collects the notices of a plan, and puts their outcomes into it. What can't wait is planned by itself.
 *
 * @throws ServiceUnreachableError
 */
async function collectNotices<Event extends EventFields>(
  collector: Collector<Event>,
  intent: Intent<Event>,
  plan: Plan,
  facts: Facts,
  { now, planAlone }: { now: number; planAlone: (intent: Intent<Event>) => Plan },
): Promise<void> {
  const became = new Map<number, Outcome[]>();
  await inParallel(plan.collected ?? [], PARALLEL_NOTICES, async (notice) => {
    const outcome = await collector.collect(intent, notice, facts, now);
    if (outcome) {
      became.set(notice.index, [outcome]);
      return;
    }
    const { recipient, template } = notice;
    const alone = planAlone({ ...intent, choices: [{ recipient, templates: [template] }] });
    plan.notifications.push(...alone.notifications);
    plan.skipped.push(...alone.skipped);
    became.set(notice.index, alone.outcomes);
  });
  plan.outcomes = plan.outcomes.flatMap((outcome, index) => became.get(index) ?? [outcome]);
}

/** The intent with a part of its choices each, in their order. */
function portionsOf<Event extends EventFields>(intent: Intent<Event>): Intent<Event>[] {
  const portions: Intent<Event>[] = [];
  let room = 0;
  for (const choice of intent.choices) {
    const messages = choice.templates.length;
    if (messages > room || portions.length === 0) {
      portions.push({ ...intent, choices: [] });
      room = PORTION;
    }
    room -= messages;
    portions.at(-1)?.choices.push(choice);
  }
  return portions;
}
