import type { HttpResponse } from '../http/request.ts';
import { type PageKind, pageWords } from '../i18n/page-texts.ts';
import { type SpokenLanguage, spokenLanguage } from '../i18n/spoken-language.ts';
import type { Site } from '../store/sites.ts';
import { escapeHtml } from '../telegram/html/index.ts';

export type { PageKind } from '../i18n/page-texts.ts';

const STATUS: Record<PageKind, number> = {
  malformed: 400,
  forged: 400,
  stale: 400,
  'from-the-future': 400,
  refused: 400,
  inactive: 403,
  'unknown-site': 404,
  unknown: 404,
  'login-used': 409,
  outdated: 409,
  used: 409,
  expired: 410,
  'try-again': 503,
};

/**
 * What a person reads in the browser where linking did not succeed: what happened and what to do, in their language.
 * Nothing of the request stands in the page.
 *
 * @param acceptLanguage what the browser asks for (RFC 9110, section 12.5.4); the site's language where it says nothing.
 */
export function linkingPage(
  kind: PageKind,
  acceptLanguage: string | undefined,
  site?: Pick<Site, 'name' | 'url' | 'defaultLanguage'>,
): HttpResponse {
  const language = preferredLanguage(acceptLanguage) ?? spokenLanguage(site?.defaultLanguage, 'it');
  return {
    statusCode: STATUS[kind],
    headers: {
      ...PRIVATE,
      'content-type': 'text/html; charset=utf-8',
      'content-language': language,
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      ...(kind === 'try-again' && { 'retry-after': '5' }),
    },
    body: render(kind, language, site),
  };
}

/** Sends the browser on. */
export function redirectTo(location: string, cookies: string[] = []): HttpResponse {
  return {
    statusCode: 302,
    headers: { ...PRIVATE, location: inAscii(location) },
    ...(cookies.length > 0 && { cookies }),
  };
}

/** A header field is ASCII (RFC 9110, section 5.5): other letters go into punycode and percent escapes. */
function inAscii(address: string): string {
  return /^[\x21-\x7e]*$/.test(address) ? address : new URL(address).href;
}

/** The address of these pages holds a token: it goes into no cache and to no other site. */
const PRIVATE = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

function preferredLanguage(header = ''): SpokenLanguage | undefined {
  const wanted = header
    .split(',')
    .map((range) => {
      const [tag = '', ...parameters] = range.split(';').map((part) => part.trim());
      const quality = parameters.find((parameter) => parameter.startsWith('q='));
      return { language: tag.slice(0, 2).toLowerCase(), quality: quality ? Number(quality.slice(2)) : 1 };
    })
    .filter(({ language, quality }) => (language === 'it' || language === 'en') && quality > 0)
    .sort((one, other) => other.quality - one.quality);
  return wanted[0]?.language as SpokenLanguage | undefined;
}

function render(
  kind: PageKind,
  language: SpokenLanguage,
  site: Pick<Site, 'name' | 'url'> | undefined,
): string {
  const { title, text, back } = pageWords(kind, language);
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
@media (prefers-color-scheme: dark) { body { background: #10161d; color: #e6ebf0; } main { background: #1b242e; } a { color: #6fb6ea; } }
</style>
</head>
<body><main><h1>${title}</h1><p>${text}</p>${link}</main></body>
</html>
`;
}
