/** Quiet hours: a message goes out without a sound, or waits until they are over; in order, and never past its sense. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Notification } from '../../lib/deliveries/notification.ts';
import { type App, startApp } from '../support/app.ts';
import { ANNA, BRUNO, CARLA, CHATS } from '../support/fixtures.ts';
import { endLater, later } from '../support/later.ts';
import { notification, record } from '../support/sqs-events.ts';

/** More chats than a lane may name. */
const CROWD = Array.from({ length: 120 }, (_, index) => ({
  botToken: '100:demo',
  chatId: 7_000 + index,
  user: { id: 7_000 + index, first_name: 'Gente' },
}));

let app: App;
/** The requests to the tables. */
let requests: string[] = [];
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator', forDeliveries: true, chats: [...CHATS, ...CROWD] });
  const { database } = await import('../../lib/aws/dynamodb.ts');
  database.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        requests.push(commandName);
        return next(args);
      },
    { step: 'initialize' },
  );
});
afterAll(() => app.close());
beforeEach(() => app.reset());
afterEach(endLater);

const HOUR = 3_600_000;

/** What a clock in Greenwich shows then. */
const clock = (at: number) => new Date(at).toISOString().slice(11, 16);

/** A night that began an hour ago, and ends in eight hours. */
function night(mode: 'silent' | 'after') {
  const now = Date.now();
  return { from: clock(now - HOUR), to: clock(now + 8 * HOUR), mode };
}

/** To the end of such a night, and a little more. */
const sleep = () => later(8 * HOUR + 1_000);
const endOfNight = () => Math.floor((Date.now() + 8 * HOUR) / 60_000) * 60_000;

const setNight = (mode: 'silent' | 'after', changes: object = {}) =>
  app.setSite({ timeZone: 'UTC', quietHours: night(mode), ...changes });

async function deliver(...messages: Notification[]): Promise<void> {
  for (const message of messages) expect(await app.deliver([record(message)])).toEqual([]);
}

const anna = (text: string, changes: Partial<Notification> = {}) => notification({ text, ...changes });
const statusOf = async (message: Notification) => (await app.findDelivery(message))?.status;

/** What Telegram was asked to send, and how. */
async function sent(): Promise<string[]> {
  return (await app.telegram.calls('sendMessage'))
    .filter(({ status }) => status === 200)
    .map(({ params }) => `${params.text}${params.disable_notification ? ' (silent)' : ''}`);
}

async function drainAll(): Promise<void> {
  for (let run = 0; (await app.stack.waiting()).length > 0; run++) {
    if (run > 20) throw new Error(`It still waits: ${JSON.stringify(await app.stack.lane())}`);
    await app.drain();
    later(1_000);
  }
  await app.drain();
}

const nothingWaits = async () => expect(await app.stack.items('WaitingTable')).toEqual([]);

describe('silently', () => {
  test('at night without a sound, by day with one', async () => {
    await setNight('silent');
    await deliver(anna('di notte'));
    sleep();
    await deliver(anna('di giorno'));

    expect(await sent()).toEqual(['di notte (silent)', 'di giorno']);
    await nothingWaits();
  });

  test('a message that had to be changed stays silent', async () => {
    await setNight('silent');
    await app.telegram.refuse(400, "Bad Request: can't parse entities: Unclosed start tag", { times: 1 });

    await deliver(anna('<b>ciao</b>'));

    expect(await sent()).toEqual(['ciao (silent)']);
  });

  test('what a person, or the merchant, has just asked for rings', async () => {
    await setNight('after');

    await deliver(anna('benvenuta', { event: 'welcome' }), anna('prova', { isTest: true }));

    expect(await sent()).toEqual(['benvenuta', 'prova']);
  });
});

describe('whose hours, and whose clock', () => {
  test("the person's own come before the shop's", async () => {
    await setNight('after');
    await app.setUser('anna', { quietHours: { mode: 'off' } });
    await app.setUser('bruno', { quietHours: night('silent') });

    await deliver(anna('anna'), notification({ userId: 'bruno', text: 'bruno' }));
    await deliver(notification({ userId: 'carla', text: 'carla' }));

    expect(await sent()).toEqual(['anna', 'bruno (silent)']);
  });

  test("the person's zone comes before the shop's", async () => {
    // Twelve hours apart.
    await app.setSite({
      timeZone: 'Etc/GMT+6',
      quietHours: { ...night('silent'), to: clock(Date.now() + HOUR) },
    });
    await app.setUser('anna', { timeZone: 'UTC' });

    await deliver(anna('anna'), notification({ userId: 'bruno', text: 'bruno' }));

    expect(await sent()).toEqual(['anna (silent)', 'bruno']);
  });
});

