/** Who may report events: a key opens its own site and no other, and only while the site is active. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { demoSite } from '../../local/demo.ts';
import { EVENTS, payload } from '../support/payloads.ts';
import type { RequestParts } from '../support/requests.ts';
import { keyHash, openShop, type Shop } from '../support/shop.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
  await shop.stack.putSite({ ...demoSite(), siteId: 'other', keyHashes: [keyHash('pwtg_other')] });
  await shop.stack.putSite({ ...demoSite(), siteId: 'keyless', keyHashes: [] });
});
afterAll(() => shop.close());
beforeEach(async () => {
  await shop.setSite();
  await shop.takeQueued();
});

const UNAUTHORIZED = {
  type: 'about:blank',
  title: 'Unauthorized',
  status: 401,
  detail: 'Unknown site or wrong key. Send "Authorization: Bearer KEY" with a key of this site.',
};

const refused: [string, RequestParts][] = [
  ['an unknown site', { siteId: 'nowhere' }],
  ['a wrong key', { authorization: 'Bearer pwtg_wrong' }],
  ["another site's key", { authorization: 'Bearer pwtg_other' }],
  ['the key, at another site', { siteId: 'other' }],
  ['the platform key', { authorization: 'Bearer platform-demo' }],
  ['no header', { authorization: null }],
  ['an empty header', { authorization: '' }],
  ['a key without its scheme', { authorization: 'pwtg_demo' }],
  ['another scheme', { authorization: 'Basic pwtg_demo' }],
  ['a scheme without a key', { authorization: 'Bearer ' }],
  ['the beginning of the key', { authorization: 'Bearer pwtg_dem' }],
  ['the key and more', { authorization: 'Bearer pwtg_demo1' }],
  ['the key in capitals', { authorization: 'Bearer PWTG_DEMO' }],
  ['two keys', { authorization: 'Bearer pwtg_demo pwtg_demo' }],
  ['the stored hash of the key', { authorization: `Bearer ${keyHash('pwtg_demo')}` }],
  ['a very long key', { authorization: `Bearer ${'x'.repeat(10_000)}` }],
  ['a key beyond ASCII', { authorization: 'Bearer pwtg_dèmo' }],
  ['a site without keys', { siteId: 'keyless' }],
  ['a site id that no site can have', { siteId: '../demo' }],
  ['a site id in capitals', { siteId: 'DEMO' }],
  ['an empty site id', { siteId: '' }],
  ['a very long site id', { siteId: 'a'.repeat(5_000) }],
];

describe('401, the same for all', () => {
  test.each(refused)('%s', async (_what, parts) => {
    const answer = await shop.report('order-status', payload('order-status'), parts);

    expect(answer.status).toBe(401);
    expect(answer.json).toEqual(UNAUTHORIZED);
    expect(answer.headers).toEqual({
      'content-type': 'application/problem+json',
      'www-authenticate': 'Bearer',
    });
    expect(await shop.takeQueued()).toEqual([]);
  });

  test('byte for byte', async () => {
    const bodies = new Set<string | undefined>();
    for (const [, parts] of refused) bodies.add((await shop.report('message-sent', '{', parts)).body);
    expect(bodies.size).toBe(1);
  });

  test.each(EVENTS)('%s asks for a key', async (event) => {
    const answer = await shop.report(event, payload(event), { authorization: null });
    expect(answer.json).toEqual(UNAUTHORIZED);
  });

  test('says nothing about the body, nor whether the site is active', async () => {
    await shop.setSite({ moduleActive: false });
    const answer = await shop.report('order-status', 'not JSON', { authorization: 'Bearer pwtg_wrong' });
    expect(answer.json).toEqual(UNAUTHORIZED);
  });
});

describe('let in', () => {
  test.each([['bearer pwtg_demo'], ['BEARER pwtg_demo'], ['Bearer   pwtg_demo']])(
    '%s: the scheme has no case (RFC 9110, section 11.1)',
    async (authorization) => {
      const answer = await shop.report('order-status', payload('order-status'), { authorization });
      expect(answer.status).toBe(202);
    },
  );

  test('both keys while they are rotated, and neither of them afterwards', async () => {
    const report = async (key: string) =>
      (await shop.report('order-status', payload('order-status'), { authorization: `Bearer ${key}` })).status;

    await shop.setSite({ keyHashes: [keyHash('pwtg_old'), keyHash('pwtg_new')] });
    expect(await report('pwtg_old')).toBe(202);
    expect(await report('pwtg_new')).toBe(202);

    await shop.setSite({ keyHashes: [keyHash('pwtg_new')] });
    expect(await report('pwtg_old')).toBe(401);
    expect(await report('pwtg_new')).toBe(202);
  });

  test('a key that was made a moment ago is good at once, although the site is remembered without it', async () => {
    const report = async (key: string) =>
      (await shop.report('order-status', payload('order-status'), { authorization: `Bearer ${key}` })).status;
    expect(await report('pwtg_demo')).toBe(202);

    // Not through `shop.setSite`, which makes the function forget the site.
    const keyHashes = [keyHash('pwtg_demo'), keyHash('pwtg_fresh')];
    await shop.stack.putSite({ ...demoSite(), keyHashes });
    expect(await report('pwtg_fresh')).toBe(202);
    expect(await report('pwtg_wrong')).toBe(401);
  });
});

describe('403', () => {
  const module = 'The Telegram module is not active for this site. It is activated by the platform.';
  const off = 'The Telegram integration of this site is switched off. The merchant can switch it on.';

  test.each([
    ['without the module', { moduleActive: false }, module],
    ['switched off', { active: false }, off],
    ['without the module and switched off', { moduleActive: false, active: false }, module],
  ])('a site %s sends nothing', async (_which, settings, detail) => {
    await shop.setSite(settings);
    for (const event of EVENTS) {
      const answer = await shop.report(event, payload(event));
      expect(answer.status).toBe(403);
      expect(answer.json).toEqual({ type: 'about:blank', title: 'Forbidden', status: 403, detail });
    }
    expect(await shop.takeQueued()).toEqual([]);
  });

  test('goes away with its cause: nothing was lost', async () => {
    await shop.setSite({ active: false });
    await shop.report('order-status', payload('order-status', { eventId: 'off-and-on' }));
    await shop.setSite({ active: true });

    const answer = await shop.report('order-status', payload('order-status', { eventId: 'off-and-on' }));

    expect(answer.status).toBe(202);
    expect(await shop.takeQueued()).toHaveLength(1);
  });
});
