/** Validation of input with a schema. Each error is described in a sentence. */
import type * as z from 'zod/mini';
import { type FieldError, InvalidInputError } from '../domain/errors.ts';
import { canBeLeftOut, type EmptyProperties, propertiesOf, withoutEmpty } from './empty-properties.ts';
import { toPointer } from './pointer.ts';
import { invalidParameters } from './problems.ts';

/**
 * Reads a body.
 *
 * @param consequence what is not done if the body is wrong.
 * @param empty `refused` for a change: `null` could be meant to set something back.
 * @throws InvalidInputError that lists every error.
 */
export function readFields<Fields>(
  schema: z.ZodMiniType<Fields>,
  json: unknown,
  consequence?: string,
  empty?: EmptyProperties,
): Fields {
  const given = withoutEmpty(schema, json, empty);
  const result = schema.safeParse(given);
  if (!result.success)
    throw new InvalidInputError(fieldErrors(result.error.issues, given, schema), consequence);
  return result.data;
}

/** Reads the query of an address. @throws HttpProblem 400 that lists every wrong parameter. */
export function readQuery<Query>(
  schema: z.ZodMiniType<Query>,
  parameters: Record<string, string | undefined> | undefined,
  rawQueryString: string,
): Query {
  const twice = namesGivenTwice(rawQueryString);
  // API Gateway joins their values with a comma, which may also be part of a value.
  if (twice.length > 0)
    throw invalidParameters(
      twice.map((name) => ({ pointer: toPointer([name]), detail: 'Is there more than once: give it once.' })),
    );
  const given = withPlus(parameters ?? {});
  const result = schema.safeParse(given);
  if (!result.success) {
    const { issues } = result.error;
    const names = propertiesOf(schema) ?? 'none';
    throw invalidParameters([
      ...unknownParameters(issues, names),
      ...fieldErrors(issues.filter(isOfKnown), given),
    ]);
  }
  return result.data;
}

function namesGivenTwice(rawQueryString: string): string[] {
  const names = [...new URLSearchParams(rawQueryString).keys()];
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

function unknownParameters(issues: Issue[], known: string): FieldError[] {
  return issues.flatMap((issue) => {
    if (isOfKnown(issue)) return [];
    return issue.keys.map((name) => ({
      pointer: toPointer([name]),
      detail: `${UNKNOWN_PARAMETER} "${name}": this path has ${known}.`,
    }));
  });
}

function isOfKnown<Any extends Issue>(issue: Any): issue is Exclude<Any, { code: 'unrecognized_keys' }> {
  return issue.code !== 'unrecognized_keys';
}

/**
 * In a query, a `+` that is not percent-encoded means a space. In a time with offset the space is changed back to `+`.
 */
function withPlus(parameters: Record<string, string | undefined>): Record<string, string | undefined> {
  const mended = Object.entries(parameters).map(([name, value]) => [
    name,
    value?.replace(/^(\d{4}-\d\d-\d\dT[\d:.,]+) (\d\d(?::?\d\d)?)$/, '$1+$2'),
  ]);
  return Object.fromEntries(mended);
}

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** zod's message if a schema has no message of its own. */
const NO_SENTENCE = 'Invalid input';

/** Every error in a body, as JSON Pointer and sentence. @param schema tells which properties may be left out. */
export function fieldErrors(issues: Issue[], body: unknown, schema?: z.ZodMiniType): FieldError[] {
  return issues.flatMap((issue) => describe(issue, body, schema));
}

function describe(issue: Issue, body: unknown, schema: z.ZodMiniType | undefined): FieldError[] {
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
      return at(
        `Must be ${withArticle(issue.expected)}, not ${typeName(value, issue.expected)}${whereNull(value, issue.path, schema)}.`,
      );
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

/** What to do with a `null`. Where it counts as left out, it does not come so far. */
function whereNull(value: unknown, path: Path, schema: z.ZodMiniType | undefined): string {
  if (value !== null || path.length === 0) return '';
  return canBeLeftOut(schema, path) ? ': leave it out' : ': this property is required';
}

function valueAt(body: unknown, path: Path): unknown {
  let value = body;
  for (const part of path) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value;
}

/** `1e400` is valid JSON, but JavaScript reads it as infinity. */
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

/** The start of the message about a property that is not in the schema. The caller chose its name. */
const UNKNOWN_PROPERTY = 'Unknown property';
const UNKNOWN_PARAMETER = 'Unknown parameter';

/** A property name of our schemas, a language, or an index of an array. */
const NAME = /^(?:[a-z][A-Za-z]{0,30}|[a-z]{2,3}-[A-Za-z0-9-]{2,10}|\d{1,6})$/;

/**
 * The places of the errors in a form that may be logged. A property that is not in our schemas has a name chosen by the
 * caller, which may be anything: it becomes `?`.
 */
export function loggablePointers(errors: FieldError[]): string[] {
  return errors.map(({ pointer, detail }) => {
    const names = pointer.split('/').slice(1);
    const isUnknown = detail.startsWith(UNKNOWN_PROPERTY) || detail.startsWith(UNKNOWN_PARAMETER);
    if (isUnknown) names[names.length - 1] = '?';
    return names.map((name) => `/${NAME.test(name) ? name : '?'}`).join('');
  });
}
