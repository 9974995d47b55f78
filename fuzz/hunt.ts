/** Sends a given number of requests to a route, and reports results that must not happen. */
import fc from 'fast-check';
import { withFreshValues } from './fresh-values.ts';
import { Finding, judge } from './oracle.ts';
import { queueTargets } from './queue.ts';
import { type FuzzRequest, requestsTo, siteOf, toLambdaEvent } from './requests.ts';
import { allRoutes, type HttpRoute } from './routes.ts';
import type { World } from './world.ts';

/** An entry of the system: a route of the API, or the queue of an event. */
export interface Target {
  name: string;
  /** A property for fast-check: one request after another. It throws a Finding. */
  property(world: World, count: (outcome: string) => void): fc.IAsyncProperty<[unknown]>;
}

interface FoundOnce {
  kind: string;
  message: string;
  /** The smallest request for which fast-check found it. */
  request: unknown;
  /** `--seed` of a run that finds it in its first requests. */
  seed: number;
}

export interface Report {
  target: string;
  requests: number;
  seconds: number;
  /** How often each status (or other outcome) occurred. */
  outcomes: Record<string, number>;
  findings: FoundOnce[];
}

/** Requests between two resets: tables and queues stay small, and the seed of a finding is close to it. */
const BATCH = 1_000;

export async function allTargets(): Promise<{ targets: Target[]; functionNames: string[] }> {
  const routes = await allRoutes();
  return {
    targets: [...routes.map(targetOf), ...queueTargets(routes)],
    functionNames: [...new Set(routes.map(({ functionName }) => functionName))],
  };
}

/** The data that a function may have changed, which is restored afterwards. */
const CHANGES: Record<string, 'settings' | 'people'> = {
  sites: 'settings',
  console: 'settings',
  'site-bot': 'settings',
  templates: 'settings',
  users: 'people',
  bot: 'people',
  'callback-login': 'people',
  'telegram-login': 'people',
};

function targetOf(route: HttpRoute): Target {
  const changes = CHANGES[route.functionName];
  // When a browser returns from Telegram, a GET links a user; a HEAD never changes anything.
  const isReading = route.method === 'HEAD' || (route.method === 'GET' && route.caller !== 'everybody');

  async function send(generated: FuzzRequest, world: World, count: (outcome: string) => void): Promise<void> {
    const siteId = siteOf(generated, route);
    const request = await withFreshValues(generated, siteId, world);
    const answer = await world
      .call(route.functionName, toLambdaEvent(request, route))
      .catch((error: unknown) => {
        throw new Finding('an exception out of the handler', String((error as Error).stack));
      });
    count(String(answer.statusCode));
    const { statusCode = 0 } = answer;
    const mayHaveChanged = statusCode < 400 && (!isReading || request.method !== route.method);
    if (changes && mayHaveChanged) await world.restore(siteId, changes);
    judge({ route, request, answer, queued: world.takeQueued(), calls: world.takeCalls() }, world);
  }

  return {
    name: route.routeKey,
    property: (world, count) =>
      fc.asyncProperty(requestsTo(route), (request) => send(request, world, count)) as fc.IAsyncProperty<
        [unknown]
      >,
  };
}

export interface Hunt {
  requests: number;
  seed: number;
  onProgress?: (done: number) => void;
}

/** Sends the requests. The first finding of each kind is kept, and the hunt continues. */
export async function hunt(
  target: Target,
  world: World,
  { requests, seed, onProgress }: Hunt,
): Promise<Report> {
  const started = performance.now();
  const report: Report = { target: target.name, requests: 0, seconds: 0, outcomes: {}, findings: [] };
  const known = new Set<string>();
  const property = target.property(world, (outcome) => {
    report.requests += 1;
    report.outcomes[outcome] = (report.outcomes[outcome] ?? 0) + 1;
  });
  for (let done = 0; done < requests; done += BATCH) {
    const batch = { numRuns: Math.min(BATCH, requests - done), seed: seed + done };
    await world.renew(batch.seed);
    const before = JSON.stringify(await world.foreignData());
    await findNew(property, batch, known, report);
    const after = JSON.stringify(await world.foreignData());
    const kind = 'data of another site changed';
    if (after !== before && !known.has(kind)) {
      known.add(kind);
      report.findings.push({ kind, message: kind, request: undefined, seed: batch.seed });
    }
    onProgress?.(Math.min(requests, done + BATCH));
  }
  report.seconds = (performance.now() - started) / 1000;
  return report;
}

/** Repeats a batch after each finding, without the known kinds, until it finds nothing new. */
async function findNew(
  property: fc.IAsyncProperty<[unknown]>,
  batch: { numRuns: number; seed: number },
  known: Set<string>,
  report: Report,
): Promise<void> {
  const unlessKnown: typeof property.run = async (value) => {
    const failure = await property.run(value);
    const error = failure !== null && 'error' in failure ? failure.error : undefined;
    return error instanceof Finding && known.has(error.kind) ? null : failure;
  };
  const hunted = Object.assign(Object.create(property) as typeof property, { run: unlessKnown });
  for (;;) {
    const { failed, counterexample, errorInstance } = await fc.check(hunted, batch);
    if (!failed) return;
    if (!(errorInstance instanceof Finding)) throw errorInstance;
    known.add(errorInstance.kind);
    const { kind, message } = errorInstance;
    report.findings.push({ kind, message, request: counterexample?.[0], seed: batch.seed });
  }
}
