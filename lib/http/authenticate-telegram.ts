import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { SITE_ID } from '../domain/ids.ts';
import { type Bot, cachedSite, readSite, type Site } from '../store/sites.ts';
import { matchesAny } from './bearer-key.ts';
import { HttpProblem } from './problem.ts';

export type SiteWithBot = Site & { bot: Bot };

/** An event of API Gateway that Telegram has sent, for the bot of the site in its path. */
export interface TelegramRequest extends APIGatewayProxyEventV2 {
  site: SiteWithBot;
}

/** What `setWebhook` takes as a secret token: anything else is nobody's. */
const SECRET = /^[A-Za-z0-9_-]{1,256}$/;

/** Compared with where there is no bot, so that an unknown site takes as long as a wrong secret. */
const NO_SECRET_HASH = '0'.repeat(64);

/**
 * Middleware: lets only updates through that show the secret which Telegram was given for the bot of the site in the
 * path; puts the site into the event.
 *
 * @see https://core.telegram.org/bots/api#setwebhook, `secret_token`
 */
export function authenticateTelegram(): MiddlewareObj<TelegramRequest> {
  return {
    before: async function checkSecretToken(request) {
      const { pathParameters, headers } = request.event;
      const siteId = pathParameters?.siteId ?? '';
      const secret = headers['x-telegram-bot-api-secret-token'] ?? '';
      if (!SITE_ID.test(siteId) || !SECRET.test(secret)) throw wrongSecret();

      const remembered = cachedSite(siteId);
      // A secret that fits nothing we remember may be newer than that. So a wrong secret and an unknown site cost the same.
      const site = remembered && opens(secret, remembered) ? remembered : await readSite(siteId);
      const isRight = opens(secret, site);
      if (!site?.bot || !isRight) throw wrongSecret();
      request.event.site = { ...site, bot: site.bot };
    },
  };
}

/** Whether this is the secret that Telegram was given for the bot of the site. */
export function opens(secret: string, site: Pick<Site, 'bot'> | undefined): boolean {
  return SECRET.test(secret) && matchesAny(secret, [site?.bot?.webhookSecretHash ?? NO_SECRET_HASH]);
}

/** 401, the same for an unknown site, a site without a bot, and a wrong secret. */
function wrongSecret(): HttpProblem {
  return new HttpProblem({
    status: 401,
    title: 'Unauthorized',
    detail: 'Unknown site or wrong secret token. Only Telegram, which was given the secret, calls this path.',
    headers: { 'www-authenticate': 'X-Telegram-Bot-Api-Secret-Token' },
  });
}
