/**
 * The platform's list of sites in a large deployment: how long a page takes against the embedded DynamoDB, by what is looked
 * for. Beside each stands its ratio to a bare query for as many rows of the same table, which hardly depends on the machine.
 *
 * The sites are written as the former release left them; their directory is made by the product itself.
 */
import '../local/isolated.ts';
import { demoSite } from '../local/demo.ts';
import { runCommand, wholeNumber } from '../scripts/command-line.ts';
import { printProgress } from '../scripts/progress.ts';
import { percentile } from './report.ts';
import { shown, timesOf, withTables } from './tables.ts';

/** The rows of a page, as the API answers them by default. */
const LIMIT = 50;
const BATCH = 25;
/** The limit for the median of the slowest kind of page, in milliseconds. */
const MAX_MILLISECONDS = 100;
/** The same on a machine that is busy with other things: so many bare queries. */
const MAX_RATIO = 25;

/** Names as shops have them: a few words are in many of them. */
const KINDS = ['Bottega', 'Ferramenta', 'Ottica', 'Libreria', 'Cantina', 'Officina', 'Farmacia'];
const OWNERS = [
  'Rossi',
  'Russo',
  'Ferrari',
  'Esposito',
  'Bianchi',
  "D'Angelo",
  'De Santis',
  'Colombo',
  'Ricci',
];

function site(number: number) {
  const siteId = `negozio-${String(number).padStart(6, '0')}`;
  const name = `${KINDS[number % KINDS.length]} ${OWNERS[(number >> 3) % OWNERS.length]} ${number}`;
  // The directory shows nothing of the templates, and they would fill the memory.
  return { ...demoSite(), siteId, name, url: `https://${siteId}.example`, templates: [] };
}

const PAGES: [string, string][] = [
  ['all', ''],
  ['the beginning of an id', 'negozio-0041'],
  ['one shop, by its address', 'https://negozio-000417.example/area'],
  ['a word that many have', 'ros'],
  ['a word that nobody has', 'zzz'],
  ['two words that many have', 'bottega rossi'],
  ['two that are never together', 'colombo zzz'],
];

async function fill(sites: number): Promise<void> {
  const { batchWrite } = await import('../lib/aws/batch-write.ts');
  for (let start = 0; start < sites; start += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, sites - start) }, (_, index) => site(start + index));
    await batchWrite(
      'SITES_TABLE',
      batch.map((put) => ({ put })),
    );
    printProgress(start + batch.length, sites, 'sites');
  }
  const { continueDirectory } = await import('../lib/sites/directory.ts');
  const begun = performance.now();
  if (!(await continueDirectory(() => true))) throw new Error('The directory is not made.');
  console.log(`\ntheir directory is made in ${((performance.now() - begun) / 1_000).toFixed(0)} s`);
}

async function compare(sites: number): Promise<void> {
  const { queryPage } = await import('../lib/aws/dynamodb.ts');
  const { listSites } = await import('../lib/sites/directory.ts');
  const bare = await timesOf(() =>
    queryPage('SITE_DIRECTORY_TABLE', {
      KeyConditionExpression: 'part = :part',
      ExpressionAttributeValues: { ':part': 'sites' },
      Limit: LIMIT,
    }),
  );
  console.log(
    `\npages of ${LIMIT} among ${sites} sites; a bare query for ${LIMIT} rows: p50 ${shown(bare, 50)}, p95 ${shown(bare, 95)}\n`,
  );
  const row = (name: string, cells: unknown[]) =>
    console.log(`${name.padEnd(34)}${cells.map((cell) => String(cell).padStart(10)).join('')}`);
  row('page', ['found', 'p50', 'p95', 'ratio']);
  let slowest = 0;
  const measure = async (name: string, parameters: { query?: string; cursor?: string }) => {
    let found = 0;
    const times = await timesOf(async () => {
      found = (await listSites(parameters)).sites.length;
    });
    slowest = Math.max(slowest, percentile(times, 50));
    const ratio = percentile(times, 50) / percentile(bare, 50);
    row(name, [found, shown(times, 50), shown(times, 95), ratio.toFixed(1)]);
  };
  for (const [name, query] of PAGES) await measure(name, { query });
  // As far in as a cursor leads.
  const cursor = Buffer.from(site(Math.floor(sites * 0.9)).siteId).toString('base64url');
  await measure('all, after nine tenths of them', { cursor });
  const isGood = slowest <= MAX_MILLISECONDS || slowest <= MAX_RATIO * percentile(bare, 50);
  console.log(
    `\n${isGood ? 'within' : 'BEYOND'} the floor: ${MAX_MILLISECONDS} ms for each page, or ${MAX_RATIO} bare queries (p50)`,
  );
  if (!isGood) process.exitCode = 1;
}

const HELP = `npm run bench:sites [-- SITES]

How long a page of the platform's list of sites takes in a large deployment, by what is looked for, beside a bare query
for as many rows.

  SITES   how many there are: 10000 by default. To fill the tables takes some minutes`;

async function main([given = '10000']: string[]): Promise<void> {
  const sites = wholeNumber(given, 'SITES');
  await withTables(async () => {
    await fill(sites);
    await compare(sites);
  });
}

await runCommand({ name: 'bench:sites', help: HELP, maxArguments: 1 }, ({ positionals }) =>
  main(positionals),
);
