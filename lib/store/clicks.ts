/*
 * Who opens a link of a message is counted in the record of its delivery, which knows where the link leads: one request
 * counts, and answers the address. Nothing is kept of who it was: neither an address of the network nor a browser.
 *
 * The first click also leaves a mark, which an index of such records shows. So a run can find it, tell the shop's system and
 * count it for the statistics (see `lib/webhooks/new-clicks.ts`), and nobody who opens a link waits for that.
 */
import { conditionalUpdate, getItem } from '../aws/dynamodb.ts';
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
  const record = await getItem<Links>('DELIVERIES_TABLE', { siteId, deliveryId }, { consistent: false });
  return record?.links?.[index];
}
