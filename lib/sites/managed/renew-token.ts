/** Another token for a bot that the manager bot manages. */
import { randomUUID } from 'node:crypto';
import { once } from '../../bot/run-once.ts';
import { wakeDrain } from '../../deliveries/tickets.ts';
import type { Actor } from '../../domain/actor.ts';
import { BotSetupUnreachableError, BusyError, ConflictError } from '../../domain/errors.ts';
import { log } from '../../observability/logger.ts';
import { type Bot, type BotOfSite, readSite, type Site, updateSite } from '../../store/sites.ts';
import { callTelegram, getWebhookInfo } from '../../telegram/client.ts';
import { decryptToken, encryptToken } from '../../telegram/token-encryption.ts';
import { noBot } from '../../users/errors.ts';
import { botOvertaken, isFinal, isOfTelegram, setupError, telegramUnreachable } from '../bot-errors.ts';
import { findingOf, mendWebhook, setAgain } from '../mend-webhook.ts';
import { type OwnAddresses, webhookUrl } from '../own-addresses.ts';
import { requireManager } from './manager.ts';

/** Two that change the token at once would leave one that does not work: one after the other. Seconds. */
const KEPT_SECONDS = 3_600;

export function notManagedBot(): ConflictError {
  const text = {
    en: 'Nothing was changed, because the bot of this site was not made with the manager bot: only its owner can give it another token. Open @BotFather in Telegram, send /revoke, choose the bot, and save the new token with PUT …/bot.',
    it: 'Non è stato modificato nulla, perché il bot di questo sito non è stato creato con il bot gestore: solo il proprietario può dargli un altro token. Aprire @BotFather in Telegram, inviare /revoke, scegliere il bot, e salvare il nuovo token con PUT …/bot.',
  };
  return new ConflictError(text, 'not-managed-bot');
}

/**
 * Replaces the token of the site's bot. The old one stops at once; the new one is stored before anything else is done with
 * it, so that messages go out again, those that were refused in between too. Where this dies before that, Telegram tells the
 * manager bot of the new token, which has it stored (`useCurrentToken`).
 *
 * @returns the site afterwards.
 * @throws NotFoundError without a manager bot; ConflictError for a bot that it does not manage; BotSetupError and
 * BotSetupUnreachableError where Telegram does not do it.
 */
export async function renewToken(site: Site, { own, by }: { own: OwnAddresses; by: Actor }): Promise<Site> {
  const manager = requireManager();
  const bot = managedBotOf(site);
  let saved: Site | undefined;
  const isRun = await once(lockOf(site.siteId, bot), KEPT_SECONDS, renew, causedBy(randomUUID()));
  if (!isRun || !saved) throw new BusyError('The token of this bot is being replaced.');
  return saved;

  async function renew(): Promise<void> {
    const token = await callTelegram(manager, 'replaceManagedBotToken', { user_id: Number(bot.id) }).catch(
      (error: unknown) => {
        throw isOfTelegram(error) ? setupError(error) : error;
      },
    );
    saved = await useToken(site.siteId, bot.id, token, { own, by });
  }
}

function managedBotOf({ bot }: Site): Bot {
  if (!bot || bot.takenOver) throw noBot(bot);
  if (!bot.managed) throw notManagedBot();
  return bot;
}

/**
 * Sees that a site has the token that its bot has now, and that its webhook is set: its owner may have replaced the token
 * in @BotFather.
 *
 * @throws BusyError while it is being replaced; ServiceUnreachableError, TelegramUnreachableError, TelegramRefusalError
 */
export async function useCurrentToken(site: BotOfSite, own: OwnAddresses): Promise<void> {
  const { siteId, bot } = site;
  const token = await callTelegram(requireManager(), 'getManagedBotToken', { user_id: Number(bot.id) });
  if (token === decryptToken(bot.sealedToken, siteId)) {
    const finding = findingOf(site, await getWebhookInfo(token), own, Date.now() / 1_000);
    if (finding.kind === 'fault') await mendWebhook(site, token, finding, own);
    return;
  }
  const use = async () => {
    await useToken(siteId, bot.id, token, { own });
  };
  if (!(await once(lockOf(siteId, bot), KEPT_SECONDS, use, causedBy(randomUUID()))))
    throw new BusyError('The token of this bot is being replaced.');
}

function lockOf(siteId: string, { id }: Bot): string {
  return `managed-token#${siteId}#${id}`;
}

/** Another run may follow at once. */
function causedBy(cause: string) {
  return { cause, afterSeconds: 0 };
}

async function useToken(
  siteId: string,
  botId: string,
  token: string,
  { own, by }: { own: OwnAddresses; by?: Actor },
): Promise<Site> {
  const saved = await updateSite(siteId, ({ bot }) => withToken(bot, botId, encryptToken(token, siteId)), by);
  const bot = saved?.bot;
  if (!bot) throw botOvertaken();
  log.info('token of a bot renewed', { siteId, botId });
  await wakeDrain(siteId);
  // Telegram keeps webhooks by token: there is none under the new one.
  await setAgain({ siteId, bot }, token, webhookUrl(own.apiUrl, siteId)).catch((error: unknown) => {
    if (!isOfTelegram(error)) throw error;
    throw isFinal(error) ? setupError(error) : withoutWebhook(error);
  });
  return (await readSite(siteId)) ?? saved;
}

function withToken(bot: Bot | undefined, botId: string, sealedToken: string): { bot: Bot } {
  if (bot?.id !== botId || bot.takenOver) throw botOvertaken();
  const { problem: _refused, ...others } = bot;
  return { bot: { ...others, sealedToken } };
}

/** Messages go out, but nobody can link or stop until the webhook is set. */
function withoutWebhook(cause: unknown): BotSetupUnreachableError {
  const { retryAfterSeconds } = telegramUnreachable(cause);
  return new BotSetupUnreachableError(
    retryAfterSeconds,
    { cause },
    {
      en: 'The token is new, and messages go out with it. But Telegram does not answer now, so its webhook is not set yet: nobody can link or stop. POST …/bot/test sets it.',
      it: 'Il token è nuovo, e i messaggi partono con quello. Ma in questo momento Telegram non risponde, quindi il webhook non è ancora impostato: nessuno può collegarsi o fermare i messaggi. POST …/bot/test lo imposta.',
    },
  );
}
