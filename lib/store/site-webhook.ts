import type { WebhookEvent } from '../domain/webhook-events.ts';

/** Where a shop's own system is told what happens. It is a part of the site: who reads the site knows it without a call. */
export interface SiteWebhook {
  url: string;
  events: WebhookEvent[];
  /** Newest first. Each call is signed with all that are valid. */
  secrets: SealedSecret[];
  /** ISO 8601. What happened before is never told. */
  createdAt: string;
  /** When it was last saved, ISO 8601. */
  savedAt: string;
  /** The version of the site in which it was last saved; absent where the former release has saved it. */
  version?: number;
  /** Set: it is switched off, and nothing is told until it is saved again. */
  problem?: WebhookProblem;
}

/** A secret of the webhook, as it is stored. */
export interface SealedSecret {
  /** Encrypted: see `sealSecret` in lib/webhooks/secrets.ts. */
  sealed: string;
  /** ISO 8601. */
  createdAt: string;
  /** ISO 8601; absent for the newest one, which is valid until there is another. */
  validUntil?: string;
}

export interface WebhookProblem {
  /** `endpoint-gone`: it has answered 410. `endpoint-failing`: for days it took nothing. */
  kind: 'endpoint-gone' | 'endpoint-failing';
  /** ISO 8601. */
  since: string;
  description: string;
}

/** It stays the same whatever its endpoint does: how that behaves is kept elsewhere, and `problem` is no saving. */
export function versionOfWebhook({ version = 0 }: SiteWebhook): number {
  return version;
}

/** Whether something of this kind is told. */
export function isTold(webhook: SiteWebhook | undefined, event: WebhookEvent): boolean {
  return webhook !== undefined && !webhook.problem && webhook.events.includes(event);
}
