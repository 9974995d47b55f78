/**
 * What is true of the subjects of events (orders, carts, activities), from what was said about them: DESIGN.md, "What holds
 * is what was said last". It knows nothing of how the bundle remembers it.
 */

/** `open`: nobody can know, or nobody has said how it should be. */
export type Maybe = 'no' | 'open' | 'yes';

export const both = (one: Maybe, other: Maybe): Maybe =>
  one === 'no' || other === 'no' ? 'no' : one === 'yes' && other === 'yes' ? 'yes' : 'open';
const not = (one: Maybe): Maybe => (one === 'yes' ? 'no' : one === 'no' ? 'yes' : 'open');
const some = (all: Maybe[]): Maybe => (all.includes('yes') ? 'yes' : all.includes('open') ? 'open' : 'no');
const when = (condition: boolean): Maybe => (condition ? 'yes' : 'no');

/** Something that was said to us. All times are milliseconds since 1970. */
export interface Said {
  triedAt: number;
  /** When we answered that we took it; absent: there was no answer yet. */
  takenAt?: number | undefined;
}

/** Whether something had reached us by then. */
export function known({ triedAt, takenAt }: Said, by: number): Maybe {
  if (takenAt !== undefined && takenAt <= by) return 'yes';
  return triedAt <= by ? 'open' : 'no';
}

export interface Order {
  kind: 'order';
  order: number;
  holder: number;
  cart?: number | undefined;
}

export interface Cart {
  kind: 'cart';
  cart: number;
  user: number;
  /** After how many milliseconds it is due. */
  delay: number;
}

export interface Reminder {
  kind: 'reminder';
  activity: number;
  begin: number;
  isWholeDay: boolean;
  minutesBefore: number;
  repeats?: 'daily' | 'weekly' | undefined;
}

export interface Status {
  kind: 'status';
  activity: number;
  /** Of the activity, as it was reported. */
  date: string;
  isEnding: boolean;
}

export type Subject = Order | Cart | Reminder | Status | { kind: 'plain' };

/** An event that was reported. */
export interface Report<About extends Subject = Subject> extends Said {
  n: number;
  eventId: string;
  event: string;
  /** When it happened, as the event says. */
  occurredAt?: number | undefined;
  users: number[];
  about: About;
  /** The times at which it was accepted: none where the site was off. */
  acceptances: Acceptance[];
  /** Another report with its `eventId` and other content was there before. */
  isRival: boolean;
}

interface Acceptance {
  at: number;
  users: number[];
  /** The people who were answered to get nothing; absent where there is no answer. */
  skipped?: number[];
}

export type Withdrawal = Said &
  ({ kind: 'cart'; user: number } | { kind: 'reminder'; activity: number; date?: string | undefined });

/** One date of an activity. */
export interface Occurrence {
  index: number;
  /** In the form of the activity's own date. */
  date: string;
  begin: number;
  remindAt: number;
  /** From then on nobody wants to be reminded of it. */
  pastAt: number;
}

