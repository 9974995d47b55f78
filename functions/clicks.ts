import { readClickCode } from '../lib/deliveries/click-code.ts';
import { isPreview } from '../lib/deliveries/previews.ts';
import { NotFoundError } from '../lib/domain/errors.ts';
import { lambdaHandler } from '../lib/http/lambda.ts';
import { endsWithSlash, noSuchPath } from '../lib/http/no-such-path.ts';
import { problemPages } from '../lib/http/problem-pages.ts';
import type { HttpRequest } from '../lib/http/request.ts';
import type { Route } from '../lib/http/route.ts';
import { countClick, findLink } from '../lib/store/clicks.ts';
import { findListedUrl } from '../lib/store/site-directory.ts';

/**
 * A link of a message: leads on to the shop, and counts that. It asks for as little as possible, so that nobody waits: one
 * request to the table, and none where the code is not one of ours.
 */
const click = {
  routeKey: 'GET /c/{code}',
  method: 'GET',
  path: '/c/{code}',
  caller: 'everybody',
  async respond(request: HttpRequest) {
    if (endsWithSlash(request)) throw noSuchPath(request);
    const link = readClickCode(request.pathParameters?.code ?? '');
    if (!link) throw unknownLink();
    const address = await (isPreview(request) ? findLink(link) : countClick(link));
    // Without a record, which goes after 90 days, the shop is still there.
    const location = address ?? (await findListedUrl(link.siteId));
    if (location === undefined) throw unknownLink();
    return { statusCode: 302, headers: { ...HEADERS, location: new URL(location).href } };
  },
} as const satisfies Route;

const HEADERS = {
  // Otherwise a browser would go there by itself the next time.
  'cache-control': 'no-store',
  // The shop does not learn the code.
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

export function unknownLink(): NotFoundError {
  const text = {
    en: 'This link is not valid: part of it is missing, or the shop is not here any more. Copy it whole, or open the page of the shop.',
    it: 'Questo link non è valido: ne manca una parte, o il negozio non è più qui. Copiarlo per intero, oppure aprire il sito del negozio.',
  };
  return new NotFoundError(text, 'unknown-link');
}

export const routes = [click] as const;

export const handler = lambdaHandler((request) => click.respond(request), problemPages());
