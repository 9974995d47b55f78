/**
 * Checks a CloudFormation template against the resource schemas that AWS publishes: every type and property is known,
 * every value has the right type, nothing required is missing, and every reference has a target.
 */
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { Property, PropertyType, Resource, SpecDatabase } from '@aws-cdk/service-spec-types';

type Json = Record<string, unknown>;

export interface CheckedTemplate {
  Resources: Record<string, Json>;
  Conditions?: Json;
  Parameters?: Record<string, Json>;
  Outputs?: Json;
  [section: string]: unknown;
}

const PARTS = [
  'Type',
  'Properties',
  'Condition',
  'DependsOn',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'UpdatePolicy',
  'CreationPolicy',
  'Metadata',
];

/** Functions that return one string; the names in `Fn::Sub` are checked too. */
const TEXT_FUNCTIONS = [
  'Fn::Sub',
  'Fn::Join',
  'Fn::Select',
  'Fn::ImportValue',
  'Fn::Base64',
  'Fn::FindInMap',
];
/** Their argument is a name, or is checked with the type of the property. */
const NAMING_FUNCTIONS = ['Ref', 'Fn::GetAtt', 'Fn::If'];
const LIST_FUNCTIONS = ['Fn::Split', 'Fn::GetAZs', 'Fn::Cidr'];

const TEXT: PropertyType = { type: 'string' };
const TEXT_LIST: PropertyType = { type: 'array', element: TEXT };
/** Matches everything: used if the schema does not say more. */
const ANY: PropertyType = { type: 'json' };

let database: SpecDatabase | undefined;

/** All errors of a template, one line each: `Resource/Property/…: what is wrong`. */
export function faultsOf(template: CheckedTemplate): string[] {
  // 150 MB and almost a second: loaded once for all templates.
  database ??= loadAwsServiceSpecSync();
  const checker = new TemplateChecker(template, database);
  for (const [logicalId, resource] of Object.entries(template.Resources))
    checker.checkResource(logicalId, resource);
  for (const [name, output] of Object.entries(template.Outputs ?? {}))
    checker.checkValue(`Outputs/${name}`, output, ANY);
  return checker.faults;
}

class TemplateChecker {
  readonly faults: string[] = [];
  readonly #template: CheckedTemplate;
  readonly #database: SpecDatabase;

  constructor(template: CheckedTemplate, database: SpecDatabase) {
    this.#template = template;
    this.#database = database;
  }

  checkResource(path: string, resource: Json): void {
    const { Type, Properties = {}, DependsOn = [], Condition } = resource;
    for (const part of Object.keys(resource))
      if (!PARTS.includes(part)) this.#fault(path, `a resource has no ${part}`);
    for (const other of [DependsOn].flat()) this.#checkLogicalId(`${path}/DependsOn`, String(other));
    if (Condition !== undefined) this.#checkCondition(path, Condition);
    const schema = this.#schemaOf(String(Type));
    if (schema) this.#checkProperties(path, Properties as Json, schema.properties);
    else this.#fault(path, `there is no resource type ${Type}`);
  }

  checkValue(path: string, value: unknown, type: PropertyType): void {
    const call = functionIn(value);
    const problem = call ? undefined : this.#mismatch(path, value, type);
    if (call) this.#checkCall(path, call, type);
    else if (problem) this.#fault(path, problem);
  }

