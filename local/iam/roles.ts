/** What a role of a template allows, as exact pairs of an action and a resource. */
import { type Template, TemplateReader } from './template.ts';

export interface Permission {
  /** Such as `dynamodb:GetItem`. */
  action: string;
  /** An ARN. */
  resource: string;
}

interface Statement {
  Effect?: unknown;
  Action?: string | string[];
  Resource?: string | string[];
  [other: string]: unknown;
}

interface RoleProperties {
  Policies?: { PolicyDocument: { Statement: Statement[] } }[];
  ManagedPolicyArns?: string[];
}

/**
 * All that a role allows.
 *
 * @throws where the role says it in a way that can't be taken apart into such pairs: by a managed policy, a condition, a
 * denial, or all but something.
 */
export function permissionsOf(template: Template, role: string, region: string): Permission[] {
  const resource = template.Resources[role];
  if (resource?.Type !== 'AWS::IAM::Role') throw new Error(`The template has no role ${role}.`);
  const properties = new TemplateReader(template, region).read(resource.Properties) as RoleProperties;
  if (properties.ManagedPolicyArns?.length)
    throw new Error(`The role ${role} has a managed policy: it allows more than anybody has looked at.`);
  const statements = (properties.Policies ?? []).flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  return statements.flatMap((statement) => {
    const { Effect, Action = [], Resource = [], ...others } = statement;
    if (Effect !== 'Allow' || Object.keys(others).length > 0)
      throw new Error(`A statement of the role ${role} is not understood here: ${JSON.stringify(statement)}`);
    return [Action].flat().flatMap((action) => [Resource].flat().map((resource) => ({ action, resource })));
  });
}

/** Logs and traces are written by Lambda itself, with the function's role: no call of the function asks for that. */
export function isCalled({ action }: Permission): boolean {
  return !/^(logs|xray):/.test(action);
}
