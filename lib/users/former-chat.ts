import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceUnreachableError } from '../domain/errors.ts';
import { spokenLanguage } from '../i18n/spoken-language.ts';
import { log } from '../observability/logger.ts';
import type { Site } from '../store/sites.ts';
import type { User } from '../store/users.ts';
import { classifyError } from '../telegram/classify-error.ts';
import { sendMessage } from '../telegram/client.ts';
import { escapeHtml } from '../telegram/html/index.ts';
import { decryptToken } from '../telegram/token-encryption.ts';

/** How long Telegram may ask to be waited for, in seconds, before all of it is left to be repeated. */
const PATIENCE_SECONDS = 4;

/**
 * Tells a chat that its user gets their notifications in another one now. It goes straight to Telegram: the queue sends
 * to the chat that a user has, and this one is nobody's any more. Telegram's refusals (the chat has blocked the bot …)
 * are final; who has opted out is told nothing.
 *
 * @throws ServiceUnreachableError where Telegram asks for patience or can't be reached: the link is made, the rest is to
 * be repeated.
 */
export async function tellFormerChat(site: Site, user: User, chatId: number): Promise<void> {
  if (!site.bot || user.optedOut) return;
  const message = { chatId, text: farewell(site, user) };
  for (let patience = PATIENCE_SECONDS; ; ) {
    try {
      await sendMessage(decryptToken(site.bot.sealedToken, site.siteId), message);
      return;
    } catch (error) {
      const reaction = classifyError(error);
      const seconds = reaction.kind === 'wait' ? reaction.seconds : 0;
      patience -= seconds;
      if (seconds > 0 && patience >= 0) {
        // The old chat has had its share of messages this second.
        await sleep(seconds * 1_000);
        continue;
      }
      if (reaction.kind === 'wait' || reaction.kind === 'retry') {
        throw new ServiceUnreachableError('Telegram', { cause: error });
      }
      log.warn('former chat not told', { siteId: site.siteId, reason: reaction.kind });
      return;
    }
  }
}

function farewell(site: Site, user: User): string {
  const shop = `<b>${escapeHtml(site.name)}</b>`;
  return spokenLanguage(user.language, site.defaultLanguage) === 'it'
    ? `🔁 Il tuo account di ${shop} è ora collegato a un'altra chat di Telegram: gli avvisi arrivano lì, qui non ne arriveranno più.\n\nSe non sei stato tu, accedi a ${escapeHtml(site.url)} e collega di nuovo Telegram.`
    : `🔁 Your account at ${shop} is now linked to another Telegram chat: notifications go there, and no more of them come here.\n\nIf this was not you, log in to ${escapeHtml(site.url)} and link Telegram again.`;
}
