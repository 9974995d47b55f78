import type { Route } from '../lib/http/route.ts';

/**
 * The description of this API, open to everybody. It needs no site and so no client of AWS: written out, and not made
 * by `route()`, it brings none into its bundle.
 */
const description = {
  routeKey: 'GET /v1/openapi.json',
  method: 'GET',
  path: '/v1/openapi.json',
  caller: 'everybody',
  async respond() {
    // Read when it is asked for: `npm run openapi`, which writes it, reads this route before. The tests compare them, so
    // what is served is what is documented, word for word.
    const { default: openapi } = await import('../docs/openapi.json', { with: { type: 'json' } });
    return {
      statusCode: 200,
      headers: { 'content-type': 'application/json', 'cache-control': 'public, max-age=300' },
      body: JSON.stringify(openapi),
    };
  },
} as const satisfies Route;

export const routes = [description] as const;

export const handler = description.respond;
