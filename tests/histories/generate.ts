/** Random histories, always the same for a seed, and shorter ones that still fail. */

import { CHATS, isReport, type Step, USERS, type Via, type When } from './steps.ts';
import type { SendFault } from './telegram.ts';

/** What may be switched on or off in the histories. */
export const CLASSES = [
  /** The subjects. */
  ...(['orders', 'carts', 'statuses', 'reminders', 'series', 'plain'] as const),
  /** Events that say when they happened: late, or at the same time. */
  'times',
  'again',
  'newIds',
  'otherContent',
  'moreRecipients',
  /** Orders that name a cart; the DELETE of a cart; of a reminder; of one date. */
  ...(['namedCarts', 'dropCarts', 'dropReminders', 'dropDates'] as const),
  /** Further messages about a cart, and the consent to them. */
  'cartSeries',
  'queue',
  'lateQueue',
  'switches',
  'optOuts',
  'mutes',
  'stops',
  'lateUpdates',
  'links',
  'blocks',
  'bots',
  'lostWebhooks',
  'tokens',
  'refusals',
  'lostAnswers',
  'outages',
  'backlogs',
  'twice',
  'deadLetters',
  'kills',
  'meanwhile',
  'latePollers',
  'days',
] as const;

export type Class = (typeof CLASSES)[number];

