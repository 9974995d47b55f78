/** "Test Connessione": what works of a bot and what does not, each with the next step. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { API, API_ENDPOINT } from '../support/api-events.ts';
import { type App, startApp } from '../support/app.ts';
import { PLATFORM_KEY } from '../support/fixtures.ts';

let app: App;
let key: string;
let siteId: string;
let count = 0;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator' });
});
afterAll(() => app.close());
beforeEach(async () => {
  // The sites of earlier tests have the same bot.
  await app.stack.empty('SitesTable');
  await app.reset();
  await app.telegram.asBot('200:nuovo', 'deleteWebhook');
  count += 1;
  siteId = `negozio-${count}`;
  key = await app.createSite(siteId);
});

const NUOVO = { token: '200:nuovo', username: 'nuovo_bot' };
const save = (body: unknown) => app.call('PUT', `/v1/sites/${siteId}/bot`, { key, body });
const testBot = (api = API) => app.call('POST', `/v1/sites/${siteId}/bot/test`, { key, api });
// https://core.telegram.org/bots/api#setwebhook: my_chat_member has to be named.
const ALLOWED = ['message', 'edited_message', 'callback_query', 'my_chat_member'];
/** A domain that leads to this API, without being the one that it was deployed with. */
const OWN_DOMAIN = 'https://telegram.bottega.example';
const unauthorized = { status: 401, body: { ok: false, error_code: 401, description: 'Unauthorized' } };

