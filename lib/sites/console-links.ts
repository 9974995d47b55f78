import { environment } from '../aws/environment.ts';
import type { Actor } from '../domain/actor.ts';
import {
  hasSession,
  newSecret,
  openerOf,
  type StoredSession,
  withSession,
} from '../store/console-sessions.ts';
import { updateSite } from '../store/sites.ts';
import { missingSite } from './former-site.ts';
import { withoutSlash } from './own-addresses.ts';

/** How long a link may be opened, in milliseconds. */
const LINK_MILLISECONDS = 600_000;

/**
 * A link that signs in to the console of a site, once.
 *
 * @throws NotFoundError for an unknown site, ServiceUnreachableError
 */
export async function createConsoleLink(
  siteId: string,
  by: Actor,
): Promise<{ url: string; expiresAt: string }> {
  const { secret, hash, madeAt } = newSecret(siteId);
  const link: StoredSession = { hash, until: madeAt + LINK_MILLISECONDS, by: openerOf(by) };
  // Not for the audit: nothing of the site has changed, and what the link is used for is in it.
  const site = await updateSite(siteId, ({ consoleLinks = [] }) =>
    hasSession(consoleLinks, hash) ? {} : { consoleLinks: withSession(consoleLinks, link) },
  );
  if (!site) throw await missingSite(siteId);
  // Behind the "#" no server and no preview sees it.
  const url = `${withoutSlash(environment('API_URL'))}/console/#token=${secret}`;
  return { url, expiresAt: new Date(link.until).toISOString() };
}
