import type { Change } from '../aws/dynamodb.ts';
import { log } from '../observability/logger.ts';
import { count } from '../observability/metrics.ts';
import { type Bot, type Site, updateAndEvict } from './sites.ts';

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

/**
 * Records at the site that Telegram refuses the bot's token, unless another token was saved since the site was read.
 *
 * @returns whether it was recorded now, for the first time.
 */
export async function markBotUnauthorized({ siteId, bot }: Site, description: string): Promise<boolean> {
  const problem = { kind: 'bot-unauthorized', since: new Date().toISOString(), description };
  const before = await changeBot(siteId, bot, {
    UpdateExpression: 'SET bot.problem = if_not_exists(bot.problem, :problem)',
    ExpressionAttributeValues: { ':problem': problem },
  });
  return before !== undefined && before.bot?.problem === undefined;
}

/** Removes the problem: the bot's token works again. */
export async function clearBotProblem({ siteId, bot }: Site): Promise<void> {
  await changeBot(siteId, bot, { UpdateExpression: 'REMOVE bot.problem' });
}

/**
 * Changes the stored bot, if it still has the token that was read.
 *
 * @returns the changed attributes as they were before; `undefined` if the bot has another token.
 */
function changeBot(
  siteId: string,
  bot: Bot | undefined,
  change: Change,
): Promise<Partial<Pick<Site, 'bot'>> | undefined> {
  return updateAndEvict(siteId, {
    ...change,
    ConditionExpression: 'bot.sealedToken = :sealed',
    ReturnValues: 'UPDATED_OLD',
    ExpressionAttributeValues: { ...change.ExpressionAttributeValues, ':sealed': bot?.sealedToken ?? '' },
  });
}
