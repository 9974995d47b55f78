import { type Site, type SiteChange, updateSite } from '../store/sites.ts';
import { decryptToken, encryptToken } from '../telegram/token-encryption.ts';
import { resealed } from '../webhooks/secrets.ts';

/**
 * Encrypts the secrets of a site with the deployment's new key.
 *
 * @returns whether it has any.
 * @throws Error where neither the new key nor the former one decrypts them. Nothing is changed then.
 */
export async function reencryptSecrets(siteId: string): Promise<boolean> {
  const { bot, telegramLogin, webhook } = (await updateSite(siteId, reencrypted)) ?? {};
  return bot !== undefined || telegramLogin !== undefined || webhook !== undefined;
}

function reencrypted({ siteId, bot, telegramLogin, webhook }: Site): SiteChange {
  const again = (encrypted: string) => encryptToken(decryptToken(encrypted, siteId), siteId);
  return {
    ...(bot && { bot: { ...bot, sealedToken: again(bot.sealedToken) } }),
    ...(telegramLogin && {
      telegramLogin: { sealedClientSecret: again(telegramLogin.sealedClientSecret) },
    }),
    ...(webhook && {
      webhook: { ...webhook, secrets: webhook.secrets.map((secret) => resealed(secret, siteId)) },
    }),
  };
}
