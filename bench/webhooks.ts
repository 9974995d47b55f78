/**
 * How many calls a second the webhook of one site gets, beside a bare loop that sends the same bodies to the same endpoint
 * with `fetch`, as many at once, in turns with it. See HELP.
 */
import '../local/isolated.ts';
import type { Delivery } from '../lib/store/deliveries.ts';
import { demoSite } from '../local/demo.ts';
import { runCommand, wholeNumber } from '../scripts/command-line.ts';
import { median } from './report.ts';
import { withService, withTables } from './tables.ts';

const ROUNDS = 5;
/** As many calls at once as the dispatcher makes (lib/webhooks/dispatch.ts). */
const AT_ONCE = 5;
const BATCH = 100;

/** Lines of the log, of which the webhook is told. */
function lines(round: number, count: number): Delivery[] {
  const recordedAt = new Date(Date.now()).toISOString();
  return Array.from({ length: count }, (_, index) => ({
    ...{ siteId: 'demo', deliveryId: `giro-${round}-${index}`.padEnd(32, 'x'), eventId: `evento-${index}` },
    ...{ event: 'order-status', templateId: 'default-order-status', userId: `u${index}`, recordedAt },
    ...{ attempts: 1, status: 'sent' as const, messageId: index, chatId: 1_000_000 + index },
  }));
}

async function saveSite(url: string): Promise<void> {
  process.env.WEBHOOK_LOOPBACK = 'allowed';
  const { putItem } = await import('../lib/aws/dynamodb.ts');
  const { saveWebhook } = await import('../lib/webhooks/webhook.ts');
  await putItem('SITES_TABLE', demoSite());
  await saveWebhook('demo', { url, events: ['delivery.sent'] }, { by: { caller: 'terminal' } });
}

/** @returns calls a second. */
async function tell(deliveries: Delivery[]): Promise<number> {
  const { recordFirst } = await import('../lib/store/deliveries.ts');
  const { nextDue } = await import('../lib/store/outgoing.ts');
  const { dispatchSite } = await import('../lib/webhooks/dispatch.ts');
  for (let start = 0; start < deliveries.length; start += BATCH)
    await recordFirst(deliveries.slice(start, start + BATCH));
  const begun = performance.now();
  while ((await nextDue('demo')) !== undefined) await dispatchSite('demo', () => 60_000);
  return rateOf(deliveries.length, begun);
}

/** @returns calls a second. */
async function fetchAll(url: string, deliveries: Delivery[]): Promise<number> {
  const { inParallel } = await import('../lib/aws/parallel.ts');
  const { deliveryView } = await import('../lib/deliveries/delivery-view.ts');
  const { bodyOf } = await import('../lib/webhooks/payload.ts');
  const bodies = deliveries.map((delivery) =>
    bodyOf('delivery.sent', delivery.recordedAt, { siteId: 'demo', ...deliveryView(delivery) }),
  );
  const begun = performance.now();
  await inParallel(bodies, AT_ONCE, async (body) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    if (response.status !== 204) throw new Error(`The endpoint has answered ${response.status}.`);
  });
  return rateOf(bodies.length, begun);
}

function rateOf(calls: number, begun: number): number {
  return (calls / (performance.now() - begun)) * 1_000;
}

async function compare(url: string, calls: number): Promise<void> {
  await saveSite(url);
  // The first of each loads and connects everything.
  await tell(lines(0, AT_ONCE));
  await fetchAll(url, lines(0, AT_ONCE));
  const [ours, bare]: [number[], number[]] = [[], []];
  for (let round = 1; round <= ROUNDS; round++) {
    ours.push(await tell(lines(round, calls)));
    bare.push(await fetchAll(url, lines(round, calls)));
  }
  console.log(`${calls} calls, ${AT_ONCE} at once, ${ROUNDS} rounds in turns; calls a second (median):`);
  console.log(`the webhook of one site    ${median(ours).toFixed(0)}`);
  console.log(`a bare loop of fetch       ${median(bare).toFixed(0)}`);
  console.log(`ratio                      ${(median(ours) / median(bare)).toFixed(2)}`);
}

async function main([given = '500']: string[]): Promise<void> {
  const calls = wholeNumber(given, 'CALLS');
  await withService({ kind: 'endpoint' }, ({ ENDPOINT = '' }) => withTables(() => compare(ENDPOINT, calls)));
}

const HELP = `npm run bench:webhooks [-- CALLS]

How many calls a second the webhook of one site gets from an endpoint that takes them at once, beside a bare loop of
fetch to the same endpoint. The webhook's calls are rows that are read, told of what the log says, signed, sent on a
connection of their own, and removed; fetch keeps its connections. What a message costs more with a webhook, npm run
bench:calls counts.

  CALLS   how many in each round: 500 by default`;

await runCommand({ name: 'bench:webhooks', help: HELP, maxArguments: 1 }, ({ positionals }) =>
  main(positionals),
);
