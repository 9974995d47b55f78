/**
 * Who may call the servers of this machine. They ask for no key, or for one that everybody knows, and any web page that is
 * open in a browser here can send requests to them. A page of another site is known by what browsers say of it; one whose
 * name was made to lead here (DNS rebinding) by the name that it asks for.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** What a browser asks where a person opens an address of this machine. */
const OWN_NAMES = ['localhost', '127.0.0.1', '[::1]'];

export interface ForeignCallerOptions {
  /** Whether links of other sites may lead to this page or route, as Telegram's login does to the API's. By default none. */
  mayBeVisited?: (request: IncomingMessage) => boolean;
}

/** Makes a server answer 403 to pages of other sites, before anything else sees their requests. */
export function refuseForeignCallers(server: Server, options: ForeignCallerOptions = {}): void {
  const { emit } = server;
  server.emit = ((event: string, ...args: unknown[]) => {
    // `checkContinue`: a request whose sender waits for leave to send the body.
    if (event === 'request' || event === 'checkContinue') {
      const [request, response] = args as [IncomingMessage, ServerResponse];
      const reason = refusalOf(request, options);
      if (reason !== undefined) return refuse(request, response, reason);
      // To its own page a server needs to allow nothing: some would allow any page to read all answers.
      delete request.headers.origin;
    }
    return Reflect.apply(emit, server, [event, ...args]);
  }) as typeof emit;
}

/**
 * Why a request is refused; `undefined` if it is not.
 *
 * @see https://www.w3.org/TR/fetch-metadata/
 */
function refusalOf(
  request: IncomingMessage,
  { mayBeVisited = () => false }: ForeignCallerOptions,
): string | undefined {
  const { origin } = request.headers;
  const called = calledName(request);
  // Only a program may leave it out (HTTP/1.0).
  if (called !== undefined && !OWN_NAMES.includes(hostnameOf(`http://${called}`) ?? ''))
    return `This is a server of one machine, for that machine only: call it 127.0.0.1 or localhost, not ${called}.`;
  if (origin !== undefined && !isOf(called, origin))
    return `Pages of other sites may not call this machine, and this request is from ${origin}.`;
  if (!isOfBrowser(request, called)) return undefined;
  if (!isVisit(request)) return 'Pages of other sites may not call this machine.';
  if (mayBeVisited(request)) return undefined;
  // The browser does not say whether a page of another site has led it here.
  return 'A browser may not open this address. Call it with a program, such as curl.';
}

/** The name of the whole address, where the request has it, else that of `Host` (RFC 9112, 3.2.2). */
function calledName({ url = '', headers }: IncomingMessage): string | undefined {
  return url.match(/^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/i)?.[1] ?? headers.host;
}

function hostnameOf(url: string): string | undefined {
  // One dot at the end means the same name.
  return URL.parse(url)?.hostname.replace(/\.$/, '');
}

function isOf(called: string | undefined, address: string): boolean {
  return URL.parse(address)?.host === URL.parse(`http://${called}`)?.host;
}

/**
 * Not a program, and not a page of this server that reads from it. `none` is a typed address, but also one that another site
 * leads to, or has fetched in advance. Older browsers name the page only (`Referer`).
 */
function isOfBrowser({ headers }: IncomingMessage, called: string | undefined): boolean {
  const { 'sec-fetch-site': site, 'sec-fetch-mode': mode, referer } = headers;
  if (site === undefined) return referer !== undefined && !isOf(called, referer);
  return site !== 'same-origin' || mode === 'navigate';
}

/** A person opens the address in a tab: what it answers is shown to the person, and to no page. */
function isVisit({ method = '', headers }: IncomingMessage): boolean {
  const { 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': destination } = headers;
  if (!/^(GET|HEAD)$/.test(method)) return false;
  // An older browser does not say so.
  return site === undefined || (mode === 'navigate' && destination === 'document');
}

function refuse(request: IncomingMessage, response: ServerResponse, detail: string): true {
  const code = 'foreign-caller';
  const body = JSON.stringify({ type: 'about:blank', status: 403, title: 'Forbidden', code, detail });
  response.writeHead(403, {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
  request.resume();
  return true;
}
