/** What is true in a history, and so what its chats may show, and what they must. All times are milliseconds since 1970. */
import { CHATS, USERS } from './steps.ts';
import {
  both,
  known,
  type Maybe,
  type Occurrence,
  occurrencesUntil,
  type Report,
  type Said,
  Subjects,
  type Untruth,
} from './truth.ts';

/** What was changed within the last second may not have reached a message that is on its way. */
const TOLERANCE = 1_000;
/** After a week nobody wants to read a message any more; less a margin, here. */
const LONGEST_WAIT = 6.5 * 24 * 3_600_000;
/** When the later messages about a cart are due, in milliseconds after it was abandoned. */
export const LATER_STEPS: Record<number, number> = { 2: 5 * 3_600_000, 3: 30 * 3_600_000 };

interface Link {
  isStopped: boolean;
  /** The bot to which the person wrote last in this chat. */
  bot: number;
}

/** What a person and their shop have said. */
interface Person {
  links: Map<number, Link>;
  optOuts: Set<'person' | 'shop'>;
  muted: string[];
  /** They want advertising. */
  consents: boolean;
}

/** Something that a person, or the shop for them, has said. */
export interface PersonStatement extends Said {
  /** When it was said: what arrives late counts as of then. */
  saidAt: number;
  /** Whom it concerns, while it is not known whether it was taken. */
  users: number[];
  chats: number[];
  /** It is about advertising. */
  isConsent?: boolean;
  apply: (people: Person[]) => void;
}

interface Switch extends Said {
  what: 'site' | 'module' | 'cartSeries';
  on: boolean;
}

interface SavedBot extends Said {
  bot: number;
}

/** A message of an event that has appeared in a chat. */
export interface Shown {
  at: number;
  bot: number;
  chat: number;
  user: number;
  report: Report;
  occurrence?: Occurrence | undefined;
  /** Which message about a cart it is. */
  step: number;
  /** Telegram's number of it in its chat; and when it was taken back. */
  messageId: number;
  takenBackAt?: number;
  /** The bundle can't know that it was sent: it may be sent once more. */
  mayRepeat: boolean;
}

/** A time during which nothing can be sent to a chat: the person has blocked the bot, or we were told so. */
interface Absence {
  from: number;
  to?: number;
}

export class Model {
  readonly subjects = new Subjects();
  readonly statements: PersonStatement[] = [];
  readonly switches: Switch[] = [];
  readonly bots: SavedBot[] = [];
  readonly shown: Shown[] = [];
  readonly absences = new Map<number, Absence[]>(CHATS.map((_, chat) => [chat, []]));
  readonly #first: Person[];
  #people = new Map<number, Person[]>();

