/** The bot's part of the API, as docs/openapi.json describes it. */
import type { Site } from '../../clients/typescript/client.ts';
import { forPeople } from '../api/request.ts';
import { siteRequest } from '../api/site.ts';

/** A site of a deployment with a manager bot. */
export type BotSite = Site & {
  managerBot?: { username: string };
  bot?: Site['bot'] & { managed?: boolean };
};

/** How far it is with a bot that is made with the manager bot. */
export interface ManagedBot {
  state: 'none' | 'waiting-for-person' | 'waiting-for-bot' | 'setting-up' | 'done' | 'failed';
  url?: string;
  qr?: string;
  newBotUrl?: string;
  newBotQr?: string;
  expiresAt?: string;
  suggestedUsername?: string;
  person?: { name: string };
  problem?: { code: string; title: string; detail: string };
}

const PATH = '/bot/managed';

export async function readManagedBot(siteId: string, signal?: AbortSignal): Promise<ManagedBot> {
  return spoken((await siteRequest<ManagedBot>(siteId, 'GET', PATH, { signal })).value);
}

export async function beginManagedBot(siteId: string, replace: boolean): Promise<ManagedBot> {
  const body = replace ? { replace } : {};
  return spoken((await siteRequest<ManagedBot>(siteId, 'POST', PATH, { body })).value);
}

function spoken({ problem, ...managed }: ManagedBot): ManagedBot {
  return { ...managed, ...(problem && { problem: { ...problem, detail: forPeople(problem.detail) } }) };
}

export async function giveUpManagedBot(siteId: string): Promise<void> {
  await siteRequest(siteId, 'DELETE', PATH);
}
