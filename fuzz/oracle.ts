/** The rules for every answer, whatever the request. */
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Notification } from '../lib/deliveries/notification.ts';
import { PLACE_CODES, PROBLEM_CODES } from '../lib/domain/problem-codes.ts';
import { htmlLength, MAX_TEXT_LENGTH, TelegramHtmlError } from '../lib/telegram/html/index.ts';
import type { CallRecord } from '../local/emulator/emulator.ts';
import { PLACES } from '../tests/support/payloads.ts';
import { strayMarkup } from './markup.ts';
import { FOREIGN_SITE, MARKER, REACHABLE } from './people.ts';
import { type FuzzRequest, isAllowed, siteOf } from './requests.ts';
import type { HttpRoute } from './routes.ts';
import type { World } from './world.ts';

/** A result that must not happen. Two of the same kind are one finding. */
export class Finding extends Error {
  override readonly name = 'Finding';
  readonly kind: string;

  constructor(kind: string, detail: string) {
    super(`${kind}: ${detail}`);
    this.kind = kind;
  }
}

/** The effects of one request. */
export interface Effects {
  route: HttpRoute;
  request: FuzzRequest;
  answer: APIGatewayProxyStructuredResultV2;
  queued: Notification[];
  calls: CallRecord[];
}

/** Deliveries that answers have named: they are in the queue, or were. */
const promisedBefore = new Set<string>();

/** @throws Finding */
export function judge(effects: Effects, world: World): void {
  const { answer } = effects;
  judgeStatus(effects);
  judgeHeaders(answer);
  judgeProblem(effects);
  judgeSecrets(effects, world);
  judgeQueue(effects);
  const draft = draftIn(effects);
  for (const notification of effects.queued) judgeMessage(notification, world, draft);
  judgeCalls(effects);
  judgePreviews(effects);
}

function bodyIn({ body = '' }: APIGatewayProxyStructuredResultV2) {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function short(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 600) ?? 'nothing';
}

function judgeStatus({ route, request, answer }: Effects): void {
  const { statusCode = 0 } = answer;
  const isAnswer = Number.isInteger(statusCode) && statusCode >= 200 && statusCode < 500;
  if (!isAnswer && !isRefusedByTelegram({ route, request, answer }))
    throw new Finding(`status ${statusCode}`, short(answer));
  const isOwnMethod = request.method === route.method;
  if (isOwnMethod && !isAllowed(request, route) && statusCode < 400)
    throw new Finding('let in without the right key', short(answer));
}

/**
 * A 502 is documented if Telegram refuses the address of this API. These headers can falsify it here; API Gateway
 * prevents that.
 */
function isRefusedByTelegram({
  route,
  request,
  answer,
}: Pick<Effects, 'route' | 'request' | 'answer'>): boolean {
  const isFalseAddress = 'host' in request.headers || 'x-forwarded-proto' in request.headers;
  return route.routeKey === 'PUT /v1/sites/{siteId}/bot' && answer.statusCode === 502 && isFalseAddress;
}

/** RFC 9110, section 5.5, but only ASCII: for other characters API Gateway would answer with its own 500. */
function judgeHeaders({ headers = {}, cookies = [] }: APIGatewayProxyStructuredResultV2): void {
  for (const [name, value] of [
    ...Object.entries(headers),
    ...cookies.map((cookie) => ['set-cookie', cookie]),
  ]) {
    const isPlain = /^[\x20-\x7e]*$/.test(String(value)) && /^[a-z0-9-]+$/i.test(String(name));
    if (!isPlain) throw new Finding('not a header', short([name, value]));
  }
}

/** Each code and its status. */
const CODES = new Map<unknown, number>(Object.entries(PROBLEM_CODES));

const BROWSER_FUNCTIONS = ['callback-login', 'telegram-login'];

