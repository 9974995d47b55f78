/*
 * Telegram sends a secret with every update of a bot. A new one comes into force when Telegram takes it, and nobody knows
 * when that is: the call may die before it, or its answer be lost. So the one before holds until a newer one is seen.
 */

/** The secrets with which a bot's updates are let in, as SHA-256 (hex). */
export interface WebhookSecrets {
  /** The newest one, which Telegram may not have taken. Absent while no webhook is set. */
  webhookSecretHash?: string;
  /** The last one that was seen, until a newer one is; absent where the newest one was seen, or is the only one. */
  formerSecretHash?: string;
  /** Those in between, newest first: nobody knows whether Telegram has taken them. */
  unseenSecretHashes?: string[];
}

/** More of them are forgotten, the oldest first. */
const MAX_UNSEEN = 4;

/** The secrets of a bot after it got a new one. @param before those of the same bot until now. */
export function withNewSecret(before: WebhookSecrets | undefined, hash: string): WebhookSecrets {
  const {
    webhookSecretHash: newest,
    formerSecretHash: former,
    unseenSecretHashes: unseen = [],
  } = before ?? {};
  const notSeen = former === undefined || newest === undefined ? unseen : [newest, ...unseen];
  return secretsFrom(hash, former ?? newest, notSeen);
}

/** The secrets after one of them came with an update: from now on those before it are refused. */
export function withSeen(before: WebhookSecrets, seen: string): WebhookSecrets {
  const { webhookSecretHash: newest, unseenSecretHashes: unseen = [] } = before;
  if (newest === undefined) return before;
  if (seen === newest) return secretsFrom(newest, undefined, []);
  const place = unseen.indexOf(seen);
  return place < 0 ? before : secretsFrom(newest, seen, unseen.slice(0, place));
}

function secretsFrom(newest: string, former: string | undefined, unseen: string[]): WebhookSecrets {
  return {
    webhookSecretHash: newest,
    ...(former !== undefined && { formerSecretHash: former }),
    ...(unseen.length > 0 && { unseenSecretHashes: unseen.slice(0, MAX_UNSEEN) }),
  };
}

/** Those that are let in beside the newest one. */
export function otherSecrets({ formerSecretHash, unseenSecretHashes = [] }: WebhookSecrets): string[] {
  return [...(formerSecretHash === undefined ? [] : [formerSecretHash]), ...unseenSecretHashes];
}

/** A bot with these secrets instead of its own; without any where none are given. */
export function withSecrets<Bot extends WebhookSecrets>(bot: Bot, secrets: WebhookSecrets = {}): Bot {
  const { webhookSecretHash: _newest, formerSecretHash: _former, unseenSecretHashes: _unseen, ...rest } = bot;
  const { webhookSecretHash, formerSecretHash, unseenSecretHashes } = secrets;
  // The fields of `WebhookSecrets` are all optional: what is left of a bot is still one.
  return {
    ...(rest as Bot),
    ...(webhookSecretHash !== undefined && { webhookSecretHash }),
    ...(formerSecretHash !== undefined && { formerSecretHash }),
    ...(unseenSecretHashes !== undefined && { unseenSecretHashes }),
  };
}
