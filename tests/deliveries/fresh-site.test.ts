/** A message is dropped for a site that is off only where the site is off now. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { demoSite } from '../../local/demo.ts';
import { notification, openPostOffice, type PostOffice, record } from '../support/post-office.ts';

let office: PostOffice;
beforeAll(async () => {
  office = await openPostOffice();
});
afterAll(() => office.close());
beforeEach(() => office.reset());

test('switched on again, before its new version is written: sent', async () => {
  const dropped = notification();
  await office.setSite({ active: false });
  await office.deliver([record(dropped)]);
  expect(await office.recordOf(dropped)).toMatchObject({ status: 'skipped', reason: 'site-inactive' });

  await office.stack.putSite(demoSite());
  const message = notification();
  expect(await office.deliver([record(message)])).toEqual([]);

  expect(await office.recordOf(message)).toMatchObject({ status: 'sent' });
});
