/*
 * Who opens a link of a message is counted in the record of its delivery, which knows where the link leads: one request
 * counts, and answers the address. Nothing is kept of who it was: neither an address of the network nor a browser.
 *
 * The first click also leaves a mark, which an index of such records shows. So a run can find it, tell the shop's system and
 * count it for the statistics (see `lib/webhooks/new-clicks.ts`), and nobody who opens a link waits for that.
 */
import { conditionalUpdate, getItem, queryPage, scanPage } from '../aws/dynamodb.ts';
import type { DeliveryKey } from './deliveries.ts';

/** A link of a message: its place among those of the record. */
interface LinkKey extends DeliveryKey {
  index: number;
}

type Links = { links?: string[] };

/**
 * Counts a click.
 *
 * @returns where the link leads; `undefined` where no record has it: nothing is counted then.
 * @throws ServiceUnreachableError
 */
export async function countClick({ siteId, deliveryId, index }: LinkKey): Promise<string | undefined> {
  const counted = await conditionalUpdate<Links>(
    'DELIVERIES_TABLE',
    { siteId, deliveryId },
    {
      // `links` stays as it is: so it is among what is answered.
      UpdateExpression:
        'SET clicks = if_not_exists(clicks, :none) + :one, clickedAt = if_not_exists(clickedAt, :now), newClickAt = if_not_exists(clickedAt, :now), links = links',
      ConditionExpression: `attribute_exists(links[${index}])`,
      ExpressionAttributeValues: { ':none': 0, ':one': 1, ':now': new Date(Date.now()).toISOString() },
      ReturnValues: 'UPDATED_NEW',
    },
  );
  return counted?.links?.[index];
}

/** Where a link leads, without counting. @throws ServiceUnreachableError */
export async function findLink({ siteId, deliveryId, index }: LinkKey): Promise<string | undefined> {
  const options = { consistent: false, only: ['links'] };
  const record = await getItem<Links>('DELIVERIES_TABLE', { siteId, deliveryId }, options);
  return record?.links?.[index];
}

/** The sites with a click that is not noted yet, each once. It reads the whole index, which is empty most of the time. */
export async function* sitesWithNewClicks(): AsyncGenerator<string> {
  const seen = new Set<string>();
  let from: Record<string, unknown> | undefined;
  do {
    const page = await scanPage<DeliveryKey>('DELIVERIES_TABLE', {
      IndexName: BY_NEW_CLICK,
      ...(from && { ExclusiveStartKey: from }),
    });
    for (const { siteId } of page.items) {
      if (seen.has(siteId)) continue;
      seen.add(siteId);
      yield siteId;
    }
    from = page.next;
  } while (from);
}

const BY_NEW_CLICK = 'by-new-click';

/** A message with a click that may not be noted yet: the index follows the table a little later. */
export interface NewClick extends DeliveryKey {
  newClickAt: string;
}

/** The oldest clicks of a site that are not noted yet. @throws ServiceUnreachableError */
export async function newClicks(siteId: string, limit: number): Promise<NewClick[]> {
  const { items } = await queryPage<NewClick>('DELIVERIES_TABLE', {
    IndexName: BY_NEW_CLICK,
    KeyConditionExpression: 'siteId = :siteId',
    ExpressionAttributeValues: { ':siteId': siteId },
    Limit: limit,
  });
  return items;
}

/**
 * The first click of a message is told and counted. A later one leaves the mark again, which then only goes.
 *
 * @throws ServiceUnreachableError
 */
export async function noteClick({ siteId, deliveryId }: DeliveryKey): Promise<void> {
  await conditionalUpdate(
    'DELIVERIES_TABLE',
    { siteId, deliveryId },
    {
      UpdateExpression: 'SET clickNoted = :yes REMOVE newClickAt',
      // Who was erased meanwhile has no record any more.
      ConditionExpression: 'attribute_exists(newClickAt)',
      ExpressionAttributeValues: { ':yes': true },
      ReturnValues: 'NONE',
    },
  );
}
