/**
 * The client in C#: a class for each object, and one for each kind of key. It keeps to C# 7.0 and to what .NET Standard 2.0
 * has, so that a program on .NET Framework 4.6.1 or later can use it as well as one on today's .NET.
 */
import {
  alternativesOf,
  camelCase,
  capital,
  type Document,
  nameOf,
  type Operation,
  operationsIn,
  type Schema,
  target,
} from './model.ts';

const HEAD = '// Generated from docs/openapi.json by `npm run clients`: do not edit.';

/** A type of C#, with the expressions that read it. */
interface Type {
  name: string;
  /** Whether it needs a `?` to be absent. */
  isValue?: boolean;
  /** A function that reads it, as an expression. */
  read: string;
}

/** The API takes other forms of it than `date-time` allows, so its schema has no format. */
const INSTANT: Type = { name: 'DateTimeOffset', isValue: true, read: 'JsonValue.Instant' };

interface Property {
  name: string;
  schema: Schema;
  isRequired: boolean;
}

interface Class {
  name: string;
  description: string | undefined;
  properties: Property[];
  hasOthers: boolean;
}

/** The files of the client, by their names. */
export function csharpClient(document: Document): Record<string, string> {
  const generator = new Generator(document);
  const clients = generator.clients();
  return { 'Models.cs': generator.models(), 'Clients.cs': clients };
}

class Generator {
  readonly #document: Document;
  readonly #classes = new Map<string, Class>();
  readonly #sent = new Set<string>();
  readonly #answered = new Set<string>();

  constructor(document: Document) {
    this.#document = document;
  }

