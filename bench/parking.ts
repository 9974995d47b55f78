/**
 * Many bots that can't send: N notifications for B shops whose tokens Telegram refuses, and C running functions. How many a
 * second leave the queue for the table of waiting messages, and what is left in the queue.
 See HELP.
 */
import '../local/isolated.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { runCommand, wholeNumber } from '../scripts/command-line.ts';
import { packageBundle } from '../scripts/programs.ts';
import { printProgress } from '../scripts/progress.ts';
import { buildWorld, notification, site, writeItems } from './world.ts';

const VISIBILITY_SECONDS = 60;

const queues = new SQSClient({ region: 'eu-south-1' });

/** The number of messages in the queue, including those that are being handled. */
async function inQueue(): Promise<number> {
  const request = new GetQueueAttributesCommand({
    QueueUrl: process.env.DELIVERIES_QUEUE_URL,
    AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
  });
  const { Attributes = {} } = await queues.send(request);
  return Object.values(Attributes).reduce((sum, number) => sum + Number(number), 0);
}

const HELP = `npm run bench:parking [-- MESSAGES BOTS FUNCTIONS]

Bots whose token is refused: how many messages a second leave the queue and wait.

  MESSAGES    10000 by default
  BOTS        for how many bots: 50 by default
  FUNCTIONS   how many run at once: 4 by default`;

async function main([messages = '10000', shops = '50', functions = '4']: string[]): Promise<void> {
  const count = wholeNumber(messages, 'MESSAGES');
  const bots = wholeNumber(shops, 'BOTS');
  const consumers = wholeNumber(functions, 'FUNCTIONS');
  await packageBundle('dev');
  const world = await buildWorld({ users: 1, visibilitySeconds: VISIBILITY_SECONDS });
  try {
    const siteIds = Array.from({ length: bots }, (_, index) => `dead-${index}`);
    const dead = siteIds.map((siteId, index) => site(siteId, `${9_000 + index}`, `${9_000 + index}:refused`));
    await writeItems('SITES_TABLE', await Promise.all(dead));
    const perShop = Math.ceil(count / bots);
    const people = siteIds.flatMap((siteId) =>
      Array.from({ length: perShop }, (_, user) => ({ siteId, userId: `user-${user}`, chatId: user + 1 })),
    );
    await writeItems('USERS_TABLE', people);
    const { enqueue } = await import('../lib/deliveries/queue.ts');
    for (const siteId of siteIds)
      await enqueue(
        await Promise.all(Array.from({ length: perShop }, (_, user) => notification(siteId, user, 0))),
      );
    const total = await inQueue();
    const workers = await Promise.all(
      Array.from({ length: consumers }, () => world.loadConsumer('deliveries')),
    );
    console.log(`${total} notifications for ${bots} bots whose token is refused, ${consumers} functions`);
    const begin = performance.now();
    for (const worker of workers) worker.postMessage('go');
    let left = total;
    while (left > 0) {
      await sleep(250);
      left = await inQueue();
      printProgress(total - left, total, 'messages');
    }
    const seconds = (performance.now() - begin) / 1_000;
    const asked = (await world.calls()).length;
    console.log(`\nparked: ${(total / seconds).toFixed(0)} a second; ${left} left in the queue`);
    console.log(`calls to Telegram: ${asked}, ${(asked / bots).toFixed(1)} for each bot`);
  } finally {
    await world.close();
  }
}

await runCommand({ name: 'bench:parking', help: HELP, maxArguments: 3 }, ({ positionals }) =>
  main(positionals),
);
