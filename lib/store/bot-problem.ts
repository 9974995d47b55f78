import type { Change } from '../aws/dynamodb.ts';
import { log } from '../observability/logger.ts';
import { count } from '../observability/metrics.ts';
import { announce } from './announce.ts';
import { isTold } from './site-webhook.ts';
import {
  type Bot,
  type BotOfSite,
  type BotProblem,
  findSite,
  type Site,
  updateAndEvict,
  updateSite,
} from './sites.ts';
import { outageOf } from './staff-news.ts';
import { otherSecrets, withSecrets, withSeen } from './webhook-secrets.ts';

/** A site, as far as its bot is concerned. */
type BotHolder = Pick<Site, 'siteId' | 'bot'>;

/**
 * Records at the site that Telegram refuses the bot's token. Only the first time it is also logged and counted, so that
 * the alarm is raised once, and not with every message of the bot.
 *
 * @throws ServiceUnreachableError
 */
export async function recordBotUnauthorized(site: BotHolder, description: string): Promise<void> {
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
export async function markBotUnauthorized({ siteId, bot }: BotHolder, description: string): Promise<boolean> {
  const problem = newProblem('bot-unauthorized', description);
  // Also where a problem seems to be recorded: what was read may be old. A row of what is not recorded is dropped.
  await announceProblem({ siteId, bot }, problem);
  const before = await changeBot(siteId, bot, {
    UpdateExpression: 'SET bot.problem = if_not_exists(bot.problem, :problem)',
    ExpressionAttributeValues: { ':problem': problem },
  });
  return before !== undefined && before.bot?.problem === undefined;
}

/**
 * Removes the problem of the token, which works again. That of the webhook stays.
 *
 * @returns whether the staff of the shop is to be told of it.
 */
export async function clearBotProblem({ siteId, bot }: BotHolder): Promise<boolean> {
  const { problem } = bot ?? {};
  const site = problem && (await findSite(siteId));
  const outage = site && outageOf(site, problem, new Date(Date.now()).toISOString());
  if (!outage) {
    await changeBot(siteId, bot, { UpdateExpression: 'REMOVE bot.problem' });
    return false;
  }
  const before = await changeBot(siteId, bot, {
    UpdateExpression: 'SET botOutage = :outage REMOVE bot.problem',
    ConditionExpression: 'attribute_exists(bot.problem)',
    ExpressionAttributeValues: { ':outage': outage },
  });
  return before !== undefined;
}

/**
 * Records at the site that the bot's webhook leads to another owner, unless another token was saved since the site was
 * read. A problem that is already recorded in the same words stays as it is.
 *
 * @throws ServiceUnreachableError
 */
export async function recordWebhookTaken({ siteId, bot }: BotOfSite, description: string): Promise<void> {
  if (bot.webhookProblem?.description === description) return;
  const problem = newProblem('webhook-taken', description);
  await announceProblem({ siteId, bot }, problem);
  await changeBot(siteId, bot, {
    UpdateExpression: 'SET bot.webhookProblem = :problem',
    ExpressionAttributeValues: { ':problem': problem },
  });
  log.warn('webhook taken', { siteId, botId: bot.id });
}

/**
 * Records the address of the webhook, which Telegram has now, and removes the problem of the webhook. Nothing happens if
 * another token was saved since the site was read.
 *
 * @throws ServiceUnreachableError
 */
export async function recordWebhookOurs({ siteId, bot }: BotOfSite, url: string): Promise<void> {
  await changeBot(siteId, bot, {
    UpdateExpression: 'SET bot.webhookUrl = :url REMOVE bot.webhookProblem',
    ExpressionAttributeValues: { ':url': url },
  });
}

/** What a merchant reads whose bot belongs to another site now. It never says to which. */
const TAKEN_OVER =
  'Another site has taken over this bot, so nothing is sent from here: what would be sent waits. Save another bot here (PUT …/bot), or take this one back by saving it with "takeOver": true.';

/**
 * Records at the site that its bot belongs to another site now, unless another token was saved since the site was read.
 * It counts as a change of the site: the functions that send read the site again, and send nothing more. The updates that
 * still come for it are refused, so that Telegram keeps them for the new owner.
 *
 * @throws ServiceUnreachableError
 */
export async function recordBotTakenOver(site: BotOfSite): Promise<void> {
  const {
    siteId,
    bot: { id, sealedToken },
  } = site;
  const takenOver = newProblem('bot-taken-over', TAKEN_OVER);
  await announceProblem(site, takenOver);
  let isNews = false;
  await updateSite(siteId, ({ bot }) => {
    isNews = bot?.sealedToken === sealedToken && !bot.takenOver;
    if (!bot || !isNews) return {};
    return { bot: { ...withSecrets(bot), takenOver } };
  });
  if (isNews) log.warn('bot taken over', { siteId, botId: id });
}

/**
 * Records that a secret of the bot's webhook came with an update, unless that says nothing new, or another secret was made
 * since the site was read. Functions that have the site in their cache let the former one in for up to 30 seconds.
 *
 * @param hash SHA-256, hex.
 * @throws ServiceUnreachableError
 */
export async function recordSecretSeen({ siteId, bot }: BotOfSite, hash: string): Promise<void> {
  const now = withSeen(bot, hash);
  if (otherSecrets(now).join() === otherSecrets(bot).join()) return;
  const { webhookSecretHash: newest, formerSecretHash: former, unseenSecretHashes: unseen } = now;
  const isKept = { formerSecretHash: former !== undefined, unseenSecretHashes: unseen !== undefined };
  const names = Object.entries(isKept);
  const sets = names.flatMap(([name, kept]) => (kept ? `bot.${name} = :${name}` : []));
  const removes = names.flatMap(([name, kept]) => (kept ? [] : `bot.${name}`));
  await changeBot(siteId, bot, {
    UpdateExpression: [
      sets.length > 0 && `SET ${sets.join(', ')}`,
      removes.length > 0 && `REMOVE ${removes.join(', ')}`,
    ]
      .filter(Boolean)
      .join(' '),
    ConditionExpression: 'bot.webhookSecretHash = :newest',
    ExpressionAttributeValues: {
      ':newest': newest,
      ...(former !== undefined && { ':formerSecretHash': former }),
      ...(unseen !== undefined && { ':unseenSecretHashes': unseen }),
    },
  });
}

/** Records which texts Telegram shows for the bot now. @throws ServiceUnreachableError */
export async function recordPresentation({ siteId, bot }: BotOfSite, presentation: string): Promise<void> {
  await changeBot(siteId, bot, {
    UpdateExpression: 'SET bot.presentation = :presentation',
    ExpressionAttributeValues: { ':presentation': presentation },
  });
}

function newProblem<Kind extends string>(kind: Kind, description: string): BotProblem<Kind> {
  return { kind, since: new Date(Date.now()).toISOString(), description };
}

/** Writes for the webhook of the site that a problem is about to be recorded. @throws ServiceUnreachableError */
async function announceProblem({ siteId, bot }: BotHolder, { kind, since }: BotProblem): Promise<void> {
  const event = 'bot.problem';
  if (!bot || !isTold((await findSite(siteId))?.webhook, event)) return;
  const source = { kind: 'bot' as const, botId: bot.id, problem: kind };
  await announce([{ siteId, event, at: since, source, identity: [bot.id, kind, since] }]);
}

/** The problems of a bot, the weightiest first. */
export function problemsOf({ takenOver, problem, webhookProblem }: Bot): BotProblem[] {
  return [takenOver, problem, webhookProblem].filter((each) => each !== undefined);
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
    ConditionExpression: ['bot.sealedToken = :sealed', change.ConditionExpression ?? []].flat().join(' AND '),
    ReturnValues: 'UPDATED_OLD',
    ExpressionAttributeValues: { ...change.ExpressionAttributeValues, ':sealed': bot?.sealedToken ?? '' },
  });
}
