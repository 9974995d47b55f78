import { describe, expect, test } from '@jest/globals';
import { skipReasonOf } from '../../lib/deliveries/skip-reason.ts';
import type { User } from '../../lib/store/users.ts';

describe('skipReasonOf', () => {
  const linked = { siteId: 'a', userId: 'u', chatId: 1 };
  const unreachable = { reason: 'blocked', since: '2026-01-01T00:00:00Z' };

  test.each<[string, User | undefined, string | undefined]>([
    ['nobody', undefined, 'not-linked'],
    ['a user without a chat', { siteId: 'a', userId: 'u' }, 'not-linked'],
    ['a linked user', linked, undefined],
    ['a chat with the bot that the site has', { ...linked, botId: '100' }, undefined],
    ['a chat with the bot that the site had before', { ...linked, botId: '99' }, 'not-linked'],
    ['opted out of the former bot', { ...linked, botId: '99', optedOut: true }, 'opted-out'],
    ['chat 0', { ...linked, chatId: 0 }, undefined],
    ['opted out', { ...linked, optedOut: true }, 'opted-out'],
    [
      'opted out, and everything else',
      { siteId: 'a', userId: 'u', optedOut: true, unreachable },
      'opted-out',
    ],
    ['opted in again', { ...linked, optedOut: false }, undefined],
    ['blocked', { ...linked, unreachable }, 'unreachable'],
    ['blocked and muted', { ...linked, unreachable, mutedEvents: ['order-status'] }, 'unreachable'],
    ['muted', { ...linked, mutedEvents: ['file-access', 'order-status'] }, 'muted'],
    ['muted another', { ...linked, mutedEvents: ['file-access'] }, undefined],
    ['muted what begins like it', { ...linked, mutedEvents: ['order-status-x', 'order'] }, undefined],
  ])('%s', (_who, user, expected) => {
    expect(skipReasonOf(user, 'order-status', { id: '100' })).toBe(expected);
  });
});
