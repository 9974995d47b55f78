/** Who is kept and who is not: the rules alone. */
import { describe, expect, test } from '@jest/globals';
import { userFrom } from '../../lib/store/stored-user.ts';
import { type ChatLink, newUser, type User } from '../../lib/store/user.ts';
import { readRetentionDays, remainderOf, verdictOn } from '../../lib/users/retention-rules.ts';

const NOW = Date.parse('2026-11-28T01:23:00.000Z');
const times = { now: NOW, retentionDays: 365 };
const daysAgo = (days: number) => new Date(NOW - days * 24 * 3_600_000).toISOString();

const user = (changes: Partial<User> = {}): User => ({
  ...newUser({ siteId: 'demo', userId: 'anna' }),
  firstName: 'Anna',
  ...changes,
});
const reachable: ChatLink = { chatId: 1 };
const unreachable = (days: number, chatId = 2): ChatLink => ({
  chatId,
  unreachable: { reason: 'Forbidden: bot was blocked by the user', since: daysAgo(days) },
});
const unlinked = (days: number) => ({ unlinked: { reason: 'site' as const, since: daysAgo(days) } });

test.each<[string, User, string]>([
  ['with a chat', user({ chats: [reachable] }), 'keep'],
  ['with a chat that was not reached today', user({ chats: [unreachable(0)] }), 'keep'],
  ['whose only chat was not reached for just as long', user({ chats: [unreachable(365)] }), 'keep'],
  ['whose only chat was not reached for longer', user({ chats: [unreachable(366)] }), 'erase'],
  ['whose chats were all not reached', user({ chats: [unreachable(366), unreachable(400, 3)] }), 'erase'],
  ['one of whose chats was not reached', user({ chats: [reachable, unreachable(366)] }), 'unlink'],
  ['whose other chat may come back', user({ chats: [unreachable(10), unreachable(366, 3)] }), 'unlink'],
  ['unlinked lately', user(unlinked(364)), 'keep'],
  ['unlinked long ago', user(unlinked(366)), 'erase'],
  ['unlinked long ago, and linked again', user({ ...unlinked(366), chats: [reachable] }), 'keep'],
  ['never linked', user(), 'count'],
  [
    'an opt-out and nothing else',
    user({ firstName: undefined, optOuts: { person: { where: 'site' } } }),
    'keep',
  ],
  ['an opt-out with a name, never linked', user({ optOuts: { person: { where: 'site' } } }), 'count'],
  [
    'an opt-out with a name, unlinked long ago',
    user({ ...unlinked(366), optOuts: { shop: { where: 'site' } } }),
    'erase',
  ],
  ['renamed lately', user({ renamed: { to: 'b', at: daysAgo(29) } }), 'keep'],
  ['renamed long ago', user({ renamed: { to: 'b', at: daysAgo(31) } }), 'forget-former-id'],
  ['with a date that can not be read', user({ unlinked: { reason: 'site', since: 'ieri' } }), 'keep'],
])('a user %s', (_, given, kind) => {
  expect(verdictOn(given, times)).toMatchObject({ kind });
});

test('only the chats that were not reached are ended', () => {
  const chats = [reachable, unreachable(366, 3), unreachable(3, 4)];
  expect(verdictOn(user({ chats }), times)).toEqual({ kind: 'unlink' });
});

test('with 0 days people are kept, and former ids are forgotten all the same', () => {
  const never = { now: NOW, retentionDays: 0 };
  for (const given of [user(unlinked(4_000)), user({ chats: [unreachable(4_000)] }), user()])
    expect(verdictOn(given, never)).toEqual({ kind: 'keep' });
  expect(verdictOn(user({ renamed: { to: 'b', at: daysAgo(31) } }), never).kind).toBe('forget-former-id');
});

test('items of the former release', () => {
  const flat = { siteId: 'demo', userId: 'anna', siteChat: 'demo#7', chatId: 7 };
  const since = daysAgo(366);
  expect(verdictOn(userFrom({ ...flat, unreachable: { reason: 'blocked', since } }), times).kind).toBe(
    'erase',
  );
  const taken = { siteId: 'demo', userId: 'b', unlinked: { reason: 'chat-taken' as const, since } };
  expect(verdictOn(userFrom(taken), times).kind).toBe('erase');
  expect(verdictOn(userFrom({ siteId: 'demo', userId: 'c', firstName: 'Carla' }), times).kind).toBe('count');
});

describe('what stays', () => {
  const everything = {
    firstName: 'Anna',
    language: 'it',
    mutedEvents: ['order-status'],
    endedClaims: ['x#y'],
  };

  test('of a user without an opt-out: the id, until the rest is erased', () => {
    const given = user({ ...everything, ...unlinked(366), version: 7 });
    expect(remainderOf(given, times)).toEqual({
      ...newUser(given),
      version: 7,
      formerIds: undefined,
      unlinked: given.unlinked,
    });
  });

  test('an opt-out, with who gave it and when', () => {
    const optOuts = {
      person: { at: daysAgo(400), where: 'site' as const },
      shop: { where: 'site' as const },
    };
    const left = remainderOf(user({ ...everything, ...unlinked(366), optOuts }), times);
    expect(left).toMatchObject({ optOuts, chats: [] });
    expect(JSON.stringify(left)).not.toMatch(/Anna|"it"|order-status|x#y/);
    // It is nothing but an opt-out now: the next run leaves it alone.
    expect(left && verdictOn(left, times)).toEqual({ kind: 'keep' });
  });

  test('a /stop in each chat is an opt-out, without the chats', () => {
    const stopped = { at: daysAgo(380) };
    const left = remainderOf(user({ chats: [{ ...unreachable(366), stopped }] }), times);
    expect(left).toMatchObject({
      chats: [],
      optOuts: { person: { at: stopped.at, where: 'bot' } },
      unlinked: { reason: 'unreachable', since: daysAgo(366) },
    });
  });

  test('nothing is decided of a user who is needed again', () => {
    expect(remainderOf(user({ ...unlinked(366), chats: [reachable] }), times)).toBeUndefined();
  });
});

describe('the parameter', () => {
  test.each([
    ['0', 0],
    ['30', 30],
    ['365', 365],
    ['3650', 3_650],
  ])('%s', (text, days) => {
    expect(readRetentionDays(text)).toBe(days);
  });

  test.each(['', '-1', '1', '29', '3651', '365.5', '1e3', 'off', ' 365', '99999'])(
    '"%s" is refused',
    (text) => {
      expect(() => readRetentionDays(text)).toThrow(
        /retentionDays is ".*": give whole days from 30 to 3650, or 0/,
      );
    },
  );
});
