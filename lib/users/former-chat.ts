import { ServiceUnreachableError } from '../domain/errors.ts';
import { botTexts } from '../i18n/bot-texts/index.ts';
import { log } from '../observability/logger.ts';
import type { Site } from '../store/sites.ts';
import type { User } from '../store/users.ts';
import { classifyError } from '../telegram/classify-error.ts';
import { sendMessage } from '../telegram/client.ts';
import { RetryBudget } from '../telegram/retry-budget.ts';
import { decryptToken } from '../telegram/token-encryption.ts';
import { shopOf } from './shop-texts.ts';

/**
 * Tells a chat that its user gets the notifications in another chat now. The message goes directly to Telegram: the
 * queue sends to the chat that a user has now, and the former chat belongs to nobody. A user who has opted out gets no
 * message. Where Telegram refuses the message for good (the chat has blocked the bot, for example), nothing more is done.
 *
 * @throws ServiceUnreachableError where Telegram can't be reached or asks for a longer pause. The link is made by then;
 * the caller repeats the call.
 */
export async function tellFormerChat(site: Site, user: User, chatId: number): Promise<void> {
  if (!site.bot || user.optedOut) return;
  const token = decryptToken(site.bot.sealedToken, site.siteId);
  const text = botTexts(user.language ?? site.defaultLanguage).movedToOtherChat(shopOf(site));
  try {
    await new RetryBudget().run(() => sendMessage(token, { chatId, text }));
  } catch (cause) {
    const { kind } = classifyError(cause);
    if (kind === 'wait' || kind === 'retry') throw new ServiceUnreachableError('Telegram', { cause });
    log.warn('former chat not told', { siteId: site.siteId, reason: kind });
  }
}
