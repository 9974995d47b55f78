/** Quiet hours in the whole local run: silent messages, and some that wait until the person changes their mind in the bot. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type LocalRun, type Shown, sample, startRun, until } from '../support/local-run.ts';

const ANNA = 1001;
const HOUR = 3_600_000;

let run: LocalRun;
beforeAll(async () => {
  run = await startRun();
});
afterAll(() => run?.stop());
beforeEach(() => run.emulator('reset', {}));

const clock = (at: number) => new Date(at).toISOString().slice(11, 16);

async function setNight(mode: 'silent' | 'after'): Promise<void> {
  const quietHours = { from: clock(Date.now() - HOUR), to: clock(Date.now() + 6 * HOUR), mode };
  const answer = await fetch(`${run.api}/v1/sites/demo`, {
    method: 'PATCH',
    headers: { authorization: 'Bearer pwtg_demo', 'content-type': 'application/json' },
    body: JSON.stringify({ timeZone: 'UTC', quietHours }),
  });
  expect(answer.status).toBe(200);
}

let count = 0;
async function report(reference: string) {
  const { order, ...event } = (await sample('order-status')) as { order: object; eventId: string };
  const eventId = `quiet-${++count}`;
  return run.report('order-status', { ...event, eventId, order: { ...order, id: eventId, reference } });
}

type Keyed = Shown & { reply_markup?: { inline_keyboard: { text: string; callback_data?: string }[][] } };

async function press(message: Shown | undefined, label: string): Promise<void> {
  const buttons = ((message as Keyed | undefined)?.reply_markup?.inline_keyboard ?? []).flat();
  const data = buttons.find(({ text }) => text.includes(label))?.callback_data;
  await run.emulator(`chats/${ANNA}/press`, { messageId: message?.message_id, data });
}

test('silently: the message is there, without a sound', async () => {
  await setNight('silent');
  await report('OC 2026/1');
  await run.messagesOnce(ANNA, 1);
  const chats = (await run.emulator('chats', undefined, 'GET')) as {
    chat: { id: number };
    silent: number[];
  }[];
  expect(chats.find(({ chat }) => chat.id === ANNA)?.silent).toHaveLength(1);
});

test('after the night: they wait, until the person wants them at once; then in their order', async () => {
  await setNight('after');
  for (const order of ['OC 2026/1', 'OC 2026/2']) {
    const { notifications } = await report(order);
    await run.deliveryOnce(notifications[0]?.deliveryId, 'waiting');
  }
  await run.emulator(`chats/${ANNA}/send`, { text: '/impostazioni' });
  const [, settings] = await run.messagesOnce(ANNA, 2);
  await press(settings, 'Ore di silenzio');
  const [, , hours] = await run.messagesOnce(ANNA, 3);
  expect(hours?.text).toContain('quando sono finite');
  await press(hours, 'Sempre con il suono');
  // It counts for what is reported after it is stored.
  await until(async () => (await run.user('anna'))?.quietHours, 'the choice of the person');
  await report('OC 2026/3');

  const messages = (await run.messagesOnce(ANNA, 6)).slice(3);
  const orders = ['OC 2026/1', 'OC 2026/2', 'OC 2026/3'];
  expect(messages.map(({ text }) => orders.find((order) => text.includes(order)))).toEqual(orders);
});