export interface Untruth {
  is: Maybe;
  why: string;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** A cart counts as abandoned after so long without a touch. */
const IDLE = 30 * MINUTE;
/** A cart that its order names may seem so much younger: the clocks that report them differ. */
const CLOCK_DIFFERENCE = 5 * MINUTE;
/** A poller looks every minute: a reminder that is so late is still in time. */
const IN_TIME = 2 * MINUTE;
/** Rome, in winter: no history goes on until spring. */
const OFFSET = 60 * MINUTE;

/** An instant as the shop writes it. */
export function instantText(time: number): string {
  return `${new Date(time + OFFSET).toISOString().slice(0, 19)}+01:00`;
}

function dayText(time: number): string {
  return new Date(time + OFFSET).toISOString().slice(0, 10);
}

/** The first moment of a day in Rome. */
export function beginOfDay(time: number): number {
  return Math.floor((time + OFFSET) / DAY) * DAY - OFFSET;
}

/** The date of an activity with this index. */
export function occurrenceOf(reminder: Reminder, index: number): Occurrence {
  const { isWholeDay, minutesBefore, repeats } = reminder;
  const begin = reminder.begin + index * (repeats === 'weekly' ? 7 : 1) * DAY;
  const remindAt = begin - minutesBefore * MINUTE;
  const aheadUntil = isWholeDay ? begin + DAY : begin;
  const date = isWholeDay ? dayText(begin) : instantText(begin);
  return { index, date, begin, remindAt, pastAt: Math.max(aheadUntil, remindAt + IN_TIME) };
}

/** The dates whose time to remind has come by then. */
export function occurrencesUntil(reminder: Reminder, until: number): Occurrence[] {
  if (!reminder.repeats) return [occurrenceOf(reminder, 0)];
  const found: Occurrence[] = [];
  for (let index = 0; index < 60; index++) {
    const occurrence = occurrenceOf(reminder, index);
    if (occurrence.remindAt > until) break;
    found.push(occurrence);
  }
  return found;
}

/** Whether somebody is reminded of the same date in the same way, whichever of two registrations does it. */
function remindsOfSame(reminder: Reminder, { date }: Occurrence, at: number): boolean {
  return occurrencesUntil(reminder, at).some((occurrence) => occurrence.date === date);
}

/** When something happened: an event that does not say it counts as of its arrival. */
interface Span {
  from: number;
  to: number;
}

function spanOf({ occurredAt, triedAt, takenAt = Number.POSITIVE_INFINITY }: Report): Span {
  return occurredAt === undefined ? { from: triedAt, to: takenAt } : { from: occurredAt, to: occurredAt };
}

const spanOfWithdrawal = ({ triedAt, takenAt = Number.POSITIVE_INFINITY }: Said): Span => ({
  from: triedAt,
  to: takenAt,
});

function isNewer(one: Span, other: Span): Maybe {
  if (one.from > other.to) return 'yes';
  return one.to <= other.from ? 'no' : 'open';
}

/** At the same time, as far as anybody can know. */
function isEqual(one: Span, other: Span): Maybe {
  if (one.from > other.to || other.from > one.to) return 'no';
  return when(one.from === one.to && other.from === other.to) === 'yes' ? 'yes' : 'open';
}

/** Whether an event is really newer than what names its subject and cancels it: it must say so itself. */
function isReallyNewer(report: Report, cancellation: Span): Maybe {
  return report.occurredAt === undefined ? 'no' : isNewer(spanOf(report), cancellation);
}

/** Everything that was said about subjects. */
export class Subjects {
  reports: Report[] = [];
  withdrawals: Withdrawal[] = [];

  #about<Kind extends Subject['kind']>(kind: Kind): Report<Extract<Subject, { kind: Kind }>>[] {
    return this.reports.filter(
      (report): report is Report<Extract<Subject, { kind: Kind }>> => report.about.kind === kind,
    );
  }

  /** Why a message about this would be untrue at a time, or may be. */
  untruths(report: Report, occurrence: Occurrence | undefined, at: number): Untruth[] {
    const found = this.#untruths(report, occurrence, at).filter(({ is }) => is !== 'no');
    const hasRival = this.reports.some((other) => other !== report && other.eventId === report.eventId);
    if (hasRival) found.push({ is: 'open', why: 'another report has the same eventId' });
    return found;
  }

