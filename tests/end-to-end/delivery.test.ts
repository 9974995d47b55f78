/** What a chat shows when events repeat, crowd, meet people who don't want them, or a Telegram that fails. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Answer, type LocalRun, sample, startRun, until } from '../support/local-run.ts';

const ANNA = 1001;
const BRUNO = 1002;
const CARLA = 1003;

let run: LocalRun;
beforeAll(async () => {
  run = await startRun();
});
afterAll(() => run?.stop());
beforeEach(() => run.emulator('reset', {}));
afterEach(() => run.emulator('faults', undefined, 'DELETE'));

let events = 0;

/** Reports an order of one user under a new event id. */
async function reportOrder(userId: string, order: Record<string, unknown> = {}): Promise<Answer> {
  const payload = await sample('order-status');
  events += 1;
  return run.report('order-status', {
    ...payload,
    eventId: `order-event-${events}`,
    language: 'it',
    order: { ...(payload.order as object), ...order },
    holder: { id: userId },
  });
}

const deliveryOf = ({ notifications }: Answer) => notifications[0]?.deliveryId;
const references = (messages: { text: string }[]) =>
  messages.map(({ text }) => text.match(/ordine (\S+) è/)?.[1]);

describe('an event', () => {
  test('that is reported twice is sent once', async () => {
    const payload = { ...(await sample('activity-status')), eventId: 'twice' };
    const [first, second] = [
      await run.report('activity-status', payload),
      await run.report('activity-status', payload),
    ];
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(deliveryOf(second)).toBe(deliveryOf(first));
    // What comes later for the same person arrives after it: then a second one would be there.
    await run.deliveryOnce(deliveryOf(first), 'sent');
    await run.report('activity-status', payload);
    await run.deliveryOnce(deliveryOf(await reportOrder('anna')), 'sent');
    const texts = (await run.messages(ANNA)).map(({ text }) => text.slice(0, 2));
    expect(texts).toEqual(['🗓', '✅ ']);
  });

  test('waits for those before it: a person reads them in the order in which they happened', async () => {
    await reportOrder('bruno', { reference: 'FIRST' });
    await reportOrder('bruno', { reference: 'SECOND' });
    await reportOrder('bruno', { reference: 'THIRD' });
    expect(references(await run.messagesOnce(BRUNO, 3))).toEqual(['FIRST', 'SECOND', 'THIRD']);
  });

  test('that holds HTML shows it as it was written', async () => {
    const reference = '<b>12</b> & "13" </a> &lt;';
    // What it means: an entity is decoded, wherever it is.
    const shown = '<b>12</b> & "13" </a> <';
    await reportOrder('anna', { reference });
    const [message] = await run.messagesOnce(ANNA, 1);
    expect(message?.text).toContain(`il tuo ordine ${shown} è confermato.`);
    const start = message?.text.indexOf(shown);
    expect(message?.entities).toContainEqual({ type: 'bold', offset: start, length: shown.length });
    const calls = (await run.emulator('calls', undefined, 'GET')) as { params: { text: string } }[];
    expect(calls[0]?.params.text).toContain(
      '<b>&lt;b&gt;12&lt;/b&gt; &amp; &quot;13&quot; &lt;/a&gt; &lt;</b>',
    );
  });
});

describe('a user', () => {
  test('who opted out gets nothing', async () => {
    await run.setUser('carla', 'optedOut', true);
    const answer = await reportOrder('carla');
    expect(answer.notifications).toEqual([{ userId: 'carla', status: 'skipped', reason: 'opted-out' }]);
    await run.setUser('carla', 'optedOut', false);
    await run.deliveryOnce(deliveryOf(await reportOrder('carla')), 'sent');
    expect(await run.messages(CARLA)).toHaveLength(1);
  });

  test('who muted an event gets the others', async () => {
    await run.setUser('carla', 'mutedEvents', ['order-status']);
    const answer = await reportOrder('carla');
    expect(answer.notifications).toEqual([{ userId: 'carla', status: 'skipped', reason: 'muted' }]);
    const upload = await sample('file-upload');
    const other = await run.report('file-upload', {
      ...upload,
      eventId: 'not-muted',
      administrators: [{ id: 'carla' }],
    });
    await run.deliveryOnce(deliveryOf(other), 'sent');
    expect(await run.messages(CARLA)).toHaveLength(1);
    await run.setUser('carla', 'mutedEvents', []);
  });

  test('who opts out while messages wait gets none of those', async () => {
    await run.emulator('faults', { chatId: CARLA, times: 1, delayMs: 3_000 });
    const first = await reportOrder('carla', { reference: 'BEFORE' });
    const second = await reportOrder('carla', { reference: 'AFTER' });
    expect(second.notifications[0]?.status).toBe('queued');
    await run.setUser('carla', 'optedOut', true);
    const record = await run.deliveryOnce(deliveryOf(second), 'skipped');
    expect(record.reason).toBe('opted-out');
    await run.deliveryOnce(deliveryOf(first), 'sent');
    expect(references(await run.messages(CARLA))).toEqual(['BEFORE']);
    await run.setUser('carla', 'optedOut', false);
  });
});

describe('Telegram', () => {
  test.each([
    [
      'fails once',
      { status: 500, body: { ok: false, error_code: 500, description: 'Internal Server Error' } },
    ],
    ['cannot be reached once', { drop: 'before' }],
    [
      'asks to wait',
      {
        status: 429,
        body: {
          ok: false,
          error_code: 429,
          description: 'Too Many Requests: retry after 1',
          parameters: { retry_after: 1 },
        },
      },
    ],
  ])('%s: the message arrives all the same, once', async (_, fault) => {
    await run.emulator('faults', { method: 'sendMessage', chatId: ANNA, times: 1, ...fault });
    const answer = await reportOrder('anna');
    await run.deliveryOnce(deliveryOf(answer), 'sent');
    expect(await run.messages(ANNA)).toHaveLength(1);
    expect(await callsTo(ANNA)).toBe(2);
  });

  test('says that the bot was blocked: recorded as failed, and nothing more is tried', async () => {
    await run.emulator(`chats/${BRUNO}/block`, {});
    const record = await run.deliveryOnce(deliveryOf(await reportOrder('bruno')), 'failed');
    expect(JSON.stringify(record)).toContain('bot was blocked by the user');
    expect(await run.messages(BRUNO)).toHaveLength(0);
    expect(await callsTo(BRUNO)).toBe(1);
    await run.emulator(`chats/${BRUNO}/unblock`, {});
  });
});

/** How often the bot tried to write into this chat. */
async function callsTo(chatId: number): Promise<number> {
  const calls = await until(
    async () =>
      (await run.emulator('calls', undefined, 'GET')) as { method: string; params: { chat_id?: unknown } }[],
    'the calls',
  );
  return calls.filter(({ method, params }) => method === 'sendMessage' && Number(params.chat_id) === chatId)
    .length;
}