/** A generator of numbers from 0 to 1: mulberry32, which is public domain. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

class Generator {
  readonly #random: () => number;
  readonly #only: ReadonlySet<Class>;
  #reports = 0;

  constructor(random: () => number, only: ReadonlySet<Class>) {
    this.#random = random;
    this.#only = only;
  }

  history(): Step[] {
    return Array.from({ length: 6 + this.#below(16) }, () => this.#step());
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #pick<Value>(values: readonly Value[]): Value {
    const value = values[this.#below(values.length)];
    if (value === undefined) throw new Error('There is nothing to choose from.');
    return value;
  }

  #has(name: Class): boolean {
    return this.#only.has(name);
  }

  /** True in one of so many cases, where the class is on. */
  #sometimes(name: Class, oneOf: number): boolean {
    return this.#has(name) && this.#below(oneOf) === 0;
  }

  #n(): number {
    this.#reports += 1;
    return this.#reports;
  }

  #user = () => this.#below(USERS.length);
  #chat = () => this.#below(CHATS.length);

  #users(): number[] {
    const first = this.#user();
    return this.#below(3) === 0 ? [first, (first + 1) % USERS.length] : [first];
  }

  #when(): When {
    if (!this.#has('times') || this.#below(2) === 0) return null;
    return this.#below(6) === 0
      ? 'same'
      : this.#pick([0, 5, MINUTE, 20 * MINUTE, 40 * MINUTE, 2 * HOUR, 5 * HOUR, DAY]);
  }

  #via(): Via {
    if (this.#sometimes('lateQueue', 5)) return { lateSeconds: this.#pick([20, 10 * MINUTE, 3 * HOUR]) };
    return this.#sometimes('queue', 3) ? 'queue' : 'https';
  }

  #told() {
    return { n: this.#n(), when: this.#when(), via: this.#via() };
  }

  #late(): number {
    return this.#sometimes('lateUpdates', 2) ? this.#pick([10, 5 * MINUTE, 2 * HOUR]) : 0;
  }

  #step(): Step {
    const kinds: [Class, number, () => Step][] = [
      ['orders', 5, () => this.#order()],
      ['carts', 5, () => ({ do: 'cart', ...this.#told(), cart: this.#below(3), user: this.#user() })],
      ['statuses', 4, () => this.#status()],
      ['reminders', 5, () => this.#reminder()],
      ['plain', 4, () => this.#plain()],
      ['again', 2, () => this.#again('same')],
      ['newIds', 2, () => this.#again('newId')],
      ['otherContent', 1, () => this.#again('otherContent')],
      ['moreRecipients', 1, () => this.#again('moreRecipients')],
      ['dropCarts', 2, () => ({ do: 'dropCart', user: this.#user() })],
      ['cartSeries', 2, () => ({ do: 'cartSeries', on: this.#below(4) > 0 })],
      ['cartSeries', 3, () => this.#consent()],
      ['dropReminders', 2, () => ({ do: 'dropReminder', activity: this.#below(2), occurrence: null })],
      ['dropDates', 2, () => ({ do: 'dropReminder', activity: this.#below(2), occurrence: this.#below(4) })],
      [
        'switches',
        2,
        () => ({ do: 'switch', what: this.#pick(['site', 'module']), on: this.#below(2) === 0 }),
      ],
      ['optOuts', 3, () => this.#optOut()],
      [
        'mutes',
        1,
        () => ({
          do: 'mute',
          user: this.#user(),
          events: this.#pick([[], ['order-status'], ['message-sent']]),
        }),
      ],
      ['stops', 3, () => this.#write()],
      [
        'links',
        2,
        () => ({ do: this.#pick(['link', 'link', 'unlink']), user: this.#user(), chat: this.#chat() }),
      ],
      [
        'blocks',
        2,
        () => ({ do: this.#pick(['block', 'unblock']), chat: this.#chat(), lateSeconds: this.#late() }),
      ],
      ['bots', 2, () => ({ do: 'saveBot', bot: this.#below(2) })],
      ['lostWebhooks', 1, () => ({ do: 'saveBot', bot: 0, lostAnswers: 1 + this.#below(2) })],
      ['tokens', 2, () => ({ do: this.#pick(['revoke', 'newToken']) })],
      ['refusals', 2, () => this.#refusal([429, 500, 'silent'])],
      ['lostAnswers', 1, () => this.#refusal(['lost'])],
      ['outages', 2, () => ({ do: 'down', service: this.#pick(['tables', 'queues', 'telegram']) })],
      ['backlogs', 3, () => ({ do: this.#pick(['hold', 'release']) })],
      ['twice', 1, () => ({ do: 'twice' })],
      ['deadLetters', 2, () => ({ do: this.#pick(['hold', 'bury', 'bury', 'redrive']) })],
      [
        'kills',
        3,
        () => ({ do: 'kill', death: { call: 1 + this.#below(8), isBefore: this.#below(2) === 0 } }),
      ],
      ['meanwhile', 3, () => this.#meanwhile()],
      ['latePollers', 2, () => ({ do: 'poller', on: this.#below(2) === 0 })],
      ['days', 3, () => ({ do: 'wait', seconds: this.#pick([DAY, 30 * HOUR, 2 * DAY]) })],
    ];
    const common: [number, () => Step][] = [
      [5, () => ({ do: 'wait', seconds: this.#pick([10, 5 * MINUTE, 50 * MINUTE, 3 * HOUR, 4 * HOUR]) })],
      [1, () => ({ do: 'heal' })],
    ];
    const possible = kinds.filter(([name]) => this.#has(name)).map(([, ...rest]) => rest);
    const weighted = [...possible, ...common].flatMap(([weight, make]) =>
      Array<() => Step>(weight).fill(make),
    );
    return this.#pick(weighted)();
  }

  #order(): Step {
    const cart = this.#sometimes('namedCarts', 2) ? { cart: this.#below(3) } : {};
    const order = { order: this.#below(3), status: this.#below(4), holder: this.#user() };
    return { do: 'order', ...this.#told(), ...order, ...cart };
  }

  #status(): Step {
    const status = this.#pick(['Pianificata', 'Annullata', 'Completata'] as const);
    const occurrence = this.#has('series') ? this.#below(3) : 0;
    return {
      do: 'status',
      ...this.#told(),
      activity: this.#below(2),
      occurrence,
      status,
      user: this.#user(),
    };
  }

  #reminder(): Step {
    const repeats = this.#sometimes('series', 2) && {
      repeats: this.#pick(['daily', 'daily', 'weekly'] as const),
    };
    const inMinutes = this.#pick([null, null, 20, 90, 5 * 60, 26 * 60, 3 * 24 * 60]);
    return {
      do: 'remind',
      ...this.#told(),
      activity: this.#below(2),
      inMinutes,
      ...(this.#below(5) === 0 && { isWholeDay: true }),
      minutesBefore: this.#pick([0, 15, 60, 60, 24 * 60, 7 * 24 * 60]),
      ...repeats,
      users: this.#users(),
    };
  }

  #plain(): Step {
    const event = this.#pick([
      'message-sent',
      'message-sent',
      'message-read',
      'activity-viewed',
      'file-access',
    ] as const);
    const users = event === 'message-sent' || event === 'file-access' ? this.#users() : [this.#user()];
    return { do: 'plain', ...this.#told(), event, users };
  }

  #again(how: Extract<Step, { do: 'again' }>['how']): Step {
    const of = 1 + this.#below(Math.max(1, this.#reports));
    return { do: 'again', n: this.#n(), of, how, user: this.#user(), via: this.#via() };
  }

  #optOut(): Step {
    return {
      do: 'optOut',
      user: this.#user(),
      by: this.#pick(['person', 'shop']),
      out: this.#below(2) === 0,
    };
  }

  #consent(): Step {
    return { do: 'consent', user: this.#user(), given: this.#below(3) > 0 };
  }

  #write(): Step {
    const text = this.#pick(['/stop', '/stop', '/start', '/start', 'ciao'] as const);
    return { do: 'write', chat: this.#chat(), text, lateSeconds: this.#late() };
  }

  #refusal(faults: SendFault[]): Step {
    const chat = this.#below(2) === 0 ? null : this.#chat();
    return { do: 'refuse', chat, fault: this.#pick(faults), times: 1 + this.#below(4) };
  }

  /** What is said while a message is being sent: nothing that is itself a matter of waiting. */
  #meanwhile(): Step {
    const possible: [Class, () => Step][] = [
      ['stops', () => ({ do: 'write', chat: this.#chat(), text: '/stop', lateSeconds: 0 })],
      ['optOuts', () => this.#optOut()],
      ['links', () => ({ do: 'unlink', user: this.#user(), chat: this.#chat() })],
      ['links', () => ({ do: 'link', user: this.#user(), chat: this.#chat() })],
      ['bots', () => ({ do: 'saveBot', bot: this.#below(2) })],
      ['switches', () => ({ do: 'switch', what: 'site', on: false })],
      ['orders', () => this.#order()],
      ['dropCarts', () => ({ do: 'dropCart', user: this.#user() })],
      ['cartSeries', () => this.#consent()],
      ['statuses', () => this.#status()],
      ['dropReminders', () => ({ do: 'dropReminder', activity: this.#below(2), occurrence: null })],
      ['plain', () => this.#plain()],
    ];
    const choices = possible.filter(([name]) => this.#has(name));
    const step = choices.length > 0 ? this.#pick(choices)[1]() : ({ do: 'wait', seconds: 1 } as const);
    const told = isReport(step) ? { ...step, via: 'https' as const } : step;
    const starts = step.do === 'saveBot' && this.#has('stops') && this.#below(2) === 0;
    const fault = this.#has('bots') && this.#below(3) === 0 ? { fault: 403 as const } : {};
    return { do: 'meanwhile', step: told, ...(starts && { starts }), seconds: this.#pick([3, 8]), ...fault };
  }
}

/** The history of a seed. @param only what may be in it. */
export function historyOf(seed: number, only: ReadonlySet<Class>): Step[] {
  return new Generator(randomOf(seed), only).history();
}

/**
 * A shorter history that still fails: steps are left out, first many, then single ones, then what they say is made simpler.
 *
 * @param fails whether a history fails in the same way.
 */
export async function shrink(steps: Step[], fails: (steps: Step[]) => Promise<boolean>): Promise<Step[]> {
  let current = steps;
  for (let size = Math.ceil(current.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < current.length; ) {
      const shorter = current.toSpliced(start, size);
      if (shorter.length < current.length && (await fails(shorter))) current = shorter;
      else start += size;
    }
  }
  for (const index of current.keys())
    for (const simpler of simplerSteps(current[index])) {
      const changed = current.with(index, simpler);
      if (await fails(changed)) current = changed;
    }
  // A simpler step may need fewer others.
  for (let start = 0; start < current.length; ) {
    const shorter = current.toSpliced(start, 1);
    if (await fails(shorter)) current = shorter;
    else start += 1;
  }
  return current;
}

function simplerSteps(step: Step | undefined): Step[] {
  if (!step) return [];
  const simpler: Step[] = [];
  if ('via' in step && step.via !== 'https') simpler.push({ ...step, via: 'https' });
  if (isReport(step) && step.when !== null) simpler.push({ ...step, when: null });
  if ('users' in step && step.users.length > 1) simpler.push({ ...step, users: step.users.slice(0, 1) });
  if (step.do === 'remind' && step.isWholeDay) simpler.push({ ...step, isWholeDay: false });
  if (step.do === 'order' && step.cart !== undefined) {
    const { cart: _, ...without } = step;
    simpler.push(without);
  }
  if ('lateSeconds' in step && step.lateSeconds > 0) simpler.push({ ...step, lateSeconds: 0 });
  return simpler;
}
