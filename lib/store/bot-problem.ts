import { log } from '../observability/logger.ts';
import { count } from '../observability/metrics.ts';
import { markBotUnauthorized, type Site } from './sites.ts';

/**
 * Notes that Telegram refuses the bot's token, at the site and, the first time, for those who watch: a bot is news once,
 * and not again with each of its messages.
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
