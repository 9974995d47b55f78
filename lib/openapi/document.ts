import * as z from 'zod/mini';
import { type Problem, TITLES } from '../http/problems.ts';
import type { Caller } from '../http/route.ts';
import { toComponents, toSchema } from './components.ts';
import { INTRODUCTION, PATH_PARAMETERS, SECURITY_SCHEMES, TAGS } from './frame.ts';
import { GATEWAY_RESPONSES, gatewayComponents, gatewayContent } from './gateway.ts';
import type { Json, JsonObject } from './json.ts';
import { type Answer, isTagged, type Operation } from './operation.ts';
import { COMMON_PROBLEMS, problemBody, problemsOf } from './problems.ts';
import { text } from './schemas.ts';

export interface OpenApi {
  openapi: string;
  paths: Record<string, Record<string, JsonObject>>;
  [name: string]: unknown;
}

/** The whole document, OpenAPI 3.1. */
export function openApiDocument(operations: Operation[], version: string): OpenApi {
  const paths: OpenApi['paths'] = {};
  for (const operation of inOrder(operations)) {
    const methods = { ...paths[operation.path], [operation.method.toLowerCase()]: toOperation(operation) };
    paths[operation.path] = methods;
  }
  return {
    openapi: '3.1.1',
    info: { title: 'passweb-telegram', version, description: INTRODUCTION },
    servers: [{ url: '/', description: 'The deployment that serves this document' }],
    tags: TAGS,
    paths,
    components: {
      schemas: toComponents(),
      responses: Object.fromEntries([
        ...[...COMMON_PROBLEMS].map(([name, problem]) => [name, toProblemResponse([problem])]),
        ...gatewayComponents(),
      ]),
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}

/** By tag, with the DELETE operations last in each. */
function inOrder(operations: Operation[]): Operation[] {
  const tags = TAGS.map(({ name }) => name);
  const place = ({ tag, method }: Operation) => 2 * tags.indexOf(tag) + (method === 'DELETE' ? 1 : 0);
  return operations.toSorted((one, other) => place(one) - place(other));
}

const SECURITY: Record<Caller, Json> = {
  site: [{ siteKey: [] }],
  platform: [{ platformKey: [] }],
  'site-or-platform': [{ siteKey: [] }, { platformKey: [] }],
  telegram: [{ telegramSecret: [] }],
  manager: [{ telegramSecret: [] }],
  everybody: [],
};

function toOperation(operation: Operation): JsonObject {
  const { id, tag, summary, description, caller } = operation;
  const parameters = [...pathParameters(operation), ...queryParameters(operation), ...headers(operation)];
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description && { description }),
    security: SECURITY[caller],
    ...(parameters.length > 0 && { parameters }),
    ...toRequestBody(operation),
    responses: toResponses(operation),
  };
}

function pathParameters({ path }: Operation): Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => {
    const known = PATH_PARAMETERS[name];
    if (!known) throw new Error(`Nothing is said of the path parameter ${name}.`);
    return { name, in: 'path', required: true, ...known };
  });
}

function queryParameters({ routeKey, query, parameters = {} }: Operation): Json[] {
  const declared = query instanceof z.ZodMiniObject ? (query.def.shape as Record<string, z.ZodMiniType>) : {};
  if (query && Object.keys(parameters).join() !== Object.keys(declared).join()) {
    throw new Error(`What is said of the query of ${routeKey} is not what the route declares.`);
  }
  return Object.entries(parameters).map(
    ([name, { description, example, isOptional = false, schema: shown }]) => {
      const schema = declared[name] ?? (isOptional ? z.optional(text) : text);
      const required = !schema.safeParse(undefined).success;
      const words = { description, schema: shown ?? toSchema(schema), example };
      return { name, in: 'query', ...(required && { required }), ...words };
    },
  );
}

function headers(operation: Operation): Json[] {
  const { ifMatch, makesNew } = operation;
  return [
    ...(ifMatch
      ? [
          header('If-Match', {
            description:
              'The `ETag` of an earlier answer: the change is made only if nobody has changed it since.',
            example: '"7"',
          }),
        ]
      : []),
    ...(makesNew
      ? [
          header('If-None-Match', {
            description: '`*`: it is made only if there is none yet.',
            example: '*',
          }),
        ]
      : []),
    ...(isTagged(operation)
      ? [
          header('If-None-Match', {
            description: 'The `ETag` of an earlier answer: if it is still that version, the answer is 304.',
            example: '"7"',
          }),
        ]
      : []),
  ];
}

