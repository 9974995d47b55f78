/** Who changed what on which site: by every way of changing it, without secrets, for a year, also after the site. */
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { keyHash, PLATFORM_KEY, SITE_KEY } from '../support/fixtures.ts';

let app: App;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator' });
});
afterAll(() => app.close());
beforeEach(async () => {
  jest.restoreAllMocks();
  await app.reset();
});

const SITE = '/v1/sites/demo';
const platform = { key: PLATFORM_KEY };
const DEMO_KEY = keyHash(SITE_KEY).slice(0, 8);
const bySite = { caller: 'site', keyId: DEMO_KEY };
const template = { id: 'mio', name: 'Letto', event: 'message-read', text: { it: 'Letto', en: 'Read' } };

const read = async (query = '', options: object = {}) => {
  const { json } = await app.call('GET', `${SITE}/audit`, { ...options, query });
  return json;
};
/** What was done, newest first. */
const actions = async (options: object = {}) =>
  (await read('', options)).entries.flatMap(({ changes }: { changes: object[] }) => changes);

describe('each way of changing a site has an entry', () => {
  test('settings, with their values; by the site and by the platform', async () => {
    await app.call('PATCH', SITE, { body: { abandonedCartHours: 1.5, docuvision: true } });
    await app.call('PATCH', SITE, { ...platform, body: { moduleActive: false } });

    const { entries } = await read('', platform);

    expect(entries).toEqual([
      {
        at: expect.stringMatching(/^20\d\d-.*Z$/),
        by: { caller: 'platform', keyId: keyHash(PLATFORM_KEY).slice(0, 8) },
        changes: [{ action: 'setting-changed', field: 'moduleActive', from: true, to: false }],
      },
      {
        at: expect.any(String),
        by: bySite,
        changes: [
          { action: 'setting-changed', field: 'abandonedCartHours', from: 3, to: 1.5 },
          { action: 'setting-changed', field: 'docuvision', from: false, to: true },
        ],
      },
    ]);
    expect(entries[0].at > entries[1].at).toBe(true);
    // Keys of the platform are not the site's business.
    expect((await read()).entries[0].by).toEqual({ caller: 'platform' });
  });

  test('a contact may be a person: it is named, and not kept', async () => {
    await app.call('PATCH', SITE, { body: { merchantContact: '+39 333 1234567' } });
    expect(await actions()).toEqual([{ action: 'setting-changed', field: 'merchantContact' }]);
    expect(JSON.stringify(await app.storedSite().then(({ lastChange }) => lastChange))).not.toContain('333');
  });

  test('keys, by their ids and names; whoever uses a named key is called by it', async () => {
    const { json: made } = await app.call('POST', `${SITE}/keys`, {
      ...platform,
      body: { name: 'gestionale' },
    });
    await app.call('PATCH', SITE, { key: made.siteKey, body: { docuvision: true } });
    await app.call('DELETE', `${SITE}/keys/${DEMO_KEY}`, platform);
    const named = { keyId: made.keyId, name: 'gestionale' };

    expect((await app.call('GET', `${SITE}/keys`, platform)).json.keys).toEqual([named]);
    const { entries } = await read('', { key: made.siteKey });
    expect(entries.map(({ changes }: { changes: object[] }) => changes[0])).toEqual([
      { action: 'key-removed', keyId: DEMO_KEY },
      { action: 'setting-changed', field: 'docuvision', from: false, to: true },
      { action: 'key-added', ...named },
    ]);
    expect(entries[1].by).toEqual({ caller: 'site', ...named });
    expect(JSON.stringify(entries)).not.toContain(made.siteKey);
  });

  test('the bot, without its token; only its token', async () => {
    const save = (body: object) => app.call('PUT', `${SITE}/bot`, { body });
    expect((await save({ token: '200:nuovo', username: 'nuovo_bot' })).status).toBe(200);
    expect((await save({ token: '200:nuovo', username: 'nuovo_bot' })).status).toBe(200);
    expect(await actions()).toEqual([
      { action: 'bot-saved', from: 'nuovo_bot', to: 'nuovo_bot' },
      { action: 'bot-saved', from: 'demo_shop_bot', to: 'nuovo_bot' },
    ]);
    const kept = JSON.stringify([await app.stack.items('AuditTable'), (await app.storedSite()).lastChange]);
    expect(kept).not.toMatch(/200:nuovo|sealed/);
  });

  test('templates, without their texts', async () => {
    const { name, event } = template;
    await app.call('POST', `${SITE}/templates`, { body: template });
    await app.call('PATCH', `${SITE}/templates/mio`, { body: { text: { it: 'Segreto' }, enabled: false } });
    await app.call('DELETE', `${SITE}/templates/mio`);
    const changed = { template: { id: 'mio', name, event } };
    expect(await actions()).toEqual([
      { action: 'template-deleted', ...changed },
      { action: 'template-changed', ...changed, fields: ['enabled', 'text'] },
      { action: 'template-created', ...changed },
    ]);
    expect(JSON.stringify(await app.stack.items('AuditTable'))).not.toContain('Segreto');
  });

  test('what changes nothing has none; nor has what is refused, or what the system finds out', async () => {
    await app.call('PATCH', SITE, { body: { docuvision: false } });
    await app.call('PATCH', SITE, { body: { timeZone: 'Marte' } });
    await app.call('PATCH', SITE, { body: { docuvision: true }, ifMatch: '"99"' });
    const { updateSite } = await import('../../lib/store/sites.ts');
    await updateSite('demo', ({ bot }) => ({
      bot: bot && { ...bot, webhookUrl: 'https://altrove.example' },
    }));
    expect(await read()).toEqual({ entries: [] });
  });
});

