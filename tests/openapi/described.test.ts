/**
 * docs/openapi.json says what everything in it means. Each rule is found mechanically, so it holds for every operation,
 * also for those that are still to come. Where one is broken, the name of the place says which.
 *
 * A property is described by its name in lib/openapi/words.ts, or where its schema is named; a component where it is named; a
 * parameter and a header field beside the route.
 */
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { WORDS } from '../../lib/openapi/words.ts';

import { type Media, OpenApiSchemas, type Schema } from '../support/openapi-schemas.ts';

interface Field {
  description?: string;
  schema: Schema;
  example?: unknown;
}
interface Parameter extends Field {
  name: string;
  in: string;
}
interface Response {
  $ref?: string;
  description?: string;
  headers?: Record<string, Field>;
  content?: Record<string, Media>;
}
interface Operation {
  operationId: string;
  summary?: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, Response>;
}

let schemas: OpenApiSchemas;
let operations: Operation[];
let responses: [string, Response][];
let components: Record<string, Schema>;
beforeAll(async () => {
  const document = JSON.parse(await readFile('docs/openapi.json', 'utf8'));
  schemas = new OpenApiSchemas(document);
  components = document.components.schemas;
  operations = Object.values<Record<string, Operation>>(document.paths).flatMap((path) =>
    Object.values(path),
  );
  responses = [
    ...Object.entries<Response>(document.components.responses),
    ...operations.flatMap(({ operationId, responses }) =>
      Object.entries(responses).map(([status, response]) => [`${operationId} ${status}`, response] as const),
    ),
  ].filter(([, { $ref }]) => $ref === undefined) as [string, Response][];
});

/** The fields of requests and answers outside the bodies, each with its place. */
const fields = (): [string, Field][] => [
  ...operations.flatMap(({ operationId, parameters = [] }) =>
    parameters.map((field): [string, Field] => [`${operationId}: ${field.in} ${field.name}`, field]),
  ),
  ...responses.flatMap(([place, { headers = {} }]) =>
    Object.entries(headers).map(([name, field]): [string, Field] => [`${place}: header ${name}`, field]),
  ),
];

/** All bodies of requests and answers, each with its place. */
const bodies = (): [string, Media][] =>
  [
    ...operations.map(({ operationId, requestBody }) => [operationId, requestBody?.content] as const),
    ...responses.map(([place, { content }]) => [place, content] as const),
  ].flatMap(([place, content = {}]) =>
    Object.entries(content).map(([type, media]): [string, Media] => [`${place} ${type}`, media]),
  );

/** Every property of a named schema, or of one in a body that has no name. */
const properties = (): [string, Schema][] =>
  [...Object.entries(components), ...bodies().map(([place, { schema }]) => [place, schema] as const)].flatMap(
    ([name, schema]) => schemas.propertiesWithin(name, schema),
  );

/** The schemas of what callers send, with all that is inside them. */
function sentSchemas(): [string, Schema][] {
  const all = new Map<string, Schema>();
  for (const { operationId, parameters = [], requestBody } of operations) {
    const bodies = Object.values(requestBody?.content ?? {}).map(
      ({ schema }) => [operationId, schema] as const,
    );
    const others = parameters.map(({ name, schema }) => [`${operationId}: ${name}`, schema] as const);
    for (const [place, schema] of [...bodies, ...others])
      for (const [path, inside] of schemas.within(place, schema)) all.set(path, inside);
  }
  return [...all];
}

describe('described', () => {
  test('every component and every property', () => {
    const isSilent = (schema: Schema) =>
      (schema.description ?? schemas.resolved(schema).description ?? '') === '';
    const silent = [...Object.entries(components), ...properties()].filter(([, schema]) => isSilent(schema));
    expect(silent.map(([path]) => path)).toEqual([]);
  });

  test('every parameter, every header field, every answer, every operation', () => {
    const silent = [
      ...[...fields(), ...responses].filter(([, { description }]) => !description).map(([place]) => place),
      ...operations.filter(({ summary }) => !summary).map(({ operationId }) => operationId),
    ];
    expect(silent).toEqual([]);
  });

  test('by words that something has', () => {
    const paths = [...Object.entries(components), ...properties()].map(
      ([path]) => `.${path.replaceAll(/\[\]|\|\d+/g, '')}`,
    );
    const unused = Object.keys(WORDS).filter((word) => !paths.some((path) => path.endsWith(`.${word}`)));
    expect(unused).toEqual([]);
  });
});

describe('limited', () => {
  test('every text that a caller sends has a format, a pattern, or a greatest length', () => {
    const limits = ['enum', 'const', 'format', 'pattern', 'maxLength'];
    const unlimited = sentSchemas()
      .filter(([, schema]) => schema.type === 'string' && !limits.some((limit) => limit in schema))
      .map(([path]) => path);
    expect(unlimited).toEqual([]);
  });

  test('every list that a caller sends has a greatest length', () => {
    const unlimited = sentSchemas()
      .filter(([, schema]) => schema.type === 'array' && !('maxItems' in schema))
      .map(([path]) => path);
    expect(unlimited).toEqual([]);
  });

  test('every number says how many bits it may need, or how large it may be', () => {
    const all = [
      ...sentSchemas(),
      ...Object.entries(components).flatMap(([name, schema]) => schemas.within(name, schema)),
    ];
    const unlimited = all
      .filter(
        ([, schema]) =>
          (schema.type === 'integer' && !('format' in schema) && !('maximum' in schema)) ||
          (schema.type === 'number' && !('minimum' in schema) && !('format' in schema)),
      )
      .map(([path]) => path);
    expect(unlimited).toEqual([]);
  });

  test('a number is a number, also in an address and in a header field', () => {
    const digitsOnly = (pattern: unknown) =>
      typeof pattern === 'string' && /^[\^$?:()|\\d[\]0-9{},+*-]+$/.test(pattern);
    const texts = fields().filter(
      ([, { schema, example }]) =>
        schema.type === 'string' && digitsOnly(schema.pattern) && /^-?\d+$/.test(String(example)),
    );
    expect(texts.map(([place]) => place)).toEqual([]);
  });
});

describe('an example, which the schema allows:', () => {
  test('every parameter and every header field', () => {
    const wrong = fields().flatMap(([place, { schema, example }]) =>
      example === undefined
        ? [`${place}: none`]
        : schemas.errorsOf(schema, example).map((error) => `${place}: ${error}`),
    );
    expect(wrong).toEqual([]);
  });

  test('every body, sent or answered', () => {
    expect(bodies().length).toBeGreaterThan(100);
    const wrong = bodies().flatMap(([place, media]) => {
      const examples = schemas.examplesOf(media);
      if (examples.length === 0) return [`${place}: none`];
      return examples.flatMap((example) =>
        schemas.errorsOf(media.schema, example).map((error) => `${place}: ${error}`),
      );
    });
    expect(wrong).toEqual([]);
  });
});
