/**
 * Opt-out and its taking back, in every order in which we may learn of it: what was said last holds. Against a small model
 * that hears everything in the order in which it was said.
 */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ChatLink, linkIn, newUser, optOutsIn, type User } from '../../lib/store/user.ts';
import {
  endedStopIn,
  isSaidBefore,
  linkedIn,
  optedInByPerson,
  optedInByShop,
  optedOut,
  resumedIn,
  stoppedIn,
  withEndedStops,
} from '../../lib/users/opt-outs.ts';

const C = 1;
const D = 2;
const CHATS = [C, D];

/** The time of a statement: minutes after ten. */
const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 10, minute, 0, 250)).toISOString();

/** Who has switched off what: one for each chat that there is. */
interface Model {
  stopped: Set<number>;
  person: boolean;
  /** The chats that the person's opt-out leaves out: they have opened a link there since. */
  excepted: Set<number>;
  shop: boolean;
}

/** What may be said, as our code hears it and as the model does. */
interface Statement {
  hear(user: User, at: string): User;
  mean(model: Model): void;
}

/** The person presses a button, or writes in a chat, or opens a link there. */
const stop = (chatId: number): Statement => ({
  hear: (user, said) => stoppedIn(user, chatId, said),
  mean: ({ stopped }) => stopped.add(chatId),
});
const start = (chatId: number): Statement => ({
  hear: (user, said) => resumedIn(user, chatId, said, { withShop: false }),
  mean(model) {
    model.stopped.delete(chatId);
    model.person = false;
  },
});
const again = (chatId: number): Statement => ({
  hear: (user, said) => resumedIn(user, chatId, said, { withShop: true }),
  mean(model) {
    start(chatId).mean(model);
    model.shop = false;
  },
});
const openLink = (chatId: number): Statement => ({
  hear(before, said) {
    const present = linkIn(before, chatId);
    if (!present) throw new Error('Every chat of the model is linked.');
    const { user, link } = linkedIn(before, present, said);
    return { ...user, chats: user.chats.map((other) => (other.chatId === chatId ? link : other)) };
  },
  mean(model) {
    // The person's opt-out holds for the other chats alone.
    model.excepted.add(chatId);
    model.stopped.delete(chatId);
  },
});
const STATEMENTS: Record<string, Statement> = {
  'C: /stop': stop(C),
  'D: /stop': stop(D),
  'C: /start': start(C),
  'D: /start': start(D),
  'C: yes, again': again(C),
  'D: yes, again': again(D),
  'C: a new link': openLink(C),
  'D: a new link': openLink(D),
  'profile: no': {
    hear: (user, said) => optedOut(user, 'person', { at: said, where: 'site' }),
    mean(model) {
      model.person = true;
      model.excepted.clear();
    },
  },
  'profile: yes': {
    hear: optedInByPerson,
    mean(model) {
      model.stopped.clear();
      model.person = false;
      model.shop = false;
    },
  },
  'shop: no': {
    hear: (user, said) => optedOut(user, 'shop', { at: said, where: 'site' }),
    mean(model) {
      model.shop = true;
    },
  },
};
const NAMES = Object.keys(STATEMENTS);
const statement = (name: string): Statement => {
  const found = STATEMENTS[name];
  if (!found) throw new Error(`Nobody says ${name}.`);
  return found;
};

const linked = (): User => ({
  ...newUser({ siteId: 'demo', userId: 'anna' }),
  chats: CHATS.map((chatId) => ({ chatId })),
});

/** For each chat, who has switched it off. */
function holds(user: User): Record<number, string[]> {
  return Object.fromEntries(
    user.chats.map((link) => [link.chatId, optOutsIn(user, link).map(({ by }) => by)]),
  );
}

function heardInOrder(names: string[]): Record<number, string[]> {
  const model: Model = { stopped: new Set(), person: false, excepted: new Set(), shop: false };
  for (const name of names) statement(name).mean(model);
  return Object.fromEntries(
    CHATS.map((chatId) => [
      chatId,
      [
        ...((model.person && !model.excepted.has(chatId)) || model.stopped.has(chatId) ? ['person'] : []),
        ...(model.shop ? ['shop'] : []),
      ],
    ]),
  );
}

/** @param order the places of the statements, in the order in which we learn of them. */
function heardAs(names: string[], order: number[], times = names.map((_, index) => at(index))): User {
  return order.reduce(
    (user, index) => statement(names[index] ?? '').hear(user, times[index] ?? ''),
    linked(),
  );
}

function* ordersOf(length: number, before: number[] = []): Generator<number[]> {
  if (before.length === length) yield before;
  for (let next = 0; next < length; next++)
    if (!before.includes(next)) yield* ordersOf(length, [...before, next]);
}

