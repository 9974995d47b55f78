/** Every event through its queue, from a message in SQS to the chat. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type LocalRun, sample, startRun, until } from '../support/local-run.ts';

const ANNA = 1001;
const BRUNO = 1002;

let run: LocalRun;
let count = 0;
beforeAll(async () => {
  run = await startRun();
});
afterAll(() => run?.stop());
beforeEach(() => run.emulator('reset', {}));

async function message(event: string, changes: object = {}): Promise<Record<string, unknown>> {
  return { ...(await sample(event)), eventId: `queue-${++count}`, siteId: 'demo', ...changes };
}

/** The first line of what a chat shows, once it shows something. */
async function greeting(chatId: number): Promise<string | undefined> {
  const [shown] = await run.messagesOnce(chatId, 1);
  return shown?.text.split('\n')[0];
}

test.each([
  ['order-status', ANNA, '✅ Ciao Anna, il tuo ordine OC 2026/0412 è confermato.'],
  ['message-sent', BRUNO, '✉️ Hello Bruno, you have a new message.'],
])('%s arrives', async (event, chatId, expected) => {
  await run.send(event, await message(event));
  expect(await greeting(chatId)).toBe(expected);
});

test.each(['message-read', 'activity-status', 'activity-viewed', 'file-upload', 'file-access'])(
  '%s arrives',
  async (event) => {
    await run.send(event, await message(event));
    await until(async () => {
      const shown = await Promise.all([1001, 1002, 1003].map((chatId) => run.messages(chatId)));
      return shown.flat().length > 0;
    }, event);
  },
);

test('abandoned-cart and activity-reminder wait for their time, and arrive', async () => {
  await run.send('abandoned-cart', await message('abandoned-cart'));
  await until(async () => {
    await run.runClock('abandoned-cart-due');
    return (await run.messages(BRUNO)).length > 0;
  }, 'the cart');
  const activity = { id: '1', subject: 'Riunione', date: new Date(Date.now() + 600_000).toISOString() };
  const reminder = { activity, remindMinutesBefore: 60, recipients: [{ id: 'anna' }] };
  await run.send('activity-reminder', await message('activity-reminder', reminder));
  const [shown] = await run.messagesOnce(ANNA, 1);
  expect(shown?.text).toContain('Riunione');
});

test('through both adapters it is one message; what can’t be read lies in the dead letters and holds up nobody', async () => {
  const { siteId, ...body } = await message('order-status');
  await run.send('order-status', { siteId, ...body, holder: { id: 'anna', nome: 'Anna' } });
  await run.send('order-status', { siteId, ...body });
  await run.messagesOnce(ANNA, 1);

  const answer = await run.report('order-status', body);
  expect(answer).toMatchObject({ status: 202, notifications: [{ userId: 'anna', status: 'queued' }] });

  const dead = await until(async () => {
    const waiting = await run.waitingIn('order-status-dead');
    return waiting.length > 0 && waiting;
  }, 'the dead letter');
  expect(dead).toHaveLength(1);
  expect(dead[0]?.MessageAttributes?.reason?.StringValue).toMatch(/^\/holder\/nome: Unknown property "nome"/);
  // A later event of anna comes behind all of hers: were there a second message, it would be here by then.
  await run.report('order-status', {
    ...body,
    eventId: 'queue-last',
    order: { ...(body.order as object), reference: 'ULTIMO' },
  });
  const shown = await run.messagesOnce(ANNA, 2);
  expect(shown).toHaveLength(2);
  expect(shown[1]?.text).toContain('ULTIMO');
});
