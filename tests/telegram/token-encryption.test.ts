/** A bot token in the table: only this deployment opens it, only for the site that it was encrypted for. */

import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { decryptToken, encryptToken } from '../../lib/telegram/token-encryption.ts';

const TOKEN = '123456789:AAExample-Token_of-BotFather0123456789ab';
const SITE = 'negozio-è';

beforeEach(() => {
  process.env.BOT_TOKEN_KEY = randomBytes(32).toString('base64');
});
afterEach(() => {
  delete process.env.BOT_TOKEN_KEY;
});

test('what was encrypted is decrypted again', () => {
  expect(decryptToken(encryptToken(TOKEN, SITE), SITE)).toBe(TOKEN);
});

describe('while the key is changed,', () => {
  const [former, current] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
  const encryptedUnder = (key: string) => {
    process.env.BOT_TOKEN_KEY = key;
    return encryptToken(TOKEN, SITE);
  };

  test('what was encrypted under the former key is decrypted as well', () => {
    const ciphertext = encryptedUnder(former);
    process.env.BOT_TOKEN_KEY = `${current},${former}`;
    expect(decryptToken(ciphertext, SITE)).toBe(TOKEN);
  });

  test('the new key encrypts, so that the former one may go', () => {
    const ciphertext = encryptedUnder(`${current},${former}`);
    process.env.BOT_TOKEN_KEY = current;
    expect(decryptToken(ciphertext, SITE)).toBe(TOKEN);
  });

  test('a third key opens nothing', () => {
    const ciphertext = encryptedUnder(randomBytes(32).toString('base64'));
    process.env.BOT_TOKEN_KEY = `${current},${former}`;
    expect(() => decryptToken(ciphertext, SITE)).toThrow();
  });
});

test('the ciphertext says nothing of the token, and is another one each time', () => {
  const [one, other] = [encryptToken(TOKEN, SITE), encryptToken(TOKEN, SITE)];

  expect(one).not.toBe(other);
  for (const ciphertext of [one, other]) {
    expect(ciphertext).not.toContain(TOKEN);
    expect(Buffer.from(ciphertext.slice(3), 'base64url').toString('latin1')).not.toContain('123456789');
  }
});

describe('refuses', () => {
  test('a ciphertext made for another site', () => {
    expect(() => decryptToken(encryptToken(TOKEN, SITE), 'another')).toThrow();
  });

  test('a ciphertext made with another key', () => {
    const ciphertext = encryptToken(TOKEN, SITE);
    process.env.BOT_TOKEN_KEY = randomBytes(32).toString('base64');
    expect(() => decryptToken(ciphertext, SITE)).toThrow();
  });

  test('a ciphertext of which any one byte was changed', () => {
    const ciphertext = encryptToken(TOKEN, SITE);
    const [version, payload = ''] = ciphertext.split('.');
    const bytes = Buffer.from(payload, 'base64url');
    for (let index = 0; index < bytes.length; index++) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(() => decryptToken(`${version}.${changed.toString('base64url')}`, SITE)).toThrow();
    }
  });

  test.each([
    ['cut short', (ciphertext: string) => ciphertext.slice(0, -4)],
    ['cut down to a part of its tag', (ciphertext: string) => ciphertext.slice(0, 26)],
    ['of no bytes', () => 'v1.'],
    ['empty', () => ''],
    ['of another version', (ciphertext: string) => ciphertext.replace('v1.', 'v2.')],
    ['that is the bare token', () => TOKEN],
  ])('a ciphertext %s', (_, change) => {
    expect(() => decryptToken(change(encryptToken(TOKEN, SITE)), SITE)).toThrow();
  });

  test.each([
    ['no key', ''],
    ['a key that is too short', randomBytes(16).toString('base64')],
    ['a key that is too long', randomBytes(33).toString('base64')],
    ['a former key that is none', `${randomBytes(32).toString('base64')},`],
    ['three keys', Array.from({ length: 3 }, () => randomBytes(32).toString('base64')).join()],
  ])('%s, and says what to set', (_, key) => {
    process.env.BOT_TOKEN_KEY = key;
    expect(() => encryptToken(TOKEN, SITE)).toThrow(/BOT_TOKEN_KEY/);
    expect(() => decryptToken('v1.AAAA', SITE)).toThrow(/BOT_TOKEN_KEY/);
  });
});

test('no refusal says the token', () => {
  const ciphertext = encryptToken(TOKEN, SITE);
  try {
    decryptToken(ciphertext, 'another');
  } catch (error) {
    expect(String(error)).not.toContain(TOKEN);
    expect(String(error)).not.toContain(ciphertext);
    return;
  }
  throw new Error('It was opened.');
});
