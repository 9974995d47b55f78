import { shopOf, textsFor } from '../i18n/bot-texts.ts';
import { log } from '../observability/logger.ts';
import type { SiteWithBot } from '../store/sites.ts';
import { RetryBudget } from '../telegram/retry-budget.ts';
import { decryptToken } from '../telegram/token-encryption.ts';
import { dispatchUpdate, type PrivateChat, type UpdateHandlers } from '../telegram/updates.ts';
import { findUserByChat, markBlocked, markReturned } from '../users/membership.ts';
import { handleCallbackQuery } from './callback-queries.ts';
import { COMMANDS } from './commands.ts';
import { answerQuery, type BotContext, conversationIn, reply, sendToChat } from './conversation.ts';
import { once } from './once.ts';
import type { TelegramUpdate } from './update-schema.ts';

/** Telegram keeps an update that was not taken for 24 hours; remembered for twice that, in seconds. */
const UPDATE_KEPT_SECONDS = 48 * 3_600;

/** A group that was told once that the bot serves private chats is not told again for a year, in seconds. */
const GROUP_KEPT_SECONDS = 365 * 24 * 3_600;

/**
 * Does what an update asks the bot of a site for. An update that comes again does nothing again.
 *
 * @throws ServiceUnreachableError, BusyError: the same update shall come once more.
 */
export async function handleUpdate(site: SiteWithBot, update: TelegramUpdate): Promise<void> {
  const { siteId, bot } = site;
  const speaker = { site, token: decryptToken(bot.sealedToken, siteId), retryBudget: new RetryBudget() };
  const identity = { token: speaker.token, id: bot.id, username: bot.username };
  const isNew = await once(`update#${siteId}#${bot.id}#${update.update_id}`, UPDATE_KEPT_SECONDS, () =>
    dispatchUpdate(identity, update, handlersOf(speaker)),
  );
  log.info(isNew ? 'update handled' : 'update known already', { siteId, updateId: update.update_id });
}

function handlersOf(speaker: BotContext): UpdateHandlers {
  return {
    async command(name, payload, chat) {
      const conversation = await conversationIn(speaker, chat);
      const command = COMMANDS.get(name);
      if (command) return command(conversation, payload);
      await reply(conversation, conversation.texts.onlyNotifications(conversation.shop));
    },
    async message(chat) {
      const conversation = await conversationIn(speaker, chat);
      await reply(conversation, conversation.texts.onlyNotifications(conversation.shop));
    },
    callbackQuery: async (press, chat) => handleCallbackQuery(await conversationIn(speaker, chat), press),
    strayCallbackQuery: (pressId) => answerQuery(speaker, pressId),
    blocked: (chat) => noteMembership(speaker, chat, markBlocked),
    returned: (chat) => noteMembership(speaker, chat, markReturned),
    elsewhere: (chatId) => tellOnce(speaker, chatId),
  };
}

async function noteMembership(
  { site }: BotContext,
  chat: PrivateChat,
  note: typeof markReturned,
): Promise<void> {
  const user = await findUserByChat(site.siteId, chat.id);
  if (user) await note(user, site.bot);
}

/** Groups and channels are told politely, once. */
async function tellOnce(speaker: BotContext, chatId: number): Promise<void> {
  const { site } = speaker;
  await once(`elsewhere#${site.siteId}#${site.bot.id}#${chatId}`, GROUP_KEPT_SECONDS, () =>
    sendToChat(speaker, chatId, textsFor(site).privateChatsOnly(shopOf(site))),
  );
}
