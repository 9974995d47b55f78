/** `npm run reencrypt`, run as a process against tables of its own: how the key of the bot tokens is changed. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { demoSite } from '../../local/demo.ts';
import { runScript } from '../support/script.ts';
import { type Stack, startStack } from '../support/stack.ts';

const newKey = () => randomBytes(32).toString('base64');
const [former, current] = [newKey(), newKey()];

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

/** The tables of this test are those of the stage `test`. */
async function reencrypt(keys: string, args = ['--stage', 'test']): Promise<{ code: number; said: string }> {
  const { code, out, error } = await runScript('reencrypt', args, `${keys}\n`, { BOT_TOKEN_KEY: '' });
  return { code, said: out + error };
}

async function putEncrypted(siteId: string, key: string): Promise<void> {
  const { encryptToken } = await import('../../lib/telegram/token-encryption.ts');
  process.env.BOT_TOKEN_KEY = key;
  const bot = { id: '100', username: 'demo_shop_bot', sealedToken: encryptToken('100:demo', siteId) };
  const telegramLogin = { sealedClientSecret: encryptToken('client-secret', siteId) };
  await stack.putSite({ ...demoSite(), siteId, bot, telegramLogin });
}

/** The secrets of a site, as the new key alone decrypts them. */
async function decrypted(siteId: string): Promise<(string | undefined)[]> {
  const { decryptToken } = await import('../../lib/telegram/token-encryption.ts');
  const { readSite } = await import('../../lib/store/sites.ts');
  process.env.BOT_TOKEN_KEY = current;
  const { bot, telegramLogin } = (await readSite(siteId)) ?? {};
  return [bot?.sealedToken, telegramLogin?.sealedClientSecret].map(
    (encrypted) => encrypted && decryptToken(encrypted, siteId),
  );
}

test('every site is encrypted with the new key, and one that no key decrypts is named and left', async () => {
  await putEncrypted('uno', former);
  await putEncrypted('due', former);
  await stack.putSite({ ...demoSite(), siteId: 'senza-bot', bot: undefined });
  expect(await reencrypt(`${current},${former}`)).toEqual({
    code: 0,
    said: '2 sites are encrypted with the new key.\n',
  });
  expect(await decrypted('uno')).toEqual(['100:demo', 'client-secret']);
  expect(await decrypted('due')).toEqual(['100:demo', 'client-secret']);

  await putEncrypted('altrove', newKey());
  const again = await reencrypt(`${current},${former}`);
  expect(again.code).toBe(1);
  expect(again.said).toMatch(/^altrove: neither key decrypts its bot token\.$/m);
  expect(again.said).toMatch(/^2 sites are encrypted/m);
  expect(await decrypted('uno')).toEqual(['100:demo', 'client-secret']);
});

test('without keys, and without a stage, it says what is missing', async () => {
  expect(await reencrypt('')).toEqual({ code: 1, said: 'The line with the keys (new,former) is missing.\n' });
  expect(await reencrypt('x', [])).toEqual({
    code: 1,
    said: 'Say which --stage.\nSee npm run reencrypt -- --help.\n',
  });
  const wrong = await reencrypt('short');
  expect(wrong.code).toBe(1);
  // Once, and not for every site.
  expect(wrong.said).toMatch(/^BOT_TOKEN_KEY must be 32 bytes.*\n$/);
  expect(wrong.said).not.toContain('short');
});

test('an option that there is not is named, and --help tells those that there are', async () => {
  const bogus = await reencrypt('', ['--bogus']);
  expect(bogus.code).toBe(1);
  expect(bogus.said).toMatch(/^Unknown option '--bogus'/);
  expect(bogus.said).toContain('See npm run reencrypt -- --help.');
  expect(bogus.said).not.toContain('    at ');
  const help = await reencrypt('', ['--help']);
  expect(help.code).toBe(0);
  expect(help.said).toMatch(/^npm run reencrypt -- --stage STAGE/);
});
