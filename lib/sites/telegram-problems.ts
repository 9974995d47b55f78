import { conflict, HttpProblem, serviceUnavailable } from '../http/problem.ts';
import { nothingChanged } from '../http/read-fields.ts';
import { classifyError } from '../telegram/classify-error.ts';
import { TelegramRefusalError } from '../telegram/client.ts';

/** What to do about a token that Telegram does not accept. */
export const GET_A_TOKEN = 'Open @BotFather in Telegram, send /mybots, choose the bot, then "API Token".';

/** How long to wait where Telegram does not say, in seconds. */
const RETRY_SECONDS = 5;

/**
 * What `getMe` of a token failed for, as an answer to who sent the token: refused in Telegram's own words, or 503 where
 * Telegram can't say now.
 */
export function tokenProblem(error: unknown): HttpProblem {
  if (!isFinal(error)) return telegramAway(error);
  const detail = `Telegram refuses this token: "${error.description}". ${GET_A_TOKEN}`;
  return nothingChanged([{ pointer: '/token', detail }]);
}

/** What another method of a good token failed for: 502 where Telegram refuses it, which is a fault of the deployment. */
export function setupProblem(error: unknown): HttpProblem {
  return isFinal(error) ? setupRefused(error.description) : telegramAway(error);
}

/** 502, in Telegram's own words. */
export function setupRefused(description: string): HttpProblem {
  return new HttpProblem({
    status: 502,
    title: 'Bad Gateway',
    detail: `Nothing was changed. The token is good, but Telegram refuses to set the bot up: "${description}".`,
  });
}

/** 409: another bot was saved meanwhile, and stays. */
export function botOvertaken(): HttpProblem {
  return conflict('Somebody else has saved another bot for this site at the same moment. Look at it first.');
}

/** Whether Telegram has said no for good. */
function isFinal(error: unknown): error is TelegramRefusalError {
  const { kind } = classifyError(error);
  return error instanceof TelegramRefusalError && kind !== 'wait' && kind !== 'retry';
}

/** 503: Telegram asks to wait, fails, or does not answer. */
export function telegramAway(cause: unknown): HttpProblem {
  const reaction = classifyError(cause);
  const seconds = reaction.kind === 'wait' ? reaction.seconds : RETRY_SECONDS;
  const { problem } = serviceUnavailable(cause);
  return new HttpProblem(
    {
      ...problem,
      detail: 'Nothing was changed, because Telegram does not answer now. Send the same request again.',
      headers: { 'retry-after': String(seconds) },
    },
    { cause },
  );
}
