/**
 * Who knocks with a wrong key costs next to nothing, and keys and secrets that change are good or refused in time, whatever
 * dies in between. Time is simulated.
 */
import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { SmallItem } from '../../lib/store/site-credentials.ts';
import type { Site } from '../../lib/store/sites.ts';
import { type App, type ReportOptions, startApp } from '../support/app.ts';
import { messageOf, nextUpdateId, type Webhook, webhookOf } from '../support/bot-updates.ts';
import { keyHash, PLATFORM_KEY, SITE_KEY, siteWithWebhook, WEBHOOK_SECRET } from '../support/fixtures.ts';
import { type Gate, startGate } from '../support/gate.ts';
import { payload } from '../support/payloads.ts';
import { startTripwire, type Tripwire } from '../support/tripwire.ts';

let app: App;
let webhook: Webhook;
let sites: typeof import('../../lib/store/sites.ts');
let gate: Gate;
let tables: Tripwire;
let now = Date.now();

beforeAll(async () => {
  app = await startApp({
    telegram: 'emulator',
    beforeLoading: async () => {
      tables = await startTripwire(process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '');
      gate = await startGate(tables.url);
      process.env.AWS_ENDPOINT_URL_DYNAMODB = gate.url;
    },
  });
  webhook = webhookOf(app);
  sites = await import('../../lib/store/sites.ts');
});
afterAll(async () => {
  await gate.close();
  await tables.close();
  await app.close();
});
beforeEach(async () => {
  now = Date.now();
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  await app.reset();
  // The copy of its keys is made, and then nothing is remembered.
  await report('wrong');
  forget();
});
afterEach(async () => {
  await gate.open();
  jest.restoreAllMocks();
});

/** As another instance of the function. */
function forget(): void {
  sites.clearSiteCache();
  tables.seen.length = 0;
}

/** What was asked of the sites table: `GetItem demo`, `UpdateItem demo#version`. */
function asked(): string[] {
  return tables.seen
    .map(({ operation, body }) => ({ operation: operation.split('.')[1], ...JSON.parse(body) }))
    .filter(({ TableName }) => TableName === process.env.SITES_TABLE)
    .map(({ operation, Key, ConsistentRead }) =>
      [operation, Key?.siteId.S, ...(ConsistentRead === false ? ['cheap'] : [])].join(' '),
    );
}

let events = 0;
const report = async (key: string, options: ReportOptions = {}) => {
  events += 1;
  const body = payload('order-status', { eventId: `stranger-${events}` });
  return (await app.report('order-status', body, { key, ...options })).status;
};
/** A route that shows the settings: it reads the current site. */
const open = async (key: string) => (await app.call('GET', '/v1/sites/demo', { key })).status;
const update = async (secret: string, siteId = 'demo') =>
  (await webhook.call({ update_id: nextUpdateId(), message: messageOf(9, '/help') }, { secret, siteId }))
    .status;

const addKey = async (): Promise<{ siteKey: string; keyId: string }> =>
  (await app.call('POST', '/v1/sites/demo/keys', { key: PLATFORM_KEY })).json;
const removeKey = (keyId: string) =>
  app.call('DELETE', `/v1/sites/demo/keys/${keyId}`, { key: PLATFORM_KEY });
const DEMO_KEY_ID = keyHash(SITE_KEY).slice(0, 8);

const put = (Item: object) =>
  DynamoDBDocumentClient.from(app.stack.aws.dynamodb).send(
    new PutCommand({ TableName: process.env.SITES_TABLE, Item }),
  );
const smallItem = async () =>
  (await app.stack.items('SitesTable')).find(({ siteId }) => siteId === 'demo#version') as
    | SmallItem
    | undefined;
/** The site and its small item, as another instance of a function leaves them: this one is not told. */
async function changedElsewhere(changes: Partial<Site>): Promise<void> {
  const site = { ...siteWithWebhook(), version: 2, ...changes };
  const { siteId, version, keyHashes, bot } = site;
  const credentials = { keyHashes, webhookSecretHash: bot?.webhookSecretHash, version, madeAt: now };
  await put(site);
  await put(JSON.parse(JSON.stringify({ siteId: `${siteId}#version`, version, credentials })));
}

const TWO_SMALL_READS = ['GetItem demo#version cheap', 'GetItem demo#version'];

