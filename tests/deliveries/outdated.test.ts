/**
 * What is known of a message is looked at again when it was read more than a second before, right before `sendMessage`: what
 * a person, or a shop, said while a slow batch was being sent holds.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Notification } from '../../lib/deliveries/notification.ts';
import { demoSite, demoUsers } from '../../local/demo.ts';
import { type App, startApp } from '../support/app.ts';
import { endLater, later } from '../support/later.ts';
import { notification, record } from '../support/sqs-events.ts';
import { attempt } from './attempts.ts';

let app: App;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator', forDeliveries: true });
});
afterAll(() => app.close());
beforeEach(() => app.reset());
afterEach(endLater);

const ANNA = 1001;
const BRUNO = 1002;
const userOf = (userId: string) => {
  const user = demoUsers().find((each) => each.userId === userId);
  if (!user) throw new Error(`The demo has no ${userId}.`);
  return user;
};
const anna = (changes: object) => app.stack.putUser({ ...userOf('anna'), ...changes });
let versions = 0;
const changeSite = (changes: object) => app.stack.putSite({ ...demoSite(), ...changes, version: ++versions });
/** As after an erasure that keeps nothing. */
const erased = () => app.stack.empty('UsersTable');

const CHANGES: [string, string, () => Promise<void>][] = [
  ['/stop', 'opted-out', () => anna({ optedOut: true, stopped: { at: new Date().toISOString() } })],
  [
    'an opt-out by the shop',
    'opted-out',
    () => anna({ optedOut: true, optOuts: { shop: { where: 'site' } } }),
  ],
  ['mute', 'muted', () => anna({ mutedEvents: ['order-status'] })],
  ['unlink', 'not-linked', () => app.stack.putUser({ siteId: 'demo', userId: 'anna' })],
  ['erasure', 'not-linked', erased],
  ['site switched off', 'site-inactive', () => changeSite({ active: false })],
  ['module withdrawn', 'site-inactive', () => changeSite({ moduleActive: false })],
];

describe('when what was read is older than one second', () => {
  test.each(CHANGES)(
    '%s while it waited for its slot: dropped, with the reason %s',
    async (_, reason, change) => {
      const message = notification();
      const { action } = await attempt(app, message, {
        beforeDecision: async () => {
          await change();
          later(1_001);
        },
      });

      expect(action).toEqual({ kind: 'acknowledge' });
      expect(await app.telegram.calls('sendMessage')).toEqual([]);
      expect(await app.findDelivery(message)).toMatchObject({ status: 'skipped', reason });
    },
  );

  test('link to another chat: the message goes there, within the limits of that chat', async () => {
    const { asked } = await attempt(app, notification(), {
      beforeDecision: async (round) => {
        if (round > 1) return;
        await anna({ chatId: BRUNO, siteChat: `demo#${BRUNO}` });
        later(1_001);
      },
    });
    expect([await app.telegram.textsIn(ANNA), await app.telegram.textsIn(BRUNO)]).toEqual([
      [],
      [expect.any(String)],
    ]);
    expect(asked).toBe(2);
  });

  test('rename: it is recorded for the id that the person has now', async () => {
    const message = notification();
    await attempt(app, message, {
      beforeDecision: async () => {
        const { siteId } = message;
        await app.stack.putUser({ ...userOf('anna'), userId: 'anna-2', formerIds: ['anna'] });
        const at = new Date(Date.now() + 1_000).toISOString();
        await app.stack.putUser({ siteId, userId: 'anna', version: 2, renamed: { to: 'anna-2', at } });
        later(1_001);
      },
      refresh: 'as the function',
    });
    expect(await app.findDelivery(message)).toMatchObject({ status: 'sent', userId: 'anna-2' });
  });

  test('sent by another function in the meantime: not sent again', async () => {
    const message = notification();
    await attempt(app, message, {
      beforeDecision: async () => {
        const { siteId, deliveryId, event, eventId, templateId, userId } = message;
        await app.stack.putDelivery({
          ...{ siteId, deliveryId, event, eventId, templateId, userId },
          ...{
            status: 'sent',
            messageId: 1,
            chatId: ANNA,
            attempts: 1,
            recordedAt: new Date().toISOString(),
          },
        });
        later(1_001);
      },
    });
    expect(await app.telegram.calls('sendMessage')).toEqual([]);
  });

  test('and nothing has changed: it is sent, with the slot that it has', async () => {
    const { action, asked } = await attempt(app, notification(), {
      beforeDecision: async () => later(1_001),
    });
    expect(action).toMatchObject({ isSent: true });
    expect(asked).toBe(1);
  });

  test('after a changed message: /stop while Telegram refused its first form', async () => {
    const body = { ok: false, error_code: 400, description: 'Bad Request: BUTTON_URL_INVALID' };
    await app.telegram.fault({ method: 'sendMessage', times: 1, status: 400, body });
    const message = notification({ button: { text: 'Apri', url: 'https://shop.example/' } });
    await attempt(app, message, {
      beforeDecision: async (round) => {
        if (round === 1) return;
        await anna({ optedOut: true, stopped: {} });
        later(1_001);
      },
    });
    expect(await app.telegram.calls('sendMessage')).toHaveLength(1);
    expect(await app.findDelivery(message)).toMatchObject({ status: 'skipped', reason: 'opted-out' });
  });

  test('a message is not dropped either for what is not true any more', async () => {
    await anna({ optedOut: true, stopped: {} });
    const message = notification();
    const { factsOf } = await import('./attempts.ts');
    const facts = await factsOf(app, message);
    await anna({});
    later(1_001);
    const { action } = await attempt(app, message, {}, facts);
    expect(action).toMatchObject({ isSent: true });
  });
});

