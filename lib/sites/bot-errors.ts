import {
  BotSetupError,
  BotSetupUnreachableError,
  ConflictError,
  InvalidInputError,
} from '../domain/errors.ts';
import type { Sentence } from '../domain/sentence.ts';
import { classifyError } from '../telegram/classify-error.ts';
import { TelegramRefusalError, TelegramUnreachableError } from '../telegram/client.ts';

/** What to do about a token that Telegram does not accept. */
export const GET_A_TOKEN: Sentence = {
  en: 'Open @BotFather in Telegram, send /mybots, choose the bot, then "API Token".',
  it: 'Aprire @BotFather in Telegram, inviare /mybots, scegliere il bot, poi "API Token".',
};

/** How long to wait where Telegram does not say, in seconds. */
const RETRY_SECONDS = 5;

/** What a token is that Telegram does not accept. */
export const UNKNOWN_TOKEN: Sentence = {
  en: 'Telegram does not know this token: it was not copied whole, or is no longer valid',
  it: 'Telegram non conosce questo token: non è stato copiato per intero, o non vale più',
};

/** Why `getMe` with a token failed: Telegram refuses the token, in its own words, or does not answer now. */
export function tokenError(error: unknown): InvalidInputError | BotSetupUnreachableError {
  if (!isFinal(error)) return telegramUnreachable(error);
  const detail = {
    en: `${UNKNOWN_TOKEN.en} (Telegram: "${error.description}"). ${GET_A_TOKEN.en}`,
    it: `${UNKNOWN_TOKEN.it} (Telegram: "${error.description}"). ${GET_A_TOKEN.it}`,
  };
  return new InvalidInputError([{ pointer: '/token', code: 'token-refused', detail }]);
}

/** Why another method failed with a token that works. A refusal means that something of the deployment is wrong. */
export function setupError(error: unknown): BotSetupError | BotSetupUnreachableError {
  return isFinal(error) ? setupRefused(error.description) : telegramUnreachable(error);
}

/** Telegram refuses to set the bot up, in its own words. */
export function setupRefused(description: string): BotSetupError {
  return new BotSetupError({
    en: `Nothing was changed. The token is good, but Telegram refuses to set the bot up: "${description}".`,
    it: `Non è stato modificato nulla. Il token è valido, ma Telegram rifiuta di configurare il bot: "${description}".`,
  });
}

/** Another request has saved another bot meanwhile, and that one stays. */
export function botOvertaken(): ConflictError {
  const text = {
    en: 'Somebody else has saved another bot for this site at the same moment. Look at it first.',
    it: 'Nello stesso momento qualcun altro ha salvato un altro bot per questo sito. Guardarlo prima.',
  };
  return new ConflictError(text, 'bot-saved-meanwhile');
}

/** Telegram answers 429 or 5xx, or not at all. */
export function telegramUnreachable(cause: unknown): BotSetupUnreachableError {
  const errorClass = classifyError(cause);
  return new BotSetupUnreachableError(errorClass.kind === 'wait' ? errorClass.seconds : RETRY_SECONDS, {
    cause,
  });
}

/** Whether a call to Telegram failed, and not something of ours. */
export function isOfTelegram(error: unknown): error is TelegramRefusalError | TelegramUnreachableError {
  return error instanceof TelegramRefusalError || error instanceof TelegramUnreachableError;
}

/** Whether Telegram refuses the token itself. */
export function isUnauthorized(error: unknown): error is TelegramRefusalError {
  return error instanceof TelegramRefusalError && classifyError(error).kind === 'bot-unauthorized';
}

/** Whether Telegram has refused for good. */
export function isFinal(error: unknown): error is TelegramRefusalError {
  const { kind } = classifyError(error);
  return error instanceof TelegramRefusalError && kind !== 'wait' && kind !== 'retry';
}
