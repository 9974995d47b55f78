import { InvalidInputError } from '../domain/errors.ts';
import type { Site } from '../store/sites.ts';
import { setProfilePhoto } from '../telegram/client.ts';
import { decryptToken } from '../telegram/token-encryption.ts';
import { noBot } from '../users/errors.ts';
import { isFinal, isUnauthorized, setupError, telegramUnreachable } from './bot-errors.ts';

/**
 * Sets the picture of the site's bot, such as the shop's logo.
 *
 * @param jpeg base64.
 * @throws ConflictError without a bot; InvalidInputError where Telegram refuses the picture; BotSetupError and
 * BotSetupUnreachableError.
 */
export async function setBotPhoto({ siteId, bot }: Site, jpeg: string): Promise<void> {
  if (!bot || bot.takenOver) throw noBot(bot);
  const token = decryptToken(bot.sealedToken, siteId);
  try {
    await setProfilePhoto(token, new Uint8Array(Buffer.from(jpeg, 'base64')));
  } catch (error) {
    if (isUnauthorized(error)) throw setupError(error);
    throw isFinal(error) ? photoRefused(error.description) : telegramUnreachable(error);
  }
}

export function photoRefused(description: string): InvalidInputError {
  const detail = {
    en: `Telegram refuses this picture: "${description}". Use a JPEG that is about square, of 300 to 1000 pixels.`,
    it: `Telegram rifiuta questa immagine: "${description}". Usare un JPEG circa quadrato, da 300 a 1000 pixel.`,
  };
  return new InvalidInputError([{ pointer: '/jpeg', code: 'refused-by-telegram', detail }]);
}
