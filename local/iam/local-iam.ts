/**
 * The local run's IAM. Each function signs its requests with its own name as access key, so DynamoDB and SQS know who
 * calls. A request that the function's role in `serverless.yml` does not allow is refused, as on AWS: so a missing
 * permission is found before a deployment.
 *
 * `GET /permissions` at DynamoDB's port shows what each function may do, whether it has done so in this run, and which
 * requests were refused.
 */
import { log } from '../../lib/observability/logger.ts';
import { permissionsFor, type WantedPermission } from './calls.ts';
import type { Answer, SeenRequest } from './intercept.ts';
import { isCalled, type Permission, permissionsOf } from './roles.ts';
import type { Template } from './template.ts';

/** A permission that a function has or needed. `missing`: it was refused. */
export interface PermissionState extends Permission {
  function: string;
  state: 'unused' | 'used' | 'missing';
}

export class LocalIam {
  readonly #region: string;
  /** By function, then by action and resource. */
  readonly #roles = new Map<string, Map<string, PermissionState>>();

  /** @param functions names the role of each function. */
  constructor(template: Template, functions: Record<string, { role?: string }>, region: string) {
    this.#region = region;
    for (const [name, { role = '' }] of Object.entries(functions)) {
      const permissions = permissionsOf(template, role, region)
        .filter(isCalled)
        .map((permission) => [keyOf(permission), toState(name, permission, 'unused')] as const);
      this.#roles.set(name, new Map(permissions));
    }
  }

  /** Records the permissions that a request uses. @returns the refusal, or `undefined` where it is allowed. */
  intercept({ method, path, headers, body }: SeenRequest): Answer | undefined {
    if (method === 'GET' && path === '/permissions') return jsonAnswer(200, this.permissions());
    const caller = callerOf(headers.authorization);
    // Other callers are no functions: the run itself, a test, a person who looks into a table.
    const role = caller && this.#roles.get(caller);
    if (!role) return undefined;
    const wanted = permissionsFor(String(headers['x-amz-target']), JSON.parse(body || '{}'), this.#region);
    for (const { key, attributes, ...permission } of wanted) {
      const granted = grantFor({ key, ...(attributes && { attributes }), ...permission }, role);
      role.set(
        keyOf(granted ?? permission),
        toState(caller, granted ?? permission, granted ? 'used' : 'missing'),
      );
      if (!granted) return refusal(caller, permission);
    }
    return undefined;
  }

  permissions(): PermissionState[] {
    return [...this.#roles.values()].flatMap((role) => [...role.values()]);
  }
}

function toState(name: string, permission: Permission, state: PermissionState['state']): PermissionState {
  return { function: name, ...permission, state };
}

/** The permission of the role that covers the wanted one. */
function grantFor(
  { action, resource, key = '', attributes }: WantedPermission,
  role: Map<string, PermissionState>,
): Permission | undefined {
  const granted = [...role.values()].filter(({ state }) => state !== 'missing');
  const found = granted.find(
    (each) =>
      each.action === action &&
      each.resource === resource &&
      key.endsWith(each.keyEnd ?? '') &&
      (!each.attributes || attributes?.every((name) => each.attributes?.includes(name))),
  );
  if (!found) return undefined;
  const { function: _, state: __, ...permission } = found;
  return permission;
}

function keyOf({ action, resource, keyEnd = '', attributes = [] }: Permission): string {
  return `${action} ${resource} ${keyEnd} ${attributes.join('+')}`;
}

/** The access key in `AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/…`. */
function callerOf(authorization: string | undefined): string | undefined {
  return authorization?.match(/Credential=([^/]+)\//)?.[1];
}

/**
 * The refusal as both services write it.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
function refusal(caller: string, { action, resource }: Permission): Answer {
  log.error('permission missing: see `permissions` in serverless.yml', {
    function: caller,
    action,
    resource,
  });
  return jsonAnswer(400, {
    __type: 'com.amazon.coral.service#AccessDeniedException',
    Message:
      `User: ${caller} is not authorized to perform: ${action} on resource: ${resource} because no ` +
      `identity-based policy allows the ${action} action`,
  });
}

function jsonAnswer(status: number, body: unknown): Answer {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: JSON.stringify(body) };
}
