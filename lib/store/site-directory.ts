import { randomUUID } from 'node:crypto';
import { domainToUnicode } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { batchGet } from '../aws/batch-get.ts';
import { batchWrite, type Write } from '../aws/batch-write.ts';
import { deleteItem, getItem, putItem, queryPage } from '../aws/dynamodb.ts';
import { settleAll } from '../aws/parallel.ts';
import { SITE_ID } from '../domain/site-id.ts';
import { changedByOthers } from './rounds.ts';

/*
 * The directory of the sites: for each one a small row with what a list shows, and a row for each word by which it is
 * found. So a page of the list costs some small rows, and not sites with all their templates.
 *
 * It is made from the sites, which alone are the truth. Before a change of what it shows, a row says that the site is to be
 * looked at (`pending`); after it, the site's rows are made again, and that row goes. Where the change dies in between,
 * whoever reads the directory finds the row and makes the site's rows first. A word that a site has no longer is harmless:
 * the site's own row decides.
 */

const TABLE = 'SITE_DIRECTORY_TABLE';

/** The parts of the table: its partition keys. */
const SITES = 'sites';
const WORDS = 'words';
const PENDING = 'pending';
const PROGRESS = { part: 'progress', key: 'all' };

/** What the list shows of a site. */
export interface Listing {
  siteId: string;
  name: string;
  url: string;
  moduleActive: boolean;
  active: boolean;
  bot?: { id: string; username: string };
}

interface ListedSite extends Listing {
  part: typeof SITES;
  key: string;
  words: string[];
}

/** Reads the current site; `undefined` if there is none. */
export type ReadSite = (siteId: string) => Promise<Listing | undefined>;

/** The address of a site, as the directory has it: for who must not read the site itself. @throws ServiceUnreachableError */
export async function findListedUrl(siteId: string): Promise<string | undefined> {
  const key = { part: SITES, key: siteId };
  return (await getItem<Pick<ListedSite, 'url'>>(TABLE, key, { consistent: false, only: ['url'] }))?.url;
}

export function listingOf({ siteId, name, url, moduleActive, active, bot }: Listing): Listing {
  const shownBot = bot && { id: bot.id, username: bot.username };
  return { siteId, name, url, moduleActive, active, ...(shownBot && { bot: shownBot }) };
}

/** Whether a change of a site changes what the list shows. */
export function changesListing(before: Listing | undefined, after: Listing | undefined): boolean {
  return !isDeepStrictEqual(before && listingOf(before), after && listingOf(after));
}

/** Words longer than this are cut, UTF-16 units; and how many a site has. */
const MAX_WORD = 40;
const MAX_WORDS = 32;

/** The words of a text as they are compared: without accents, in small letters. */
function wordsIn(text: string): string[] {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return plain.match(/[\p{L}\p{N}]+(?:[._-]+[\p{L}\p{N}]+)*/gu) ?? [];
}

function cut(word: string): string {
  return word.slice(0, MAX_WORD).toWellFormed();
}

/** A word from each of its parts on: `bottega-rossi` is found by `rossi` too. */
function endingsOf(word: string): string[] {
  return [
    word,
    ...Array.from(word.matchAll(/[._-]+/g), ({ 0: sign, index }) => word.slice(index + sign.length)),
  ];
}

function wordsOf({ siteId, name, url, bot }: Listing): string[] {
  const { host = '', hostname = '' } = URL.parse(url) ?? {};
  // A domain with accents is found as people write it, too.
  const hosts = [host, domainToUnicode(hostname)];
  const all = [siteId, ...hosts, bot?.username ?? '', name].flatMap(wordsIn);
  // A word is cut only then: the end of a long domain is found as well.
  return [...new Set(all.flatMap(endingsOf).map(cut))].slice(0, MAX_WORDS).sort();
}

/** So long after it was made a change that is pending has ended, in milliseconds: no function, and no command, takes as long. */
const ENDED_AFTER = 15 * 60_000;

/** The row that says that a site is to be looked at. */
interface PendingSite {
  part: typeof PENDING;
  key: string;
  siteId: string;
  /** Milliseconds since 1970. */
  at: number;
}

/**
 * Before a change of what the directory shows of a site.
 *
 * @returns what to do after it: the rows of the site are made again.
 * @throws ServiceUnreachableError: then the change must not be made.
 */
export async function announceChange(siteId: string, read: ReadSite): Promise<() => Promise<void>> {
  const pending = { part: PENDING, key: `${siteId}\n${randomUUID()}` };
  await putItem(TABLE, { ...pending, siteId, at: Date.now() });
  return async () => {
    await listSite(siteId, read);
    await deleteItem(TABLE, pending);
  };
}

