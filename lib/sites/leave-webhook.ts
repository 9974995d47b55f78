import type { Bot } from '../store/sites.ts';
import { callTelegram, getWebhookInfo } from '../telegram/client.ts';
import { decryptToken } from '../telegram/token-encryption.ts';
import { isOurs, type OwnAddresses } from './own-addresses.ts';

/**
 * Removes the webhook of a bot that is not the site's any more, if it leads to this site.
 *
 * @throws TelegramRefusalError, TelegramUnreachableError; Error where the token can't be decrypted.
 */
export async function leaveWebhook(siteId: string, bot: Bot, own: OwnAddresses): Promise<void> {
  const token = decryptToken(bot.sealedToken, siteId);
  const { url } = await getWebhookInfo(token);
  if (url && isOurs(url, siteId, bot, own)) await callTelegram(token, 'deleteWebhook', {});
}
