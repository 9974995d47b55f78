/** Who works in the shop, as a merchant chooses them. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { StaffMember } from '../../lib/domain/staff.ts';
import { describeWithBrowser } from '../support/browser.ts';
import { type ConsoleRun, DEMO_SHOP, expectAccessible, startConsole } from '../support/console.ts';
import { until } from '../support/local-run.ts';

const LONG = 300_000;

describeWithBrowser('who works in the shop', () => {
  let shop: ConsoleRun;
  beforeAll(async () => {
    shop = await startConsole();
  }, LONG);
  afterAll(async () => {
    expect(shop.complaints).toEqual([]);
    await shop.stop();
  });

  const stored = async () => (await shop.asShop<{ staff?: StaffMember[] }>(DEMO_SHOP, 'GET', '')).staff ?? [];
  const isStored = (staff: StaffMember[]) =>
    until(
      async () => JSON.stringify(await stored()) === JSON.stringify(staff),
      `to be saved: ${JSON.stringify(staff)}`,
    );

  test(
    'people are found, get their notices, show how it stands with their link, and are removed',
    async () => {
      const page = await shop.signedIn('settings');
      const save = page.getByRole('button', { name: 'Salva', exact: true });
      const search = page.getByLabel('Aggiungi una persona');
      await search.fill('carla');
      // The key that ends a search elsewhere saves nothing.
      await search.press('Enter');
      await page.getByRole('button', { name: /^Aggiungi Carla/ }).click();
      const carla = page.getByRole('group', { name: /Carla/ });
      await carla.getByText('Collegata', { exact: true }).waitFor();
      await carla.getByLabel('Messaggi spenti').check();
      await search.fill('dario');
      await page.getByRole('button', { name: /^Aggiungi Dario/ }).click();
      await page.getByRole('group', { name: /Dario/ }).getByText('Non riceve ancora nulla').waitFor();
      await expectAccessible(page);
      expect(await stored()).toEqual([]);
      await save.click();
      await isStored([
        { userId: 'carla', notices: ['new-order', 'module-off'] },
        { userId: 'dario', notices: ['new-order'] },
      ]);

      // Their state is there again after a reload; their page has the link and its QR code.
      await page.reload();
      await carla.getByText('Collegata', { exact: true }).waitFor();
      await carla.getByRole('button', { name: /^Togli Carla/ }).click();
      // Somebody who is told nothing is none of them.
      await page.getByRole('group', { name: /Dario/ }).getByLabel('Nuovi ordini').uncheck();
      await save.click();
      await isStored([]);
      await page.setViewportSize({ width: 390, height: 800 });
      await expectAccessible(page);
    },
    LONG,
  );
});
