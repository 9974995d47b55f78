/** The item of a user: what the former release wrote is read, and what is written, it can read. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type StoredUser, storedUser, userFrom } from '../../lib/store/stored-user.ts';
import { type ChatLink, newUser, optOutOf, type User } from '../../lib/store/user.ts';

const key = { siteId: 'demo', userId: 'anna' };
const at = '2026-11-22T10:00:00.000Z';

describe('an item of the former release', () => {
  test('has one chat, with everything that was said of it', () => {
    const unreachable = { reason: 'Forbidden', since: at };
    const stored: StoredUser = {
      ...{ ...key, chatId: 7, siteChat: 'demo#7', botId: '100', linkedAt: at, linkedBy: 'deep-link' },
      ...{ username: 'anna', linkClaim: 'c', lastClaim: 'c', unreachable, firstName: 'Anna' },
    };
    expect(userFrom(stored)).toMatchObject({
      ...{ ...key, version: 0, firstName: 'Anna', lastClaim: 'c', optOuts: {} },
      chats: [
        {
          chatId: 7,
          botId: '100',
          linkedAt: at,
          linkedBy: 'deep-link',
          username: 'anna',
          claim: 'c',
          unreachable,
        },
      ],
    });
  });

  test.each<[string, StoredUser, object, object | undefined]>([
    ['by /stop in the chat', { ...key, chatId: 7, optedOutBy: 'user' }, {}, { at }],
    [
      'by the person, who has no chat now',
      { ...key, optedOutBy: 'user' },
      { person: { at, where: 'bot' } },
      undefined,
    ],
    ['by the site', { ...key, chatId: 7, optedOutBy: 'site' }, { shop: { at, where: 'site' } }, undefined],
    ['by nobody knows whom', { ...key, chatId: 7 }, { shop: { at, where: 'site' } }, undefined],
  ])('opted out %s', (_how, stored, optOuts, stopped) => {
    const user = userFrom({ ...stored, optedOut: true, optedOutAt: at });
    expect(user.optOuts).toEqual(optOuts);
    expect(user.chats[0]?.stopped).toEqual(stopped);
    expect(optOutOf(user)).toBeDefined();
  });

  test('opted in again by the former release, after this one had opted out: the later one counts', () => {
    const {
      optedOut: _,
      optedOutBy: _by,
      optedOutAt: _at,
      ...stored
    } = storedUser({
      ...newUser(key),
      chats: [{ chatId: 7, stopped: { at } }],
      optOuts: { person: { at, where: 'site' } },
    });
    const user = userFrom(stored);
    expect(user.optOuts).toEqual({});
    expect(user.chats[0]?.stopped).toBeUndefined();
  });
});

const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const chat: fc.Arbitrary<ChatLink> = fc.record(
  {
    chatId: fc.integer({ min: 1 }),
    botId: fc.constantFrom('100', '99'),
    linkedAt: fc.constant(at),
    claim: fc.string(),
    ref: fc.string(),
    ownIds: fc.constant(true as const),
    stopped: fc.constantFrom({ at }, {}),
    unreachable: fc.constant({ reason: 'x', since: at }),
    formerChatIds: fc.constant([1]),
  },
  { requiredKeys: ['chatId'] },
);
const optOut = optional(fc.constantFrom({ at, where: 'bot' as const }, { where: 'import' as const }));
const user: fc.Arbitrary<User> = fc.record({
  ...{ siteId: fc.constant('demo'), userId: fc.constant('anna'), version: fc.nat() },
  chats: fc.array(chat, { maxLength: 5 }),
  optOuts: fc.record({ person: optOut, shop: optOut }),
  mutedEvents: optional(fc.constant(['file-access'])),
  companyName: optional(fc.string()),
  endedClaims: optional(fc.constant(['c'])),
  renamed: optional(fc.constant({ to: 'b', at })),
});

/** As DynamoDB keeps it: fields that are `undefined` are not there. */
const asKept = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

test('what is written is read again', () => {
  fc.assert(
    fc.property(user, (one) => {
      const read = userFrom(asKept(storedUser(one)));
      expect(asKept(read)).toEqual(asKept(one));
    }),
  );
});

test('the former release finds the first chat, and sends nothing where this one would not', () => {
  fc.assert(
    fc.property(user, (one) => {
      const stored = storedUser(one);
      const [first] = one.chats;
      expect(stored.chatId).toBe(first?.chatId);
      expect(stored.siteChat).toBe(first && `demo#${first.chatId}`);
      const isOut = Boolean(one.optOuts.person || one.optOuts.shop || first?.stopped);
      expect(stored.optedOut ?? false).toBe(isOut);
    }),
  );
});
