/** Reads a CloudFormation template as CloudFormation does, as far as roles need it: references, texts, conditions. */

export interface Template {
  Resources: Record<string, { Type: string; Condition?: string; Properties: Record<string, unknown> }>;
  Conditions?: Record<string, unknown>;
  Parameters?: Record<string, { Default?: unknown }>;
}

/** The AWS account of the local run. */
const ACCOUNT = '000000000000';

/** For each type: the property with the resource's name, and the parts of its ARN. */
const ARNS: Record<string, { name: string; arn: (region: string, name: string) => string }> = {
  'AWS::DynamoDB::Table': { name: 'TableName', arn: tableArn },
  'AWS::SQS::Queue': { name: 'QueueName', arn: queueArn },
  'AWS::Lambda::Function': {
    name: 'FunctionName',
    arn: (region, name) => `arn:aws:lambda:${region}:${ACCOUNT}:function:${name}`,
  },
  'AWS::Logs::LogGroup': {
    name: 'LogGroupName',
    arn: (region, name) => `arn:aws:logs:${region}:${ACCOUNT}:log-group:${name}:*`,
  },
};

export function tableArn(region: string, name: string): string {
  return `arn:aws:dynamodb:${region}:${ACCOUNT}:table/${name}`;
}

export function queueArn(region: string, name: string): string {
  return `arn:aws:sqs:${region}:${ACCOUNT}:${name}`;
}

/** `AWS::NoValue`: a property with this value is removed. */
const NO_VALUE = Symbol('AWS::NoValue');

type Call = (argument: unknown) => unknown;

export class TemplateReader {
  readonly #template: Template;
  readonly #region: string;
  readonly #functions: Record<string, Call> = {
    Ref: (name) => this.#ref(String(name)),
    Condition: (name) => this.#holds(String(name)),
    'Fn::GetAtt': (path) => this.#attribute([path].flat().join('.')),
    'Fn::Sub': (argument) => this.#substitute(argument),
    'Fn::Join': (argument) => this.#join(argument),
    'Fn::If': (argument) => this.#choose(argument),
    'Fn::Equals': (argument) => new Set(this.#list(argument).map((value) => String(value))).size === 1,
    'Fn::Not': (argument) => !this.#list(argument)[0],
    'Fn::And': (argument) => this.#list(argument).every(Boolean),
    'Fn::Or': (argument) => this.#list(argument).some(Boolean),
  };

  constructor(template: Template, region: string) {
    this.#template = template;
    this.#region = region;
  }

  /** The value with every function in it resolved. @throws Error where a function is unknown. */
  read(value: unknown): unknown {
    const result = this.#read(value);
    return result === NO_VALUE ? undefined : result;
  }

  #read(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#read(item)).filter(isThere);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [[name, argument] = ['', undefined]] = entries;
    if (entries.length === 1 && Object.hasOwn(this.#functions, name))
      return this.#functions[name]?.(argument);
    if (name.startsWith('Fn::')) throw new Error(`The template calls ${name}, which is not known here.`);
    const read = entries.map(([key, inner]) => [key, this.#read(inner)] as const);
    return Object.fromEntries(read.filter(([, inner]) => isThere(inner)));
  }

  #list(value: unknown): unknown[] {
    const list = this.#read(value);
    if (!Array.isArray(list))
      throw new Error(`The template has ${JSON.stringify(value)} where a list belongs.`);
    return list;
  }

  #ref(name: string): unknown {
    const pseudo: Record<string, unknown> = {
      'AWS::AccountId': ACCOUNT,
      'AWS::Partition': 'aws',
      'AWS::Region': this.#region,
      'AWS::NoValue': NO_VALUE,
    };
    if (Object.hasOwn(pseudo, name)) return pseudo[name];
    const parameter = this.#template.Parameters?.[name];
    return parameter ? parameter.Default : (this.#nameOf(name) ?? name);
  }

  #nameOf(logicalId: string): string | undefined {
    const resource = this.#template.Resources[logicalId];
    const name = resource?.Properties[ARNS[resource.Type]?.name ?? ''];
    return name === undefined ? undefined : String(this.#read(name));
  }

  /** The logical id where the template has no such resource: Serverless adds log groups and functions later. */
  #attribute(path: string): string {
    const [logicalId = '', attribute] = path.split('.');
    const type = this.#template.Resources[logicalId]?.Type ?? '';
    const name = this.#nameOf(logicalId);
    if (attribute !== 'Arn' || name === undefined) return path;
    return ARNS[type]?.arn(this.#region, name) ?? path;
  }

  #substitute(argument: unknown): string {
    const [text, given = {}] = Array.isArray(argument) ? argument : [argument];
    // `${!Name}` is the escaped form of the text `${Name}`.
    return String(text).replace(/\$\{(!?)([^}]*)\}/g, (_, mark: string, name: string) => {
      if (mark) return `\${${name}}`;
      if (Object.hasOwn(given, name)) return String(this.#read(given[name]));
      return String(name.includes('.') ? this.#attribute(name) : this.#ref(name));
    });
  }

  #join(argument: unknown): string {
    const [separator, parts] = this.#list(argument);
    return [parts].flat().join(String(separator));
  }

  #choose(argument: unknown): unknown {
    const [condition, whenTrue, whenFalse] = [argument].flat();
    return this.#read(this.#holds(String(condition)) ? whenTrue : whenFalse);
  }

  #holds(condition: string): boolean {
    const definition = this.#template.Conditions?.[condition];
    if (definition === undefined) throw new Error(`The template has no condition ${condition}.`);
    return this.#read(definition) === true;
  }
}

function isThere(value: unknown): boolean {
  return value !== NO_VALUE;
}
