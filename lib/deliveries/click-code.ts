/**
 * The code in `/c/{code}`: it names a link of a message, and is signed, so that nobody else can make one. A wrong one is
 * refused without a look into any table.
 *
 * It has no more than is needed to find the record with one request: a character for the link, the id of the delivery
 * (32 characters), the signature (12: 72 bits of HMAC-SHA-256), and the id of the site.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { SITE_ID } from '../domain/site-id.ts';
import type { DeliveryKey } from '../store/deliveries.ts';
import { derivedKeys } from '../telegram/token-encryption.ts';

/** A link of a message: the first one is 0. */
export interface CountedLink extends DeliveryKey {
  index: number;
}

/** How many links of a message are counted, at most. */
export const MAX_COUNTED_LINKS = 10;

const INDEX_LENGTH = 1;
const ID_LENGTH = 32;
const SIGNATURE_LENGTH = 12;
const CODE = /^\d[\w-]{44}[a-z0-9-]+$/;
const DELIVERY_ID = /^[\w-]{32}$/;

/** @returns `undefined` for an id of another form than those of deliveries. */
export function clickCode({ siteId, deliveryId, index }: CountedLink): string | undefined {
  const [key] = keys();
  if (!key || !DELIVERY_ID.test(deliveryId)) return undefined;
  return `${index}${deliveryId}${signature({ siteId, deliveryId, index }, key)}${siteId}`;
}

/** The link that a code names; `undefined` if it was not made here. */
export function readClickCode(code: string): CountedLink | undefined {
  if (!CODE.test(code)) return undefined;
  const afterId = INDEX_LENGTH + ID_LENGTH;
  const siteId = code.slice(afterId + SIGNATURE_LENGTH);
  const link = { siteId, deliveryId: code.slice(INDEX_LENGTH, afterId), index: Number(code[0]) };
  const given = Buffer.from(code.slice(afterId, afterId + SIGNATURE_LENGTH));
  const isSigned = keys().some((key) => timingSafeEqual(given, Buffer.from(signature(link, key))));
  return isSigned && SITE_ID.test(siteId) ? link : undefined;
}

function signature({ siteId, deliveryId, index }: CountedLink, key: Buffer): string {
  const signed = JSON.stringify([siteId, deliveryId, index]);
  return createHmac('sha256', key).update(signed).digest('base64url').slice(0, SIGNATURE_LENGTH);
}

function keys(): Buffer[] {
  return derivedKeys('codes of counted links');
}
