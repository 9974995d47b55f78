import { newWebhookSecret, setWebhook, type WebhookSecret } from '../bot/bot-setup.ts';
import { recordWebhookOurs } from '../store/bot-problem.ts';
import { type Bot, readSite, type Site, updateSite } from '../store/sites.ts';
import { TelegramUnreachableError } from '../telegram/client.ts';

/** How often the webhook is set again because another request does the same at the same instant. */
const MAX_ROUNDS = 5;

export interface NewWebhook {
  token: string;
  /** Where Telegram sends the updates. */
  url: string;
  /**
   * The bot as it is stored, for the site as it is now. It may be called several times. `undefined`: another bot was
   * saved meanwhile, and nothing is changed.
   */
  botOf: (now: Site, round: number) => Bot | undefined;
}

/**
 * Stores a bot with a new webhook secret, and sets its webhook.
 *
 * First the site, then the webhook, then its address in the site. What dies on the way is repaired by the next look at
 * the webhook: what was wrong with it before is still to be seen, or Telegram reports that we refuse its secret. In the
 * meantime Telegram repeats the refused updates.
 *
 * Where Telegram does not set the webhook, the former bot is restored. When two requests do this at the same instant,
 * one may write the site last and the other set the webhook last, and then their secrets differ: a request that sees
 * this starts over, so that in the end the secrets are the same.
 *
 * @returns the bot that the site had before; `undefined` if it had none.
 * @throws TelegramRefusalError, TelegramUnreachableError, ServiceUnreachableError
 */
export async function storeWithWebhook(
  siteId: string,
  { token, url, botOf }: NewWebhook,
): Promise<Bot | undefined> {
  let first: Bot | undefined;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const secret = newWebhookSecret();
    let saved: Bot | undefined;
    let former: Bot | undefined;
    await updateSite(siteId, (now) => {
      former = now.bot;
      const bot = botOf(now, round);
      saved = bot && { ...bot, webhookSecretHash: secret.hash };
      return saved ? { bot: saved } : {};
    });
    if (round === 0) first = former;
    if (!saved) break;
    await setWebhookTwice(token, url, secret).catch(async (error) => {
      await restore(siteId, secret, former);
      throw error;
    });
    const { bot: present } = (await readSite(siteId)) ?? {};
    if (present?.webhookSecretHash === secret.hash) {
      await recordWebhookOurs({ siteId, bot: present }, url);
      break;
    }
    if (present?.id !== saved.id) break;
  }
  return first;
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

/**
 * Restores the former bot, unless another one, or another secret, was saved meanwhile. One that was taken over meanwhile has
 * no secret.
 */
async function restore(siteId: string, { hash }: WebhookSecret, former: Bot | undefined): Promise<void> {
  await updateSite(siteId, ({ bot }) => (bot?.webhookSecretHash === hash ? { bot: former } : {}));
}
