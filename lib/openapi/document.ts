import type * as z from 'zod/mini';
import { type HttpProblem, invalidFields } from '../http/problem.ts';
import { type Named, toComponents, toSchema } from './components.ts';
import { INTRODUCTION, PATH_PARAMETERS, SECURITY_SCHEMES, TAGS } from './frame.ts';
import type { Answer, Body, Json, Operation, Parameter } from './operation.ts';
import { COMMON_PROBLEMS, commonProblems, problemBody } from './problems.ts';

type Names = Map<z.ZodMiniType, Named>;
type JsonObject = { [name: string]: Json };

export interface OpenApi {
  openapi: string;
  paths: Record<string, Record<string, JsonObject>>;
  [name: string]: unknown;
}

/** The whole document, OpenAPI 3.1. */
export function openApiDocument(operations: Operation[], names: Names, version: string): OpenApi {
  const paths: OpenApi['paths'] = {};
  for (const operation of operations) {
    paths[operation.path] ??= {};
    Object.assign(paths[operation.path] ?? {}, { [operation.method]: toOperation(operation, names) });
  }
  return {
    openapi: '3.1.1',
    info: { title: 'passweb-telegram', version, description: INTRODUCTION },
    servers: [{ url: '/', description: 'The deployment that serves this document' }],
    tags: TAGS,
    paths,
    components: {
      schemas: toComponents(names),
      responses: Object.fromEntries(
        [...COMMON_PROBLEMS].map(([name, problem]) => [name, toProblemResponse([problem])]),
      ),
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}

const SECURITY: Record<Operation['caller'], Json> = {
  site: [{ siteKey: [] }],
  platform: [{ platformKey: [] }],
  telegram: [{ telegramSecret: [] }],
  everybody: [],
};

function toOperation(operation: Operation, names: Names): JsonObject {
  const { id, tag, summary, description, caller, body } = operation;
  const parameters = parametersOf(operation, names);
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description && { description }),
    security: SECURITY[caller],
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: toRequestBody(body, names) }),
    responses: responsesOf(operation, names),
  };
}

function parametersOf({ path, query = [], ifMatch }: Operation, names: Names): Json[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => {
    const known = PATH_PARAMETERS[name];
    if (!known) throw new Error(`Nothing is said of the path parameter ${name}.`);
    return { name, in: 'path', required: true, ...known };
  });
  const ifMatchHeader = {
    name: 'If-Match',
    in: 'header',
    description: 'The `ETag` of an earlier answer: the change is made only if nobody has changed it since.',
    schema: { type: 'string' },
    example: '"7"',
  };
  return [
    ...inPath,
    ...query.map((parameter) => toParameter(parameter, names)),
    ...(ifMatch ? [ifMatchHeader] : []),
  ];
}

function toParameter(
  { name, description, schema, example, isRequired }: Parameter,
  names: Names,
): JsonObject {
  return {
    name,
    in: 'query',
    ...(isRequired && { required: true }),
    description,
    schema: toSchema(schema, names),
    example,
  };
}

function toRequestBody({ schema, examples, isOptional }: Body, names: Names): JsonObject {
  return {
    required: !isOptional,
    content: { 'application/json': { schema: toSchema(schema, names), examples: toExamples(examples) } },
  };
}

function toExamples(examples: Record<string, unknown>): Json {
  return Object.fromEntries(
    Object.entries(examples).map(([name, value]) => [name, { value: value as Json }]),
  );
}

function responsesOf(operation: Operation, names: Names): JsonObject {
  const { answers, body, problems = [] } = operation;
  const refused = body ? [invalidFields(body.wrong, body.consequence)] : [];
  const all = [...refused, ...problems, ...commonProblems(operation)];
  const byStatus = Map.groupBy(all, ({ problem }) => problem.status);
  return Object.fromEntries([
    ...answers.map((answer) => [String(answer.status), toResponse(answer, names)] as const),
    ...[...byStatus]
      .sort(([one], [other]) => one - other)
      .map(([status, alike]) => [String(status), commonOrOwn(alike)] as const),
  ]);
}

function toResponse(
  { description, schema, example, headers = {}, type = 'application/json' }: Answer,
  names: Names,
): JsonObject {
  const fields = Object.entries(headers).map(([name, { description, example }]) => {
    return [name, { description, schema: { type: 'string' }, example }] as const;
  });
  const content = schema && {
    [type]: {
      schema: toSchema(schema, names),
      ...(example !== undefined && { example: example as Json }),
    },
  };
  return {
    description,
    ...(fields.length > 0 && { headers: Object.fromEntries(fields) }),
    ...(content && { content }),
  };
}

function commonOrOwn(problems: HttpProblem[]): JsonObject {
  const [name] =
    [...COMMON_PROBLEMS].find(([, common]) => problems.length === 1 && problems[0] === common) ?? [];
  return name ? { $ref: `#/components/responses/${name}` } : toProblemResponse(problems);
}

/** Problems of one status: the title says what they have in common, an example each what they are about. */
function toProblemResponse(problems: HttpProblem[]): JsonObject {
  const bodies = problems.map(({ problem }) => problemBody(problem));
  const names = Object.assign({}, ...problems.map(({ problem }) => problem.headers)) as Record<
    string,
    string
  >;
  const headers = Object.entries(names).map(([name, example]) => {
    return [headerName(name), { schema: { type: 'string' }, example }] as const;
  });
  const examples = Object.fromEntries(
    bodies.map((value, index) => [index === 0 ? 'problem' : `problem${index + 1}`, { value }]),
  );
  return {
    description: problems[0]?.problem.title ?? '',
    ...(headers.length > 0 && { headers: Object.fromEntries(headers) }),
    content: {
      'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' }, examples },
    },
  };
}

/** `retry-after` as people write it. */
function headerName(name: string): string {
  if (name === 'etag') return 'ETag';
  if (name === 'www-authenticate') return 'WWW-Authenticate';
  return name.replace(/(?:^|-)[a-z]/g, (letter) => letter.toUpperCase());
}
