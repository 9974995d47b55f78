/**
 * The console's session as a browser sends it. A cookie is sent by the browser with every request to this host, whoever has
 * caused it. So it counts only where the request shows that the console's own page has made it: a page of another origin
 * can't add a header field without asking first, and that is never allowed here; and browsers name the page's origin.
 */
import { environment, hasEnvironment } from '../aws/environment.ts';
import { readSecret, SESSION_MILLISECONDS, type SessionSecret } from '../store/console-sessions.ts';
import { foreignOrigin } from './problems.ts';
import { type HttpRequest, originOf } from './request.ts';

export type ConsoleRole = 'site' | 'platform';

/** `1`: with the session that fits; otherwise with the one that is named, where a browser has both. */
type Asked = '1' | ConsoleRole;

/** With which session the console calls; `undefined`: it does not call, or sends a key, which decides alone then. */
function askedIn({ headers }: Pick<HttpRequest, 'headers'>): Asked | undefined {
  const { 'x-console': asked, authorization } = headers;
  if (authorization !== undefined) return undefined;
  return asked === '1' || asked === 'site' || asked === 'platform' ? asked : undefined;
}

/** Whether the console calls, and not a program with a key. */
export function isOfConsole(request: HttpRequest): boolean {
  return askedIn(request) !== undefined;
}

/** Whether the console calls for the platform, at a path that is for both. */
export function isForPlatform(request: HttpRequest): boolean {
  const asked = askedIn(request);
  if (asked !== '1') return asked === 'platform';
  const ofSite = sentSession(request, 'site');
  const isOfSite = ofSite !== undefined && ofSite.siteId === request.pathParameters?.siteId;
  return !isOfSite && sentSession(request, 'platform') !== undefined;
}

/** The session that the request may use as this role; it may be over. */
export function sessionFor(request: HttpRequest, role: ConsoleRole): SessionSecret | undefined {
  const asked = askedIn(request);
  return asked === '1' || asked === role ? sentSession(request, role) : undefined;
}

/** The session in the cookie of a role; it may be over. */
export function sentSession({ cookies = [] }: HttpRequest, role: ConsoleRole): SessionSecret | undefined {
  const begin = `${cookieName(role)}=`;
  const cookie = cookies.find((each) => each.startsWith(begin));
  const sent = cookie && readSecret(cookie.slice(begin.length));
  return sent && (sent.siteId !== undefined) === (role === 'site') ? sent : undefined;
}

/**
 * Refuses a request that pages of others may have caused.
 *
 * @see https://www.w3.org/TR/fetch-metadata/, https://www.rfc-editor.org/rfc/rfc6454
 * @throws HttpProblem 403
 */
export function requireOwnPage(request: HttpRequest): void {
  const { origin, 'sec-fetch-site': from } = request.headers;
  const isRead = /^(?:GET|HEAD)$/.test(request.requestContext.http.method);
  // A browser may leave it out where nothing is changed.
  const isOwn = origin === undefined ? isRead : ownOrigins(request).includes(origin);
  if (!isOwn || (from !== undefined && from !== 'same-origin')) throw foreignOrigin();
}

/** The public address, and the one that was called: behind CloudFront the API may see another host. */
function ownOrigins(request: HttpRequest): string[] {
  const called = originOf(request);
  return hasEnvironment('API_URL') ? [new URL(environment('API_URL')).origin, called] : [called];
}

/** The cookie of a session. */
export function sessionCookie(role: ConsoleRole, { secret }: Pick<SessionSecret, 'secret'>): string {
  return setCookie(role, secret, SESSION_MILLISECONDS / 1_000);
}

/** Removes the cookie. */
export function endedCookie(role: ConsoleRole): string {
  return setCookie(role, '', 0);
}

function setCookie(role: ConsoleRole, value: string, seconds: number): string {
  return `${cookieName(role)}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; ${attributes()}`;
}

/**
 * In a frame of another site a browser sends only cookies without `SameSite`, and keeps them apart for each site that frames
 * it (`Partitioned`).
 */
function attributes(): string {
  if (isPlainHttp()) return 'SameSite=Lax';
  return hasEnvironment('CONSOLE_FRAME_ANCESTORS')
    ? 'Secure; SameSite=None; Partitioned'
    : 'Secure; SameSite=Lax';
}

/** `__Host-`: no other host, such as a sibling under the same domain, can set it (RFC 6265bis, 4.1.3.2). */
function cookieName(role: ConsoleRole): string {
  return isPlainHttp() ? `console-${role}` : `__Host-console-${role}`;
}

/** Of the local run: browsers take `Secure` only over https. */
function isPlainHttp(): boolean {
  return process.env.STAGE === 'local';
}