describe('after the night', () => {
  test('it waits, with a reason and until when, and rings when the night is over', async () => {
    await setNight('after');
    const until = new Date(endOfNight()).toISOString();
    const message = anna('ordine');

    await deliver(message);

    expect(await sent()).toEqual([]);
    expect(await app.findDelivery(message)).toMatchObject({
      status: 'waiting',
      reason: 'quiet-hours',
      until,
    });
    const { json } = await app.call('GET', '/v1/sites/demo/scheduled');
    expect(json.scheduled).toMatchObject([
      { kind: 'message', userId: 'anna', reason: 'quiet-hours', dueAt: until },
    ]);
    expect(json.scheduled[0].message.it).toContain('ore di silenzio');
    const log = await app.call('GET', '/v1/sites/demo/deliveries');
    expect(log.json.deliveries).toMatchObject([{ status: 'waiting', reason: 'quiet-hours' }]);

    later(HOUR);
    await app.drain();
    expect(await sent()).toEqual([]);

    sleep();
    await drainAll();
    expect(await sent()).toEqual(['ordine']);
    expect(await statusOf(message)).toBe('sent');
    await nothingWaits();
  });

  test('the drain is told when it ends', async () => {
    await setNight('after');
    await app.stack.takeMessages('DrainQueue');
    await deliver(anna('uno'), anna('due'));

    expect(await app.stack.lane()).toMatchObject({
      mode: 'some',
      paused: {},
      nightAt: endOfNight(),
      count: 2,
    });
    expect((await app.stack.lane())?.nextAt).toBe(new Date(endOfNight()).toISOString());
    // SQS delays by a quarter of an hour at most: the run that comes then finds nothing to do, and sends the next one.
    later(16 * 60_000);
    expect(await app.stack.takeMessages('DrainQueue')).toHaveLength(1);
  });

  test('in order for each person, and what comes when it has just ended overtakes nothing', async () => {
    await setNight('after');
    await deliver(anna('anna 1'), notification({ userId: 'bruno', text: 'bruno 1' }), anna('anna 2'));
    sleep();
    await deliver(anna('anna 3'));
    await drainAll();

    expect(await app.telegram.textsIn(ANNA)).toEqual(['anna 1', 'anna 2', 'anna 3']);
    expect(await app.telegram.textsIn(BRUNO)).toEqual(['bruno 1']);
    await nothingWaits();
    await deliver(anna('anna 4'));
    expect(await app.telegram.textsIn(ANNA)).toContain('anna 4');
  });

  test('messages of one batch wait too, each with its line in the log', async () => {
    await setNight('after');
    const messages = [1, 2, 3, 4, 5].map((number) => anna(`anna ${number}`));

    expect(await app.deliver(messages.map((message) => record(message)))).toEqual([]);

    for (const message of messages)
      expect(await app.findDelivery(message)).toMatchObject({ status: 'waiting', reason: 'quiet-hours' });
    sleep();
    await drainAll();
    expect(await app.telegram.textsIn(ANNA)).toEqual([1, 2, 3, 4, 5].map((number) => `anna ${number}`));
  });

  test('it is looked at once more right before it is sent', async () => {
    await setNight('after');
    const message = anna('ordine');
    await deliver(message);
    await app.setUser('anna', { mutedEvents: ['order-status'] });
    sleep();
    await drainAll();

    expect(await sent()).toEqual([]);
    expect(await app.findDelivery(message)).toMatchObject({ status: 'skipped', reason: 'muted' });
    await nothingWaits();
  });

  test('more people than a lane may name, at the pace of the bot', async () => {
    await setNight('after');
    const messages: Notification[] = [];
    for (const { chatId } of CROWD) {
      await app.setUser(`gente-${chatId}`, { chatId, siteChat: `demo#${chatId}` });
      messages.push(
        ...[1, 2].map((turn) => notification({ userId: `gente-${chatId}`, text: `${chatId} ${turn}` })),
      );
    }
    for (let start = 0; start < messages.length; start += 10)
      expect(await app.deliver(messages.slice(start, start + 10).map((each) => record(each)))).toEqual([]);

    expect(await app.stack.lane()).toMatchObject({ mode: 'some', paused: {}, count: messages.length });
    // Who has no quiet hours does not wait for them.
    await app.setUser('bruno', { quietHours: { mode: 'off' } });
    await deliver(notification({ userId: 'bruno', text: 'subito' }));
    expect(await sent()).toEqual(['subito']);

    sleep();
    await drainAll();
    expect((await app.telegram.calls('sendMessage')).filter(({ status }) => status !== 200)).toEqual([]);
    for (const { chatId } of CROWD)
      expect(await app.telegram.textsIn(chatId)).toEqual([`${chatId} 1`, `${chatId} 2`]);
    await nothingWaits();
  });

  test('a night that begins while messages wait for their slots', async () => {
    await app.setSite({ messagesPerSecond: 1 });
    const messages = Array.from({ length: 8 }, (_, index) => anna(`anna ${index + 1}`));
    expect(await app.deliver(messages.map((message) => record(message)))).toEqual([]);
    const before = await sent();
    expect((await app.stack.lane())?.mode).toBe('all');
    await setNight('after');
    await app.stack.empty('PacesTable');
    later(5_000);

    await app.drain();

    expect(await sent()).toEqual(before);
    const last = messages.at(-1) ?? anna('');
    expect(await app.findDelivery(last)).toMatchObject({ status: 'waiting', reason: 'quiet-hours' });
    expect(await app.stack.lane()).toMatchObject({ mode: 'some', paused: {} });
    await deliver(notification({ userId: 'bruno', text: 'anche lui' }));
    sleep();
    await drainAll();
    expect(await app.telegram.textsIn(ANNA)).toEqual(messages.map(({ text }) => text));
    await nothingWaits();
  });

  test('a chat that Telegram pauses when the night is over, or before', async () => {
    const pause = (seconds: number) =>
      app.telegram.refuse(429, `Too Many Requests: retry after ${seconds}`, {
        times: 1,
        chatId: ANNA,
        parameters: { retry_after: seconds },
      });
    await app.setSite({ timeZone: 'UTC' });
    await pause(60);
    await deliver(anna('anna 1'));
    await setNight('after');
    await deliver(anna('anna 2'));
    later(61_000);
    await app.drain();
    expect(await app.stack.lane()).toMatchObject({ mode: 'some', paused: {} });
    await deliver(anna('anna 3'));
    expect(await sent()).toEqual([]);

    sleep();
    await pause(30);
    await app.drain();
    await deliver(anna('anna 4'));
    later(31_000);
    await drainAll();
    expect(await app.telegram.textsIn(ANNA)).toEqual(['anna 1', 'anna 2', 'anna 3', 'anna 4']);
    await nothingWaits();
  });

  test('quiet hours that were switched off: with the next message the others go out before it', async () => {
    await setNight('after');
    await deliver(anna('anna 1'), anna('anna 2'));
    await app.setSite({ timeZone: 'UTC' });
    await deliver(anna('anna 3'));
    await drainAll();

    expect(await sent()).toEqual(['anna 1', 'anna 2', 'anna 3']);
    await nothingWaits();
  });

  test('two people in one chat: they wait for each other', async () => {
    await setNight('after');
    await app.setUser('bruno', { chatId: ANNA, siteChat: `demo#${ANNA}`, quietHours: { mode: 'off' } });
    await deliver(anna('per anna'), notification({ userId: 'bruno', text: 'per bruno' }));
    await app.drain();
    await app.drain();

    expect(await sent()).toEqual([]);
    sleep();
    await drainAll();
    expect((await sent()).map((text) => text.split('\n').at(-1))).toEqual(['per anna', 'per bruno']);
    await nothingWaits();
  });
});