describe('reading it', () => {
  const change = (hours: number) => app.call('PATCH', SITE, { body: { abandonedCartHours: hours } });
  const to = (entry: { changes: { to: number }[] }) => entry.changes[0]?.to;

  test('page by page, newest first; what comes meanwhile moves no page', async () => {
    for (let hours = 10; hours < 17; hours++) await change(hours);
    const first = await read('limit=3');
    await change(17);
    const second = await read(`limit=3&cursor=${first.cursor}`);
    const third = await read(`limit=3&cursor=${second.cursor}`);
    expect([first, second, third].map(({ entries }) => entries.map(to))).toEqual([
      [16, 15, 14],
      [13, 12, 11],
      [10],
    ]);
    expect(third).not.toHaveProperty('cursor');
  });

  test('two changes in the same millisecond, or by a clock that is behind, keep their order', async () => {
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now);
    for (const hours of [1, 2]) await change(hours);
    jest.spyOn(Date, 'now').mockReturnValue(now - 5_000);
    await change(4);
    expect((await read()).entries.map(to)).toEqual([4, 2, 1]);
  });

  test('a year, then no more: neither from the table nor from the site', async () => {
    await change(1);
    await change(2);
    const [filed] = await app.stack.items('AuditTable');
    expect(Number(filed?.expiresAt)).toBe(Math.floor(Date.parse(String(filed?.at)) / 1_000) + 365 * 86_400);
    const later = Date.now() + 366 * 86_400_000;
    jest.spyOn(Date, 'now').mockReturnValue(later);
    expect(await read()).toEqual({ entries: [] });
  });

  test.each(['cursor=abc', 'limit=0', 'limit=101', 'userId=anna'])('%s: 400', async (query) => {
    expect((await app.call('GET', `${SITE}/audit`, { query })).status).toBe(400);
  });

  test("another site's key: 401; an unknown site: 404 for the platform", async () => {
    const key = await app.createSite('altra');
    expect((await app.call('GET', `${SITE}/audit`, { key })).status).toBe(401);
    expect((await app.call('GET', '/v1/sites/mai/audit', platform)).status).toBe(404);
    expect((await app.call('GET', '/v1/sites/mai/audit', { key })).status).toBe(401);
    await app.call('DELETE', '/v1/sites/altra', platform);
  });
});

test('a site that was deleted: the platform reads all of it, and a new site of that id only its own', async () => {
  const key = await app.createSite('bottega');
  await app.call('PATCH', '/v1/sites/bottega', { key, body: { docuvision: true } });
  expect((await app.call('DELETE', '/v1/sites/bottega', platform)).status).toBe(204);
  const kinds = async (options: object = platform) => {
    const { json } = await app.call('GET', '/v1/sites/bottega/audit', options);
    return json.entries.map(({ changes }: { changes: { action: string }[] }) => changes[0]?.action);
  };
  expect(await kinds()).toEqual(['site-deleted', 'setting-changed', 'site-created']);

  // A quarter of an hour later its rows are gone.
  const later = Date.now() + 20 * 60_000;
  jest.spyOn(Date, 'now').mockReturnValue(later);
  const { eraseSites } = await import('../../lib/sites/erase-sites.ts');
  const { ownAddresses } = await import('../../lib/sites/own-addresses.ts');
  await eraseSites({ own: ownAddresses(), now: Date.now, remainingMilliseconds: () => 290_000 });
  expect(await app.stack.findSite('bottega')).toBeUndefined();
  expect(await kinds()).toEqual(['site-deleted', 'setting-changed', 'site-created']);

  const newKey = await app.createSite('bottega');
  expect(await kinds({ key: newKey })).toEqual(['site-created']);
  expect(await kinds()).toEqual(['site-created', 'site-deleted', 'setting-changed', 'site-created']);
});

describe('two keys of the platform, while one is changed', () => {
  const before = keyHash(PLATFORM_KEY);
  const next = 'platform-next';
  afterAll(() => {
    process.env.PLATFORM_KEY_SHA256 = before;
  });
  const change = (key: string, moduleActive: boolean) =>
    app.call('PATCH', SITE, { key, body: { moduleActive } });

  test('both are valid, and the audit tells them apart; then the old one is refused', async () => {
    process.env.PLATFORM_KEY_SHA256 = `${keyHash(next)},${before}`;
    expect((await change(PLATFORM_KEY, false)).status).toBe(200);
    expect((await change(next, true)).status).toBe(200);
    const { entries } = await read('', { key: next });
    expect(entries.map(({ by }: { by: { keyId: string } }) => by.keyId)).toEqual([
      keyHash(next).slice(0, 8),
      keyHash(PLATFORM_KEY).slice(0, 8),
    ]);
    expect((await app.call('GET', '/v1/sites', { key: next })).status).toBe(200);

    process.env.PLATFORM_KEY_SHA256 = keyHash(next);
    expect((await change(PLATFORM_KEY, false)).status).toBe(401);
    expect((await app.call('GET', '/v1/sites', platform)).status).toBe(401);
    expect((await app.call('GET', `${SITE}/audit`, platform)).status).toBe(401);
  });
});
