/** The webhook of a site: saved, shown, removed, tested. */

import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Actor } from '../domain/actor.ts';
import { type FieldError, NotFoundError, SiteGoneError } from '../domain/errors.ts';
import { type Conditions, changedMeanwhile, requireConditions } from '../http/entity-tag.ts';
import { callDispatcher } from '../store/announce.ts';
import {
  keepTests,
  readOutgoingLane,
  removeLane,
  renewLane,
  type WebhookTry,
} from '../store/outgoing-lanes.ts';
import { type SiteWebhook, versionOfWebhook, type WebhookProblem } from '../store/site-webhook.ts';
import { type Site, updateSite } from '../store/sites.ts';
import { callEndpoint, isTaken } from './call-endpoint.ts';
import { withTry } from './endpoint-health.ts';
import { bodyOf } from './payload.ts';
import type { WebhookPut } from './schemas.ts';
import { newSecret, signedCall, validSecrets, withNewSecret } from './secrets.ts';

/** A webhook as the API shows it: never a secret. */
export interface WebhookView extends Pick<SiteWebhook, 'url' | 'events' | 'createdAt'> {
  /** The secrets that calls are signed with, newest first. */
  secrets: { createdAt: string; validUntil?: string }[];
  /** Set: it is switched off. */
  problem?: WebhookProblem;
  /** The endpoint takes nothing: it is tried again then, ISO 8601. */
  pausedUntil?: string;
  /** How many were given up, each after a day. */
  dropped: number;
  /** The last calls, newest first. */
  tries: WebhookTry[];
}

/** @throws NotFoundError where the site has none. */
export function noWebhook(): NotFoundError {
  const text = {
    en: 'This site has no webhook. Save one with PUT …/webhook.',
    it: 'Questo sito non ha un webhook. Si salva con PUT …/webhook.',
  };
  return new NotFoundError(text, 'no-webhook');
}

/** A webhook, and its version for the ETag. */
export interface ShownWebhook {
  webhook: WebhookView;
  version: number;
}

/** @throws NotFoundError, ServiceUnreachableError */
export async function showWebhook(site: Site): Promise<ShownWebhook> {
  const { webhook, siteId } = site;
  if (!webhook) throw noWebhook();
  const { url, events, createdAt, secrets, problem } = webhook;
  const { tries = [], tests = [], dropped = 0, pausedUntil } = (await readOutgoingLane(siteId)) ?? {};
  const all = [...tries, ...tests].toSorted((one, other) => (one.at < other.at ? 1 : -1));
  const now = Date.now();
  const view = {
    ...{ url, events, createdAt },
    secrets: validSecrets(secrets, now).map(({ sealed: _, ...shown }) => shown),
    ...(problem && { problem }),
    ...(!problem && pausedUntil !== undefined && Date.parse(pausedUntil) > now && { pausedUntil }),
    dropped,
    tries: all,
  };
  return { webhook: view, version: versionOfWebhook(webhook) };
}

/** What was saved, and the secret, which is shown this once; absent where it was kept. */
export interface SavedWebhook extends ShownWebhook {
  isNew: boolean;
  secret?: string;
}

/** Who changes a webhook, and under which conditions. */
export interface Editing extends Conditions {
  by: Actor;
}

/**
 * Saves the webhook of a site. One that was switched off is on again, and gets what still waits for it.
 *
 * @throws OutdatedError, SiteGoneError, ServiceUnreachableError
 */
export async function saveWebhook(
  siteId: string,
  { url, events, keepSecret }: WebhookPut,
  { by, ...conditions }: Editing,
): Promise<SavedWebhook> {
  const secret = newSecret();
  let before: SiteWebhook | undefined;
  const now = Date.now();
  const savedAt = new Date(now).toISOString();
  const site = await updateSite(
    siteId,
    ({ webhook, version = 0 }) => {
      requireVersion(conditions, webhook, { url, events });
      before = webhook;
      const secrets =
        keepSecret && webhook ? webhook.secrets : withNewSecret(siteId, secret, webhook?.secrets ?? [], now);
      const createdAt = webhook?.createdAt ?? savedAt;
      return { webhook: { url, events, secrets, createdAt, savedAt, version: version + 1 } };
    },
    by,
  );
  if (!site) throw new SiteGoneError();
  await renewLane(siteId, now);
  await callDispatcher(siteId, 0);
  const isKept = keepSecret && before !== undefined;
  return { isNew: before === undefined, ...(await showWebhook(site)), ...(!isKept && { secret }) };
}

type Settings = Pick<SiteWebhook, 'url' | 'events'>;

/** @param wanted what it is to become. @throws OutdatedError */
function requireVersion(conditions: Conditions, now: SiteWebhook | undefined, wanted?: Settings): void {
  requireConditions(conditions, now && versionOfWebhook(now), () => (now ? differences(wanted, now) : []));
}

/** In which settings a webhook that somebody else has saved differs from the one that was sent. */
function differences(sent: Settings | undefined, now: Settings): FieldError[] {
  const fields = ['url', 'events'] as const;
  return fields
    .filter((field) => sent && !isDeepStrictEqual(sent[field], now[field]))
    .map((field) => changedMeanwhile(field, now[field]));
}

/** Nothing is told any more, nor what waits. @throws OutdatedError, SiteGoneError, ServiceUnreachableError */
export async function removeWebhook(siteId: string, { by, ...conditions }: Editing): Promise<void> {
  const change = ({ webhook }: Site) => {
    requireVersion(conditions, webhook);
    return { webhook: undefined };
  };
  if (!(await updateSite(siteId, change, by))) throw new SiteGoneError();
  await removeLane(siteId);
}

/** How a test went. */
export interface WebhookTest extends WebhookTry {
  /** Whether the endpoint has taken it. */
  taken: boolean;
}

/** Calls the endpoint once, also where it is switched off. @throws NotFoundError, ServiceUnreachableError */
export async function testWebhook({ siteId, webhook }: Site): Promise<WebhookTest> {
  if (!webhook) throw noWebhook();
  const id = `msg_${randomUUID()}`;
  const event = 'webhook.test';
  const at = new Date(Date.now()).toISOString();
  const body = bodyOf(event, at, { siteId });
  const { retryAfter: _, ...result } = await callEndpoint(
    signedCall(siteId, webhook, { id, body }, Date.now()),
  );
  const made: WebhookTry = { at, id, event, attempt: 1, ...result };
  const { tests = [] } = (await readOutgoingLane(siteId)) ?? {};
  await keepTests(siteId, withTry(tests, made).slice(0, MAX_TESTS_KEPT));
  return { taken: isTaken(result), ...made };
}

const MAX_TESTS_KEPT = 5;
