import { createHash, randomBytes } from 'node:crypto';
import { allTexts, textsFor } from '../i18n/bot-texts.ts';
import type { Site } from '../store/sites.ts';
import { ALLOWED_UPDATES, callTelegram } from '../telegram/client.ts';

/** How many updates of one bot Telegram hands over at a time: people press buttons far less often. */
const MAX_CONNECTIONS = 10;

/** A secret that Telegram shows with every update: Telegram is told the secret, the site keeps the hash alone. */
export interface WebhookSecret {
  secret: string;
  /** SHA-256, hex: `webhookSecretHash` of the site's bot. */
  hash: string;
}

/** A fresh secret: 256 random bits, base64url. */
export function newWebhookSecret(): WebhookSecret {
  const secret = randomBytes(32).toString('base64url');
  return { secret, hash: webhookSecretHash(secret) };
}

/** SHA-256 (hex) of a webhook secret, as a site's bot keeps it. */
export function webhookSecretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/**
 * Has Telegram hand the bot's updates to our webhook from now on. Between this and the moment when the site knows the
 * hash, updates are refused and Telegram repeats them: nothing is lost.
 *
 * @param url where this deployment takes the updates of the site: `…/v1/telegram/{siteId}`.
 * @throws TelegramRefusalError, TelegramUnreachableError
 * @see https://core.telegram.org/bots/api#setwebhook
 */
export async function setWebhook(token: string, url: string, { secret }: WebhookSecret): Promise<void> {
  await callTelegram(token, 'setWebhook', {
    url,
    secret_token: secret,
    allowed_updates: ALLOWED_UPDATES,
    max_connections: MAX_CONNECTIONS,
  });
}

/**
 * Tells Telegram what the bot offers, in every language it speaks: the commands of the menu and, where the merchant has
 * written none with @BotFather, the descriptions.
 *
 * @throws TelegramRefusalError, TelegramUnreachableError
 * @see https://core.telegram.org/bots/api#setmycommands
 */
export async function presentBot(token: string, site: Pick<Site, 'defaultLanguage'>): Promise<void> {
  // Without a language: what people see whose language the bot does not speak.
  const versions = [
    { texts: textsFor(site) },
    ...allTexts().map(([language_code, texts]) => ({ texts, language_code })),
  ];
  const hasDescription = (await callTelegram(token, 'getMyDescription', {})).description !== '';
  const hasShortDescription =
    (await callTelegram(token, 'getMyShortDescription', {})).short_description !== '';
  for (const { texts, ...language } of versions) {
    const { commands, description, shortDescription } = texts;
    await callTelegram(token, 'setMyCommands', { commands, ...language });
    if (!hasDescription) await callTelegram(token, 'setMyDescription', { description, ...language });
    if (!hasShortDescription)
      await callTelegram(token, 'setMyShortDescription', {
        short_description: shortDescription,
        ...language,
      });
  }
}