describe('500 wrong keys', () => {
  const knocks: [string, (index: number) => Promise<number | undefined>][] = [
    ['for events', (index) => report(`wrong-${index}`)],
    ['for settings', (index) => open(`wrong-${index}`)],
    [
      'where the platform may call too',
      async (index) =>
        (await app.call('PATCH', '/v1/sites/demo', { key: `wrong-${index}`, body: {} })).status,
    ],
    ['as secrets of Telegram', (index) => update(`wrong-${index}`)],
  ];
  test.each(knocks)('%s cost two small reads in two seconds, and none of the site', async (_, knock) => {
    for (let index = 0; index < 500; index++) expect(await knock(index)).toBe(401);
    expect(asked()).toEqual(TWO_SMALL_READS);
    now += 2_001;
    for (let index = 0; index < 500; index++) expect(await knock(index)).toBe(401);
    expect(asked()).toEqual([...TWO_SMALL_READS, ...TWO_SMALL_READS]);
  });

  test('cost the same for a site that does not exist: nobody learns which ones do', async () => {
    for (let index = 0; index < 500; index++) expect(await report('wrong', { siteId: 'nessuno' })).toBe(401);
    // There is nothing to read: each of the two is as small as a read can be.
    expect(asked()).toEqual(['GetItem nessuno#version cheap', 'GetItem nessuno']);
    for (let index = 0; index < 500; index++) expect(await update('wrong', 'nessuno')).toBe(401);
    expect(asked()).toHaveLength(2);
  });

  test('leave the shop its events: with the right key none of them costs more than before', async () => {
    expect(await report(SITE_KEY)).toBe(202);
    forget();
    await report(SITE_KEY);
    expect(asked()).toEqual(['GetItem demo#version cheap', 'GetItem demo']);
    for (let index = 0; index < 10; index++) await report('wrong');
    tables.seen.length = 0;
    for (let index = 0; index < 10; index++) expect(await report(SITE_KEY)).toBe(202);
    expect(asked()).toEqual([]);
  });
});

describe('a new key', () => {
  test('is good at once', async () => {
    await report(SITE_KEY);
    const { siteKey } = await addKey();
    expect(await report(siteKey)).toBe(202);
  });

  test('is good within three seconds, also where a stranger has just knocked', async () => {
    await report(SITE_KEY);
    await report('wrong');
    await changedElsewhere({ keyHashes: [keyHash(SITE_KEY), keyHash('pwtg_new')] });
    now += 3_000;
    expect([await report('pwtg_new'), await open('pwtg_new')]).toEqual([202, 200]);
  });
});

describe('a removed key', () => {
  test('is refused by the next event, and by the next request for settings', async () => {
    const { siteKey } = await addKey();
    expect([await report(SITE_KEY), await open(SITE_KEY)]).toEqual([202, 200]);
    await removeKey(DEMO_KEY_ID);
    expect([await report(SITE_KEY), await open(SITE_KEY)]).toEqual([401, 401]);
    expect([await report(siteKey), await open(siteKey)]).toEqual([202, 200]);
  });

  test('also where this instance was not told', async () => {
    expect([await report(SITE_KEY), await open(SITE_KEY)]).toEqual([202, 200]);
    await report('wrong');
    await changedElsewhere({ keyHashes: [keyHash('pwtg_new')] });
    expect([await report(SITE_KEY), await open(SITE_KEY)]).toEqual([401, 401]);
  });

  test('costs as little as any wrong key', async () => {
    await addKey();
    await removeKey(DEMO_KEY_ID);
    forget();
    for (let index = 0; index < 500; index++) await report(SITE_KEY);
    expect(asked()).toEqual(TWO_SMALL_READS);
  });
});

describe('the secret of the webhook', () => {
  const rotate = async () => {
    const bot = siteWithWebhook().bot;
    if (bot)
      await sites.updateSite('demo', () => ({ bot: { ...bot, webhookSecretHash: keyHash('rotated') } }));
  };

  test('that is new is good at once, and the former one is refused', async () => {
    expect(await update(WEBHOOK_SECRET)).toBe(200);
    await rotate();
    expect([await update('rotated'), await update(WEBHOOK_SECRET)]).toEqual([200, 401]);
  });

  test('that is new is good within three seconds in other instances: Telegram repeats what was refused', async () => {
    expect([await update(WEBHOOK_SECRET), await update('wrong')]).toEqual([200, 401]);
    const { bot } = siteWithWebhook();
    if (bot) await changedElsewhere({ bot: { ...bot, webhookSecretHash: keyHash('rotated') } });
    now += 3_000;
    expect([await update('rotated'), await update(WEBHOOK_SECRET)]).toEqual([200, 401]);
  });

  test.each([2, 3])('whose saving died after %i requests: what the site has is good', async (requests) => {
    gate.shutAfter(requests);
    await rotate().catch(() => undefined);
    await gate.open();
    forget();
    expect([await update(WEBHOOK_SECRET), await update('rotated')]).toEqual(
      requests >= 3 ? [401, 200] : [200, 401],
    );
  });

  test('opens no site, and a key opens no webhook', async () => {
    expect([await report(WEBHOOK_SECRET), await update(SITE_KEY)]).toEqual([401, 401]);
  });
});

