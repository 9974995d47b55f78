import { relative } from 'node:path';
import { DEMO_SITE_KEY } from './demo.ts';
import type { Addresses } from './run.ts';

/** Addresses and files of a run that is ready. */
export interface Welcome extends Addresses {
  api: string;
  /** Signs in to the console of the demo shop, once. */
  consoleLink?: string | undefined;
  isEmulator: boolean;
  logPath: string;
}

/** What `npm start` prints: addresses, and what to try first. The last line says that the run is ready. */
export function welcome({
  api,
  consoleLink,
  telegram,
  isEmulator,
  bot,
  dataDirectory,
  dynamodb,
  sqs,
  lambda,
  logPath,
}: Welcome): string {
  const chats = isEmulator ? `${telegram}   (an emulator: open it in a browser)` : telegram;
  const docs = `${telegram}/docs`;
  const signIn = consoleLink
    ? `Open the merchant's console, signed in (good once, for ten minutes):\n\n  ${consoleLink}\n\n`
    : '';
  const isPolled = bot?.isPolled ? '   (its updates are fetched, no public address is needed)' : '';
  return `
passweb-telegram, all of it, on this machine

  API         ${api}${isEmulator ? `   (its documentation: ${docs})` : ''}
  Console     ${api}/console/   (for the merchant: sign in as "demo", with the site key)
  Telegram    ${chats}
  Bot         ${bot ? `@${bot.username}${isPolled}` : 'none: this Telegram did not take it'}
  Site key    ${DEMO_SITE_KEY}   (site "demo")
  Data        ${dataDirectory ? `kept in ${fromHere(dataDirectory)}` : 'in memory only'}
  Log         ${fromHere(logPath)}
  Inside      DynamoDB ${dynamodb}   SQS ${sqs}   Lambda ${lambda}

${signIn}Try a first event:

  curl -X POST ${api}/v1/sites/demo/events/order-status \\
    -H 'Authorization: Bearer ${DEMO_SITE_KEY}' -H 'Content-Type: application/json' \\
    -d @local/samples/order-status.json; echo

An event that was sent is not sent again: change its "eventId" to see one more message.

Link a Telegram chat with a person of the shop, and open the "url" of the answer in ${isEmulator ? 'the emulator (New person)' : 'Telegram'}:

  curl -X POST ${api}/v1/sites/demo/users/dario/link \\
    -H 'Authorization: Bearer ${DEMO_SITE_KEY}' -H 'Content-Type: application/json' -d '{}'; echo

Ctrl-C stops everything.

ready: ${api}`;
}

/** What `npm start` prints at its end. @param run absent where it was not ready yet; without a folder its data was in memory. */
export function goodbye(run: Pick<Addresses, 'dataDirectory'> | undefined): string {
  if (!run) return '\nStopped.';
  const { dataDirectory } = run;
  return `\nStopped. ${dataDirectory ? `The data stays in ${fromHere(dataDirectory)}.` : 'Its data was in memory only.'}`;
}

function fromHere(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}
