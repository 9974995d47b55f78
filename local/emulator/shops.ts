import type { BotAccount } from './types.ts';

/** What the shops of a run know of links and logins: the emulator does not see them, unlike the real Telegram. */
export type Shops = {
  /** The bot (its username) for which a link with this token was made. */
  botOfLink(token: string): Promise<string | undefined>;
  /** The ids of the sites that have saved this bot. */
  sitesOf(bot: BotAccount): Promise<string[]>;
  /**
   * Whether somebody has logged in with this chat at a shop of the bot, and so let the bot write (in the login widget
   * "Request access"): who they are, in the words of the Bot API's User.
   */
  loggedIn(bot: BotAccount, chatId: number): Promise<Record<string, unknown> | undefined>;
};
