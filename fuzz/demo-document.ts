/**
 * docs/openapi.json, as it holds for the demo site. It says for the programs that read it what the introduction of the document
 * says for people, and what depends on the site: JSON Schema could say it too, but nobody could read it then.
 */

type Schema = {
  type?: string;
  $ref?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  [keyword: string]: unknown;
};
interface Operation {
  requestBody?: { content: Record<string, { schema: Schema }> };
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** "Empty properties": `null`, or a text that shows nothing, counts as absent. */
const EMPTY = [{ type: 'null' }, { type: 'string', pattern: '^[\\u0000-\\u0020\\u007f-\\u00a0\\u00ad]*$' }];

/** Links lead to the demo shop. */
const LINK = {
  type: 'string',
  maxLength: 2048,
  pattern: '^https://(?:[a-z0-9]{1,20}\\.)?shop\\.example(?:/[a-z0-9-]{0,40}){0,4}$',
};

/** Of all languages that there are, some; Ghotuo among them, because `AAA` is what is sent as no language. */
const LANGUAGE = { type: 'string', enum: ['it', 'en', 'en-GB', 'de', 'pt-BR', 'zh-Hant', 'AAA'] };

export function documentForTheDemoSite(document: Document): Document {
  const { schemas } = document.components;
  const bodies = Object.values(document.paths)
    .flatMap((methods) => Object.values(methods))
    .flatMap(({ requestBody }) => Object.values(requestBody?.content ?? {}).map(({ schema }) => schema));
  // An empty name of a group is no group.
  for (const name of ['Person', 'Recipient', 'CartRecipient', 'LinkBody']) {
    const groups = schemas[name]?.properties?.groups;
    if (groups) groups.items = { anyOf: [groups.items, ...EMPTY] };
  }
  const seen = new Set<Schema>();
  for (const body of bodies) allowEmpty(body, schemas, seen);
  return {
    ...document,
    components: { ...document.components, schemas: { ...schemas, Link: LINK, Language: LANGUAGE } },
  };
}

/** In all objects that the schema leads to. */
function allowEmpty(schema: Schema, schemas: Record<string, Schema>, seen: Set<Schema>): void {
  if (seen.has(schema)) return;
  seen.add(schema);
  const named = schema.$ref && schemas[schema.$ref.split('/').at(-1) ?? ''];
  if (named) allowEmpty(named, schemas, seen);
  const { additionalProperties: others } = schema;
  if (typeof others === 'object' && others !== null && !schema.properties) {
    schema.additionalProperties = { anyOf: [others, { type: 'null' }] };
  }
  for (const keyword of ['anyOf', 'oneOf', 'allOf'])
    for (const one of (schema[keyword] ?? []) as Schema[]) allowEmpty(one, schemas, seen);
  if (typeof schema.items === 'object' && schema.items !== null)
    allowEmpty(schema.items as Schema, schemas, seen);
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    allowEmpty(property, schemas, seen);
    if (schema.properties && !schema.required?.includes(name))
      schema.properties[name] = { anyOf: [property, ...EMPTY] };
  }
}