const MAX_ROUNDS = 5;

/**
 * Makes the rows of a site again. Afterwards they are of the site as it is: where it was changed meanwhile, they are made
 * once more.
 *
 * @throws ServiceUnreachableError
 */
async function listSite(siteId: string, read: ReadSite): Promise<void> {
  let site = await read(siteId);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    await writeRows(siteId, site);
    const now = await read(siteId);
    if (!changesListing(site, now)) return;
    site = now;
  }
  throw changedByOthers(`The site ${siteId}`, MAX_ROUNDS);
}

async function writeRows(siteId: string, site: Listing | undefined): Promise<void> {
  const key = { part: SITES, key: siteId };
  const known = await getItem<ListedSite>(TABLE, key);
  const words = site ? wordsOf(site) : [];
  const row = site && { ...key, ...listingOf(site), words };
  if (isDeepStrictEqual(known, row)) return;
  const wordKey = (word: string) => ({ part: WORDS, key: `${word}\n${siteId}` });
  const former = (known?.words ?? []).filter((word) => !words.includes(word));
  const writes: Write[] = [
    row ? { put: row } : { remove: key },
    ...words.map((word) => ({ put: wordKey(word) })),
    ...former.map((word) => ({ remove: wordKey(word) })),
  ];
  await batchWrite(TABLE, writes);
}

/** Makes the rows of sites whose change may have died. @throws ServiceUnreachableError */
export async function settleChanges(read: ReadSite): Promise<void> {
  const { items } = await queryPage<PendingSite>(TABLE, {
    ConsistentRead: true,
    KeyConditionExpression: 'part = :part',
    ExpressionAttributeValues: { ':part': PENDING },
    Limit: 50,
  });
  for (const { part, key, siteId, at } of items) {
    await listSite(siteId, read);
    // A younger one may still be before its write.
    if (at < Date.now() - ENDED_AFTER) await deleteItem(TABLE, { part, key });
  }
}

/**
 * Forgets a site that is erased, also where the request that shut it has died before: no change of it is on its way.
 *
 * @throws ServiceUnreachableError
 */
export async function unlistSite(siteId: string, read: ReadSite): Promise<void> {
  await listSite(siteId, read);
  const { items } = await queryPage<PendingSite>(TABLE, ofPart(PENDING, `${siteId}\n`));
  for (const { part, key } of items) await deleteItem(TABLE, { part, key });
}

/** How far the making of the directory has come: of sites that the former release has written, or after a restoring. */
interface Progress {
  /** The sites have rows, then rows without a site are removed. */
  stage: 'sites' | 'rows' | 'done';
  /** The key after which it goes on. */
  from?: Record<string, unknown> | undefined;
}

/** Where to find all sites: a page of their ids. */
export type SitePage = (
  from: Record<string, unknown> | undefined,
) => Promise<{ siteIds: string[]; next?: Record<string, unknown> }>;

/**
 * Goes on making the directory of all sites, page by page, until it is made or the time is over. Once it is made, this
 * costs one small read.
 *
 * @returns whether it is made.
 * @throws ServiceUnreachableError
 */
export async function makeDirectory(
  { read, sites }: { read: ReadSite; sites: SitePage },
  hasTime: () => boolean,
): Promise<boolean> {
  let progress: Progress = (await getItem<Progress>(TABLE, PROGRESS)) ?? { stage: 'sites' };
  while (progress.stage !== 'done') {
    if (!hasTime()) return false;
    const page = await (progress.stage === 'sites' ? sites(progress.from) : listedPage(progress.from));
    for (const siteId of page.siteIds) await listSite(siteId, read);
    progress = page.next
      ? { ...progress, from: page.next }
      : { stage: progress.stage === 'sites' ? 'rows' : 'done' };
    // After the work: a page that is done twice costs some reads.
    await putItem(TABLE, { ...PROGRESS, ...progress });
  }
  return true;
}

async function listedPage(from: Record<string, unknown> | undefined) {
  const { items, next } = await queryPage<ListedSite>(TABLE, {
    ...ofPart(SITES, ''),
    Limit: 100,
    ...(from && { ExclusiveStartKey: from }),
  });
  return { siteIds: items.map(({ siteId }) => siteId), ...(next && { next }) };
}

/** Has the directory made anew: after a table was restored. @throws ServiceUnreachableError */
export async function remakeDirectory(): Promise<void> {
  await deleteItem(TABLE, PROGRESS);
}

export interface DirectoryPage {
  sites: Listing[];
  /** The key after which the next page begins; absent at the end. */
  next?: string;
}

