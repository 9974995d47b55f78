/** A shorter authentication tag is easier to guess (NIST SP 800-38D, 5.2.1.2): none but the whole one is taken. */
import { expect, test } from '@jest/globals';
import { decryptToken, encryptToken } from '../../lib/telegram/token-encryption.ts';

test.each([4, 8, 12, 13, 14, 15])('a tag of %d bytes is refused', (bytes) => {
  process.env.BOT_TOKEN_KEY = Buffer.alloc(32, 'key').toString('base64');
  const whole = encryptToken('', 'demo');
  expect(decryptToken(whole, 'demo')).toBe('');
  // The IV has 12 bytes, and nothing is encrypted after the tag.
  const [version, payload = ''] = whole.split('.');
  const shortened = Buffer.from(payload, 'base64url').subarray(0, 12 + bytes);
  expect(() => decryptToken(`${version}.${shortened.toString('base64url')}`, 'demo')).toThrow();
});
