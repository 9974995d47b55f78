import { environment } from '../aws/environment.ts';
import { SITE_ID } from '../domain/site-id.ts';
import type { Bot } from '../store/sites.ts';

/** The addresses of this API, without a slash at the end. */
export interface OwnAddresses {
  /** The one that Telegram is given, always the same: so no webhook goes to and fro between two of them. */
  apiUrl: string;
  /** Others that lead here too. */
  others: string[];
}

/**
 * The addresses of this deployment: `API_URL` is its own domain where it has one (the deploy parameter `apiUrl`),
 * `API_ENDPOINT` is the one that API Gateway gave it.
 *
 * @param others addresses that were found to lead here, such as that of the present request.
 */
export function ownAddresses(...others: string[]): OwnAddresses {
  return { apiUrl: withoutSlash(environment('API_URL')), others: [environment('API_ENDPOINT'), ...others] };
}

export function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

/** The address to which Telegram sends the updates of a site's bot. */
export function webhookUrl(apiUrl: string, siteId: string): string {
  return `${apiUrl}/v1/telegram/${siteId}`;
}

/** Whether an address is one of this API for the updates of a bot, of whichever site. */
export function isWebhookHere(url: string, { apiUrl, others }: OwnAddresses): boolean {
  return [apiUrl, ...others].some((address) => url.startsWith(webhookUrl(address, '')));
}

/** The site id at the end of the address of a webhook, on whatever host; `undefined` if it has none. */
export function siteIdIn(url: string): string | undefined {
  const [, siteId = ''] = url.match(/\/v1\/telegram\/([^/?#]+)$/) ?? [];
  return SITE_ID.test(siteId) ? siteId : undefined;
}

/**
 * Whether a webhook leads, or once led, to this deployment: its address is the one that the site remembers, or begins
 * with one of our own.
 *
 * An address of another host that only looks like ours is not enough: another deployment of this product, such as a
 * stage for tests, has the same paths, and to take its webhook would take its updates. A webhook that is ours and not
 * known as such is only reported, and the command `npm run webhooks` sets it again.
 */
export function isOurs(
  url: string,
  siteId: string,
  bot: Pick<Bot, 'webhookUrl'>,
  own: OwnAddresses,
): boolean {
  const known = [own.apiUrl, ...own.others].map((address) => webhookUrl(address, siteId));
  return url === bot.webhookUrl || known.includes(url);
}
