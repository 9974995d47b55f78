import * as z from 'zod/mini';
import type { Route } from '../http/route.ts';
import { linkOf } from '../http/schemas.ts';
import type { Json, JsonObject } from './json.ts';
import { describeProperties, WORDS } from './words.ts';

/** The description of a schema and of its properties. */
interface Words {
  description?: string;
  properties?: Record<string, string>;
  /** Another component that it has the properties of: what words.ts says of them holds here too. */
  alike?: string;
  /** Further keywords of JSON Schema that zod does not produce. */
  more?: Record<string, Json>;
}

interface Component extends Words {
  id: string;
}

/** A schema, or a function that makes one from the schema of a site's links. */
type Declared = NonNullable<Route['body']>;

const components = new Map<z.ZodMiniType, Component>();

/** The schemas made with the links of the example site. */
const made = new Map<Declared, z.ZodMiniType>();

/** Names a schema in the components of the document: API clients generate a type from it. */
export function named<Schema extends Declared>(id: string, schema: Schema, words: Words = {}): Schema {
  components.set(schemaOf(schema), { id, ...words });
  return schema;
}

const LINK = named('Link', linkOf('https://shop.example'), {
  description:
    "An `https` link on the site's own host or a subdomain of it (`http` too for a site whose own address is `http`)",
  more: { format: 'uri' },
});

/** The schema itself, or the one made with the links of the example site: always the same object. */
export function schemaOf(declared: Declared): z.ZodMiniType {
  if (typeof declared !== 'function') return declared;
  const schema = made.get(declared) ?? declared(LINK);
  made.set(declared, schema);
  return schema;
}

/**
 * The named schemas as components of an OpenAPI document, in JSON Schema draft 2020-12, which OpenAPI 3.1 uses. A named
 * schema inside another becomes a `$ref`.
 */
export function toComponents(all = components): Record<string, Json> {
  const registry = z.registry<Component>();
  for (const [schema, component] of all) registry.add(schema, component);
  const { schemas } = z.toJSONSchema(registry, {
    uri: (id) => reference(id),
    io: 'input',
    override: ({ jsonSchema }) => tidy(jsonSchema as JsonObject),
  });
  return Object.fromEntries(
    [...all.values()]
      .map((component) => [component.id, finished(schemas[component.id] as JsonObject, component)] as const)
      .sort(([one], [other]) => one.localeCompare(other)),
  );
}

/** A `$ref` for a named schema; for any other the schema itself, with a `$ref` for each named one inside. */
export function toSchema(schema: z.ZodMiniType): Json {
  const component = components.get(schema);
  if (component) return { $ref: reference(component.id) };
  const here = '-';
  return toComponents(new Map([...components, [schema, { id: here }]]))[here] ?? {};
}

function reference(id: string): string {
  return `#/components/schemas/${id}`;
}

/**
 * Removes keywords that are of no use to a reader: the pattern if there is a format, and the limits of JavaScript's
 * safe integers. Numbers say how many bits they may need: other languages than JavaScript have several kinds.
 */
function tidy(schema: JsonObject): void {
  if (schema.format !== undefined) delete schema.pattern;
  if (schema.type !== 'integer') return;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  schema.format ??= isSmall(schema) ? 'int32' : 'int64';
}

/** Whether every number that it allows has 32 bits. */
function isSmall({ minimum = 0, maximum = Number.POSITIVE_INFINITY }: JsonObject): boolean {
  return Number(minimum) >= -(2 ** 31) && Number(maximum) < 2 ** 31;
}

function finished(
  { $schema: _, $id: __, ...schema }: JsonObject,
  { id, description, properties = {}, alike = id, more = {} }: Component,
): Json {
  const known = (schema.properties ?? {}) as Record<string, JsonObject>;
  for (const [name, text] of Object.entries(properties)) {
    const property = known[name];
    if (!property) throw new Error(`A property ${name} is described that the schema does not have.`);
    property.description = text;
  }
  const words = description ?? WORDS[id];
  const described = { ...(words && { description: words }), ...schema, ...more };
  describeProperties(described, [alike]);
  return described;
}
