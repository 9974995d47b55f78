/**
 * The AWS calls, capacity units and bytes of the bundle's functions, and the cost of a month that follows from them. See
 * HELP.
 *
 * The minimum for a warm event with one recipient is two calls: one that reads, and one that queues or writes into the log.
 * An event that tells something to be remembered needs one more, an order one for the cart that it names and one to end it.
 */
import '../local/isolated.ts';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../scripts/command-line.ts';
import { packageBundle } from '../scripts/programs.ts';
import { packagedResources } from '../tests/support/package.ts';
import { type Bill, billFor, deliveryBills, deploymentOf, memoryBills, total, type Way } from './cost.ts';
import { OTHER_WAYS } from './prices.ts';
import { type Measured, playScenes, SCENES, type SceneName } from './scenes.ts';

const FLOORS: Partial<Record<SceneName, number>> = {
  ...{ 'order-status': 3, namedCart: 4, endedCart: 5, 'activity-status': 3 },
  ...{ 'abandoned-cart': 3, 'activity-reminder': 3 },
  ...{ 'message-sent': 2, 'message-read': 2, 'activity-viewed': 2, 'file-upload': 2, 'file-access': 2 },
  nobody: 2,
};
const MONTHS = [10_000, 1_000_000, 100_000_000];
const MILLION = 1_000_000;
const WAYS: Way[] = ['singly', 'in tens'];
const GUIDE = join(import.meta.dirname, '..', 'docs', 'deploy.md');

/** A Markdown table: names on the left, numbers on the right. */
function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return [head, rule, ...rows].map(line).join('\n');
}

function tableOfScenes(scenes: Record<SceneName, Measured>): string {
  const head = ['', 'AWS calls', 'read units', 'write units', 'in indexes', 'bytes to SQS'];
  const more = ['Telegram calls', 'bytes to Telegram', 'bytes logged', 'which AWS calls'];
  const rows = Object.entries(SCENES).map(([name, description]) => {
    const { calls, units, sqsBytes, telegramCalls, telegramBytes, logBytes } = scenes[name as SceneName];
    const { read, write, indexWrite } = units;
    const figures = [
      callsOf(calls),
      read,
      write,
      indexWrite,
      sqsBytes,
      telegramCalls,
      telegramBytes,
      logBytes,
    ];
    const which = [...calls].map(([call, times]) => `${times} ${call}`).join(', ');
    return [description, ...figures.map((figure) => figure.toLocaleString('en')), which];
  });
  return table([...head, ...more], rows);
}

function callsOf(calls: Map<string, number>): number {
  return [...calls.values()].reduce((sum, times) => sum + times, 0);
}

function tableOfBills(billOf: (notifications: number, way: Way) => Bill): string {
  const months = MONTHS.flatMap((notifications) => WAYS.map((way) => ({ notifications, way })));
  const bills = months.map(({ notifications, way }) => billOf(notifications, way));
  const head = months.map(({ notifications, way }) => `${notifications.toLocaleString('en')} ${way}`);
  const rows = Object.keys(bills[0] ?? {}).map((name) => [name, ...bills.map((bill) => dollars(bill[name]))]);
  const sums = bills.map((bill) => `**${dollars(total(bill))}**`);
  return table(['dollars a month', ...head], [...rows, ['**together**', ...sums]]);
}

function tableOfDeliveries({ atOnce, waiting }: ReturnType<typeof deliveryBills>): string {
  const rows = Object.keys(atOnce).map((name) => [name, dollars(atOnce[name]), dollars(waiting[name])]);
  const sums = [atOnce, waiting].map((bill) => `**${dollars(total(bill))}**`);
  const head = ['dollars for a million messages', 'sent at once', 'that had to wait'];
  return table(head, [...rows, ['**together**', ...sums]]);
}

