import { timeLeft, withDeadline } from '../aws/deadline.ts';
import { newWebhookSecret, setWebhook, type WebhookSecret } from '../bot/bot-setup.ts';
import type { Actor } from '../domain/actor.ts';
import { recordWebhookOurs } from '../store/bot-problem.ts';
import { type Bot, readSite, type Site, updateSite } from '../store/sites.ts';
import { withNewSecret, withSecrets } from '../store/webhook-secrets.ts';
import { classifyError } from '../telegram/classify-error.ts';
import { TelegramUnreachableError } from '../telegram/client.ts';

/** How often the webhook is set again because another request does the same at the same instant. */
const MAX_ROUNDS = 5;

/** The time that a function keeps for restoring the former bot where Telegram does not answer, in milliseconds. */
const TIME_TO_RESTORE = 5_000;

export interface NewWebhook {
  token: string;
  /** Where Telegram sends the updates. */
  url: string;
  /** Who saves the bot; absent where only its webhook is set again. */
  by?: Actor;
  /**
   * The bot as it is stored, for the site as it is now. It may be called several times. `undefined`: another bot was
   * saved meanwhile, and nothing is changed.
   */
  botOf: (now: Site, round: number) => Bot | undefined;
}

/**
 * Stores a bot with a new webhook secret, and sets its webhook.
 *
 * First the site, then the webhook, then its address in the site. Until Telegram uses the new secret of a bot, the former
 * one lets its updates in too: so whatever dies on the way, or is answered too late to be known, no update is refused.
 *
 * Where Telegram does not set the webhook, the former bot is restored; where nobody knows whether it did, with both
 * secrets. When two requests do this at the same instant, one may write the site last and the other set the webhook
 * last, and then their secrets differ: a request that sees this starts over, so that in the end the secrets are the same.
 *
 * @returns the bot that the site had before; `undefined` if it had none.
 * @throws TelegramRefusalError, TelegramUnreachableError, ServiceUnreachableError
 */
export async function storeWithWebhook(
  siteId: string,
  { token, url, by, botOf }: NewWebhook,
): Promise<Bot | undefined> {
  let first: Bot | undefined;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const secret = newWebhookSecret();
    let saved: Bot | undefined;
    let former: Bot | undefined;
    await updateSite(
      siteId,
      (now) => {
        former = now.bot;
        const bot = botOf(now, round);
        const before = former?.id === bot?.id ? former : undefined;
        saved = bot && withSecrets(bot, withNewSecret(before, secret.hash));
        return saved ? { bot: saved } : {};
      },
      by,
    );
    if (round === 0) first = former;
    if (!saved) break;
    const outcome = await withDeadline(timeLeft() - TIME_TO_RESTORE, () => setTwice(token, url, secret));
    if (outcome.kind !== 'set') {
      await restore(siteId, secret, { former, outcome: outcome.kind, by });
      throw outcome.error;
    }
    const { bot: present } = (await readSite(siteId)) ?? {};
    if (present?.webhookSecretHash === secret.hash) {
      await recordWebhookOurs({ siteId, bot: present }, url);
      break;
    }
    if (present?.id !== saved.id) break;
  }
  return first;
}

type Outcome = { kind: 'set' } | { kind: 'refused' | 'unknown'; error: unknown };

/** Tries a second time where the answer was lost: to set the same webhook again changes nothing. */
async function setTwice(token: string, url: string, secret: WebhookSecret): Promise<Outcome> {
  const first = await setOnce(token, url, secret);
  const isLost = first.kind !== 'set' && first.error instanceof TelegramUnreachableError;
  if (!isLost) return first;
  const second = await setOnce(token, url, secret);
  // Also where Telegram refuses the second call, it may have heard the first one.
  return second.kind === 'set' ? second : { kind: 'unknown', error: second.error };
}

async function setOnce(token: string, url: string, secret: WebhookSecret): Promise<Outcome> {
  try {
    await setWebhook(token, url, secret);
    return { kind: 'set' };
  } catch (error) {
    return { kind: classifyError(error).kind === 'retry' ? 'unknown' : 'refused', error };
  }
}

/**
 * Restores the former bot, unless another one, or another secret, was saved meanwhile. One that was taken over meanwhile has
 * no secret. Telegram may have the new secret by now: then it is let in from the same bot, beside those before.
 */
async function restore(
  siteId: string,
  { hash }: WebhookSecret,
  { former, outcome, by }: { former: Bot | undefined; outcome: 'refused' | 'unknown'; by: Actor | undefined },
): Promise<void> {
  await updateSite(
    siteId,
    ({ bot }) => {
      if (bot?.webhookSecretHash !== hash) return {};
      const mayBeUsed = outcome === 'unknown' && former?.id === bot.id;
      return { bot: mayBeUsed ? withSecrets(former, bot) : former };
    },
    by,
  );
}
