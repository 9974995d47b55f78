/** The sites, keys, people and chats of the tests, in addition to those of the demo (local/demo.ts). */
import { createHash } from 'node:crypto';
import type { Notification } from '../../lib/deliveries/notification.ts';
import type { Template } from '../../lib/domain/templates.ts';
import type { Delivery } from '../../lib/store/deliveries.ts';
import type { Site } from '../../lib/store/sites.ts';
import type { StoredUser } from '../../lib/store/stored-user.ts';
import { encryptToken } from '../../lib/telegram/token-encryption.ts';
import type { LinkDetails } from '../../lib/users/link-token.ts';
import { DEMO_SITE_KEY, demoSite } from '../../local/demo.ts';
import { DEFAULT_CHATS } from '../../local/emulator/world.ts';

export const SITE_KEY = DEMO_SITE_KEY;
export const PLATFORM_KEY = 'platform-demo';
/** `printf %s platform-demo | sha256sum` */
export const PLATFORM_KEY_SHA256 = '6da2269fcb5ff77788e07cd592a5e276529d90f53edc7216ed541608df914084';

/** The secret of the demo bot's webhook in tests, and its SHA-256 (`printf %s … | sha256sum`). */
export const WEBHOOK_SECRET = 'webhook-secret_of-the-tests';
export const WEBHOOK_SECRET_SHA256 = '02ae2cb6b1b84b3a10c6eee12aa879d09ae10baef1e463031aa6476726b40b6e';

/** The chats of the demo's people with its bot. */
export const ANNA = 1001;
export const BRUNO = 1002;
export const CARLA = 1003;
/** People who have started the bot but are not known to the shop. */
export const STRANGER = 4001;
export const OTHER_STRANGER = 4002;
/** A group of the demo shop's bot, and the supergroup that it may become. */
export const GROUP = -5001;
export const SUPERGROUP = -1_005_001;
/** The chat of Ugo, who belongs to the other shop. */
export const UGO = 2001;

/** The people who have started a bot. */
export const CHATS = [
  ...DEFAULT_CHATS,
  ...[STRANGER, OTHER_STRANGER].map((chatId) => ({
    botToken: '100:demo',
    chatId,
    user: { id: chatId, first_name: 'Zoe' },
  })),
  ...[GROUP, SUPERGROUP].map((chatId) => ({
    botToken: '100:demo',
    chatId,
    user: { id: 7, first_name: 'Gruppo' },
  })),
  { botToken: '200:nuovo', chatId: UGO, user: { id: UGO, first_name: 'Ugo' } },
];

/** The demo site, whose bot has a webhook. */
export function siteWithWebhook(): Site {
  const { bot, ...site } = demoSite();
  return { ...site, ...(bot && { bot: { ...bot, webhookSecretHash: WEBHOOK_SECRET_SHA256 } }) };
}

/** Limits that no test reaches. */
export const NO_LIMITS = { chatBurst: 1_000, groupPerMinute: 1_000, botPerSecond: 1_000 };

/** A shop with its own key and bot, and one user, Ugo. */
export function otherSite(): Site {
  const sealedToken = encryptToken('200:nuovo', 'altro');
  return {
    ...demoSite(),
    siteId: 'altro',
    bot: { id: '200', username: 'nuovo_bot', sealedToken },
    keyHashes: [keyHash('pwtg_altro')],
  };
}

export const ugo: StoredUser = { siteId: 'altro', userId: 'ugo', chatId: UGO, siteChat: `altro#${UGO}` };
/** A user of the demo shop who is linked to a group. */
export const groupUser: StoredUser = {
  siteId: 'demo',
  userId: 'gruppo',
  chatId: GROUP,
  siteChat: `demo#${GROUP}`,
};

/** SHA-256 of a site key, as stored in the sites table. */
export function keyHash(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** A template with one line: its id, to tell it apart from others, and the recipient's name. */
export function template(event: Template['event'], id: string, changes: Partial<Template> = {}): Template {
  return { id, name: id, event, enabled: true, text: { it: `${id}: {{nominativo}}` }, ...changes };
}

/** The record that the former release has written of a message that it had given up: it is among the dead letters. */
export function deadDelivery({ text: _, acceptedAt, ...facts }: Notification): Delivery {
  const failure = { class: 'retry', description: 'Bad Gateway' };
  return { ...facts, recordedAt: acceptedAt, attempts: 12, status: 'failed', isDead: true, failure };
}

let lastLink = 0;

/** Details of a new link, claimed after all earlier ones. */
export function details(userId: string, changes: Partial<LinkDetails> = {}): LinkDetails {
  lastLink += 1;
  const claimedAt = new Date(Date.UTC(2026, 10, 22, 10, 0, lastLink)).toISOString();
  return { userId, linkId: `link-${lastLink}`, claimedAt, ...changes };
}

/** The default templates of a shop that chose to send the texts of private messages. */
export function templatesWithMessageText(): Template[] {
  const isOfMessage = ({ event }: Template) => event === 'message-sent' || event === 'message-read';
  return demoSite().templates.map((template) =>
    isOfMessage(template) ? { ...template, enabled: !template.enabled } : template,
  );
}
