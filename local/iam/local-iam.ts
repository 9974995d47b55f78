/**
 * The local run's IAM. Each function signs its requests with its own name as access key, so DynamoDB and SQS know who
 * calls; what the function's role in `serverless.yml` does not allow is refused, as on AWS. So a permission that is
 * missing shows here, and not after a deployment.
 *
 * `GET /permissions` at DynamoDB's port tells what each function may do, and whether it has done so in this run.
 */
import { log } from '../../lib/log.ts';
import { permissionsFor } from './calls.ts';
import type { Answer, SeenRequest } from './intercept.ts';
import { type Permission, permissionsOf } from './roles.ts';
import type { Template } from './template.ts';

/** A permission that a function has, and whether it has used it since the run began. */
export interface UsedPermission extends Permission {
  function: string;
  isUsed: boolean;
}

export class LocalIam {
  readonly #region: string;
  /** By function, then by permission: whether it was used. */
  readonly #roles = new Map<string, Map<string, UsedPermission>>();

  /** @param functions names the role of each function. */
  constructor(template: Template, functions: Record<string, { role?: string }>, region: string) {
    this.#region = region;
    for (const [name, { role = '' }] of Object.entries(functions)) {
      const permissions = permissionsOf(template, role, region).map(
        (permission) => [keyOf(permission), { function: name, ...permission, isUsed: false }] as const,
      );
      this.#roles.set(name, new Map(permissions));
    }
  }

  /** Lets a request pass (`undefined`), notes what it uses, or refuses it. */
  intercept({ method, path, headers, body }: SeenRequest): Answer | undefined {
    if (method === 'GET' && path === '/permissions') return jsonAnswer(200, this.permissions());
    const caller = callerOf(headers.authorization);
    // Whoever else asks is not a function: the run itself, a test, a person who looks into a table.
    const role = caller && this.#roles.get(caller);
    if (!role) return undefined;
    const wanted = permissionsFor(String(headers['x-amz-target']), JSON.parse(body || '{}'), this.#region);
    const missing = wanted.find((permission) => !role.has(keyOf(permission)));
    if (missing) return refusal(caller, missing);
    for (const permission of wanted) {
      const known = role.get(keyOf(permission));
      if (known) known.isUsed = true;
    }
    return undefined;
  }

  permissions(): UsedPermission[] {
    return [...this.#roles.values()].flatMap((role) => [...role.values()]);
  }
}

function keyOf({ action, resource }: Permission): string {
  return `${action} ${resource}`;
}

/** The access key in `AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/…`. */
function callerOf(authorization: string | undefined): string | undefined {
  return authorization?.match(/Credential=([^/]+)\//)?.[1];
}

/**
 * As both services say it.
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