  models(): string {
    const classes = [...this.#classes.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
    return `${HEAD}
using System;
using System.Collections.Generic;

namespace PasswebTelegram
{
${classes.map((each) => indented(this.#classOf(each), 1)).join('\n\n')}
}
`;
  }

  clients(): string {
    const operations = operationsIn(this.#document);
    // First all that is sent: a class may be both sent and answered.
    for (const { name, body } of operations)
      if (body && body !== 'empty') this.#typeOf(body, `${capital(name)}Body`, true);
    const site = operations.filter(({ callers }) => callers.includes('site'));
    const platform = operations.filter(({ callers }) => callers.includes('platform'));
    return `${HEAD}
using System;
using System.Collections.Generic;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace PasswebTelegram
{
    /// <summary>What the key of a site opens: one site. It may be used by many threads at once.</summary>
    public sealed class SiteClient
    {
        private readonly Connection connection;
        private readonly string site;

        /// <param name="baseUrl">The address of the API, such as <c>https://telegram.example</c>.</param>
        /// <param name="siteId">The id of the site.</param>
        /// <param name="siteKey">A key of the site.</param>
        /// <param name="options">May be left out.</param>
        public SiteClient(string baseUrl, string siteId, string siteKey, ClientOptions options = null)
        {
            connection = new Connection(baseUrl, siteKey, options);
            site = Connection.PathId(siteId);
        }

${site.map((operation) => indented(this.#methodOf(operation, true), 2)).join('\n\n')}
    }

    /// <summary>What the key of the platform opens: every site, but little of each. It may be used by many threads at once.</summary>
    public sealed class PlatformClient
    {
        private readonly Connection connection;

        /// <param name="baseUrl">The address of the API, such as <c>https://telegram.example</c>.</param>
        /// <param name="platformKey">The key of the platform.</param>
        /// <param name="options">May be left out.</param>
        public PlatformClient(string baseUrl, string platformKey, ClientOptions options = null)
        {
            connection = new Connection(baseUrl, platformKey, options);
        }

${platform.map((operation) => indented(this.#methodOf(operation, false), 2)).join('\n\n')}
    }
}
`;
  }

  #methodOf(operation: Operation, isOfSite: boolean): string {
    const { name, body, query, conditions, answer, isTagged } = operation;
    const ids = operation.ids.filter((id) => !(isOfSite && id.name === 'siteId'));
    const type = answer && this.#typeOf(answer, `${capital(name)}Answer`, false);
    const value = type ? type.name : '';
    const returned = isTagged ? `Task<Tagged<${value}>>` : type ? `Task<${value}>` : 'Task';
    const takesBody = body !== undefined && body !== 'empty';
    const bodyType = takesBody ? this.#typeOf(body, `${capital(name)}Body`, true).name : '';
    const [must, may] = [query.filter(({ required }) => required), query.filter(({ required }) => !required)];
    const parameters = [
      ...ids.map((id) => [`string ${id.name}`, id.name, id.description] as const),
      ...(takesBody
        ? [[`${bodyType} body${operation.isBodyOptional ? ' = null' : ''}`, 'body', 'What is sent.'] as const]
        : []),
      ...must.map(
        (each) =>
          [
            `${this.#typeOf(each.schema, '', true).name} ${identifier(camelCase(each.name))}`,
            camelCase(each.name),
            each.description,
          ] as const,
      ),
      ...may.map(
        (each) =>
          [
            `${nullable(this.#typeOf(each.schema, '', true))} ${identifier(camelCase(each.name))} = null`,
            camelCase(each.name),
            each.description,
          ] as const,
      ),
      ...conditions.map(
        (each) => [`string ${camelCase(each.name)} = null`, camelCase(each.name), each.description] as const,
      ),
      [
        'CancellationToken cancellationToken = default(CancellationToken)',
        'cancellationToken',
        'Ends the call, also while it waits for the next try.',
      ] as const,
    ];
    const path = operation.path
      .split(/\{(\w+)\}/)
      .map((part, index) =>
        index % 2 === 0 ? `"${part}"` : isOfSite && part === 'siteId' ? 'site' : `Connection.PathId(${part})`,
      )
      .filter((part) => part !== '""')
      .join(' + ');
    const fields = [
      `Method = new HttpMethod("${operation.method}")`,
      `Path = ${path}`,
      ...conditions.map((each) => `${capital(camelCase(each.name))} = ${camelCase(each.name)}`),
      ...(body === 'empty'
        ? ['Body = "{}"']
        : takesBody
          ? [`Body = JsonWriter.Write(body${operation.isBodyOptional ? ` ?? new ${bodyType}()` : ''})`]
          : []),
      ...(operation.accept === 'application/json' ? [] : [`Accept = "${operation.accept}"`]),
      `IsRepeatable = ${operation.isRepeatable}`,
    ];
    const queries = query.map((each) => `call.Query("${each.name}", ${identifier(camelCase(each.name))});`);
    const read =
      type && (operation.accept === 'application/json' ? `${type.read}(reply.Json)` : 'reply.Body');
    const result = isTagged ? `return new Tagged<${value}>(${read}, reply.ETag);` : `return ${read};`;
    const errors = operation.errors.map(([status, description]) => `${status} ${description}`).join(', ');
    return `${summary(operation.summary, operation.description)}
${parameters.map(([, parameter, words]) => `/// <param name="${parameter}">${xml(words)}</param>`).join('\n')}
/// <exception cref="ProblemException">${xml(errors)}</exception>
public async ${returned} ${capital(name)}Async(
${indented(parameters.map(([written]) => written).join(',\n'), 1)})
{
    var call = new Call
    {
${indented(fields.map((field) => `${field},`).join('\n'), 2)}
    };
${queries.map((line) => `    ${line}\n`).join('')}    ${type ? 'var reply = ' : ''}await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
${type ? `    ${result}\n` : ''}}`;
  }

  /** @param name for the class, where it is an object without a name. */
  #typeOf(schema: Schema, name: string, isSent: boolean): Type {
    const found = this.#withoutNull(schema);
    if (this.#isInstant(found)) return INSTANT;
    const known = found.$ref === undefined ? name : nameOf(found.$ref);
    const alternatives = alternativesOf(this.#document, found).filter(({ type }) => type !== 'null');
    const [only = {}] = alternatives;
    if (alternatives.every(({ type }) => type === 'object'))
      return this.#objectType(alternatives, known, found, isSent);
    if (alternatives.length > 1) {
      // A date, or a date and time: only a text can be both.
      return alternatives.every(({ type }) => type === 'string')
        ? { name: 'string', read: 'JsonValue.Text' }
        : { name: 'object', read: 'JsonValue.Any' };
    }
    return this.#simpleType(only, known, isSent);
  }

  #simpleType(schema: Schema, name: string, isSent: boolean): Type {
    switch (schema.type) {
      case 'array': {
        const inner = this.#typeOf(schema.items ?? {}, singular(name), isSent);
        return { name: `IList<${inner.name}>`, read: `json => JsonValue.List(json, ${present(inner)})` };
      }
      case 'string':
        return schema.format === 'date-time' ? INSTANT : { name: 'string', read: 'JsonValue.Text' };
      case 'boolean':
        return { name: 'bool', isValue: true, read: 'JsonValue.Boolean' };
      case 'integer':
        return schema.format === 'int32'
          ? { name: 'int', isValue: true, read: 'JsonValue.Int32' }
          : { name: 'long', isValue: true, read: 'JsonValue.Int64' };
      case 'number':
        return { name: 'decimal', isValue: true, read: 'JsonValue.Decimal' };
      default:
        return { name: 'object', read: 'JsonValue.Any' };
    }
  }

  #objectType(alternatives: Schema[], name: string, schema: Schema, isSent: boolean): Type {
    const [only = {}] = alternatives;
    const others = only.additionalProperties;
    const isMap =
      alternatives.length === 1 &&
      Object.keys(only.properties ?? {}).length === 0 &&
      typeof others === 'object';
    if (isMap) {
      const inner = this.#typeOf(others, singular(name), isSent);
      return {
        name: `IDictionary<string, ${inner.name}>`,
        read: `json => JsonValue.Map(json, ${present(inner)})`,
      };
    }
    const known = className(name, alternatives);
    // What a property says of a component is of the property.
    const own = schema.$ref === undefined ? schema : target(this.#document, { $ref: schema.$ref });
    this.#declare(known, alternatives, own.description ?? schema.description, isSent);
    // In full: a property may have the name of its class.
    return { name: known, read: `PasswebTelegram.${known}.ReadFrom` };
  }

  /** Where a value is one of several objects, the class has the properties of all. */
  #declare(name: string, alternatives: Schema[], description: string | undefined, isSent: boolean): void {
    const seen = isSent ? this.#sent : this.#answered;
    if (seen.has(name)) return;
    seen.add(name);
    const names = [...new Set(alternatives.flatMap(({ properties = {} }) => Object.keys(properties)))];
    const properties = names.map((property): Property => {
      const schemas = alternatives.flatMap(({ properties }) => properties?.[property] ?? []);
      const isRequired =
        schemas.length === alternatives.length &&
        alternatives.every(({ required = [] }) => required.includes(property));
      return { name: property, schema: merged(schemas), isRequired };
    });
    const hasOthers = alternatives.some(
      ({ additionalProperties, properties = {} }) =>
        typeof additionalProperties === 'object' && Object.keys(properties).length > 0,
    );
    this.#classes.set(name, { name, description, properties, hasOthers });
    // Their classes too.
    for (const { name: property, schema } of properties)
      this.#typeOf(schema, this.#innerName(name, property), isSent);
  }

  #innerName(owner: string, property: string): string {
    return owner + fieldName(property);
  }

  #classOf({ name, description, properties, hasOthers }: Class): string {
    // What is sent may lack anything: the API says what is missing.
    const isSent = this.#sent.has(name);
    const fields = properties.map(({ name: property, schema, isRequired }) => {
      const type = this.#typeOf(schema, this.#innerName(name, property), isSent);
      const isRemovable = isSent && !isRequired && this.#isNullable(schema);
      const isPresent = isRequired && !isSent && !this.#isNullable(schema);
      const written = isRemovable ? `Optional<${nullable(type)}>` : isPresent ? type.name : nullable(type);
      return { property, schema, type, isRemovable, isPresent, written, field: fieldName(property) };
    });
    const values = fields.flatMap(({ schema, field }) => this.#valuesClass(schema, field));
    return `${summary(description ?? name)}
public sealed class ${name}${isSent ? ' : IJsonObject' : ''}
{
${fields.map(({ schema, field, written }) => indented(`${summary(describe(schema, this.#document))}\npublic ${written} ${field} { get; set; }`, 1)).join('\n\n')}
${hasOthers ? indented('\n/// <summary>All other properties.</summary>\npublic IDictionary<string, object> AdditionalProperties { get; set; } = new Dictionary<string, object>();\n', 1) : ''}${
  isSent
    ? `
    public void WriteTo(JsonWriter writer)
    {
        writer.BeginObject();
${fields.map(({ property, field }) => `        writer.Property("${property}", ${field});`).join('\n')}
${hasOthers ? '        foreach (var other in AdditionalProperties) writer.Property(other.Key, other.Value);\n' : ''}        writer.EndObject();
    }
`
    : ''
}${
  this.#answered.has(name)
    ? `
    internal static ${name} ReadFrom(object value)
    {
        if (value == null) return null;
        var found = JsonValue.Object(value);
        return new ${name}
        {
${fields.map(({ property, field, type, isPresent }) => `            ${field} = ${readProperty(property, type, isPresent)},`).join('\n')}
        };
    }
`
    : ''
}${values.length > 0 ? `\n${values.map((each) => indented(each, 1)).join('\n\n')}\n` : ''}}`;
  }

  /** The values that a property may have, as constants: a text, so that a later release may have more of them. */
  #valuesClass(schema: Schema, field: string): string[] {
    const parts = alternativesOf(this.#document, this.#withoutNull(schema));
    const values = parts.flatMap(
      (part) => part.enum ?? (part.type === 'array' ? (part.items?.enum ?? []) : []),
    );
    if (values.length < 2) return [];
    const constants = values.map(
      (value) => `    public const string ${capital(camelCase(value))} = "${value}";`,
    );
    return [
      `/// <summary>The values of <see cref="${field}"/>.</summary>\npublic static class ${field}Values\n{\n${constants.join('\n')}\n}`,
    ];
  }

