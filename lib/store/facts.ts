import { batchGet, type ItemKey } from '../aws/batch-get.ts';
import { environment } from '../aws/environment.ts';
import type { Delivery } from './deliveries.ts';
import type { ScheduleItem, ScheduleKey } from './schedule.ts';
import { isNewer, siteVersionKey, versionIn } from './site-versions.ts';
import { type Site, StaleSiteError } from './sites.ts';
import type { User } from './users.ts';

/** What is to be read of one site before its event is decided on. Ids and keys must differ. */
export interface WantedFacts {
  userIds: string[];
  deliveryIds: string[];
  /** What waits for its time. */
  scheduleKeys?: ScheduleKey[];
  /** The site as the event was decided on: it is looked at again, so that no old settings send. */
  site?: Site;
}

/** What was found of it. */
export interface EventFacts {
  /** By id. */
  users: Map<string, User>;
  /** By `deliveryId`: what an earlier report of the same event has led to. */
  deliveries: Map<string, Delivery>;
  /** By key. */
  items: Map<string, ScheduleItem>;
  /** Users by the key of their cart: see `cartOwnerKey`. */
  owners: Map<string, string>;
}

/**
 * Reads all that an event has to know, whatever tables it is in, in one request for each hundred keys. Every write that
 * has ended before is seen: who has just linked gets the message, who has just opted out does not.
 *
 * @throws StaleSiteError
 * @throws ServiceUnreachableError
 */
export async function findEventFacts(
  siteId: string,
  { userIds, deliveryIds, scheduleKeys = [], site }: WantedFacts,
): Promise<EventFacts> {
  const wanted: ItemKey[] = [
    ...(site ? [siteVersionKey(siteId)] : []),
    ...inTable('USERS_TABLE', userIds, (userId) => ({ siteId, userId })),
    ...inTable('DELIVERIES_TABLE', deliveryIds, (deliveryId) => ({ siteId, deliveryId })),
    ...inTable('SCHEDULE_TABLE', scheduleKeys, ({ key }) => ({ siteId, key })),
  ];
  const facts: EventFacts = { users: new Map(), deliveries: new Map(), items: new Map(), owners: new Map() };
  const found = await batchGet(wanted, { consistent: true });
  for (const item of found) {
    if ('deliveryId' in item) facts.deliveries.set(String(item.deliveryId), item as unknown as Delivery);
    else if ('key' in item) addScheduled(facts, item);
    else if ('userId' in item) facts.users.set(String(item.userId), item as unknown as User);
    else if (isNewer(versionIn(item), site)) throw new StaleSiteError(siteId, versionIn(item));
  }
  return facts;
}

function addScheduled({ items, owners }: EventFacts, item: Record<string, unknown>): void {
  if ('userId' in item) owners.set(String(item.key), String(item.userId));
  else items.set(String(item.key), item as unknown as ScheduleItem);
}

/** Functions that never look into a table have no name for it: it is asked for where there is something to read. */
function inTable<Id>(name: string, ids: Id[], keyOf: (id: Id) => Record<string, string>) {
  if (ids.length === 0) return [];
  const table = environment(name);
  return ids.map((id) => ({ table, key: keyOf(id) }));
}
