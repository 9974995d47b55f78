import middy from '@middy/core';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { handleUpdate, readUpdate } from '../lib/bot/handle-update.ts';
import { authenticateTelegram, type TelegramRequest } from '../lib/http/authenticate-telegram.ts';
import { type JsonRequest, jsonBody } from '../lib/http/json-body.ts';
import { problemDetails } from '../lib/http/problem-details.ts';
import type { HttpHandler } from '../lib/http/routes.ts';
import { withTelemetry } from '../lib/observability/telemetry.ts';

/** Takes an update from Telegram. Anything but a 200 has Telegram send it again. */
async function takeUpdate({
  site,
  json,
}: TelegramRequest & JsonRequest): Promise<APIGatewayProxyStructuredResultV2> {
  await handleUpdate(site, readUpdate(json));
  return { statusCode: 200 };
}

/** Telegram's webhook: `POST /v1/telegram/{siteId}`. */
export const handler = withTelemetry(
  middy()
    .use(problemDetails())
    .use(authenticateTelegram())
    .use(jsonBody())
    .handler(takeUpdate) as unknown as HttpHandler,
);