  #isInstant({ $ref }: Schema): boolean {
    if ($ref === undefined) return false;
    return (
      nameOf($ref) === 'Instant' || this.#isInstant(this.#document.components.schemas[nameOf($ref)] ?? {})
    );
  }

  #isNullable({ anyOf = [] }: Schema): boolean {
    return anyOf.some(({ type }) => type === 'null');
  }

  #withoutNull(schema: Schema): Schema {
    const { anyOf, ...others } = schema;
    const real = anyOf?.filter(({ type }) => type !== 'null');
    if (!real || real.length === anyOf?.length) return schema;
    const [only] = real;
    return real.length === 1 && only ? { ...others, ...only } : { ...others, anyOf: real };
  }
}

/** Of a property that several objects have: one of the schemas, or what holds for each. */
function merged(schemas: Schema[]): Schema {
  const different = [...new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values()];
  const [first = {}] = different;
  if (different.length < 2) return first;
  const { description } = first;
  const types = new Set(different.map(({ type }) => type));
  const values = different.flatMap(
    (schema) => schema.enum ?? (typeof schema.const === 'string' ? [schema.const] : []),
  );
  if (types.size === 1 && types.has('string') && values.length > 0)
    return { type: 'string', enum: [...new Set(values)], ...(description && { description }) };
  return { anyOf: different, ...(description && { description }) };
}

