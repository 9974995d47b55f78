/** The daily look at every bot's webhook, through the exported handler, against the emulator. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Bot, Site } from '../../lib/store/sites.ts';
import { API, API_ENDPOINT } from '../support/api-events.ts';
import { type App, startApp } from '../support/app.ts';
import { writtenDuring } from '../support/log-lines.ts';

let app: App;
let key: string;
let siteId: string;
let count = 0;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator' });
});
afterAll(() => app.close());
beforeEach(async () => {
  process.env.API_URL = API;
  // The sites of earlier tests have the same bot.
  await app.stack.empty('SitesTable');
  await app.reset();
  await asBot('deleteWebhook');
  count += 1;
  siteId = `negozio-${count}`;
  key = await app.createSite(siteId);
  await app.call('PUT', `/v1/sites/${siteId}/bot`, {
    key,
    body: { token: '200:nuovo', username: 'nuovo_bot' },
  });
  await app.telegram.reset();
});

// https://core.telegram.org/bots/api#setwebhook: my_chat_member has to be named.
const ALLOWED = ['message', 'edited_message', 'callback_query', 'my_chat_member'];
const unauthorized = { status: 401, body: { ok: false, error_code: 401, description: 'Unauthorized' } };
/** What another program sets, with a secret in its path. */
const ELSEWHERE = 'https://else.example/hook/secret-path';

const asBot = (method: string, parameters?: object) => app.telegram.asBot('200:nuovo', method, parameters);
const webhook = () => asBot('getWebhookInfo');
const ours = (api = API) => `${api}/v1/telegram/${siteId}`;
const problem = async () => (await app.call('GET', `/v1/sites/${siteId}`, { key })).json.bot.problem;

async function storedBot(): Promise<Bot> {
  const { bot } = await app.storedSite(siteId);
  if (!bot) throw new Error('The site has no bot.');
  return bot;
}

async function changeBot(changes: Partial<Bot>, siteChanges: Partial<Site> = {}): Promise<void> {
  const site = await app.storedSite(siteId);
  await app.stack.putSite({ ...site, ...siteChanges, bot: { ...(await storedBot()), ...changes } });
}

/** The runs of one day. */
async function lookAtAll(remainingMilliseconds = 300_000) {
  return writtenDuring(async () => {
    for (let hour = 0; hour < 24; hour++)
      await app.invoke('webhooks', { hour }, { getRemainingTimeInMillis: () => remainingMilliseconds });
  });
}

/** Telegram and the site agree on the address and on the secret. */
async function expectSetAgain(): Promise<void> {
  expect(await webhook()).toMatchObject({ url: ours(), allowed_updates: ALLOWED });
  const secret = String((await app.telegram.calls('setWebhook')).at(-1)?.params.secret_token);
  const hash = createHash('sha256').update(secret).digest('hex');
  expect(await storedBot()).toMatchObject({ webhookSecretHash: hash, webhookUrl: ours() });
}

const setWebhookCalls = async () =>
  (await app.telegram.calls('setWebhook')).filter(({ botId }) => botId === 200).length;

describe('the menu of commands', () => {
  const commands = async () =>
    (await asBot('getMyCommands', { language_code: 'it' })) as unknown as { command: string }[];

  test('of a bot that the former release saved is set again, once', async () => {
    const { presentation: _, ...bot } = await storedBot();
    await app.stack.putSite({ ...(await app.storedSite(siteId)), bot });
    await asBot('setMyCommands', { commands: [{ command: 'stop', description: 'x' }], language_code: 'it' });

    await lookAtAll();
    expect((await commands()).map(({ command }) => command)).toContain('privacy');

    const calls = (await app.telegram.calls('setMyCommands')).length;
    await lookAtAll();
    expect((await app.telegram.calls('setMyCommands')).length).toBe(calls);
  });
});

describe('a webhook that works', () => {
  test('is left alone, and nothing is written', async () => {
    const before = await app.storedSite(siteId);
    await lookAtAll();
    expect(await setWebhookCalls()).toBe(0);
    expect(await app.storedSite(siteId)).toEqual(before);
  });

  test('of a bot that an earlier version saved is known from then on', async () => {
    const { webhookUrl: _, ...former } = await storedBot();
    await app.stack.putSite({ ...(await app.storedSite(siteId)), bot: former });
    await lookAtAll();
    expect(await setWebhookCalls()).toBe(0);
    expect((await storedBot()).webhookUrl).toBe(ours());
  });
});

