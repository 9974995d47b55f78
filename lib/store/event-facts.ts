import { environment } from '../environment.ts';
import { batchGet } from './batch-get.ts';
import type { Delivery } from './deliveries.ts';
import type { ScheduleItem, ScheduleKey } from './schedule.ts';
import type { User } from './users.ts';

/** What is to be read of one site before its event is decided on. Ids and keys must differ. */
export interface WantedFacts {
  userIds: string[];
  deliveryIds: string[];
  /** What waits for its time. */
  scheduleKeys?: ScheduleKey[];
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
 * Reads all that an event has to know, whatever tables it is in, in one request for each hundred keys.
 *
 * @throws ServiceUnreachableError
 */
export async function findEventFacts(
  siteId: string,
  { userIds, deliveryIds, scheduleKeys = [] }: WantedFacts,
): Promise<EventFacts> {
  const wanted = [
    ...inTable('USERS_TABLE', userIds, (userId) => ({ siteId, userId })),
    ...inTable('DELIVERIES_TABLE', deliveryIds, (deliveryId) => ({ siteId, deliveryId })),
    ...inTable('SCHEDULE_TABLE', scheduleKeys, ({ key }) => ({ siteId, key })),
  ];
  const facts: EventFacts = { users: new Map(), deliveries: new Map(), items: new Map(), owners: new Map() };
  // What waits may have been registered a moment ago; of the rest a view some milliseconds old will do, at half the price.
  for (const item of await batchGet(wanted, { consistent: scheduleKeys.length > 0 })) {
    if ('deliveryId' in item) facts.deliveries.set(String(item.deliveryId), item as unknown as Delivery);
    else if (!('key' in item)) facts.users.set(String(item.userId), item as unknown as User);
    else if ('userId' in item) facts.owners.set(String(item.key), String(item.userId));
    else facts.items.set(String(item.key), item as unknown as ScheduleItem);
  }
  return facts;
}

/** Functions that never look into a table have no name for it: it is asked for where there is something to read. */
function inTable<Id>(name: string, ids: Id[], keyOf: (id: Id) => Record<string, string>) {
  if (ids.length === 0) return [];
  const table = environment(name);
  return ids.map((id) => ({ table, key: keyOf(id) }));
}
