import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { demoSite } from '../../local/demo.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let sites: typeof import('../../lib/store/sites.ts');

beforeAll(async () => {
  stack = await startStack();
  sites = await import('../../lib/store/sites.ts');
});
afterAll(() => stack.close());
beforeEach(async () => {
  jest.restoreAllMocks();
  sites.forgetSites();
  await stack.putSite(demoSite());
});

describe('findSite', () => {
  test('finds a site with all that was stored', async () => {
    const site = { ...demoSite(), name: 'Tende & c.', telegramGroups: ['Agenti'], merchantContact: '@shop' };
    await stack.putSite(site);
    expect(await sites.findSite('demo')).toEqual(site);
  });

  test('finds nothing where there is nothing, and does not remember that', async () => {
    expect(await sites.findSite('later')).toBeUndefined();
    await stack.putSite({ ...demoSite(), siteId: 'later' });
    expect((await sites.findSite('later'))?.siteId).toBe('later');
  });

  test('a change is in force after 30 seconds, and not before', async () => {
    const now = Date.now();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(now);
    expect((await sites.findSite('demo'))?.active).toBe(true);
    await stack.putSite({ ...demoSite(), active: false });

    clock.mockReturnValue(now + 29_999);
    expect((await sites.findSite('demo'))?.active).toBe(true);
    clock.mockReturnValue(now + 30_000);
    expect((await sites.findSite('demo'))?.active).toBe(false);
  });

  test('one site is not taken for another', async () => {
    await stack.putSite({ ...demoSite(), siteId: 'other', name: 'Other' });
    expect((await sites.findSite('demo'))?.name).toBe('Demo Shop');
    expect((await sites.findSite('other'))?.name).toBe('Other');
    expect((await sites.findSite('demo'))?.name).toBe('Demo Shop');
  });
});
