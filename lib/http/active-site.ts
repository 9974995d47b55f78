import type { MiddlewareObj } from '@middy/core';
import { isActive, readSite } from '../store/sites.ts';
import type { SiteRequest } from './authenticate-site.ts';
import { forbidden } from './problem.ts';

/** Middleware: a site without the module, or switched off, keeps all it has and sends nothing. Goes after `authenticateSite`. */
export function activeSite(): MiddlewareObj<SiteRequest> {
  return { before: ({ event }) => refuseInactive(event) };
}

/** @throws HttpProblem 403 */
export async function refuseInactive(event: SiteRequest): Promise<void> {
  // Who has just been switched on shall not be refused for what is remembered from before.
  if (!isActive(event.site)) event.site = (await readSite(event.site.siteId)) ?? event.site;
  const { site } = event;
  if (!site.moduleActive) {
    throw forbidden('The Telegram module is not active for this site. It is activated by the platform.');
  }
  if (!site.active) {
    throw forbidden('The Telegram integration of this site is switched off. The merchant can switch it on.');
  }
}
