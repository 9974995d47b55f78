/** A site with settings at the limits of what a merchant may set: other routes must work with it. */

import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import fc from 'fast-check';
import { apiEvent } from '../tests/support/api-events.ts';
import { PLATFORM_KEY, SITE_KEYS } from './people.ts';
import { POOLS } from './pools.ts';
import { text } from './values.ts';

const language = POOLS.language ?? text;

const settings = fc
  .record({
    languages: fc.uniqueArray(language, { minLength: 1, maxLength: 4 }),
    timeZone: fc.constantFrom(
      'Europe/Rome',
      'Pacific/Apia',
      'Asia/Kathmandu',
      'America/St_Johns',
      'Etc/GMT+12',
    ),
    abandonedCartHours: fc.constantFrom(0, 3, 1e-7, 719.999_999_9),
    telegramGroups: fc.constantFrom([], [], ['Agenti', '<b>', '__proto__']),
    docuvision: fc.boolean(),
    orderButton: fc.constantFrom(null, { it: '{{siglaDocumento}}' }, { 'zh-Hant-TW': '看' }),
    cartButton: fc.constantFrom(null, { en: '<3 {{totaleCarrello}}' }),
    merchantContact: fc.oneof(fc.constant(null), text),
  })
  .map((fields) => ({ ...fields, defaultLanguage: fields.languages[0] }));

const platformFields = fc.record({
  name: text,
  url: fc.constantFrom(
    'https://shop.example',
    'http://shop.example/negozio/',
    'https://shop.example:8443/a&b="c"',
    'https://négozio.example/è',
  ),
  moduleActive: fc.constant(true),
});

/** Two changes of the site `strano`, to be sent in this order; a refused one changes nothing. */
export function settingsFor(seed: number): APIGatewayProxyEventV2[] {
  const [one] = fc.sample(fc.record({ settings, platformFields }), { seed, numRuns: 1 });
  return [
    request('PUT', PLATFORM_KEY, one?.platformFields),
    request('PATCH', SITE_KEYS.strano, one?.settings),
  ];
}

function request(method: string, key: string, body: unknown): APIGatewayProxyEventV2 {
  return apiEvent({
    method,
    path: '/v1/sites/strano',
    routeKey: `${method} /v1/sites/{siteId}`,
    pathParameters: { siteId: 'strano' },
    headers: { authorization: `Bearer ${key}` },
    body,
  });
}
