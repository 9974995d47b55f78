/** Validation of input with a schema. Each error is described in a sentence. */
import type * as z from 'zod/mini';
import { nearest } from '../domain/did-you-mean.ts';
import { type FieldError, InvalidInputError } from '../domain/errors.ts';
import type { PlaceCode } from '../domain/problem-codes.ts';
import type { Sentence } from '../domain/sentence.ts';
import {
  canBeLeftOut,
  type EmptyProperties,
  meantSchema,
  namesAt,
  withoutEmpty,
} from './empty-properties.ts';
import { toPointer } from './pointer.ts';
import { invalidParameters, MAX_ERRORS } from './problems.ts';

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
  consequence?: Sentence | string,
  empty?: EmptyProperties,
): Fields {
  const meant = meantSchema(schema, json);
  const given = withoutEmpty(meant, json, empty);
  const result = meant.safeParse(given);
  if (!result.success)
    throw new InvalidInputError(fieldErrors(result.error.issues, given, meant), consequence);
  return result.data;
}

const REPEATED: Sentence = {
  en: 'Is there more than once: give it once.',
  it: 'È presente più di una volta: indicarlo una volta sola.',
};

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
      twice.map((name) => ({ pointer: toPointer([name]), code: 'repeated-parameter', detail: REPEATED })),
    );
  const given = withPlus(parameters ?? {});
  const result = schema.safeParse(given);
  if (!result.success) {
    const { issues } = result.error;
    throw invalidParameters([
      ...unknownParameters(issues, namesAt(schema, [])),
      ...fieldErrors(issues.filter(isOfKnown), given),
    ]);
  }
  return result.data;
}

