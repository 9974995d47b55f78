import type * as z from 'zod/mini';
import { UNKNOWN_PROPERTY } from './places.ts';
import type { FieldError } from './problem.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** What zod says where a schema has no sentence of its own. */
const NO_SENTENCE = 'Invalid input';

/** Every wrong place of a body, as JSON Pointer and a sentence. */
export function fieldErrors(issues: Issue[], body: unknown): FieldError[] {
  return issues.flatMap((issue) => describe(issue, body));
}

function describe(issue: Issue, body: unknown): FieldError[] {
  const at = (detail: string): FieldError[] => [{ pointer: toPointer(issue.path), detail }];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        pointer: toPointer([...issue.path, key]),
        detail: `${UNKNOWN_PROPERTY} "${key}": it is refused so that a typing mistake does not pass unseen.`,
      }));
    case 'invalid_type': {
      const value = valueAt(body, issue.path);
      if (value === undefined) return at('This property is required.');
      if (issue.message !== NO_SENTENCE) return at(issue.message);
      if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) return at(TOO_LARGE);
      return at(`Must be ${withArticle(issue.expected)}, not ${typeName(value, issue.expected)}.`);
    }
    case 'invalid_value':
      if (valueAt(body, issue.path) === undefined) return at('This property is required.');
      return at(`Must be one of ${issue.values.map((value) => `"${String(value)}"`).join(', ')}.`);
    case 'too_small':
      return at(`Must ${atLeast(issue.origin, issue.minimum)}.`);
    case 'too_big':
      return at(`Must ${atMost(issue.origin, issue.maximum)}.`);
    case 'invalid_union':
      if (valueAt(body, issue.path) === undefined) return at('This property is required.');
      return at(issue.message);
    default:
      return at(issue.message);
  }
}

/** RFC 6901: `~` and `/` inside a name are written `~0` and `~1`. */
function toPointer(path: Path): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function valueAt(body: unknown, path: Path): unknown {
  let value = body;
  for (const part of path) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value;
}

/** `1e400` is JSON, and more than a number can hold. */
const TOO_LARGE = 'This number is too large.';

const TYPE_NAMES: Record<string, string> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'an array',
  object: 'an object',
  null: 'null',
};

function withArticle(expected: string): string {
  return TYPE_NAMES[expected] ?? expected;
}

function typeName(value: unknown, expected: string): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (expected === 'int' && typeof value === 'number') return 'a fraction';
  if (typeof value === 'boolean') return String(value);
  return TYPE_NAMES[typeof value] ?? typeof value;
}

function atLeast(origin: string, minimum: number | bigint): string {
  if (origin === 'string') return minimum === 1 ? 'not be empty' : `have at least ${minimum} characters`;
  if (origin === 'array') return `have at least ${minimum} ${minimum === 1 ? 'entry' : 'entries'}`;
  return `be at least ${minimum}`;
}

function atMost(origin: string, maximum: number | bigint): string {
  if (origin === 'string') return `have at most ${maximum} characters`;
  if (origin === 'array') return `have at most ${maximum} entries`;
  return `be at most ${maximum}`;
}
