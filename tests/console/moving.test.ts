/** Moving about in the console: what was said, loaded and pressed stays where it belongs. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { pathId } from '../../clients/typescript/connection.ts';
import { describeWithBrowser } from '../support/browser.ts';
import { type ConsoleRun, DEMO_SHOP, startConsole } from '../support/console.ts';
import { sample, until } from '../support/local-run.ts';

const LONG = 300_000;

describeWithBrowser('moving about in the console', () => {
  let shop: ConsoleRun;

  beforeAll(async () => {
    shop = await startConsole();
    const users = Array.from({ length: 180 }, (_, index) => ({
      userId: `CLI/${String(index).padStart(4, '0')}`,
      chatId: 700_000 + index,
      firstName: 'Mario',
      lastName: `Prova${index}`,
      language: 'it',
    }));
    await shop.asShop(DEMO_SHOP, 'POST', '/users/import', { botId: '100', users: users.slice(0, 90) });
    await shop.asShop(DEMO_SHOP, 'POST', '/users/import', { botId: '100', users: users.slice(90) });
    const event = await sample('order-status');
    await shop.run.report('order-status', {
      ...event,
      ...{ eventId: 'spostarsi-1', occurredAt: undefined, holder: { id: 'CLI/0001' } },
      order: { ...(event.order as object), id: 'spostarsi-1', status: 'Confermato' },
    });
  }, LONG);
  afterAll(async () => {
    expect(shop.complaints).toEqual([]);
    await shop.stop();
  });

  const goTo = (page: Page, place: string) => page.evaluate(`location.hash = '#/${place}'`);
  const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });

  /** Lets the answers to such requests wait until they are let go. */
  async function held(page: Page, method: string, path: RegExp): Promise<() => void> {
    let letGo = () => {};
    const wait = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    await page.route(path, async (route) => {
      if (route.request().method() === method) await wait;
      await route.continue().catch(() => {});
    });
    return letGo;
  }

  test(
    'a double click on a download downloads, and a stop is said',
    async () => {
      const page = await shop.signedIn('log');
      const button = page.getByRole('button', { name: 'Scarica per Excel' });
      await page.locator('tbody tr').first().waitFor();
      const place = await button.boundingBox();
      const list = await page.locator('.filters').boundingBox();
      let letGo = await held(page, 'GET', /\/deliveries\?/);
      const files: string[] = [];
      page.on('download', (file) => files.push(file.suggestedFilename()));
      await button.dblclick();
      const stop = page.getByRole('button', { name: 'Interrompi' });
      await stop.waitFor();
      expect(await button.boundingBox()).toEqual(place);
      expect(await page.locator('.filters').boundingBox()).toEqual(list);
      letGo();
      await page.getByText('File pronto').waitFor();
      expect(await button.boundingBox()).toEqual(place);
      expect(files).toHaveLength(1);
      // It is pressed once, however quickly the file is there.
      await page.unroute(/\/deliveries\?/);
      await button.dblclick();
      await until(() => files.length === 2, 'the file');
      await button.click();
      await until(() => files.length === 3, 'the file that was asked for afterwards');

      letGo = await held(page, 'GET', /\/deliveries\?/);
      await button.click();
      await stop.click();
      await page.getByText('interrotto, nessun file').waitFor();
      expect(await button.and(page.locator(':focus')).count()).toBe(1);
      await button.click();
      await stop.waitFor();
      await goTo(page, 'demo/people');
      await page.getByText('“Scarica per Excel”: interrotto').waitFor();
      letGo();
      await page.context().close();
    },
    LONG,
  );

  test(
    'a long name or id breaks itself, and no other word of its table',
    async () => {
      const long = 'Precipitevolissimevolmente'.repeat(9);
      await shop.asShop(DEMO_SHOP, 'PATCH', '/users/carla', {
        firstName: null,
        lastName: null,
        companyName: long,
      });
      await shop.asShop(DEMO_SHOP, 'PATCH', '/users/anna', { firstName: 'אבי', lastName: null });
      const cart = await sample('abandoned-cart');
      const occurredAt = new Date().toISOString();
      await shop.run.report('abandoned-cart', {
        ...cart,
        eventId: 'larga-1',
        occurredAt,
        user: { id: 'carla' },
      });
      await shop.asPlatform('PUT', '/v1/sites/larga', {
        ...{ name: long.slice(0, 131), moduleActive: true },
        url: `https://larga.example/${'x'.repeat(150)}`,
      });
      const page = await shop.signedIn();
      await signInAsPlatform(page);
      for (const width of [390, 800, 1200]) {
        await page.setViewportSize({ width, height: 900 });
        for (const place of ['demo/people', 'demo/log', 'demo/waiting', '~platform/sites']) {
          await goTo(page, place);
          await page
            .locator('tbody tr', { hasText: place === '~platform/sites' ? 'larga' : /./ })
            .first()
            .waitFor();
          expect([width, place, await page.evaluate(BROKEN_WORDS)]).toEqual([width, place, []]);
          expect([width, place, await page.evaluate(SIDEWAYS)]).toEqual([width, place, []]);
        }
        await goTo(page, 'demo/people');
        // Names from right to left begin where all others do.
        await page.getByRole('link', { name: 'אבי' }).waitFor();
        expect([width, await page.evaluate(LEFT_OF_NAMES)]).toEqual([width, 1]);
      }
      await page.context().close();

      const named = await shop.signedIn('home', {
        shop: { siteId: 'larga', key: '' },
        viewport: { width: 390, height: 800 },
      });
      await named.getByText(long.slice(0, 20)).first().waitFor();
      expect((await named.locator('.shell-header').boundingBox())?.height).toBeLessThan(90);
      await named.context().close();
    },
    LONG,
  );

  test(
    'what was said of a screen ends with it',
    async () => {
      const page = await shop.signedIn('people/CLI%2F0003');
      await page.getByRole('button', { name: 'Non inviare più messaggi' }).click();
      await page.getByRole('button', { name: 'Non inviare più', exact: true }).click();
      const said = page.locator('.announcement');
      await said.waitFor();
      await goTo(page, 'demo/people/CLI%2F0004');
      await heading(page, 'Mario Prova4').waitFor();
      expect(await said.count()).toBe(0);

      // An answer that comes when the screen was left says nothing on the next one.
      let letGo = await held(page, 'PATCH', /\/users\//);
      await page.getByRole('button', { name: 'Non inviare più messaggi' }).click();
      const cancel = page.getByRole('dialog').getByRole('button', { name: 'Annulla' });
      const place = await cancel.boundingBox();
      await page.getByRole('button', { name: 'Non inviare più', exact: true }).click();
      await page.getByRole('button', { name: 'Un momento…' }).waitFor();
      // A second click cancels nothing.
      expect(await cancel.boundingBox()).toEqual(place);
      await goTo(page, 'demo/people/CLI%2F0005');
      await heading(page, 'Mario Prova5').waitFor();
      letGo();
      await until(
        async () => 'optedOut' in ((await shop.run.user('CLI/0004')) ?? {}),
        'the change to be made',
      );
      await page.getByText('Nome e lingua').first().waitFor();
      expect(await said.count()).toBe(0);
      await page.unroute(/\/users\//);

      await goTo(page, 'demo/messages/~new?event=message-sent');
      await page.getByLabel('Messaggio in italiano', { exact: true }).fill('{{nessuno}}');
      letGo = await held(page, 'POST', /\/templates$/);
      const answer = page.waitForResponse(
        (response) => response.request().method() === 'POST' && /\/templates$/.test(response.url()),
      );
      await page.getByRole('button', { name: 'Salva', exact: true }).click();
      await page.getByRole('button', { name: /^Salvataggio/ }).waitFor();
      await goTo(page, 'demo/settings');
      await heading(page, 'Impostazioni').waitFor();
      letGo();
      expect((await answer).status()).toBe(400);
      // What has to be known there too says of what it speaks.
      await page.getByText(/^“.+” non è salvato: 2 punti da correggere\.$/).waitFor();

      // What is said of leaving itself is said where that leads.
      await goTo(page, 'demo/people/CLI%2F0006');
      await page.getByRole('button', { name: 'Cancella la persona' }).click();
      await page.getByLabel('Per confermare').fill('CLI/0006');
      await page.getByRole('button', { name: 'Cancella per sempre' }).click();
      await heading(page, 'Persone').waitFor();
      await page.getByText('CLI/0006: i dati sono stati cancellati.').waitFor();

      // On a phone it does not lie over the menu.
      await page.setViewportSize({ width: 390, height: 800 });
      await page.getByRole('button', { name: 'Menu' }).click();
      const link = page.getByRole('navigation', { name: 'Menu' }).getByRole('link');
      for (let index = 0; index < (await link.count()); index += 1) {
        const [at, toast] = [await link.nth(index).boundingBox(), await said.boundingBox()];
        if (at && toast) expect(at.y + at.height <= toast.y || toast.y + toast.height <= at.y).toBe(true);
      }
      await page.context().close();
    },
    LONG,
  );

  test(
    'the way back leads to where a list was left',
    async () => {
      const page = await shop.signedIn('people?state=linked');
      const rows = page.locator('tbody tr');
      const link = page.getByRole('link', { name: 'Mario Prova120' });
      const all = async () => {
        await page.getByText('Mostra altro').click();
        await until(async () => (await rows.count()) === 100, 'the second page');
        await page.getByText('Mostra altro').click();
        await until(async () => (await rows.count()) === 150, 'the third page');
      };
      await all();
      const seen = async () => {
        await until(
          async () => (await rows.count()) === 150 && (await isInView(link)),
          'the place in the list',
        );
        await page.locator('.outdated').waitFor({ state: 'detached' });
        expect(await rows.count()).toBe(150);
        expect(await isInView(link)).toBe(true);
        expect(page.url()).toMatch(/state=linked$/);
        expect(await page.title()).toMatch(/^Persone/);
      };
      await link.click();
      await heading(page, 'Mario Prova120').waitFor();
      await page.evaluate('history.back()');
      await seen();
      // Whoever uses the keyboard goes on where they were.
      await until(async () => (await link.and(page.locator(':focus')).count()) === 1, 'the focus');

      // What has changed meanwhile is there.
      await link.click();
      await heading(page, 'Mario Prova120').waitFor();
      await shop.asShop(DEMO_SHOP, 'PATCH', `/users/${pathId('CLI/0120')}`, {
        companyName: 'x',
        language: 'en',
      });
      await page.getByRole('link', { name: 'Tutte le persone' }).click();
      await seen();
      await until(
        async () => /inglese/.test((await rows.filter({ has: link }).textContent()) ?? ''),
        'the new language',
      );

      // Whoever has come from elsewhere is led to the list, and not out of the console.
      await page.goto('about:blank');
      await page.goto(`${shop.address}#/demo/people/CLI%2F0120`);
      const toAll = page.getByRole('link', { name: 'Tutte le persone' });
      await toAll.click();
      await heading(page, 'Persone').waitFor();
      await page.evaluate('history.back()');
      await heading(page, 'Mario Prova120').waitFor();
      await toAll.click();
      await heading(page, 'Persone').waitFor();

      // The menu leads to the list from its beginning.
      await page.getByRole('link', { name: 'Registro', exact: true }).click();
      await heading(page, 'Registro').waitFor();
      await page.getByRole('link', { name: 'Persone', exact: true }).click();
      await heading(page, 'Persone').waitFor();
      await until(async () => (await rows.count()) === 50, 'the first page');
      expect(await page.evaluate<number>('scrollY')).toBeLessThan(100);
      await page.context().close();
    },
    LONG,
  );

  const isInView = async (what: ReturnType<Page['locator']>) => {
    const box = await what.boundingBox();
    return !!box && box.y > 0 && box.y + box.height < (what.page().viewportSize()?.height ?? 0);
  };

  test(
    'a site that can’t be is none',
    async () => {
      const page = await shop.signedIn();
      await signInAsPlatform(page);
      for (const screen of ['sites', 'keys', 'audit']) {
        await goTo(page, `~platform/${screen}/..`);
        await page.getByText('Non c’è nessun sito con questo codice').waitFor();
        expect(await page.getByText('Qualcosa non ha funzionato').count()).toBe(0);
      }
      await page.context().close();
    },
    LONG,
  );

  async function signInAsPlatform(page: Page): Promise<void> {
    const signIn = { method: 'POST', body: JSON.stringify({ key: 'platform-demo' }) };
    const headers = { 'x-console': '1', 'content-type': 'application/json' };
    await page.evaluate(
      `fetch('/console/session', ${JSON.stringify({ ...signIn, headers })}).then(() => {})`,
    );
    await page.reload();
  }
});