describe('never past its sense', () => {
  /** What it says is past so many hours from now. */
  const pastIn = (hours: number) => ({ pastAt: new Date(Date.now() + hours * HOUR).toISOString() });

  test.each([
    ['in the night', 4],
    ['with the end of the night', 8],
  ])('a reminder of what begins %s goes out at once, without a sound', async (_, hours) => {
    await setNight('after');
    await deliver(anna('promemoria', pastIn(hours)));

    expect(await sent()).toEqual(['promemoria (silent)']);
    await nothingWaits();
  });

  test('one of what begins later waits', async () => {
    await setNight('after');
    await deliver(anna('promemoria', pastIn(9)));
    expect(await sent()).toEqual([]);
    sleep();
    await drainAll();
    expect(await sent()).toEqual(['promemoria']);
  });

  test('what waits before it goes out before it, without a sound; what comes after it waits', async () => {
    await setNight('after');
    await deliver(anna('anna 1'), anna('anna 2'), anna('anna 3'), anna('anna 4'), anna('anna 5'));
    await deliver(anna('promemoria', pastIn(4)), anna('anna 6'));
    await deliver(notification({ userId: 'bruno', text: 'bruno' }));
    for (let run = 0; run < 8; run++) {
      await app.drain();
      later(1_100);
    }

    const silently = ['anna 1', 'anna 2', 'anna 3', 'anna 4', 'anna 5', 'promemoria'].map(
      (text) => `${text} (silent)`,
    );
    expect(await sent()).toEqual(silently);
    sleep();
    await drainAll();
    expect(await sent()).toEqual([...silently, ...['anna 6', 'bruno'].toSorted()]);
    await nothingWaits();
  });

  test('the same in one batch, and among messages that wait for their slots', async () => {
    await setNight('after');
    const batch = [anna('anna 1'), anna('promemoria', pastIn(4)), anna('anna 2')];
    expect(await app.deliver(batch.map((each) => record(each)))).toEqual([]);
    await app.drain();
    expect(await sent()).toEqual(['anna 1 (silent)', 'promemoria (silent)']);

    await app.setSite({ bot: undefined });
    const others = [notification({ userId: 'carla', text: 'carla 1' })];
    others.push(notification({ userId: 'carla', text: 'carla 2', ...pastIn(4) }));
    await deliver(...others);
    await setNight('after');
    later(20_000);
    await app.drain();
    await app.drain();
    const toCarla = await app.telegram.textsIn(CARLA);
    expect(toCarla).toEqual(['carla 1', 'carla 2']);
    sleep();
    await drainAll();
    await nothingWaits();
  });
});

