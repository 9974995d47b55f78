/** The keys of the bot tokens, for commands. */
import { checkDeploymentKeys } from '../lib/telegram/token-encryption.ts';
import { explain } from './explain.ts';
import { readSecrets } from './read-secrets.ts';

/**
 * Reads the line with the key or the keys, for `lib`.
 *
 * @param question what is asked for.
 * @throws Error where there is none, or it is none.
 */
export async function enterKeys(question: string): Promise<void> {
  [process.env.BOT_TOKEN_KEY] = await readSecrets([question]);
  checkDeploymentKeys();
}

/** What went wrong with a site: also that no key decrypts its secrets, which OpenSSL says in its own words. */
export function whyNotSite(siteId: string, error: unknown, command: string): string {
  const isWrongKey = error instanceof Error && /unable to authenticate data/.test(error.message);
  const both = process.env.BOT_TOKEN_KEY?.includes(',') ? 'neither key decrypts' : 'the key does not decrypt';
  return `${siteId}: ${isWrongKey ? `${both} its bot token.` : explain(error, command).join(' ')}`;
}
