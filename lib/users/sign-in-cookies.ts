/**
 * The cookies that bind a login with Telegram to the browser in which it was begun. Each login has its own, so several
 * tabs can log in at the same time.
 */
import { timingSafeEqual } from 'node:crypto';
import type { HttpRequest } from '../http/request.ts';
import { SIGN_IN_SECONDS } from './sign-in.ts';

/** Every name begins with this. Alone it is the name that the former release used. */
const NAME = 'telegram-login';

/** So many logins may be under way in one browser at one site: cookies make every request longer. */
const MAX_SIGN_INS = 10;

/** The `Set-Cookie` values of a new login: its own cookie, and the removal of the oldest ones that are too many. */
export function cookiesOfNew(state: string, path: string, request: HttpRequest): string[] {
  // A browser sends the oldest first (RFC 6265, section 5.4).
  const tooMany = signInCookies(request).slice(0, 1 - MAX_SIGN_INS);
  const own = setCookie(`${NAME}-${state.slice(0, 8)}=${state}`, path, SIGN_IN_SECONDS);
  return [...tooMany.map((cookie) => removed(cookie, path)), own];
}

/** The cookie of the login with this state, if it was begun in this browser. */
export function cookieOf(state: string, request: HttpRequest): string | undefined {
  if (state === '') return undefined;
  return signInCookies(request).find((cookie) => isSame(cookie.slice(cookie.indexOf('=') + 1), state));
}

/** The `Set-Cookie` value that removes a cookie. */
export function removed(cookie: string, path: string): string {
  return setCookie(`${cookie.slice(0, cookie.indexOf('='))}=`, path, 0);
}

/** As `name=value`. */
function signInCookies({ cookies = [] }: HttpRequest): string[] {
  return cookies.filter((cookie) => /^telegram-login(?:-[\w-]{8})?=/.test(cookie));
}

function setCookie(cookie: string, path: string, seconds: number): string {
  return `${cookie}; Path=${path}; Max-Age=${seconds}; HttpOnly; Secure; SameSite=Lax`;
}

function isSame(one: string, other: string): boolean {
  const [first, second] = [Buffer.from(one), Buffer.from(other)];
  return first.length === second.length && timingSafeEqual(first, second);
}
