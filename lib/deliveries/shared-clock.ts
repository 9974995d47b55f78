import type { SQSRecord } from 'aws-lambda';

/** How long an observation counts, in milliseconds: a clock that is set right is believed again after this. */
const OBSERVATION_LIFETIME = 5 * 60_000;

/** A stamp older than this says that a message was held up on its way, not that our clock is ahead. Milliseconds. */
const LONGEST_ERROR = 2_000;

/** How long the start of a function may hold up its first batch, in milliseconds. */
const LONGEST_START = 700;

interface Observation {
  /** Milliseconds to add to this machine's clock. */
  offset: number;
  madeAt: number;
}

/**
 * One time for all running functions: that of SQS. The functions share a bot's slots, and a slot is a moment; were each
 * to go by its own clock, one that is a second ahead would send into the others' second.
 *
 * SQS stamps a message with the moment at which it was first received. That message reaches the function a little later,
 * so the stamp less our own time is a little less than the offset between the clocks; the largest difference of the last
 * minutes comes closest, within the fastest hand-over (some milliseconds). Until the first stamp, our own clock counts.
 */
export class SharedClock {
  readonly #localNow: () => number;
  #observations: Observation[] = [];
  #isFirstBatch = true;

  /** @param localNow this machine's clock, in milliseconds since 1970. */
  constructor(localNow: () => number = Date.now) {
    this.#localNow = localNow;
  }

  /** Milliseconds since 1970, by the clock of SQS. */
  now(): number {
    return this.#localNow() + (this.#observations[0]?.offset ?? 0);
  }

  /** Takes in the stamps of a batch that is in our hands now: those of messages that were never given out before. */
  observe(records: SQSRecord[]): void {
    const firstReceived = records.filter(({ attributes }) => attributes.ApproximateReceiveCount === '1');
    for (const { attributes } of firstReceived)
      this.#observeStamp(Number(attributes.ApproximateFirstReceiveTimestamp));
    this.#isFirstBatch = false;
  }

  #observeStamp(stamp: number): void {
    const now = this.#localNow();
    const offset = stamp - now;
    const isStart = this.#isFirstBatch && offset < 0 && offset > -LONGEST_START;
    if (isStart || offset < -LONGEST_ERROR) return;
    const isFresh = ({ madeAt }: Observation) => Math.abs(now - madeAt) < OBSERVATION_LIFETIME;
    // Kept: falling offsets with rising age, so that the first is always the largest of those that still count.
    const larger = this.#observations.filter(
      (observation) => isFresh(observation) && observation.offset > offset,
    );
    this.#observations = [...larger, { offset, madeAt: now }];
  }
}
