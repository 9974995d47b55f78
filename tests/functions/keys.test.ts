/** Who may report events: a key opens its own site and no other, and only while the site is active. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { demoSite } from '../../local/demo.ts';
import { type App, type ReportOptions, startApp } from '../support/app.ts';
import { keyHash } from '../support/fixtures.ts';
import { EVENTS, payload } from '../support/payloads.ts';

let app: App;

beforeAll(async () => {
  app = await startApp();
  await app.stack.putSite({ ...demoSite(), siteId: 'other', keyHashes: [keyHash('pwtg_other')] });
  await app.stack.putSite({ ...demoSite(), siteId: 'keyless', keyHashes: [] });
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.setSite();
  await app.takeQueued();
});

const UNAUTHORIZED = {
  type: 'about:blank',
  title: 'Unauthorized',
  status: 401,
  code: 'wrong-key',
  detail: 'Unknown site or wrong key. Send "Authorization: Bearer KEY" with a key of this site.',
};

const refused: [string, ReportOptions][] = [
  ['an unknown site', { siteId: 'nowhere' }],
  ['a wrong key', { key: 'pwtg_wrong' }],
  ["another site's key", { key: 'pwtg_other' }],
  ['the key, at another site', { siteId: 'other' }],
  ['the platform key', { key: 'platform-demo' }],
  ['no header', { key: null }],
  ['an empty header', { headers: { authorization: '' } }],
  ['a key without its scheme', { headers: { authorization: 'pwtg_demo' } }],
  ['another scheme', { headers: { authorization: 'Basic pwtg_demo' } }],
  ['a scheme without a key', { key: '' }],
  ['the beginning of the key', { key: 'pwtg_dem' }],
  ['the key and more', { key: 'pwtg_demo1' }],
  ['the key in capitals', { key: 'PWTG_DEMO' }],
  ['two keys', { key: 'pwtg_demo pwtg_demo' }],
  ['the stored hash of the key', { key: keyHash('pwtg_demo') }],
  ['a very long key', { key: 'x'.repeat(10_000) }],
  ['a key beyond ASCII', { key: 'pwtg_dèmo' }],
  ['a site without keys', { siteId: 'keyless' }],
  ['a site id that no site can have', { siteId: '~ZGVtbw' }],
  ['a site id in capitals', { siteId: 'DEMO' }],
  // In no path: what else might call the function.
  ['an empty site id', { pathParameters: { siteId: '' } }],
  ['a very long site id', { siteId: 'a'.repeat(5_000) }],
];

describe('401, the same for all', () => {
  test.each(refused)('%s', async (_what, parts) => {
    const answer = await app.report('order-status', payload('order-status'), parts);

    expect(answer.status).toBe(401);
    expect(answer.json).toEqual(UNAUTHORIZED);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/problem+json',
      'www-authenticate': 'Bearer',
    });
    expect(await app.takeQueued()).toEqual([]);
  });

  test('byte for byte', async () => {
    const bodies = new Set<string | undefined>();
    for (const [, parts] of refused) bodies.add((await app.report('message-sent', '{', parts)).text);
    expect(bodies.size).toBe(1);
  });

  test.each(EVENTS)('%s asks for a key', async (event) => {
    const answer = await app.report(event, payload(event), { key: null });
    expect(answer.json).toEqual(UNAUTHORIZED);
  });

  test('says nothing about the body, nor whether the site is active', async () => {
    await app.setSite({ moduleActive: false });
    const answer = await app.report('order-status', 'not JSON', { key: 'pwtg_wrong' });
    expect(answer.json).toEqual(UNAUTHORIZED);
  });
});

describe('let in', () => {
  test.each([['bearer pwtg_demo'], ['BEARER pwtg_demo'], ['Bearer   pwtg_demo']])(
    '%s: the scheme has no case (RFC 9110, section 11.1)',
    async (authorization) => {
      const headers = { authorization };
      const answer = await app.report('order-status', payload('order-status'), { headers });
      expect(answer.status).toBe(202);
    },
  );

  test('both keys while they are rotated, and neither of them afterwards', async () => {
    const report = async (key: string) =>
      (await app.report('order-status', payload('order-status'), { key })).status;

    await app.setSite({ keyHashes: [keyHash('pwtg_old'), keyHash('pwtg_new')] });
    expect(await report('pwtg_old')).toBe(202);
    expect(await report('pwtg_new')).toBe(202);

    await app.setSite({ keyHashes: [keyHash('pwtg_new')] });
    expect(await report('pwtg_old')).toBe(401);
    expect(await report('pwtg_new')).toBe(202);
  });

  test('a key that was made a moment ago is good at once, although the site is remembered without it', async () => {
    const report = async (key: string) =>
      (await app.report('order-status', payload('order-status'), { key })).status;
    expect(await report('pwtg_demo')).toBe(202);

    // Not through `shop.setSite`, which makes the function forget the site.
    const keyHashes = [keyHash('pwtg_demo'), keyHash('pwtg_fresh')];
    await app.stack.putSite({ ...demoSite(), keyHashes });
    expect(await report('pwtg_fresh')).toBe(202);
    expect(await report('pwtg_wrong')).toBe(401);
  });
});

describe('403', () => {
  const module = 'The Telegram module is not active for this site. It is activated by the platform.';
  const off = 'The Telegram integration of this site is switched off. The merchant can switch it on.';

  test.each([
    ['without the module', { moduleActive: false }, 'module-not-active', module],
    ['switched off', { active: false }, 'site-switched-off', off],
    [
      'without the module and switched off',
      { moduleActive: false, active: false },
      'module-not-active',
      module,
    ],
  ])('a site %s sends nothing', async (_which, settings, code, detail) => {
    await app.setSite(settings);
    for (const event of EVENTS) {
      const answer = await app.report(event, payload(event));
      expect(answer.status).toBe(403);
      expect(answer.json).toMatchObject({
        type: 'about:blank',
        title: 'Forbidden',
        status: 403,
        code,
        detail,
      });
    }
    expect(await app.takeQueued()).toEqual([]);
  });

  test('goes away with its cause: nothing was lost', async () => {
    await app.setSite({ active: false });
    await app.report('order-status', payload('order-status', { eventId: 'off-and-on' }));
    await app.setSite({ active: true });

    const answer = await app.report('order-status', payload('order-status', { eventId: 'off-and-on' }));

    expect(answer.status).toBe(202);
    expect(await app.takeQueued()).toHaveLength(1);
  });
});
