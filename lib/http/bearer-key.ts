import { createHash, timingSafeEqual } from 'node:crypto';

/** The key in `Authorization: Bearer KEY`; `undefined` where there is none, or what is there can't be one. */
export function bearerKey(header: string | undefined): string | undefined {
  return header?.match(/^Bearer +([\x21-\x7e]{1,256})$/i)?.[1];
}

/** Whether the key's SHA-256 is one of the hashes (hex), without telling by its duration how close it came. */
export function matchesAny(key: string, hashes: string[]): boolean {
  const presented = createHash('sha256').update(key).digest();
  let isMatch = false;
  for (const hash of hashes) {
    const stored = Buffer.from(hash, 'hex');
    if (stored.length === presented.length && timingSafeEqual(stored, presented)) isMatch = true;
  }
  return isMatch;
}
