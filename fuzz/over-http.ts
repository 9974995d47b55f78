/** Requests that are only possible over real HTTP: paths with percent escapes of every kind, methods, header fields. */
import fc from 'fast-check';
import { text } from './values.ts';

export interface PlainRequest {
  method: string;
  /** With the query. */
  path: string;
  headers: Record<string, string>;
  body?: string;
}

/** These characters are not encoded in a request line; the others are percent-encoded. */
const inPath = text.map((value) =>
  value.replace(/[^\x21-\x7e]|#/gu, (other) => encodeURIComponent(other.toWellFormed())),
);
const inHeader = text.map((value) =>
  value
    .replace(/[^\x20-\x7e]/g, '')
    .slice(0, 5_000)
    .trim(),
);

const segment = fc.oneof(
  fc.constantFrom(
    'v1',
    'sites',
    'demo',
    'events',
    'order-status',
    'users',
    'anna',
    'templates',
    'deliveries',
  ),
  fc.constantFrom('%2e%2e', '..', '.', '%00', '%2F', 'a%20b', ';a=1', '%zz', '%', '%E0%A4%A', '%ff', ''),
  inPath,
);
const knownPath = fc.constantFrom(
  '/v1/sites/demo',
  '/v1/sites/demo/events/order-status',
  '/v1/sites/demo/events/abandoned-cart/',
  '/v1/sites/demo/users/',
  '/v1/sites/demo/templates/',
  '/v1/sites/demo/deliveries',
  '/v1/openapi.json',
);
const path = fc.oneof(
  fc.array(segment, { maxLength: 7 }).map((segments) => `/${segments.join('/')}`),
  fc.tuple(knownPath, segment).map(([known, more]) => known + more),
  knownPath,
);
const query = fc.oneof(
  fc.constant(''),
  inPath.map((value) => `?${value}`),
);

export const plainRequest: fc.Arbitrary<PlainRequest> = fc.record(
  {
    method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'M-SEARCH'),
    path: fc.tuple(path, query).map((parts) => parts.join('')),
    headers: fc
      .record(
        {
          authorization: fc.oneof(fc.constant('Bearer pwtg_demo'), inHeader),
          'if-match': inHeader,
          'accept-language': inHeader,
          'x-long': fc.constant('y'.repeat(7_000)),
          // API Gateway refuses unusual ones before they reach us.
          'content-type': fc.constantFrom('application/json', 'text/plain', 'image/png', 'x'),
          cookie: fc.constantFrom('a=b', 'telegram-login=x', 'a'),
        },
        { requiredKeys: [] },
      )
      .map((fields) => ({ ...fields })),
    body: text,
  },
  { requiredKeys: ['method', 'path', 'headers'] },
);
