/**
 * What holds for every screen: nothing moves while it loads, 200 % zoom, right-to-left content, the keyboard alone, the focus
 * after dialogs; and the console inside the page of another site.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { listen } from '../../local/ports.ts';
import { describeWithBrowser } from '../support/browser.ts';
import { type ConsoleRun, DEMO_SHOP, type Shop, startConsole } from '../support/console.ts';
import { sample, until } from '../support/local-run.ts';

const LONG = 300_000;

const NAME = 'דנה כהן';
const COMPANY = 'חנות הספרים';
const TEXT = 'رسالة إلى {{nominativo}}';
const SUBJECT = 'رسالة من المتجر';

/** WCAG 2.2, success criterion 1.4.10: a window 1280 pixels wide, at 200 %, shows 640 of CSS. */
const ZOOMED = { width: 640, height: 512 };

describeWithBrowser('for everybody: the console', () => {
  let shop: ConsoleRun;
  let shown: Shop;
  /** The names of the screens, as the console itself has them. */
  let screens: { ofSites: string[]; ofPlatform: string[] };

  beforeAll(async () => {
    const [ofSites = '', ofPlatform = ''] = (await readFile('console/screens.ts', 'utf8')).split(
      'PLATFORM_SCREENS',
    );
    const namesIn = (text: string) => [...text.matchAll(/name: '([a-z]+)'/g)].map(([, name = '']) => name);
    screens = { ofSites: namesIn(ofSites), ofPlatform: namesIn(ofPlatform) };
    expect(screens).toMatchObject({
      ofSites: expect.arrayContaining(['home', 'webhook']),
      ofPlatform: expect.arrayContaining(['sites', 'audit']),
    });
    shop = await startConsole();
    shown = await fullShop();
  }, LONG);
  afterAll(async () => {
    expect(shop.complaints).toEqual([]);
    await shop.stop();
  });

  /** The demo shop with something on each screen, written from right to left. */
  async function fullShop(): Promise<Shop> {
    await shop.asPlatform('PUT', '/v1/sites/demo', {
      name: COMPANY,
      url: 'https://shop.example',
      moduleActive: true,
    });
    await shop.asShop(DEMO_SHOP, 'PATCH', '', { merchantContact: COMPANY, telegramGroups: [COMPANY] });
    await shop.asShop(DEMO_SHOP, 'PATCH', '/users/anna', {
      firstName: NAME,
      lastName: null,
      companyName: COMPANY,
    });
    const text = { it: TEXT, en: TEXT };
    const own = { id: 'destra', name: SUBJECT, event: 'message-sent', enabled: true, text };
    await shop.asShop(DEMO_SHOP, 'POST', '/templates', { ...own, groups: [COMPANY], button: text });
    await shop.asShop(DEMO_SHOP, 'PATCH', '/templates/destra', { name: `${SUBJECT} 2` });
    const message = await sample('message-sent');
    await shop.run.report('message-sent', {
      ...message,
      ...{ eventId: 'destra-1', recipients: [{ id: 'anna' }], occurredAt: undefined },
      message: { id: 'destra-1', subject: SUBJECT },
    });
    const cart = await sample('abandoned-cart');
    const occurredAt = new Date().toISOString();
    await shop.run.report('abandoned-cart', {
      ...cart,
      eventId: 'destra-2',
      occurredAt,
      user: { id: 'anna' },
    });
    return DEMO_SHOP;
  }

  /** Every screen, and the pages behind them. */
  const placesOfSite = () => [
    ...screens.ofSites,
    ...['people/anna', 'messages/destra', 'messages/destra/history', 'messages/~new', 'settings/changes'],
  ];
  const placesOfPlatform = () => [
    ...screens.ofPlatform,
    ...['sites/demo', 'sites/~new', 'keys/demo', 'audit/demo'],
  ];

  async function signInAsPlatform(page: Page): Promise<void> {
    const signIn = { method: 'POST', body: JSON.stringify({ key: 'platform-demo' }) };
    const headers = { 'x-console': '1', 'content-type': 'application/json' };
    await page.evaluate(
      `fetch('/console/session', ${JSON.stringify({ ...signIn, headers })}).then(() => {})`,
    );
    await page.reload();
  }

  /** Goes there without loading the page anew, as a click does, and waits until all has come. */
  async function openPlace(page: Page, place: string, isDone: () => boolean): Promise<void> {
    await page.evaluate(`location.hash = '#/${place}'`);
    await page.locator('main h1').first().waitFor();
    let quietSince = Date.now();
    await until(async () => {
      if (!isDone() || (await page.locator('main .waiting').count()) > 0) quietSince = Date.now();
      return Date.now() - quietSince > 400;
    }, `all of ${place}`);
  }

  test(
    'holds still while it loads, and needs no scrolling sideways at 200 %',
    async () => {
      const nobody = await shop.newShop('vuoto', 'Vuoto');
      for (const [who, places] of [
        [shown, placesOfSite().map((place) => `demo/${place}`)],
        [shown, placesOfPlatform().map((place) => `~platform/${place}`)],
        [nobody, ['home', 'bot', 'people', 'log'].map((place) => `vuoto/${place}`)],
      ] as const) {
        const page = await shop.signedIn('', { shop: who, viewport: ZOOMED });
        await page.addInitScript(WATCH_SHIFTS);
        if (places[0]?.startsWith('~platform')) await signInAsPlatform(page);
        else await page.reload();
        // Each answer comes by itself, and well after the one before.
        let pending = 0;
        let begun = 0;
        await page.route('**/v1/**', async (route) => {
          pending += 1;
          begun += 1;
          await new Promise((resolve) => setTimeout(resolve, 100 * (begun % 8)));
          // Where the screen needs it no more, it is gone.
          await route.continue().catch(() => {});
          pending -= 1;
        });
        for (const place of places) {
          await page.evaluate('shifts.length = 0');
          await openPlace(page, place, () => pending === 0);
          expect([place, await page.evaluate('shifts')]).toEqual([place, []]);
          expect([place, await page.evaluate(SIDEWAYS)]).toEqual([place, []]);
        }
        await page.unrouteAll({ behavior: 'wait' });
        await page.context().close();
      }
    },
    LONG,
  );

  test(
    'shows what people write from right to left as they write it',
    async () => {
      const page = await shop.signedIn('', { shop: shown });
      let seen = 0;
      for (const place of placesOfSite()) {
        await openPlace(page, `demo/${place}`, () => true);
        if (place === 'log') await page.getByText(NAME).first().waitFor();
        const { wrong, right } = await page.evaluate<{ wrong: string[]; right: number }>(RIGHT_TO_LEFT);
        expect([place, wrong]).toEqual([place, []]);
        seen += right;
      }
      expect(seen).toBeGreaterThan(12);
      await signInAsPlatform(page);
      for (const place of placesOfPlatform()) {
        await openPlace(page, `~platform/${place}`, () => true);
        const { wrong } = await page.evaluate<{ wrong: string[] }>(RIGHT_TO_LEFT);
        expect([place, wrong]).toEqual([place, []]);
      }
      await page.context().close();
    },
    LONG,
  );

  /** Presses Tab until that has the focus. */
  async function tabTo(page: Page, wanted: Locator): Promise<void> {
    await wanted.waitFor();
    for (let presses = 0; presses < 250; presses += 1) {
      if (await hasFocus(wanted)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab does not lead to ${wanted}.`);
  }
  const hasFocus = (wanted: Locator) => wanted.and(wanted.page().locator(':focus')).count().then(Boolean);

  test(
    'is used with the keyboard alone, from signing in to the test of a message',
    async () => {
      const page = await shop.newPage();
      const { keyboard } = page;
      await page.goto(shop.address);
      await tabTo(page, page.getByLabel('Codice del negozio'));
      await keyboard.type(shown.siteId);
      await tabTo(page, page.getByLabel('Chiave del negozio'));
      await keyboard.type(shown.key);
      await keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'Per iniziare' }).waitFor();

      await tabTo(page, page.getByRole('link', { name: 'Messaggi', exact: true }));
      await keyboard.press('Enter');
      // The focus is at the beginning of what has come.
      const heading = page.getByRole('heading', { level: 1, name: 'Messaggi' });
      await heading.waitFor();
      await until(() => hasFocus(heading), 'the focus on the heading');
      await tabTo(page, page.getByRole('link', { name: `${SUBJECT} 2`, exact: true }));
      await keyboard.press('Enter');
      const text = page.getByLabel('Messaggio in italiano', { exact: true });
      await tabTo(page, text);
      await keyboard.press('Control+a');
      await keyboard.type('Con la tastiera: ');
      const chip = page.getByRole('button', { name: /^Inserisci Oggetto/ }).first();
      await tabTo(page, chip);
      await keyboard.press('Enter');
      // It goes on where the text is.
      await until(() => hasFocus(text), 'the focus on the text');
      await keyboard.type('.');
      expect(await text.inputValue()).toBe('Con la tastiera: {{oggettoMessaggio}}.');
      await keyboard.press('Control+s');
      await page.getByText('Tutto salvato').waitFor();

      const open = page.getByRole('button', { name: 'Invia una prova' });
      await tabTo(page, open);
      await keyboard.press('Enter');
      const dialog = page.getByRole('dialog', { name: 'Invia una prova' });
      await tabTo(page, dialog.getByLabel('Cerca una persona collegata'));
      await keyboard.type('carla');
      await until(async () => (await dialog.getByRole('radio').count()) === 1, 'the one person');
      await tabTo(page, dialog.getByRole('radio'));
      await keyboard.press('Space');
      await tabTo(page, dialog.getByRole('button', { name: 'Invia la prova' }));
      await keyboard.press('Enter');
      await dialog.getByText('Inviato: è nella chat.').waitFor();
      await keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      expect(await hasFocus(open)).toBe(true);
      await page.context().close();
    },
    LONG,
  );

  test(
    'gives the focus back where a dialog is closed',
    async () => {
      const page = await shop.signedIn('', { shop: shown });
      const openers: [place: string, role: 'button' | 'switch', name: string | RegExp][] = [
        ['people', 'button', 'Collega una persona'],
        ['people/anna', 'button', 'Correggi nome e lingua'],
        ['people/anna', 'button', 'Non inviare più messaggi'],
        ['people/anna', 'button', /^Scollega/],
        ['people/anna', 'button', 'Cancella la persona'],
        ['log', 'button', /^Dettagli/],
        ['settings', 'switch', 'Inviare i messaggi su Telegram'],
        ['messages', 'button', /^Elimina/],
        ['messages/destra', 'button', 'Invia una prova'],
        ['messages/destra', 'button', /^Link/],
        ['messages/destra/history', 'button', /^Rimetti/],
      ];
      for (const [place, role, name] of openers) {
        await openPlace(page, `demo/${place}`, () => true);
        const opener = page.getByRole(role, { name }).first();
        await opener.focus();
        await page.keyboard.press('Space');
        const dialog = page.getByRole('dialog');
        await dialog.waitFor();
        expect([place, name, await dialog.locator(':focus').count()]).toEqual([place, name, 1]);
        await page.keyboard.press('Escape');
        await dialog.waitFor({ state: 'detached' });
        expect([place, name, await hasFocus(opener)]).toEqual([place, name, true]);
      }
      await page.context().close();
    },
    LONG,
  );

  test(
    'is in the page of the back office where the deployment allows it, and in no other',
    async () => {
      const office = await startOffice(shop.address);
      const page = await (await shop.browser.newContext({ locale: 'it-IT' })).newPage();
      const frame: FrameLocator = page.frameLocator('iframe');

      // The local run refuses what pages of others load from it, which no deployment does: the page is fetched beside it, with
      // what a deployment answers with the parameter `consoleFrameAncestors` (tests/functions/console-frame.test.ts).
      let ancestors = "'none'";
      await page.route(
        ({ pathname }) => pathname === '/console/',
        async (route) => {
          const answer = await route.fetch({ headers: {} });
          const policy = answer.headers()['content-security-policy'] ?? '';
          const changed = policy.replace(/(?<=; frame-ancestors )'none'$/, ancestors);
          const headers = { ...answer.headers(), 'content-security-policy': changed };
          await route.fulfill({ response: answer, headers });
        },
      );
      const refusal = () =>
        page.waitForEvent('requestfailed', (request) => request.url().startsWith(shop.address));

      // As it is by default: the browser shows nothing of it.
      const refused = refusal();
      await page.goto(office.url);
      expect((await refused).failure()?.errorText).toBe('net::ERR_BLOCKED_BY_RESPONSE');
      expect(await frame.getByRole('heading').count()).toBe(0);

      ancestors = office.origin;
      await page.goto(office.url);
      await frame.getByLabel('Codice del negozio').fill(shown.siteId);
      await frame.getByLabel('Chiave del negozio').fill(shown.key);
      await frame.getByRole('button', { name: 'Accedi', exact: true }).click();
      await frame.getByRole('heading', { level: 1, name: 'Per iniziare' }).waitFor();
      await frame.getByRole('button', { name: 'Menu' }).click();
      await frame.getByRole('link', { name: 'Impostazioni' }).click();
      await frame.getByLabel('Ore prima dell’avviso del carrello').fill('5');
      await frame.getByRole('button', { name: 'Salva', exact: true }).click();
      await frame.getByText('Impostazioni salvate.').waitFor();
      expect(await shop.asShop(shown, 'GET', '')).toMatchObject({ abandonedCartHours: 5 });

      // And with a link, as the back office opens it.
      await page.context().clearCookies();
      await page.goto(`${office.url}?${new URLSearchParams({ open: await shop.linkFor(shown.siteId) })}`);
      await frame.getByRole('heading', { level: 1, name: 'Per iniziare' }).waitFor();

      // The page of anybody else is not the one that is allowed.
      const other = await startOffice(shop.address);
      const again = refusal();
      await page.goto(other.url);
      expect((await again).failure()?.errorText).toBe('net::ERR_BLOCKED_BY_RESPONSE');
      await page.context().close();
      for (const { server } of [office, other]) server.close();
    },
    LONG,
  );
});

/** A page of another origin with a frame, such as the back office of the platform. */
async function startOffice(framed: string): Promise<{ server: Server; origin: string; url: string }> {
  const server = createServer(({ url = '' }, response) => {
    const src = new URLSearchParams(url.split('?')[1]).get('open') ?? framed;
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(
      `<!doctype html><title>Back office</title><iframe src="${src}" width="700" height="600"></iframe>`,
    );
  });
  const origin = `http://127.0.0.1:${await listen(server, 0)}`;
  return { server, origin, url: `${origin}/` };
}

/** Notes what can be pressed, and moves though nobody has pressed anything. @see https://wicg.github.io/layout-instability/ */
const WATCH_SHIFTS = `
  globalThis.shifts = [];
  const CONTROLS = 'a, button, input, select, textarea, summary';
  new PerformanceObserver((list) => {
    for (const { sources } of list.getEntries())
      for (const { node, previousRect, currentRect } of sources) {
        const element = node instanceof Element ? node : node?.parentElement;
        const control = element?.closest(CONTROLS) ?? element?.querySelector(CONTROLS);
        if (!control || previousRect.height === 0) continue;
        shifts.push([control.textContent || control.name, previousRect.y, currentRect.y].join(' | '));
      }
  }).observe({ type: 'layout-shift', buffered: true });
`;

/** What is wider than its place: the page itself, or a part that scrolls by itself. */
const SIDEWAYS = `
  [document.documentElement, ...document.querySelectorAll('main *')]
    .filter((element) => element.scrollWidth > element.clientWidth + 1)
    .filter((element) => element === document.documentElement || /auto|scroll/.test(getComputedStyle(element).overflowX))
    .map((element) => element.outerHTML.slice(0, 120))
`;

/** Texts of people that are drawn in the direction of the console's own words, and how many are drawn in their own. */
const RIGHT_TO_LEFT = `(() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const wrong = [];
  let right = 0;
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode;
    if (!/[\\u0590-\\u07ff]/.test(data) || parentElement.matches('.visually-hidden')) continue;
    if (parentElement.closest('bdi, [dir=auto], option')) right += 1;
    else wrong.push(parentElement.outerHTML.slice(0, 200));
  }
  for (const field of document.querySelectorAll('input, textarea'))
    if (/[\\u0590-\\u07ff]/.test(field.value) && getComputedStyle(field).direction !== 'rtl') wrong.push(field.outerHTML);
  return { wrong, right };
})()`;
