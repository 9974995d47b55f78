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
  const { host, origin, 'sec-fetch-site': site } = request.headers;
  // Only a program may leave it out (HTTP/1.0).
  if (host !== undefined && !OWN_NAMES.includes(hostnameOf(`http://${host}`) ?? ''))
    return `This is a server of one machine, for that machine only: call it 127.0.0.1 or localhost, not ${host}.`;
  if (origin !== undefined && URL.parse(origin)?.host !== URL.parse(`http://${host}`)?.host)
    return `Pages of other sites may not call this machine, and this request is from ${origin}.`;
  if (site === undefined || site === 'same-origin' || site === 'none') return undefined;
  if (isVisit(request) && mayBeVisited(request)) return undefined;
  return 'Pages of other sites may not call this machine. If you have followed a link, type its address instead.';
}

function hostnameOf(url: string): string | undefined {
  // One dot at the end means the same name.
  return URL.parse(url)?.hostname.replace(/\.$/, '');
}

/** A person opens the address in a tab: what it answers is shown to the person, and to no page. */
function isVisit({ method = '', headers }: IncomingMessage): boolean {
  const { 'sec-fetch-mode': mode, 'sec-fetch-dest': destination } = headers;
  return /^(GET|HEAD)$/.test(method) && mode === 'navigate' && destination === 'document';
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
