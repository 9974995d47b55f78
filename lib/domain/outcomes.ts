/** Why a recipient gets no notification. */
export type SkipReason =
  | 'not-linked'
  | 'opted-out'
  | 'muted'
  | 'unreachable'
  | 'no-template'
  | 'status-not-managed'
  | 'group-not-included'
  | 'sender-group-not-enabled'
  | 'agent-cart'
  | 'docuvision-disabled'
  | 'superseded'
  | 'past'
  /** The message is advertising, and the person has not consented to any. */
  | 'no-marketing-consent'
  /** The event was reported before the person was erased. Nothing is kept of it, also no line in the log. */
  | 'erased';

/** The result for one recipient (and one template): an entry of the answer. */
export type Outcome =
  | { userId: string; templateId: string; status: 'queued'; deliveryId: string }
  /** `dueAt`: ISO 8601. `templateId`: only where each template has a time of its own. */
  | { userId: string; templateId?: string; status: 'scheduled'; dueAt?: string | undefined }
  | { userId: string; status: 'skipped'; reason: SkipReason };
