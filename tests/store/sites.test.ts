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
  sites.clearSiteCache();
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

describe('updateSite', () => {
  test('changes what is new, removes what is undefined, and counts', async () => {
    // Every ciphertext of a token is another one.
    const { merchantContact: _gone, ...rest } = demoSite();
    await stack.putSite({ ...rest, merchantContact: '@shop' });

    const changed = await sites.updateSite('demo', () => ({
      name: 'Altro nome',
      active: true,
      merchantContact: undefined,
    }));

    const expected = {
      ...rest,
      name: 'Altro nome',
      version: 1,
      // `active` was so before: it has not changed.
      changedIn: { name: 1, merchantContact: 1 },
    };
    expect(changed).toEqual(expected);
    expect(await sites.readSite('demo')).toEqual(expected);
  });

  test('remembers in which version each field changed last', async () => {
    await sites.updateSite('demo', () => ({ name: 'A', docuvision: true }));
    await sites.updateSite('demo', () => ({ timeZone: 'UTC' }));
    const site = await sites.updateSite('demo', () => ({ name: 'B' }));
    expect(site).toMatchObject({ version: 3, changedIn: { name: 3, docuvision: 1, timeZone: 2 } });
  });

  test('writes nothing where nothing is new', async () => {
    const { templates, keyHashes } = demoSite();
    const site = await sites.updateSite('demo', () => ({
      templates,
      keyHashes,
      merchantContact: demoSite().merchantContact,
    }));
    expect(site).not.toHaveProperty('version');
  });

  test('of many at once none is lost, and each sees what the others did', async () => {
    const groups = Array.from({ length: 6 }, (_, index) => `gruppo ${index}`);
    await Promise.all(
      groups.map((group) =>
        sites.updateSite('demo', ({ telegramGroups }) => ({ telegramGroups: [...telegramGroups, group] })),
      ),
    );
    const site = await sites.readSite('demo');
    expect([...(site?.telegramGroups ?? [])].sort()).toEqual(groups);
    expect(site?.version).toBe(6);
  });

  test('what the change throws comes through, and nothing is written', async () => {
    const refuse = () => {
      throw new RangeError('no');
    };
    await expect(sites.updateSite('demo', refuse)).rejects.toThrow(RangeError);
    expect(await sites.readSite('demo')).not.toHaveProperty('version');
  });

  test('gives up, and says so, where others are always quicker', async () => {
    let rounds = 0;
    const racing = sites.updateSite('demo', ({ version = 0 }) => {
      rounds += 1;
      // A change from elsewhere, between the read and the write of this one.
      const elsewhere = stack.putSite({ ...demoSite(), version: version + 1 });
      blockers.push(elsewhere);
      return { name: `round ${rounds}` };
    });
    const blockers: Promise<void>[] = [];
    await expect(racing).rejects.toThrow('DynamoDB did not serve the request');
    await Promise.all(blockers);
    expect(rounds).toBe(10);
  });

  test('forgets what is remembered of the site', async () => {
    expect((await sites.findSite('demo'))?.name).toBe('Demo Shop');
    await sites.updateSite('demo', () => ({ name: 'Nuovo nome' }));
    expect((await sites.findSite('demo'))?.name).toBe('Nuovo nome');
  });

  test('knows no site that is not there, and makes none', async () => {
    expect(await sites.updateSite('never', () => ({ name: 'x' }))).toBeUndefined();
    expect(await sites.readSite('never')).toBeUndefined();
  });

  test('what delivery notes of the bot is no change', async () => {
    const { markBotUnauthorized } = await import('../../lib/store/bot-problem.ts');
    const stored = await sites.readSite('demo');
    if (stored) await markBotUnauthorized(stored, 'Unauthorized');
    const latest = await sites.readSite('demo');
    expect(latest?.bot?.problem?.description).toBe('Unauthorized');
    expect(latest).not.toHaveProperty('version');
  });
});

test('other items of the table, whatever they are, are no sites', async () => {
  await stack.putSite({ ...demoSite(), version: 1 });
  for (const siteId of ['bot#100', 'demo#other', '#x']) await stack.putSite({ ...demoSite(), siteId });
  const ids = await Array.fromAsync(sites.allSiteIds());
  expect(ids).toContain('demo');
  expect(ids.filter((siteId) => siteId.includes('#'))).toEqual([]);
});

describe('createSite', () => {
  test('makes a site once', async () => {
    expect(await sites.createSite({ ...demoSite(), siteId: 'created' })).toBe(true);
    expect(await sites.createSite({ ...demoSite(), siteId: 'created', name: 'Second' })).toBe(false);
    expect((await sites.findSite('created'))?.name).toBe('Demo Shop');
  });
});
