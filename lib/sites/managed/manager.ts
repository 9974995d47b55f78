import { BotSetupError, NotFoundError } from '../../domain/errors.ts';
import { log } from '../../observability/logger.ts';
import { callTelegram, getMe, getWebhookInfo } from '../../telegram/client.ts';
import { MANAGER_UPDATES, managerToken, managerWebhookSecret } from '../../telegram/manager-bot.ts';
import { isFinal, telegramUnreachable } from '../bot-errors.ts';
import { hostOf, isRefused } from '../mend-webhook.ts';
import type { OwnAddresses } from '../own-addresses.ts';

/** How many updates of the manager bot Telegram sends at the same time: a few merchants set up a bot at once. */
const MAX_CONNECTIONS = 5;

/** The token of the manager bot. @throws NotFoundError where the deployment has none. */
export function requireManager(): string {
  const token = managerToken();
  if (token === undefined) throw noManagerBot();
  return token;
}

export function noManagerBot(): NotFoundError {
  const text = {
    en: 'This deployment has no manager bot, so a bot can only be made with @BotFather: save its token with PUT …/bot.',
    it: 'Questa installazione non ha un bot gestore, quindi un bot si crea solo con @BotFather: salvarne il token con PUT …/bot.',
  };
  return new NotFoundError(text, 'no-manager-bot');
}

/**
 * Sees that the manager bot works, and sets its webhook where that is missing or at fault. It is asked for whenever a
 * merchant begins, so nobody has to set it up or to mend it.
 *
 * @returns its username.
 * @throws BotSetupError where it can't manage bots, or Telegram refuses its token; BotSetupUnreachableError.
 */
export async function readyManager(token: string, own: OwnAddresses): Promise<string> {
  try {
    const { username, can_manage_bots: canManage } = await getMe(token);
    if (!canManage) throw managerAtFault('Bot Management Mode is off');
    const { url = '', allowed_updates: allowed = [], ...info } = await getWebhookInfo(token);
    const ours = `${own.apiUrl}/v1/telegram/manager`;
    const isComplete = MANAGER_UPDATES.every((kind) => allowed.includes(kind));
    if (url === ours && isComplete && !isRefused(info, Date.now() / 1_000)) return username;
    if (url !== '' && url !== ours)
      log.warn('webhook of the manager bot was elsewhere', { host: hostOf(url) });
    await callTelegram(token, 'setWebhook', {
      url: ours,
      secret_token: managerWebhookSecret(token),
      allowed_updates: MANAGER_UPDATES,
      max_connections: MAX_CONNECTIONS,
    });
    log.info('webhook of the manager bot set', {});
    return username;
  } catch (error) {
    if (error instanceof BotSetupError) throw error;
    throw isFinal(error) ? managerAtFault(error.description) : telegramUnreachable(error);
  }
}

/** What only the operator can mend. @param why in Telegram's words. */
export function managerAtFault(why: string): BotSetupError {
  return new BotSetupError({
    en: `Nothing was changed. The manager bot of this deployment does not work: "${why}". Tell the platform; meanwhile a bot can be made with @BotFather, and its token saved with PUT …/bot.`,
    it: `Non è stato modificato nulla. Il bot gestore di questa installazione non funziona: "${why}". Comunicarlo alla piattaforma; nel frattempo si può creare un bot con @BotFather e salvarne il token con PUT …/bot.`,
  });
}
