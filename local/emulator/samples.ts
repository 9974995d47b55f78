import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ControlError } from './errors.ts';
import { isRecord } from './parameters.ts';

export type SampleOptions = {
  directory: string;
  apiUrl: () => string;
  siteKey: string;
  siteId: string;
};

export type Sample = { event: string; payload: Record<string, unknown> };
export type SampleAnswer = {
  request: { method: string; url: string; body: unknown };
  status: number;
  body: unknown;
};

const ANSWER_TIMEOUT_MILLISECONDS = 30_000;

/** The sample events of the page's panel: one JSON file each, named after its event. */
export class Samples {
  readonly #options: SampleOptions;

  constructor(options: SampleOptions) {
    this.#options = options;
  }

  /** Where the API serves, without a slash at the end. */
  get apiUrl(): string {
    return this.#options.apiUrl().replace(/\/$/, '');
  }

  async list(): Promise<Sample[]> {
    const names = await readdir(this.#options.directory);
    const events = names
      .filter((name) => name.endsWith('.json'))
      .map((name) => name.slice(0, -'.json'.length));
    return Promise.all(events.sort().map((event) => this.#read(event)));
  }

  /**
   * Reports a sample event to the API, as the shop would.
   * @param input `payload` to send instead of the sample, `keepEventId` to send its `eventId` as it is;
   *   otherwise it gets a fresh one, since the same event reported twice notifies once.
   * @throws {ControlError}
   */
  async send(event: string, input: Record<string, unknown>): Promise<SampleAnswer> {
    const payload = isRecord(input.payload) ? input.payload : (await this.#find(event)).payload;
    const eventId = input.keepEventId === true ? payload.eventId : `sample-${randomUUID()}`;
    const body = { ...payload, eventId };
    const { siteId, siteKey } = this.#options;
    const url = `${this.apiUrl}/v1/sites/${siteId}/events/${event}`;
    const headers = { authorization: `Bearer ${siteKey}`, 'content-type': 'application/json' };
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MILLISECONDS);
    try {
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), signal });
      const answer = jsonOrText(await response.text());
      return { request: { method: 'POST', url, body }, status: response.status, body: answer };
    } catch (error) {
      throw new ControlError(502, `The API at ${url} did not answer: ${reason(error)}.`);
    }
  }

  async #find(event: string): Promise<Sample> {
    const samples = await this.list();
    const sample = samples.find((candidate) => candidate.event === event);
    if (sample !== undefined) return sample;
    const known = samples.map((candidate) => candidate.event).join(', ');
    throw new ControlError(404, `There is no sample event "${event}"; there are ${known}.`);
  }

  async #read(event: string): Promise<Sample> {
    const payload: unknown = JSON.parse(
      await readFile(join(this.#options.directory, `${event}.json`), 'utf8'),
    );
    if (!isRecord(payload)) throw new ControlError(400, `The sample ${event}.json is not a JSON object.`);
    return { event, payload };
  }
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || error.message : error.message;
}
