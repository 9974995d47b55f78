/** A bot token in the table: only this deployment decrypts it, and only for the site that it was encrypted for. */

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
  const encryptedWith = (key: string) => {
    process.env.BOT_TOKEN_KEY = key;
    return encryptToken(TOKEN, SITE);
  };

  test('what was encrypted with the former key is decrypted as well', () => {
    const encrypted = encryptedWith(former);
    process.env.BOT_TOKEN_KEY = `${current},${former}`;
    expect(decryptToken(encrypted, SITE)).toBe(TOKEN);
  });

  test('the new key encrypts, so that the former one may go', () => {
    const encrypted = encryptedWith(`${current},${former}`);
    process.env.BOT_TOKEN_KEY = current;
    expect(decryptToken(encrypted, SITE)).toBe(TOKEN);
  });

  test('a third key decrypts nothing', () => {
    const encrypted = encryptedWith(randomBytes(32).toString('base64'));
    process.env.BOT_TOKEN_KEY = `${current},${former}`;
    expect(() => decryptToken(encrypted, SITE)).toThrow();
  });
});

test('the encrypted token says nothing of the token, and is another one each time', () => {
  const [one, other] = [encryptToken(TOKEN, SITE), encryptToken(TOKEN, SITE)];

  expect(one).not.toBe(other);
  for (const encrypted of [one, other]) {
    expect(encrypted).not.toContain(TOKEN);
    expect(Buffer.from(encrypted.slice(3), 'base64url').toString('latin1')).not.toContain('123456789');
  }
});

describe('refuses', () => {
  test('a token encrypted for another site', () => {
    expect(() => decryptToken(encryptToken(TOKEN, SITE), 'another')).toThrow();
  });

  test('a token encrypted with another key', () => {
    const encrypted = encryptToken(TOKEN, SITE);
    process.env.BOT_TOKEN_KEY = randomBytes(32).toString('base64');
    expect(() => decryptToken(encrypted, SITE)).toThrow();
  });

  test('an encrypted token of which any one byte was changed', () => {
    const encrypted = encryptToken(TOKEN, SITE);
    const [version, payload = ''] = encrypted.split('.');
    const bytes = Buffer.from(payload, 'base64url');
    for (let index = 0; index < bytes.length; index++) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(() => decryptToken(`${version}.${changed.toString('base64url')}`, SITE)).toThrow();
    }
  });

  test.each([
    ['cut short', (encrypted: string) => encrypted.slice(0, -4)],
    ['cut down to a part of its tag', (encrypted: string) => encrypted.slice(0, 26)],
    ['of no bytes', () => 'v1.'],
    ['empty', () => ''],
    ['of another version', (encrypted: string) => encrypted.replace('v1.', 'v2.')],
    ['that is the bare token', () => TOKEN],
  ])('an encrypted token %s', (_, change) => {
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
  const encrypted = encryptToken(TOKEN, SITE);
  try {
    decryptToken(encrypted, 'another');
  } catch (error) {
    expect(String(error)).not.toContain(TOKEN);
    expect(String(error)).not.toContain(encrypted);
    return;
  }
  throw new Error('It was opened.');
});
