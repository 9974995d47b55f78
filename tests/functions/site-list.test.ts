/** The platform lists and searches its sites: `GET /v1/sites`. */
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { demoSite } from '../../local/demo.ts';
import { type App, startApp } from '../support/app.ts';
import { PLATFORM_KEY } from '../support/fixtures.ts';
import { type Gate, startGate } from '../support/gate.ts';

let app: App;
let tables: Gate;
beforeAll(async () => {
  app = await startApp({
    beforeLoading: async () => {
      tables = await startGate(process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '');
      process.env.AWS_ENDPOINT_URL_DYNAMODB = tables.url;
    },
  });
});
afterAll(async () => {
  await app.close();
  await tables.close();
});
beforeEach(async () => {
  jest.restoreAllMocks();
  await tables.open();
  for (const table of ['SitesTable', 'SiteDirectoryTable']) await app.stack.empty(table);
  const { clearSiteCache } = await import('../../lib/store/sites.ts');
  clearSiteCache();
});

const platform = { key: PLATFORM_KEY };
const list = async (query = '') => (await app.call('GET', '/v1/sites', { ...platform, query })).json;
const ids = async (query = '') => (await list(query)).sites.map(({ siteId }: { siteId: string }) => siteId);
const make = (siteId: string, name: string, url = `https://${siteId}.example`) =>
  app.createSite(siteId, { name, url });

describe('without a query', () => {
  test('all sites, in the order of their ids, with what an operator needs and nothing secret', async () => {
    await make('zeta', 'Zeta');
    await make('alfa', 'Alfa');
    const { bot } = demoSite();
    await app.stack.putSite({ ...demoSite(), bot });
    const { sites, ...rest } = await list();
    expect(rest).toEqual({});
    expect(sites).toEqual([
      { siteId: 'alfa', name: 'Alfa', url: 'https://alfa.example', moduleActive: true, active: true },
      {
        ...{
          siteId: 'demo',
          name: 'Demo Shop',
          url: 'https://shop.example',
          moduleActive: true,
          active: true,
        },
        bot: { id: '100', username: 'demo_shop_bot' },
      },
      { siteId: 'zeta', name: 'Zeta', url: 'https://zeta.example', moduleActive: true, active: true },
    ]);
  });

  test('page by page', async () => {
    for (const siteId of ['a', 'b', 'c', 'd', 'e']) await make(siteId, siteId);
    const first = await list('limit=2');
    const second = await list(`limit=2&cursor=${first.cursor}`);
    const third = await list(`limit=2&cursor=${second.cursor}`);
    const pages = [first, second, third].map(({ sites }) =>
      sites.map(({ siteId }: { siteId: string }) => siteId),
    );
    expect(pages).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect(third).not.toHaveProperty('cursor');
  });

  test('none: an empty list', async () => {
    expect(await list()).toEqual({ sites: [] });
  });
});

describe('found by', () => {
  beforeEach(async () => {
    await make('ferramenta-rossi', 'Ferramenta Rossi & Figli S.r.l.', 'https://www.ferramentarossi.example');
    await make('caffe', 'Caffè Nero', 'https://shop.caffenero.example');
    await make('rosso', 'Rosso Rossi', 'https://colori.example');
    await make('citta', 'Nuova', 'https://libri-in-città.example');
    await make('lungo', 'Lungo', 'https://negozio.casa-editrice-fratelli-bianchi-verdi.zanzibar.example');
  });

  test.each([
    ['ferr', ['ferramenta-rossi']],
    ['FERRAMENTA-R', ['ferramenta-rossi']],
    ['ross', ['ferramenta-rossi', 'rosso']],
    ['ross figl', ['ferramenta-rossi']],
    ['caffe', ['caffe']],
    ['caffè nero', ['caffe']],
    ['ferramentarossi.ex', ['ferramenta-rossi']],
    ['https://www.ferramentarossi.example/pagina', ['ferramenta-rossi']],
    ['www.ferramentarossi.example/pagina?a=1', ['ferramenta-rossi']],
    ['libri-in-città.example', ['citta']],
    // The same in the form of the DNS (RFC 3492).
    ['xn--libri-in-citt-1db.example', ['citta']],
    ['zanzibar', ['lungo']],
    ['verdi.zanzibar', ['lungo']],
    ['shop.caffenero', ['caffe']],
    ['s.r.l.', ['ferramenta-rossi']],
    ['amenta', []],
    ['&', []],
    ['\u0000', []],
  ])('%j', async (query, found) => {
    expect((await ids(`query=${encodeURIComponent(query)}`)).toSorted()).toEqual(found);
  });

  test('page by page, each site once', async () => {
    const first = await list('query=ross&limit=1');
    const second = await list(`query=ross&limit=1&cursor=${first.cursor}`);
    expect([...first.sites, ...second.sites].map(({ siteId }) => siteId)).toEqual([
      'ferramenta-rossi',
      'rosso',
    ]);
    expect(second).not.toHaveProperty('cursor');
    expect(
      (await app.call('GET', '/v1/sites', { ...platform, query: `query=caffe&cursor=${first.cursor}` }))
        .status,
    ).toBe(400);
  });

  const encoded = (text: string) => Buffer.from(text).toString('base64url');
  test.each([
    ['that decodes to nothing', 'cursor=x'],
    ['of the people', `cursor=${encoded(' id#anna\nanna')}`],
    ['of what is to come', `cursor=${encoded('1 reminder#720')}`],
    ['of an object', `cursor=${encoded('{}')}`],
    ['of a word, without a query', `cursor=${encoded('rossi\nrosso')}`],
    ['of a site, with a query', `query=ross&cursor=${encoded('rosso')}`],
    ['of no site', `query=ross&cursor=${encoded('rossi\n\u0000')}`],
  ])('a cursor %s is refused', async (_, query) => {
    const { status, json } = await app.call('GET', '/v1/sites', { ...platform, query });
    expect({ status, errors: json.errors }).toMatchObject({ status: 400, errors: [{ pointer: '/cursor' }] });
  });
});

