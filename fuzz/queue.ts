/** The queues of the events: every message is accepted, or is in the dead-letter queue afterwards. */
import fc from 'fast-check';
import { eventBatch } from '../tests/support/sqs-events.ts';
import { withFreshValues } from './fresh-values.ts';
import type { Target } from './hunt.ts';
import { Finding, judgeMessages, peopleIn } from './oracle.ts';
import { FOREIGN_SITE, OWN_SITES } from './people.ts';
import { type FuzzRequest, requestsTo } from './requests.ts';
import type { HttpRoute } from './routes.ts';
import type { World } from './world.ts';

/** A target for each route through which events are reported. */
export function queueTargets(routes: HttpRoute[]): Target[] {
  return routes
    .filter(({ method, path }) => method === 'POST' && path?.startsWith('/v1/sites/{siteId}/events/'))
    .map((route) => ({
      name: `SQS ${route.functionName}`,
      property: (world, count) =>
        fc.asyncProperty(batchesFor(route), (batch) =>
          put(batch, { route, world, count }),
        ) as fc.IAsyncProperty<[unknown]>,
    }));
}

interface Batch {
  requests: FuzzRequest[];
  site: string;
}

const batchesFor = (route: HttpRoute): fc.Arbitrary<Batch> =>
  fc.record({
    requests: fc.array(requestsTo(route), { minLength: 1, maxLength: 3 }),
    site: fc.constantFrom(...OWN_SITES),
  });

interface Around {
  route: HttpRoute;
  world: World;
  count: (outcome: string) => void;
}

async function put({ requests, site }: Batch, { route, world, count }: Around): Promise<void> {
  const fresh = await Promise.all(requests.map((request) => withFreshValues(request, site, world)));
  const bodies = fresh.map((request) => messageOf(request, site));
  const { functionName } = route;
  const { batchItemFailures } = await world
    .callWithBatch(functionName, eventBatch(functionName, bodies))
    .catch((error: unknown) => {
      throw new Finding('an exception out of the handler', String((error as Error).stack));
    });
  const [queued, dead] = [world.takeQueued(), world.takeDead()];
  if (batchItemFailures.length > 0)
    throw new Finding('kept, though nothing was out of reach', JSON.stringify(bodies).slice(0, 600));

  const stranger = dead.find((body) => !bodies.includes(body));
  if (stranger !== undefined) throw new Finding('a dead letter that is no message', stranger.slice(0, 600));
  const readable = bodies.filter((body) => !dead.includes(body));
  const named = new Set(readable.flatMap((body) => [...peopleIn(body, functionName)]));
  judgeMessages(queued, named, world);
  for (const body of bodies) count(dead.includes(body) ? 'dead letter' : 'taken');
}

/** The event with its `siteId`, as text (it may be nested too deeply to be serialized again). */
function messageOf({ body = '', siteId }: FuzzRequest, site: string): string {
  // A sender with access to the queue may report for every site, so nothing is sent for the foreign one.
  const beside = `{"siteId":${JSON.stringify(siteId === FOREIGN_SITE ? site : siteId)},`;
  return asciiOnly(body.replace(/^\s*\{(?=\s*")/, () => beside));
}

/** SQS refuses some characters, and empty texts; in JSON, escapes and spaces have the same meaning. */
function asciiOnly(text: string): string {
  return (text || ' ').replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
