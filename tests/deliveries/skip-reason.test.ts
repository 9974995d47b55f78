/** Why a user gets nothing: the order of the reasons, and what is no reason. */
import { expect, test } from '@jest/globals';
import { findSkipReason, needsNewStart, skipReasonOf } from '../../lib/deliveries/skip-reason.ts';
import type { User } from '../../lib/store/users.ts';
import { demoSite } from '../../local/demo.ts';

// The demo site's token is encrypted with it.
process.env.BOT_TOKEN_KEY = Buffer.alloc(32).toString('base64');

const anna: User = { siteId: 'demo', userId: 'anna', chatId: 1001, botId: '100' };
const { chatId: _, ...notLinked } = anna;
const unreachable = { reason: 'Forbidden', since: '2026-11-22T10:00:00.000Z' };
const bot = { id: '100' };

test.each<[string | undefined, string, User | undefined]>([
  [undefined, 'linked', anna],
  [undefined, 'muted another event', { ...anna, mutedEvents: ['file-upload'] }],
  [undefined, 'linked by a hand that names no bot', { siteId: 'demo', userId: 'anna', chatId: 1001 }],
  ['not-linked', 'unknown', undefined],
  ['not-linked', 'without a chat', notLinked],
  ['not-linked', 'of another bot', { ...anna, botId: '99', unreachable }],
  ['opted-out', 'opted out', { ...anna, optedOut: true }],
  ['opted-out', 'opted out without a chat', { ...notLinked, optedOut: true }],
  ['unreachable', 'unreachable and muted', { ...anna, unreachable, mutedEvents: ['order-status'] }],
  ['muted', 'muted this event', { ...anna, mutedEvents: ['file-upload', 'order-status'] }],
])('%s: a user who is %s', (reason, _what, user) => {
  expect(skipReasonOf(user, 'order-status', bot)).toBe(reason);
  expect(
    findSkipReason({ ...demoSite(), bot: { ...bot, username: 'x', sealedToken: 'x' } }, user, 'order-status'),
  ).toBe(reason);
});

test('a site without a bot asks for no new start', () => {
  expect(needsNewStart({ ...anna, botId: '99' }, undefined)).toBe(false);
  expect(needsNewStart({ ...notLinked, botId: '99' }, bot)).toBe(false);
  expect(needsNewStart({ ...anna, botId: '99' }, bot)).toBe(true);
});

test.each([
  ['is unknown', undefined],
  ['has no module', { ...demoSite(), moduleActive: false }],
  ['is switched off', { ...demoSite(), active: false }],
])('a site that %s sends nothing, before any reason of the user', (_what, site) => {
  expect(findSkipReason(site, { ...anna, optedOut: true }, 'order-status')).toBe('site-inactive');
});
