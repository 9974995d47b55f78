/** Sending is stopped and started again in the whole local run, with the command that does it on AWS. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type LocalRun, sample, startRun, until } from '../support/local-run.ts';
import { runScript } from '../support/script.ts';

const ANNA = 1001;

let run: LocalRun;
beforeAll(async () => {
  run = await startRun();
});
afterAll(() => run?.stop());
beforeEach(() => run.emulator('reset', {}));
afterEach(() => sending('start'));

async function sending(command: string) {
  const LAMBDA_PORT = String(run.process.ports.LAMBDA_PORT);
  return runScript('sending', [command, '--stage', 'local'], '', { LAMBDA_PORT });
}

let count = 0;
/** Another order of anna. */
async function report(reference: string) {
  const { order, ...event } = (await sample('order-status')) as { order: object; eventId: string };
  const eventId = `sending-${++count}`;
  return run.report('order-status', { ...event, eventId, order: { ...order, id: eventId, reference } });
}

test('what is reported while it is stopped waits in the queue, is received by nobody, and goes out in its order', async () => {
  expect(await sending('stop')).toMatchObject({ code: 0, out: expect.stringMatching(/^Nothing is sent/) });
  expect((await sending('status')).out).toBe('deliver: Disabled\ndrain: Disabled\nSending is stopped.\n');
  const orders = ['OC 2026/1', 'OC 2026/2', 'OC 2026/3'];
  for (const order of orders) expect((await report(order)).status).toBe(202);
  // Bots go on answering people, after all that was reported before.
  await run.emulator(`chats/${ANNA}/send`, { text: '/help' });
  const [, reply] = await run.messagesOnce(ANNA, 2);
  expect(reply).toMatchObject({ from: { is_bot: true } });
  expect(await run.lengthOf('deliveries.fifo')).toEqual({ visible: 3, inFlight: 0 });
  expect(await run.messages(ANNA)).toHaveLength(2);

  expect(await sending('start')).toMatchObject({ code: 0, out: expect.stringMatching(/^Messages are sent/) });
  const messages = await run.messagesOnce(ANNA, 5);
  const told = messages.slice(2).map(({ text }) => orders.find((order) => text.includes(order)));
  expect(told).toEqual(orders);
  expect(await run.lengthOf('deliveries-dead.fifo')).toEqual({ visible: 0, inFlight: 0 });
}, 120_000);

test('what had to wait before it was stopped waits on, and goes out', async () => {
  const body = {
    ok: false,
    error_code: 429,
    description: 'Too Many Requests: retry after 30',
    parameters: { retry_after: 30 },
  };
  await run.emulator('faults', { method: 'sendMessage', chatId: ANNA, times: 1, status: 429, body });
  const { notifications } = await report('OC 2026/1');
  const pausedUntil = Date.now() + 32_000;
  await run.deliveryOnce(notifications[0]?.deliveryId, 'waiting');
  await sending('stop');
  // The pause ends, and nobody looks at what waits.
  await until(async () => Date.now() > pausedUntil, 'the end of the pause');
  expect(await run.messages(ANNA)).toEqual([]);
  await sending('start');
  expect(await run.messagesOnce(ANNA, 1)).toHaveLength(1);
}, 120_000);