/** For the page: our own words in tables that stand in more than one line. */
const BROKEN_WORDS = `[...document.querySelectorAll('.table th, .table td, .table .tag, .table .nowrap')].filter((element) => !element.closest('thead') || innerWidth > 640).flatMap((element) => {
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const broken = [];
  while (texts.nextNode()) {
    const { data, parentElement } = texts.currentNode;
    if (parentElement.closest('bdi, code')) continue;
    for (const { 0: word, index } of data.matchAll(/\\p{L}{2,20}/gu)) {
      if (/(?:Precipite|xx)/i.test(data)) continue;
      const range = document.createRange();
      range.setStart(texts.currentNode, index);
      range.setEnd(texts.currentNode, index + word.length);
      if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) broken.push(word);
    }
  }
  return broken;
})`;

/** For the page: what is wider than its place. */
const SIDEWAYS = `[document.documentElement, ...document.querySelectorAll('.table-frame')]
  .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1)
  .map(({ className }) => className)`;

/** For the page: at how many places the names of the list begin. */
const LEFT_OF_NAMES = `new Set([...document.querySelectorAll('tbody td:first-child > a .name-part:first-child')].filter(({ textContent }) => textContent.length < 50).map((name) => {
  const range = document.createRange();
  range.selectNodeContents(name);
  return Math.round(range.getBoundingClientRect().left);
})).size`;