/** The first message of a chat takes long; meanwhile something happens. */
async function whileFirstIsSent(
  send: () => Promise<unknown>,
  happens: () => Promise<unknown>,
): Promise<void> {
  await app.telegram.fault({ method: 'sendMessage', chatId: ANNA, times: 1, delayMs: 1_500 });
  const sending = send();
  await new Promise((resolve) => setTimeout(resolve, 500));
  await happens();
  await sending;
}

const pair = (): [Notification, Notification] => [
  notification({ text: 'uno' }),
  notification({ text: 'due' }),
];

describe('/stop while a slow batch is being sent', () => {
  test('by deliver: the later messages are dropped', async () => {
    const [first, second] = pair();
    await whileFirstIsSent(
      () => app.deliver([record(first), record(second)]),
      () => anna({ optedOut: true, stopped: {} }),
    );
    expect(await app.telegram.textsIn(ANNA)).toEqual(['uno']);
    expect(await app.findDelivery(second)).toMatchObject({ status: 'skipped', reason: 'opted-out' });
  });

  test('by the drain: the later messages are dropped', async () => {
    const [first, second] = pair();
    await app.telegram.fault({ method: 'sendMessage', times: 1, status: 500 });
    expect(await app.deliver([record(first), record(second)])).toEqual([]);
    await app.stack.endPauses();
    await whileFirstIsSent(
      () => app.drain(),
      () => anna({ optedOut: true, stopped: {} }),
    );
    await app.drainLater();
    expect(await app.telegram.textsIn(ANNA)).toEqual(['uno']);
    expect(await app.findDelivery(second)).toMatchObject({ status: 'skipped', reason: 'opted-out' });
  });
});

test('a fast batch costs no call more: one read for ten messages', async () => {
  const { database } = await import('../../lib/aws/dynamodb.ts');
  const { contentKeyFor } = await import('../../lib/deliveries/kept-content.ts');
  const messages = ['anna', 'bruno', 'carla'].map((userId) => notification({ userId }));
  const requestsOfBatch = async () => {
    await app.reset();
    // A function reads it once a day for each site.
    await contentKeyFor(notification());
    const send = jest.spyOn(database, 'send');
    expect(await app.deliver(messages.map((message) => record(message)))).toEqual([]);
    const names = send.mock.calls.map(([command]) => command.constructor.name);
    send.mockRestore();
    return names;
  };
  // A busy machine may miss a slot, and reserve another one: then the batch was no fast one.
  let names = await requestsOfBatch();
  for (let more = 0; more < 20 && ofKind(names, 'UpdateCommand') > 1; more++) names = await requestsOfBatch();
  expect(ofKind(names, 'BatchGetCommand')).toBe(1);
  expect(ofKind(names, 'UpdateCommand')).toBe(1);
  expect(ofKind(names, 'PutCommand')).toBe(3);
});

function ofKind(names: string[], kind: string): number {
  return names.filter((name) => name === kind).length;
}
