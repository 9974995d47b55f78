/** What can go wrong, said without HTTP: each caller (HTTP, a queue, the command line) answers in its own way. */

/** One wrong place of what was given. */
export interface FieldError {
  /** JSON Pointer (RFC 6901) to the place; empty for the whole. */
  pointer: string;
  /** What is wrong there, for the person who wrote it. */
  detail: string;
}

/** What was given is wrong: no repetition makes it right. */
export abstract class InputError extends Error {}

/** What was given can be read, but has wrong places. */
export class InvalidInputError extends InputError {
  override readonly name = 'InvalidInputError';
  readonly errors: FieldError[];
  /** What did not happen because of it. */
  readonly consequence: string;

  constructor(errors: FieldError[], consequence = 'Nothing was changed') {
    super(errors.map(({ pointer, detail }) => `${pointer}: ${detail}`).join(' '));
    this.errors = errors;
    this.consequence = consequence;
  }
}

/** What was given can't be read at all: it is not JSON, or an id that nothing can have. */
export class UnreadableInputError extends InputError {
  override readonly name = 'UnreadableInputError';
}

/** What was given is larger than anybody may send. */
export class InputTooLargeError extends InputError {
  override readonly name = 'InputTooLargeError';

  constructor(limitBytes: number) {
    super(`The body is over ${limitBytes / 1024} KB (${limitBytes} bytes), the limit of this API.`);
  }
}

/** The caller may know that it is not there. */
export class NotFoundError extends Error {
  override readonly name = 'NotFoundError';
}

/** It can't be done as things stand. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
}

/** Somebody else has changed it since the caller read it. */
export class OutdatedError extends Error {
  override readonly name = 'OutdatedError';
  /** The version that there is now; absent where there is nothing. */
  readonly version: number | undefined;
  /** What is different now. */
  readonly changes: FieldError[];

  constructor(version: number | undefined, changes: FieldError[]) {
    super('It was changed since it was read.');
    this.version = version;
    this.changes = changes;
  }
}

/** The site was removed while one of its requests was answered. */
export class SiteGoneError extends Error {
  override readonly name = 'SiteGoneError';
}

/** Another run is doing the same at this moment: repeat it later. */
export class BusyError extends Error {
  override readonly name = 'BusyError';
}

/** Telegram accepts the token of a bot, but refuses to set the bot up. */
export class BotSetupError extends Error {
  override readonly name = 'BotSetupError';
}

type Service = 'DynamoDB' | 'SQS' | 'Telegram';

/**
 * A service that this bundle stands on (DynamoDB, SQS, Telegram) did not answer, or refused to serve now. Nothing is
 * known to be wrong with the request itself: it may be repeated as it is.
 */
export class ServiceUnreachableError extends Error {
  override readonly name = 'ServiceUnreachableError';
  readonly service: Service;

  constructor(service: Service, options: { cause: unknown }) {
    super(`${service} did not serve the request`, options);
    this.service = service;
  }
}

/** Telegram does not answer while a bot is set up; nothing was changed. */
export class BotSetupUnreachableError extends Error {
  override readonly name = 'BotSetupUnreachableError';
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number, options: { cause: unknown }) {
    super('Nothing was changed, because Telegram does not answer now. Send the same request again.', options);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
