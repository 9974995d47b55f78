import { once } from '../../bot/run-once.ts';
import { wakeDrain } from '../../deliveries/tickets.ts';
import { ServiceUnreachableError, SiteGoneError } from '../../domain/errors.ts';
import { log } from '../../observability/logger.ts';
import {
  endManagedRequest,
  findManagedRequest,
  type ManagedBotRequest,
  noteTrouble,
  type StoredProblem,
} from '../../store/managed-bots.ts';
import { readSite, type Site } from '../../store/sites.ts';
import { callTelegram } from '../../telegram/client.ts';
import { decryptToken } from '../../telegram/token-encryption.ts';
import { isFinal, isUnauthorized } from '../bot-errors.ts';
import { type OwnAddresses, webhookUrl } from '../own-addresses.ts';
import { saveBot } from '../save-bot.ts';
import { managerAtFault, requireManager } from './manager.ts';
import { botGone, finalProblem, GOES_ON, siteHasBot } from './problems.ts';

/** A repetition of the update, or a look of the console, later than this begins nothing: seconds. */
const KEPT_SECONDS = 48 * 3_600;

/**
 * Makes the bot that a person has made the site's: fetches its token, and saves it as one that was pasted. Telegram's
 * update does it, and whoever looks goes on with it where that has died. It may be repeated; two at once do it once.
 *
 * @param request has its bot.
 * @throws BusyError while another run does it; ServiceUnreachableError where it may work later.
 */
export async function setUpManagedBot(request: ManagedBotRequest, own: OwnAddresses): Promise<void> {
  const { siteId, requestId } = request;
  await once(`managed-setup#${siteId}#${requestId}`, KEPT_SECONDS, async () => {
    const problem = await saveMadeBot(request, own).catch(async (cause: unknown) => {
      const final = finalProblem(cause);
      if (final) return final;
      if (isOfTables(cause)) throw cause;
      await noteTrouble(request, GOES_ON);
      throw new ServiceUnreachableError('Telegram', { cause });
    });
    if (problem)
      log.warn('bot of a person not saved', { siteId, botId: request.bot?.id, code: problem.code });
    await endManagedRequest(request, problem);
    if (!problem) await wakeDrain(siteId);
  });
}

/** A service other than Telegram: nothing is said about Telegram then. Faults of ours stay what they are, too. */
function isOfTables(error: unknown): boolean {
  const { name } = error as Error;
  const isOfTelegram = ['TelegramRefusalError', 'TelegramUnreachableError', 'BotSetupUnreachableError'];
  return !isOfTelegram.includes(name);
}

/** @returns why it can't be done; `undefined` where it is done. */
async function saveMadeBot(
  request: ManagedBotRequest,
  own: OwnAddresses,
): Promise<StoredProblem | undefined> {
  const { siteId, bot: made, by, replaces } = request;
  const site = await readSite(siteId);
  if (!site || !made) throw new SiteGoneError();
  const token = await tokenOf(made.id);
  if (typeof token !== 'string') return token;
  if (isSaved(site, made.id, token, own)) return undefined;
  const check = ({ bot }: Site) => {
    const mayReplace = bot === undefined || bot.id === made.id || bot.id === replaces;
    if (!mayReplace) throw siteHasBot(bot.username);
  };
  await saveBot(site, { token }, { own, check, by, isManaged: true });
  return undefined;
}

/** @returns a problem where Telegram refuses it for good. @throws TelegramRefusalError, TelegramUnreachableError */
async function tokenOf(botId: string): Promise<string | StoredProblem> {
  try {
    return await callTelegram(requireManager(), 'getManagedBotToken', { user_id: Number(botId) });
  } catch (error) {
    if (isUnauthorized(error)) throw managerAtFault(error.description);
    if (isFinal(error)) return botGone(error.description);
    throw error;
  }
}

/** Whether a run that has died before it could say so has done it all. */
function isSaved({ siteId, bot }: Site, botId: string, token: string, own: OwnAddresses): boolean {
  if (bot?.id !== botId || bot.webhookUrl !== webhookUrl(own.apiUrl, siteId)) return false;
  return decryptToken(bot.sealedToken, siteId) === token;
}

/** Goes on with what has died on the way, for whoever looks. @returns the request as it is then. */
export async function goOn(
  request: ManagedBotRequest | undefined,
  own: OwnAddresses,
): Promise<ManagedBotRequest | undefined> {
  if (!request?.bot || request.outcome) return request;
  try {
    await setUpManagedBot(request, own);
  } catch (error) {
    // Another run is at it, or Telegram does not answer: that is shown.
    log.info('setting up goes on later', { siteId: request.siteId, error });
  }
  return findManagedRequest(request.siteId);
}
