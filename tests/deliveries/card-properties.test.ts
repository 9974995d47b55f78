/**
 * The message of an order never goes back to an older status, whatever comes late, twice, in any order, and wherever the
 * function that delivers it dies; also where what was remembered of the order is gone.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Notification } from '../../lib/deliveries/notification.ts';
import { type App, startApp } from '../support/app.ts';
import { endLater, later } from '../support/later.ts';
import { cardTemplate, reported } from '../support/order-cards.ts';
import { record } from '../support/sqs-events.ts';

/** The function is gone at this of its writes, counted from 0: the write is not made, and nothing after it. */
let diesAt: number | undefined;
let died = () => {};
const functions = new AsyncLocalStorage<{ isDead: boolean }>();

let app: App;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator' });
  const { database } = await import('../../lib/aws/dynamodb.ts');
  database.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        const { TableName = '' } = args.input as { TableName?: string };
        // Without its slot a message is sent all the same, after some time: in another run by then.
        const isWrite = /^(Put|Update|BatchWrite)/.test(commandName) && !TableName.endsWith('-paces');
        const self = functions.getStore();
        const isDead = self?.isDead ?? false;
        if (!isDead && (diesAt === undefined || !isWrite || diesAt-- > 0)) return next(args);
        // It would try again.
        if (self && !isDead) {
          self.isDead = true;
          died();
        }
        return new Promise(() => undefined);
      },
    { step: 'initialize' },
  );
});
afterAll(() => app.close());
afterEach(endLater);

const START = Date.parse('2026-11-02T09:00:00.000Z');
const STATUSES = ['Ricevuto', 'In preparazione', 'Pronto', 'Spedito', 'Consegnato'];

type Step =
  | { kind: 'report'; status: number }
  | { kind: 'deliver'; which: number; diesAt?: number | undefined }
  | { kind: 'forget' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('report' as const), status: fc.nat(STATUSES.length - 1) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('deliver' as const),
      which: fc.nat(9),
      diesAt: fc.option(fc.nat(4), { nil: undefined, freq: 2 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'forget' as const }) },
);

const report = (status: number): Step => ({ kind: 'report', status });
const handOut = (which: number, dies?: number): Step => ({ kind: 'deliver', which, diesAt: dies });
/** `Spedito` has to ring, and waits until it is outdated; the function that drops it dies before it has recorded that. */
const OVERTAKEN = [report(0), handOut(0), report(3), report(4), handOut(1, 1), handOut(1), handOut(2)];
/** `Spedito` is dropped after the status that has overtaken it is shown. */
const SHOWN_BEFORE = [report(0), handOut(0), report(3), report(4), handOut(2), handOut(1)];

/** Delivers a message; the queue hands it out again where the function dies. */
async function deliver(message: Notification, at?: number): Promise<void> {
  const death = new Promise<void>((resolve) => {
    died = resolve;
  });
  diesAt = at;
  const delivered = functions.run({ isDead: false }, () => app.deliver([record(message)]));
  await Promise.race([delivered, death]);
  diesAt = undefined;
  later(60_000);
}

/** The statuses that the chat has shown, one after the other, and in which message. */
async function history(): Promise<{ id: number; status: number }[]> {
  return (await app.telegram.calls()).flatMap(({ method, params, answer }) => {
    const { ok, result } = (answer ?? {}) as { ok?: boolean; result?: { message_id: number } };
    if (!ok || !result || !['sendMessage', 'editMessageText'].includes(method)) return [];
    return [{ id: result.message_id, status: STATUSES.indexOf(String(params.text)) }];
  });
}

function expectNeverBack(shown: { status: number }[]): void {
  const statuses = shown.map(({ status }) => status);
  expect(statuses).toEqual(statuses.toSorted((one, other) => one - other));
}

/** A status that has to ring rings itself, or one after it does: at the latest with the next change of the order. */
async function expectRung(order: string, queued: Notification[]): Promise<void> {
  if (!queued.some(({ card, skipped }) => card === 'new' && !skipped)) return;
  const occurredAt = new Date(START + STATUSES.length * 60_000).toISOString();
  const last = await reported(app, { status: 'Consegnato', occurredAt, order, eventId: `${order} last` });
  for (const message of last) await deliver(message);
  const rung = (await app.telegram.calls('sendMessage'))
    .filter(({ status, params }) => status === 200 && !params.disable_notification)
    .map(({ params }) => STATUSES.indexOf(String(params.text)));
  expect(Math.max(...rung)).toBeGreaterThanOrEqual(STATUSES.indexOf('Spedito'));
}

let run = 0;

test('the message of an order never goes back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
      await app.reset();
      // What a function that is gone has begun may be written later: of another order.
      const order = `order-${++run}`;
      await app.setTemplates(cardTemplate('order', STATUSES, { newMessageFor: ['Spedito'] }));
      const queued: Notification[] = [];
      for (const each of steps) {
        if (each.kind === 'forget') {
          const { deleteItem } = await import('../../lib/aws/dynamodb.ts');
          await deleteItem('SCHEDULE_TABLE', { siteId: 'demo', key: `order#${order}` });
        } else if (each.kind === 'report') {
          const occurredAt = new Date(START + each.status * 60_000).toISOString();
          const status = STATUSES[each.status] ?? '';
          queued.push(...(await reported(app, { status, occurredAt, order, eventId: `${order} ${status}` })));
        } else {
          const message = queued[each.which % Math.max(1, queued.length)];
          if (message) await deliver(message, each.diesAt);
        }
      }
      // In the end the queue hands out all of them.
      for (const message of queued) await deliver(message);

      const shown = await history();
      for (const ofMessage of Map.groupBy(shown, ({ id }) => id).values()) expectNeverBack(ofMessage);
      await expectRung(order, queued);
      if (steps.some(({ kind }) => kind === 'forget') || queued.length === 0) return;
      expectNeverBack(shown);
      const newest = Math.max(...steps.map((each) => (each.kind === 'report' ? each.status : 0)));
      expect(STATUSES[shown.at(-1)?.status ?? -1]).toBe(STATUSES[newest]);
    }),
    { numRuns: 25, examples: [[OVERTAKEN], [SHOWN_BEFORE]] },
  );
}, 300_000);