function readProperty(property: string, type: Type, isPresent: boolean): string {
  const value = `JsonValue.Get(found, "${property}")`;
  const read = type.read.startsWith('json => ')
    ? type.read.slice('json => '.length).replace('(json,', `(${value},`)
    : `${type.read}(${value})`;
  return isPresent && type.isValue ? `${read}.GetValueOrDefault()` : read;
}

/** Of an entry of a list or a map. */
function present({ read, isValue }: Type): string {
  return isValue
    ? `json => ${read}(json).GetValueOrDefault()`
    : read.startsWith('json => ')
      ? `inner => ${read.slice(8).replace('(json,', '(inner,')}`
      : read;
}

function nullable({ name, isValue }: Type): string {
  return isValue ? `${name}?` : name;
}

/** A property can't have the name of its class: the list `deliveries` is in a `DeliveriesAnswer`. */
function className(name: string, alternatives: Schema[]): string {
  const properties = alternatives.flatMap(({ properties = {} }) => Object.keys(properties));
  return properties.some((property) => fieldName(property) === name) ? `${name}Answer` : name;
}

function fieldName(property: string): string {
  return capital(camelCase(property));
}

function singular(name: string): string {
  return name.endsWith('ies')
    ? `${name.slice(0, -3)}y`
    : name.endsWith('s') && !name.endsWith('ss')
      ? name.slice(0, -1)
      : `${name}Entry`;
}

function describe(schema: Schema, document: Document): string {
  return schema.description ?? target(document, schema).description ?? '';
}

const KEYWORDS = [
  'event',
  'from',
  'to',
  'in',
  'is',
  'as',
  'by',
  'object',
  'string',
  'ref',
  'params',
  'operator',
  'default',
];

function identifier(name: string): string {
  return KEYWORDS.includes(name) ? `@${name}` : name;
}

function summary(...parts: (string | undefined)[]): string {
  const text = parts.filter(Boolean).join('\n').split('\n');
  const lines = text.map((line) => xml(line));
  return lines.length === 1
    ? `/// <summary>${lines[0]}</summary>`
    : `/// <summary>\n${lines.map((line) => `/// ${line}`).join('\n')}\n/// </summary>`;
}

function xml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/`([^`]*)`/g, '<c>$1</c>');
}

function indented(text: string, levels: number): string {
  return text.replaceAll(/^(?=.)/gm, '    '.repeat(levels));
}