describe('testing', () => {
  const statuses = (json: { checks: { check: string; status: string }[] }) =>
    Object.fromEntries(json.checks.map(({ check, status }) => [check, status]));
  const checkOf = (json: { checks: { check: string }[] }, name: string) =>
    json.checks.find(({ check }) => check === name);

  test('a bot that works', async () => {
    await save(NUOVO);
    const { status, json, text } = await testBot();
    expect(status).toBe(200);
    expect(json).toMatchObject({ works: true, bot: { id: '200', username: 'nuovo_bot', name: 'Nuovo' } });
    expect(statuses(json)).toEqual({ token: 'works', username: 'works', webhook: 'works', updates: 'works' });
    expect(text).not.toContain('200:nuovo');
  });

  test('no bot yet', async () => {
    const { json } = await testBot();
    expect(json.works).toBe(false);
    expect(checkOf(json, 'token')).toMatchObject({
      status: 'broken',
      detail: 'No bot is saved for this site.',
      nextStep: 'Save the token and the username of the bot first (PUT …/bot).',
    });
  });

  test('a revoked token, in Telegram’s words', async () => {
    await save(NUOVO);
    await app.telegram.fault({ method: 'getMe', ...unauthorized });
    const { json } = await testBot();
    expect(json.works).toBe(false);
    expect(checkOf(json, 'token')).toMatchObject({
      status: 'broken',
      detail:
        'Telegram does not know this token: it was not copied whole, or is no longer valid (Telegram: "Unauthorized").',
      nextStep: expect.stringContaining('@BotFather'),
    });
    expect(checkOf(json, 'webhook')).toMatchObject({ status: 'not-checked' });
  });

  test('a bot that was renamed', async () => {
    await save(NUOVO);
    const site = await app.storedSite(siteId);
    if (site.bot) await app.stack.putSite({ ...site, bot: { ...site.bot, username: 'vecchio_bot' } });
    expect(checkOf((await testBot()).json, 'username')).toMatchObject({
      status: 'broken',
      detail: 'The bot is called @nuovo_bot now, but @vecchio_bot is saved.',
      nextStep:
        'Save the bot once more with the username nuovo_bot (PUT …/bot): links lead to the name saved here. For its token: open @BotFather in Telegram, send /mybots, choose the bot, then "API Token".',
    });
  });

  const url = () => `${API}/v1/telegram/${siteId}`;
  const setWebhook = (parameters: object) => app.telegram.asBot('200:nuovo', 'setWebhook', parameters);

  test.each<[string, () => object, string]>([
    [
      'there is none',
      () => ({ url: '' }),
      'The bot had no webhook, so nobody could link, stop or choose what they get. It was set again just now.',
    ],
    [
      'it asks for too little',
      () => ({ url: url(), allowed_updates: ['message'] }),
      'The webhook did not ask for all that the bot needs to know. It was set again just now.',
    ],
    [
      'it is at another address of ours',
      () => ({ url: `${API_ENDPOINT}/v1/telegram/${siteId}`, allowed_updates: ALLOWED }),
      'The webhook led to another address of this API. It was set again just now.',
    ],
    [
      'it is at the address of this very request',
      () => ({ url: `${OWN_DOMAIN}/v1/telegram/${siteId}`, allowed_updates: ALLOWED }),
      'The webhook led to another address of this API. It was set again just now.',
    ],
  ])('where %s, the webhook is set again with the stored token', async (_, parameters, detail) => {
    await save(NUOVO);
    await setWebhook(parameters());
    const { json } = await testBot(OWN_DOMAIN);
    expect(json.works).toBe(true);
    expect(checkOf(json, 'webhook')).toEqual({ check: 'webhook', status: 'works', detail });
    expect(await app.telegram.asBot('200:nuovo', 'getWebhookInfo')).toMatchObject({
      url: url(),
      allowed_updates: ALLOWED,
    });
    const secret = String((await app.telegram.calls('setWebhook')).at(-1)?.params.secret_token);
    const hash = createHash('sha256').update(secret).digest('hex');
    expect((await app.storedSite(siteId)).bot?.webhookSecretHash).toBe(hash);
    expect(checkOf((await testBot()).json, 'webhook')).toMatchObject({
      detail: `Telegram hands over what people write to ${url()}.`,
    });
  });

  test.each<[string, object, string, string]>([
    [
      'refuses it',
      { status: 400, body: { ok: false, error_code: 400, description: 'Bad Request: bad webhook: x' } },
      'because Telegram refuses it: "Bad Request: bad webhook: x".',
      'Tell the platform what is written here.',
    ],
    [
      'does not answer',
      { drop: 'before' },
      'because Telegram does not answer now.',
      'Test again in a minute.',
    ],
  ])('where Telegram %s, it says who can do what', async (_, fault, reason, nextStep) => {
    await save(NUOVO);
    await setWebhook({ url: '' });
    await app.telegram.fault({ method: 'setWebhook', ...fault });
    const { json } = await testBot();
    expect(json.works).toBe(false);
    expect(checkOf(json, 'webhook')).toMatchObject({
      status: 'broken',
      detail: expect.stringMatching(/^The bot had no webhook, .* It could not be set again, /),
      nextStep,
    });
    expect(checkOf(json, 'webhook')).toMatchObject({ detail: expect.stringContaining(reason) });
  });

  test('another program’s webhook is left alone, and shown at the site until it is ours again', async () => {
    await save(NUOVO);
    await setWebhook({ url: 'https://else.example/secret-path' });
    const elsewhere = await testBot();
    expect(checkOf(elsewhere.json, 'webhook')).toEqual({
      check: 'webhook',
      status: 'broken',
      detail: 'Another program receives what people write to this bot: else.example.',
      nextStep:
        'If the bot is for this site alone, save it once more with "takeOver": true (PUT …/bot): that takes it back. For its token: open @BotFather in Telegram, send /mybots, choose the bot, then "API Token". If the other program needs it, save another bot here.',
    });
    expect(elsewhere.text).not.toContain('secret-path');
    const get = async () => (await app.call('GET', `/v1/sites/${siteId}`, { key })).json.bot;
    expect((await get()).problem).toMatchObject({ kind: 'webhook-taken' });
    await setWebhook({ url: '' });
    await testBot();
    expect(await get()).toEqual({ id: '200', username: 'nuovo_bot' });
  });

  test('what Telegram could not deliver', async () => {
    await save(NUOVO);
    const now = Math.floor(Date.now() / 1000);
    const allowed_updates = ALLOWED;
    const info = { url: `${API}/v1/telegram/${siteId}`, allowed_updates, pending_update_count: 2 };
    const last_error_message = 'Wrong response from the webhook: 503 Service Unavailable';
    const answer = (result: object) =>
      app.telegram.fault({ method: 'getWebhookInfo', times: 1, status: 200, body: { ok: true, result } });

    await answer({ ...info, last_error_date: now - 60, last_error_message });
    expect(checkOf((await testBot()).json, 'updates')).toMatchObject({
      status: 'broken',
      detail: expect.stringContaining('Wrong response from the webhook: 503 Service Unavailable'),
      nextStep:
        'Telegram tries again by itself. Test again in an hour. If it is still so, tell the platform what is written here.',
    });
    // Over for two hours, and nothing waits.
    await answer({ ...info, pending_update_count: 0, last_error_date: now - 7_200, last_error_message });
    expect(checkOf((await testBot()).json, 'updates')).toMatchObject({ status: 'works' });
    // On their way, and nothing went wrong.
    await answer(info);
    expect(checkOf((await testBot()).json, 'updates')).toMatchObject({ status: 'works' });
  });

  test('Telegram out of reach is told apart from a bad token', async () => {
    await save(NUOVO);
    await app.telegram.fault({ method: 'getMe', drop: 'before' });
    expect(checkOf((await testBot()).json, 'token')).toMatchObject({
      status: 'broken',
      detail: 'Telegram does not answer now, so nothing can be said.',
      nextStep: 'Test again in a minute.',
    });
  });

  test('works while the module is off', async () => {
    await save(NUOVO);
    const body = { name: 'Bottega', url: 'https://bottega.example', moduleActive: false };
    await app.call('PUT', `/v1/sites/${siteId}`, { key: PLATFORM_KEY, body });
    expect((await testBot()).json.works).toBe(true);
  });
});
