/** A proxy in front of a local service. A test can shut it, as if the service were down. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { bodyOf, passOn } from './onward.ts';
import type { Stack } from './stack.ts';
import { addShortcut, answerOfTables } from './without-http.ts';

export interface Gate {
  /** Replaces the service's own address. */
  url: string;
  /** The number of requests that reached the service since the gate was last opened. */
  passed(): number;
  /** Closes the port: connections are refused. */
  shut(): Promise<void>;
  /** Opens the port again, for all requests. */
  open(): Promise<void>;
  /** Lets this many requests through, then drops the connection of every other one. */
  shutAfter(requests: number): void;
  /** How many more it lets through. */
  left(): number;
  /** Forwards requests, and drops the connection instead of answering, this many times, after so many were answered. */
  loseAnswers(times: number, after?: number): void;
  /** Answers every request with this, and forwards none. */
  answerWith(status: number, body: string): void;
  close(): Promise<void>;
}

/** Starts gates in front of the tables and queues of a stack. Functions that are loaded afterwards go through them. */
export async function startGates({ aws, refs }: Stack): Promise<{ dynamodb: Gate; sqs: Gate }> {
  const dynamodb = await startGate(`http://127.0.0.1:${aws.dynamodbPort}`);
  const sqs = await startGate(`http://127.0.0.1:${aws.sqsPort}`);
  const throughGate = (queue: string) => `${sqs.url}${new URL(refs.get(queue) ?? '').pathname}`;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
    AWS_ENDPOINT_URL_SQS: sqs.url,
    DELIVERIES_QUEUE_URL: throughGate('DeliveriesQueue'),
    EVENT_QUEUE_URL: throughGate('MessageSentQueue'),
    DEAD_LETTER_QUEUE_URL: throughGate('MessageSentDeadLetterQueue'),
  });
  return { dynamodb, sqs };
}

export async function startGate(target: string): Promise<Gate> {
  const service = new URL(target);
  let port = 0;
  let passed = 0;
  let left = Number.POSITIVE_INFINITY;
  let answersToLose = 0;
  let answersBefore = 0;
  let fixed: { status: number; body: string } | undefined;

  /** Whether the present answer is one of those to lose. */
  function losesAnswer(): boolean {
    if (answersBefore > 0) {
      answersBefore -= 1;
      return false;
    }
    if (answersToLose === 0) return false;
    answersToLose -= 1;
    return true;
  }

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    if (fixed) {
      incoming.resume();
      outgoing.writeHead(fixed.status, { 'content-type': 'application/x-amz-json-1.0' }).end(fixed.body);
      return;
    }
    if (left <= 0) {
      incoming.socket.destroy();
      return;
    }
    left -= 1;
    passed += 1;
    const { statusCode, headers, body } = await passOn(service, incoming, await bodyOf(incoming));
    if (losesAnswer()) incoming.socket.destroy();
    else outgoing.writeHead(statusCode, headers).end(body);
  }

  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => incoming.socket.destroy());
  });

  const listen = () =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        const address = server.address();
        if (typeof address === 'object' && address) port = address.port;
        server.off('error', reject);
        resolve();
      });
    });
  const shut = async () => {
    if (!server.listening) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  await listen();
  // What only has to pass needs no second server. What is refused or lost comes by HTTP, as it would.
  addShortcut(port, (headers, body) => {
    if (fixed || left <= 0 || answersToLose > 0 || !server.listening) return undefined;
    const answer = answerOfTables(Number(service.port), headers, body);
    if (!answer) return undefined;
    left -= 1;
    passed += 1;
    return answer;
  });

  return {
    url: `http://127.0.0.1:${port}`,
    passed: () => passed,
    shut,
    async open() {
      left = Number.POSITIVE_INFINITY;
      answersToLose = 0;
      passed = 0;
      fixed = undefined;
      if (!server.listening) await listen();
    },
    shutAfter: (requests) => {
      left = requests;
    },
    left: () => left,
    loseAnswers: (times, after = 0) => {
      answersToLose = times;
      answersBefore = after;
    },
    answerWith: (status, body) => {
      fixed = { status, body };
    },
    close: shut,
  };
}
