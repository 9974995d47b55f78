/** A message is dropped for a site that is off only where the site is off now. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { demoSite } from '../../local/demo.ts';
import { type App, startApp } from '../support/app.ts';
import { notification, record } from '../support/sqs-events.ts';

let app: App;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator', forDeliveries: true });
});
afterAll(() => app.close());
beforeEach(() => app.reset());

test('switched on again, before its new version is written: sent', async () => {
  const dropped = notification();
  await app.setSite({ active: false });
  await app.deliver([record(dropped)]);
  expect(await app.findDelivery(dropped)).toMatchObject({ status: 'skipped', reason: 'site-inactive' });

  await app.stack.putSite(demoSite());
  const message = notification();
  expect(await app.deliver([record(message)])).toEqual([]);

  expect(await app.findDelivery(message)).toMatchObject({ status: 'sent' });
});
