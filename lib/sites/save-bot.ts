import { newWebhookSecret, presentBot, setWebhook, type WebhookSecret } from '../bot/bot-setup.ts';
import { InvalidInputError } from '../domain/errors.ts';
import { log } from '../observability/logger.ts';
import { type Bot, readSite, type Site, updateSite } from '../store/sites.ts';
import { callTelegram, getMe, TelegramUnreachableError } from '../telegram/client.ts';
import { decryptToken, encryptToken } from '../telegram/token-encryption.ts';
import { botOvertaken, setupError, tokenError } from './bot-errors.ts';
import type { BotPut } from './schemas.ts';

export interface SavingBot {
  /** The address of this deployment for Telegram, without a slash at the end. */
  apiUrl: string;
  /** Called with the site as it is now, before it is changed. Throws where it must not be changed. */
  check: (site: Site) => void;
}

/** The address to which Telegram sends the updates of a site's bot. */
export function webhookUrl(apiUrl: string, siteId: string): string {
  return `${apiUrl}/v1/telegram/${siteId}`;
}

/** How often the webhook is set again because another request saves the same bot at the same instant. */
const MAX_ROUNDS = 5;

/**
 * Saves the bot of a site, or another token of its bot.
 *
 * The site is changed before the webhook is set. Where Telegram then refuses the webhook, the former bot is restored.
 * When two requests save at the same instant, one may write the site last and the other set the webhook last, and then
 * their secrets differ: a request that sees this starts over, so that in the end the secrets are the same.
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

  const former = await replaceBot(siteId, bot, given.token, saving);
  const saved = await readSite(siteId);
  if (saved?.bot?.id !== bot.id) {
    await removeWebhook(siteId, bot, saving.apiUrl);
    throw botOvertaken();
  }
  log.info('bot saved', { siteId, botId: bot.id, isAnother: former !== undefined && former.id !== bot.id });
  if (former && former.id !== bot.id) await removeWebhook(siteId, former, saving.apiUrl);
  return saved;
}

/** @returns the bot that the site had before. */
async function replaceBot(
  siteId: string,
  bot: Bot,
  token: string,
  saving: SavingBot,
): Promise<Bot | undefined> {
  let first: Bot | undefined;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const secret = newWebhookSecret();
    const saved = { ...bot, webhookSecretHash: secret.hash };
    let former: Bot | undefined;
    await updateSite(siteId, (now) => {
      if (round === 0) saving.check(now);
      former = now.bot;
      // Another bot that was saved meanwhile stays.
      return round === 0 || former?.id === bot.id ? { bot: saved } : {};
    });
    if (round === 0) first = former;
    else if (former?.id !== bot.id) break;
    await setWebhookTwice(token, webhookUrl(saving.apiUrl, siteId), secret).catch(async (error) => {
      await restore(siteId, saved, former);
      throw setupError(error);
    });
    const { bot: present } = (await readSite(siteId)) ?? {};
    if (present?.webhookSecretHash === secret.hash || present?.id !== bot.id) break;
  }
  return first;
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
  return { id: String(me.id), username: me.username, sealedToken: encryptToken(token, siteId) };
}

/** Tries a second time where the answer was lost: to set the same webhook again changes nothing. */
async function setWebhookTwice(token: string, url: string, secret: WebhookSecret): Promise<void> {
  try {
    await setWebhook(token, url, secret);
  } catch (error) {
    if (!(error instanceof TelegramUnreachableError)) throw error;
    await setWebhook(token, url, secret);
  }
}

/** Restores the former bot, unless another one was saved meanwhile. */
async function restore(siteId: string, saved: Bot, former: Bot | undefined): Promise<void> {
  await updateSite(siteId, ({ bot }) => (bot?.sealedToken === saved.sealedToken ? { bot: former } : {}));
}

/** Stops the updates of a bot that is not the site's any more. Where that fails, they are refused for their secret. */
async function removeWebhook(siteId: string, former: Bot, apiUrl: string): Promise<void> {
  try {
    const token = decryptToken(former.sealedToken, siteId);
    const { url } = await callTelegram(token, 'getWebhookInfo', {});
    if (url === webhookUrl(apiUrl, siteId)) await callTelegram(token, 'deleteWebhook', {});
  } catch (error) {
    log.warn('webhook of the former bot not removed', { siteId, botId: former.id, error });
  }
}
