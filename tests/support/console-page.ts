/** The console's page in a browser: it keeps cookies, and sends what such a page sends. */
import type { Answer } from './api-events.ts';
import { API } from './api-events.ts';
import type { App, CallOptions } from './app.ts';

export interface ConsolePage {
  /** What the browser has, as `name=value`. */
  cookies: string[];
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  signIn(body: object, options?: CallOptions): Promise<Answer>;
  signOut(role?: string): Promise<Answer>;
}

/** @param cookies that the browser has already. */
export function consolePage(app: App, cookies: string[] = []): ConsolePage {
  const browser: ConsolePage = {
    cookies: [...cookies],
    async call(method, path, { headers, ...options } = {}) {
      const answer = await app.call(method, path, {
        key: null,
        cookies: browser.cookies,
        headers: {
          'x-console': '1',
          'sec-fetch-site': 'same-origin',
          'sec-fetch-mode': 'cors',
          ...(!/^(GET|HEAD)$/.test(method) && { origin: API }),
          ...headers,
        },
        ...options,
      });
      for (const cookie of answer.cookies) browser.cookies = kept(browser.cookies, cookie);
      return answer;
    },
    signIn: (body, options) => browser.call('POST', '/console/session', { body, ...options }),
    signOut: (role) =>
      browser.call('DELETE', '/console/session', role === undefined ? {} : { query: { role } }),
  };
  return browser;
}

function kept(cookies: string[], set: string): string[] {
  const [pair = ''] = set.split('; ');
  const begin = pair.slice(0, pair.indexOf('=') + 1);
  const others = cookies.filter((cookie) => !cookie.startsWith(begin));
  return /; Max-Age=0(?:;|$)/.test(set) ? others : [...others, pair];
}
