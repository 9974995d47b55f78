/** Runs a history on the real functions, and finds what was untrue, missing or refused in it. */
import { jest } from '@jest/globals';
import type { Context, SQSBatchResponse } from 'aws-lambda';
import type { EventName } from '../../lib/domain/events.ts';
import type { Template } from '../../lib/domain/templates.ts';
import type { Answer } from '../support/api-events.ts';
import type { App, CallOptions } from '../support/app.ts';
import { keyHash, PLATFORM_KEY, SITE_KEY, siteWithWebhook, WEBHOOK_SECRET } from '../support/fixtures.ts';
import { type Fields, payload, payloadForAll } from '../support/payloads.ts';
import { ticketBatch } from '../support/sqs-events.ts';
import { describe, LATER_STEPS, Model, type PersonStatement, type Shown } from './model.ts';
import { answerSqs, Queue, type QueuedMessage, recordOf } from './queues.ts';
import { type Death, type Invocation, Services } from './services.ts';
import { CHATS, describeStep, isReport, type ReportStep, type Step, USERS, type Via } from './steps.ts';
import type { Command, Tables } from './tables.ts';
import { type Bot, type SendFault, type Sent, Telegram, type TelegramHooks } from './telegram.ts';
import {
  beginOfDay,
  instantText,
  occurrenceOf,
  occurrencesUntil,
  type Reminder,
  type Report,
  type Said,
  type Withdrawal,
} from './truth.ts';
import type { VirtualTime } from './virtual-time.ts';

const BEGIN = Date.parse('2027-02-01T08:00:00.000Z');
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** Between two steps at least so much time passes: what is said a second apart has an order. */
const BETWEEN_STEPS = 3 * SECOND;
const CART_HOURS = 3;
/** While something is at fault, so many tries are enough: until all is well nothing comes of them. */
const MOST_TRIES = 12;
const MOST_TRIES_WHEN_CLEAN = 500;

/** What was wrong in a history. */
export interface Fault {
  kind: 'untrue' | 'missing' | 'answer' | 'stuck';
  text: string;
}

export interface Outcome {
  faults: Fault[];
  /** What happened, in words. */
  story: string[];
  /** How many messages of events have appeared. */
  shown: number;
}

/** What the running of histories needs of the bundle. It is the same for all. */
export interface Machine {
  app: App;
  tables: Tables;
  time: VirtualTime;
  /** Redrives the dead letters of the deliveries. */
  redrive: (queues: object) => Promise<unknown>;
  formatDate: (iso: string, language: string, timeZone: string) => string;
  clearSiteCache: () => void;
  clearAllowances: () => void;
  encryptToken: (token: string, siteId: string) => string;
}

let lastHistory = 0;

/** Replaces what the functions call: the history that runs now answers. */
export function connect(
  { time, tables }: Pick<Machine, 'time' | 'tables'>,
  { database, sqs }: { database: { send: unknown }; sqs: { send: unknown } },
): void {
  const fail = (): never => {
    throw new Error(`No history runs at ${time.now}.`);
  };
  const services = () => current?.services ?? fail();
  database.send = (command: Command) => services().call('tables', () => tables.send(command));
  sqs.send = (command: Command) => services().call('queues', () => current?.answerSqs(command));
  const { fetch } = globalThis;
  globalThis.fetch = async (address, init) => {
    if (!String(address).startsWith(BOT_API)) return fetch(address, init);
    // The client sends a stream, which can be read once.
    const body = JSON.parse(await new Response(init?.body ?? null).text()) as Record<string, unknown>;
    return services().call('telegram', () => current?.telegram.call(String(address), body) ?? fail());
  };
}

/** The address of the Bot API in the environment. */
export const BOT_API = 'http://telegram.invalid';

let current: History | undefined;

/** Runs the steps, and then lets everything come to rest. */
export async function runHistory(machine: Machine, steps: Step[]): Promise<Outcome> {
  lastHistory += 1;
  machine.time.begin(BEGIN);
  const random = jest.spyOn(Math, 'random').mockReturnValue(0.5);
  current = new History(machine, lastHistory);
  try {
    return await current.run(steps);
  } finally {
    random.mockRestore();
    machine.time.end();
  }
}

/** A request to us that was not answered: whoever made it makes it again. */
interface Unanswered {
  what: string;
  again: () => Promise<boolean>;
}

interface PendingUpdate {
  bot: Bot;
  body: Fields & { update_id: number };
  at: number;
  said: PersonStatement;
  taken: () => unknown;
}

class History {
  readonly services: Services;
  readonly telegram: Telegram;
  readonly #machine: Machine;
  readonly #time: VirtualTime;
  readonly #siteId: string;
  readonly #model = new Model();
  readonly #story: string[] = [];
  readonly #faults: Fault[] = [];
  readonly #deliveries = new Queue('deliveries', MINUTE);
  readonly #deadDeliveries = new Queue('dead-deliveries', 2 * MINUTE);
  readonly #tickets = new Queue('drain', 90 * SECOND);
  readonly #people = new Queue('people', 90 * SECOND);
  readonly #deadEvents = new Queue('dead-events', MINUTE);
  readonly #events = new Map<string, Queue>();
  /** What the messages in the events' queues are about. */
  readonly #queued = new Map<string, { report: Report; users: number[] }>();
  readonly #bodies = new Map<number, { step: ReportStep; body: Fields }>();
  /** What the shop knows of its activities. */
  readonly #activities = new Map<number, Reminder>();
  #updates: PendingUpdate[] = [];
  #unanswered: Unanswered[] = [];
  #refusals: { chat: number | null; fault: SendFault; times: number }[] = [];
  #meanwhile: Extract<Step, { do: 'meanwhile' }> | undefined;
  #death: Death | undefined;
  #isHeld = false;
  #pollers = true;
  #lastPoll = 0;
  #lastBatches: QueuedMessage[][] = [];
  /** Since nothing has been at fault, everything that is due has to come at once. */
  #isClean = true;
  #lastUpdate = 0;
  #sentIn = new Map<Invocation, Shown[]>();

  constructor(machine: Machine, number: number) {
    this.#machine = machine;
    this.#time = machine.time;
    this.#siteId = `storia-${number}`;
    this.services = new Services(machine.time);
    const chats = new Set<number>(CHATS);
    const bots = [0, 1].map((bot): Bot => {
      const id = number * 10 + bot + 1;
      const started = bot === 0 ? chats : new Set<number>();
      return { id, username: `storia_${id}_bot`, token: `${id}:first`, started, blocked: new Set() };
    });
    this.telegram = new Telegram(bots, {
      beforeSend: (chatId, text) => this.#beforeSend(chatId, text),
      sent: (message) => this.#noteSent(message),
      find: (bot, chatId, messageId) => this.#findShown(bot, chatId, messageId),
    });
  }

