import { PRESENTATION, presentBot } from '../bot/bot-setup.ts';
import { InvalidInputError } from '../domain/errors.ts';
import { log } from '../observability/logger.ts';
import { type Bot, readSite, type Site } from '../store/sites.ts';
import { callTelegram, getMe, getWebhookInfo } from '../telegram/client.ts';
import { decryptToken, encryptToken } from '../telegram/token-encryption.ts';
import { botOvertaken, isOfTelegram, setupError, tokenError } from './bot-errors.ts';
import { isOurs, type OwnAddresses, webhookUrl } from './own-addresses.ts';
import type { BotPut } from './schemas.ts';
import { storeWithWebhook } from './set-webhook.ts';

export interface SavingBot {
  own: OwnAddresses;
  /** Called with the site as it is now, before it is changed. Throws where it must not be changed. */
  check: (site: Site) => void;
}

/**
 * Saves the bot of a site, or another token of its bot.
 *
 * @returns the site afterwards.
 * @throws InvalidInputError where Telegram refuses the token, or the username is another bot's; BotSetupError or
 * BotSetupUnreachableError where Telegram does not set the bot up; ConflictError where another bot was saved at the same
 * instant. Nothing is changed then.
 */
export async function saveBot(site: Site, given: BotPut, saving: SavingBot): Promise<Site> {
  const { siteId } = site;
  saving.check(site);
  const bot = await identify(siteId, given);
  await presentBot(given.token, site).catch((error) => {
    throw setupError(error);
  });

  const former = await storeWithWebhook(siteId, {
    token: given.token,
    url: webhookUrl(saving.own.apiUrl, siteId),
    botOf: (now, round) => {
      if (round === 0) saving.check(now);
      return round === 0 || now.bot?.id === bot.id ? withAddress(bot, now.bot) : undefined;
    },
  }).catch((error) => {
    throw isOfTelegram(error) ? setupError(error) : error;
  });
  const saved = await readSite(siteId);
  if (saved?.bot?.id !== bot.id) {
    await removeWebhook(siteId, bot, saving.own);
    throw botOvertaken();
  }
  log.info('bot saved', { siteId, botId: bot.id, isAnother: former !== undefined && former.id !== bot.id });
  if (former && former.id !== bot.id) await removeWebhook(siteId, former, saving.own);
  return saved;
}

/** The same bot keeps the address of its webhook until the new one is set. */
function withAddress(bot: Bot, former: Bot | undefined): Bot {
  const { webhookUrl: url } = former?.id === bot.id ? former : {};
  return { ...bot, ...(url !== undefined && { webhookUrl: url }) };
}

/** The bot that the token belongs to, as `getMe` names it. */
async function identify(siteId: string, { token, username }: BotPut): Promise<Bot> {
  const me = await getMe(token).catch((error) => {
    throw tokenError(error);
  });
  const wanted = username.replace(/^@/, '');
  if (me.username.toLowerCase() !== wanted.toLowerCase()) {
    const detail = `This token belongs to the bot @${me.username}, not to @${wanted}. Correct the username, or take the token of @${wanted} from @BotFather.`;
    throw new InvalidInputError([{ pointer: '/username', detail }]);
  }
  return {
    id: String(me.id),
    username: me.username,
    sealedToken: encryptToken(token, siteId),
    presentation: PRESENTATION,
  };
}

/** Stops the updates of a bot that is not the site's any more. Where that fails, they are refused for their secret. */
async function removeWebhook(siteId: string, former: Bot, own: OwnAddresses): Promise<void> {
  try {
    const token = decryptToken(former.sealedToken, siteId);
    const { url } = await getWebhookInfo(token);
    if (url && isOurs(url, siteId, former, own)) await callTelegram(token, 'deleteWebhook', {});
  } catch (error) {
    log.warn('webhook of the former bot not removed', { siteId, botId: former.id, error });
  }
}
