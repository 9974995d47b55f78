import type { SQSRecord } from 'aws-lambda';

/** How long an observation counts, in milliseconds: after a machine's clock was set, the old ones must be forgotten. */
const OBSERVATION_LIFETIME = 5 * 60_000;

/** A timestamp older than this (milliseconds) means that the message was delayed, not that our clock is ahead. */
const LONGEST_ERROR = 2_000;

/** How long the start of a function may delay its first batch, in milliseconds. */
const LONGEST_START = 700;

interface Observation {
  /** Milliseconds to add to this machine's clock. */
  offset: number;
  madeAt: number;
}

/**
 * One time for all running functions: that of SQS. The functions share a bot's slots, and a slot is a moment: if each used
 * its own clock, a function whose clock is a second ahead would send in the second of the others.
 *
 * SQS writes on each message when it was first received. The function gets the message a little later, so this timestamp
 * minus our own time is a little less than the difference between the clocks. The largest value of the last minutes is
 * the nearest to it, within some milliseconds. Before the first timestamp our own clock counts.
 */
export class SharedClock {
  readonly #localNow: () => number;
  #observations: Observation[] = [];
  #isFirstBatch = true;

  /** @param localNow this machine's clock, in milliseconds since 1970. */
  constructor(localNow: () => number = () => Date.now()) {
    this.#localNow = localNow;
  }

  /** Milliseconds since 1970, by the clock of SQS. */
  now(): number {
    return this.#localNow() + (this.#observations[0]?.offset ?? 0);
  }

  /** Reads the timestamps of a batch that arrived just now: those of messages that were never received before. */
  observe(records: SQSRecord[]): void {
    for (const { attributes } of records)
      if (attributes.ApproximateReceiveCount === '1')
        this.#observeTimestamp(Number(attributes.ApproximateFirstReceiveTimestamp));
    this.#isFirstBatch = false;
  }

  #observeTimestamp(timestamp: number): void {
    const now = this.#localNow();
    const offset = timestamp - now;
    const isStart = this.#isFirstBatch && offset < 0 && offset > -LONGEST_START;
    if (isStart || offset < -LONGEST_ERROR) return;
    // Smaller offsets than this one are never needed again, so the list falls, and its first is always the largest.
    const larger = this.#observations.filter(
      (earlier) => Math.abs(now - earlier.madeAt) < OBSERVATION_LIFETIME && earlier.offset > offset,
    );
    this.#observations = [...larger, { offset, madeAt: now }];
  }
}
