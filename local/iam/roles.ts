/** The permissions of a role, as pairs of an action and a resource. */
import { type Template, TemplateReader } from './template.ts';

export interface Permission {
  /** For example `dynamodb:GetItem`. */
  action: string;
  /** An ARN. */
  resource: string;
  /** The permission is for items whose partition key ends so; absent: for all. */
  keyEnd?: string;
  /** Of the items, only these attributes may be used and returned; absent: all. */
  attributes?: string[];
}

interface Statement {
  Effect?: unknown;
  Action?: string | string[];
  Resource?: string | string[];
  Condition?: unknown;
  [other: string]: unknown;
}

interface RoleProperties {
  Policies?: { PolicyDocument: { Statement: Statement[] } }[];
  ManagedPolicyArns?: string[];
}

/**
 * All permissions of a role.
 *
 * @throws Error where they can't be written as such pairs: with a managed policy, another condition than those on the end
 * of the keys and on attributes, `Deny`, `NotAction` or `NotResource`.
 */
export function permissionsOf(template: Template, role: string, region: string): Permission[] {
  const resource = template.Resources[role];
  if (resource?.Type !== 'AWS::IAM::Role') throw new Error(`The template has no role ${role}.`);
  const properties = new TemplateReader(template, region).read(resource.Properties) as RoleProperties;
  if (properties.ManagedPolicyArns?.length)
    throw new Error(`The role ${role} has a managed policy: it allows more than anybody has looked at.`);
  const statements = (properties.Policies ?? []).flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  return statements.flatMap((statement) => {
    const { Effect, Action = [], Resource = [], Condition, ...others } = statement;
    const items = Condition === undefined ? {} : itemsIn(Condition);
    if (Effect !== 'Allow' || Object.keys(others).length > 0 || !items)
      throw new Error(`A statement of the role ${role} is not understood here: ${JSON.stringify(statement)}`);
    return [Action]
      .flat()
      .flatMap((action) => [Resource].flat().map((resource) => ({ action, resource, ...items })));
  });
}

const KEY_END = /^\{"ForAllValues:StringLike":\{"dynamodb:LeadingKeys":\["[*](#[a-z]+)"\]\}\}$/;
const ATTRIBUTES =
  /^\{"ForAllValues:StringEquals":\{"dynamodb:Attributes":(\["[A-Za-z",]+"\])\},"StringEqualsIfExists":\{"dynamodb:Select":\["SPECIFIC_ATTRIBUTES"\],"dynamodb:ReturnValues":\["NONE","UPDATED_OLD","UPDATED_NEW"\]\}\}$/;

/** What the condition says of items, where it is one that `scripts/iam-roles-plugin.ts` writes. */
function itemsIn(condition: unknown): Pick<Permission, 'keyEnd' | 'attributes'> | undefined {
  const text = JSON.stringify(condition);
  const keyEnd = KEY_END.exec(text)?.[1];
  if (keyEnd !== undefined) return { keyEnd };
  const attributes = ATTRIBUTES.exec(text)?.[1];
  return attributes === undefined ? undefined : { attributes: JSON.parse(attributes) };
}

/** Logs and traces are written by Lambda with the function's role, not by calls of the function. */
export function isCalled({ action }: Permission): boolean {
  return !/^(logs|xray):/.test(action);
}
