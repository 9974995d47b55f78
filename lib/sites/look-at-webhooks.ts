import { inParallel } from '../aws/parallel.ts';
import { PRESENTATION, presentBot } from '../bot/bot-setup.ts';
import { log } from '../observability/logger.ts';
import { clearBotProblem, recordBotUnauthorized, recordPresentation } from '../store/bot-problem.ts';
import { botsInPart, type PresentableBot } from '../store/sites.ts';
import { getWebhookInfo } from '../telegram/client.ts';
import { decryptToken } from '../telegram/token-encryption.ts';
import { isUnauthorized } from './bot-errors.ts';
import { settleOwner } from './bot-owner.ts';
import { findingOf, mendWebhook } from './mend-webhook.ts';
import type { OwnAddresses } from './own-addresses.ts';

/** A run looks at one of these parts of the sites, so that every site is looked at once a day. */
const HOURS = 24;
/** How many bots are looked at at the same time: few, since nobody waits for it. */
const PARALLEL = 5;
/**
 * A run with less time left begins with no further bot, in milliseconds. One bot takes at the most three calls to
 * Telegram of ten seconds each, and a few to DynamoDB, unless others save it at the same instant. Where a release has new
 * texts it takes a dozen calls more: if Telegram is that slow, the next day goes on.
 */
const LEAST_TIME = 60_000;

export interface LookContext {
  own: OwnAddresses;
  /** The hour of the day in UTC, 0 to 23: whose sites are looked at. */
  hour: number;
  /** Milliseconds since 1970. */
  now: () => number;
  /** From 0 up to 1, which is not included. */
  random: () => number;
  /** The time that the function has left, in milliseconds. */
  remainingMilliseconds: () => number;
}

/** How many bots were in each state. */
export interface LookSummary {
  works: number;
  setAgain: number;
  /** By another program, or by another site. */
  taken: number;
  unauthorized: number;
  /** The next day looks at them again. */
  failed: number;
  /** The time was too short for them. */
  left: number;
}

/**
 * Looks at the webhooks of the sites of one hour, and sets those again that are missing or at fault. A bot that belongs to
 * another site is left alone. Sites without the
 * module, and those that are switched off, too: their people must be able to stop. A bot that fails costs only itself.
 *
 * It may be repeated at any time.
 *
 * @throws ServiceUnreachableError where the sites can't be read.
 */
export async function lookAtWebhooks(context: LookContext): Promise<LookSummary> {
  const { hour, random, remainingMilliseconds } = context;
  const summary: LookSummary = { works: 0, setAgain: 0, taken: 0, unauthorized: 0, failed: 0, left: 0 };
  const sites = await Array.fromAsync(botsInPart({ index: hour, count: HOURS }));
  // It begins anywhere: where the time is short every day, it is not always the same sites that go without.
  const first = Math.floor(random() * sites.length);
  await inParallel([...sites.slice(first), ...sites.slice(0, first)], PARALLEL, async (site) => {
    const hasTime = remainingMilliseconds() >= LEAST_TIME;
    summary[hasTime ? await lookOrLog(site, context) : 'left'] += 1;
  });
  const facts = { hour, ...summary };
  if (summary.left > 0) log.warn('no time for all webhooks: the next day goes on', facts);
  else log.info('webhooks looked at', facts);
  return summary;
}

async function lookOrLog(site: PresentableBot, context: LookContext): Promise<keyof LookSummary> {
  try {
    return await lookAt(site, context);
  } catch (error) {
    log.warn('webhook not looked at', { siteId: site.siteId, botId: site.bot.id, error });
    return 'failed';
  }
}

async function lookAt(site: PresentableBot, { own, now }: LookContext): Promise<keyof LookSummary> {
  const { siteId, bot } = site;
  if (bot.takenOver) return 'taken';
  try {
    const token = decryptToken(bot.sealedToken, siteId);
    const info = await getWebhookInfo(token);
    if (bot.problem) await clearBotProblem(site);
    if (!(await settleOwner(site, info.url ?? ''))) return 'taken';
    const finding = findingOf(site, info, own, now() / 1_000);
    await mendWebhook(site, token, finding, own);
    if (finding.kind !== 'taken' && bot.presentation !== PRESENTATION) await presentAgain(site, token);
    if (finding.kind !== 'fault') return finding.kind;
    log.info('webhook set again', { siteId, botId: bot.id, fault: finding.fault });
    return 'setAgain';
  } catch (error) {
    if (!isUnauthorized(error)) throw error;
    await recordBotUnauthorized(site, error.description);
    return 'unauthorized';
  }
}

/** A release may have new commands, or other words for them: the menu of the Telegram app shows them from now on. */
async function presentAgain(site: PresentableBot, token: string): Promise<void> {
  await presentBot(token, site);
  await recordPresentation(site, PRESENTATION);
}
