/** Whom a chat serves, and what they want to get. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { skipReasonOf } from '../../lib/deliveries/skip-reason.ts';
import { EVENT_NAMES } from '../../lib/domain/events.ts';
import type { User } from '../../lib/store/users.ts';
import { type App, startApp } from '../support/app.ts';

let app: App;
let membership: typeof import('../../lib/users/settings.ts');

beforeAll(async () => {
  app = await startApp({ telegram: 'server' });
  membership = await import('../../lib/users/settings.ts');
});
afterAll(() => app.close());

const anna: User = { siteId: 'demo', userId: 'anna', chatId: 1001, siteChat: 'demo#1001' };
beforeEach(() => app.stack.putUser(anna));

const now = async () => {
  const user = await app.findUser('anna');
  if (!user) throw new Error('Anna is gone.');
  return user;
};
const why = async () => skipReasonOf(await now(), 'order-status', undefined);

describe('findUserByChat', () => {
  test('finds who was linked by another hand, such as demo data', async () => {
    expect(await membership.findUserByChat('demo', 1001)).toMatchObject({ userId: 'anna' });
  });

  test('nobody', async () => {
    expect(await membership.findUserByChat('demo', 4040)).toBeUndefined();
    expect(await membership.findUserByChat('altro', 1001)).toBeUndefined();
  });

  test('not whom the index still knows, but who has left the chat', async () => {
    await app.stack.putUser({ ...anna, chatId: 1099 });
    expect(await membership.findUserByChat('demo', 1001)).toBeUndefined();
  });
});

describe('opting out', () => {
  test('nothing is sent any more, and it is known who said so', async () => {
    await membership.optOut(anna, 'user');
    expect(await now()).toMatchObject({ optedOut: true, optedOutBy: 'user', optedOutAt: expect.any(String) });
    expect(await why()).toBe('opted-out');
  });

  test('what the site has done stays the site’s doing, whatever the user says later', async () => {
    await membership.optOut(anna, 'site');
    await membership.optOut(anna, 'user');
    expect((await now()).optedOutBy).toBe('site');
  });

  test('what the user has done the site may do as well', async () => {
    await membership.optOut(anna, 'user');
    await membership.optOut(anna, 'site');
    expect((await now()).optedOutBy).toBe('site');
  });

  test('and in again', async () => {
    await membership.optOut(anna, 'user');
    expect(await membership.optIn(anna, 'user')).toBe(true);
    expect(await now()).toEqual(anna);
    expect(await why()).toBeUndefined();
  });

  test('somebody who was erased does not come back by it', async () => {
    const gone = { ...anna, userId: 'cancellata' };
    await membership.optOut(gone, 'user');
    expect(await membership.optIn(gone, 'user')).toBe(false);
    await membership.setMuted(gone, 'order-status', true);
    await membership.markBlocked(gone);
    expect(await app.findUser('cancellata')).toBeUndefined();
  });
});

describe('muting', () => {
  test('one kind of event, and no other', async () => {
    expect(await membership.setMuted(anna, 'order-status', true)).toMatchObject({
      mutedEvents: ['order-status'],
    });
    expect(await why()).toBe('muted');
    expect(skipReasonOf(await now(), 'file-access', undefined)).toBeUndefined();
    expect((await membership.setMuted(anna, 'order-status', false)).mutedEvents).toEqual([]);
    expect(await why()).toBeUndefined();
  });

  test('twice is once', async () => {
    await membership.setMuted(anna, 'order-status', true);
    expect((await membership.setMuted(anna, 'order-status', true)).mutedEvents).toEqual(['order-status']);
  });

  test('all at the same instant: none is lost', async () => {
    await Promise.all(EVENT_NAMES.map((event) => membership.setMuted(anna, event, true)));
    expect((await now()).mutedEvents?.toSorted()).toEqual([...EVENT_NAMES].sort());
  });
});

describe('blocking', () => {
  test('makes unreachable, in Telegram’s words, until they return', async () => {
    await membership.markBlocked(anna);
    expect((await now()).unreachable).toEqual({
      reason: 'Forbidden: bot was blocked by the user',
      since: expect.any(String),
    });
    expect(await why()).toBe('unreachable');
    await membership.markReturned(anna, { id: '100' });
    expect(await why()).toBeUndefined();
  });

  test('a chat that the user has left changes nothing', async () => {
    await membership.markBlocked({ ...anna, chatId: 999 });
    expect(await why()).toBeUndefined();
  });

  test('coming back after a block does not undo an opt-out', async () => {
    await membership.optOut(anna, 'site');
    await membership.markBlocked(anna);
    await membership.markReturned(anna, { id: '100' });
    expect(await why()).toBe('opted-out');
  });
});
