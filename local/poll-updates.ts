/** Fetches a bot's updates and sends them to the function `bot`, as Telegram would: so no public address is needed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ALLOWED_UPDATES, getUpdates, TelegramRefusalError } from '../lib/telegram/client.ts';
import type { DemoBot } from './demo-bot.ts';

/** How long Telegram waits for an update before it answers, in seconds. */
const POLL_SECONDS = 25;
/** Milliseconds. */
const LONGEST_PAUSE = 10_000;

/** Statuses that the same update would get again: it is skipped. */
const FINAL_STATUSES = [400, 413];

export interface PollOptions {
  bot: DemoBot;
  /** The webhook of the function. */
  webhookUrl: string;
  /** Called with a sentence when something goes wrong. */
  onProblem: (sentence: string) => void;
}

/** Starts to fetch. @returns a function that stops it. */
export function startPolling(options: PollOptions): () => Promise<void> {
  const stopping = new AbortController();
  const polling = poll(options, stopping.signal);
  return async () => {
    stopping.abort();
    await polling;
  };
}

async function poll({ bot, webhookUrl, onProblem }: PollOptions, signal: AbortSignal): Promise<void> {
  let offset = 0;
  let failures = 0;
  while (!signal.aborted) {
    try {
      const options = { seconds: POLL_SECONDS, allowedUpdates: ALLOWED_UPDATES, signal };
      for (const update of await getUpdates(bot.token, offset, options)) {
        await sendUpdate(update, { bot, webhookUrl, onProblem }, signal);
        offset = update.update_id + 1;
      }
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      onProblem(`The updates of @${bot.username} were not fetched, or not taken: ${String(error)}`);
      await pause(milliseconds(error, failures), signal);
    }
  }
}

/** @throws Error where the function did not accept the update: it is fetched again. */
async function sendUpdate(
  update: { update_id: number },
  { bot, webhookUrl, onProblem }: PollOptions,
  signal: AbortSignal,
): Promise<void> {
  const answer = await fetch(webhookUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': bot.secret },
    body: JSON.stringify(update),
    signal,
  });
  if (answer.ok) return;
  const problem = `the function "bot" answered ${answer.status} to update ${update.update_id}`;
  if (!FINAL_STATUSES.includes(answer.status)) throw new Error(problem);
  onProblem(`${problem}: it is passed over`);
}

function milliseconds(error: unknown, failures: number): number {
  const seconds = error instanceof TelegramRefusalError ? (error.parameters.retry_after ?? 0) : 0;
  return Math.max(seconds * 1_000, Math.min(LONGEST_PAUSE, 250 * 2 ** failures));
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => {
    // Stopped meanwhile: the loop checks the signal.
  });
}
