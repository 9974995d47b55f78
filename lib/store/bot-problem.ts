import { log } from '../observability/logger.ts';
import { count } from '../observability/metrics.ts';
import { markBotUnauthorized, type Site } from './sites.ts';

/**
 * Records at the site that Telegram refuses the bot's token. Only the first time it is also logged and counted, so that
 * the alarm is raised once, and not with every message of the bot.
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