describe('a process that dies while it changes the keys', () => {
  // A change reads the site, removes the copy of its keys, files the audit's entry of the change before (here that of the
  // new key), writes the site, and writes the copy.
  test.each([1, 2, 3, 4, 5])(
    'after %i requests: no key is good for ever, and none is lost',
    async (requests) => {
      const { siteKey } = await addKey();
      forget();
      gate.shutAfter(requests);
      await removeKey(DEMO_KEY_ID);
      await gate.open();
      forget();

      const wanted = requests >= 4 ? [401, 202] : [202, 202];
      expect([await report(SITE_KEY), await report(siteKey)]).toEqual(wanted);
      now += 2_001;
      expect([await report(SITE_KEY), await report(siteKey)]).toEqual(wanted);
      // What it has left is repaired: strangers cost no more than before.
      await report('wrong');
      forget();
      await report('wrong');
      expect(asked()).toEqual(TWO_SMALL_READS);
    },
  );

  test.each([1, 2, 3])(
    'after %i requests of an addition: the keys stay good, and the next one is',
    async (requests) => {
      gate.shutAfter(requests);
      await addKey();
      await gate.open();
      forget();
      expect(await report(SITE_KEY)).toBe(202);
      const { keyHashes } = await app.storedSite();
      expect(keyHashes).toHaveLength(requests >= 3 ? 2 : 1);
      if (requests >= 3) await removeKey(keyHashes[1]?.slice(0, 8) ?? '');
      const { siteKey } = await addKey();
      expect(await report(siteKey)).toBe(202);
    },
  );

  test('and whose copy another has made meanwhile: the site decides, and the copy is put right', async () => {
    const { siteKey } = await addKey();
    const former = await smallItem();
    gate.shutAfter(4);
    await removeKey(DEMO_KEY_ID);
    await gate.open();
    await put(former ?? {});
    forget();

    for (let index = 0; index < 100; index++) expect(await report(SITE_KEY)).toBe(401);
    expect(asked().filter((request) => request === 'GetItem demo').length).toBeLessThanOrEqual(2);
    expect(await report(siteKey)).toBe(202);
    forget();
    await report('wrong');
    expect(asked()).toEqual(TWO_SMALL_READS);
  });
});

describe('data of the former release', () => {
  test.each([
    ['no small item', undefined],
    ['one with the version alone', 3],
  ])('%s: it is made from the site by the first who knocks, once', async (_, version) => {
    const { siteId, ...site } = siteWithWebhook();
    await app.stack.putSite({ siteId, ...site, ...(version !== undefined && { version }) });
    if (version === undefined) await app.stack.aws.dynamodb.send(deleteOf('demo#version'));
    forget();
    for (let index = 0; index < 100; index++) expect(await report('wrong')).toBe(401);
    expect(asked()).toEqual(['GetItem demo#version cheap', 'GetItem demo', 'UpdateItem demo#version']);
    const made = await smallItem();
    expect(made?.version).toBe(version);
    expect(made?.credentials).toEqual({
      keyHashes: [keyHash(SITE_KEY)],
      webhookSecretHash: keyHash(WEBHOOK_SECRET),
      sessions: [],
      links: [],
      version: version ?? 0,
      madeAt: now,
    });
    forget();
    expect([await report('wrong'), await report(SITE_KEY), await update(WEBHOOK_SECRET)]).toEqual([
      401, 202, 200,
    ]);
  });

  test('a change that the former release makes, during the deployment: what it has made is good', async () => {
    // It writes the site and the version, and knows nothing of the copy.
    await put({ ...siteWithWebhook(), keyHashes: [keyHash('pwtg_new')], version: 1 });
    await put({ ...(await smallItem()), version: 1 });
    expect([await report(SITE_KEY), await report('pwtg_new')]).toEqual([401, 202]);
  });

  test('a newer item is never overwritten by one that is made from an older site', async () => {
    const { copyCredentials } = await import('../../lib/store/site-credentials.ts');
    const old = await sites.readSite('demo');
    const { siteKey } = await addKey();
    const newer = await smallItem();
    if (old) await copyCredentials(old);
    expect(await smallItem()).toEqual(newer);
    expect(await report(siteKey)).toBe(202);
  });

  test('where the item can not be made, the caller is answered all the same', async () => {
    await app.stack.putSite(siteWithWebhook());
    forget();
    gate.shutAfter(2);
    expect(await report('wrong')).toBe(401);
  });
});

test('a site that was restored by hand: within an hour its keys are those that it has', async () => {
  await addKey();
  await put({ ...siteWithWebhook(), keyHashes: [keyHash('pwtg_restored')] });
  forget();
  expect(await report(SITE_KEY)).toBe(401);
  now += 3_600_001;
  expect(await report('pwtg_restored')).toBe(202);
  forget();
  await report('wrong');
  expect(asked()).toEqual(TWO_SMALL_READS);
  // And a change of it counts, although its version is an earlier one.
  const { siteKey } = await addKey();
  expect(await report(siteKey)).toBe(202);
});

const deleteOf = (siteId: string) =>
  new DeleteItemCommand({ TableName: process.env.SITES_TABLE, Key: { siteId: { S: siteId } } });
