/** What Telegram is told about a bot. Limits are those of the Bot API: setMyCommands, setMyDescription, setWebhook. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newWebhookSecret, presentBot, setWebhook } from '../../lib/bot/bot-setup.ts';
import { SWITCHABLE_EVENTS } from '../../lib/domain/staff.ts';
import { botTexts, FORMER_DESCRIPTIONS, PRESENTATIONS } from '../../lib/i18n/bot-texts/index.ts';
import { SPOKEN_LANGUAGES } from '../../lib/i18n/languages.ts';
import type { CallRecord } from '../../local/emulator/emulator.ts';
import { type RunningEmulator, startEmulator } from '../../local/emulator/server.ts';

const TOKEN = '100:demo';

let emulator: RunningEmulator;
beforeAll(async () => {
  emulator = await startEmulator();
  process.env.TELEGRAM_API_ROOT = emulator.url;
});
afterAll(() => emulator.close());

async function ask<Result>(method: string, body: object = {}, token = TOKEN): Promise<Result> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${emulator.url}/bot${token}/${method}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  return ((await answer.json()) as { result: Result }).result;
}

test('a secret is new each time, is what setWebhook takes, and is known by its SHA-256', () => {
  const [one, other] = [newWebhookSecret(), newWebhookSecret()];
  expect(one.secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(one.secret).not.toBe(other.secret);
  expect(one.hash).toBe(createHash('sha256').update(one.secret).digest('hex'));
});

test('the webhook gets the secret, and blocks and unblocks too', async () => {
  const secret = newWebhookSecret();
  await setWebhook(TOKEN, 'https://api.example/v1/telegram/demo', secret);
  expect(await ask('getWebhookInfo')).toMatchObject({
    url: 'https://api.example/v1/telegram/demo',
    allowed_updates: ['message', 'edited_message', 'callback_query', 'my_chat_member'],
  });
  const calls = (await (await fetch(`${emulator.url}/emulator/calls`)).json()) as CallRecord[];
  expect(calls[0]?.params.secret_token).toBe(secret.secret);
});

describe('the bot is presented', () => {
  const namesIn = async (language_code?: string) =>
    (await ask<{ command: string }[]>('getMyCommands', { language_code })).map(({ command }) => command);

  test('in Italian, in English, and in the language of the shop for everybody else', async () => {
    await presentBot(TOKEN, { defaultLanguage: 'it' });
    const italian = ['impostazioni', 'stato', 'stop', 'privacy', 'scollega', 'aiuto'];
    const english = ['settings', 'status', 'stop', 'privacy', 'unlink', 'help'];
    expect(await namesIn('it')).toEqual(italian);
    expect(await namesIn('en')).toEqual(english);
    expect(await namesIn()).toEqual(italian);
    await presentBot(TOKEN, { defaultLanguage: 'en-GB' });
    expect(await namesIn()).toEqual(english);
    expect(await ask('getMyDescription', { language_code: 'en' })).toEqual({
      description: expect.stringContaining('Notifications from the site'),
    });
    expect(await ask('getMyShortDescription', { language_code: 'it' })).toEqual({
      short_description: expect.stringContaining('avvisi del sito'),
    });
  });

  test('but what the merchant wrote with @BotFather stays', async () => {
    const other = '200:nuovo';
    await ask('setMyDescription', { description: 'Le mie parole' }, other);
    await presentBot(other, { defaultLanguage: 'it' });
    const shown = await ask('getMyDescription', { language_code: 'it' }, other);
    expect(shown).toEqual({ description: 'Le mie parole' });
  });

  test('and words of the former release, which spoke of a shop, give way to those of today', async () => {
    const [former = '', , shortFormer = ''] = FORMER_DESCRIPTIONS;
    await ask('setMyDescription', { description: former });
    await ask('setMyShortDescription', { short_description: shortFormer });
    await presentBot(TOKEN, { defaultLanguage: 'it' });
    const { description, shortDescription } = PRESENTATIONS.it;
    expect(await ask('getMyDescription')).toEqual({ description });
    expect(await ask('getMyShortDescription')).toEqual({ short_description: shortDescription });
  });
});

test.each(SPOKEN_LANGUAGES)('what the bot says in %s is whole and within limits', (language) => {
  const texts = botTexts('tu', language);
  expect(Object.keys(texts.events).sort()).toEqual([...SWITCHABLE_EVENTS].sort());
  const { commands, description: about, shortDescription } = PRESENTATIONS[language];
  for (const { command, description } of commands) {
    expect(command).toMatch(/^[a-z0-9_]{1,32}$/);
    expect(description.length).toBeLessThanOrEqual(256);
  }
  expect(about.length).toBeLessThanOrEqual(512);
  expect(shortDescription.length).toBeLessThanOrEqual(120);
  for (const event of Object.values(texts.events))
    expect(texts.toastOff(event).length).toBeLessThanOrEqual(200);
});
