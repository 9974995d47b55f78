import { recordBotUnauthorized, recordWebhookTaken } from '../store/bot-problem.ts';
import { readSite } from '../store/sites.ts';
import { getWebhookInfo } from '../telegram/client.ts';
import { RetryBudget } from '../telegram/retry-budget.ts';
import { decryptToken } from '../telegram/token-encryption.ts';
import { isUnauthorized } from './bot-errors.ts';
import { settleOwner } from './bot-owner.ts';
import { describeTaken, hostOf, setAgain } from './mend-webhook.ts';
import { isOurs, isWebhookHere, webhookUrl } from './own-addresses.ts';

export type Reset =
  | { kind: 'no-bot' }
  /** `from`: the host where the webhook was, where it was known to be ours by its path alone. */
  | { kind: 'set'; from?: string }
  /** The bot belongs to another site. */
  | { kind: 'another-site' }
  /** It leads to another program, and was left alone. */
  | { kind: 'taken'; host: string };

/**
 * Sets the webhook of a site's bot again, with the stored token, for an operator who has changed the API's address.
 *
 * Unlike the daily look, it takes every address with the path of this site for a former one of this API: a person
 * decides this, who knows the addresses that there were and sees which ones are taken. Another program's webhook is
 * left alone, unless `take` is set.
 *
 * @throws TelegramRefusalError, TelegramUnreachableError, ServiceUnreachableError; Error where the token can't be
 * decrypted.
 */
export async function resetWebhook(siteId: string, apiUrl: string, take: boolean): Promise<Reset> {
  const { bot } = (await readSite(siteId)) ?? {};
  if (!bot) return { kind: 'no-bot' };
  if (bot.takenOver) return { kind: 'another-site' };
  const site = { siteId, bot };
  const own = { apiUrl, others: [] };
  const token = decryptToken(bot.sealedToken, siteId);
  const retryBudget = new RetryBudget();
  try {
    const { url: present = '' } = await retryBudget.run(() => getWebhookInfo(token));
    if (!(await settleOwner(site, present))) return { kind: 'another-site' };
    const isKnown = present === '' || isOurs(present, siteId, bot, own) || isWebhookHere(present, own);
    const isLikely = present.endsWith(webhookUrl('', siteId));
    if (!isKnown && !isLikely && !take) {
      await recordWebhookTaken(site, describeTaken(hostOf(present)).en);
      return { kind: 'taken', host: hostOf(present) };
    }
    await retryBudget.run(() => setAgain(site, token, webhookUrl(apiUrl, siteId)));
    return { kind: 'set', ...(!isKnown && { from: hostOf(present) }) };
  } catch (error) {
    if (isUnauthorized(error)) await recordBotUnauthorized(site, error.description);
    throw error;
  }
}
