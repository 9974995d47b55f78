/**
 * Values that are valid for a JSON Schema of `docs/openapi.json`, with strange contents where the schema allows any.
 */
import fc from 'fast-check';
import { POOLS } from './pools.ts';
import { text } from './values.ts';

/** The part of JSON Schema that zod writes. */
export interface JsonSchema {
  $ref?: string;
  type?: string;
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  minItems?: number;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
}

/** The named schemas, to which others refer: `components.schemas`. */
export type Components = Record<string, JsonSchema>;

/** Enough to contain the same person twice; the limits themselves are tested elsewhere. */
const MAX_ITEMS = 4;

/** @param name of the property that holds the value: it tells more about the meaning than the schema. */
export function valuesOf(schema: JsonSchema, components: Components, name = ''): fc.Arbitrary<unknown> {
  const inner = (part: JsonSchema) => valuesOf(part, components, name);
  if (schema.$ref !== undefined) {
    const referred = components[schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)];
    if (!referred) throw new Error(`There is no schema ${schema.$ref}.`);
    return inner(referred);
  }
  const isAnyOf = schema.anyOf !== undefined && POOLS[name] === undefined;
  if (isAnyOf) return fc.oneof(...(schema.anyOf ?? []).map(inner));
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.const !== undefined) return fc.constant(schema.const);
  switch (schema.type) {
    case 'object':
      return objectsOf(schema, components, name);
    case 'array':
      return fc.array(inner(schema.items ?? {}), { minLength: schema.minItems ?? 0, maxLength: MAX_ITEMS });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'integer':
      return wholeNumbers(schema);
    case 'number':
      return fc.double({ min: schema.minimum ?? -1e9, max: schema.maximum ?? 1e9, noNaN: true });
    default:
      return textsOf(schema, name);
  }
}

function objectsOf(
  { properties = {}, required = [], additionalProperties }: JsonSchema,
  components: Components,
  name: string,
): fc.Arbitrary<object> {
  const known = fc.record(
    Object.fromEntries(
      Object.entries(properties).map(([key, inner]) => [key, valuesOf(inner, components, key)]),
    ),
    { requiredKeys: required },
  );
  if (typeof additionalProperties !== 'object' || Object.keys(additionalProperties).length === 0)
    return known;
  const others = fc.dictionary(
    POOLS[`${name} names`] ?? text,
    valuesOf(additionalProperties, components, name),
    { maxKeys: MAX_ITEMS, noNullPrototype: true },
  );
  return fc.tuple(others, known).map(([more, fields]) => ({ ...more, ...fields }));
}

function wholeNumbers({ minimum, maximum }: JsonSchema): fc.Arbitrary<number> {
  const min = minimum ?? Number.MIN_SAFE_INTEGER;
  const max = maximum ?? Number.MAX_SAFE_INTEGER;
  return fc.oneof(
    fc.integer({ min, max: Math.min(max, min + 2_000) }),
    fc.integer({ min, max }),
    fc.constantFrom(min, max),
  );
}

function textsOf({ minLength = 0, maxLength }: JsonSchema, name: string): fc.Arbitrary<string> {
  const pool = POOLS[name];
  const free = text.map((value) => (value.length < minLength ? 'x' : value.slice(0, maxLength)));
  return pool ? fc.oneof({ weight: 9, arbitrary: pool }, { weight: 1, arbitrary: free }) : free;
}