function namesGivenTwice(rawQueryString: string): string[] {
  const names = [...new URLSearchParams(rawQueryString).keys()];
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

function unknownParameters(issues: Issue[], known: string[]): FieldError[] {
  const all = known.map((name) => `"${name}"`).join(', ');
  const unknown = issues.flatMap((issue) => (isOfKnown(issue) ? [] : issue.keys));
  return unknown.map((name, index) => {
    const hint = hintTo(index < MAX_ERRORS ? meantBy(name, known) : undefined);
    return {
      pointer: toPointer([name]),
      code: 'unknown-parameter',
      detail: {
        en: `Unknown parameter "${name}": this path has ${all || 'none'}.${hint.en}`,
        it: `Parametro sconosciuto "${name}": ${all ? `questo indirizzo ha ${all}` : 'questo indirizzo non ne ha'}.${hint.it}`,
      },
    };
  });
}

const NO_HINT: Sentence = { en: '', it: '' };

/** Of names, as short as they are, half a word is another word: `foo` is not `from`. */
function meantBy(word: unknown, known: readonly string[]): string | undefined {
  return typeof word === 'string' ? nearest(word, known, 3) : undefined;
}

/** The end of a text about a word that is none of those that there are. @param meant the one that was probably meant. */
function hintTo(meant: string | undefined): Sentence {
  return meant === undefined ? NO_HINT : { en: ` Did you mean "${meant}"?`, it: ` Si intendeva "${meant}"?` };
}

function unknownProperty(pointer: string, name: string, meant: string | undefined): FieldError {
  const hint = hintTo(meant);
  const detail = {
    en: `Unknown property "${name}": it is refused so that a typing mistake does not pass unseen.${hint.en}`,
    it: `Proprietà sconosciuta "${name}": viene rifiutata perché un errore di battitura non passi inosservato.${hint.it}`,
  };
  return { pointer, code: 'unknown-property', detail };
}

/** What a schema says of a property of the body that is never taken, such as one that only the platform changes. */
function refusalOf(name: string, schema: z.ZodMiniType | undefined, path: Path): FieldError | undefined {
  if (path.length > 0) return undefined;
  const issues = schema?.safeParse({ [name]: true }).error?.issues ?? [];
  const refused = issues.find((issue) => issue.code === 'invalid_type' && issue.expected === 'never');
  return refused && fieldErrors([refused], { [name]: true })[0];
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

/** A text of a schema: see `says`. */
export type SchemaText = (Sentence & { code?: PlaceCode }) | string;

/**
 * The parameters of a schema, or of a check, that says so of a wrong value. zod has texts in one language alone: it hands over
 * as it is what stands in their place.
 *
 * @param words made from the value where they depend on it.
 */
export function says(words: SchemaText | ((value: unknown) => SchemaText)) {
  return {
    error: ({ input }: { input?: unknown }) => ({
      message: (typeof words === 'function' ? words(input) : words) as string,
    }),
  };
}

/** What a schema says of a wrong value, if it has a text of its own. */
function ownText({ message }: Issue): SchemaText | undefined {
  return message === NO_SENTENCE ? undefined : (message as SchemaText);
}

const REQUIRED: Sentence = { en: 'This property is required.', it: 'Questa proprietà è obbligatoria.' };

/** Every error in a body, as JSON Pointer and sentence. @param schema tells which properties there are, and may be left out. */
export function fieldErrors(issues: Issue[], body: unknown, schema?: z.ZodMiniType): FieldError[] {
  const errors: FieldError[] = [];
  for (const issue of issues) {
    // To look for the word that was meant takes time, and an answer has only so many errors.
    for (const error of describe(issue, { body, schema, isHinting: errors.length < MAX_ERRORS }))
      errors.push(error);
  }
  return errors;
}

interface Described {
  body: unknown;
  schema: z.ZodMiniType | undefined;
  isHinting: boolean;
}

function describe(issue: Issue, { body, schema, isHinting }: Described): FieldError[] {
  const at = (detail: SchemaText, code: PlaceCode = 'invalid'): FieldError[] => {
    const own = typeof detail === 'string' ? undefined : detail.code;
    const words = typeof detail === 'string' ? detail : { en: detail.en, it: detail.it };
    return [{ pointer: toPointer(issue.path), code: own ?? code, detail: words }];
  };
  const value = valueAt(body, issue.path);
  const own = ownText(issue);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = namesAt(schema, issue.path);
      return issue.keys.map((key, index) => {
        const meant = isHinting && index < MAX_ERRORS ? meantBy(key, known) : undefined;
        const pointer = toPointer([...issue.path, key]);
        const refusal = meant === undefined ? undefined : refusalOf(meant, schema, issue.path);
        return refusal ? { ...refusal, pointer } : unknownProperty(pointer, key, meant);
      });
    }
    case 'invalid_type':
      if (value === undefined) return at(REQUIRED, 'required');
      if (own !== undefined) return at(own, 'wrong-type');
      if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY)
        return at(TOO_LARGE, 'out-of-range');
      return at(wrongType(issue.expected, value, whereNull(value, issue.path, schema)), 'wrong-type');
    case 'invalid_value': {
      if (value === undefined) return at(REQUIRED, 'required');
      // As in JSON: `true` is no text.
      const named = issue.values.map((each) => JSON.stringify(each)).join(', ');
      const hint = hintTo(isHinting ? meantBy(value, issue.values.filter(isText)) : undefined);
      const words = {
        en: `Must be one of ${named}.${hint.en}`,
        it: `Deve essere uno tra ${named}.${hint.it}`,
      };
      return at(words, 'not-one-of-these');
    }
    case 'too_small':
      return at(own ?? atLeast(issue.origin, issue.minimum), sizeCode(issue.origin));
    case 'too_big':
      return at(own ?? atMost(issue.origin, issue.maximum), sizeCode(issue.origin));
    case 'invalid_union':
      if (value === undefined) return at(REQUIRED, 'required');
      return at(own ?? NONE_OF_THEM);
    default:
      return at(own ?? WRONG);
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

const WRONG: Sentence = { en: 'Is not valid.', it: 'Non è valido.' };
const NONE_OF_THEM: Sentence = {
  en: 'Has none of the forms that it may have.',
  it: 'Non ha nessuna delle forme che può avere.',
};

/** What to do with a `null`. Where it counts as left out, it does not come so far. */
function whereNull(value: unknown, path: Path, schema: z.ZodMiniType | undefined): Sentence {
  if (value !== null || path.length === 0) return NO_HINT;
  return canBeLeftOut(schema, path)
    ? { en: ': leave it out', it: ': ometterlo' }
    : { en: ': this property is required', it: ': questa proprietà è obbligatoria' };
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
const TOO_LARGE: Sentence = { en: 'This number is too large.', it: 'Questo numero è troppo grande.' };

const TYPE_NAMES: Record<string, Sentence> = {
  string: { en: 'a string', it: 'un testo' },
  number: { en: 'a number', it: 'un numero' },
  int: { en: 'a whole number', it: 'un numero intero' },
  boolean: { en: 'true or false', it: 'true o false' },
  array: { en: 'an array', it: 'un elenco' },
  object: { en: 'an object', it: 'un oggetto' },
  record: { en: 'an object', it: 'un oggetto' },
};

const same = (word: string): Sentence => ({ en: word, it: word });

function wrongType(expected: string, value: unknown, end: Sentence): Sentence {
  const wanted = TYPE_NAMES[expected] ?? same(expected);
  const given = typeName(value, expected);
  return {
    en: `Must be ${wanted.en}, not ${given.en}${end.en}.`,
    it: `Deve essere ${wanted.it}, non ${given.it}${end.it}.`,
  };
}

function typeName(value: unknown, expected: string): Sentence {
  if (value === null || typeof value === 'boolean') return same(String(value));
  if (expected === 'int' && typeof value === 'number') return { en: 'a fraction', it: 'uno con decimali' };
  const type = Array.isArray(value) ? 'array' : typeof value;
  return TYPE_NAMES[type] ?? same(type);
}

function sizeCode(origin: string): PlaceCode {
  return origin === 'string' || origin === 'array' ? 'wrong-length' : 'out-of-range';
}

function atLeast(origin: string, minimum: number | bigint): Sentence {
  if (origin === 'string')
    return minimum === 1
      ? { en: 'Must not be empty.', it: 'Non deve essere vuoto.' }
      : {
          en: `Must have at least ${minimum} characters.`,
          it: `Deve avere almeno ${minimum} caratteri.`,
        };
  if (origin === 'array')
    return {
      en: `Must have at least ${minimum} ${minimum === 1 ? 'entry' : 'entries'}.`,
      it: `Deve avere almeno ${minimum} ${minimum === 1 ? 'elemento' : 'elementi'}.`,
    };
  return { en: `Must be at least ${minimum}.`, it: `Deve essere almeno ${minimum}.` };
}

function atMost(origin: string, maximum: number | bigint): Sentence {
  if (origin === 'string')
    return {
      en: `Must have at most ${maximum} characters.`,
      it: `Deve avere al massimo ${maximum} caratteri.`,
    };
  if (origin === 'array')
    return { en: `Must have at most ${maximum} entries.`, it: `Deve avere al massimo ${maximum} elementi.` };
  return { en: `Must be at most ${maximum}.`, it: `Deve essere al massimo ${maximum}.` };
}

/** A property name of our schemas, a language, or an index of an array. */
const NAME = /^(?:[a-z][A-Za-z]{0,30}|[a-z]{2,3}-[A-Za-z0-9-]{2,10}|\d{1,6})$/;

/**
 * The places of the errors in a form that may be logged. A property that is not in our schemas has a name chosen by the
 * caller, which may be anything: it becomes `?`.
 */
export function loggablePointers(errors: FieldError[]): string[] {
  return errors.map(({ pointer, code }) => {
    const names = pointer.split('/').slice(1);
    if (code === 'unknown-property' || code === 'unknown-parameter') names[names.length - 1] = '?';
    return names.map((name) => `/${NAME.test(name) ? name : '?'}`).join('');
  });
}