describe('what the person said last holds, in whatever order we learn of it', () => {
  test.each([2, 3])('all sequences of %s statements, in all orders', (length) => {
    const orders = [...ordersOf(length)];
    for (let number = 0; number < NAMES.length ** length; number++) {
      const names = Array.from(
        { length },
        (_, place) => NAMES[Math.floor(number / NAMES.length ** place) % NAMES.length] ?? '',
      );
      const expected = heardInOrder(names);
      for (const order of orders) {
        const found = holds(heardAs(names, order));
        // `expect` alone would take a minute.
        if (JSON.stringify(found) !== JSON.stringify(expected))
          expect({ names, order, found }).toEqual({ names, order, found: expected });
      }
    }
  });

  test('long ones, in random orders, some of them heard twice', () => {
    const said = fc.array(fc.constantFrom(...NAMES), { minLength: 4, maxLength: 12 });
    const heard = said.chain((names) => {
      const all = names.map((_, index) => index);
      const order = fc.shuffledSubarray(all, { minLength: names.length });
      return fc.tuple(fc.constant(names), order, fc.subarray(all));
    });
    fc.assert(
      fc.property(heard, ([names, order, twice]) => {
        expect(holds(heardAs(names, [...order, ...twice]))).toEqual(heardInOrder(names));
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('the shop never switches on again what the person switched off', () => {
  test.each([
    [['profile: no']],
    [['C: /stop', 'D: /stop']],
    [['shop: no', 'profile: no']],
    [['C: /start', 'profile: no', 'C: /stop']],
  ])('after %j it is refused', (names) => {
    const user = heardAs(
      names,
      names.map((_, index) => index),
    );
    expect(optedInByShop(user, at(9))).toBeUndefined();
  });

  test('after /stop in one of the chats, that chat stays silent', () => {
    const user = heardAs(['shop: no', 'C: /stop'], [0, 1]);
    expect(holds(optedInByShop(user, at(9)) ?? linked())).toEqual({ [C]: ['person'], [D]: [] });
  });

  test('its own opt-out, given later than its taking back, stays', () => {
    const user = optedOut(linked(), 'shop', { at: at(5), where: 'site' });
    expect(holds(optedInByShop(user, at(4)) ?? linked())).toEqual({ [C]: ['shop'], [D]: ['shop'] });
    expect(holds(optedInByShop(user, at(6)) ?? linked())).toEqual({ [C]: [], [D]: [] });
  });

  test('and its opt-out that comes late does not undo the person’s yes', () => {
    const user = optedInByPerson(linked(), at(5));
    expect(holds(optedOut(user, 'shop', { at: at(4), where: 'site' }))).toEqual({ [C]: [], [D]: [] });
  });
});

describe('an imported opt-out, of which nobody knows when it was given', () => {
  const imported = () => optedOut(linked(), 'person', { at: at(5), where: 'import' });

  test('holds', () => {
    expect(holds(imported())).toEqual({ [C]: ['person'], [D]: ['person'] });
  });

  test('was given before all that the person said here, also where we learn of that later', () => {
    expect(holds(resumedIn(imported(), C, at(4), { withShop: false }))).toEqual({ [C]: [], [D]: [] });
    expect(holds(optedInByPerson(imported(), at(4)))).toEqual({ [C]: [], [D]: [] });
  });
});

describe('within a second', () => {
  const second = '2026-11-22T10:00:05.000Z';

  test.each<[string, string | undefined, string | undefined, boolean]>([
    ['a message of the second before', '2026-11-22T10:00:04.000Z', '2026-11-22T10:00:05.001Z', true],
    ['a message of the same second: nobody knows', second, '2026-11-22T10:00:05.300Z', false],
    ['the other way round: nobody knows', '2026-11-22T10:00:05.300Z', second, false],
    ['two messages of one second', second, second, false],
    ['two requests, a millisecond apart', '2026-11-22T10:00:05.300Z', '2026-11-22T10:00:05.301Z', true],
    ['without a time: before all others', undefined, second, true],
    ['nothing was said', second, undefined, false],
  ])('%s', (_what, one, other, isBefore) => {
    expect(isSaidBefore(one, other)).toBe(isBefore);
  });

  test.each([
    ['C: /stop', 'C: /start', []],
    ['C: /start', 'C: /stop', ['person']],
    ['C: yes, again', 'C: /stop', ['person']],
    ['profile: no', 'C: /start', []],
    ['profile: yes', 'C: /stop', ['person']],
  ])('%s, then %s: as we learn of it', (one, other, expected) => {
    const times = [one, other].map((name) => (/\/|link/.test(name) ? second : '2026-11-22T10:00:05.700Z'));
    expect(holds(heardAs([one, other], [0, 1], times))[C]).toEqual(expected);
  });
});

describe('data of the former release', () => {
  test('without a time, an opt-out or a /stop is taken back by any yes', () => {
    const former: User = { ...linked(), optOuts: { person: { where: 'bot' }, shop: { where: 'site' } } };
    expect(holds(optedInByPerson(former, at(0)))).toEqual({ [C]: [], [D]: [] });
    const stopped: ChatLink = { chatId: C, stopped: { at: undefined } };
    expect(holds(resumedIn({ ...linked(), chats: [stopped] }, C, at(0), { withShop: false }))).toEqual({
      [C]: [],
    });
  });

  test('a link silences the other chats as of then', () => {
    const former: User = { ...linked(), optOuts: { person: { where: 'bot' } } };
    const { user, link } = linkedIn(former, { chatId: 3 }, at(1));
    expect(holds({ ...user, chats: [...user.chats, link] })).toEqual({
      [C]: ['person'],
      [D]: ['person'],
      3: [],
    });
  });
});

describe('a /stop outlives its link', () => {
  const ended = () => {
    const user = stoppedIn(linked(), C, at(1));
    const [gone, ...chats] = user.chats;
    return { ...withEndedStops(user, gone ? [gone] : []), chats };
  };

  test('and its user’s id', () => {
    expect(endedStopIn({ ...ended(), userId: 'renamed' }, C)).toEqual({ at: at(1) });
    expect(endedStopIn(ended(), D)).toBeUndefined();
  });

  test('until the person links the chat again', () => {
    const { user } = linkedIn(ended(), { chatId: C }, at(2));
    expect(endedStopIn(user, C)).toBeUndefined();
  });

  test('not by a link that they opened before', () => {
    const { user } = linkedIn(ended(), { chatId: C }, at(0));
    expect(endedStopIn(user, C)).toEqual({ at: at(1) });
  });
});