/** Every refusal is a problem (RFC 9457) with a sentence; for a person's browser it may be a page. */
function judgeProblem({ route, answer }: Effects): void {
  const { statusCode = 0, headers = {}, body = '' } = answer;
  if (statusCode < 400) return;
  const type = String(headers['content-type']);
  if (BROWSER_FUNCTIONS.includes(route.functionName) && type.startsWith('text/html')) {
    if (!/<h1>[^<]+<\/h1><p>[^<]+<\/p>/.test(body)) throw new Finding('a page without a sentence', body);
    return;
  }
  const problem = bodyIn(answer);
  const isProblem =
    type === 'application/problem+json' &&
    problem?.type === 'about:blank' &&
    problem.status === statusCode &&
    CODES.get(problem.code) === statusCode &&
    typeof problem.title === 'string';
  if (!isProblem) throw new Finding('an error that is no problem+json', short(answer));
  if (!isSentence(problem.detail)) throw new Finding('no sentence', short(problem.detail));
  for (const { pointer, code, detail } of problem.errors ?? []) {
    if (!PLACE_CODES.includes(code)) throw new Finding('a place without a code', short(code));
    if (!/^(\/([^~/]|~[01])*)*$/.test(pointer)) throw new Finding('not a JSON Pointer', short(pointer));
    if (!isSentence(detail) || /invalid input|\bNaN\b|\[object/i.test(withoutQuotes(detail)))
      throw new Finding('no sentence about a place', short(detail));
  }
}

/** It may begin with its subject: a value in quotes, a placeholder, the id of a key. */
function isSentence(detail: unknown): boolean {
  return typeof detail === 'string' && /^(?:[A-Z0-9"{]|[0-9a-f]{8} )[\s\S]*[.)?]$/.test(detail);
}

/** Sent values may be repeated in quotes. */
function withoutQuotes(detail: string): string {
  return detail.replace(/"[\s\S]*"/, '');
}

const TRACES = /(?:\n|\\n)\s+at |node_modules|file:\/\/|\.[mc]?[jt]s:\d|\/functions\/|\/var\/task/;
const NEW_KEY = /pwtg_[\w-]{20,}/;
const CHAT_ID = /88000\d{5}/;

function judgeSecrets(effects: Effects, { secrets }: World): void {
  const { route, request, answer } = effects;
  const { body = '', headers = {}, cookies = [] } = answer;
  const text = [body, ...Object.values(headers), ...cookies].join('\n');
  // Values of the request may be repeated.
  const wasAsked = (found: string) => JSON.stringify(request).includes(found);
  const found = secrets.find((secret) => text.includes(secret) && !wasAsked(secret));
  if (found) throw new Finding('a secret', `${found} in ${short(answer)}`);
  const [trace] = TRACES.exec(text) ?? [];
  if (trace && !wasAsked(trace)) throw new Finding('a trace of the code', short(answer));
  const [chatId] = CHAT_ID.exec(text) ?? [];
  // The site may see the chats of its own users.
  const mayShowChats = route.functionName === 'users';
  if (chatId && !mayShowChats && !wasAsked(chatId)) throw new Finding("a chat's id", short(answer));
  // The OpenAPI document contains an example key.
  const mayShowKey =
    (route.caller === 'platform' && answer.statusCode === 201) || route.functionName === 'openapi';
  if (NEW_KEY.test(text) && !mayShowKey) throw new Finding('a site key', short(answer));
  const isForeignPage = BROWSER_FUNCTIONS.includes(route.functionName) && request.siteId === FOREIGN_SITE;
  // The platform sees all of its shops.
  const isList = route.routeKey.endsWith(' /v1/sites') && answer.statusCode === 200;
  if (text.toLowerCase().includes(MARKER) && !isForeignPage && !isList)
    throw new Finding('data of another site', short(answer));
}

const LINKING_FUNCTIONS = ['users', 'bot', 'callback-login', 'telegram-login'];

/** The queue contains what the answer names, and only for people whom the request names. */
function judgeQueue(effects: Effects): void {
  const { route, request, answer, queued } = effects;
  if (queued.length > 0 && (answer.statusCode ?? 0) >= 400)
    throw new Finding('refused, and queued', short(queued));
  const siteId = siteOf(request, route);
  const stray = queued.find((notification) => notification.siteId !== siteId);
  if (stray) throw new Finding('a message of another site', short(stray));
  if (LINKING_FUNCTIONS.includes(route.functionName)) {
    if (queued.some(({ event }) => event !== 'welcome'))
      throw new Finding('more than a welcome', short(queued));
    return;
  }
  judgeRecipients(queued, peopleIn(decodedBody(request), route.functionName));
  judgePromise(promisedIn(answer), queued);
}

/**
 * Checks the messages of events that came from a queue, where there is no answer.
 *
 * @throws Finding
 */
export function judgeMessages(queued: Notification[], named: Set<string>, world: World): void {
  const stray = queued.find(({ siteId }) => siteId === FOREIGN_SITE);
  if (stray) throw new Finding('a message of another site', short(stray));
  judgeRecipients(queued, named);
  for (const notification of queued) judgeMessage(notification, world);
}

function judgeRecipients(queued: Notification[], named: Set<string>): void {
  // Nobody can mute a welcome.
  const isFor = ({ userId, event }: Notification) =>
    REACHABLE.includes(userId) || (userId === 'fabio' && event === 'welcome');
  const unreachable = queued.find((notification) => !isFor(notification));
  if (unreachable) throw new Finding('a message to who wants or gets none', short(unreachable));
  const unasked = queued.find(({ userId }) => !named.has(userId));
  if (unasked) throw new Finding('a message to who was not named', short(unasked));
}

function judgePromise(promised: string[], queued: Notification[]): void {
  const present = new Set(queued.map(({ deliveryId }) => deliveryId));
  const missing = promised.find((id) => !present.has(id) && !promisedBefore.has(id));
  if (missing) throw new Finding('promised, and not queued', missing);
  const surplus = [...present].find((id) => !promised.includes(id));
  if (surplus) throw new Finding('queued, and not said', surplus);
  for (const id of promised) promisedBefore.add(id);
}

/** The deliveries that are queued according to a 202. */
function promisedIn(answer: APIGatewayProxyStructuredResultV2): string[] {
  if (answer.statusCode !== 202) return [];
  const body = bodyIn(answer);
  const outcomes: { status: string; deliveryId: string }[] = body?.notifications ?? [body];
  return outcomes.filter(({ status }) => status === 'queued').map(({ deliveryId }) => deliveryId);
}

const OTHER_PLACES: Record<string, string> = { 'activity-reminder': 'recipients', templates: 'userId' };

/** The people who may get a message for a body: those at the place of its recipients. */
export function peopleIn(text: string, functionName: string): Set<string> {
  const place = OTHER_PLACES[functionName] ?? PLACES[functionName as keyof typeof PLACES]?.recipient;
  if (place === undefined) return new Set();
  const body = bodyIn({ body: text });
  const also = functionName === 'activity-status' ? (body?.recipients ?? []) : [];
  const people: (string | { id: string })[] = [body?.[place] ?? [], also].flat();
  return new Set(people.map((person) => (typeof person === 'string' ? person : person?.id)));
}

function decodedBody({ body = '', isBase64Encoded }: FuzzRequest): string {
  return isBase64Encoded ? Buffer.from(body, 'latin1').toString() : body;
}

/** A template as far as a message is judged by it: what the merchant wrote, by language. */
type Written = { text: Record<string, string> };

/** The template that is tested without being saved: it is in the request, and in no site. */
function draftIn({ route, request }: Effects): Written | undefined {
  return route.routeKey.endsWith('/templates/test') ? bodyIn({ body: decodedBody(request) }) : undefined;
}

function judgeMessage(
  { siteId, templateId, text, button, event, isTest }: Notification,
  world: World,
  draft?: Written,
): void {
  if (text === '' || !text.isWellFormed() || !isShortHtml(text))
    throw new Finding('a message that Telegram would not take', short(text));
  const site = world.sites.find((one) => one.siteId === siteId);
  if (button && !isOn(site?.url ?? '', button.url))
    throw new Finding('a button that leads elsewhere', short(button));
  // What tells the other chats of a user about a new one is the bot's own text: the shop and the account in bold.
  const own = templateId === 'chat-added' ? { text: { it: '<b><b>' } } : undefined;
  const template: Written | undefined = own ?? draft ?? site?.templates.find(({ id }) => id === templateId);
  if (!template) throw new Finding('a message without a template', `${siteId} ${templateId} ${event}`);
  // Below a welcome there are, in bold, the shop and the account; above a test, in italics, that it is one.
  const note = (event === 'welcome' ? '<b>'.repeat(2) : '') + (isTest ? '<i>' : '');
  const stray = Object.values(template.text).map((written) => strayMarkup(text, written + note));
  if (stray.every((one) => one !== undefined)) throw new Finding('injected markup', `${stray[0]} in ${text}`);
}

function isShortHtml(html: string): boolean {
  try {
    return htmlLength(html) <= MAX_TEXT_LENGTH;
  } catch (error) {
    if (error instanceof TelegramHtmlError) return false;
    throw error;
  }
}

/** Whether an address is on the site's host or a subdomain, and not `http` if the site is `https`. */
function isOn(siteUrl: string, address: string): boolean {
  const [site, { protocol, hostname }] = [new URL(siteUrl), new URL(address)];
  const isOwnHost = hostname === site.hostname || hostname.endsWith(`.${site.hostname}`);
  return isOwnHost && (protocol === 'https:' || protocol === site.protocol);
}

/** The most that is bold in a text of the bot: its answer to `/stato` names each account of the chat. */
const MAX_BOLD = 25;

/** Only the bot writes past the queue, and only to the chat that the update names, with no formatting but bold type. */
function judgeCalls({ route, request, calls }: Effects): void {
  for (const { params } of calls.filter(({ method }) => method === 'sendMessage')) {
    if (route.functionName !== 'bot') throw new Finding('a message past the queue', short(params));
    if (!(request.body ?? '').includes(String(params.chat_id)))
      throw new Finding('a message into a chat that has no part in it', short(params));
    const html = String(params.text);
    if (!isShortHtml(html)) throw new Finding('a message that Telegram would not take', short(params));
    const stray = strayMarkup(html, '<b>'.repeat(MAX_BOLD));
    if (stray) throw new Finding('injected markup', `${stray} in ${html}`);
  }
}

function judgePreviews({ route, request, answer }: Effects): void {
  if (!route.routeKey.endsWith('/templates/preview') || answer.statusCode !== 200) return;
  const { text } = bodyIn({ body: decodedBody(request) }) as { text: Record<string, string> };
  const previews: Record<string, { html: string; textLanguage: string }> = bodyIn(answer).previews;
  for (const { html, textLanguage } of Object.values(previews)) {
    if (!isShortHtml(html)) throw new Finding('a message that Telegram would not take', short(html));
    const stray = strayMarkup(html, text[textLanguage] ?? '');
    if (stray) throw new Finding('injected markup', `${stray} in ${html}`);
  }
}
