/** docs/openapi.json: what the schemas say, all that is deployed, and nothing else; its examples are true. */
import { readFile } from 'node:fs/promises';
import { STATUS_CODES } from 'node:http';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import type { Operation } from '../../lib/openapi/operation.ts';
import { allOperations, OPENAPI_FILE, openApiText } from '../../scripts/openapi.ts';
import { packagedResources } from '../support/package.ts';

type Responses = Record<
  string,
  { $ref?: string; content?: Record<string, { examples?: object; example?: unknown }> }
>;
type Document = {
  openapi: string;
  paths: Record<string, Record<string, { operationId: string; requestBody?: object; responses: Responses }>>;
  components: { responses: Responses };
};

let text: string;
let document: Document;
let operations: Operation[];
beforeAll(async () => {
  text = await readFile(OPENAPI_FILE, 'utf8');
  document = JSON.parse(text);
  operations = await allOperations();
});

const allResponses = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { responses }]) =>
      Object.entries(responses).map(([status, response]) => ({ path, method, status, response })),
    ),
  );

test('is what the schemas say: else run `npm run openapi`', async () => {
  expect(await openApiText()).toBe(text);
});

test('is valid OpenAPI 3.1', async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(JSON.parse(text));
  expect(errors).toBeUndefined();
  expect(valid).toBe(true);
  expect(validator.version).toBe('3.1');
});

test("a problem's title is the phrase of its status (RFC 9457, 4.2.1)", () => {
  // RFC 9110 gave 413 a new name, which Node does not use yet.
  const phrases: Record<string, string | undefined> = { ...STATUS_CODES, 413: 'Content Too Large' };
  const all = [
    ...allResponses().map(({ response }) => response),
    ...Object.values(document.components.responses),
  ];
  const problems = all.flatMap(({ content }) =>
    Object.values(content?.['application/problem+json']?.examples ?? {}).map(({ value }) => value),
  );
  expect(problems.length).toBeGreaterThan(0);
  for (const { type, status, title } of problems) {
    expect(type).toBe('about:blank');
    expect({ status, title }).toEqual({ status, title: phrases[status] });
  }
});

test('has every route that is deployed, and no other', async () => {
  const routes = Object.values(await packagedResources())
    .filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Route')
    .map(({ Properties }) => String((Properties as { RouteKey?: unknown }).RouteKey))
    // What is said of GET holds for HEAD.
    .filter((key) => key !== '$default' && !key.startsWith('HEAD '))
    // OpenAPI has no parameter that takes several segments.
    .map((key) => key.replace('+}', '}'));
  const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(documented.sort()).toEqual(routes.sort());
});

test('names each operation once', () => {
  const ids = operations.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

describe('examples', () => {
  test('every body has one that the API would take', () => {
    for (const { id, body, examples = {} } of operations) {
      if (!body) continue;
      expect([id, Object.keys(examples).length]).not.toEqual([id, 0]);
      for (const [name, example] of Object.entries(examples)) {
        expect([id, name, body.safeParse(example).error?.issues]).toEqual([id, name, undefined]);
      }
    }
  });

  test('every answer with a body has one, and it says all it should and no more', () => {
    for (const { id, answers } of operations) {
      for (const { status, schema, example } of answers) {
        if (!schema) continue;
        expect([id, status, schema.safeParse(example)]).toEqual([
          id,
          status,
          { success: true, data: example },
        ]);
      }
    }
  });

  test('every error has one', () => {
    const errors = allResponses().filter(({ status }) => Number(status) >= 400);
    expect(errors.length).toBeGreaterThan(100);
    for (const { path, method, status, response } of errors) {
      const { content = {} } = response.$ref
        ? (document.components.responses[response.$ref.split('/').at(-1) ?? ''] ?? {})
        : response;
      const [media] = Object.values(content);
      const examples = Object.values(media?.examples ?? {}) as { value?: { status?: number } }[];
      const isPage = media?.example !== undefined;
      expect([path, method, status, isPage || examples.length > 0]).toEqual([path, method, status, true]);
      for (const { value } of examples) expect(String(value?.status)).toBe(status);
    }
  });

  test("every operation that takes a site's key says what a site over its limit is answered, and when to come again", () => {
    const limited = operations.filter(({ caller }) => caller === 'site' || caller === 'site-or-platform');
    expect(limited.length).toBeGreaterThan(30);
    for (const { path, method } of limited)
      expect(document.paths[path]?.[method.toLowerCase()]?.responses).toMatchObject({
        429: { $ref: '#/components/responses/TooManyRequests' },
      });
    expect(document.components.responses.TooManyRequests).toMatchObject({
      headers: { 'Retry-After': { example: 5 } },
    });
  });

  test('every operation that asks for a key says what a wrong one is answered with', () => {
    for (const { path, method } of operations.filter(({ caller }) => caller !== 'everybody')) {
      expect(document.paths[path]?.[method.toLowerCase()]?.responses).toHaveProperty('401');
    }
  });
});