describe('what it costs', () => {
  /** The fewest of some times: on a slow machine a message may miss its slot, and takes another one. */
  async function requestsFor(userId: string): Promise<string[]> {
    // The site is read once, and the key of the day's contents.
    await deliver(notification({ userId }));
    let fewest: string[] | undefined;
    for (let time = 0; time < 4; time++) {
      // Who gets many messages at once has to wait.
      later(3_000);
      requests = [];
      await deliver(notification({ userId }));
      if (fewest === undefined || requests.length < fewest.length) fewest = [...requests];
    }
    return fewest ?? [];
  }

  test('nothing where there are none, where they are silent, and by day', async () => {
    const without = await requestsFor('anna');
    expect(without.length).toBeGreaterThan(0);

    await setNight('silent');
    expect(await requestsFor('bruno')).toEqual(without);
    const now = Date.now();
    const tonight = { from: clock(now + 2 * HOUR), to: clock(now + 9 * HOUR), mode: 'after' as const };
    await app.setSite({ timeZone: 'UTC', quietHours: tonight });
    expect(await requestsFor('carla')).toEqual(without);
  });

  test('one request more while others wait', async () => {
    const without = await requestsFor('anna');
    await setNight('after');
    await app.setUser('carla', { quietHours: { mode: 'off' } });
    await deliver(notification({ userId: 'bruno' }));
    expect(await requestsFor('carla')).toEqual(['BatchGetItemCommand', ...without]);
  });
});

describe('what the former release has left behind', () => {
  test('a site, a person and a queued message without the new fields: it rings, at any hour', async () => {
    const { quietHours: _, ...former } = await setNight('after');
    await app.setSite({ ...former, quietHours: undefined });
    const { chatId: _chat, ...queued } = anna('della versione precedente');
    await deliver(queued as Notification);
    expect(await sent()).toEqual(['della versione precedente']);
  });

  test('it waits for the end of the night, as any other', async () => {
    await setNight('after');
    await deliver(anna('della versione precedente'));
    sleep();
    await drainAll();
    expect(await sent()).toEqual(['della versione precedente']);
  });

  test('a lane and a chat of its that is paused', async () => {
    await app.setSite({ timeZone: 'UTC' });
    await app.telegram.refuse(429, 'Too Many Requests: retry after 60', {
      times: 1,
      parameters: { retry_after: 60 },
    });
    await deliver(anna('anna 1'));
    expect(await app.stack.lane()).not.toHaveProperty('nightAt');
    await setNight('after');
    later(61_000);
    await app.drain();
    expect(await sent()).toEqual([]);
    sleep();
    await drainAll();
    expect(await sent()).toEqual(['anna 1']);
    await nothingWaits();
  });
});
