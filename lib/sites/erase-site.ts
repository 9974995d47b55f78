import type { Actor } from '../domain/actor.ts';
import { log } from '../observability/logger.ts';
import { type ErasedSite, forgetErasedBot, shutSite } from '../store/sites.ts';
import { beginSiteErasure, findSiteErasure } from '../store/statements.ts';
import { isFinal } from './bot-errors.ts';
import { releaseBot } from './bot-owner.ts';
import { unknownSite } from './former-site.ts';
import { leaveWebhook } from './leave-webhook.ts';
import type { OwnAddresses } from './own-addresses.ts';
import type { CheckSite } from './view.ts';

/**
 * Erases a site with all that belongs to it.
 *
 * One write shuts it. Then its erasure is put on record, from which a function works its rows off (erase-sites.ts), and
 * its bot is left. Whatever dies on the way: the same request again does the rest. Without one, the retention puts it on
 * record in the next night.
 *
 * @param check is called with the site before anything is done.
 * @throws NotFoundError for a site that has never been there, or was erased more than 40 days ago.
 * @throws ServiceUnreachableError
 */
export async function eraseSite(
  siteId: string,
  own: OwnAddresses,
  { by, check }: { by: Actor; check?: CheckSite },
): Promise<void> {
  const left = await beginErasure(siteId, by, check);
  if (!left) return;
  await leaveErasedBot(left, own).catch((error: unknown) => {
    log.warn('bot of an erased site not left yet: it is tried again', { siteId, error });
  });
}

/**
 * Shuts a site and puts its erasure on record. The function that works the rows off leaves the bot too, where nobody does
 * it before.
 *
 * @returns what is left of the site; `undefined` where it was erased before.
 * @throws NotFoundError, ServiceUnreachableError as {@link eraseSite}.
 */
export async function beginErasure(
  siteId: string,
  by: Actor,
  check?: CheckSite,
): Promise<ErasedSite | undefined> {
  const left = await shutSite(siteId, check, by);
  if (!left) {
    if (await findSiteErasure(siteId)) return undefined;
    throw unknownSite(siteId);
  }
  await beginSiteErasure(siteId, left.erasure.at);
  log.info('site shut', { siteId });
  return left;
}

/**
 * Removes the webhook of an erased site's bot, and lets other sites have the bot. A token that Telegram refuses has no
 * webhook that could be removed.
 *
 * @throws TelegramUnreachableError, ServiceUnreachableError; Error where the token can't be decrypted.
 */
export async function leaveErasedBot(left: ErasedSite, own: OwnAddresses): Promise<void> {
  const { siteId, erasure } = left;
  if (!erasure.bot) return;
  await leaveWebhook(siteId, erasure.bot, own).catch((error: unknown) => {
    if (!isFinal(error)) throw error;
  });
  await releaseBot(siteId, erasure.bot.id);
  await forgetErasedBot(left);
}
