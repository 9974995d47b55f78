import openapi from '../docs/openapi.json' with { type: 'json' };

// Written by `npm run openapi` and checked by the tests: what is served is what is documented, word for word.
const body = JSON.stringify(openapi);

/** The description of this API: `GET /v1/openapi.json`, open to everybody. */
export const handler = async () => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json', 'cache-control': 'public, max-age=300' },
  body,
});