describe('a change is there at once', () => {
  test('name, address, module, bot, the end', async () => {
    const key = await make('bottega', 'Vecchia');
    const body = { name: 'Nuova', url: 'https://nuova.example', moduleActive: false };
    await app.call('PUT', '/v1/sites/bottega', { ...platform, body });
    expect(await ids('query=vecchia')).toEqual([]);
    expect((await list('query=nuova.ex')).sites).toEqual([{ siteId: 'bottega', ...body, active: true }]);
    await app.call('PATCH', '/v1/sites/bottega', { key, body: { active: false } });
    expect((await list()).sites).toEqual([{ siteId: 'bottega', ...body, active: false }]);
    await app.call('DELETE', '/v1/sites/bottega', platform);
    expect(await list()).toEqual({ sites: [] });
    expect(await app.stack.items('SiteDirectoryTable')).toEqual([
      expect.objectContaining({ part: 'progress' }),
    ]);
  });

  test('a change that dies at any of its requests: the list shows the site as it is', async () => {
    await make('officina', 'Nome 0');
    await list();
    const { clearSiteCache, updateSite } = await import('../../lib/store/sites.ts');
    for (let requests = 0, isDone = false; !isDone; requests++) {
      const name = `Nome ${requests + 1}`;
      tables.shutAfter(requests);
      // The answer of a change that is stored is that it is done, also where what follows fails.
      await updateSite('officina', () => ({ name }), { caller: 'platform' }).catch(() => undefined);
      isDone = tables.left() > 0;
      await tables.open();
      clearSiteCache();
      const stored = (await app.storedSite('officina')).name;
      expect([requests, (await list()).sites[0].name]).toEqual([requests, stored]);
      const word = stored.split(' ')[1] ?? '';
      expect([requests, await ids(`query=${word}`)]).toEqual([requests, ['officina']]);
    }
    // What a crash has left is forgotten once no change can be under way.
    const later = Date.now() + 16 * 60_000;
    jest.spyOn(Date, 'now').mockReturnValue(later);
    await list();
    expect((await app.stack.items('SiteDirectoryTable')).filter(({ part }) => part === 'pending')).toEqual(
      [],
    );
  });
});

describe('sites of the former release', () => {
  const former = (siteId: string) => app.stack.putSite({ ...demoSite(), siteId, name: `Negozio ${siteId}` });

  test('are in the list from the first request on', async () => {
    for (const siteId of ['uno', 'due']) await former(siteId);
    expect(await ids()).toEqual(['due', 'uno']);
    expect(await ids('query=negozio')).toEqual(['due', 'uno']);
  });

  test('many of them: until all are there the answer says so, and the next run goes on', async () => {
    for (const siteId of ['uno', 'due']) await former(siteId);
    const times = [0, 10_000];
    const now = Date.now();
    jest.spyOn(Date, 'now').mockImplementation(() => now + (times.shift() ?? 10_000));
    expect(await list()).toMatchObject({ incomplete: true });
    jest.restoreAllMocks();
    const { continueDirectory } = await import('../../lib/sites/directory.ts');
    expect(await continueDirectory(() => true)).toBe(true);
    expect(await list()).not.toHaveProperty('incomplete');
    expect(await ids()).toEqual(['due', 'uno']);
  });

  test('after a table was restored, the directory is made anew', async () => {
    await make('restaurato', 'Prima');
    await make('sparito', 'Sparito');
    await list();
    // The tables are of another time than the directory.
    await app.stack.empty('SitesTable');
    await app.stack.putSite({ ...demoSite(), siteId: 'restaurato', name: 'Dopo' });
    const { replaySiteErasures } = await import('../../lib/sites/replay-site-erasures.ts');
    await replaySiteErasures(new Date().toISOString(), ['SITES_TABLE']);
    expect((await list()).sites.map(({ name }: { name: string }) => name)).toEqual(['Dopo']);
    expect(await ids('query=prima')).toEqual([]);
  });
});

test('the key of a site: 401', async () => {
  const key = await make('bottega', 'Bottega');
  expect((await app.call('GET', '/v1/sites', { key })).status).toBe(401);
  expect((await app.call('GET', '/v1/sites', { key: null })).status).toBe(401);
});

test('a page costs a few small requests, whatever the number of sites', async () => {
  for (let number = 0; number < 12; number++) await make(`sito-${number}`, `Negozio ${number}`);
  await list();
  for (const query of ['', 'query=negozio']) {
    await tables.open();
    await list(query);
    expect(tables.passed()).toBeLessThanOrEqual(4);
  }
});
