/** The demo shop, which is there after `npm start`. */
import { createHash } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { DEFAULT_TONE } from '../lib/domain/tone.ts';
import type { Site } from '../lib/store/sites.ts';
import type { StoredUser } from '../lib/store/stored-user.ts';
import { encryptToken } from '../lib/telegram/token-encryption.ts';
import { defaultSharedButtons } from '../lib/templates/shared-buttons.ts';
import { defaultTemplates } from '../lib/templates/template-kinds.ts';

export const DEMO_SITE_ID = 'demo';
export const DEMO_SITE_KEY = 'pwtg_demo';
export const DEMO_PLATFORM_KEY = 'platform-demo';
export const DEMO_PLATFORM_KEY_SHA256 = createHash('sha256').update(DEMO_PLATFORM_KEY).digest('hex');
export const DEMO_BOT_TOKEN = '100:demo';
/** With its help people make bots in the emulator. The real Telegram does not know it. */
export const DEMO_MANAGER = { token: '300:manager', username: 'passweb_manager_bot' };
const DEMO_BOT_ID = '100';
const DEMO_BOT_USERNAME = 'demo_shop_bot';

/** Public, and for the demo only: a real deployment has its own key (docs/deploy.md). */
export const DEMO_BOT_TOKEN_KEY = Buffer.alloc(32, 'demo').toString('base64');

/** Needs `BOT_TOKEN_KEY` in the environment, to encrypt the token. */
export function demoSite(): Site {
  return {
    siteId: DEMO_SITE_ID,
    name: 'Demo Shop',
    url: 'https://shop.example',
    moduleActive: true,
    active: true,
    languages: ['it', 'en'],
    defaultLanguage: 'it',
    timeZone: 'Europe/Rome',
    abandonedCartHours: 3,
    telegramGroups: [],
    docuvision: false,
    merchantContact: 'info@shop.example',
    bot: {
      id: DEMO_BOT_ID,
      username: DEMO_BOT_USERNAME,
      sealedToken: encryptToken(DEMO_BOT_TOKEN, DEMO_SITE_ID),
    },
    keyHashes: [createHash('sha256').update(DEMO_SITE_KEY).digest('hex')],
    ...defaultSharedButtons(DEFAULT_TONE),
    templates: defaultTemplates(),
  };
}

export function demoUsers(): StoredUser[] {
  return [
    linked('anna', 1001, { firstName: 'Anna', lastName: 'Rossi', language: 'it' }),
    linked('bruno', 1002, { firstName: 'Bruno', lastName: 'Bianchi', language: 'en' }),
    linked('carla', 1003, { firstName: 'Carla', lastName: 'Verdi', language: 'it' }),
    { siteId: DEMO_SITE_ID, userId: 'dario', firstName: 'Dario', lastName: 'Neri', language: 'it' },
  ];
}

/** The same people without their chats: on the real Telegram these chat ids belong to strangers. */
export function unlinkedDemoUsers(): StoredUser[] {
  return demoUsers().map(
    ({ chatId: _chat, siteChat: _siteChat, linkedAt: _at, linkedBy: _by, username: _name, ...person }) =>
      person,
  );
}

function linked(
  userId: string,
  chatId: number,
  names: Pick<StoredUser, 'firstName' | 'lastName' | 'language'>,
): StoredUser {
  return {
    siteId: DEMO_SITE_ID,
    userId,
    chatId,
    siteChat: `${DEMO_SITE_ID}#${chatId}`,
    botId: DEMO_BOT_ID,
    linkedAt: '2026-01-01T00:00:00.000Z',
    linkedBy: 'deep-link',
    username: `${names.firstName}_${names.lastName}`.toLowerCase(),
    ...names,
  };
}

/** Writes the items that do not exist yet: changes of an earlier run stay. */
export async function writeDemoData(
  dynamodb: DynamoDBClient,
  tables: { sites: string; users: string },
  people: StoredUser[] = demoUsers(),
): Promise<void> {
  const client = DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } });
  await putNew(client, tables.sites, demoSite(), 'siteId');
  for (const person of people) await putNew(client, tables.users, person, 'userId');
}

async function putNew(
  client: DynamoDBDocumentClient,
  table: string,
  item: object,
  key: string,
): Promise<void> {
  try {
    await client.send(
      new PutCommand({ TableName: table, Item: item, ConditionExpression: `attribute_not_exists(${key})` }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
