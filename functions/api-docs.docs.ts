import { page } from '../lib/openapi/browser.ts';
import { operationsOf } from '../lib/openapi/operation.ts';
import { CACHE_TAG } from '../lib/openapi/schemas.ts';
import { routes } from './api-docs.ts';

export const docs = operationsOf(routes, {
  'GET /v1/docs': {
    id: 'getDocs',
    tag: 'Browser and Telegram',
    summary: 'A page to read and to try out the API',
    description:
      'It asks no other server for anything, and keeps a key only as long as it is open. Compressed where the caller takes `gzip`.',
    answers: [{ ...page(200, 'The page'), headers: CACHE_TAG }],
  },
});
