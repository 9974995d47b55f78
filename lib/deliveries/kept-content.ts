/**
 * What a message said, kept with its record so that it can be sent once more: compressed, and encrypted with a key that
 * its site has for that day. The keys are encrypted with the deployment's, and go after some days: then the content is
 * lost, although the record stays. It costs no request: it is part of the record's write, and a function reads a key once.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import { withDeadline } from '../aws/deadline.ts';
import { log } from '../observability/logger.ts';
import { findContentKey, saveContentKey } from '../store/content-keys.ts';
import type { DeliveryKey, KeptContent } from '../store/deliveries.ts';
import { decryptToken, encryptToken } from '../telegram/token-encryption.ts';
import type { Notification } from './notification.ts';

/** The parts of a notification that its record does not have. */
export type Content = Pick<
  Notification,
  | 'text'
  | 'button'
  | 'moreButtons'
  | 'callbackButton'
  | 'pastAt'
  | 'about'
  | 'chatId'
  | 'card'
  | 'rich'
  | 'advertising'
  | 'step'
>;

/** The key of a site for one day. */
export interface ContentKey {
  /** `YYYY-MM-DD`, UTC. */
  day: string;
  key: Buffer;
}

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** The keys that were used last, also while they are read: the messages of a batch ask for theirs at the same time. */
const keys = new LRUCache<string, Promise<Buffer>>({ max: 1_000 });

/** For tests, which empty the tables. */
export function clearContentKeys(): void {
  keys.clear();
}

/** A key is waited for so long, in milliseconds: a message is more important than that it can be sent once more. */
const LONGEST_WAIT = 1_000;

/**
 * The key for the content of a message that is sent now; `undefined` where nothing is kept of it, or no key can be read.
 * It is asked for before the message is sent: after that, nothing may keep its record from being written.
 */
export async function contentKeyFor({
  siteId,
  deliveryId,
  text,
  isTest,
}: Notification): Promise<ContentKey | undefined> {
  if (isTest || !text) return undefined;
  const day = new Date(Date.now()).toISOString().slice(0, 10);
  const name = nameOf(siteId, day);
  const key = keys.get(name) ?? withDeadline(LONGEST_WAIT, () => findOrMakeKey(siteId, day));
  keys.set(name, key);
  try {
    return { day, key: await key };
  } catch (error) {
    keys.delete(name);
    log.warn('no key for the content: the message can not be sent once more', { siteId, deliveryId, error });
    return undefined;
  }
}

async function findOrMakeKey(siteId: string, day: string): Promise<Buffer> {
  const name = nameOf(siteId, day);
  const stored =
    (await findContentKey(siteId, day)) ??
    (await saveContentKey(siteId, day, encryptToken(randomBytes(KEY_BYTES).toString('base64'), name)));
  return Buffer.from(decryptToken(stored, name), 'base64');
}

function nameOf(siteId: string, day: string): string {
  return `${siteId} ${day}`;
}

/** The content of a message, for its record. */
export function keepContent(notification: Notification, { day, key }: ContentKey): KeptContent {
  const { text, button, moreButtons, callbackButton, pastAt, about, chatId } = notification;
  const { card, rich, advertising, step } = notification;
  const content: Content = {
    ...{ text, button, moreButtons, callbackButton, pastAt, about, chatId },
    ...{ card, rich, advertising, step },
  };
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv).setAAD(additionalData(notification));
  const encrypted = Buffer.concat([cipher.update(deflateRawSync(JSON.stringify(content))), cipher.final()]);
  return { day, sealed: Buffer.concat([iv, cipher.getAuthTag(), encrypted]) };
}

/**
 * The content of a message that was sent before; `undefined` where its key is gone, or the deployment's has changed since.
 *
 * @throws ServiceUnreachableError
 */
export async function openContent(
  delivery: DeliveryKey,
  { day, sealed }: KeptContent,
): Promise<Content | undefined> {
  const { siteId } = delivery;
  const sealedKey = await findContentKey(siteId, day);
  if (sealedKey === undefined) return undefined;
  try {
    const key = Buffer.from(decryptToken(sealedKey, nameOf(siteId, day)), 'base64');
    const bytes = Buffer.from(sealed);
    const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    })
      .setAAD(additionalData(delivery))
      .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    const packed = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
    return JSON.parse(inflateRawSync(packed).toString()) as Content;
  } catch (error) {
    log.warn('kept content can not be opened', { siteId, deliveryId: delivery.deliveryId, error });
    return undefined;
  }
}

/** So the content of one record can't be read from another. */
function additionalData({ siteId, deliveryId }: DeliveryKey): Buffer {
  return Buffer.from(`${siteId}\n${deliveryId}`);
}
