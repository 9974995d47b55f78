/**
 * The operations of Lambda's API on event source mappings, which serverless-offline lacks: the triggers of the local run can
 * be found, disabled and enabled as those of AWS.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_ListEventSourceMappings.html
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Polling } from './queue-triggers.ts';

const PATH = /^\/2015-03-31\/event-source-mappings\/?([^/?]*)/;

type State = 'Enabled' | 'Disabling' | 'Disabled';

/** A trigger that can be disabled. It is enabled at first. */
export class EventSourceMapping {
  readonly uuid = randomUUID();
  readonly functionName: string;
  readonly queueArn: string;
  readonly #start: () => Polling;
  #polling: Polling;
  #state: State = 'Enabled';

  constructor({
    functionName,
    queueArn,
    start,
  }: { functionName: string; queueArn: string; start: () => Polling }) {
    this.functionName = functionName;
    this.queueArn = queueArn;
    this.#start = start;
    this.#polling = start();
  }

  enable(): void {
    if (this.#state !== 'Disabled') return;
    this.#polling = this.#start();
    this.#state = 'Enabled';
  }

  /** While its last request or batches are running it is `Disabling`. */
  async disable(): Promise<void> {
    if (this.#state !== 'Enabled') return;
    this.#state = 'Disabling';
    await this.#polling.finish();
    this.#state = 'Disabled';
  }

  /** At once, for good. */
  stop(): Promise<void> {
    return this.#polling.stop();
  }

  get isChanging(): boolean {
    return this.#state === 'Disabling';
  }

  describe(): object {
    const { uuid, functionName, queueArn } = this;
    return { UUID: uuid, FunctionArn: functionName, EventSourceArn: queueArn, State: this.#state };
  }
}

/** Makes Lambda's server answer these operations too; whatever else it is asked, it answers as before. */
export function serveEventSourceMappings(server: Server, mappings: EventSourceMapping[]): void {
  const others = server.listeners('request');
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const [, uuid] = PATH.exec(request.url ?? '') ?? [];
    if (uuid !== undefined) void answer(request, response, { uuid, mappings });
    else for (const listener of others) listener.call(server, request, response);
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { uuid, mappings }: { uuid: string; mappings: EventSourceMapping[] },
): Promise<void> {
  try {
    if (request.method === 'GET' && uuid === '') return send(response, 200, list(request, mappings));
    const mapping = mappings.find((each) => each.uuid === uuid);
    if (!mapping) return refuse(response, 404, 'ResourceNotFoundException');
    if (request.method === 'PUT') {
      const { Enabled } = (await json(request)) as { Enabled?: boolean };
      if (mapping.isChanging) return refuse(response, 400, 'ResourceInUseException');
      if (Enabled) mapping.enable();
      // Not waited for, as on AWS: the answer says `Disabling`.
      else if (Enabled === false) void mapping.disable();
    }
    send(response, request.method === 'PUT' ? 202 : 200, mapping.describe());
  } catch (error) {
    refuse(response, 400, 'InvalidParameterValueException', String(error));
  }
}

function list({ url = '' }: IncomingMessage, mappings: EventSourceMapping[]): object {
  const name = new URL(url, 'http://127.0.0.1').searchParams.get('FunctionName');
  const wanted = mappings.filter(({ functionName }) => name === null || functionName === name);
  return { EventSourceMappings: wanted.map((mapping) => mapping.describe()) };
}

function refuse(response: ServerResponse, status: number, type: string, message = type): void {
  send(response, status, { Type: 'User', Message: message }, { 'x-amzn-errortype': type });
}

function send(response: ServerResponse, status: number, body: object, headers: object = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
