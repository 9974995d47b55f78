import { createHash, randomBytes } from 'node:crypto';
import { FORMER_DESCRIPTIONS, PRESENTATIONS } from '../i18n/bot-texts/index.ts';
import { SPOKEN_LANGUAGES, spokenLanguage } from '../i18n/languages.ts';
import type { Site } from '../store/sites.ts';
import { ALLOWED_UPDATES, callTelegram } from '../telegram/client.ts';

/** How many updates of one bot Telegram sends at the same time: more than the people of one shop need. */
const MAX_CONNECTIONS = 10;

/**
 * The version of the texts that Telegram shows for a bot (`presentBot`): another one in each release that changes them.
 * A bot that was presented with other texts is presented again.
 */
export const PRESENTATION = createHash('sha256')
  .update(JSON.stringify(PRESENTATIONS))
  .digest('hex')
  .slice(0, 8);

/** The secret that Telegram sends with every update. The site stores only its hash. */
export interface WebhookSecret {
  secret: string;
  /** SHA-256, hex: `webhookSecretHash` of the site's bot. */
  hash: string;
}

/** A new secret: 256 random bits, base64url. */
export function newWebhookSecret(): WebhookSecret {
  const secret = randomBytes(32).toString('base64url');
  return { secret, hash: webhookSecretHash(secret) };
}

/** SHA-256 (hex) of a webhook secret, as the site stores it. */
export function webhookSecretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/**
 * From now on Telegram sends the bot's updates to our webhook. Until the site has the hash, updates are refused and
 * Telegram repeats them, so none is lost.
 *
 * @param url the webhook of the site in this deployment: `…/v1/telegram/{siteId}`.
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
 * Sets the texts of the bot that Telegram itself shows, in every language that the bot speaks: the commands of the menu
 * and, where the merchant has written none with @BotFather, the descriptions.
 *
 * @throws TelegramRefusalError, TelegramUnreachableError
 * @see https://core.telegram.org/bots/api#setmycommands
 */
export async function presentBot(token: string, site: Pick<Site, 'defaultLanguage'>): Promise<void> {
  // The version without a language is for people whose language the bot does not speak.
  const versions = [
    { texts: PRESENTATIONS[spokenLanguage(site.defaultLanguage)] },
    ...SPOKEN_LANGUAGES.map((language_code) => ({ texts: PRESENTATIONS[language_code], language_code })),
  ];
  const isDescribed = isOfMerchant((await callTelegram(token, 'getMyDescription', {})).description);
  const isShortlyDescribed = isOfMerchant(
    (await callTelegram(token, 'getMyShortDescription', {})).short_description,
  );
  for (const { texts, ...language } of versions) {
    const { commands, description, shortDescription } = texts;
    await callTelegram(token, 'setMyCommands', { commands, ...language });
    if (!isDescribed) await callTelegram(token, 'setMyDescription', { description, ...language });
    if (!isShortlyDescribed)
      await callTelegram(token, 'setMyShortDescription', {
        short_description: shortDescription,
        ...language,
      });
  }
}

/** Whether a text of the bot's profile is the merchant's own: not absent, and not one of ours, now or in the former release. */
function isOfMerchant(text: string): boolean {
  const ours = Object.values(PRESENTATIONS).flatMap(({ description, shortDescription }) => [
    description,
    shortDescription,
  ]);
  return ![...ours, ...FORMER_DESCRIPTIONS, ''].includes(text);
}
