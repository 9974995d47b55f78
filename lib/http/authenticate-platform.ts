import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { bearerKey, matchesAny } from './bearer-key.ts';
import { wrongPlatformKey } from './problem.ts';

/**
 * Middleware: lets only the platform through, who shows the key whose SHA-256 (hex) is the deploy parameter
 * `platformKeySha256`. A deployment without that parameter lets nobody through.
 */
export function authenticatePlatform(): MiddlewareObj<APIGatewayProxyEventV2> {
  return {
    before: function checkPlatformKey({ event }) {
      const key = bearerKey(event.headers.authorization);
      const isRight = key !== undefined && matchesAny(key, [process.env.PLATFORM_KEY_SHA256 ?? '']);
      if (!isRight) throw wrongPlatformKey();
    },
  };
}
