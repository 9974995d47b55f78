import { PRESENTATION, presentBot } from '../bot/bot-setup.ts';
import type { Actor } from '../domain/actor.ts';
import { InvalidInputError } from '../domain/errors.ts';
import { log } from '../observability/logger.ts';
import { type Bot, readSite, type Site } from '../store/sites.ts';
import { getMe, getWebhookInfo } from '../telegram/client.ts';
import { encryptToken } from '../telegram/token-encryption.ts';
import { botOvertaken, isOfTelegram, setupError, tokenError } from './bot-errors.ts';
import { claimBot, endClaim, releaseBot, undoClaim } from './bot-owner.ts';
import { leaveWebhook } from './leave-webhook.ts';
import { type OwnAddresses, webhookUrl } from './own-addresses.ts';
import type { BotPut } from './schemas.ts';
import { storeWithWebhook } from './set-webhook.ts';

export interface SavingBot {
  own: OwnAddresses;
  /** Called with the site as it is now, before it is changed. Throws where it must not be changed. */
  check: (site: Site) => void;
  by: Actor;
  /** Whether it was made with the manager bot. A bot that is saved again stays what it was. */
  isManaged?: boolean;
}

/**
 * Saves the bot of a site, or another token of its bot.
 *
 * First the site becomes the owner of the bot, then it gets the bot and Telegram its webhook, and then the site that had
 * the bot before is stopped. Whatever dies on the way: the same request again does the rest, and so does the daily look at
 * the webhooks of both sites.
 *
 * @returns the site afterwards.
 * @throws InvalidInputError where Telegram refuses the token, or the username is another bot's; BotSetupError or
 * BotSetupUnreachableError where Telegram does not set the bot up; ConflictError where another bot was saved at the same
 * instant, or where the bot is another site's or another program's. Nothing is changed then.
 */
export async function saveBot(site: Site, given: BotPut, saving: SavingBot): Promise<Site> {
  const { siteId } = site;
  saving.check(site);
  const bot: Bot = { ...(await identify(siteId, given)), ...(saving.isManaged && { managed: true }) };
  const { takeOver = false } = given;
  const { url = '' } = await orSetupError(getWebhookInfo(given.token));
  const claim = await claimBot(site, bot.id, { url, own: saving.own, takeOver });
  const former = await storeBot(site, bot, given.token, saving).catch(async (error) => {
    await undoClaim(claim);
    throw error;
  });
  const saved = await readSite(siteId);
  if (saved?.bot?.id !== bot.id) {
    await leaveBot(siteId, bot, saving.own);
    await undoClaim(claim);
    throw botOvertaken();
  }
  log.info('bot saved', { siteId, botId: bot.id, isAnother: former !== undefined && former.id !== bot.id });
  if (former && former.id !== bot.id) await leaveBot(siteId, former, saving.own);
  await endClaim(claim);
  return saved;
}

/** Sets the bot up at Telegram and stores it. @returns the bot that the site had before. */
async function storeBot(
  site: Site,
  bot: Bot,
  token: string,
  { own, check, by }: SavingBot,
): Promise<Bot | undefined> {
  const { siteId } = site;
  await orSetupError(presentBot(token, site));
  const stored = storeWithWebhook(siteId, {
    token,
    url: webhookUrl(own.apiUrl, siteId),
    by,
    botOf: (now, round) => {
      if (round === 0) check(now);
      return round === 0 || now.bot?.id === bot.id ? withKnown(bot, now.bot) : undefined;
    },
  });
  return orSetupError(stored);
}

/** Passes errors of Telegram on as those of the set-up. */
async function orSetupError<Result>(calls: Promise<Result>): Promise<Result> {
  try {
    return await calls;
  } catch (error) {
    throw isOfTelegram(error) ? setupError(error) : error;
  }
}

/** The same bot keeps the address of its webhook until the new one is set, and who manages it. */
function withKnown(bot: Bot, former: Bot | undefined): Bot {
  const { webhookUrl: url, managed } = former?.id === bot.id ? former : {};
  return { ...bot, ...(managed && { managed }), ...(url !== undefined && { webhookUrl: url }) };
}

/** The bot that the token belongs to, as `getMe` names it. */
async function identify(siteId: string, { token, username }: BotPut): Promise<Bot> {
  const me = await getMe(token).catch((error) => {
    throw tokenError(error);
  });
  const wanted = username?.replace(/^@/, '');
  if (wanted !== undefined && me.username.toLowerCase() !== wanted.toLowerCase()) {
    const detail = {
      en: `This token belongs to the bot @${me.username}, not to @${wanted}. Correct the username, or take the token of @${wanted} from @BotFather.`,
      it: `Questo token è del bot @${me.username}, non di @${wanted}. Correggere il nome utente, o prendere il token di @${wanted} da @BotFather.`,
    };
    throw new InvalidInputError([{ pointer: '/username', code: 'token-of-another-bot', detail }]);
  }
  return {
    id: String(me.id),
    username: me.username,
    sealedToken: encryptToken(token, siteId),
    presentation: PRESENTATION,
  };
}

/**
 * Stops the updates of a bot that is not the site's any more, if they come here, and lets other sites have it. Where that
 * fails, the updates are refused for their secret.
 */
async function leaveBot(siteId: string, former: Bot, own: OwnAddresses): Promise<void> {
  try {
    await leaveWebhook(siteId, former, own);
  } catch (error) {
    log.warn('webhook of the former bot not removed', { siteId, botId: former.id, error });
  }
  await releaseBot(siteId, former.id).catch((error) => {
    // Its owner does not have it: others may save it all the same.
    log.warn('former bot not released', { siteId, botId: former.id, error });
  });
}
