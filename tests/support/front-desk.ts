/** The exported handlers of `sites` and `site-bot` with tables and a Telegram of their own: requests as API Gateway makes them. */
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Site } from '../../lib/store/sites.ts';
import type { CallRecord } from '../../local/emulator/emulator.ts';
import { startEmulator } from '../../local/emulator/server.ts';
import { eventRequest, jsonOf, lambdaContext, routed } from './requests.ts';
import { type Stack, startStack } from './stack.ts';

export const PLATFORM_KEY = 'platform-demo';
/** `printf %s platform-demo | sha256sum` */
const PLATFORM_KEY_SHA256 = '6da2269fcb5ff77788e07cd592a5e276529d90f53edc7216ed541608df914084';

/** Where callers find the API in these tests. */
export const API = 'https://api.example';

interface Said {
  status: number | undefined;
  headers: Record<string, string | number | boolean>;
  json: ReturnType<typeof jsonOf>;
  body: string | undefined;
}

interface Parts {
  /** The key; absent: no header. */
  key?: string;
  body?: unknown;
  ifMatch?: string;
  /** Where the caller has found the API. */
  api?: string;
}

export interface FrontDesk {
  stack: Stack;
  ask(method: string, path: string, parts?: Parts): Promise<Said>;
  /** A new site, and its key. */
  newSite(siteId: string, changes?: object): Promise<string>;
  /** A site as the table has it. */
  stored(siteId: string): Promise<Site>;
  /** Calls of the Bot API so far, since the last `reset`. */
  calls(method?: string): Promise<CallRecord[]>;
  fault(fault: object): Promise<void>;
  /** Asks the emulator something as a bot. */
  asBot(token: string, method: string, parameters?: object): Promise<Record<string, unknown>>;
  /** A person writes to a bot, who then calls its webhook. */
  write(chatId: number, bot: string, text: string): Promise<void>;
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a desk. One for a test file: the clients of `lib` are made once. */
export async function openFrontDesk(beforeLoading?: (stack: Stack) => Promise<void>): Promise<FrontDesk> {
  process.env.LOG_LEVEL ??= 'off';
  const [stack, telegram] = await Promise.all([startStack(), startEmulator()]);
  process.env.TELEGRAM_API_ROOT = telegram.url;
  process.env.PLATFORM_KEY_SHA256 = PLATFORM_KEY_SHA256;
  await beforeLoading?.(stack);
  const [sites, siteBot, store] = await Promise.all([
    import('../../functions/sites.ts'),
    import('../../functions/site-bot.ts'),
    import('../../lib/store/sites.ts'),
  ]);
  const emulator = async (path: string, init?: RequestInit) => {
    const answer = await fetch(`${telegram.url}/emulator/${path}`, init);
    if (!answer.ok) throw new Error(`The emulator refused ${path}: ${await answer.text()}`);
    return answer.json();
  };

  const desk: FrontDesk = {
    stack,
    async ask(method, path, { key, body, ifMatch, api = API } = {}) {
      const event = eventRequest('', { authorization: key === undefined ? null : `Bearer ${key}`, body });
      const [, siteId = '', rest = '', last] =
        path.match(/^\/v1\/sites\/([^/]*)((?:\/[^/]+)?)(?:\/(.*))?$/) ?? [];
      event.rawPath = path;
      event.requestContext.http.method = method;
      event.requestContext.http.path = path;
      event.pathParameters = { siteId, ...(rest === '/keys' && last !== undefined && { keyId: last }) };
      event.headers = {
        ...event.headers,
        host: new URL(api).host,
        'x-forwarded-proto': new URL(api).protocol.slice(0, -1),
        ...(ifMatch !== undefined && { 'if-match': ifMatch }),
      };
      const handler = rest === '/bot' ? siteBot.handler : sites.handler;
      const answer: APIGatewayProxyStructuredResultV2 = await handler(routed(event), lambdaContext);
      return {
        status: answer.statusCode,
        headers: answer.headers ?? {},
        json: jsonOf({ ...answer, body: answer.body || 'null' }),
        body: answer.body,
      };
    },
    async newSite(siteId, changes = {}) {
      const body = { name: 'Bottega', url: 'https://bottega.example', moduleActive: true, ...changes };
      const { json } = await desk.ask('PUT', `/v1/sites/${siteId}`, { key: PLATFORM_KEY, body });
      return json.siteKey;
    },
    async stored(siteId) {
      const site = await store.readSite(siteId);
      if (!site) throw new Error(`There is no site ${siteId}.`);
      return site;
    },
    async calls(method) {
      const calls = (await emulator('calls')) as CallRecord[];
      return calls.filter((call) => method === undefined || call.method === method);
    },
    fault: async (fault) => {
      await emulator('faults', { method: 'POST', body: JSON.stringify(fault) });
    },
    async asBot(token, method, parameters = {}) {
      const answer = await fetch(`${telegram.url}/bot${token}/${method}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(parameters),
      });
      return ((await answer.json()) as { result: Record<string, unknown> }).result;
    },
    async write(chatId, bot, text) {
      await emulator(`chats/${chatId}/send`, { method: 'POST', body: JSON.stringify({ text, bot }) });
    },
    async reset() {
      await emulator('faults', { method: 'DELETE' });
      await emulator('reset', { method: 'POST', body: '{}' });
    },
    async close() {
      await telegram.close();
      await stack.close();
    },
  };
  return desk;
}
