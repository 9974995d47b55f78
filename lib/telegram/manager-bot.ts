/** The manager bot of this deployment, with whose help people make the bots of their shops (Bot API 9.6). */
import { createHmac } from 'node:crypto';
import { environment, hasEnvironment } from '../aws/environment.ts';

/** The kinds of updates that the manager bot handles. */
export const MANAGER_UPDATES = ['message', 'managed_bot'] as const;

/** Its username, which is no secret; `undefined` where the deployment has none. */
export function managerUsername(): string | undefined {
  return hasEnvironment('MANAGER_BOT_USERNAME') ? environment('MANAGER_BOT_USERNAME') : undefined;
}

/** Its token, in the functions that talk to Telegram for it; `undefined` where the deployment has none. */
export function managerToken(): string | undefined {
  return hasEnvironment('MANAGER_BOT_TOKEN') ? environment('MANAGER_BOT_TOKEN') : undefined;
}

/**
 * The secret of its webhook. It follows from the token, which every function that sets or checks it has: so nothing is
 * stored that could be lost, or differ from what Telegram was given. Nobody can find the token from it.
 */
export function managerWebhookSecret(token: string): string {
  return createHmac('sha256', token).update('webhook of the manager bot').digest('base64url');
}
