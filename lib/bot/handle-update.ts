import { botTexts } from '../i18n/bot-texts/index.ts';
import { log } from '../observability/logger.ts';
import type { SiteWithBot } from '../store/sites.ts';
import { RetryBudget } from '../telegram/retry-budget.ts';
import { decryptToken } from '../telegram/token-encryption.ts';
import type { TelegramUpdate } from '../telegram/update-schema.ts';
import { dispatchUpdate, type UpdateHandlers } from '../telegram/updates.ts';
import { markBlocked, markReturned } from '../users/settings.ts';
import { shopOf } from '../users/shop-texts.ts';
import { handleCallbackQuery } from './callback-queries.ts';
import { COMMANDS } from './commands.ts';
import { answerQuery, type BotContext, conversationIn, sendToChat } from './conversation.ts';
import { answerText, handleText } from './free-text.ts';
import { once } from './run-once.ts';

/** Telegram repeats an update for 24 hours at most. Handled updates are remembered twice as long, in seconds. */
const UPDATE_KEPT_SECONDS = 48 * 3_600;

/** A group is told only once a year that the bot works in private chats, in seconds. */
const GROUP_KEPT_SECONDS = 365 * 24 * 3_600;

/**
 * Handles an update for the bot of a site. An update that comes a second time has no second effect.
 *
 * @throws ServiceUnreachableError, BusyError: Telegram has to send the same update again.
 */
export async function handleUpdate(site: SiteWithBot, update: TelegramUpdate): Promise<void> {
  const { siteId, bot } = site;
  const context = { site, token: decryptToken(bot.sealedToken, siteId), retryBudget: new RetryBudget() };
  const identity = { token: context.token, id: bot.id, username: bot.username };
  const isNew = await once(`update#${siteId}#${bot.id}#${update.update_id}`, UPDATE_KEPT_SECONDS, () =>
    dispatchUpdate(identity, update, handlersOf(context)),
  );
  log.info(isNew ? 'update handled' : 'update repeated', { siteId, updateId: update.update_id });
}

function handlersOf(context: BotContext): UpdateHandlers {
  const { site } = context;
  return {
    async command(name, payload, chat) {
      const conversation = await conversationIn(context, chat);
      const command = COMMANDS.get(name);
      if (command) return command(conversation, payload);
      await answerText(conversation);
    },
    message: async (text, chat) => handleText(await conversationIn(context, chat), text),
    callbackQuery: async (query, chat) => handleCallbackQuery(await conversationIn(context, chat), query),
    strayCallbackQuery: (queryId) => answerQuery(context, queryId),
    blocked: (chat) => markBlocked({ siteId: site.siteId, chatId: chat.id }),
    returned: (chat) => markReturned({ siteId: site.siteId, chatId: chat.id }, site.bot),
    elsewhere: (chatId) => sendPrivateChatsOnly(context, chatId),
  };
}

async function sendPrivateChatsOnly(context: BotContext, chatId: number): Promise<void> {
  const { site } = context;
  const text = botTexts(site.defaultLanguage).privateChatsOnly(shopOf(site));
  await once(`elsewhere#${site.siteId}#${site.bot.id}#${chatId}`, GROUP_KEPT_SECONDS, () =>
    sendToChat(context, chatId, text),
  );
}
