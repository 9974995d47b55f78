/**
 * What was tried from outside against the other shops, and the same load as it comes from a hundred quiet ones. The numbers
 * are those of the finding; each attack takes the share of them that two cores can carry.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Deployment } from './deployment.ts';
import {
  messageOf,
  orderOf,
  reminderOf,
  report,
  type Shop,
  shopOf,
  template,
  writeShops,
  writeToBot,
} from './neighbours-shops.ts';

/** The person of the quiet shop whose chat Telegram refuses. No other message is for this person. */
const REFUSED_PERSON = 11;

export interface Load {
  deployment: Deployment;
  seconds: number;
  /** The shop that is measured. */
  quiet: Shop;
  /** The hundred quiet shops. */
  crowd: Shop[];
  /** The shops of the attack. */
  hostile: Shop[];
  /** Whether the attack is run, or the same load by the crowd. */
  isAttack: boolean;
  /** Begins every event id: different for each run. */
  run: string;
  /** A part of this number, for this machine: at least one. */
  part(number: number): number;
  /** Counts the answers. */
  answered(status: number): void;
}

export interface Attack {
  id: string;
  title: string;
  /** The part of the numbers that two cores can carry. */
  share: number;
  /** Absent: the quiet shop itself is attacked. */
  hostile?: () => Shop[];
  run(load: Load): Promise<void>;
  /** The same load by quiet shops makes no sense: only what is lost, and the order, are judged. */
  hasNoBaseline?: true;
}

const range = (length: number, start = 0) => Array.from({ length }, (_, index) => start + index);

/** Calls `act` this many times, evenly over the time, without waiting for the one before. */
async function evenly(
  count: number,
  milliseconds: number,
  act: (index: number) => Promise<unknown>,
): Promise<void> {
  const begin = Date.now();
  const running: Promise<unknown>[] = [];
  for (let index = 0; index < count; index++) {
    const wait = begin + (index * milliseconds) / count - Date.now();
    if (wait > 0) await sleep(wait);
    running.push(act(index));
  }
  await Promise.all(running);
}

/** Messages to this number of recipients: each request of the shops names so many people. */
async function sendMessages(
  load: Load,
  name: string,
  { shops, recipients, inRequest }: { shops: Shop[]; recipients: number; inRequest: number },
  message: (eventId: string) => { subject: string; text?: string } = (subject) => ({ subject }),
): Promise<void> {
  // The crowd's requests are smaller, for the same number of recipients.
  const people = Math.min(
    inRequest,
    shops[0]?.people ?? 1,
    Math.max(1, Math.floor(recipients / shops.length)),
  );
  await evenly(Math.ceil(recipients / people), load.seconds * 600, async (index) => {
    const shop = shops[index % shops.length];
    if (!shop) return;
    const eventId = `${load.run}-${name}-${index}`;
    const first = Math.floor(index / shops.length) * people;
    const who = range(people, first).map((person) => person % shop.people);
    load.answered(
      await report(load.deployment, shop.siteId, 'message-sent', messageOf(eventId, who, message(eventId))),
    );
  });
}

/** Orders, one after the other of the shops, each to the next of their people. */
function order(
  load: Load,
  name: string,
  shops: Shop[],
  index: number,
): { siteId: string; body: object } | undefined {
  const shop = shops[index % shops.length];
  if (!shop) return undefined;
  const person = shop.people === 0 ? 0 : Math.floor(index / shops.length) % shop.people;
  return { siteId: shop.siteId, body: orderOf(`${load.run}-${name}-${index}`, person) };
}

async function reportOrder(load: Load, name: string, shops: Shop[], index: number): Promise<void> {
  const what = order(load, name, shops, index);
  if (what) load.answered(await report(load.deployment, what.siteId, 'order-status', what.body));
}

async function addFault({ telegram }: Deployment, fault: object): Promise<void> {
  await fetch(`${telegram}/emulator/faults`, { method: 'POST', body: JSON.stringify(fault) });
}

const senders = ({ isAttack, hostile, crowd }: Load) => (isAttack ? hostile : crowd);

const DEAD_BOTS = 10;