/** One entity tag or more, or `*` (RFC 9110, section 13.1). */
const ENTITY_TAGS = {
  type: 'string',
  pattern: '^(?:\\*|(?:(?:W/)?"[!#-~]*"(?:, ?(?:W/)?"[!#-~]*")*)?)$',
};

function header(name: string, words: { description: string; example: string }): Json {
  return { name, in: 'header', ...words, schema: ENTITY_TAGS };
}

const NOT_MODIFIED = { status: 304, description: 'It is what `If-None-Match` names: no content' };

function toRequestBody({ body, bodyOptional, examples = {} }: Operation): JsonObject {
  if (!body) return {};
  const named = Object.entries(examples).map(([name, value]) => [name, { value: value as Json }]);
  const content = { schema: toSchema(body), examples: Object.fromEntries(named) };
  return { requestBody: { required: !bodyOptional, content: { 'application/json': content } } };
}

function toResponses(operation: Operation): JsonObject {
  const problems = Map.groupBy(problemsOf(operation), ({ status }) => status);
  return Object.fromEntries([
    ...Object.entries(GATEWAY_RESPONSES).map(([status, name]) => [status, referenceTo(name)]),
    ...[...operation.answers, ...(isTagged(operation) ? [NOT_MODIFIED] : [])].map(
      (answer) => [String(answer.status), toResponse(answer)] as const,
    ),
    ...[...problems]
      .sort(([one], [other]) => one - other)
      .map(([status, alike]) => [String(status), commonOrOwn(alike)] as const),
  ]);
}

function toResponse({
  description,
  schema,
  example,
  headers = {},
  type = 'application/json',
  also = {},
}: Answer): JsonObject {
  const fields = Object.entries(headers).map(
    ([name, { description, example, schema = { type: 'string' } }]) => {
      return [name, { description, schema, example }] as const;
    },
  );
  const content = schema && {
    [type]: { schema: toSchema(schema), ...(example !== undefined && { example: example as Json }) },
    ...Object.fromEntries(
      Object.entries(also).map(([other, { schema: form, example: shown }]) => [
        other,
        { schema: toSchema(form), example: shown as Json },
      ]),
    ),
  };
  return {
    description,
    ...(fields.length > 0 && { headers: Object.fromEntries(fields) }),
    ...(content && { content }),
  };
}

function commonOrOwn(problems: Problem[]): JsonObject {
  const [name] =
    [...COMMON_PROBLEMS].find(([, common]) => problems.length === 1 && problems[0] === common) ?? [];
  return name ? referenceTo(name) : toProblemResponse(problems);
}

function referenceTo(response: string): JsonObject {
  return { $ref: `#/components/responses/${response}` };
}

/** The header fields of error answers. */
const PROBLEM_HEADERS: Record<string, { description: string; isNumber?: boolean }> = {
  'retry-after': { description: 'After how many seconds to send the same request again', isNumber: true },
  'www-authenticate': { description: 'How the key is sent' },
  'accept-encoding': { description: 'How a body may be encoded' },
  allow: { description: 'The methods that the path takes' },
  etag: { description: 'The version that is there now' },
  vary: { description: 'The header fields of the request that the answer depends on' },
  'content-language': { description: 'The language of `title` and `detail`' },
};

/** The problems of one status, as one response: the title is common, and each problem is an example. */
function toProblemResponse(problems: Problem[]): JsonObject {
  const names: Record<string, string> = Object.assign({}, ...problems.map(({ headers }) => headers));
  const headers = Object.entries(names).map(([name, example]) => {
    const { isNumber = false, description } = PROBLEM_HEADERS[name] ?? {};
    if (description === undefined) throw new Error(`Nothing is said of the header field ${name}.`);
    const schema: Json = isNumber ? { type: 'integer', minimum: 0 } : { type: 'string' };
    return [
      headerName(name),
      { description, schema, example: isNumber ? Number(example) : example },
    ] as const;
  });
  const examples = Object.fromEntries(
    problems.map((problem, index) => [
      index === 0 ? 'problem' : `problem${index + 1}`,
      { value: problemBody(problem) },
    ]),
  );
  return {
    description: problems[0] ? TITLES[problems[0].status].en : '',
    ...(headers.length > 0 && { headers: Object.fromEntries(headers) }),
    content: {
      'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' }, examples },
      ...gatewayContent(problems[0]?.status ?? 0),
    },
  };
}

/** The usual spelling of a header name, such as `Retry-After`. */
function headerName(name: string): string {
  if (name === 'etag') return 'ETag';
  if (name === 'www-authenticate') return 'WWW-Authenticate';
  return name.replace(/(?:^|-)[a-z]/g, (letter) => letter.toUpperCase());
}
