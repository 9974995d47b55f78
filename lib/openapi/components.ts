import * as z from 'zod/mini';
import type { Json } from './operation.ts';

/** A schema's name among the components, and what is said of it and of its properties. */
export interface Named {
  id: string;
  description?: string;
  properties?: Record<string, string>;
  /** Further words of JSON Schema that zod's own rules don't come out as. */
  more?: Record<string, Json>;
}

type JsonObject = { [name: string]: Json };

/**
 * The schemas as components of an OpenAPI document: JSON Schema, draft 2020-12, as OpenAPI 3.1 takes it. A schema that
 * stands in another is referred to by its name.
 */
export function toComponents(named: Map<z.ZodMiniType, Named>): Record<string, Json> {
  const registry = z.registry<Named>();
  for (const [schema, meta] of named) registry.add(schema, meta);
  const { schemas } = z.toJSONSchema(registry, {
    uri: (id) => reference(id),
    io: 'input',
    override: ({ jsonSchema }) => tidy(jsonSchema as JsonObject),
  });
  const metas = [...named.values()];
  return Object.fromEntries(
    metas
      .map((meta) => [meta.id, finished(schemas[meta.id] as JsonObject, meta)] as const)
      .sort(([one], [other]) => one.localeCompare(other)),
  );
}

/** A schema that has no name of its own, with references to those that have. */
export function toSchema(schema: z.ZodMiniType, named: Map<z.ZodMiniType, Named>): Json {
  const meta = named.get(schema);
  if (meta) return { $ref: reference(meta.id) };
  const here = '-';
  const all = toComponents(new Map([...named, [schema, { id: here }]]));
  return all[here] ?? {};
}

function reference(id: string): string {
  return `#/components/schemas/${id}`;
}

/** Takes out what says nothing to a reader: patterns of what has a format, and the limits of JavaScript's whole numbers. */
function tidy(schema: JsonObject): void {
  if (schema.format !== undefined) delete schema.pattern;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
}

function finished(
  { $schema: _, $id: __, ...schema }: JsonObject,
  { description, properties = {}, more = {} }: Named,
): Json {
  const known = (schema.properties ?? {}) as Record<string, JsonObject>;
  for (const [name, text] of Object.entries(properties)) {
    const property = known[name];
    if (!property) throw new Error(`A property ${name} is described that the schema does not have.`);
    property.description = text;
  }
  return { ...(description && { description }), ...schema, ...more };
}
