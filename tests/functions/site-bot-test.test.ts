/** "Test Connessione": what works of a bot and what does not, each with the next step. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { API } from '../support/api-events.ts';
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
  await app.telegram.reset();
  count += 1;
  siteId = `negozio-${count}`;
  key = await app.createSite(siteId);
});

const NUOVO = { token: '200:nuovo', username: 'nuovo_bot' };
const save = (body: unknown) => app.call('PUT', `/v1/sites/${siteId}/bot`, { key, body });
const testBot = () => app.call('POST', `/v1/sites/${siteId}/bot/test`, { key });
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
      detail: 'Telegram refuses the token: "Unauthorized".',
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
      nextStep: expect.stringContaining('Save the bot once more with the username nuovo_bot'),
    });
  });

  test('no webhook, another one, and one that asks for too little', async () => {
    await save(NUOVO);
    await app.telegram.asBot('200:nuovo', 'deleteWebhook');
    expect(checkOf((await testBot()).json, 'webhook')).toMatchObject({
      status: 'broken',
      nextStep: expect.any(String),
    });

    await app.telegram.asBot('200:nuovo', 'setWebhook', { url: 'https://else.example/secret-path' });
    const elsewhere = await testBot();
    expect(checkOf(elsewhere.json, 'webhook')).toMatchObject({
      status: 'broken',
      detail: expect.stringMatching(/else\.example\.$/),
    });
    expect(elsewhere.text).not.toContain('secret-path');

    const url = `${API}/v1/telegram/${siteId}`;
    await app.telegram.asBot('200:nuovo', 'setWebhook', { url, allowed_updates: ['message'] });
    expect(checkOf((await testBot()).json, 'webhook')).toMatchObject({
      status: 'broken',
      detail: 'The webhook is set, but does not ask for: callback_query, my_chat_member.',
    });
  });

  test('what Telegram could not deliver', async () => {
    await save(NUOVO);
    const now = Math.floor(Date.now() / 1000);
    const allowed_updates = ['message', 'callback_query', 'my_chat_member'];
    const info = { url: `${API}/v1/telegram/${siteId}`, allowed_updates, pending_update_count: 2 };
    const last_error_message = 'Wrong response from the webhook: 503 Service Unavailable';
    const answer = (result: object) =>
      app.telegram.fault({ method: 'getWebhookInfo', times: 1, status: 200, body: { ok: true, result } });

    await answer({ ...info, last_error_date: now - 60, last_error_message });
    expect(checkOf((await testBot()).json, 'updates')).toMatchObject({
      status: 'broken',
      detail: expect.stringContaining('Wrong response from the webhook: 503 Service Unavailable'),
      nextStep: expect.any(String),
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
