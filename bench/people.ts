/**
 * The list of people of a large site: how long a page takes against the embedded DynamoDB, by what is looked for. Beside each
 * stands its ratio to one read of an item of the same table: that hardly depends on the machine.
 *
 * The rows are written as the directory's own journal writes them, without the people behind them.
 */
import '../local/isolated.ts';
import type { JournalEntry, PersonState } from '../lib/store/directory.ts';
import { demoSite } from '../local/demo.ts';
import { runCommand, wholeNumber } from '../scripts/command-line.ts';
import { printProgress } from '../scripts/progress.ts';
import { comparePages } from './pages.ts';
import { shown, timesOf, withTables } from './tables.ts';

const LIMIT = 50;
/** A page may take as long as so many reads of an item. */
const MAX_RATIO = 25;
/** So many people are written together. */
const BATCH = 50;
const siteId = 'demo';

/** Names as they are spread in Italy: a few are very common. */
const FIRST = [
  'Maria',
  'Anna',
  'Giuseppe',
  'Antonio',
  'Mario',
  'Luca',
  'Nicolò',
  'Francesca',
  'Sara',
  'Davide',
];
const LAST = [
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

function person(number: number): JournalEntry {
  const state: PersonState = number % 97 === 0 ? 'unreachable' : number % 11 === 0 ? 'opted-out' : 'linked';
  const isCompany = number % 3 === 0;
  // One in five has a name that few have.
  const rare = number % 5 === 0 ? `Cognome${number}` : undefined;
  return {
    userId: `CLI/${String(number).padStart(6, '0')}`,
    rows: {},
    after: {
      userId: `CLI/${String(number).padStart(6, '0')}`,
      state,
      since: '2026-11-22T10:00:00.000Z',
      language: 'it',
      chats: 1,
      ...(isCompany
        ? { companyName: `${LAST[(number >> 3) % LAST.length]} & C. S.r.l. ${rare ?? ''}`.trim() }
        : {
            firstName: FIRST[(number * 7) % FIRST.length],
            lastName: rare ?? LAST[(number >> 3) % LAST.length],
          }),
    },
  };
}

const PAGES: [string, { query: string; state?: PersonState; limit: number }][] = [
  ['everybody', { query: '', limit: LIMIT }],
  ['a state that few have', { query: '', state: 'unreachable', limit: LIMIT }],
  ['the beginning of an id', { query: 'cli/04', limit: LIMIT }],
  ['a word that many have', { query: 'ros', limit: LIMIT }],
  ['a word that nobody has', { query: 'zzz', limit: LIMIT }],
  ['two words that many have', { query: 'rossi mar', limit: LIMIT }],
  ['a rare one and a common one', { query: 'cognome4 anna', limit: LIMIT }],
  ['a common word, and a state', { query: 'srl', state: 'opted-out', limit: LIMIT }],
];

async function fill(people: number): Promise<void> {
  const { newDirectory, saveDirectory, writeJournal } = await import('../lib/store/directory.ts');
  const { counts } = newDirectory(siteId);
  for (let number = 0; number < people; number += BATCH) {
    const entries = Array.from({ length: Math.min(BATCH, people - number) }, (_, index) =>
      person(number + index),
    );
    for (const { after } of entries) if (after) counts[after.state] += 1;
    await writeJournal(siteId, { holder: '', until: 0, seq: 1, people: entries, changes: [], todos: [] });
    printProgress(number + entries.length, people, 'people');
  }
  await saveDirectory({ siteId, seq: 1, counts, builtFor: '100' }, undefined);
}

async function compare(people: number): Promise<void> {
  const { listPeople } = await import('../lib/users/list-people.ts');
  const { readDirectory } = await import('../lib/store/directory.ts');
  const site = demoSite();
  const read = await timesOf(() => readDirectory(siteId));
  console.log(`\npages of ${LIMIT} among ${people} people; one read of an item: p50 ${shown(read, 50)}\n`);
  await comparePages(
    { times: read, name: 'reads of an item', most: MAX_RATIO },
    PAGES.map(([name, search]) => [
      name,
      async () => {
        const page = await listPeople(site, search);
        if (page.isUpdating) throw new Error('The directory is not whole.');
        return page.users.length;
      },
    ]),
  );
}

const HELP = `npm run bench:people [-- PEOPLE]

How long a page of the list of people takes in a large site, by what is looked for, beside one read of an item.

  PEOPLE   how many the site has: 100000 by default. To fill the table takes some minutes`;

async function main([given = '100000']: string[]): Promise<void> {
  const people = wholeNumber(given, 'PEOPLE');
  await withTables(async () => {
    await fill(people);
    await compare(people);
  });
}

await runCommand({ name: 'bench:people', help: HELP, maxArguments: 1 }, ({ positionals }) =>
  main(positionals),
);
