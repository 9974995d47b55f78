import { conditionalUpdate, getItem, setFields } from '../aws/dynamodb.ts';

/*
 * A bot belongs to one site. For each bot a small item in the sites table says which. Where it is missing (the former
 * release wrote none), or names a site that does not have the bot, lib/sites/bot-owner.ts finds the owner out.
 */

/** To which site of this deployment a bot belongs. */
export interface BotOwner {
  /** Absent: to none. */
  owner?: string | undefined;
  /** The owner is saving the bot, and until then no other site may. Milliseconds since 1970. */
  savingUntil?: number | undefined;
  /** The site from which the owner took the bot over. */
  former?: string | undefined;
}

/** What is stored of a bot. */
export interface StoredBotOwner extends BotOwner {
  /** Counts the changes; absent before the first. */
  version?: number;
}

/** The key of a bot's item. No site id contains "#". */
export function botOwnerKey(botId: string) {
  return { siteId: `bot#${botId}` };
}

/** @returns an empty object if nothing is known of the bot. @throws ServiceUnreachableError */
export async function readBotOwner(botId: string): Promise<StoredBotOwner> {
  return (await getItem<StoredBotOwner>('SITES_TABLE', botOwnerKey(botId))) ?? {};
}

/**
 * Replaces what is known of a bot, unless somebody has changed it since it was read. The item is never deleted, because no
 * function has the right to delete from the table of the sites.
 *
 * @returns what is stored then; `undefined` if it was changed.
 * @throws ServiceUnreachableError
 */
export function changeBotOwner(
  botId: string,
  before: StoredBotOwner,
  { owner, savingUntil, former }: BotOwner,
): Promise<StoredBotOwner | undefined> {
  const { version } = before;
  const fields = setFields({ owner, savingUntil, former, version: (version ?? 0) + 1 });
  return conditionalUpdate<StoredBotOwner>('SITES_TABLE', botOwnerKey(botId), {
    ...fields,
    ConditionExpression: version === undefined ? 'attribute_not_exists(#version)' : '#version = :before',
    ExpressionAttributeValues: {
      ...fields.ExpressionAttributeValues,
      ...(version !== undefined && { ':before': version }),
    },
  });
}
