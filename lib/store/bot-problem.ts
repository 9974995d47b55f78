import { log } from '../observability/logger.ts';
import { count } from '../observability/metrics.ts';
import { markBotUnauthorized, type Site } from './sites.ts';

/**
 * Writes at the site that Telegram refuses the bot's token. The first time it is logged and counted as well, so that an
 * alarm tells of it once, and not again with each message of the bot.
 *
 * @throws ServiceUnreachableError
 */
export async function recordBotUnauthorized(site: Site, description: string): Promise<void> {
  const isNews = await markBotUnauthorized(site, description);
  if (!isNews) return;
  const { siteId } = site;
  log.warn('bot unauthorized', { siteId, botId: site.bot?.id });
  count('BotsUnauthorized', { siteId });
}
