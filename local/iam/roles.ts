/** The permissions of a role, as pairs of an action and a resource. */
import { type Template, TemplateReader } from './template.ts';

export interface Permission {
  /** For example `dynamodb:GetItem`. */
  action: string;
  /** An ARN. */
  resource: string;
  /** The permission is for items whose partition key ends so; absent: for all. */
  keyEnd?: string;
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
 * @throws Error where they can't be written as such pairs: with a managed policy, another condition than that on the end
 * of the keys, `Deny`, `NotAction` or `NotResource`.
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
    const keyEnd = Condition === undefined ? undefined : keyEndIn(Condition);
    if (Effect !== 'Allow' || Object.keys(others).length > 0 || (Condition !== undefined && !keyEnd))
      throw new Error(`A statement of the role ${role} is not understood here: ${JSON.stringify(statement)}`);
    const items = keyEnd === undefined ? {} : { keyEnd };
    return [Action]
      .flat()
      .flatMap((action) => [Resource].flat().map((resource) => ({ action, resource, ...items })));
  });
}

/** The end of the keys, where the condition is the one that `scripts/iam-roles-plugin.ts` writes. */
function keyEndIn(condition: unknown): string | undefined {
  const form = /^\{"ForAllValues:StringLike":\{"dynamodb:LeadingKeys":\["[*](#[a-z]+)"\]\}\}$/;
  return form.exec(JSON.stringify(condition))?.[1];
}

/** Logs and traces are written by Lambda with the function's role, not by calls of the function. */
export function isCalled({ action }: Permission): boolean {
  return !/^(logs|xray):/.test(action);
}
