import type { HttpResponse } from '../http/request.ts';
import { acceptedLanguages, type SpokenLanguage, spokenLanguage } from '../i18n/languages.ts';
import { type BotWords, botWords, type PageKind, pageWords } from '../i18n/page-texts.ts';
import { type Site, toneOf } from '../store/sites.ts';
import { escapeHtml } from '../telegram/html/index.ts';
import { deepLink, startCommand } from './link-token.ts';

export type { PageKind } from '../i18n/page-texts.ts';

const STATUS: Record<PageKind, number> = {
  malformed: 400,
  forged: 400,
  stale: 400,
  'from-the-future': 400,
  refused: 400,
  inactive: 403,
  'unknown-site': 404,
  'not-set-up': 404,
  unknown: 404,
  'login-used': 409,
  outdated: 409,
  newer: 409,
  'too-many-chats': 409,
  'too-many-users': 409,
  used: 409,
  expired: 410,
  'try-again': 503,
};

type ShownSite = Pick<Site, 'name' | 'url' | 'defaultLanguage' | 'tone'>;

/** A link that the person may still use in the bot. */
export interface OpenLink {
  bot: { username: string };
  token: string;
}

/**
 * The page for a person who could not be linked: what happened and what to do, in their language. Nothing from the
 * request is in the page, but the token of a link that was found to be open.
 *
 * @param acceptLanguage the header of the browser; where it names no language of ours, the page is in the site's.
 */
export function linkingPage(
  kind: PageKind,
  acceptLanguage: string | undefined,
  site?: ShownSite,
  openLink?: OpenLink,
): HttpResponse {
  const language = spokenLanguage(...acceptedLanguages(acceptLanguage), site?.defaultLanguage ?? 'it');
  return {
    statusCode: STATUS[kind],
    headers: {
      ...PRIVATE,
      'content-type': 'text/html; charset=utf-8',
      'content-language': language,
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      ...(kind === 'try-again' && { 'retry-after': '5' }),
    },
    body: render(kind, language, site, openLink),
  };
}

/** Redirects the browser. */
export function redirectTo(location: string, cookies: string[] = []): HttpResponse {
  return {
    statusCode: 302,
    headers: { ...PRIVATE, location: inAscii(location) },
    ...(cookies.length > 0 && { cookies }),
  };
}

/** Header fields are ASCII (RFC 9110, section 5.5): other letters are written in punycode and percent-encoded. */
function inAscii(address: string): string {
  return /^[\x21-\x7e]*$/.test(address) ? address : new URL(address).href;
}

/** The address of these pages has a token in it: it must not get into a cache or to another site. */
const PRIVATE = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

function renderLink({ bot, token }: OpenLink, { or, open, copy }: BotWords): string {
  const link = `<a href="${escapeHtml(deepLink(bot, token))}">${open}</a>`;
  return `<p>${or} ${link}. ${copy}</p><p><code>${escapeHtml(startCommand(token))}</code></p>`;
}

function render(
  kind: PageKind,
  language: SpokenLanguage,
  site: ShownSite | undefined,
  openLink: OpenLink | undefined,
): string {
  const { title, text, back } = pageWords(kind, language, toneOf(site ?? {}));
  const inBot = openLink ? renderLink(openLink, botWords(language, toneOf(site ?? {}))) : '';
  const link = site ? `<p><a href="${escapeHtml(site.url)}">${back} ${escapeHtml(site.name)}</a></p>` : '';
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: #f4f6f8; color: #1c2733; font: 17px/1.5 system-ui, sans-serif; }
main { max-width: 30rem; margin: 1rem; padding: 2rem; background: #fff; border-radius: 12px; box-shadow: 0 1px 4px #0002; }
h1 { margin-top: 0; font-size: 1.35rem; }
a { color: #1769aa; }
code { display: block; padding: .5rem; background: #8882; border-radius: 6px; overflow-wrap: anywhere; user-select: all; }
@media (prefers-color-scheme: dark) { body { background: #10161d; color: #e6ebf0; } main { background: #1b242e; } a { color: #6fb6ea; } }
</style>
</head>
<body><main><h1>${title}</h1><p>${text}</p>${inBot}${link}</main></body>
</html>
`;
}
