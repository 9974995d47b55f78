/** docs/openapi.json as the generators of the clients read it. */

export type Schema = {
  $ref?: string;
  type?: string;
  format?: string;
  description?: string;
  enum?: string[];
  const?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
};

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  description: string;
  schema: Schema;
}
interface Media {
  schema: Schema;
}
interface Response {
  $ref?: string;
  description?: string;
  headers?: Record<string, unknown>;
  content?: Record<string, Media>;
}
interface DocumentOperation {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  security: Record<string, unknown>[];
  parameters?: Parameter[];
  requestBody?: { required: boolean; content: Record<string, Media> };
  responses: Record<string, Response>;
}
export interface Document {
  paths: Record<string, Record<string, DocumentOperation>>;
  components: { schemas: Record<string, Schema>; responses: Record<string, Response> };
}

/** One way to call an operation: by the type of answer that is wanted. */
export interface Operation {
  /** In camel case. */
  name: string;
  method: string;
  path: string;
  summary: string;
  description: string | undefined;
  /** Who may call it. An operation for everybody is in the client of a site. */
  callers: ('site' | 'platform')[];
  /** The ids in the path, in their order. */
  ids: Parameter[];
  query: Parameter[];
  /** The conditions that it takes, as header fields. */
  conditions: Parameter[];
  /** `undefined`: none. `'empty'`: an object without properties. */
  body: Schema | 'empty' | undefined;
  /** The body may be left out. */
  isBodyOptional: boolean;
  accept: string;
  /** `undefined`: the answer has no body. */
  answer: Schema | undefined;
  /** Whether the answer names its version. */
  isTagged: boolean;
  /** Whether it may be sent again where nobody knows whether it arrived. */
  isRepeatable: boolean;
  /** The errors, by status. */
  errors: [status: string, description: string][];
}

/** Operations that browsers and Telegram call are for no program of a shop. */
const NOT_FOR_SHOPS = 'Browser and Telegram';

/** What a client can do, in the order of the document. */
export function operationsIn(document: Document): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) =>
      operation.tags.includes(NOT_FOR_SHOPS) ? [] : waysOf(document, path, method.toUpperCase(), operation),
    ),
  );
}

function waysOf(document: Document, path: string, method: string, operation: DocumentOperation): Operation[] {
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation;
  const found = Object.entries(responses).map(
    ([status, response]) => [status, resolved(document, response)] as const,
  );
  const successes = found.filter(([status]) => status.startsWith('2')).map(([, response]) => response);
  const body = requestBody?.content['application/json']?.schema;
  const types = [...new Set(successes.flatMap(({ content = {} }) => Object.keys(content)))];
  const common = {
    method,
    path,
    summary,
    description,
    callers: callersOf(operation),
    ids: parameters.filter((parameter) => parameter.in === 'path'),
    query: parameters.filter((parameter) => parameter.in === 'query'),
    conditions: parameters.filter(
      (parameter) => parameter.in === 'header' && (method !== 'GET' || parameter.name !== 'If-None-Match'),
    ),
    body: body && isEmpty(body) ? ('empty' as const) : body,
    isBodyOptional: requestBody !== undefined && !requestBody.required,
    isRepeatable: /^(?:GET|PUT|DELETE)$/.test(method) || isEvent(document, body),
    errors: found
      .filter(([status]) => /^[45]/.test(status))
      .map(([status, { description = '' }]): [string, string] => [status, description]),
  };
  return (types.length > 0 ? types : ['application/json']).map((type) => {
    const schemas = successes.flatMap(({ content }) => content?.[type]?.schema ?? []);
    const isJson = type === 'application/json';
    return {
      ...common,
      name: isJson ? operationId : `${operationId}As${capital(type.replace(/^.*[/+]/, ''))}`,
      accept: type,
      answer: isJson ? union(schemas) : schemas[0] && { type: 'string' },
      isTagged: isJson && successes.some(({ headers = {} }) => 'ETag' in headers),
    };
  });
}

function callersOf({ security }: DocumentOperation): Operation['callers'] {
  if (security.length === 0) return ['site'];
  return [
    ...(security.some((one) => 'siteKey' in one) ? (['site'] as const) : []),
    ...(security.some((one) => 'platformKey' in one) ? (['platform'] as const) : []),
  ];
}

/** An event with the same id repeats nothing. */
function isEvent(document: Document, body: Schema | undefined): boolean {
  return (
    body !== undefined &&
    alternativesOf(document, body).every(({ required = [] }) => required.includes('eventId'))
  );
}

function isEmpty({ type, properties, additionalProperties }: Schema): boolean {
  return type === 'object' && Object.keys(properties ?? {}).length === 0 && additionalProperties === false;
}

function union(schemas: Schema[]): Schema | undefined {
  const different = [...new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values()];
  return different.length > 1 ? { anyOf: different } : different[0];
}

function resolved({ components }: Document, response: Response): Response {
  return response.$ref === undefined ? response : (components.responses[nameOf(response.$ref)] ?? response);
}

/** The named schema that it refers to, or itself. */
export function target({ components }: Pick<Document, 'components'>, schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  const { description } = schema;
  const found = target({ components }, components.schemas[nameOf(schema.$ref)] ?? {});
  return description === undefined ? found : { ...found, description };
}

/** The schemas of which a value has one: itself, where it is no union. */
export function alternativesOf(document: Document, schema: Schema): Schema[] {
  const found = target(document, schema);
  const parts = found.anyOf ?? found.oneOf;
  return parts ? parts.flatMap((part) => alternativesOf(document, part)) : [found];
}

/** The name of the component that a `$ref` leads to. */
export function nameOf(reference: string): string {
  return reference.split('/').at(-1) ?? '';
}

export function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** `user-id`, `auth_date` and `If-Match` as one word in camel case. */
export function camelCase(name: string): string {
  const [first = '', ...others] = name.split(/[^A-Za-z0-9]+/).filter(Boolean);
  return first.charAt(0).toLowerCase() + first.slice(1) + others.map(capital).join('');
}
