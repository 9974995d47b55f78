/**
 * Requests of a test's own process to the embedded DynamoDB: they go to it at once, without HTTP, sockets and streams,
 * which were a quarter of what many tests reckoned. Other processes get the same answers by HTTP.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Store } from 'dynalite/db/index.js';
import validations from 'dynalite/validations/index.js';
import { nextTurn } from './next-turn.ts';

interface Request {
  port?: number;
  headers: IncomingHttpHeaders;
  /** In JSON. */
  body: Uint8Array;
}

interface Signer {
  sign(request: Request, ...more: unknown[]): Promise<Request>;
}

interface Handler {
  handle(request: Request, options?: { abortSignal?: AbortSignal }): Promise<{ response: object }>;
}

export interface TablesAnswer {
  statusCode: number;
  headers: Record<string, string>;
  body: Uint8Array;
}

/** @returns `undefined` where the request has to come by HTTP. */
type Shortcut = (headers: IncomingHttpHeaders, body: Uint8Array) => Promise<TablesAnswer> | undefined;

/** The ports of this process that need no HTTP. */
const shortcuts = new Map<number, Shortcut>();

/** The clients of this process, `client` and those that are made later, reach the tables at this port so. */
export function withoutHttp(client: DynamoDBClient, port: number, store: Store): void {
  addShortcut(port, (headers, body) =>
    answer(store, String(headers['x-amz-target']), new TextDecoder().decode(body)),
  );
  // Nobody looks at the signature of what needs no HTTP: a tenth of what was left.
  const signers = Object.getPrototypeOf(client.config.httpAuthSchemes[0]?.signer) as Signer;
  const { sign } = signers;
  signers.sign = async function (request, ...more) {
    return shortcuts.has(request.port ?? 0) ? request : sign.call(this, request, ...more);
  };
  const handlers = Object.getPrototypeOf(client.config.requestHandler) as Handler;
  const { handle } = handlers;
  handlers.handle = async function (request, options) {
    const { port: called = 0, headers, body } = request;
    const answer = options?.abortSignal?.aborted ? undefined : answerOfTables(called, headers, body);
    return answer ? { response: await answer } : handle.call(this, request, options);
  };
}

/** What a proxy at this port does with a request that only has to pass. */
export function addShortcut(port: number, shortcut: Shortcut): void {
  shortcuts.set(port, shortcut);
}

/** What the tables at this port answer; `undefined` if there are none, or it has to be HTTP. */
export function answerOfTables(
  port: number,
  headers: IncomingHttpHeaders,
  body: Uint8Array,
): Promise<TablesAnswer> | undefined {
  return shortcuts.get(port)?.(headers, body);
}

/** As dynalite's own server answers what comes by HTTP: others have their turn meanwhile. */
async function answer(store: Store, target: string, body: string): Promise<TablesAnswer> {
  await nextTurn();
  const name = validations.toLowerFirst(target.split('.')[1] ?? '');
  const [{ default: action }, { default: rules }] = await Promise.all([
    import(`dynalite/actions/${name}.js`),
    import(`dynalite/validations/${name}.js`),
  ]);
  try {
    const data = validations.checkTypes(JSON.parse(body), rules.types);
    validations.checkValidations(data, rules.types, rules.custom, store);
    return await new Promise((resolve, reject) => {
      action(store, data, (error: unknown, found: unknown) =>
        error ? reject(error) : resolve(inJson(200, found)),
      );
    });
  } catch (error) {
    const { statusCode, body: refusal } = error as { statusCode?: number; body?: unknown };
    if (statusCode === undefined) throw error;
    return inJson(statusCode, refusal);
  }
}

function inJson(statusCode: number, body: unknown): TablesAnswer {
  const headers = { 'content-type': 'application/x-amz-json-1.0' };
  return { statusCode, headers, body: Buffer.from(JSON.stringify(body)) };
}
