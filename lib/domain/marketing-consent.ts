/** Whether a person wants advertising: messages that nobody has to send, such as a coupon for an abandoned cart. */
export interface MarketingConsent {
  given: boolean;
  /** When the person said so: ISO 8601 in UTC with milliseconds. */
  at: string;
  /** Where, as the shop names it: a page, a form, `bot`. */
  source: string;
}

/** What a message is that only people get who want advertising. */
export interface Advertising {
  /** What its event says of that. */
  consent?: MarketingConsent | undefined;
}

/** Whether a person wants a message. @param stored what is kept of the person; absent: nothing. */
export function isWanted(
  advertising: Advertising | undefined,
  stored: MarketingConsent | undefined,
): boolean {
  return advertising === undefined || latestConsent(advertising.consent, stored)?.given === true;
}

/** What was said last. Of two at the same moment, the one that withdraws it counts. */
export function latestConsent(
  one: MarketingConsent | undefined,
  other: MarketingConsent | undefined,
): MarketingConsent | undefined {
  if (!one || !other) return one ?? other;
  if (one.at === other.at) return one.given ? other : one;
  return one.at > other.at ? one : other;
}
