import { EVENT_NAMES } from '../domain/events.ts';

const SITE = '/v1/sites/{siteId}';

/** Every path of this API with its methods. `serverless.yml` says the same: tests/functions/not-found.test.ts compares. */
export const PATHS: Record<string, string[]> = {
  ...Object.fromEntries(EVENT_NAMES.map((event) => [`${SITE}/events/${event}`, ['POST']])),
  [`${SITE}/events/abandoned-cart/{userId}`]: ['DELETE'],
  [`${SITE}/events/activity-reminder/{activityId}`]: ['DELETE'],
  [SITE]: ['GET', 'PUT', 'PATCH'],
  [`${SITE}/keys`]: ['GET', 'POST'],
  [`${SITE}/keys/{keyId}`]: ['DELETE'],
  [`${SITE}/bot`]: ['PUT'],
  [`${SITE}/bot/test`]: ['POST'],
  [`${SITE}/templates`]: ['GET', 'POST'],
  [`${SITE}/templates/preview`]: ['POST'],
  [`${SITE}/templates/{templateId}`]: ['GET', 'PUT', 'DELETE'],
  [`${SITE}/templates/{templateId}/test`]: ['POST'],
  [`${SITE}/deliveries`]: ['GET'],
  [`${SITE}/deliveries/{deliveryId}`]: ['GET'],
  [`${SITE}/users/{userId}`]: ['GET', 'PATCH', 'DELETE'],
  [`${SITE}/users/{userId}/link`]: ['POST'],
  [`${SITE}/users/{userId}/telegram-login`]: ['POST'],
  [`${SITE}/telegram/callbacklogin`]: ['GET'],
  [`${SITE}/telegram/login`]: ['GET'],
  [`${SITE}/telegram/login/callback`]: ['GET'],
  '/v1/telegram/{siteId}': ['POST'],
  '/v1/openapi.json': ['GET'],
};

/** The methods that a path takes, parameters standing for any value; none where there is no such path. */
export function methodsOf(path: string): string[] {
  return Object.entries(PATHS).flatMap(([pattern, methods]) => (fits(pattern, path) ? methods : []));
}

function fits(pattern: string, path: string): boolean {
  const parts = pattern.split('/');
  const given = path.split('/');
  const isAlike = (part: string, index: number) =>
    part.startsWith('{') ? given[index] !== '' : given[index] === part;
  return given.length === parts.length && parts.every(isAlike);
}
