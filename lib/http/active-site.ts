import type { MiddlewareObj } from '@middy/core';
import type { SiteRequest } from './authenticate-site.ts';
import { forbidden } from './problem.ts';

/** Middleware: a site without the module, or switched off, keeps all it has and sends nothing. Goes after `authenticateSite`. */
export function activeSite(): MiddlewareObj<SiteRequest> {
  return {
    before: function refuseInactive({ event: { site } }) {
      if (!site.moduleActive) {
        throw forbidden('The Telegram module is not active for this site. It is activated by the platform.');
      }
      if (!site.active) {
        throw forbidden(
          'The Telegram integration of this site is switched off. The merchant can switch it on.',
        );
      }
    },
  };
}
