/** Every route of the package, with its description in `docs/openapi.json`: there is no separate list for fuzzing. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { type PackagedRoute, packagedRoutes } from '../tests/support/package.ts';
import { type Components, type JsonSchema, valuesOf } from './from-schema.ts';
import { NEW_EVENT_ID, NOW, SIGNATURE } from './pools.ts';
import { update } from './updates.ts';

type Caller = 'site' | 'platform' | 'site-or-platform' | 'telegram' | 'everybody';

export interface HttpRoute extends PackagedRoute {
  caller: Caller;
  /** Parameters of the path, except `siteId`. */
  parameters: string[];
  query: string[];
  /** Valid or nearly valid bodies; absent if it takes none. */
  bodies?: fc.Arbitrary<unknown>;
}

interface DocumentedOperation {
  security: Record<string, unknown>[];
  parameters?: { name: string; in: string }[];
  requestBody?: {
    content: { 'application/json': { schema: JsonSchema; examples: Record<string, { value: unknown }> } };
  };
}

interface Document {
  paths: Record<string, Record<string, DocumentedOperation>>;
  components: { schemas: Components };
}

const root = join(import.meta.dirname, '..');

export async function allRoutes(): Promise<HttpRoute[]> {
  const [routes, text] = await Promise.all([
    packagedRoutes(),
    readFile(join(root, 'docs/openapi.json'), 'utf8'),
  ]);
  return routes.map((route) => documentedRoute(route, JSON.parse(text) as Document));
}

const CALLERS: Record<string, Caller> = {
  siteKey: 'site',
  platformKey: 'platform',
  'siteKey or platformKey': 'site-or-platform',
  telegramSecret: 'telegram',
};

function documentedRoute(route: PackagedRoute, document: Document): HttpRoute {
  const { routeKey, method, path, functionName } = route;
  if (method === undefined || path === undefined)
    return { ...route, caller: 'everybody', parameters: [], query: [] };
  // What is said of GET holds for HEAD.
  // OpenAPI has no parameter that takes several segments.
  const operation = document.paths[path.replace('+}', '}')]?.[method.toLowerCase().replace('head', 'get')];
  if (!operation) throw new Error(`docs/openapi.json says nothing of ${routeKey}.`);
  const { security, parameters = [], requestBody } = operation;
  const schemes = security.flatMap((one) => Object.keys(one)).join(' or ');
  return {
    ...route,
    caller: CALLERS[schemes] ?? 'everybody',
    parameters: [...path.matchAll(/\{(\w+)\+?\}/g)]
      .map(([, name = '']) => name)
      .filter((name) => name !== 'siteId'),
    query: [
      ...parameters.filter((one) => one.in === 'query').map(({ name }) => name),
      ...(EXTRA_QUERY[functionName] ?? []),
    ],
    ...(requestBody && {
      bodies: OWN_BODIES[routeKey] ?? bodiesFor(requestBody, document.components.schemas),
    }),
  };
}

/** Query parameters that a browser sends in addition to the documented ones. */
const EXTRA_QUERY: Record<string, string[]> = { 'callback-login': ['first_name', 'username'] };

/** Routes whose bodies are Telegram's, not ours: the document does not describe them in detail. */
const OWN_BODIES: Record<string, fc.Arbitrary<unknown>> = {
  'POST /v1/telegram/{siteId}': update,
  'POST /v1/sites/{siteId}/users/{userId}/telegram-login': fc.record(
    {
      id: fc.constantFrom(8_800_003_001, '8800003002', 8_800_001_001, '01', 2 ** 53),
      auth_date: fc.constantFrom(NOW, NOW, NOW, 1, '9999999999'),
      hash: fc.constantFrom(SIGNATURE, SIGNATURE, SIGNATURE, '0'.repeat(64)),
      first_name: fc.string(),
      username: fc.constantFrom('zoe', '<b>', '\u202e'),
    },
    { requiredKeys: ['id', 'auth_date', 'hash'] },
  ),
};

function bodiesFor(
  { content }: NonNullable<DocumentedOperation['requestBody']>,
  components: Components,
): fc.Arbitrary<unknown> {
  const { schema, examples } = content['application/json'];
  const documented = Object.values(examples).flatMap(({ value }) => [value, asNew(value)]);
  return fc.oneof(fc.constantFrom(...documented), valuesOf(schema, components));
}

/** An example of an event, with a new event id. */
function asNew(example: unknown): unknown {
  const isEvent = typeof example === 'object' && example !== null && 'eventId' in example;
  return isEvent ? { ...example, eventId: NEW_EVENT_ID } : example;
}
