import { type Site, type SiteChange, updateSite } from '../store/sites.ts';
import { openToken, sealToken } from '../telegram/token-encryption.ts';

/**
 * Seals the secrets of a site under the deployment's new key.
 *
 * @throws Error where neither the new key nor the former one opens them; nothing has changed then.
 */
export async function sealAnew(siteId: string): Promise<void> {
  await updateSite(siteId, sealedAnew);
}

function sealedAnew({ siteId, bot, telegramLogin }: Site): SiteChange {
  const again = (sealed: string) => sealToken(openToken(sealed, siteId), siteId);
  return {
    ...(bot && { bot: { ...bot, sealedToken: again(bot.sealedToken) } }),
    ...(telegramLogin && {
      telegramLogin: { sealedClientSecret: again(telegramLogin.sealedClientSecret) },
    }),
  };
}
