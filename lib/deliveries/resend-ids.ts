import { digest } from '../domain/ids.ts';
import { type Delivery, findDeliveries } from '../store/deliveries.ts';

/** One message is sent so often again. */
export const MOST_RESENDS = 10;

export function resendId(siteId: string, first: string, number: number): string {
  return digest(['resend', siteId, first, String(number)]);
}

/** The lines of messages that were sent again, in their order. */
export async function resendsOf(siteId: string, ...firsts: string[]): Promise<Delivery[]> {
  const numbers = Array.from({ length: MOST_RESENDS }, (_, index) => index + 1);
  const ids = firsts.flatMap((first) => numbers.map((number) => resendId(siteId, first, number)));
  const found = await findDeliveries(ids.map((deliveryId) => ({ siteId, deliveryId })));
  return found.toSorted((one, other) => ids.indexOf(one.deliveryId) - ids.indexOf(other.deliveryId));
}
