/** The URLs of the embedded SQS's queues: the AWS SDK sends a request about a queue to the host in its URL. */
import type { OutgoingHttpHeaders, Server, ServerResponse } from 'node:http';

/** The operations whose answers have queue URLs in them. fauxqs knows only SQS's JSON protocol. */
const NAME_QUEUES = new Set(['AmazonSQS.CreateQueue', 'AmazonSQS.GetQueueUrl', 'AmazonSQS.ListQueues']);

/** fauxqs (2.4.1) writes `sqs.REGION.localhost`, which few resolvers know, and the port of the run that made the queue. */
const WRONG_ORIGIN = /"http:\/\/sqs\.[^/"]+(?=\/)/g;

/** Makes an SQS server answer with URLs that can be reached: `http://127.0.0.1:PORT/000000000000/NAME`. */
export function nameReachableQueues(server: Server): void {
  server.prependListener('request', (request, response) => {
    if (!NAME_QUEUES.has(String(request.headers['x-amz-target']))) return;
    const origin = `http://127.0.0.1:${request.socket.localPort}`;
    changeBody(response, (body) => body.replaceAll(WRONG_ORIGIN, `"${origin}`));
  });
}

/** Changes the body of an answer that is written as fastify does it: `writeHead(status, headers)`, then `end(text)`. */
function changeBody(response: ServerResponse, change: (body: string) => string): void {
  const { writeHead, end } = response;
  response.writeHead = ((status: number, headers: OutgoingHttpHeaders) => {
    const { 'content-length': _ofTheOtherBody, ...others } = headers;
    return writeHead.call(response, status, others);
  }) as typeof writeHead;
  response.end = ((body: string) => end.call(response, change(body), 'utf8')) as typeof end;
}
