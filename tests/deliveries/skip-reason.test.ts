/** Why a user gets nothing: the order of the reasons, and what is no reason. */
import { describe, expect, test } from '@jest/globals';
import { findSkipReason, needsNewStart, reachableChats } from '../../lib/deliveries/skip-reason.ts';
import { type StoredUser, userFrom } from '../../lib/store/stored-user.ts';
import { demoSite } from '../../local/demo.ts';

// The demo site's token is encrypted with it.
process.env.BOT_TOKEN_KEY = Buffer.alloc(32).toString('base64');

const anna: StoredUser = { siteId: 'demo', userId: 'anna', chatId: 1001, botId: '100' };
const { chatId: _, ...notLinked } = anna;
const unreachable = { reason: 'Forbidden', since: '2026-11-22T10:00:00.000Z' };
const bot = { id: '100' };

const reachable = (user: StoredUser | undefined) =>
  reachableChats(user && userFrom(user), 'order-status', bot);

describe('one chat, as the former release has stored it', () => {
  test.each<[string | undefined, string, StoredUser | undefined]>([
    [undefined, 'linked', anna],
    [undefined, 'linked to chat 0', { ...anna, chatId: 0 }],
    [undefined, 'opted in again', { ...anna, optedOut: false, optedOutBy: 'user' }],
    [undefined, 'muted another event', { ...anna, mutedEvents: ['file-upload'] }],
    [undefined, 'muted what begins like it', { ...anna, mutedEvents: ['order-status-x', 'order'] }],
    [undefined, 'linked by a hand that names no bot', { siteId: 'demo', userId: 'anna', chatId: 1001 }],
    ['not-linked', 'unknown', undefined],
    ['not-linked', 'without a chat', notLinked],
    ['not-linked', 'of another bot', { ...anna, botId: '99', unreachable }],
    ['opted-out', 'opted out', { ...anna, optedOut: true }],
    ['opted-out', 'opted out by the person', { ...anna, optedOut: true, optedOutBy: 'user' }],
    ['opted-out', 'opted out by the shop', { ...anna, optedOut: true, optedOutBy: 'site' }],
    ['opted-out', 'opted out of another bot', { ...anna, botId: '99', optedOut: true }],
    ['opted-out', 'opted out without a chat', { ...notLinked, optedOut: true }],
    [
      'opted-out',
      'opted out by the person without a chat',
      { ...notLinked, optedOut: true, optedOutBy: 'user' },
    ],
    ['unreachable', 'unreachable and muted', { ...anna, unreachable, mutedEvents: ['order-status'] }],
    ['muted', 'muted this event', { ...anna, mutedEvents: ['file-upload', 'order-status'] }],
  ])('%s: a user who is %s', (reason, _what, user) => {
    const { links, reason: given } = reachable(user);
    expect(given).toBe(reason);
    expect(links).toHaveLength(reason ? 0 : 1);
    const site = { ...demoSite(), bot: { ...bot, username: 'x', sealedToken: 'x' } };
    const known = user && userFrom(user);
    expect(findSkipReason(site, known?.chats[0], known, 'order-status')).toBe(reason);
  });
});

describe('several chats', () => {
  const second = { chatId: 1002, botId: '100', ownIds: true as const };
  const chatsOf = (user: StoredUser) => reachable(user).links.map(({ chatId }) => chatId);

  test('each that can be reached gets it', () => {
    expect(chatsOf({ ...anna, moreChats: [second] })).toEqual([1001, 1002]);
  });

  test('one that was stopped, blocked, or is with another bot does not; the others do', () => {
    const at = '2026-11-22T10:00:00.000Z';
    expect(chatsOf({ ...anna, moreChats: [{ ...second, stopped: { at } }] })).toEqual([1001]);
    expect(chatsOf({ ...anna, optedOut: true, stopped: { at }, moreChats: [second] })).toEqual([1002]);
    expect(chatsOf({ ...anna, unreachable, moreChats: [second] })).toEqual([1002]);
    expect(chatsOf({ ...anna, botId: '99', moreChats: [second] })).toEqual([1002]);
  });

  test('what the person or the shop has said for all chats holds for all', () => {
    const optOuts = { person: { where: 'site' as const } };
    expect(chatsOf({ ...anna, optedOut: true, optOuts, moreChats: [second] })).toEqual([]);
    expect(chatsOf({ ...anna, mutedEvents: ['order-status'], moreChats: [second] })).toEqual([]);
  });

  test('where none is left, the reason is that of the first', () => {
    const user = { ...anna, unreachable, moreChats: [{ ...second, stopped: {} }] };
    expect(reachable(user)).toEqual({ links: [], reason: 'unreachable' });
  });
});

test('a site without a bot asks for no new start', () => {
  expect(needsNewStart({ chatId: 1001, botId: '99' }, undefined)).toBe(false);
  expect(needsNewStart({ chatId: 1001 }, bot)).toBe(false);
  expect(needsNewStart({ chatId: 1001, botId: '99' }, bot)).toBe(true);
});

test.each([
  ['is unknown', undefined],
  ['has no module', { ...demoSite(), moduleActive: false }],
  ['is switched off', { ...demoSite(), active: false }],
])('a site that %s sends nothing, before any reason of the user', (_what, site) => {
  const user = userFrom({ ...anna, optedOut: true });
  expect(findSkipReason(site, user.chats[0], user, 'order-status')).toBe('site-inactive');
});