export const ATTACKS: Attack[] = [
  {
    id: '1',
    title: 'a reminder with 500 recipients, 200 templates of its kind',
    share: 0.04,
    hostile: () => [
      shopOf('hostile-1', 201, {
        people: 500,
        templates: range(200).map((index) =>
          template('activity-reminder', `reminder-${index}`, `${index} {{oggettoAttivita}}`),
        ),
      }),
    ],
    async run(load) {
      // Ten templates of a kind send.
      const messages = load.part(500) * 10;
      const shops = senders(load);
      const people = Math.ceil(load.isAttack ? load.part(500) : messages / shops.length);
      const dueAt = Date.now() + 1_500;
      await Promise.all(
        shops.map(async ({ siteId, people: known }) => {
          const who = range(Math.min(people, known));
          load.answered(
            await report(
              load.deployment,
              siteId,
              'activity-reminder',
              reminderOf(`${load.run}-${siteId}`, who, dueAt),
            ),
          );
        }),
      );
    },
  },
  {
    id: '1b',
    title: 'a template that repeats a placeholder 1,724 times, subjects of 10,000 characters',
    share: 1,
    hostile: () => [
      shopOf('hostile-1b', 202, {
        people: 50,
        templates: [template('message-sent', 'message', '{{oggettoMessaggio}} '.repeat(1_724))],
      }),
    ],
    run: (load) =>
      sendMessages(
        load,
        'long',
        { shops: senders(load), recipients: load.part(2 * load.seconds), inRequest: 2 },
        (eventId) => ({ subject: eventId.padEnd(10_000, ' parola') }),
      ),
  },
  {
    id: '2',
    title: '240 requests of 500 recipients to one bot, as many messages to bots with refused tokens',
    share: 0.001,
    hostile: () => [
      shopOf('hostile-2', 203, { people: 500 }),
      ...range(DEAD_BOTS).map((index) => shopOf(`dead-${index}`, 210 + index, { isDead: true })),
    ],
    async run(load) {
      const recipients = load.part(240 * 500);
      if (!load.isAttack)
        return sendMessages(load, 'much', { shops: load.crowd, recipients: 2 * recipients, inRequest: 500 });
      const [busy, ...dead] = load.hostile;
      await Promise.all([
        sendMessages(load, 'much', { shops: busy ? [busy] : [], recipients, inRequest: 500 }),
        sendMessages(load, 'dead', { shops: dead, recipients, inRequest: 500 }),
      ]);
    },
  },
  {
    id: '3',
    title: "one chat answered 429 with retry_after 900, 300 pending texts to the quiet shop's own bot",
    share: 0.2,
    async run(load) {
      const { deployment, quiet, crowd, seconds, isAttack } = load;
      const refused = quiet.firstChat + REFUSED_PERSON;
      const description = 'Too Many Requests: retry after 900';
      const body = { ok: false, error_code: 429, description, parameters: { retry_after: 900 } };
      if (isAttack) await addFault(deployment, { method: 'sendMessage', chatId: refused, status: 429, body });
      await Promise.all([
        evenly(seconds, seconds * 1_000, async (index) => {
          const shop = isAttack ? quiet : crowd[index % crowd.length];
          const event = orderOf(`${load.run}-refused-${index}`, REFUSED_PERSON);
          if (shop) load.answered(await report(deployment, shop.siteId, 'order-status', event));
        }),
        // Half of them were written during the outage, half now.
        evenly(load.part(300), seconds * 500, async (index) => {
          const shop = isAttack ? quiet : crowd[index % crowd.length];
          const minutesAgo = index % 2 === 0 ? 10 : 0;
          const date = Math.floor(Date.now() / 1_000) - minutesAgo * 60;
          if (shop) load.answered(await writeToBot(deployment, shop, shop.firstChat + (index % 10), date));
        }),
      ]);
    },
  },
  {
    id: '5',
    title: "wrong keys against the quiet shop's own site: 41 a second, then 500",
    share: 0.4,
    async run(load) {
      const { deployment, quiet, crowd, seconds, isAttack } = load;
      const half = seconds / 2;
      const tryKey = async (index: number) => {
        const shop = isAttack ? quiet : crowd[index % crowd.length];
        const event = orderOf(`${load.run}-wrong-${index}`, 0);
        const key = `pwtg_wrong_${index}`;
        if (shop) load.answered(await report(deployment, shop.siteId, 'order-status', event, key));
      };
      await evenly(41 * half, half * 1_000, tryKey);
      await evenly(load.part(500 * half), half * 1_000, tryKey);
    },
  },
  {
    id: '6',
    title: '5,000 sites served by the same warm functions',
    share: 0.1,
    hostile: () => [],
    async run(load) {
      const { deployment, crowd, seconds, isAttack } = load;
      const count = load.part(5_000);
      // Nobody is linked to them: the event reads, and writes its line of the log.
      const many = isAttack
        ? range(count).map((index) => shopOf(`many-${index}`, 300 + index, { people: 0 }))
        : crowd;
      if (isAttack) await writeShops(deployment, many);
      await evenly(count, seconds * 1_000, async (index) => {
        const shop = many[index % many.length];
        const event = orderOf(`${load.run}-many-${index}`, 999);
        if (shop) load.answered(await report(deployment, shop.siteId, 'order-status', event));
      });
    },
  },
  {
    id: '7',
    title: "Telegram doesn't answer one shop's bot",
    share: 1,
    hostile: () => [shopOf('hostile-7', 204, { people: 20 })],
    async run(load) {
      const { deployment, hostile, seconds, isAttack } = load;
      if (isAttack)
        for (const { firstChat, people } of hostile)
          for (const chatId of range(people, firstChat))
            await addFault(deployment, { chatId, delayMs: 60_000, drop: 'before' });
      const shops = senders(load);
      await evenly(load.part(4 * seconds), seconds * 1_000, (index) =>
        reportOrder(load, 'hung', shops, index),
      );
    },
  },
  {
    id: '7-all',
    title: 'Telegram out of reach for all, as long as the measurement; then it is back',
    share: 1,
    hasNoBaseline: true,
    async run({ deployment, seconds }) {
      await addFault(deployment, { drop: 'before' });
      await sleep(seconds * 1_000);
      await clearFaults(deployment);
    },
  },
  {
    id: '7b',
    title: "a shop's synchronisation: 1,000 orders a second over HTTPS, and as many by SQS",
    share: 0.01,
    hostile: () => [shopOf('hostile-7b', 205, { people: 500 })],
    async run(load) {
      const { deployment, seconds } = load;
      const shops = senders(load);
      const count = load.part(1_000 * seconds);
      await Promise.all([
        evenly(count, seconds * 1_000, (index) => reportOrder(load, 'sync', shops, index)),
        evenly(count, seconds * 1_000, async (index) => {
          const what = order(load, 'queue', shops, index);
          if (what) await deployment.send('OrderStatusQueue', { siteId: what.siteId, ...what.body });
        }),
      ]);
    },
  },
  {
    id: '8',
    title: 'the largest renderings, eight at the same time',
    share: 0.02,
    hostile: () => [
      shopOf('hostile-8', 206, {
        people: 500,
        templates: range(10).map((index) =>
          template('message-sent', `message-${index}`, `${index} ${'<b>{{testoMessaggio}}</b> '.repeat(20)}`),
        ),
      }),
    ],
    async run(load) {
      const text = 'Gentile cliente, le ricordiamo & confermiamo <i>tutto</i>. '.repeat(300);
      const shops = senders(load);
      const people = Math.min(load.part(50), shops[0]?.people ?? 1);
      // Ten templates send: in the same time the crowd's one sends as many messages.
      const requests = load.isAttack ? 8 : 80;
      await evenly(2, load.seconds * 1_000, (wave) =>
        Promise.all(
          range(requests).map(async (index) => {
            const shop = shops[index % shops.length];
            const subject = `${load.run}-heavy-${wave}-${index}`;
            const event = messageOf(subject, range(people), { subject, text });
            if (shop) load.answered(await report(load.deployment, shop.siteId, 'message-sent', event));
          }),
        ),
      );
    },
  },
];

export async function clearFaults({ telegram }: Deployment): Promise<void> {
  await fetch(`${telegram}/emulator/faults`, { method: 'DELETE' });
}
