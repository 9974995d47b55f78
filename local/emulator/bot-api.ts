import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { botMethods } from './bot-methods.ts';
import type { CallRecord, Emulator, Method } from './emulator.ts';
import { BotApiError, badRequest } from './errors.ts';
import type { Fault } from './faults.ts';
import { BodyFormatError, BodyTooLargeError, parseForm, parseJson, readBody, sendJson } from './http.ts';
import { messageMethods } from './message-methods.ts';
import { integerOf, isRecord } from './parameters.ts';
import type { BotAccount, CallParameters } from './types.ts';

/** Method names are compared without case, as the Bot API does. */
const METHODS = new Map<string, { name: string; run: Method }>(
  Object.entries({ ...messageMethods, ...botMethods }).map(([name, run]) => [
    name.toLowerCase(),
    { name, run },
  ]),
);

type Answer = { status: number; body: unknown };

/** Answers `/bot<token>/<method>`, and records the call. */
export async function handleBotApi(
  emulator: Emulator,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const [token = '', path = ''] = splitPath(url.pathname);
  const bot = emulator.world.botByToken(token);
  const call: CallRecord = {
    time: new Date(emulator.now()).toISOString(),
    method: METHODS.get(path.toLowerCase())?.name ?? path,
    botId: bot?.id ?? null,
    username: bot?.username ?? null,
    params: {},
    status: null,
    answer: null,
  };
  emulator.record(call);
  const hungUp = new AbortController();
  response.on('close', () => hungUp.abort());

  const parameters = await readParameters(request, url);
  if (parameters instanceof BotApiError) return answer(response, call, refusal(parameters));
  call.params = parameters;
  if (bot === undefined) return answer(response, call, refusal(new BotApiError(401, 'Unauthorized')));

  const fault = emulator.faults.take(call.method, integerOf(parameters, 'chat_id'));
  if (fault?.delayMs !== undefined) await wait(fault.delayMs, undefined, { ref: false });
  if (fault?.drop === 'before') return drop(response, call, 'before');
  if (fault?.drop !== 'after' && isAnswered(fault)) return answerFault(response, call, fault);
  const result = await callMethod(emulator, bot, path, parameters, hungUp.signal);
  await emulator.saved();
  if (fault?.drop === 'after') return drop(response, call, 'after');
  answer(response, call, result);
}

/** Carries out one call. @returns the result, or the refusal. */
export async function callMethod(
  emulator: Emulator,
  bot: BotAccount,
  methodName: string,
  parameters: CallParameters,
  signal: AbortSignal,
): Promise<Answer> {
  const method = METHODS.get(methodName.toLowerCase());
  if (method === undefined) return refusal(new BotApiError(404, 'Not Found'));
  try {
    const done = await method.run({ emulator, bot, parameters, signal });
    return { status: 200, body: { ok: true, ...done } };
  } catch (error) {
    if (error instanceof BotApiError) return refusal(error);
    throw error;
  }
}

function splitPath(pathname: string): string[] {
  try {
    return decodeURIComponent(pathname.slice('/bot'.length)).split('/');
  } catch {
    // Not a valid percent-encoding: no bot has such a token.
    return [];
  }
}

/** A call's parameters, or why they can't be read. */
async function readParameters(request: IncomingMessage, url: URL): Promise<CallParameters | BotApiError> {
  const query = Object.fromEntries(url.searchParams);
  try {
    const body = await readBody(request);
    if (body.length === 0) return query;
    const contentType = request.headers['content-type'] ?? 'application/json';
    const isForm = /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(contentType);
    const fields = isForm ? await parseForm(body, contentType) : parseJson(body);
    if (!isRecord(fields)) return new BotApiError(400, 'Bad Request: object expected as request');
    return { ...query, ...fields };
  } catch (error) {
    if (error instanceof BodyTooLargeError) return new BotApiError(413, 'Request Entity Too Large');
    if (error instanceof BodyFormatError) return badRequest("can't parse the request's body");
    throw error;
  }
}

function refusal(error: BotApiError): Answer {
  return { status: error.status, body: error.toBody() };
}

function answer(response: ServerResponse, call: CallRecord, { status, body }: Answer): void {
  call.status = status;
  call.answer = body;
  if (!response.destroyed) sendJson(response, status, body);
}

function drop(response: ServerResponse, call: CallRecord, moment: 'before' | 'after'): void {
  call.dropped = moment;
  response.destroy();
}

function isAnswered(fault: Fault | undefined): fault is Fault {
  return fault?.status !== undefined || fault?.body !== undefined;
}

/** Sends the answer of a fault: a text as HTML, like the page of a proxy; anything else as JSON. */
function answerFault(response: ServerResponse, call: CallRecord, fault: Fault): void {
  const status = fault.status ?? 200;
  const body = fault.body ?? defaultFaultBody(status);
  if (typeof body !== 'string') {
    answer(response, call, { status, body });
    return;
  }
  call.status = status;
  call.answer = body;
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

const USUAL_DESCRIPTIONS: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden: bot was blocked by the user',
  404: 'Not Found',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

function defaultFaultBody(status: number): unknown {
  if (status < 400) return { ok: true, result: true };
  if (status === 429) {
    return new BotApiError(429, 'Too Many Requests: retry after 1', { retry_after: 1 }).toBody();
  }
  return new BotApiError(status, USUAL_DESCRIPTIONS[status] ?? 'Error').toBody();
}
