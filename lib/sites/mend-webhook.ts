import type { Sentence } from '../domain/sentence.ts';
import { recordWebhookOurs, recordWebhookTaken } from '../store/bot-problem.ts';
import { type BotOfSite, type Site, sendingBot } from '../store/sites.ts';
import { ALLOWED_UPDATES, type WebhookInfo } from '../telegram/client.ts';
import { isOurs, isWebhookHere, type OwnAddresses, webhookUrl } from './own-addresses.ts';
import { storeWithWebhook } from './set-webhook.ts';

/** Why a webhook has to be set again. */
export type Fault =
  /** Telegram has none. */
  | 'missing'
  /** It leads to an address that this API had before, or to another one that it has. */
  | 'former-address'
  /** It does not ask for all the kinds of updates that the bot handles. */
  | 'incomplete'
  /** It leads to another site of this deployment, which does not have the bot any more. */
  | 'another-site'
  /** Its secret is not the one whose hash the site has, so we refuse the updates. */
  | 'refused';

/** What a look at a webhook has found. */
export type Finding =
  | { kind: 'works' }
  | { kind: 'fault'; fault: Fault }
  /** It leads to another program or another deployment; `host` is all that may be shown of its address. */
  | { kind: 'taken'; host: string };

/** An error of the last delivery counts for this long: Telegram repeats an update for 24 hours. Seconds. */
const ERROR_COUNTS_SECONDS = 24 * 3_600;

/**
 * Judges the webhook that Telegram has for a bot that belongs to the site.
 *
 * @param now seconds since 1970.
 * @see https://core.telegram.org/bots/api#webhookinfo
 */
export function findingOf(
  { siteId, bot }: BotOfSite,
  { url = '', allowed_updates: allowed, ...info }: WebhookInfo,
  own: OwnAddresses,
  now: number,
): Finding {
  if (url === '') return { kind: 'fault', fault: 'missing' };
  if (!isOurs(url, siteId, bot, own))
    return isWebhookHere(url, own)
      ? { kind: 'fault', fault: 'another-site' }
      : { kind: 'taken', host: hostOf(url) };
  if (url !== webhookUrl(own.apiUrl, siteId)) return { kind: 'fault', fault: 'former-address' };
  if (ALLOWED_UPDATES.some((kind) => !allowed?.includes(kind))) return { kind: 'fault', fault: 'incomplete' };
  if (!bot.webhookSecretHash || isRefused(info, now)) return { kind: 'fault', fault: 'refused' };
  return { kind: 'works' };
}

/**
 * Whether our webhook has refused its secret with a 401. Telegram writes "Wrong response from the webhook: 401 …".
 *
 * @param now seconds since 1970.
 */
export function isRefused(
  { last_error_date: date, last_error_message: message = '' }: Omit<WebhookInfo, 'url'>,
  now: number,
): boolean {
  return date !== undefined && now - date < ERROR_COUNTS_SECONDS && /\b401\b/.test(message);
}

/** Only the host: the address of another program's webhook may have a secret in it. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'an unknown address';
}

/** What is known of a webhook that leads elsewhere. */
export function describeTaken(host: string): Sentence {
  return {
    en: `Another program receives what people write to this bot: ${host}.`,
    it: `Un altro programma riceve quello che le persone scrivono a questo bot: ${host}.`,
  };
}

/**
 * Does what a finding asks for: sets the webhook again, or records in the site who has it.
 *
 * @throws TelegramRefusalError, TelegramUnreachableError, ServiceUnreachableError
 */
export async function mendWebhook(
  site: BotOfSite,
  token: string,
  finding: Finding,
  own: OwnAddresses,
): Promise<void> {
  const url = webhookUrl(own.apiUrl, site.siteId);
  switch (finding.kind) {
    case 'taken':
      return recordWebhookTaken(site, describeTaken(finding.host).en);
    case 'fault':
      return setAgain(site, token, url);
    case 'works': {
      const { bot } = site;
      if (bot.webhookUrl !== url || bot.webhookProblem) await recordWebhookOurs(site, url);
    }
  }
}

/** Sets the webhook with a new secret, unless another token was saved, or the bot taken over, since the site was read. */
export async function setAgain({ siteId, bot }: BotOfSite, token: string, url: string): Promise<void> {
  const botOf = (now: Site) => {
    const present = sendingBot(now);
    return present?.sealedToken === bot.sealedToken ? present : undefined;
  };
  await storeWithWebhook(siteId, { token, url, botOf });
}
