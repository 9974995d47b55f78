/**
 * Errors that know nothing of HTTP: each caller (HTTP, a queue, the command line) reports them in its own way. Their texts are
 * written in all languages of the API, one beside the other; `message` is English, for logs, queues and the command line.
 */
import type { CodeOf, PlaceCode } from './problem-codes.ts';
import { inLanguage, type Sentence } from './sentence.ts';

/** One error in the input. */
export interface FieldError {
  /** JSON Pointer (RFC 6901) to the wrong value; empty for the whole input. */
  pointer: string;
  /**
   * What is wrong there, written for the author of the input. A plain text is English: only for what comes by a queue, where
   * nobody asks for another language.
   */
  detail: Sentence | string;
  /** The same for programs; absent: `invalid`. */
  code?: PlaceCode;
}

/** An error with a text for whoever asked. A plain one is English: only for what comes by a queue, or for commands. */
abstract class TextError extends Error {
  readonly text: Sentence | string;

  constructor(text: Sentence | string, options?: ErrorOptions) {
    super(inLanguage(text, 'en'), options);
    this.text = text;
  }
}

/** The input is wrong: the same input fails again. */
export abstract class InputError extends TextError {}

const NOTHING_CHANGED: Sentence = { en: 'Nothing was changed', it: 'Non è stato modificato nulla' };

/** The input can be read, but some of its values are wrong. */
export class InvalidInputError extends InputError {
  override readonly name = 'InvalidInputError';
  readonly errors: FieldError[];
  /** What was not done because of the errors: the beginning of a sentence. */
  readonly consequence: Sentence | string;

  constructor(errors: FieldError[], consequence: Sentence | string = NOTHING_CHANGED) {
    super(errors.map(({ pointer, detail }) => `${pointer}: ${inLanguage(detail, 'en')}`).join(' '));
    this.errors = errors;
    this.consequence = consequence;
  }
}

/** The input can't be read at all: it is not JSON, or it is an id that can't exist. */
export class UnreadableInputError extends InputError {
  override readonly name = 'UnreadableInputError';
  readonly code: CodeOf<400>;

  constructor(text: Sentence | string, code: CodeOf<400> = 'not-json') {
    super(text);
    this.code = code;
  }
}

/** The input is larger than the API accepts. */
export class InputTooLargeError extends InputError {
  override readonly name = 'InputTooLargeError';

  constructor(limitBytes: number) {
    const limit = `${limitBytes / 1024} KB (${limitBytes}`;
    super({
      en: `The body is over ${limit} bytes), the limit of this API.`,
      it: `Il corpo della richiesta supera ${limit} byte), il limite di questa API.`,
    });
  }
}

/** The object does not exist, and the caller may know that. */
export class NotFoundError extends TextError {
  override readonly name = 'NotFoundError';
  readonly code: CodeOf<404>;

  constructor(text: Sentence | string, code: CodeOf<404>) {
    super(text);
    this.code = code;
  }
}

/** The request conflicts with the current state. */
export class ConflictError extends TextError {
  override readonly name = 'ConflictError';
  readonly code: CodeOf<409>;

  constructor(text: Sentence | string, code: CodeOf<409>) {
    super(text);
    this.code = code;
  }
}

/** An event with this id, but another content, was reported before. Nothing was done. */
export class EventIdReusedError extends ConflictError {
  constructor(eventId: string) {
    super(
      {
        en: `The event "${eventId}" was reported before with another content. Nothing was done. Report something new under a new "eventId".`,
        it: `L'evento "${eventId}" è già stato segnalato con un altro contenuto. Non è stato fatto nulla. Segnalare ciò che è nuovo con un nuovo "eventId".`,
      },
      'event-id-reused',
    );
  }
}

/**
 * Why a condition of the caller does not hold.
 * - `changed`: somebody else has changed the object since the caller read it.
 * - `weak`: the caller names its version in a form that matches nothing, a weak entity tag.
 * - `foreign`: the caller names no version that it can have had. `untagged`: it has no versions to name.
 * - `missing`: it had to exist. `exists`: it had to be new. `unchanged`: it had to be another version.
 */
export type FailedCondition =
  | 'changed'
  | 'weak'
  | 'foreign'
  | 'untagged'
  | 'missing'
  | 'exists'
  | 'unchanged';

/** The object is not in the state in which the caller wanted to change it. Nothing was done. */
export class OutdatedError extends Error {
  override readonly name = 'OutdatedError';
  readonly why: FailedCondition;
  /** The current version; absent if the object does not exist now. */
  readonly version: number | undefined;
  /** What is different now. */
  readonly changes: FieldError[];

  constructor(version: number | undefined, changes: FieldError[], why: FailedCondition = 'changed') {
    super(`A condition of the change does not hold: ${why}.`);
    this.why = why;
    this.version = version;
    this.changes = changes;
  }
}

/** The site was removed while one of its requests was being answered. */
export class SiteGoneError extends Error {
  override readonly name = 'SiteGoneError';
}

/** The site has asked for too much in a short time. Nothing was done. */
export class TooManyRequestsError extends Error {
  override readonly name = 'TooManyRequestsError';
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super('The site has made too many requests.');
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** So many messages of the site wait for its bot that no more are taken. Nothing was done. */
export class TooManyWaitingError extends Error {
  override readonly name = 'TooManyWaitingError';

  constructor(siteId: string) {
    super(`Too many messages of the site ${siteId} wait.`);
  }
}

/** Another run is doing the same now: repeat it later. */
export class BusyError extends Error {
  override readonly name = 'BusyError';
}

/** Telegram accepts the token of a bot, but refuses to set the bot up. */
export class BotSetupError extends TextError {
  override readonly name = 'BotSetupError';
}

/** `AWS`: several steps together took too long, whichever of its services was slow. */
type Service = 'DynamoDB' | 'SQS' | 'Telegram' | 'AWS';

/**
 * A service that this bundle needs did not answer, or refused the request for now. The
 * request itself is not known to be wrong: it may be repeated unchanged.
 */
export class ServiceUnreachableError extends Error {
  override readonly name = 'ServiceUnreachableError';
  readonly service: Service;

  constructor(service: Service, options: { cause: unknown }) {
    super(`${service} did not serve the request`, options);
    this.service = service;
  }
}

/** Telegram did not answer while a bot was being set up. Nothing was changed, unless the text says otherwise. */
export class BotSetupUnreachableError extends TextError {
  override readonly name = 'BotSetupUnreachableError';
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number, options: { cause: unknown }, text?: Sentence) {
    super(
      text ?? {
        en: 'Nothing was changed, because Telegram does not answer now. Send the same request again.',
        it: 'Non è stato modificato nulla, perché in questo momento Telegram non risponde. Inviare di nuovo la stessa richiesta.',
      },
      options,
    );
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
