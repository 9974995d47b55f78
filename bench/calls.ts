/**
 * AWS calls, capacity units and bytes of what the bundle does, and what a month costs by them.
 *
 *     npm run bench:calls
 *
 * The floor for a warm event with one recipient is two calls: one that reads, one that queues.
 */
import { packagedResources } from '../tests/support/package.ts';
import { type Bill, billFor, deploymentOf, total, type Way } from './cost.ts';
import { type Measured, playScenes, SCENES, type SceneName } from './scenes.ts';

const FLOOR = 2;
const MONTHS = [10_000, 1_000_000, 100_000_000];
const WAYS: Way[] = ['singly', 'in tens'];
const NAMES = Object.keys(SCENES) as SceneName[];

function printScenes(scenes: Record<SceneName, Measured>): void {
  const columns = ['AWS', 'read', 'write', 'index', 'SQS B', 'Telegram', 'B', 'log B'];
  console.log(''.padEnd(52), columns.map((name) => name.padStart(10)).join(''));
  for (const name of NAMES) {
    const { units, sqsBytes, telegramCalls, telegramBytes, logBytes } = scenes[name];
    const { read, write, indexWrite } = units;
    const figures = [
      callsOf(scenes[name]),
      read,
      write,
      indexWrite,
      sqsBytes,
      telegramCalls,
      telegramBytes,
      logBytes,
    ];
    console.log(SCENES[name].padEnd(52), figures.map((figure) => String(figure).padStart(10)).join(''));
  }
  console.log('\nwhich calls');
  for (const name of NAMES)
    console.log(
      SCENES[name].padEnd(52),
      [...scenes[name].calls].map(([call, times]) => `${times} ${call}`).join(', '),
    );
}

function callsOf({ calls }: Measured): number {
  return [...calls.values()].reduce((sum, times) => sum + times, 0);
}

function printBills(billOf: (notifications: number, way: Way) => Bill): void {
  const months = MONTHS.flatMap((notifications) => WAYS.map((way) => ({ notifications, way })));
  const bills = months.map(({ notifications, way }) => billOf(notifications, way));
  const row = (name: string, cells: string[]) => console.log(`| ${[name, ...cells].join(' | ')} |`);
  row(
    'dollars a month',
    months.map(({ notifications, way }) => `${notifications.toLocaleString('en')} ${way}`),
  );
  row(
    '---',
    months.map(() => '---:'),
  );
  for (const name of Object.keys(bills[0] ?? {}))
    row(
      name,
      bills.map((bill) => dollars(bill[name] ?? 0)),
    );
  row(
    '**together**',
    bills.map((bill) => `**${dollars(total(bill))}**`),
  );
}

function dollars(amount: number): string {
  return amount.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

const played = await playScenes();
const deployment = deploymentOf(await packagedResources());
printScenes(played.scenes);
const calls = callsOf(played.scenes.warmEvent);
const isGood = calls <= FLOOR;
console.log(
  `\n${isGood ? 'within' : 'BEYOND'} the floor: ${calls} calls for a warm event with one recipient, ${(calls / FLOOR).toFixed(2)} times the floor of ${FLOOR}`,
);
console.log(
  `\na record of a delivery has ${played.recordBytes} bytes; list prices and assumptions: bench/prices.ts, bench/cost.ts\n`,
);
printBills((notifications, way) => billFor(notifications, way, played, deployment));
process.exitCode = isGood ? 0 : 1;