  #fault(path: string, problem: string): void {
    this.faults.push(`${path}: ${problem}`);
  }

  #schemaOf(type: string): Resource | undefined {
    return this.#database.lookup('resource', 'cloudFormationType', 'equals', type)[0];
  }

  #checkProperties(path: string, values: Json, properties: Record<string, Property>): void {
    for (const [name, value] of Object.entries(values)) {
      const property = properties[name];
      if (property) this.checkValue(`${path}/${name}`, value, property.type);
      else this.#fault(`${path}/${name}`, 'there is no such property');
    }
    for (const [name, { required }] of Object.entries(properties))
      if (required && !isThere(values[name])) this.#fault(`${path}/${name}`, 'is required and missing');
  }

  /** Why a value that is not a function has the wrong type. Errors inside it are recorded at their own places. */
  #mismatch(path: string, value: unknown, type: PropertyType): string | undefined {
    switch (type.type) {
      case 'json':
        this.#checkInside(path, value);
        return isObject(value) || Array.isArray(value) || isScalar(value) ? undefined : `not JSON: ${value}`;
      case 'array':
        if (!Array.isArray(value)) return `a list belongs here, not ${JSON.stringify(value)}`;
        for (const [index, item] of value.entries()) this.checkValue(`${path}/${index}`, item, type.element);
        return undefined;
      case 'map':
        if (!isObject(value)) return `names and values belong here, not ${JSON.stringify(value)}`;
        for (const [name, inner] of Object.entries(value))
          this.checkValue(`${path}/${name}`, inner, type.element);
        return undefined;
      case 'ref':
        if (!isObject(value)) return `properties belong here, not ${JSON.stringify(value)}`;
        this.#checkProperties(path, value, this.#database.get('typeDefinition', type.reference).properties);
        return undefined;
      case 'tag':
        return isObject(value) && 'Key' in value && 'Value' in value
          ? undefined
          : 'a tag has a Key and a Value';
      case 'union':
        return this.#mismatchOfAll(path, value, type.types);
      default:
        return scalarMismatch(value, type);
    }
  }

  /** A value may have any of the types: the errors reported are those of the closest type. */
  #mismatchOfAll(path: string, value: unknown, types: PropertyType[]): string | undefined {
    const attempts = types.map((type) => {
      const attempt = new TemplateChecker(this.#template, this.#database);
      attempt.checkValue(path, value, type);
      return attempt.faults;
    });
    const [best = []] = attempts.sort((one, other) => one.length - other.length);
    this.faults.push(...best);
    return undefined;
  }

  /** Checks functions inside values that the schema leaves open, such as a policy document. */
  #checkInside(path: string, value: unknown): void {
    if (!isObject(value) && !Array.isArray(value)) return;
    for (const [name, inner] of Object.entries(value)) this.checkValue(`${path}/${name}`, inner, ANY);
  }

  #checkCall(path: string, { name, argument }: Call, type: PropertyType): void {
    if (name === 'Fn::Sub') this.#checkNames(path, argument);
    else if (!NAMING_FUNCTIONS.includes(name)) this.#checkInside(path, argument);

    if (name === 'Ref') this.#checkRef(path, String(argument), type);
    else if (name === 'Fn::GetAtt') this.#checkAttribute(path, [argument].flat().join('.'), type);
    else if (name === 'Fn::If') this.#checkBranches(path, [argument].flat(), type);
    else if (TEXT_FUNCTIONS.includes(name)) this.#checkKind(path, name, TEXT, type);
    else if (LIST_FUNCTIONS.includes(name)) this.#checkKind(path, name, TEXT_LIST, type);
    else this.#fault(path, `there is no function ${name}`);
  }

  #checkBranches(path: string, [condition, ...branches]: unknown[], type: PropertyType): void {
    this.#checkCondition(path, condition);
    for (const branch of branches) if (isThere(branch)) this.checkValue(path, branch, type);
  }

  #checkRef(path: string, name: string, type: PropertyType): void {
    if (name === 'AWS::NoValue') return;
    const parameter = this.#template.Parameters?.[name];
    if (!parameter && !name.startsWith('AWS::')) this.#checkLogicalId(path, name);
    const isList = /^(CommaDelimitedList|List<)/.test(String(parameter?.Type)) || name.endsWith('ARNs');
    this.#checkKind(path, `Ref ${name}`, isList ? TEXT_LIST : TEXT, type);
  }

  #checkAttribute(path: string, name: string, type: PropertyType): void {
    const [logicalId = '', ...attribute] = name.split('.');
    const resource = this.#template.Resources[logicalId];
    const made = this.#schemaOf(String(resource?.Type))?.attributes[attribute.join('.')];
    if (!resource) this.#fault(path, `there is no resource ${logicalId}`);
    else if (made) this.#checkKind(path, `Fn::GetAtt ${name}`, made.type, type);
    else this.#fault(path, `${resource.Type} has no attribute ${attribute.join('.')}`);
  }

  /**
   * The result of a function is known only at deployment: here it is only checked whether it is one value or several.
   */
  #checkKind(path: string, what: string, made: PropertyType, wanted: PropertyType): void {
    if (!kindsOf(wanted).some((kind) => kindsOf(made).includes(kind)))
      this.#fault(path, `${what} does not make what belongs here (${wanted.type})`);
  }

  #checkNames(path: string, argument: unknown): void {
    const [text, given] = [argument].flat();
    for (const [, name = ''] of String(text).matchAll(/\$\{([^!}][^}]*)\}/g)) {
      if (
        (isObject(given) && Object.hasOwn(given, name)) ||
        name.startsWith('AWS::') ||
        this.#template.Parameters?.[name]
      )
        continue;
      if (name.includes('.')) this.#checkAttribute(path, name, ANY);
      else this.#checkLogicalId(path, name);
    }
  }

  #checkLogicalId(path: string, logicalId: string): void {
    if (!this.#template.Resources[logicalId]) this.#fault(path, `there is no resource ${logicalId}`);
  }

  #checkCondition(path: string, condition: unknown): void {
    if (!this.#template.Conditions?.[String(condition)])
      this.#fault(path, `there is no condition ${condition}`);
  }
}

interface Call {
  name: string;
  argument: unknown;
}

function functionIn(value: unknown): Call | undefined {
  if (!isObject(value)) return undefined;
  const [[name, argument] = ['', undefined], ...others] = Object.entries(value);
  return others.length === 0 && (name === 'Ref' || name.startsWith('Fn::')) ? { name, argument } : undefined;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isScalar(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function isThere(value: unknown): boolean {
  return value !== undefined && !(isObject(value) && value.Ref === 'AWS::NoValue');
}

/** `one`, `list`, `object`. */
function kindsOf(type: PropertyType): string[] {
  if (type.type === 'union') return type.types.flatMap(kindsOf);
  if (type.type === 'array') return ['list'];
  if (type.type === 'json') return ['one', 'list', 'object'];
  return ['map', 'ref', 'tag'].includes(type.type) ? ['object'] : ['one'];
}

/** CloudFormation converts texts to numbers and booleans, and back. */
function scalarMismatch(value: unknown, type: PropertyType): string | undefined {
  if (typeof value === 'string' && value.includes('{{resolve:')) return undefined;
  const text = isScalar(value) ? String(value) : undefined;
  const looksRight: Record<string, RegExp> = {
    string: /^/,
    'date-time': /^\d{4}-\d\d-\d\dT/,
    integer: /^-?\d+$/,
    number: /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i,
    boolean: /^(true|false)$/i,
  };
  if (text === undefined || !looksRight[type.type]?.test(text))
    return `a value of type ${type.type} belongs here, not ${JSON.stringify(value)}`;
  const allowed = 'allowedValues' in type ? type.allowedValues : undefined;
  if (allowed && !allowed.map(String).includes(text)) return `${text} is none of ${allowed.join(', ')}`;
  return undefined;
}
