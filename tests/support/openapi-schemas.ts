/** The schemas of docs/openapi.json, as an independent validator of JSON Schema reads them. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

export type Schema = {
  $ref?: string;
  type?: string;
  description?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  pattern?: string;
  format?: string;
  [keyword: string]: unknown;
};

export interface Media {
  schema: Schema;
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}

/** The keywords whose value is a schema, and those whose value is a list of them. */
const INNER = ['items', 'additionalProperties', 'propertyNames'] as const;
const ALTERNATIVES = ['anyOf', 'oneOf', 'allOf'] as const;

export class OpenApiSchemas {
  readonly #components: Record<string, Schema>;
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });

  constructor(document: { components: { schemas: Record<string, Schema> } }) {
    this.#components = document.components.schemas;
    addFormats.default(this.#ajv);
    // In a range the formats are a promise to generators, not a check.
    this.#ajv.addFormat('int32', { type: 'number', validate: (value) => Number.isInteger(value) });
    this.#ajv.addFormat('int64', { type: 'number', validate: (value) => Number.isInteger(value) });
    this.#ajv.addSchema({ $id: 'openapi:', components: document.components });
  }

  /** What is wrong with the value, each with its place; none where the schema allows it. */
  errorsOf(schema: Schema, value: unknown): string[] {
    const whole = JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"openapi:#/components/'));
    const validate = this.#ajv.compile(whole);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || '/'} ${message}`);
  }

  examplesOf({ example, examples = {} }: Media): unknown[] {
    return [
      ...(example === undefined ? [] : [example]),
      ...Object.values(examples).map(({ value }) => value),
    ];
  }

  /** The named schema that it refers to, or itself. */
  resolved(schema: Schema): Schema {
    const name = schema.$ref?.split('/').at(-1);
    return name === undefined
      ? schema
      : this.resolved({
          ...this.#components[name],
          description: schema.description ?? this.#components[name]?.description,
        });
  }

  /** Every property in the schema, but not in the named ones that it refers to, with its path. */
  propertiesWithin(path: string, schema: Schema): [string, Schema][] {
    return this.#within(path, schema, false).filter(([, , isProperty]) => isProperty) as unknown as [
      string,
      Schema,
    ][];
  }

  /** The schema and all schemas in it, also in the named ones that it refers to, with their paths. */
  within(path: string, schema: Schema): [string, Schema][] {
    return this.#within(path, schema, true) as unknown as [string, Schema][];
  }

  #within(path: string, schema: Schema, follows: boolean, isProperty = false): [string, Schema, boolean][] {
    if (schema.$ref && follows)
      return this.#within(schema.$ref.split('/').at(-1) ?? '', this.resolved(schema), true);
    const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null;
    return [
      [path, schema, isProperty],
      ...Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
        this.#within(`${path}.${name}`, property, follows, true),
      ),
      ...INNER.flatMap((keyword) => {
        const inner = schema[keyword];
        return isSchema(inner) ? this.#within(`${path}[]`, inner, follows) : [];
      }),
      ...ALTERNATIVES.flatMap((keyword) =>
        ((schema[keyword] ?? []) as Schema[]).flatMap((one, index) =>
          this.#within(`${path}|${index}`, one, follows),
        ),
      ),
    ];
  }
}
