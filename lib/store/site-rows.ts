import { batchWrite } from '../aws/batch-write.ts';
import { queryPage, scanPage } from '../aws/dynamodb.ts';
import { inParallel } from '../aws/parallel.ts';

/** The tables whose partition key is the site, with their sort key. */
const SORT_KEYS = {
  WAITING_TABLE: 'key',
  SCHEDULE_TABLE: 'key',
  USERS_TABLE: 'userId',
  PEOPLE_TABLE: 'key',
  DELIVERIES_TABLE: 'deliveryId',
  STATEMENTS_TABLE: 'key',
  TEMPLATE_VERSIONS_TABLE: 'key',
  OUTGOING_TABLE: 'key',
  STATISTICS_TABLE: 'key',
} as const;

export type TableOfSites = keyof typeof SORT_KEYS;

/** How many rows are read, and erased, together. */
const PAGE = 250;
/** DynamoDB takes so many writes in a request; and how many requests are sent at the same time. */
const BATCH = 25;
const PARALLEL = 4;

/**
 * Erases a page of the rows of a site.
 *
 * @returns whether there may be more.
 * @throws ServiceUnreachableError
 */
export async function eraseRows(table: TableOfSites, siteId: string): Promise<boolean> {
  const name = SORT_KEYS[table];
  const { items, next } = await queryPage<Record<string, string>>(table, {
    ConsistentRead: true,
    KeyConditionExpression: 'siteId = :siteId',
    ProjectionExpression: 'siteId, #name',
    ExpressionAttributeNames: { '#name': name },
    ExpressionAttributeValues: { ':siteId': siteId },
    Limit: PAGE,
  });
  await removeAll(
    table,
    items.map((item) => ({ siteId, [name]: item[name] ?? '' })),
  );
  return next !== undefined;
}

interface LinkItem {
  token: string;
  siteId?: string;
}

/**
 * Erases the links of a site on one page of the table, which has those of all sites: tokens, chats, logins, updates that
 * were handled.
 *
 * @param from the key after which the page begins.
 * @returns the key after which the next page begins; `undefined` at the end.
 * @throws ServiceUnreachableError
 */
export async function eraseLinksOfSite(
  siteId: string,
  from: Record<string, unknown> | undefined,
): Promise<Record<string, unknown> | undefined> {
  const { items, next } = await scanPage<LinkItem>('LINKS_TABLE', {
    ConsistentRead: true,
    ProjectionExpression: '#token, siteId',
    FilterExpression: 'siteId = :siteId OR contains(#token, :part)',
    ExpressionAttributeNames: { '#token': 'token' },
    ExpressionAttributeValues: { ':siteId': siteId, ':part': `#${siteId}#` },
    ...(from && { ExclusiveStartKey: from }),
  });
  // The site comes second in a key that has it.
  const isOfSite = (item: LinkItem) => (item.siteId ?? item.token.split('#')[1]) === siteId;
  await removeAll(
    'LINKS_TABLE',
    items.filter(isOfSite).map(({ token }) => ({ token })),
  );
  return next;
}

async function removeAll(table: TableOfSites | 'LINKS_TABLE', keys: Record<string, string>[]): Promise<void> {
  const batches: Record<string, string>[][] = [];
  for (let start = 0; start < keys.length; start += BATCH) batches.push(keys.slice(start, start + BATCH));
  await inParallel(batches, PARALLEL, (batch) =>
    batchWrite(
      table,
      batch.map((key) => ({ remove: key })),
    ),
  );
}
