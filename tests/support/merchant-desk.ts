/** The exported handlers of `templates` and `deliveries` with tables and a queue of their own, and two shops. */
import type { Delivery } from '../../lib/store/deliveries.ts';
import type { Site } from '../../lib/store/sites.ts';
import { demoSite, demoUsers } from '../../local/demo.ts';
import { eventRequest, jsonOf, lambdaContext, routed } from './requests.ts';
import { keyHash } from './shop.ts';
import { type Stack, startStack } from './stack.ts';

interface Said {
  status: number | undefined;
  headers: Record<string, string | number | boolean>;
  json: ReturnType<typeof jsonOf>;
}

interface Parts {
  /** The site's own key unless another one is named; `null` sends none. */
  key?: string | null;
  body?: unknown;
  ifMatch?: string;
  query?: Record<string, string>;
}

export interface MerchantDesk {
  stack: Stack;
  /** Asks below `/v1/sites/demo`, such as `GET /templates`. */
  ask(method: string, path: string, parts?: Parts): Promise<Said>;
  /** As `ask`, below the site `altro`. */
  askOther(method: string, path: string, parts?: Parts): Promise<Said>;
  /** The demo site with these settings. */
  setSite(changes?: Partial<Site>): Promise<void>;
  /** A site as the table has it. */
  stored(siteId?: string): Promise<Site>;
  /** Writes into the log, as `deliver` does. */
  record(delivery: Delivery): Promise<void>;
  close(): Promise<void>;
}

/** Opens a desk. One for a test file: the clients of `lib` are made once. */
export async function openMerchantDesk(): Promise<MerchantDesk> {
  process.env.LOG_LEVEL ??= 'off';
  const stack = await startStack();
  const [templates, deliveries, sites, log] = await Promise.all([
    import('../../functions/templates.ts'),
    import('../../functions/deliveries.ts'),
    import('../../lib/store/sites.ts'),
    import('../../lib/store/deliveries.ts'),
  ]);

  const askSite = (siteId: string, ownKey: string) => {
    return async (method: string, path: string, parts: Parts = {}): Promise<Said> => {
      const { key = ownKey, body, ifMatch, query } = parts;
      const request = eventRequest('', { authorization: key && `Bearer ${key}`, body });
      const [, room = '', id] = path.match(/^\/(\w+)(?:\/([^/]+))?/) ?? [];
      const fullPath = `/v1/sites/${siteId}${path}`;
      const handler = room === 'templates' ? templates.handler : deliveries.handler;
      const answer = await handler(
        routed({
          ...request,
          rawPath: fullPath,
          requestContext: {
            ...request.requestContext,
            http: { ...request.requestContext.http, method, path: fullPath },
          },
          headers: { ...request.headers, ...(ifMatch !== undefined && { 'if-match': ifMatch }) },
          pathParameters: {
            siteId,
            ...(id !== undefined && { [room === 'templates' ? 'templateId' : 'deliveryId']: id }),
          },
          ...(query && { queryStringParameters: query }),
        }),
        lambdaContext,
      );
      return {
        status: answer.statusCode,
        headers: answer.headers ?? {},
        json: jsonOf({ ...answer, body: answer.body || 'null' }),
      };
    };
  };

  const desk: MerchantDesk = {
    stack,
    ask: askSite('demo', 'pwtg_demo'),
    askOther: askSite('altro', 'pwtg_altro'),
    async setSite(changes = {}) {
      await stack.putSite({ ...demoSite(), ...changes });
      sites.clearSiteCache();
    },
    async stored(siteId = 'demo') {
      const site = await sites.readSite(siteId);
      if (!site) throw new Error(`There is no site ${siteId}.`);
      return site;
    },
    record: log.recordDelivery,
    close: () => stack.close(),
  };
  await desk.setSite();
  await stack.putSite({ ...demoSite(), siteId: 'altro', keyHashes: [keyHash('pwtg_altro')] });
  for (const user of demoUsers()) await stack.putUser(user);
  return desk;
}