function tableOfWays(billOf: (notifications: number, way: Way) => Bill): string {
  const whole = (amount: number) => Math.ceil(amount).toLocaleString('en');
  const row = (name: string, cellOf: (notifications: number) => string) => [name, ...MONTHS.map(cellOf)];
  const ours = (notifications: number) => {
    const [singly = 0, inTens = 0] = WAYS.map((way) => total(billOf(notifications, way)));
    const [least, most] = [whole(inTens), whole(singly)];
    return least === most ? `${least} $` : `${least} to ${most} $`;
  };
  const others = (price: number) => (notifications: number) => `${whole(notifications * price)} €`;
  return table(
    ['messages a month', ...MONTHS.map((notifications) => notifications.toLocaleString('en'))],
    [
      row('Telegram, with this bundle', ours),
      row('WhatsApp, utility templates', others(OTHER_WAYS.whatsAppUtility)),
      row('WhatsApp, marketing templates', others(OTHER_WAYS.whatsAppMarketing)),
      row('SMS, two parts', others(OTHER_WAYS.sms)),
    ],
  );
}

function tableOfMemories({ order, namedCart, activity }: ReturnType<typeof memoryBills>): string {
  const bills = [order, namedCart, activity];
  const rows = Object.keys(order).map((name) => [name, ...bills.map((bill) => dollars(bill[name]))]);
  const sums = bills.map((bill) => `**${dollars(total(bill))}**`);
  const head = ['orders', 'orders that name a cart', 'activities'];
  return table(['dollars a month for a million statuses', ...head], [...rows, ['**together**', ...sums]]);
}

function dollars(amount = 0): string {
  return amount.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** Puts a table between the guide's marks with its name. */
function withTable(guide: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const [before, after] = [guide.indexOf(begin), guide.indexOf(end)];
  if (before === -1 || after === -1) throw new Error(`docs/deploy.md has no marks for ${name}.`);
  return `${guide.slice(0, before + begin.length)}\n${content}\n${guide.slice(after)}`;
}

const HELP = `npm run bench:calls [-- --write]

Prints the AWS calls of each function, and the cost of a month that follows from them. Ends with 1 if there are more
calls than the floor allows.

  --write   also puts both into docs/deploy.md`;

const OPTIONS = { write: { type: 'boolean', default: false } } as const;

async function main(isWritten: boolean): Promise<void> {
  await packageBundle('dev');
  const played = await playScenes();
  const deployment = deploymentOf(await packagedResources());
  const calls = tableOfScenes(played.scenes);
  const billOf = (notifications: number, way: Way) => billFor(notifications, way, played, deployment);
  const costs = tableOfBills(billOf);
  const ways = tableOfWays(billOf);
  const deliveries = tableOfDeliveries(deliveryBills(MILLION, played, deployment));
  const memories = tableOfMemories(memoryBills(MILLION, played));
  const beyond = Object.entries(FLOORS).flatMap(([name, floor]) => {
    const made = callsOf(played.scenes[name as SceneName].calls);
    return made > floor
      ? [`${name}: ${made} calls, ${(made / floor).toFixed(2)} times the floor of ${floor}`]
      : [];
  });

  console.log(
    `${calls}\n\na record of a delivery has ${played.recordBytes} bytes\n\n${costs}\n\n${deliveries}\n\n${memories}\n`,
  );
  console.log(
    beyond.length === 0
      ? `within the floors: ${Object.entries(FLOORS)
          .map(([name, floor]) => `${name} ${floor}`)
          .join(', ')}`
      : `BEYOND the floors:\n${beyond.join('\n')}`,
  );
  if (isWritten) {
    const guide = await readFile(GUIDE, 'utf8');
    const tables = { calls, costs, deliveries, memories, ways };
    const written = Object.entries(tables).reduce(
      (text, [name, content]) => withTable(text, name, content),
      guide,
    );
    await writeFile(GUIDE, written);
  }
  process.exitCode = beyond.length === 0 ? 0 : 1;
}

await runCommand({ name: 'bench:calls', help: HELP, options: OPTIONS }, ({ values }) => main(values.write));