describe('a webhook at fault is set again', () => {
  test('where it is missing, also at a site that is off and has no module', async () => {
    await changeBot({}, { active: false, moduleActive: false });
    await asBot('deleteWebhook');
    const { entries } = await lookAtAll();
    await expectSetAgain();
    expect(entries).toContainEqual(
      expect.objectContaining({ message: 'webhook set again', siteId, botId: '200', fault: 'missing' }),
    );
  });

  test('where it is at a former address of this API: once, and from then on it stays', async () => {
    process.env.API_URL = 'https://nuovo-dominio.example/';
    await lookAtAll();
    const url = `https://nuovo-dominio.example/v1/telegram/${siteId}`;
    expect((await webhook()).url).toBe(url);
    expect((await storedBot()).webhookUrl).toBe(url);
    await lookAtAll();
    expect(await setWebhookCalls()).toBe(1);
  });

  test('where it is at the address that API Gateway gave, even if nobody remembers that', async () => {
    await changeBot({ webhookUrl: undefined });
    await asBot('setWebhook', { url: ours(API_ENDPOINT), allowed_updates: ALLOWED });
    await app.telegram.reset();
    await lookAtAll();
    await expectSetAgain();
  });

  test('where it leads to another site of ours, which does not have the bot', async () => {
    await asBot('setWebhook', { url: `${API}/v1/telegram/demo`, allowed_updates: ALLOWED });
    await lookAtAll();
    await expectSetAgain();
    expect(await problem()).toBeUndefined();
  });

  test('where it does not ask for all that the bot handles', async () => {
    await asBot('setWebhook', { url: ours(), allowed_updates: ['message'] });
    await lookAtAll();
    await expectSetAgain();
  });

  // https://core.telegram.org/bots/api#webhookinfo; the words are those of Telegram's server.
  const info = (secondsAgo: number, last_error_message: string) => ({
    ...{ url: ours(), allowed_updates: ALLOWED, pending_update_count: 1 },
    ...{ last_error_date: Math.floor(Date.now() / 1000) - secondsAgo, last_error_message },
  });
  test.each([
    [60, 'Wrong response from the webhook: 401 Unauthorized', 1],
    // Telegram gives an update up after a day.
    [90_000, 'Wrong response from the webhook: 401 Unauthorized', 0],
    [60, 'Wrong response from the webhook: 503 Service Unavailable', 0],
  ])('where we refuse its secret: %i seconds ago, %s: %i times', async (secondsAgo, message, times) => {
    const answer = { status: 200, body: { ok: true, result: info(secondsAgo, message) } };
    await app.telegram.fault({ method: 'getWebhookInfo', ...answer });
    await lookAtAll();
    const calls = (await app.telegram.calls('setWebhook')).filter(({ params }) => params.url === ours());
    expect(calls).toHaveLength(times);
  });

  test('where the site has no secret', async () => {
    await changeBot({ webhookSecretHash: undefined });
    await lookAtAll();
    await expectSetAgain();
  });

  test('where two look at the same time: with one secret in the end', async () => {
    await asBot('deleteWebhook');
    await Promise.all([lookAtAll(), app.call('POST', `/v1/sites/${siteId}/bot/test`, { key })]);
    await expectSetAgain();
  });
});

describe('after a crash while it was set', () => {
  test('the site has the new secret and Telegram the former webhook: the next run sets it', async () => {
    await asBot('setWebhook', { url: ours('https://prima.example'), allowed_updates: ALLOWED });
    await changeBot({ webhookUrl: ours('https://prima.example'), webhookSecretHash: '0'.repeat(64) });
    await lookAtAll();
    await expectSetAgain();
  });

  test('Telegram has the new one and the site does not know its address: the next run notes it', async () => {
    await changeBot({ webhookUrl: ours('https://prima.example') });
    await lookAtAll();
    expect(await setWebhookCalls()).toBe(0);
    expect((await storedBot()).webhookUrl).toBe(ours());
  });

  test('Telegram refuses the new one: the former secret stays, and the next run tries again', async () => {
    await asBot('setWebhook', { url: ours(), allowed_updates: ['message'] });
    const before = await storedBot();
    const body = {
      ok: false,
      error_code: 400,
      description: 'Bad Request: bad webhook: Failed to resolve host',
    };
    await app.telegram.fault({ method: 'setWebhook', status: 400, body });
    const { entries } = await lookAtAll();
    expect(await storedBot()).toEqual(before);
    expect(entries).toContainEqual(expect.objectContaining({ message: 'webhook not looked at', siteId }));
    await app.telegram.clearFaults();
    await lookAtAll();
    await expectSetAgain();
  });
});