  #untruths(report: Report, occurrence: Occurrence | undefined, at: number): Untruth[] {
    const { about } = report;
    switch (about.kind) {
      case 'order':
        return this.#statusUntruths(
          report,
          this.#about('order').filter(({ about: { order } }) => order === about.order),
          at,
        );
      case 'status':
        return this.#activityStatusUntruths(report, about, at);
      case 'cart':
        return this.#cartUntruths(report as Report<Cart>, at);
      case 'reminder':
        return occurrence ? this.#reminderUntruths(report, about, occurrence, at) : [];
      default:
        return [];
    }
  }

  /** An older status never follows a newer one; of two of the same time both may be shown. */
  #statusUntruths(report: Report, ofSubject: Report[], at: number): Untruth[] {
    return ofSubject
      .filter((other) => other !== report)
      .flatMap((other) => [
        {
          is: both(this.#known(other, at), isNewer(spanOf(other), spanOf(report))),
          why: `status of report ${other.n} is newer`,
        },
        {
          is: both('open', both(this.#known(other, at), isEqual(spanOf(other), spanOf(report)))),
          why: `status of report ${other.n} is of the same time`,
        },
      ]);
  }

  /** Nothing says whether a status of another date of the activity makes one untrue. */
  #activityStatusUntruths(report: Report, { activity, date }: Status, at: number): Untruth[] {
    const ofActivity = this.#about('status').filter(({ about }) => about.activity === activity);
    const ofDate = ofActivity.filter(({ about }) => about.date === date);
    const others = ofActivity.filter(({ about }) => about.date !== date);
    return [
      ...this.#statusUntruths(report, ofDate, at),
      ...this.#statusUntruths(report, others, at).map(({ is, why }) => ({ is: both('open', is), why })),
    ];
  }

  #cartUntruths(report: Report<Cart>, at: number): Untruth[] {
    const { cart, user, delay } = report.about;
    const due = spanOf(report).from + delay;
    return [
      { is: when(at < due), why: 'the cart is not due yet' },
      ...this.#about('order').flatMap((order) => [
        {
          is: both(this.#known(order, at), this.#endsCart(order, report, cart, user)),
          why: `report ${order.n} orders it`,
        },
      ]),
      ...this.withdrawals.map((withdrawal) => ({
        is: both(
          known(withdrawal, at),
          withdrawal.kind === 'cart' && withdrawal.user === user ? this.#dropsCart(withdrawal, report) : 'no',
        ),
        why: 'the cart was withdrawn',
      })),
      ...this.#about('cart')
        .filter((other) => other !== report && other.about.user === user)
        .map((other) => ({
          is: both(
            both(this.#known(other, at), this.#replaces(other, report)),
            this.#wasEnded(other) ? 'open' : 'yes',
          ),
          why: `the cart of report ${other.n} is newer`,
        })),
    ];
  }

  /** Whether a cart may have been ended when it was reported: nothing says whether it takes the place of another one then. */
  #wasEnded(cart: Report<Cart>): boolean {
    const { takenAt = Number.POSITIVE_INFINITY, about } = cart;
    const orders = this.#about('order').filter(({ triedAt }) => triedAt <= takenAt);
    const withdrawals = this.withdrawals.filter(({ triedAt }) => triedAt <= takenAt);
    return (
      orders.some((order) => this.#endsCart(order, cart, about.cart, about.user) !== 'no') ||
      withdrawals.some(
        (each) => each.kind === 'cart' && each.user === about.user && this.#dropsCart(each, cart) !== 'no',
      )
    );
  }

  /** An order is made once: what it ends, its first status has ended. A later status ends no cart that was left since. */
  #endsCart(order: Report<Order>, cart: Report, cartId: number, user: number): Maybe {
    const own = spanOf(order);
    const before = this.#about('order')
      .filter((other) => other !== order && other.about.order === order.about.order)
      .filter((other) => isNewer(own, spanOf(other)) !== 'no');
    const verdicts = [own, ...before.map(spanOf)].map((at) =>
      this.#endsCartAt(order, at, cart, cartId, user),
    );
    if (verdicts.every((verdict) => verdict === verdicts[0])) return verdicts[0] ?? 'open';
    const isKnownBefore = (other: Report) =>
      !other.isRival && other.takenAt !== undefined && other.takenAt <= order.triedAt;
    return before.every(isKnownBefore) && verdicts.includes('no') ? 'no' : 'open';
  }

  #endsCartAt(order: Report<Order>, at: Span, cart: Report, cartId: number, user: number): Maybe {
    if (order.about.cart === cartId) {
      const { occurredAt } = cart;
      const isSoon = occurredAt !== undefined && occurredAt <= at.to + CLOCK_DIFFERENCE;
      const isAnother = isReallyNewer(cart, at);
      return isSoon && isAnother === 'yes' ? 'open' : not(isAnother);
    }
    if (order.about.holder !== user) return 'no';
    const isLater = isNewer(spanOf(cart), at);
    if (cart.occurredAt === undefined) {
      // When it was touched last is not known: half an hour before it was reported, or earlier.
      const touched = { from: Number.NEGATIVE_INFINITY, to: spanOf(cart).to - IDLE };
      return isLater === 'yes' && isNewer(at, touched) !== 'no' ? 'open' : not(isLater);
    }
    // An order that names another cart, or none, need not be remembered for carts that arrive afterwards.
    const isThere = cart.takenAt !== undefined && cart.takenAt <= order.triedAt;
    return isThere ? not(isLater) : both('open', not(isLater));
  }

  /** A cart that does not say when it was touched last was not touched for half an hour before it was reported. */
  #dropsCart(withdrawal: Said, cart: Report<Cart>): Maybe {
    const ofUser = this.#about('cart').filter(({ about }) => about.user === cart.about.user);
    return this.#isMeant(withdrawal, cart, ofUser, IDLE);
  }

  /**
   * Whether a withdrawal means a report. If it does not say when it happened, and came afterwards: where there was nothing to
   * withdraw, for some time it is the one that was meant; otherwise it is a new one.
   *
   * @param others all that was reported of the same.
   */
  #isMeant(withdrawal: Said, report: Report, others: Report[], meantFor: number): Maybe {
    const span = spanOfWithdrawal(withdrawal);
    const isAfter = isNewer(spanOf(report), span);
    if (report.occurredAt !== undefined || isAfter === 'no') return not(isAfter);
    const before = others.filter((other) => other !== report && other.triedAt <= span.to);
    const { from, to } = spanOf(report);
    const isSoon: Maybe = to < span.from + meantFor ? 'yes' : from >= span.to + meantFor ? 'no' : 'open';
    if (before.length === 0) return both(isSoon, isAfter);
    const isRegistered = (other: Report) =>
      other.acceptances.some(({ at }) => at <= withdrawal.triedAt) && !other.isRival;
    return before.some(isRegistered) ? not(isAfter) : both('open', isSoon);
  }

  /** Of two carts of a user, and of two registrations of an activity, the newer one counts: of the same time, the later. */
  #replaces(one: Report, other: Report): Maybe {
    const newer = isNewer(spanOf(one), spanOf(other));
    if (newer === 'yes') return one.acceptances.length > 0 ? 'yes' : 'open';
    const isSame = isEqual(spanOf(one), spanOf(other));
    if (isSame === 'no') return newer;
    if (isSame === 'open') return 'open';
    if (one.takenAt === undefined || other.takenAt === undefined) return 'open';
    if (other.triedAt > one.takenAt) return 'no';
    return one.triedAt > other.takenAt && one.acceptances.length > 0 ? 'yes' : 'open';
  }

  #reminderUntruths(report: Report, about: Reminder, occurrence: Occurrence, at: number): Untruth[] {
    const registrations = this.#about('reminder').filter((other) => other.about.activity === about.activity);
    return [
      { is: when(at < occurrence.remindAt), why: 'its time to remind has not come yet' },
      { is: when(at > occurrence.pastAt), why: 'the activity is past' },
      {
        is: this.#isNotNearest(report, about, occurrence, at),
        why: 'an earlier date of the series is still to come',
      },
      ...registrations
        .filter((other) => other !== report)
        .map((other) => ({
          is: both(
            both(this.#known(other, at), this.#replaces(other, report)),
            remindsOfSame(other.about, occurrence, at) || this.#wasOver(other, registrations)
              ? 'open'
              : 'yes',
          ),
          why: `report ${other.n} registers the activity anew`,
        })),
      ...this.withdrawals.map((withdrawal) => ({
        is: both(
          known(withdrawal, at),
          this.#dropsReminder(withdrawal, report, about, occurrence, registrations),
        ),
        why: 'the reminder was withdrawn',
      })),
      ...this.#endings(report, about, occurrence, registrations, at),
    ];
  }

  /** Whether a registration may have been withdrawn, or its activity over, when it came: as for a cart. */
  #wasOver(registration: Report<Reminder>, registrations: Report<Reminder>[]): boolean {
    const { takenAt = Number.POSITIVE_INFINITY, about } = registration;
    const withdrawals = this.withdrawals.filter(({ triedAt }) => triedAt <= takenAt);
    const endings = this.#about('status').filter(
      (status) =>
        status.triedAt <= takenAt && status.about.isEnding && status.about.activity === about.activity,
    );
    return (
      endings.some((ending) => isReallyNewer(registration, spanOf(ending)) !== 'yes') ||
      withdrawals.some(
        (each) =>
          each.kind === 'reminder' &&
          each.activity === about.activity &&
          each.date === undefined &&
          this.#isMeant(each, registration, registrations, DAY) !== 'no',
      )
    );
  }

  /** Of the dates whose time to remind had passed at the registration only the nearest is sent, then each in its turn. */
  #isNotNearest(report: Report, about: Reminder, occurrence: Occurrence, at: number): Maybe {
    if (!about.repeats || occurrence.index === 0 || occurrence.remindAt > report.triedAt) return 'no';
    const earlier = Array.from({ length: occurrence.index }, (_, index) => occurrenceOf(about, index));
    const ahead = earlier.filter(({ pastAt }) => pastAt > at);
    const isGone = (other: Occurrence) =>
      this.#untruths(report, other, Math.max(at, other.remindAt)).some(({ is }) => is !== 'no');
    return ahead.length === 0 ? 'no' : ahead.some(isGone) ? 'open' : 'yes';
  }

  #dropsReminder(
    withdrawal: Withdrawal,
    report: Report,
    about: Reminder,
    { date }: Occurrence,
    registrations: Report<Reminder>[],
  ): Maybe {
    if (withdrawal.kind !== 'reminder' || withdrawal.activity !== about.activity) return 'no';
    const span = spanOfWithdrawal(withdrawal);
    const isAfter = isReallyNewer(report, span);
    if (withdrawal.date === undefined) return this.#isMeant(withdrawal, report, registrations, DAY);
    if (withdrawal.date !== date) return 'no';
    const cameBefore = report.takenAt !== undefined && report.takenAt <= withdrawal.triedAt;
    if (cameBefore) return 'yes';
    const isAlike = (other: Report<Reminder>) =>
      other.about.repeats === about.repeats &&
      other.about.isWholeDay === about.isWholeDay &&
      other.about.begin === about.begin;
    const others = registrations.filter((other) => other !== report);
    const before = others.filter((other) => other.triedAt <= span.to);
    // Registered anew as it was, a date that was deleted stays deleted; otherwise it comes back.
    if (others.every(isAlike) && before.length > 0) return 'yes';
    // What was said of the dates is forgotten when the activity gets others.
    const { takenAt = Number.POSITIVE_INFINITY } = report;
    if (others.some((other) => !isAlike(other) && other.triedAt <= takenAt))
      return isAfter === 'yes' && before.every((other) => !isAlike(other)) ? 'no' : 'open';
    if (isAfter === 'no' && report.occurredAt !== undefined) return 'yes';
    if (before.length === 0) return isAfter === 'no' ? 'yes' : 'open';
    return isAfter === 'yes' && before.every((other) => !isAlike(other)) ? 'no' : 'open';
  }

  /** Annullata or Completata ends the reminder of an activity; where it repeats, of the date that they name. */
  #endings(
    report: Report,
    about: Reminder,
    { date }: Occurrence,
    registrations: Report<Reminder>[],
    at: number,
  ): Untruth[] {
    const ofActivity = this.#about('status').filter((status) => status.about.activity === about.activity);
    const repeatsAlways = registrations.every((other) => other.about.repeats !== undefined);
    const repeatsNever = registrations.every((other) => other.about.repeats === undefined);
    return ofActivity
      .filter((status) => status.about.isEnding)
      .map((ending) => {
        const isNamed = ending.about.date === date;
        const concerns = isNamed || repeatsNever ? 'yes' : repeatsAlways ? 'no' : 'open';
        const takenBack = some(
          ofActivity
            .filter(
              (other) => !other.about.isEnding && (!about.repeats || other.about.date === ending.about.date),
            )
            .map((other) => {
              const isLater = isNewer(spanOf(other), spanOf(ending));
              const isSame = isEqual(spanOf(other), spanOf(ending));
              return both(this.#known(other, at), isLater === 'no' && isSame !== 'no' ? 'open' : isLater);
            }),
        );
        const isAfter = isReallyNewer(report, spanOf(ending));
        // A series that is registered anew: nothing says what becomes of a date that was cancelled by its status.
        const isRegisteredAnew = about.repeats ? both('open', isAfter) : isAfter;
        const isForSure = both(not(takenBack), not(isRegisteredAnew));
        return {
          is: both(this.#known(ending, at), both(concerns, isForSure)),
          why: `report ${ending.n} ends the activity`,
        };
      });
  }

  /** What a report says is known, also where it was refused since the site was off; where another one had its id, perhaps. */
  #known(report: Report, at: number): Maybe {
    const isKnown = known(report, at);
    return report.isRival ? both('open', isKnown) : isKnown;
  }
}
