import { batchGet } from '../aws/batch-get.ts';
import { putItem } from '../aws/dynamodb.ts';

/*
 * The key of a site for the content of its messages of one day. The item lies beside the records that it opens, without
 * the attributes of their indexes. When it is gone, nobody can read that content any more.
 */

/** How many days, after that of its own, a key is kept. */
export const CONTENT_KEPT_DAYS = 7;

interface ContentKeyItem {
  siteId: string;
  /** No delivery has such an id. */
  deliveryId: string;
  sealedKey: string;
  /** Seconds since 1970: from then on it does not count any more, and DynamoDB removes it. */
  expiresAt: number;
}

/** When nobody can open the content of a day any more: milliseconds since 1970. @param day `YYYY-MM-DD`, UTC. */
export function contentKeptUntil(day: string): number {
  return Date.parse(day) + (CONTENT_KEPT_DAYS + 1) * 86_400_000;
}

/** The key of a site for a day, encrypted; `undefined` if it has none (any more). @throws ServiceUnreachableError */
export async function findContentKey(siteId: string, day: string): Promise<string | undefined> {
  if (contentKeptUntil(day) <= Date.now()) return undefined;
  const key = keyOf(siteId, day);
  // The functions read deliveries elsewhere: with the same kind of request they need one permission less.
  const { DELIVERIES_TABLE: [item] = [] } = await batchGet<{ DELIVERIES_TABLE: ContentKeyItem }>([
    { table: 'DELIVERIES_TABLE', key },
  ]);
  return item?.sealedKey;
}

/**
 * Stores the key of a site for a day, if nobody has done so yet.
 *
 * @returns the key that is stored.
 * @throws ServiceUnreachableError
 */
export async function saveContentKey(siteId: string, day: string, sealedKey: string): Promise<string> {
  const expiresAt = contentKeptUntil(day) / 1_000;
  const item: ContentKeyItem = { ...keyOf(siteId, day), sealedKey, expiresAt };
  const isNew = await putItem('DELIVERIES_TABLE', item, {
    ConditionExpression: 'attribute_not_exists(siteId)',
  });
  return isNew ? sealedKey : ((await findContentKey(siteId, day)) ?? sealedKey);
}

function keyOf(siteId: string, day: string) {
  return { siteId, deliveryId: `#key ${day}` };
}
