/** What the Telegram emulator has to know from the shops of this run: see emulator/shops.ts. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { type ChatItem, chatToken, userIdsIn } from '../lib/store/chats.ts';
import type { Site } from '../lib/store/sites.ts';
import { type StoredUser, siteChatOf, userFrom } from '../lib/store/stored-user.ts';
import { type ChatLink, linkIn, type User } from '../lib/store/user.ts';
import { linkTokenHash } from '../lib/users/link-token.ts';
import type { Shops } from './emulator/shops.ts';

export interface ShopTables {
  sites: string;
  users: string;
  links: string;
}

/** Reads it from the tables. */
export function shopsIn(dynamodb: DynamoDBClient, tables: ShopTables): Shops {
  const client = DynamoDBDocumentClient.from(dynamodb);

  async function get<Item>(TableName: string, Key: Record<string, string>): Promise<Item | undefined> {
    const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
    return Item as Item | undefined;
  }

  async function siteIdsOf(botId: string): Promise<string[]> {
    const siteIds: string[] = [];
    let next: Record<string, unknown> | undefined;
    do {
      const page = await client.send(
        new ScanCommand({
          TableName: tables.sites,
          FilterExpression: 'bot.id = :botId',
          ExpressionAttributeValues: { ':botId': botId },
          ExclusiveStartKey: next,
        }),
      );
      siteIds.push(...((page.Items ?? []) as Site[]).map(({ siteId }) => siteId));
      next = page.LastEvaluatedKey;
    } while (next);
    return siteIds;
  }

  async function userIdsOf(siteId: string, chatId: number): Promise<string[]> {
    const item = await get<ChatItem>(tables.links, { token: chatToken({ siteId, chatId }) });
    if (item) return userIdsIn(item);
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: tables.users,
        IndexName: 'by-chat',
        KeyConditionExpression: 'siteChat = :siteChat',
        ExpressionAttributeValues: { ':siteChat': siteChatOf(siteId, chatId) },
      }),
    );
    return (Items as StoredUser[]).map(({ userId }) => userId);
  }

  async function usersIn(siteId: string, chatId: number): Promise<User[]> {
    const userIds = await userIdsOf(siteId, chatId);
    const users = userIds.map((userId) => get<StoredUser>(tables.users, { siteId, userId }));
    return (await Promise.all(users)).filter((user) => user !== undefined).map(userFrom);
  }

  return {
    async botOfLink(token) {
      const link = await get<{ siteId: string }>(tables.links, { token: `token#${linkTokenHash(token)}` });
      const site = link && (await get<Site>(tables.sites, { siteId: link.siteId }));
      return site?.bot?.username;
    },

    sitesOf: ({ id }) => siteIdsOf(String(id)),

    async loggedIn({ id }, chatId) {
      const botId = String(id);
      for (const siteId of await siteIdsOf(botId)) {
        for (const user of await usersIn(siteId, chatId)) {
          const link = linkIn(user, chatId);
          if (link?.botId === botId && isLoggedIn(link)) return personOf(user, link);
        }
      }
      return undefined;
    },
  };
}

/** After a deep link the person starts the bot in the chat. After a login they do not. */
function isLoggedIn({ linkedBy }: ChatLink): boolean {
  return linkedBy === 'login-widget' || linkedBy === 'oidc';
}

function personOf({ firstName, lastName, language }: User, { username }: ChatLink): Record<string, unknown> {
  return { first_name: firstName, last_name: lastName, username, language_code: language };
}
