import { batchGet, type ItemKey } from '../aws/batch-get.ts';
import { settleAll } from '../aws/parallel.ts';
import { scheduledKey, userKey } from '../domain/ids.ts';
import { type ChatItem, type ChatKey, chatToken, userIdsIn } from './chats.ts';
import type { Delivery, DeliveryKey } from './deliveries.ts';
import { type Lane, laneKey } from './lanes.ts';
import { newRateLimitState, type RateLimitState } from './rate-limits.ts';
import type { ScheduleItem, ScheduleKey } from './schedule.ts';
import { type SiteVersion, siteOfVersion, siteVersionKey } from './site-versions.ts';
import { cachedSite, currentSite, type Site } from './sites.ts';
import { type StoredUser, userFrom } from './stored-user.ts';
import type { User, UserKey } from './user.ts';

/** The items to read, of any sites. An item that is named twice is read once. */
export interface WantedFacts {
  users?: UserKey[];
  /** Chats whose number of users is needed. */
  chats?: ChatKey[];
  deliveries?: DeliveryKey[];
  /** Scheduled items, and what is remembered of orders, carts and activities. */
  scheduled?: ScheduleKey[];
  /** Bots whose rate limit state is needed. */
  botIds?: string[];
  /** Sites whose latest version is needed. */
  siteIds?: string[];
  /** Sites whose lane is needed. */
  lanes?: string[];
}

/** The items that were found. */
export interface Facts {
  /** By `userKey`. */
  users: Map<string, User>;
  /** The ids of the users of a chat, by `chatToken`; absent where the former release has written none. */
  chats: Map<string, string[]>;
  /** By `deliveryId`, which no two sites share. */
  deliveries: Map<string, Delivery>;
  /** By `scheduledKey`. */
  scheduled: Map<string, ScheduleItem>;
  /** By bot id; absent for a bot that has never sent. */
  rateLimits: Map<string, RateLimitState>;
  /** By site id; absent before the first change of the site. */
  siteVersions: Map<string, number | undefined>;
  /** By site id; absent for a site of which no message waits. */
  lanes: Map<string, Lane>;
}

/** The types of the items by table. Of the sites table only the small items are read here. */
interface StoredItems {
  USERS_TABLE: StoredUser;
  LINKS_TABLE: ChatItem;
  DELIVERIES_TABLE: Delivery;
  SCHEDULE_TABLE: ScheduleItem;
  PACES_TABLE: RateLimitState;
  SITES_TABLE: SiteVersion;
  WAITING_TABLE: Lane;
}

/**
 * Reads everything that an event or a delivery needs, from all tables, with one request for every 100 items. The reads
 * are strongly consistent: a person who has just linked gets the message, one who has just opted out does not.
 *
 * @throws ServiceUnreachableError
 */
export async function readFacts(wanted: WantedFacts): Promise<Facts> {
  const found = await batchGet<StoredItems>(keysOf(wanted));
  return {
    users: new Map(found.USERS_TABLE?.map((stored) => [userKey(stored), userFrom(stored)])),
    chats: new Map(found.LINKS_TABLE?.map((chat) => [chat.token, userIdsIn(chat)])),
    deliveries: new Map(found.DELIVERIES_TABLE?.map((delivery) => [delivery.deliveryId, delivery])),
    scheduled: new Map(found.SCHEDULE_TABLE?.map((item) => [scheduledKey(item), item])),
    rateLimits: new Map(
      found.PACES_TABLE?.map((state) => [state.botId, { ...newRateLimitState(state.botId), ...state }]),
    ),
    siteVersions: new Map(found.SITES_TABLE?.map((item) => [siteOfVersion(item), item.version])),
    lanes: new Map(found.WAITING_TABLE?.map((lane) => [lane.siteId, lane])),
  };
}

function keysOf({ users, chats, deliveries, scheduled, botIds, siteIds, lanes }: WantedFacts): ItemKey[] {
  const keys: ItemKey[] = [
    ...(siteIds ?? []).map(siteVersionKey),
    ...(users ?? []).map(({ siteId, userId }) => ({
      table: 'USERS_TABLE' as const,
      key: { siteId, userId },
    })),
    ...(chats ?? []).map((chat) => ({ table: 'LINKS_TABLE' as const, key: { token: chatToken(chat) } })),
    ...(deliveries ?? []).map(({ siteId, deliveryId }) => ({
      table: 'DELIVERIES_TABLE' as const,
      key: { siteId, deliveryId },
    })),
    ...(scheduled ?? []).map(({ siteId, key }) => ({
      table: 'SCHEDULE_TABLE' as const,
      key: { siteId, key },
    })),
    ...(lanes ?? []).map(laneKey),
    ...(botIds ?? []).map((botId) => ({ table: 'PACES_TABLE' as const, key: { botId } })),
  ];
  // DynamoDB refuses a request that names an item twice.
  return [...new Map(keys.map((each) => [JSON.stringify(each), each])).values()];
}

/** Facts, and their sites by id. A site that does not exist is absent. */
export interface FactsAndSites extends Facts {
  sites: Map<string, Site>;
}

/**
 * Like `readFacts`, with the current state of the sites. For cached sites the latest version is read together with the
 * facts; only those that have changed, or are off, are read again.
 *
 * @throws ServiceUnreachableError
 */
export async function readFactsAndSites(
  siteIds: string[],
  wanted: Omit<WantedFacts, 'siteIds'>,
): Promise<FactsAndSites> {
  const differing = [...new Set(siteIds)];
  const facts = await readFacts({ ...wanted, siteIds: differing.filter(cachedSite) });
  const read = differing.map(async (siteId) => currentSite(siteId, facts.siteVersions.get(siteId)));
  const sites = (await settleAll(read)).filter((site) => site !== undefined);
  return { ...facts, sites: new Map(sites.map((site) => [site.siteId, site])) };
}