/** Requests for one page, and rows in each: of a word that many sites have, a second word may leave few. */
const MAX_REQUESTS = 10;
const ROWS = 100;

/**
 * A page of the sites, in the order of their ids; or of those that have a word that begins with each word of `query`, in
 * the order of these words.
 *
 * @param after the key after which it begins.
 * @returns `undefined` where `after` is not of this query.
 * @throws ServiceUnreachableError
 */
export async function findSites({
  query,
  after,
  limit,
}: {
  query: string;
  after: string | undefined;
  limit: number;
}): Promise<DirectoryPage | undefined> {
  const [main = '', ...others] = searchedWords(query);
  if (main === '' && query.trim() !== '') return { sites: [] };
  if (after !== undefined && !isPlaceOf(after, main)) return undefined;
  if (after === undefined && (await hasNone(others))) return { sites: [] };
  const part = main === '' ? SITES : WORDS;
  const found: { key: string; site: Listing }[] = [];
  let start = after;
  for (let request = 0; request < MAX_REQUESTS; request++) {
    const { items, next } = await queryPage<{ key: string }>(TABLE, {
      ...ofPart(part, main),
      Limit: main === '' ? limit + 1 : ROWS,
      ...(start !== undefined && { ExclusiveStartKey: { part, key: start } }),
    });
    const rows = part === SITES ? (items as ListedSite[]) : await matching(items, main, others);
    found.push(
      ...rows.map((row) => ({ key: 'found' in row ? String(row.found) : row.key, site: listingOf(row) })),
    );
    if (found.length > limit) return pageOf(found.slice(0, limit), true);
    start = next && String(next.key);
    if (start === undefined) return pageOf(found, false);
  }
  return { ...pageOf(found, false), ...(start !== undefined && { next: start }) };
}

/** Whether a key can be one of a query: a site's own, or that of a word of it. */
function isPlaceOf(key: string, main: string): boolean {
  const siteId = main === '' ? key : /^[^\n]+\n([^\n]+)$/.exec(key)?.[1];
  return key.startsWith(main) && siteId !== undefined && SITE_ID.test(siteId);
}

/** Whether one of these words is in no site: then nothing has to be read of the others. */
async function hasNone(words: string[]): Promise<boolean> {
  const pages = await settleAll(words.map((word) => queryPage(TABLE, { ...ofPart(WORDS, word), Limit: 1 })));
  return pages.some(({ items, next }) => items.length === 0 && !next);
}

function pageOf(found: { key: string; site: Listing }[], isMore: boolean): DirectoryPage {
  const last = found.at(-1);
  return { sites: found.map(({ site }) => site), ...(isMore && last && { next: last.key }) };
}

/** The address of a page of a shop, as people paste it, with or without `https://`: only its host is looked for. */
const ADDRESS = /^(?:https?:\/\/([^/]*)|([^\s/]+\.[^\s/]+)\/).*$/i;

/** The longest first: it leads to the fewest sites. */
function searchedWords(query: string): string[] {
  const bare = query.trim().replace(ADDRESS, '$1$2');
  return wordsIn(bare)
    .map(cut)
    .sort((one, other) => other.length - one.length);
}

/** The sites of rows of words. A site that has several such words stands at the first of them. */
async function matching(
  rows: { key: string }[],
  main: string,
  others: string[],
): Promise<(ListedSite & { found: string })[]> {
  const places = rows.map(({ key }) => {
    const [word = '', siteId = ''] = key.split('\n');
    return { key, word, siteId };
  });
  const ids = [...new Set(places.map(({ siteId }) => siteId))];
  const { [TABLE]: sites = [] } = await batchGet<{ [TABLE]: ListedSite }>(
    ids.map((key) => ({ table: TABLE, key: { part: SITES, key } })),
  );
  const byId = new Map(sites.map((site) => [site.siteId, site]));
  return places.flatMap(({ key, word, siteId }) => {
    const site = byId.get(siteId);
    const first = site?.words.find((each) => each.startsWith(main));
    const isMatch =
      first === word && others.every((other) => site?.words.some((each) => each.startsWith(other)));
    return site && isMatch ? [{ ...site, found: key }] : [];
  });
}

function ofPart(part: string, beginning: string) {
  const isAll = beginning === '';
  return {
    KeyConditionExpression: isAll ? 'part = :part' : 'part = :part AND begins_with(#key, :beginning)',
    ...(!isAll && { ExpressionAttributeNames: { '#key': 'key' } }),
    ExpressionAttributeValues: { ':part': part, ...(!isAll && { ':beginning': beginning }) },
  };
}
