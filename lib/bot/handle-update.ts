import { rateLimitedBot } from '../deliveries/rate-limiter.ts';
import { botTexts } from '../i18n/bot-texts/index.ts';
import { log } from '../observability/logger.ts';
import { type SiteWithBot, toneOf } from '../store/sites.ts';
import { RetryBudget } from '../telegram/retry-budget.ts';
import { decryptToken } from '../telegram/token-encryption.ts';
import type { TelegramUpdate } from '../telegram/update-schema.ts';
import { dispatchUpdate, type PrivateChat, type UpdateHandlers } from '../telegram/updates.ts';
import { tokenAlone } from '../users/link-token.ts';
import { markBlocked, markReturned } from '../users/settings.ts';
import { shopOf } from '../users/shop-texts.ts';
import { handleCallbackQuery } from './callback-queries.ts';
import { COMMANDS, start, stop } from './commands.ts';
import { answerQuery, type BotContext, conversationIn, sendToChat } from './conversation.ts';
import { answerFreeText, isStop } from './free-text.ts';
import { once } from './run-once.ts';
import { isTooLate, timeOf } from './update-age.ts';

/** Telegram repeats an update for 24 hours at most. Handled updates are remembered twice as long, in seconds. */
const UPDATE_KEPT_SECONDS = 48 * 3_600;

/** A group is told only once a year that the bot works in private chats, in seconds. */
const GROUP_KEPT_SECONDS = 365 * 24 * 3_600;

/** A chat is told at most once a minute that nobody reads what is written there, in seconds. */
const FREE_TEXT_SECONDS = 60;

/** The record of that outlives the age at which a repeated update is left unanswered (update-age.ts), in seconds. */
const FREE_TEXT_KEPT_SECONDS = 600;

/**
 * Handles an update for the bot of a site. An update that comes a second time has no second effect.
 *
 * @throws ServiceUnreachableError, BusyError: Telegram has to send the same update again.
 */
export async function handleUpdate(site: SiteWithBot, update: TelegramUpdate): Promise<void> {
  const { siteId, bot } = site;
  const token = decryptToken(bot.sealedToken, siteId);
  const context: BotContext = {
    ...{ site, token, retryBudget: new RetryBudget(), rateLimit: rateLimitedBot(site) },
    writtenAt: timeOf(update),
  };
  const handling = { outcome: 'handled' };
  const identity = { token, id: bot.id, username: bot.username };
  await dispatchUpdate(identity, update, handlersOf(context, update, handling));
  log.info(`update ${handling.outcome}`, { siteId, updateId: update.update_id });
}

function handlersOf(
  context: BotContext,
  update: TelegramUpdate,
  handling: { outcome: string },
): UpdateHandlers {
  const { site, writtenAt } = context;
  const { siteId, bot } = site;
  const thisUpdate = `update#${siteId}#${bot.id}#${update.update_id}`;

  async function handleOnce(operation: (since: number) => Promise<void>): Promise<void> {
    const isNew = await once(thisUpdate, UPDATE_KEPT_SECONDS, operation);
    if (!isNew) handling.outcome = 'repeated';
  }

  /** What nobody reads: it is answered once a minute, and an album once. */
  async function handleFreeText(chat: PrivateChat): Promise<void> {
    if (isTooLate(writtenAt)) return leaveUnanswered(chat);
    const album = update.message?.media_group_id;
    const again = {
      cause: album === undefined ? thisUpdate : `album#${album}`,
      afterSeconds: FREE_TEXT_SECONDS,
    };
    const answer = async () => answerFreeText(await conversationIn(context, chat));
    const key = `free-text#${siteId}#${bot.id}#${chat.id}`;
    const isAnswered = await once(key, FREE_TEXT_KEPT_SECONDS, answer, again);
    if (!isAnswered) await leaveUnanswered(chat);
  }

  /** Whoever does anything in a chat can be reached there: that counts also where nothing is answered. */
  async function notePresence(chat: PrivateChat): Promise<void> {
    await conversationIn(context, chat);
  }

  async function leaveUnanswered(chat: PrivateChat): Promise<void> {
    await notePresence(chat);
    handling.outcome = 'left unanswered';
  }

  return {
    async command(name, payload, chat) {
      const command = COMMANDS.get(name);
      if (!command) return handleFreeText(chat);
      await handleOnce(async () => command(await conversationIn(context, chat), payload));
    },
    async message(text, chat) {
      const token = tokenAlone(text);
      if (token) return handleOnce(async () => start(await conversationIn(context, chat), token));
      if (!isStop(text)) return handleFreeText(chat);
      await handleOnce(async () => stop(await conversationIn(context, chat)));
    },
    present: notePresence,
    callbackQuery: (query, chat) =>
      handleOnce(async (since) => {
        // A button counts when it was pressed, also where Telegram has to send the update again.
        const conversation = await conversationIn({ ...context, writtenAt: since }, chat);
        await handleCallbackQuery(conversation, query);
      }),
    strayCallbackQuery: (queryId, chat) =>
      handleOnce(async () => {
        if (chat) await notePresence(chat);
        await answerQuery(context, queryId);
      }),
    blocked: (chat) => handleOnce(() => markBlocked({ siteId, chatId: chat.id }, bot, writtenAt)),
    returned: (chat) => handleOnce(() => markReturned({ siteId, chatId: chat.id }, bot)),
    async elsewhere(chatId) {
      if (!isTooLate(writtenAt)) return sendPrivateChatsOnly(context, chatId);
      handling.outcome = 'left unanswered';
    },
  };
}

async function sendPrivateChatsOnly(context: BotContext, chatId: number): Promise<void> {
  const { site } = context;
  const text = botTexts(toneOf(site), site.defaultLanguage).privateChatsOnly(shopOf(site));
  await once(`elsewhere#${site.siteId}#${site.bot.id}#${chatId}`, GROUP_KEPT_SECONDS, () =>
    sendToChat(context, chatId, text),
  );
}
