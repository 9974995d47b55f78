/** The client in TypeScript: types of everything, and a class for each kind of key. */
import {
  camelCase,
  capital,
  type Document,
  nameOf,
  type Operation,
  operationsIn,
  type Schema,
} from './model.ts';

export function typescriptClient(document: Document): string {
  const operations = operationsIn(document);
  return [
    '/** Generated from docs/openapi.json by `npm run clients`: do not edit. */',
    "import { type CallOptions, Connection, type ConnectionOptions, pathId, type Tagged } from './connection.ts';",
    "export { type CallOptions, type ConnectionOptions, ProblemError, type ProblemPlace, type Tagged } from './connection.ts';",
    ...Object.entries(document.components.schemas).map(
      ([name, schema]) => `${comment([schema.description])}export type ${name} = ${typeOf(schema)};`,
    ),
    ...operations.filter(hasOptions).map(optionsOf),
    siteClass(operations.filter(({ callers }) => callers.includes('site'))),
    platformClass(operations.filter(({ callers }) => callers.includes('platform'))),
  ].join('\n\n');
}

function siteClass(operations: Operation[]): string {
  return `/** What the key of a site opens: one site. */
export class SiteClient {
  readonly #connection: Connection;
  readonly #site: string;

  constructor({ siteId, ...options }: ConnectionOptions & { siteId: string }) {
    this.#connection = new Connection(options);
    this.#site = pathId(siteId);
  }

${operations.map((operation) => methodOf(operation, true)).join('\n\n')}
}`;
}

function platformClass(operations: Operation[]): string {
  return `/** What the key of the platform opens: every site, but little of each. */
export class PlatformClient {
  readonly #connection: Connection;

  constructor(options: ConnectionOptions) {
    this.#connection = new Connection(options);
  }

${operations.map((operation) => methodOf(operation, false)).join('\n\n')}
}`;
}

function methodOf(operation: Operation, isOfSite: boolean): string {
  const { name, method, path, summary, description, query, conditions, body, answer, isTagged, accept } =
    operation;
  const ids = operation.ids.filter((id) => !(isOfSite && id.name === 'siteId'));
  const takesBody = body !== undefined && body !== 'empty';
  const parameters = [
    ...ids.map((id) => `${id.name}: string`),
    ...(takesBody ? [`body: ${typeOf(body)}${operation.isBodyOptional ? ' = {}' : ''}`] : []),
    `options: ${hasOptions(operation) ? `${capital(name)}Options` : 'CallOptions'} = {}`,
  ];
  const target = path.replaceAll(/\{(\w+)\}/g, (_, id: string) =>
    isOfSite && id === 'siteId' ? `\${this.#site}` : `\${pathId(${id})}`,
  );
  const fields = [
    `method: '${method}'`,
    `path: \`${target}\``,
    ...(query.length > 0
      ? [`query: { ${query.map((each) => `${each.name}: options.${camelCase(each.name)}`).join(', ')} }`]
      : []),
    ...(conditions.length > 0
      ? [
          `headers: { ${conditions.map((each) => `'${each.name.toLowerCase()}': options.${camelCase(each.name)}`).join(', ')} }`,
        ]
      : []),
    ...(body === 'empty' ? ['body: {}'] : takesBody ? ['body'] : []),
    ...(accept === 'application/json' ? [] : [`accept: '${accept}'`]),
    `repeatable: ${operation.isRepeatable}`,
    '...(options.signal && { signal: options.signal })',
  ];
  const value = answer ? typeOf(answer) : 'void';
  const returned = isTagged ? `Tagged<${value}>` : value;
  const sent = `await this.#connection.send({ ${fields.join(', ')} })`;
  const result = isTagged
    ? `return (${sent}) as ${returned};`
    : answer
      ? `return (${sent}).value as ${returned};`
      : `${sent};`;
  const errors = operation.errors.map(([status]) => status).join(', ');
  return `${comment([summary, description, `@throws ProblemError ${errors}`])}async ${name}(${parameters.join(', ')}): Promise<${returned}> {
${result}
}`;
}

function hasOptions({ query, conditions }: Operation): boolean {
  return query.length + conditions.length > 0;
}

function optionsOf({ name, query, conditions }: Operation): string {
  const fields = [...query, ...conditions].map(({ name, required, description, schema }) => {
    return `${comment([description])}${camelCase(name)}${required ? '' : '?'}: ${typeOf(schema)};`;
  });
  return `export interface ${capital(name)}Options extends CallOptions {\n${fields.join('\n')}\n}`;
}

function typeOf(schema: Schema): string {
  const { $ref, type, enum: values, anyOf, oneOf, properties, items, additionalProperties } = schema;
  if ($ref !== undefined) return nameOf($ref);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (values) return values.map((value) => JSON.stringify(value)).join(' | ');
  const alternatives = anyOf ?? oneOf;
  if (alternatives) return [...new Set(alternatives.map(typeOf))].join(' | ');
  if (type === 'array') return `(${items ? typeOf(items) : 'unknown'})[]`;
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'object') return objectType(properties ?? {}, schema.required ?? [], additionalProperties);
  return type ?? 'unknown';
}

function objectType(
  properties: Record<string, Schema>,
  required: string[],
  others: Schema | boolean | undefined,
): string {
  const named = Object.entries(properties).map(([name, schema]) => {
    return `${comment([schema.description])}${JSON.stringify(name)}${required.includes(name) ? '' : '?'}: ${typeOf(schema)};`;
  });
  if (typeof others !== 'object')
    return named.length > 0 ? `{\n${named.join('\n')}\n}` : '{ [name: string]: unknown }';
  if (named.length === 0) return `{ [name: string]: ${typeOf(others)} }`;
  // The type of the others must hold for the named ones as well.
  return `{\n${named.join('\n')}\n[name: string]: unknown;\n}`;
}

function comment(parts: (string | undefined)[]): string {
  const text = parts.filter(Boolean).join('\n\n').replaceAll('*/', '* /');
  if (text === '') return '';
  const lines = text.split('\n');
  return lines.length === 1
    ? `/** ${text} */\n`
    : `/**\n${lines.map((line) => ` * ${line}`.trimEnd()).join('\n')}\n */\n`;
}