  answerSqs({ input, constructor: { name } }: Command): object {
    return answerSqs(name, input, (url) => this.#queueAt(url));
  }

  #queueAt(url: string): Queue {
    if (url === 'queue:deliveries') return this.#deliveries;
    if (url === 'queue:dead-deliveries') return this.#deadDeliveries;
    if (url === 'queue:drain') return this.#tickets;
    // Who is listed, and who is told, decides nothing about messages.
    if (url === 'queue:people') return this.#people;
    if (url === 'queue:dead-events') return this.#deadEvents;
    return this.#eventQueue(url.replace('queue:', ''));
  }

  #eventQueue(event: string): Queue {
    const queue = this.#events.get(event) ?? new Queue(event, 2 * MINUTE);
    this.#events.set(event, queue);
    return queue;
  }

  async run(steps: Step[]): Promise<Outcome> {
    await this.#begin();
    for (const step of steps) {
      this.#machine.clearAllowances();
      this.#tell(describeStep(step));
      await this.#perform(step);
      await this.#pump();
      await this.#advance(BETWEEN_STEPS);
      if (this.#faults.length > 0) return this.#outcome();
    }
    this.#tell('all faults end');
    await this.#heal();
    await this.#advance(2 * 24 * 60 * MINUTE);
    await this.#heal();
    return this.#outcome();
  }

  #outcome(): Outcome {
    return { faults: this.#faults, story: this.#story, shown: this.#model.shown.length };
  }

  #tell(text: string): void {
    const isRepeated = this.#story.at(-1)?.endsWith(`  ${text}`);
    if (!isRepeated) this.#story.push(`${new Date(this.#time.now).toISOString().slice(5, 19)}  ${text}`);
  }

  #fault(kind: Fault['kind'], text: string): void {
    this.#faults.push({ kind, text });
    this.#tell(`!! ${kind}: ${text}`);
  }

  async #begin(): Promise<void> {
    const { tables, encryptToken, clearSiteCache } = this.#machine;
    tables.clear();
    const [bot] = this.telegram.bots;
    if (!bot) throw new Error('There is no bot.');
    bot.webhook = { url: `https://api.example/v1/telegram/${this.#siteId}`, secret: WEBHOOK_SECRET };
    const { bot: first, ...site } = siteWithWebhook();
    await tables.put(tableName('SITES'), {
      ...site,
      siteId: this.#siteId,
      keyHashes: [keyHash(SITE_KEY)],
      abandonedCartHours: CART_HOURS,
      templates: TEMPLATES,
      bot: {
        ...first,
        id: String(bot.id),
        username: bot.username,
        sealedToken: encryptToken(String(bot.token), this.#siteId),
      },
    });
    clearSiteCache();
    for (const [index, userId] of USERS.entries()) {
      const chatId = CHATS[index];
      await tables.put(tableName('USERS'), {
        siteId: this.#siteId,
        userId,
        ...(chatId !== undefined && { chatId, siteChat: `${this.#siteId}#${chatId}` }),
        botId: String(bot.id),
        linkedAt: '2026-01-01T00:00:00.000Z',
        linkedBy: 'deep-link',
        firstName: userId,
        language: 'it',
      });
    }
  }

  // ---- what a function does

  /** Runs a function as Lambda does; it may die. @returns its answer; `undefined` if it died or failed. */
  async #invoke<Result>(run: () => Promise<Result>): Promise<Result | undefined> {
    const death = this.services.invocation ? undefined : this.#death;
    if (death) this.#death = undefined;
    const { invocation, result } = await this.services.invoke(death, run);
    if (invocation.isDead) {
      this.#isClean = false;
      // Another process goes on, which knows nothing.
      this.#machine.clearSiteCache();
      this.#tell('   (the function died)');
    }
    if (invocation.hasFailed) for (const shown of this.#sentIn.get(invocation) ?? []) shown.mayRepeat = true;
    this.#sentIn.delete(invocation);
    return result;
  }

  async #call(method: string, path: string, options: CallOptions = {}): Promise<Answer | undefined> {
    const answer = await this.#invoke(() => this.#machine.app.call(method, path, options));
    if (!answer || ![429, 502, 503].includes(answer.status ?? 0)) return answer;
    this.#tell(`   (${method} ${path} is answered ${answer.status} ${answer.text.slice(0, 300)})`);
    return undefined;
  }

  #path(rest: string): string {
    return `/v1/sites/${this.#siteId}${rest}`;
  }

  /** Makes a request; without an answer it is made again when all faults have ended. */
  async #request(
    what: string,
    said: Said,
    request: () => Promise<Answer | undefined>,
    taken: (answer: Answer) => void,
  ) {
    const attempt = async () => {
      const answer = await request();
      if (!answer) return false;
      said.takenAt ??= this.#time.now;
      taken(answer);
      this.#model.forgetConclusions();
      return true;
    };
    if (await attempt()) return;
    this.#tell('   (no answer)');
    this.#isClean = false;
    this.#unanswered.push({ what, again: attempt });
  }

  #expect(answer: Answer, what: string, ...expected: number[]): void {
    if (!expected.includes(answer.status ?? 0))
      this.#fault(
        'answer',
        `${what} was answered ${answer.status} ${answer.text}, not ${expected.join(' or ')}`,
      );
  }

  // ---- steps

  async #perform(step: Step): Promise<void> {
    const { now } = this.#time;
    this.#model.forgetConclusions();
    if (isReport(step)) return this.#report(step);
    switch (step.do) {
      case 'again':
        return this.#reportAgain(step);
      case 'dropCart':
        return this.#withdraw(
          { kind: 'cart', user: step.user, triedAt: now },
          `abandoned-cart/${USERS[step.user]}`,
        );
      case 'dropReminder':
        return this.#dropReminder(step);
      case 'switch':
        return this.#switch(step);
      case 'optOut':
        return this.#optOut(step);
      case 'cartSeries':
        return this.#switchSeries(step.on);
      case 'consent':
        return this.#consent(step.user, step.given);
      case 'mute':
        return this.#patch(step.user, { mutedEvents: step.events }, (people) => {
          const person = people[step.user];
          if (person) person.muted = step.events;
        });
      case 'write':
        return this.#write(step.chat, step.text, step.lateSeconds);
      case 'block':
      case 'unblock':
        return this.#changeMember(step);
      case 'link':
        return this.#link(step.user, step.chat);
      case 'unlink':
        return this.#unlink(step.user, step.chat);
      case 'saveBot':
        return this.#saveBot(step.lostAnswers ? this.#botIndex() : step.bot, step.lostAnswers);
      case 'revoke':
        this.#isClean = false;
        delete this.#bot().token;
        return;
      case 'newToken':
        return this.#saveBot(this.#botIndex());
      case 'refuse':
        this.#isClean = false;
        this.#refusals.push({ ...step });
        return;
      case 'down':
        this.#isClean = false;
        this.services.down.add(step.service);
        return;
      case 'hold':
        this.#isClean = false;
        this.#isHeld = true;
        return;
      case 'release':
        this.#isHeld = false;
        return;
      case 'twice':
        return this.#deliverTwice();
      case 'bury':
        this.#isClean = false;
        return this.#bury();
      case 'redrive':
        return this.#redrive();
      case 'kill':
        this.#isClean = false;
        this.#death = step.death;
        return;
      case 'meanwhile':
        this.#isClean = false;
        this.#meanwhile = step;
        return;
      case 'poller':
        this.#isClean = false;
        this.#pollers = step.on;
        return;
      case 'wait':
        return this.#advance(step.seconds * SECOND);
      case 'heal':
        return this.#heal();
    }
  }

  async #report(step: ReportStep): Promise<void> {
    const occurredAt = this.#occurredAt(step);
    const about = this.#aboutOf(step);
    if (about.kind === 'reminder') this.#activities.set(about.activity, about);
    const report: Report = {
      n: step.n,
      eventId: `evento-${step.n}`,
      event: EVENT_OF[step.do] ?? (step.do === 'plain' ? step.event : ''),
      occurredAt,
      users: usersOf(step),
      about,
      acceptances: [],
      isRival: false,
      triedAt: this.#time.now,
    };
    this.#bodies.set(step.n, { step, body: bodyOf(step, report) });
    await this.#send(report, report.users, step.via);
  }

  #occurredAt(step: ReportStep): number | undefined {
    const { when } = step;
    if (when === null) return undefined;
    if (when !== 'same') return this.#time.now - when * SECOND;
    const own = subjectOfStep(step);
    const before = this.#model.subjects.reports.findLast(({ about }) => subjectOf(about) === own);
    return before?.occurredAt ?? this.#time.now;
  }

  #aboutOf(step: ReportStep): Report['about'] {
    switch (step.do) {
      case 'order':
        return { kind: 'order', order: step.order, holder: step.holder, cart: step.cart };
      case 'cart':
        return { kind: 'cart', cart: step.cart, user: step.user, delay: CART_HOURS * 60 * MINUTE };
      case 'remind':
        return this.#reminderOf(step);
      case 'status':
        return {
          kind: 'status',
          activity: step.activity,
          date: this.#dateOf(step.activity, step.occurrence),
          isEnding: step.status !== 'Pianificata',
        };
      default:
        return { kind: 'plain' };
    }
  }

  #reminderOf(step: Extract<Step, { do: 'remind' }>): Reminder {
    const { activity, inMinutes, isWholeDay = false, minutesBefore, repeats } = step;
    const last = this.#activities.get(activity);
    const wanted = Math.floor(this.#time.now / MINUTE + (inMinutes ?? 90)) * MINUTE;
    const stays = inMinutes === null && last !== undefined;
    const begin = stays ? last.begin : isWholeDay ? beginOfDay(wanted) : wanted;
    return {
      kind: 'reminder',
      activity,
      begin,
      isWholeDay: stays ? last.isWholeDay : isWholeDay,
      minutesBefore,
      repeats,
    };
  }

  #dateOf(activity: number, occurrence: number): string {
    const known = this.#activities.get(activity) ?? {
      kind: 'reminder',
      activity,
      begin: BEGIN + 90 * MINUTE,
      isWholeDay: false,
      minutesBefore: 0,
    };
    this.#activities.set(activity, known);
    return occurrenceOf(known, known.repeats ? occurrence : 0).date;
  }

  async #reportAgain(step: Extract<Step, { do: 'again' }>): Promise<void> {
    const first = this.#model.subjects.reports.find(({ n }) => n === step.of);
    const sent = this.#bodies.get(step.of);
    if (!first || !sent) return;
    if (step.how === 'same') return this.#send(first, first.users, step.via, sent.body);
    if (step.how === 'moreRecipients') {
      if (first.event !== 'message-sent' || first.users.includes(step.user) || first.isRival) return;
      first.users.push(step.user);
      const body = { ...sent.body, recipients: first.users.map(personOf) };
      this.#bodies.set(step.of, { ...sent, body });
      return this.#send(first, first.users, step.via, body);
    }
    const isRival = step.how === 'otherContent';
    const report: Report = {
      ...first,
      n: step.n,
      eventId: isRival ? first.eventId : `evento-${step.n}`,
      acceptances: [],
      isRival,
      users: [...first.users],
      triedAt: this.#time.now,
      takenAt: undefined,
    };
    const body = bodyOf({ ...sent.step, n: step.n }, report);
    this.#bodies.set(step.n, { step: { ...sent.step, n: step.n }, body });
    await this.#send(report, report.users, step.via, body);
  }

  async #send(report: Report, users: number[], via: Via, given?: Fields): Promise<void> {
    const body = given ?? this.#bodies.get(report.n)?.body ?? {};
    const others = [...users];
    if (via !== 'https') {
      const delay = via === 'queue' ? 0 : via.lateSeconds * SECOND;
      const message = JSON.stringify({ siteId: this.#siteId, ...body });
      this.#eventQueue(report.event).send(message, { delay });
      this.#queued.set(message, { report, users: others });
      return;
    }
    const isNew = this.#addReport(report);
    await this.#request(
      `report ${report.n}`,
      report,
      () => this.#call('POST', this.#path(`/events/${report.event}`), { body }),
      (answer) => this.#noteAnswer(report, others, answer, isNew),
    );
  }

  /** It is known to us from now on. @returns whether it was not before. */
  #addReport(report: Report): boolean {
    const { reports } = this.#model.subjects;
    if (reports.includes(report)) return false;
    report.triedAt = this.#time.now;
    reports.push(report);
    return true;
  }

  #noteAnswer(report: Report, users: number[], answer: Answer, isNew: boolean): void {
    const on = this.#model.isOn(this.#time.now);
    const what = `report ${report.n}`;
    const original = this.#model.subjects.reports.find(
      (other) => other.eventId === report.eventId && !other.isRival,
    );
    const wasShown = this.#model.shown.some(
      ({ report: other, mayRepeat }) => other === original && !mayRepeat,
    );
    if (answer.status === 403 && on !== 'yes') return;
    if (report.isRival && answer.status === 409) {
      if (typeof answer.json?.code !== 'string') this.#fault('answer', `${what}: a 409 without a code`);
      const { reports } = this.#model.subjects;
      reports.splice(reports.indexOf(report), 1);
      return;
    }
    const hasRival = this.#model.subjects.reports.some(
      (other) => other !== report && other.eventId === report.eventId,
    );
    if (answer.status === 409 && hasRival) return;
    if (report.isRival && wasShown) {
      this.#expect(answer, `${what}, with other content than was sent,`, 409);
      return;
    }
    this.#expect(answer, what, ...(on === 'no' ? [403] : [202]));
    if (answer.status !== 202) return;
    const outcomes = (answer.json.notifications ?? []) as {
      userId: string;
      status: string;
      reason?: string;
    }[];
    this.#tell(
      `   ${outcomes.map(({ userId, status, reason }) => `${userId} ${status} ${reason ?? ''}`.trim()).join(', ')}`,
    );
    const isRemembered = !isNew && !report.isRival && wasShown && !this.#wasReplaced(report);
    if (isRemembered && answer.json.repeated !== true)
      this.#fault('answer', `${what}: the answer does not say that it is repeated`);
    const isSkipped = (user: number) =>
      outcomes.every(({ userId, status }) => userId !== USERS[user] || status === 'skipped');
    report.acceptances.push({ at: this.#time.now, users, skipped: users.filter(isSkipped) });
  }

  /** What was registered by another event since holds the place of what was registered before. */
  #wasReplaced({ about, triedAt }: Report): boolean {
    const isScheduled = about.kind === 'cart' || about.kind === 'reminder';
    const { reports } = this.#model.subjects;
    return (
      isScheduled &&
      reports.some((other) => other.triedAt > triedAt && subjectOf(other.about) === subjectOf(about))
    );
  }

  async #withdraw(withdrawal: Withdrawal, path: string, query = ''): Promise<void> {
    this.#model.subjects.withdrawals.push(withdrawal);
    await this.#request(
      `DELETE ${path}`,
      withdrawal,
      () => this.#call('DELETE', this.#path(`/events/${path}`), { query }),
      (answer) => this.#expect(answer, `DELETE ${path}`, 204),
    );
  }

  #dropReminder({ activity, occurrence }: Extract<Step, { do: 'dropReminder' }>): Promise<void> {
    const date = occurrence === null ? undefined : this.#dateOf(activity, occurrence);
    const query = date === undefined ? '' : new URLSearchParams({ occurrence: date }).toString();
    const withdrawal = { kind: 'reminder' as const, activity, date, triedAt: this.#time.now };
    return this.#withdraw(withdrawal, `activity-reminder/A${activity}`, query);
  }

  async #switch({ what, on }: Extract<Step, { do: 'switch' }>): Promise<void> {
    const said = { what, on, triedAt: this.#time.now };
    this.#model.switches.push(said);
    const options =
      what === 'site' ? { body: { active: on } } : { key: PLATFORM_KEY, body: { moduleActive: on } };
    await this.#request(
      `the switch of the ${what}`,
      said,
      () => this.#call('PATCH', this.#path(''), options),
      (answer) => this.#expect(answer, `the switch of the ${what}`, 200),
    );
  }

  async #switchSeries(on: boolean): Promise<void> {
    const said = { what: 'cartSeries' as const, on, triedAt: this.#time.now };
    this.#model.switches.push(said);
    const steps = Object.values(LATER_STEPS).map((later) => ({ afterHours: later / (60 * MINUTE) }));
    await this.#request(
      'the series of messages about a cart',
      said,
      () => this.#call('PATCH', this.#path(''), { body: { cartSeries: on ? { steps } : null } }),
      (answer) => this.#expect(answer, 'the series of messages about a cart', 200),
    );
  }

  #consent(user: number, given: boolean): Promise<void> {
    const body = {
      marketingConsent: { given, at: new Date(this.#time.now).toISOString(), source: 'storia' },
    };
    const apply: PersonStatement['apply'] = (people) => {
      const person = people[user];
      if (person) person.consents = given;
    };
    return this.#patch(user, body, apply, { isConsent: true });
  }

  #optOut({ user, by, out }: Extract<Step, { do: 'optOut' }>): Promise<void> {
    return this.#patch(user, { optedOut: out, by }, (people) => {
      const person = people[user];
      if (!person) return;
      if (out) {
        person.optOuts.add(by);
        return;
      }
      const links = [...person.links.values()];
      const isPersons =
        person.optOuts.has('person') || (links.length > 0 && links.every(({ isStopped }) => isStopped));
      if (by === 'shop' && isPersons) return;
      person.optOuts.clear();
      if (by === 'person') for (const link of links) link.isStopped = false;
    });
  }

  async #patch(
    user: number,
    body: Fields,
    apply: PersonStatement['apply'],
    { isConsent = false }: { isConsent?: boolean } = {},
  ): Promise<void> {
    const { now } = this.#time;
    const said: PersonStatement = { triedAt: now, saidAt: now, users: [user], chats: [], isConsent, apply };
    this.#model.statements.push(said);
    await this.#request(
      `PATCH ${USERS[user]}`,
      said,
      () => this.#call('PATCH', this.#path(`/users/${USERS[user]}`), { body }),
      (answer) => {
        // What is said of advertising says itself when.
        if (!isConsent) said.saidAt = this.#time.now;
        // 404: who was erased, or was never linked, has nothing to change.
        this.#expect(answer, `PATCH ${USERS[user]}`, 200, ...(body.optedOut === false ? [409] : []));
      },
    );
  }

  #botIndex(): number {
    return this.#model.savedBot;
  }

  #bot(index = this.#botIndex()): Bot {
    const bot = this.telegram.bots[index];
    if (!bot) throw new Error('There is no such bot.');
    return bot;
  }

  // ---- people and their phones

  #chatId(chat: number): number {
    const chatId = CHATS[chat];
    if (chatId === undefined) throw new Error('There is no such chat.');
    return chatId;
  }

  /** The person writes to the shop's bot, which starts and unblocks it. */
  async #write(chat: number, text: string, lateSeconds: number): Promise<void> {
    const chatId = this.#chatId(chat);
    const index = this.#botIndex();
    const bot = this.#bot(index);
    bot.started.add(chatId);
    bot.blocked.delete(chatId);
    const [command] = /^\/\w+/.exec(text) ?? [];
    const content = {
      message: {
        message_id: this.#lastUpdate,
        date: Math.floor(this.#time.now / SECOND),
        chat: { id: chatId, type: 'private', first_name: 'Zoe' },
        from: { id: chatId, is_bot: false, first_name: 'Zoe' },
        text,
        ...(command && { entities: [{ type: 'bot_command', offset: 0, length: command.length }] }),
      },
    };
    await this.#update(bot, chat, content, lateSeconds, (people) => {
      for (const person of people) {
        const link = person.links.get(chat);
        if (!link) continue;
        link.bot = index;
        if (text === '/stop') link.isStopped = true;
        if (text !== '/start') continue;
        link.isStopped = false;
        person.optOuts.delete('person');
      }
    });
  }

  async #changeMember({
    do: kind,
    chat,
    lateSeconds,
  }: Extract<Step, { do: 'block' | 'unblock' }>): Promise<void> {
    const chatId = this.#chatId(chat);
    const bot = this.#bot();
    if (!bot.started.has(chatId) || bot.blocked.has(chatId) !== (kind === 'unblock')) return;
    if (kind === 'block') bot.blocked.add(chatId);
    else bot.blocked.delete(chatId);
    const [before, after] = kind === 'block' ? ['member', 'kicked'] : ['kicked', 'member'];
    const user = { id: bot.id, is_bot: true, first_name: bot.username };
    const content = {
      my_chat_member: {
        date: Math.floor(this.#time.now / SECOND),
        chat: { id: chatId, type: 'private', first_name: 'Zoe' },
        from: { id: chatId, is_bot: false, first_name: 'Zoe' },
        old_chat_member: { status: before, user },
        new_chat_member: { status: after, user },
      },
    };
    if (kind === 'block') this.#goAway(chat);
    await this.#update(bot, chat, content, lateSeconds, () => undefined, { isThere: kind === 'unblock' });
  }

  #goAway(chat: number): void {
    const absences = this.#model.absences.get(chat) ?? [];
    if (absences.at(-1)?.to !== undefined || absences.length === 0) absences.push({ from: this.#time.now });
    this.#model.absences.set(chat, absences);
  }

  /** We know now that the person can be reached: with what they wrote after they had gone. */
  #comeBack(chat: number, saidAt: number): void {
    const absence = this.#model.absences.get(chat)?.at(-1);
    const isGone = this.#bot().blocked.has(this.#chatId(chat));
    if (absence && absence.to === undefined && !isGone && saidAt >= absence.from) absence.to = this.#time.now;
  }

  /** Telegram tells us of something, now or later, and again until we take it. */
  async #update(
    bot: Bot,
    chat: number,
    content: object,
    lateSeconds: number,
    apply: PersonStatement['apply'],
    { users = [], isThere = true }: { users?: number[]; isThere?: boolean } = {},
  ): Promise<void> {
    const { now } = this.#time;
    // Nobody is told of what happens to a bot without a webhook.
    if (!bot.webhook) return;
    const said: PersonStatement = {
      triedAt: Number.POSITIVE_INFINITY,
      saidAt: now,
      users,
      chats: [chat],
      apply,
    };
    this.#model.statements.push(said);
    this.#lastUpdate += 1;
    this.#updates.push({
      bot,
      body: { update_id: this.#lastUpdate, ...content },
      at: now + lateSeconds * SECOND,
      said,
      taken: () => isThere && this.#comeBack(chat, now),
    });
    await this.#passUpdatesOn();
  }

  async #passUpdatesOn(): Promise<void> {
    const { now } = this.#time;
    for (const update of this.#updates.filter(({ at }) => at <= now)) {
      const { bot, body, said } = update;
      if (this.#isBehind(update)) continue;
      if (!bot.webhook) {
        this.#drop(update);
        continue;
      }
      said.triedAt = Math.min(said.triedAt, now);
      const answer = await this.#call('POST', `/v1/telegram/${this.#siteId}`, {
        key: null,
        headers: { 'x-telegram-bot-api-secret-token': bot.webhook.secret },
        pathParameters: { siteId: this.#siteId },
        body,
      });
      if (answer?.status !== 200) {
        this.#isClean = false;
        update.at = now + MINUTE;
        continue;
      }
      said.takenAt = this.#time.now;
      this.#model.forgetConclusions();
      update.taken();
      this.#drop(update);
    }
  }

  /** Telegram keeps the order of what happens in a chat: that it was blocked is not told after what was written later. */
  #isBehind({ bot, body, said }: PendingUpdate): boolean {
    return this.#updates.some(
      (other) =>
        other.bot === bot &&
        other.said.chats[0] === said.chats[0] &&
        other.body.update_id < body.update_id &&
        'my_chat_member' in other.body,
    );
  }

  #drop(update: PendingUpdate): void {
    this.#updates = this.#updates.filter((other) => other !== update);
  }

  async #link(user: number, chat: number): Promise<void> {
    const path = this.#path(`/users/${USERS[user]}/link`);
    const answer = await this.#call('POST', path, { body: {} });
    if (answer?.status !== 201) return;
    const chatId = this.#chatId(chat);
    const index = this.#botIndex();
    const bot = this.#bot(index);
    bot.started.add(chatId);
    bot.blocked.delete(chatId);
    const text = `/start ${answer.json.token}`;
    const content = {
      message: {
        message_id: this.#lastUpdate,
        date: Math.floor(this.#time.now / SECOND),
        chat: { id: chatId, type: 'private', first_name: 'Zoe' },
        from: { id: chatId, is_bot: false, first_name: 'Zoe' },
        text,
        entities: [{ type: 'bot_command', offset: 0, length: 6 }],
      },
    };
    const apply: PersonStatement['apply'] = (people) => {
      for (const other of people) {
        const link = other.links.get(chat);
        if (link) link.bot = index;
      }
      const person = people[user];
      if (!person) return;
      // The person's opt-out holds for the other chats alone.
      if (person.optOuts.has('person')) for (const link of person.links.values()) link.isStopped = true;
      person.links.set(chat, { isStopped: false, bot: index });
      person.optOuts.delete('person');
    };
    await this.#update(bot, chat, content, 0, apply, { users: [user] });
  }

  async #unlink(user: number, chat: number): Promise<void> {
    const { now } = this.#time;
    const apply: PersonStatement['apply'] = (people) => {
      const person = people[user];
      if (!person) return;
      const links = [...person.links.values()];
      const wasStopped = links.length > 0 && links.every(({ isStopped }) => isStopped);
      if (person.links.delete(chat) && person.links.size === 0 && wasStopped) person.optOuts.add('person');
    };
    const said: PersonStatement = { triedAt: now, saidAt: now, users: [user], chats: [], apply };
    this.#model.statements.push(said);
    const query = `chat=${this.#chatId(chat)}`;
    await this.#request(
      `the unlinking of ${USERS[user]}`,
      said,
      () => this.#call('DELETE', this.#path(`/users/${USERS[user]}/link`), { query }),
      (answer) => {
        said.saidAt = this.#time.now;
        this.#expect(answer, `the unlinking of ${USERS[user]}`, 204);
      },
    );
  }

  async #saveBot(index: number, lostAnswers = 0): Promise<void> {
    const bot = this.#bot(index);
    const { token: before } = bot;
    bot.token ??= `${bot.id}:${this.#model.bots.length}-new`;
    // Whoever tries again has the token that is valid then.
    const put = () =>
      this.#call('PUT', this.#path('/bot'), { body: { token: bot.token ?? before, username: bot.username } });
    if (lostAnswers > 0) {
      const isAnswered = await this.#saveWithLostAnswers(lostAnswers, put);
      // A token that was not saved is of no use: the next one is another.
      if (!isAnswered && before === undefined) delete bot.token;
      return;
    }
    const said = { bot: index, triedAt: this.#time.now };
    this.#model.bots.push(said);
    await this.#request('the bot', said, put, (answer) => this.#expect(answer, 'the bot', 200));
  }

  /** The shop saves its present bot once more, which may fail, and does not try again. */
  async #saveWithLostAnswers(lostAnswers: number, put: () => Promise<Answer | undefined>): Promise<boolean> {
    this.#isClean = false;
    this.telegram.lostWebhookAnswers = lostAnswers;
    const answer = await put();
    this.telegram.lostWebhookAnswers = 0;
    this.#tell(`   answered ${answer?.status ?? 'nothing'}`);
    return answer !== undefined;
  }

  // ---- what Telegram does

  #beforeSend(chatId: number, text: string): ReturnType<TelegramHooks['beforeSend']> {
    const chat = CHATS.indexOf(chatId as (typeof CHATS)[number]);
    if (!TAG.test(text)) return {};
    const meanwhile = this.#meanwhile;
    if (meanwhile && this.services.invocation) {
      this.#meanwhile = undefined;
      return { fault: meanwhile.fault, meanwhile: () => this.#doMeanwhile(meanwhile, chat) };
    }
    const refusal = this.#refusals.find(
      (each) => each.times > 0 && (each.chat === null || each.chat === chat),
    );
    if (!refusal) return {};
    refusal.times -= 1;
    this.#tell(`   (Telegram: ${refusal.fault} for chat ${chatId})`);
    return { fault: refusal.fault };
  }

  async #doMeanwhile(
    { step, starts, seconds, fault }: Extract<Step, { do: 'meanwhile' }>,
    chat: number,
  ): Promise<void> {
    const bot = this.#botIndex();
    this.#tell(`   while a message is sent to ${CHATS[chat]}: ${describeStep(step)}`);
    await this.services.outside(async () => {
      this.#time.moveTo(this.#time.now + 1_500);
      await this.#perform(step);
      if (starts) {
        this.#time.moveTo(this.#time.now + 1_500);
        await this.#write(chat, '/start', 0);
      }
      this.#time.moveTo(this.#time.now + seconds * SECOND);
    });
    this.#model.forgetConclusions();
    if (fault === 403 && bot === this.#botIndex()) this.#goAway(chat);
  }

  #findShown(bot: Bot, chatId: number, messageId: number): ReturnType<TelegramHooks['find']> {
    const shown = this.#model.shown.find(
      (each) =>
        each.messageId === messageId &&
        each.bot === this.telegram.bots.indexOf(bot) &&
        CHATS[each.chat] === chatId &&
        each.takenBackAt === undefined,
    );
    if (!shown) return undefined;
    const remove = () => {
      shown.takenBackAt = this.#time.now;
      this.#tell(`   ← ${describe(shown)} is taken back`);
      const isTrue = this.#model.subjects
        .untruths(shown.report, undefined, this.#time.now)
        .every(({ is }) => is === 'no');
      if (isTrue) this.#fault('untrue', `${describe(shown)} was taken back, and was true`);
    };
    return { at: shown.at, remove };
  }

  #noteSent({ bot, chatId, text, messageId, isLost }: Sent): void {
    const [, number] = TAG.exec(text) ?? [];
    if (number === undefined) return;
    const report = [
      ...this.#model.subjects.reports,
      ...[...this.#queued.values()].map((each) => each.report),
    ].find(({ n }) => n === Number(number));
    const user = USERS.findIndex((name) => text.endsWith(name));
    if (!report || user < 0) {
      this.#fault('untrue', `chat ${chatId} shows what nobody has reported: ${text}`);
      return;
    }
    const shown: Shown = {
      at: this.#time.now,
      bot: this.telegram.bots.indexOf(bot),
      chat: CHATS.indexOf(chatId as (typeof CHATS)[number]),
      user,
      report,
      occurrence: this.#occurrenceIn(text, report),
      step: Number(STEP.exec(text)?.[1] ?? 1),
      messageId,
      mayRepeat: isLost,
    };
    this.#model.shown.push(shown);
    const { invocation } = this.services;
    if (invocation) this.#sentIn.set(invocation, [...(this.#sentIn.get(invocation) ?? []), shown]);
    this.#tell(`   → ${describe(shown)} is shown`);
    for (const why of this.#model.judge(shown)) this.#fault('untrue', `${describe(shown)}: ${why}`);
  }

  #occurrenceIn(text: string, { about }: Report) {
    if (about.kind !== 'reminder') return undefined;
    const { formatDate } = this.#machine;
    const farAhead = this.#time.now + 60 * 24 * 60 * MINUTE;
    return occurrencesUntil(about, farAhead).find(({ date }) =>
      text.includes(`» ${formatDate(date, 'it', 'Europe/Rome')},`),
    );
  }

  // ---- how things go on

  /** Everything that can go on now does. */
  async #pump(): Promise<void> {
    for (let round = 0; round < 60; round++) {
      await this.#passUpdatesOn();
      const hasWorked = (await this.#takeEvents()) || (await this.#deliver()) || (await this.#drain());
      if (!hasWorked) return;
    }
  }

  async #takeEvents(): Promise<boolean> {
    for (const [event, queue] of this.#events) {
      const batch = queue.receive();
      if (batch.length === 0) continue;
      process.env.EVENT_QUEUE_URL = `queue:${event}`;
      for (const { body } of batch) {
        const queued = this.#queued.get(body);
        if (queued) this.#addReport(queued.report);
      }
      this.#model.forgetConclusions();
      const kept = await this.#runBatch(event, queue, batch);
      for (const { id, body } of batch) if (!kept.includes(id)) this.#noteTaken(body);
      return true;
    }
    return false;
  }

  #noteTaken(body: string): void {
    const queued = this.#queued.get(body);
    if (!queued) return;
    const { report, users } = queued;
    report.takenAt ??= this.#time.now;
    if (this.#model.isOn(this.#time.now) !== 'no') report.acceptances.push({ at: this.#time.now, users });
    this.#model.forgetConclusions();
  }

  /** Hands a batch to a function, and deletes what it has finished. @returns the ids of the others. */
  async #runBatch(name: string, queue: Queue, batch: QueuedMessage[]): Promise<string[]> {
    const Records = batch.map((message) =>
      recordOf(message, `arn:aws:sqs:eu-south-1:000000000000:passweb-telegram-test-${name}`),
    );
    const answer = await this.#invoke(() => this.#machine.app.invoke(name, { Records }, CONTEXT));
    if (!answer) return batch.map(({ id }) => id);
    const { batchItemFailures } = answer as SQSBatchResponse;
    const kept = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    queue.delete(batch.map(({ id }) => id).filter((id) => !kept.includes(id)));
    return kept;
  }

  async #deliver(): Promise<boolean> {
    if (this.#isHeld) return false;
    const batch = this.#deliveries.receive();
    if (batch.length === 0) return false;
    this.#lastBatches = [...this.#lastBatches.slice(-3), batch.map((message) => ({ ...message }))];
    await this.#runBatch('deliver', this.#deliveries, batch);
    return true;
  }

  async #deliverTwice(): Promise<void> {
    for (const batch of this.#lastBatches) {
      const again = batch.map((message) => ({ ...message, receives: message.receives + 1 }));
      await this.#runBatch('deliver', this.#deliveries, again);
    }
  }

  async #drain(): Promise<boolean> {
    if (this.#isHeld) return false;
    const [ticket] = this.#tickets.receive(1);
    if (!ticket) return false;
    const done = await this.#invoke(async () => {
      await this.#machine.app.invoke('drain', ticketBatch(this.#siteId), CONTEXT);
      return true;
    });
    if (done) this.#tickets.delete([ticket.id]);
    return true;
  }

  #bury(): void {
    for (const message of this.#deliveries.messages)
      this.#deadDeliveries.send(message.body, { group: message.group ?? '', deduplicationId: message.id });
    this.#deliveries.messages = [];
  }

  async #redrive(): Promise<void> {
    if (this.#deadDeliveries.messages.length === 0) return;
    for (const message of this.#deadDeliveries.messages) message.visibleAt = 0;
    const sqs = {
      send: (command: Command) => this.answerSqs(command),
    };
    const urls = { deadLettersUrl: 'queue:dead-deliveries', deliveriesUrl: 'queue:deliveries' };
    await this.#invoke(() => this.#machine.redrive({ sqs, ...urls, onProgress: () => undefined }));
  }

  /** Lets time pass, and whatever is due in it happen at its time. */
  async #advance(milliseconds: number): Promise<void> {
    const target = this.#time.now + milliseconds;
    for (let tries = 0; ; tries++) {
      const next = await this.#nextTime(target);
      if (next === undefined || tries > (this.#isClean ? MOST_TRIES_WHEN_CLEAN : MOST_TRIES)) break;
      this.#time.moveTo(next);
      await this.#pump();
      await this.#poll();
      await this.#pump();
      this.#checkNow();
    }
    this.#time.moveTo(target);
    if (milliseconds > MINUTE) await this.#poll();
    await this.#pump();
    this.#checkNow();
  }

  /** The next time at which something happens by itself. */
  async #nextTime(target: number): Promise<number | undefined> {
    const { now } = this.#time;
    const times = [
      ...[...this.#events.values()].map((queue) => queue.nextAt()),
      ...(this.#isHeld ? [] : [this.#deliveries.nextAt(), this.#tickets.nextAt()]),
      ...this.#updates.map(({ at }) => at),
      ...(target - this.#lastPoll >= MINUTE ? await this.#dueTimes(target) : []),
    ];
    const ahead = times.filter((time) => time !== undefined && time > now && time <= target);
    return ahead.length > 0 ? Math.min(...(ahead as number[])) : undefined;
  }

  /** When the pollers find something due: at the next full minute. */
  async #dueTimes(target: number): Promise<number[]> {
    if (!this.#pollers) return [];
    const until = new Date(target).toISOString();
    const due = (await this.#machine.tables.items(tableName('SCHEDULE'))).flatMap(({ shard, dueAt }) =>
      typeof shard === 'string' && typeof dueAt === 'string' && dueAt <= until ? [dueAt] : [],
    );
    const minute = (time: number) => Math.ceil(time / MINUTE) * MINUTE;
    return due.map((dueAt) => Math.max(minute(Date.parse(dueAt)), this.#lastPoll + MINUTE));
  }

  async #poll(): Promise<void> {
    if (!this.#pollers) return;
    this.#lastPoll = this.#time.now;
    await this.#invoke(() => this.#machine.app.invoke('abandoned-cart-due', {}, CONTEXT));
    await this.#invoke(() => this.#machine.app.invoke('activity-reminder-due', {}, CONTEXT));
  }

  /** While nothing is at fault, what is due has come. */
  #checkNow(): void {
    const isBusy = this.#deliveries.messages.length > 0 || this.#tickets.messages.length > 0;
    const waits = [...this.#events.values()].some(({ messages }) =>
      messages.some(({ receives }) => receives > 0),
    );
    if (!this.#isClean || isBusy || waits || this.#unanswered.length > 0) return;
    this.#check();
  }

  #check(): void {
    if (this.#faults.length > 0) return;
    const { now } = this.#time;
    const missing = [...this.#model.missing(now, this.#lastPoll), ...this.#model.notTakenBack(now)];
    for (const text of missing) this.#fault('missing', text);
  }

  /** All faults end, everybody tries again, and everything comes to rest. */
  async #heal(): Promise<void> {
    this.services.down.clear();
    this.#refusals = [];
    this.#meanwhile = undefined;
    this.#death = undefined;
    this.#isHeld = false;
    this.#pollers = true;
    this.#machine.clearAllowances();
    if (this.#bot().token === undefined) {
      this.#tell('a new token of the bot is saved');
      await this.#saveBot(this.#botIndex());
      this.#time.moveTo(this.#time.now + BETWEEN_STEPS);
    }
    const unanswered = this.#unanswered;
    this.#unanswered = [];
    for (const { what, again } of unanswered) {
      const isDone = await again();
      if (!isDone) this.#fault('stuck', `${what} is still not answered`);
      this.#time.moveTo(this.#time.now + BETWEEN_STEPS);
    }
    for (let round = 0; round < 40; round++) {
      await this.#redrive();
      await this.#pump();
      if (await this.#isAtRest()) {
        await this.#poll();
        await this.#pump();
        if (await this.#isAtRest()) break;
      }
      // A run that died has a lease, and its ticket may be lost: the sweep looks every minute.
      await this.#invoke(() => this.#machine.app.invoke('drain-due', {}, CONTEXT));
      await this.#advance(round < 5 ? MINUTE : 10 * MINUTE);
    }
    if (!(await this.#isAtRest())) this.#fault('stuck', `not at rest: ${await this.#whatIsLeft()}`);
    this.#isClean = true;
    this.#check();
  }

  /** What is still told of a former bot, whose webhook could not be removed, is refused until Telegram gives up. */
  #isToBeTaken({ bot, at }: PendingUpdate): boolean {
    return bot === this.#bot() && at <= this.#time.now + MINUTE;
  }

  async #isAtRest(): Promise<boolean> {
    return (await this.#whatIsLeft()) === '';
  }

  async #whatIsLeft(): Promise<string> {
    const parts: [string, number][] = [
      ['deliveries', this.#deliveries.messages.length],
      ['dead letters', this.#deadDeliveries.messages.length],
      ['updates', this.#updates.filter((update) => this.#isToBeTaken(update)).length],
      [
        'received events',
        [...this.#events.values()].flatMap(({ messages }) => messages).filter(({ receives }) => receives > 0)
          .length,
      ],
      ['waiting', (await this.#machine.tables.items(tableName('WAITING'))).length],
      [
        'tried in vain',
        (await this.#machine.tables.items(tableName('SCHEDULE'))).filter(isTriedInVain).length,
      ],
    ];
    return parts.flatMap(([name, count]) => (count > 0 ? [`${count} ${name}`] : [])).join(', ');
  }
}

function tableName(name: string): string {
  return String(process.env[`${name}_TABLE`]);
}

/** A due item that a poller could not dispatch: it is tried again later. */
const isTriedInVain = ({ shard, attempts }: Record<string, unknown>) =>
  shard !== undefined && typeof attempts === 'number' && attempts > 0;

const CONTEXT = { getRemainingTimeInMillis: () => 60_000 } as Context;

/** The number of a message about a cart, in its text. */
const STEP = /passo (\d)/;

/** The number of the report in the text of a message. */
const TAG = /«r(\d+)»/;

const EVENT_OF: Partial<Record<ReportStep['do'], EventName>> = {
  order: 'order-status',
  cart: 'abandoned-cart',
  remind: 'activity-reminder',
  status: 'activity-status',
};

/** Names what an event is about: of two about the same, the newer one holds. */
function subjectOf(about: Report['about']): string {
  switch (about.kind) {
    case 'order':
      return `order ${about.order}`;
    case 'cart':
      return `cart of ${about.user}`;
    case 'plain':
      return 'plain';
    default:
      return `${about.kind} ${about.activity}`;
  }
}

function subjectOfStep(step: ReportStep): string {
  switch (step.do) {
    case 'order':
      return `order ${step.order}`;
    case 'cart':
      return `cart of ${step.user}`;
    case 'plain':
      return 'plain';
    default:
      return `${step.do === 'remind' ? 'reminder' : 'status'} ${step.activity}`;
  }
}

const STATUSES = ['Nuovo', 'Confermato', 'Evaso', 'Fatturato'];

/** Each message names its report and its person; a reminder also its date. */
const TEMPLATES: Template[] = Object.entries({
  'order-status': '«{{siglaDocumento}}» {{nominativo}}',
  'abandoned-cart': '«r{{numeroArticoliCarrello}}» {{nominativo}}',
  'message-sent': '«{{oggettoMessaggio}}» {{nominativo}}',
  'message-read': '«{{oggettoMessaggio}}» {{nominativo}}',
  'activity-status': '«{{oggettoAttivita}}» {{nominativo}}',
  'activity-viewed': '«{{oggettoAttivita}}» {{nominativo}}',
  'activity-reminder': '«{{oggettoAttivita}}» {{dataAttivita}}, {{nominativo}}',
  'file-download': '«{{nomeFile}}» {{nominativo}}',
}).map(([event, it]) => ({
  id: event,
  name: event,
  event: event as Template['event'],
  enabled: true,
  text: { it },
  ...(event === 'order-status' && { statuses: STATUSES }),
}));
for (const step of [2, 3] as const)
  TEMPLATES.push({
    ...{ id: `passo-${step}`, name: `passo ${step}`, event: 'abandoned-cart', enabled: true, step },
    text: { it: `«r{{numeroArticoliCarrello}}» passo ${step}, {{nominativo}}` },
  });

function personOf(user: number): Fields {
  return { id: USERS[user], firstName: USERS[user], language: 'it' };
}

function usersOf(step: ReportStep): number[] {
  if (step.do === 'order') return [step.holder];
  return 'users' in step ? [...step.users] : [step.user];
}

/** The body of a report, in the form of the HTTP contract. */
function bodyOf(step: ReportStep, { eventId, occurredAt, about, users }: Report): Fields {
  const tag = `r${step.n}`;
  const facts = {
    eventId,
    ...(occurredAt !== undefined && { occurredAt: new Date(occurredAt).toISOString() }),
  };
  const people = users.map(personOf);
  const url = 'https://shop.example/';
  switch (step.do) {
    case 'order': {
      const order = { id: `O${step.order}`, reference: tag, status: STATUSES[step.status], itemCount: 1 };
      const total = { amount: '10.00', currency: 'EUR' };
      const cartId = step.cart === undefined ? {} : { cartId: `K${step.cart}` };
      return { ...facts, language: 'it', order: { ...order, total, url }, holder: people[0], ...cartId };
    }
    case 'cart': {
      const total = { amount: '10.00', currency: 'EUR' };
      const cart = { id: `K${step.cart}`, itemCount: step.n, total, url };
      return { ...facts, language: 'it', cart, user: people[0] };
    }
    case 'remind': {
      if (about.kind !== 'reminder') throw new Error('It is no reminder.');
      const activity = { id: `A${step.activity}`, subject: tag, date: occurrenceOf(about, 0).date };
      const recurrence = step.repeats && { recurrence: { frequency: step.repeats } };
      return {
        ...facts,
        activity,
        remindMinutesBefore: step.minutesBefore,
        ...recurrence,
        recipients: people,
      };
    }
    case 'status': {
      const date = about.kind === 'status' ? about.date : instantText(BEGIN);
      const activity = { id: `A${step.activity}`, subject: tag, date };
      return { ...facts, activity, oldStatus: 'Nuova', newStatus: step.status, creator: people[0] };
    }
    default:
      return plainBody(step.event, tag, facts, people);
  }
}

function plainBody(
  event: Extract<Step, { do: 'plain' }>['event'],
  tag: string,
  facts: Fields,
  people: Fields[],
): Fields {
  const message = { id: tag, subject: tag };
  switch (event) {
    case 'message-sent':
      return payloadForAll('message-sent', people, { ...facts, message });
    case 'message-read':
      return payload('message-read', { ...facts, message, sender: people[0] });
    case 'activity-viewed':
      return payload('activity-viewed', {
        ...facts,
        activity: { id: tag, subject: tag, date: instantText(BEGIN) },
        creator: people[0],
      });
    default:
      return payload('file-access', { ...facts, file: { name: tag }, administrators: people });
  }
}
