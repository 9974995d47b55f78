/** A change of a site dies at every one of its requests: no version and no entry is lost, and none is of what was not done. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { keyHash, PLATFORM_KEY, SITE_KEY } from '../support/fixtures.ts';
import { type Gate, startGate } from '../support/gate.ts';

let app: App;
let tables: Gate;
let clearSiteCache: () => void;
beforeAll(async () => {
  app = await startApp({
    beforeLoading: async () => {
      tables = await startGate(process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '');
      process.env.AWS_ENDPOINT_URL_DYNAMODB = tables.url;
    },
  });
  ({ clearSiteCache } = await import('../../lib/store/sites.ts'));
});
afterAll(async () => {
  await app.close();
  await tables.close();
});
beforeEach(() => app.reset());

const SITE = '/v1/sites/demo';
const template = {
  id: 'mio',
  name: 'Nome 0',
  event: 'message-read' as const,
  enabled: true,
  text: { it: 'Letto', en: 'Read' },
};
const names = async () => {
  const { json } = await app.call('GET', `${SITE}/templates/mio/versions`);
  return json.versions.map((version: { template: { name: string } }) => version.template.name);
};
const entries = async () => (await app.call('GET', `${SITE}/audit`, { key: PLATFORM_KEY })).json.entries;

/** Does it again and again, each time with one request more, until all of them get through. */
async function dyingEverywhere(
  attempt: (round: number) => Promise<unknown>,
  check: (round: number) => unknown,
) {
  for (let round = 0, isDone = false; !isDone; round++) {
    tables.shutAfter(round);
    await attempt(round).catch(() => undefined);
    isDone = tables.left() > 0;
    await tables.open();
    clearSiteCache();
    await check(round);
  }
}

test('changing a template: its versions and the audit say what was done, and nothing else', async () => {
  await app.setTemplates(template);
  const done = ['Nome 0'];
  await dyingEverywhere(
    (round) => app.call('PATCH', `${SITE}/templates/mio`, { body: { name: `Nome ${round + 1}` } }),
    async (round) => {
      const present = (await app.storedSite()).templates[0]?.name ?? '';
      if (present !== done[0]) done.unshift(present);
      expect([round, await names()]).toEqual([round, done.slice(0, 20)]);
      expect([round, (await entries()).length]).toEqual([round, done.length - 1]);
    },
  );
  expect(done.length).toBeGreaterThan(1);
});

test('deleting one: it is there, or its last version is', async () => {
  await app.setTemplates(template);
  await dyingEverywhere(
    async () => {
      await app.call('DELETE', `${SITE}/templates/mio`);
    },
    async (round) => {
      expect([round, await names()]).toEqual([round, ['Nome 0']]);
      const isThere = (await app.storedSite()).templates.length > 0;
      expect([round, (await entries()).length]).toEqual([round, isThere ? 0 : 1]);
    },
  );
});

test('deleting a site: it is there, or the audit says who has deleted it', async () => {
  const path = '/v1/sites/effimera';
  await app.createSite('effimera');
  const { eraseSite } = await import('../../lib/sites/erase-site.ts');
  const { ownAddresses } = await import('../../lib/sites/own-addresses.ts');
  const kinds = async () => {
    const { json } = await app.call('GET', `${path}/audit`, { key: PLATFORM_KEY });
    return json.entries.map(({ changes }: { changes: { action: string }[] }) => changes[0]?.action);
  };
  await dyingEverywhere(
    () => eraseSite('effimera', ownAddresses(), { by: { caller: 'platform', keyId: '01234567' } }),
    async (round) => {
      const isThere = (await app.call('GET', path, { key: PLATFORM_KEY })).status === 200;
      expect([round, await kinds()]).toEqual([
        round,
        isThere ? ['site-created'] : ['site-deleted', 'site-created'],
      ]);
    },
  );
  expect((await app.call('GET', path, { key: PLATFORM_KEY })).status).toBe(404);
});

test('two who change at once: both are in the audit, in the order of the versions', async () => {
  await app.setTemplates(template);
  const patches = [{ name: 'Uno' }, { text: { it: 'Due' } }, { enabled: false }];
  const answers = await Promise.all(
    patches.map((body) => app.call('PATCH', `${SITE}/templates/mio`, { body })),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(await entries()).toHaveLength(3);
  const { json } = await app.call('GET', `${SITE}/templates/mio/versions`);
  expect(json.versions.map(({ version }: { version: number }) => version)).toEqual([3, 2, 1, 0]);
});

describe('the answer of the table to one request is lost, and the request comes again', () => {
  // More than each of these changes makes.
  const places = [0, 1, 2, 3, 4, 5, 6, 7];
  const losing = async (place: number, method: string, path: string, options: object = {}) => {
    tables.loseAnswers(1, place);
    const answer = await app.call(method, path, { key: PLATFORM_KEY, ...options });
    tables.loseAnswers(0);
    clearSiteCache();
    return answer;
  };

  test('a key that is added is told, and there is one', async () => {
    for (const place of places) {
      await app.reset();
      const { status, json } = await losing(place, 'POST', `${SITE}/keys`);
      expect([place, status]).toEqual([place, 201]);
      expect((await app.storedSite()).keyHashes).toEqual([expect.any(String), keyHash(json.siteKey)]);
      expect((await entries()).length).toBe(1);
      expect((await losing(place, 'DELETE', `${SITE}/keys/${json.keyId}`)).status).toBe(204);
      expect((await entries()).length).toBe(2);
    }
  });

  test('the first key of a new site too', async () => {
    const body = { name: 'Bottega', url: 'https://bottega.example', moduleActive: true };
    for (const place of places) {
      const { status, json } = await losing(place, 'PUT', `/v1/sites/nuovo-${place}`, { body });
      expect([place, status, json.siteKey]).toEqual([place, 201, expect.stringMatching(/^pwtg_/)]);
    }
  });

  test('nobody is told that their own change was that of somebody else', async () => {
    for (const place of places) {
      await app.setSite({ templates: [{ ...template, version: 7 }], version: 7 });
      const body = { name: `Nome ${place + 1}` };
      const options = { key: SITE_KEY, ifMatch: '"7"', body };
      const { status, headers } = await losing(place, 'PATCH', `${SITE}/templates/mio`, options);
      expect([place, status, headers.etag]).toEqual([place, 200, '"8"']);
    }
  });
});
