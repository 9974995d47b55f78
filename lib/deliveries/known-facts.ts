import { beforeDeadline, keepDeadline } from '../aws/deadline.ts';
import { scheduledKey } from '../domain/ids.ts';
import type { Card } from '../store/cards.ts';
import type { User } from '../store/user.ts';
import { type DeliveryFacts, factsOf, readDeliveryFacts } from './delivery-facts.ts';
import type { Notification } from './notification.ts';

/** What is known may be so old when a message is sent, in milliseconds; then it is looked at again. */
export const LONGEST_KNOWN = 1_000;

/** A message may be a little later than expected. Milliseconds. */
const MARGIN = 100;

/** Two events may have one delivery. */
function nameOf({ deliveryId, eventId }: Notification): string {
  return JSON.stringify([deliveryId, eventId]);
}

type FactsOfMessage = ReturnType<typeof factsOf>;

interface Reading {
  /** When it began; milliseconds since 1970. */
  since: number;
  facts: Promise<DeliveryFacts>;
}

/**
 * What is known of the messages of a batch. Where one of them has to wait, it is read again for all that are still to be
 * sent: one request serves those whose time comes soon after.
 */
export class KnownFacts {
  /** What was read last. */
  facts: DeliveryFacts;
  readonly #open: Map<string, Notification>;
  #reading: Reading | undefined;
  /** What became of the messages of orders, and when by `performance.now`: what was read before is older. */
  readonly #cards = new Map<string, { card: Card; at: number }>();
  /** What is read for several messages does not end with the time of one of them. */
  readonly #forAll = keepDeadline();

  /** @param facts what was read of these notifications at the beginning of the batch. */
  constructor(notifications: Notification[], facts: DeliveryFacts) {
    this.facts = facts;
    this.#open = new Map(notifications.map((notification) => [nameOf(notification), notification]));
  }

  of(notification: Notification): FactsOfMessage {
    return factsOf(this.facts, notification);
  }

  /** What was found out about a user holds for all messages of the batch. */
  keepUser(user: User): void {
    const { holders } = this.facts;
    for (const [deliveryId, holder] of holders)
      if (holder?.siteId === user.siteId && holder.userId === user.userId) holders.set(deliveryId, user);
  }

  /** What became of the message of an order holds for the later messages of the batch. */
  keepCard(card: Card): void {
    this.facts.scheduled.set(scheduledKey(card), card);
    this.#cards.set(scheduledKey(card), { card, at: performance.now() });
  }

  /** The message is finished: no more is read for it. */
  close(notification: Notification): void {
    this.#open.delete(nameOf(notification));
  }

  /**
   * Reads again all that is known of a message that is not closed, unless that was read for another one lately.
   *
   * @param until when it will be sent; milliseconds since 1970.
   * @throws ServiceUnreachableError
   */
  async refresh(notification: Notification, until: number): Promise<FactsOfMessage> {
    const isRecent = this.#reading && until - this.#reading.since <= LONGEST_KNOWN - MARGIN;
    const { facts } = isRecent && this.#reading ? this.#reading : this.#read();
    return factsOf(await beforeDeadline(() => facts), notification);
  }

  #read(): Reading {
    const reading = { since: Date.now(), facts: this.#forAll(() => this.#readOpen()) };
    this.#reading = reading;
    // After an error the next message reads anew.
    reading.facts.catch(() => {
      if (this.#reading === reading) this.#reading = undefined;
    });
    return reading;
  }

  async #readOpen(): Promise<DeliveryFacts> {
    const begun = performance.now();
    const facts = await readDeliveryFacts([...this.#open.values()]);
    for (const [key, { card, at }] of this.#cards) if (at >= begun) facts.scheduled.set(key, card);
    // What has just come counts as new, however long it took: otherwise a slow table would be asked for ever.
    this.facts = { ...this.facts, ...facts, lanes: this.facts.lanes, readAt: Date.now() };
    return this.facts;
  }
}
