import { type Site, type SiteChange, updateSite } from '../store/sites.ts';
import { decryptToken, encryptToken } from '../telegram/token-encryption.ts';

/**
 * Seals the secrets of a site under the deployment's new key.
 *
 * @throws Error where neither the new key nor the former one opens them; nothing has changed then.
 */
export async function reencryptSecrets(siteId: string): Promise<void> {
  await updateSite(siteId, reencrypted);
}

function reencrypted({ siteId, bot, telegramLogin }: Site): SiteChange {
  const again = (sealed: string) => encryptToken(decryptToken(sealed, siteId), siteId);
  return {
    ...(bot && { bot: { ...bot, sealedToken: again(bot.sealedToken) } }),
    ...(telegramLogin && {
      telegramLogin: { sealedClientSecret: again(telegramLogin.sealedClientSecret) },
    }),
  };
}
