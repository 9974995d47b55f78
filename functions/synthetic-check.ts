import { environment } from '../lib/aws/environment.ts';
import { syntheticCheck } from '../lib/observability/synthetic-check.ts';
import { withTelemetry } from '../lib/observability/telemetry.ts';
import { withoutSlash } from '../lib/sites/own-addresses.ts';

/** Every few minutes, where it is switched on: reports an event to the own API, and sees that its message was sent. */
export const handler = withTelemetry(() =>
  syntheticCheck({
    apiUrl: withoutSlash(environment('API_URL')),
    siteId: environment('CHECK_SITE_ID'),
    siteKey: environment('CHECK_SITE_KEY'),
    userId: environment('CHECK_USER_ID'),
  }),
);
