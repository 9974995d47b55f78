import { relative } from 'node:path';
import { DEMO_SITE_KEY } from './demo.ts';
import type { Addresses } from './run.ts';

/** Addresses and files of a run that serves. */
export interface Welcome extends Addresses {
  api: string;
  isEmulator: boolean;
  logPath: string;
}

/** What tells the newcomer where everything is and what to try first. The last line says that the run serves. */
export function welcome({
  api,
  telegram,
  isEmulator,
  dataDirectory,
  dynamodb,
  sqs,
  lambda,
  logPath,
}: Welcome): string {
  const chats = isEmulator
    ? `${telegram.replace('127.0.0.1', 'localhost')}   (an emulator: open it in a browser)`
    : telegram;
  return `
passweb-telegram, all of it, on this machine

  API         ${api}
  Telegram    ${chats}
  Site key    ${DEMO_SITE_KEY}   (site "demo")
  Data        ${dataDirectory ? `kept in ${fromHere(dataDirectory)}` : 'in memory only'}
  Log         ${fromHere(logPath)}
  Inside      DynamoDB ${dynamodb}   SQS ${sqs}   Lambda ${lambda}

Try a first event:

  curl -X POST ${api}/v1/sites/demo/events/order-status \\
    -H 'Authorization: Bearer ${DEMO_SITE_KEY}' -H 'Content-Type: application/json' \\
    -d @local/samples/order-status.json

An event that was sent is not sent again: change its "eventId" to see one more message. Ctrl-C stops everything.

ready: ${api}`;
}

function fromHere(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}