describe('another owner’s webhook', () => {
  const takenBy = async (url: string) => {
    await asBot('setWebhook', { url });
    await app.telegram.reset();
  };

  test('is left alone, and is a problem that names the host only', async () => {
    await takenBy(ELSEWHERE);
    const { entries, text } = await lookAtAll();
    expect((await webhook()).url).toBe(ELSEWHERE);
    expect(await setWebhookCalls()).toBe(0);
    expect(await problem()).toEqual({
      kind: 'webhook-taken',
      since: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      description: 'Another program receives what people write to this bot: else.example.',
    });
    expect(entries).toContainEqual(
      expect.objectContaining({ message: 'webhook taken', siteId, botId: '200' }),
    );
    expect(text).not.toContain('secret-path');
  });

  test('may look like ours: another stage’s is not taken, as long as nobody remembers it', async () => {
    await changeBot({ webhookUrl: undefined });
    await takenBy(ours('https://collaudo.example'));
    await lookAtAll();
    expect((await webhook()).url).toBe(ours('https://collaudo.example'));
    expect((await problem()).description).toContain('collaudo.example');
  });

  test('is a problem since it was first seen, and none any more when the webhook is ours', async () => {
    await takenBy(ELSEWHERE);
    await lookAtAll();
    const first = await problem();
    await lookAtAll();
    expect(await problem()).toEqual(first);
    await asBot('deleteWebhook');
    await lookAtAll();
    expect(await problem()).toBeUndefined();
    await expectSetAgain();
  });

  test('stays a problem when a message goes out, and does not hide that the token is refused', async () => {
    const { recordBotUnauthorized, clearBotProblem } = await import('../../lib/store/bot-problem.ts');
    await takenBy(ELSEWHERE);
    await lookAtAll();
    const site = await app.storedSite(siteId);
    await recordBotUnauthorized(site, 'Unauthorized');
    expect(await problem()).toMatchObject({ kind: 'bot-unauthorized' });
    // As `deliver` does when Telegram has accepted a message.
    await clearBotProblem(site);
    expect(await problem()).toMatchObject({ kind: 'webhook-taken' });
  });

  test('is ours again when the merchant saves the bot and says so', async () => {
    await takenBy(ELSEWHERE);
    await lookAtAll();
    const body = { token: '200:nuovo', username: 'nuovo_bot', takeOver: true };
    const saved = await app.call('PUT', `/v1/sites/${siteId}/bot`, { key, body });
    expect(saved.json.bot).toEqual({ id: '200', username: 'nuovo_bot' });
    await expectSetAgain();
  });
});

describe('a run', () => {
  test('records a token that Telegram refuses, and counts it for the alarm', async () => {
    await app.telegram.fault({ method: 'getWebhookInfo', ...unauthorized });
    const { metrics } = await lookAtAll();
    expect(await problem()).toMatchObject({ kind: 'bot-unauthorized', description: 'Unauthorized' });
    expect(metrics.filter((line) => 'BotsUnauthorized' in line).length).toBeGreaterThan(0);
  });

  test('goes on after a site that is broken', async () => {
    await app.stack.putSite({
      ...(await app.storedSite()),
      siteId: 'rotto',
      bot: { id: '1', username: 'x', sealedToken: 'not a token' },
    });
    await asBot('deleteWebhook');
    const { entries } = await lookAtAll();
    expect(entries).toContainEqual(
      expect.objectContaining({ message: 'webhook not looked at', siteId: 'rotto' }),
    );
    await expectSetAgain();
  });

  test('looks at every site once a day, in the run of one hour', async () => {
    const site = await app.storedSite(siteId);
    for (let index = 0; index < 40; index++) await app.stack.putSite({ ...site, siteId: `altro-${index}` });
    const looked: number[] = [];
    for (let hour = 0; hour < 24; hour++) {
      await app.invoke('webhooks', { hour }, { getRemainingTimeInMillis: () => 300_000 });
      looked.push((await app.telegram.calls('getWebhookInfo')).filter(({ botId }) => botId === 100).length);
    }
    // The demo site, which alone has this token, and whose hour is the same every day.
    expect(looked.at(-1)).toBe(1);
    const { entries } = await lookAtAll();
    const runs = entries.filter(({ message }) => message === 'webhooks looked at');
    const total = (state: string) => runs.reduce((sum, run) => sum + Number(run[state]), 0);
    // Those whose token is encrypted for another site can't be looked at; each was tried once.
    expect({ failed: total('failed'), works: total('works') }).toEqual({ failed: 40, works: 2 });
  });

  test('takes the hour of the clock, and says in a metric that it was there', async () => {
    const { entries, metrics } = await writtenDuring(() =>
      app.invoke('webhooks', {}, { getRemainingTimeInMillis: () => 300_000 }),
    );
    const hours = entries.filter(({ message }) => message === 'webhooks looked at').map(({ hour }) => hour);
    expect([[new Date().getUTCHours()], [(new Date().getUTCHours() + 23) % 24]]).toContainEqual(hours);
    expect(metrics).toContainEqual(expect.objectContaining({ ClockRuns: 1, event: 'webhooks' }));
  });

  test('begins with no bot when its time is over, and says so', async () => {
    const { entries } = await lookAtAll(59_000);
    expect(await app.telegram.calls()).toEqual([]);
    const said = entries.filter(
      ({ message }) => message === 'no time for all webhooks: the next day goes on',
    );
    expect(said.length).toBeGreaterThan(0);
    for (const { left } of said) expect(left).toBeGreaterThan(0);
  });

  test('that can not read the sites fails', async () => {
    const { SITES_TABLE } = process.env;
    process.env.SITES_TABLE = `${SITES_TABLE}-gone`;
    const run = app.invoke('webhooks', { hour: 0 }, { getRemainingTimeInMillis: () => 300_000 });
    await expect(run).rejects.toMatchObject({ name: 'ServiceUnreachableError' });
    process.env.SITES_TABLE = SITES_TABLE;
  });
});
