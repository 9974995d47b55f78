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
import { comparePages } from './pages.ts';
import { shown, timesOf, withTables } from './tables.ts';

/** The rows of a page, as the API answers them by default. */
const LIMIT = 50;
const BATCH = 25;
/** A page may take as long as so many bare queries. */
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
  // As far in as a cursor leads.
  const cursor = Buffer.from(site(Math.floor(sites * 0.9)).siteId).toString('base64url');
  const pages: [string, Parameters<typeof listSites>[0]][] = [
    ...PAGES.map(([name, query]): [string, { query: string }] => [name, { query }]),
    ['all, after nine tenths of them', { cursor }],
  ];
  await comparePages(
    { times: bare, name: 'bare queries', most: MAX_RATIO },
    pages.map(([name, parameters]) => [name, async () => (await listSites(parameters)).sites.length]),
  );
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