  /** Each person is linked to the chat with their own number, by bot 0. */
  constructor() {
    this.#first = USERS.map((_, user) => ({
      links: new Map([[user, { isStopped: false, bot: 0 }]]),
      optOuts: new Set(),
      muted: [],
      consents: false,
    }));
  }

  /** To be called after any change. */
  forgetConclusions(): void {
    this.#people.clear();
  }

  /** What everybody has said last, as far as it was known at a time. */
  peopleAt(at: number): Person[] {
    const cached = this.#people.get(at);
    if (cached) return cached;
    const people = this.#first.map(({ links, optOuts, muted, consents }) => ({
      links: new Map([...links].map(([chat, link]) => [chat, { ...link }])),
      optOuts: new Set(optOuts),
      muted,
      consents,
    }));
    const said = this.statements.filter((statement) => known(statement, at) === 'yes');
    for (const { apply } of said.toSorted((one, other) => one.saidAt - other.saidAt)) apply(people);
    this.#people.set(at, people);
    return people;
  }

  /** The bot of the shop; `undefined` where nobody knows. */
  botAt(at: number): number | undefined {
    const before = this.#lastTaken(this.bots, at)?.bot ?? 0;
    const isOpen = this.bots.some((saved) => known(saved, at) === 'open' && saved.bot !== before);
    return isOpen ? undefined : before;
  }

  /** The bot that was saved last, as far as its saving was answered. */
  get savedBot(): number {
    return this.#lastTaken(this.bots, Number.POSITIVE_INFINITY)?.bot ?? 0;
  }

  isOn(at: number): Maybe {
    const parts = (['site', 'module'] as const).map((what): Maybe => {
      const ofPart = this.switches.filter((each) => each.what === what);
      const on = this.#lastTaken(ofPart, at)?.on ?? true;
      if (ofPart.some((each) => known(each, at) === 'open' && each.on !== on)) return 'open';
      return on ? 'yes' : 'no';
    });
    return parts.reduce(both);
  }

  #lastTaken<Each extends Said>(all: Each[], at: number): Each | undefined {
    return all
      .filter((each) => known(each, at) === 'yes')
      .toSorted((one, other) => (one.takenAt ?? 0) - (other.takenAt ?? 0))
      .at(-1);
  }

  /** Why a person should not get an event in a chat at a time, or perhaps not. */
  #objections(user: number, chat: number, event: string, at: number): Untruth[] {
    const name = `${USERS[user]} in chat ${CHATS[chat]}`;
    const isOpen = this.statements.some(
      (each) => known(each, at) === 'open' && (each.users.includes(user) || each.chats.includes(chat)),
    );
    const person = this.peopleAt(at)[user];
    const link = person?.links.get(chat);
    const bot = this.botAt(at);
    const objections: [boolean, string][] = [
      [!link, `${name} is not linked`],
      [link?.isStopped ?? false, `${name} has stopped the messages`],
      [person?.optOuts.has('person') ?? false, `${name} is opted out by the person`],
      [person?.optOuts.has('shop') ?? false, `${name} is opted out by the shop`],
      [person?.muted.includes(event) ?? false, `${name} has muted ${event}`],
      [
        link !== undefined && bot !== undefined && link.bot !== bot,
        `${name} has not started the present bot`,
      ],
    ];
    const found = objections
      .filter(([holds]) => holds)
      .map(([, why]): Untruth => ({ is: isOpen ? 'open' : 'yes', why }));
    if (isOpen || bot === undefined)
      found.push({ is: 'open', why: `nobody knows what ${name} has said last` });
    return found;
  }

  /** Why a message should not appear now, or perhaps not. */
  #against({ report, occurrence, user, chat, step = 1 }: Wanted, at: number) {
    const on = this.isOn(at);
    const ofSite: Untruth[] =
      on === 'yes' ? [] : [{ is: on === 'no' ? 'yes' : 'open', why: 'the site is off' }];
    return [
      ...ofSite,
      ...this.#objections(user, chat, report.event, at),
      ...(step > 1 ? this.#againstAdvertising(report, user, step, at) : []),
      ...this.subjects.untruths(report, occurrence, at),
    ];
  }

  /** A later message about a cart comes in its time, to whoever wants advertising. */
  #againstAdvertising(report: Report, user: number, step: number, at: number): Untruth[] {
    const isEarly = at < (report.occurredAt ?? report.triedAt) + (LATER_STEPS[step] ?? 0);
    const consents = this.statements.some(
      (each) => known(each, at) === 'open' && each.users.includes(user) && each.isConsent,
    )
      ? 'open'
      : this.peopleAt(at)[user]?.consents;
    return [
      ...(isEarly ? [{ is: 'yes' as const, why: `message ${step} about the cart is not due yet` }] : []),
      ...(consents === true
        ? []
        : [
            {
              is: consents === 'open' ? ('open' as const) : ('yes' as const),
              why: 'they want no advertising',
            },
          ]),
    ];
  }

  /** Whether the shop has further messages about a cart. */
  hasSeries(at: number): Maybe {
    const ofSeries = this.switches.filter(({ what }) => what === 'cartSeries');
    const on = this.#lastTaken(ofSeries, at)?.on ?? false;
    if (ofSeries.some((each) => known(each, at) === 'open' && each.on !== on)) return 'open';
    return on ? 'yes' : 'no';
  }

  /**
   * The messages that had to be taken back and were not: of a cart that an order names, which one person alone has left.
   * Where the shop, its bot or the person were in the way at any time since, nothing is said.
   */
  notTakenBack(now: number): string[] {
    return this.shown.flatMap((shown) => {
      const { report, at, bot, chat, user, mayRepeat, takenBackAt } = shown;
      if (report.about.kind !== 'cart' || mayRepeat || takenBackAt !== undefined) return [];
      const { cart } = report.about;
      const others = this.subjects.reports.filter(
        ({ about }) => about.kind === 'cart' && about.cart === cart,
      );
      if (others.some((other) => other.users[0] !== user || other.isRival)) return [];
      const isFree = this.#timesBetween(at, now).every(
        (time) =>
          this.isOn(time) === 'yes' &&
          this.hasSeries(time) === 'yes' &&
          this.botAt(time) === bot &&
          this.peopleAt(time)[user]?.links.has(chat),
      );
      if (!isFree || (this.absences.get(chat)?.length ?? 0) > 0) return [];
      const isOrdered = this.subjects.reports.some(
        (order) =>
          order.about.kind === 'order' &&
          order.about.cart === cart &&
          !order.isRival &&
          order.takenAt !== undefined &&
          order.triedAt > at &&
          this.subjects
            .untruths(report, undefined, now)
            .some(({ is, why }) => is === 'yes' && why === `report ${order.n} orders it`),
      );
      return isOrdered && now - at < LONGEST_WAIT ? [`${describe(shown)} was not taken back`] : [];
    });
  }

  /** What is wrong with a message that has just appeared; empty where it may be there. */
  judge(shown: Shown): string[] {
    return [...this.#untrue(shown), ...this.#repeated(shown)];
  }

  #untrue(shown: Shown): string[] {
    const { at, bot, report, user } = shown;
    const acceptance = report.acceptances.find(({ users }) => users.includes(user));
    // An attempt without an answer may have been taken, also where a later one was refused.
    const isOpen = report.takenAt === undefined || report.triedAt < report.takenAt;
    const isTaken = acceptance !== undefined || isOpen;
    if (!isTaken) return ['refused events are not sent'];
    const wrongAt = (time: number) => {
      const reasons = this.#against(shown, time).flatMap(({ is, why }) => (is === 'yes' ? [why] : []));
      const right = this.botAt(time);
      return right === undefined || right === bot ? reasons : [...reasons, 'it is not from the present bot'];
    };
    const now = wrongAt(at);
    return now.length === 0 || wrongAt(at - TOLERANCE).length === 0 ? [] : now;
  }

  #repeated(shown: Shown): string[] {
    const earlier = this.shown.filter(
      (other) => other !== shown && other.at <= shown.at && isSame(other, shown),
    );
    return earlier.every(({ mayRepeat }) => mayRepeat) ? [] : ['it was shown before'];
  }

  /**
   * The messages that had to come by now and did not.
   *
   * @param polledAt when the pollers looked last.
   */
  missing(now: number, polledAt: number): string[] {
    const missing: string[] = [];
    for (const report of this.subjects.reports) {
      if (report.isRival || report.takenAt === undefined) continue;
      for (const user of report.users)
        for (const duty of this.#duties(report, user, now))
          for (const chat of CHATS.keys()) {
            const wanted = { report, user, chat, occurrence: duty.occurrence };
            if (this.shown.some((shown) => isSame(shown, wanted))) continue;
            if (duty.due > (isScheduled(report) ? polledAt : now)) continue;
            if (this.#hadToCome(wanted, duty, now)) missing.push(`${describe(wanted)} has not come`);
          }
    }
    return missing;
  }

  /** When a report was to reach a person: accepted then, and due then. */
  #duties(report: Report, user: number, now: number): Duty[] {
    const first = report.acceptances.find(({ users }) => users.includes(user));
    if (!first) return [];
    const accepted = Math.min(report.triedAt, first.at);
    const { about } = report;
    if (about.kind === 'cart') {
      const due = Math.max(first.at, (report.occurredAt ?? first.at) + about.delay);
      return due <= now ? [{ accepted, due }] : [];
    }
    if (about.kind === 'reminder')
      return occurrencesUntil(about, now).map((occurrence) => ({
        accepted,
        due: Math.max(first.at, occurrence.remindAt),
        occurrence,
      }));
    const isFirst = first.at === report.acceptances[0]?.at;
    const since = isFirst ? accepted : first.at;
    return [{ accepted: since, due: since }, ...this.#dutiesAgain(report, user)];
  }

  /** An event that is reported again reaches those who were skipped before. */
  #dutiesAgain({ acceptances }: Report, user: number): Duty[] {
    const ofUser = acceptances.filter(({ users }) => users.includes(user));
    const last = ofUser.at(-1);
    const wereSkipped = ofUser.slice(0, -1).every(({ skipped }) => skipped?.includes(user));
    return last && ofUser.length > 1 && wereSkipped ? [{ accepted: last.at, due: last.at }] : [];
  }

  #hadToCome(wanted: Wanted, { accepted, due }: Duty, now: number): boolean {
    const { report, occurrence, chat } = wanted;
    if (now - due > LONGEST_WAIT) return false;
    if (isScheduled(report) && !this.#wasWanted(wanted, accepted, due)) return false;
    const isAway = this.absences
      .get(chat)
      ?.some(({ from, to }) => from <= now && (to === undefined || to >= due));
    if (isAway) return false;
    if (occurrence && (this.#isNewToReminder(wanted) || this.#wasRemindedElsewhere(wanted))) return false;
    return this.#timesBetween(due, now).every((at) => this.#against(wanted, at).length === 0);
  }

  /** Whether nothing has ended it while it waited for its time. */
  #wasWanted({ report, occurrence }: Wanted, accepted: number, due: number): boolean {
    const isEarly = new Set(['the cart is not due yet', 'its time to remind has not come yet']);
    return this.#timesBetween(accepted, due).every((at) =>
      this.subjects.untruths(report, occurrence, at).every(({ why }) => isEarly.has(why)),
    );
  }

  /** An activity that is edited within the time to remind of it does not remind again: those who are new may be missed. */
  #isNewToReminder({ report, occurrence, user }: Wanted): boolean {
    const { about } = report;
    return this.subjects.reports.some((other) => {
      if (other.about.kind !== 'reminder' || about.kind !== 'reminder') return false;
      const isEarlier = other.about.activity === about.activity && other.triedAt < report.triedAt;
      if (!isEarlier || other.users.includes(user)) return false;
      return occurrencesUntil(other.about, report.triedAt).some(({ date }) => date === occurrence?.date);
    });
  }

  /** Who was reminded of a date by an earlier registration is not reminded of it again in a chat that they linked since. */
  #wasRemindedElsewhere(wanted: Wanted): boolean {
    return this.shown.some(
      (shown) => shown.report !== wanted.report && isSame({ ...shown, chat: wanted.chat }, wanted),
    );
  }

  /** The ends of a period, and every time in between at which something was said. */
  #timesBetween(from: number, to: number): number[] {
    const said: Said[] = [
      ...this.subjects.reports,
      ...this.subjects.withdrawals,
      ...this.statements,
      ...this.switches,
      ...this.bots,
    ];
    const times = said.flatMap(({ triedAt, takenAt = triedAt }) => [triedAt, takenAt]);
    return [from, to, ...times.filter((time) => time > from && time < to)];
  }
}

function isScheduled({ about }: Report): boolean {
  return about.kind === 'cart' || about.kind === 'reminder';
}

interface Duty {
  accepted: number;
  due: number;
  occurrence?: Occurrence;
}

type Wanted = Pick<Shown, 'report' | 'occurrence' | 'user' | 'chat'> & { step?: number };

/** Whether two messages are the same for the person: there may be only one of them. */
function isSame(one: Wanted, other: Wanted): boolean {
  if (one.user !== other.user || one.chat !== other.chat) return false;
  const [first, second] = [one.report.about, other.report.about];
  if (first.kind === 'reminder' && second.kind === 'reminder')
    return first.activity === second.activity && one.occurrence?.date === other.occurrence?.date;
  return one.report.eventId === other.report.eventId && (one.step ?? 1) === (other.step ?? 1);
}

/** A message in words. */
export function describe({ report, user, chat, occurrence, step = 1 }: Wanted): string {
  const date = occurrence ? ` for ${occurrence.date}` : '';
  const number = step > 1 ? `, message ${step},` : '';
  return `report ${report.n} (${report.event})${number}${date} for ${USERS[user]} in chat ${CHATS[chat]}`;
}
