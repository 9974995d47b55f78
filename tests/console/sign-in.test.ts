/** Signing in to the console and out again, and what stands around every screen. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeWithBrowser } from '../support/browser.ts';
import { type ConsoleRun, DEMO_SHOP, expectAccessible, startConsole } from '../support/console.ts';
import { until } from '../support/local-run.ts';

const KEY = 'Chiave del negozio';
const SITE = 'Codice del negozio';
const SIGN_IN = { name: 'Accedi', exact: true };

describeWithBrowser('the console', () => {
  let shop: ConsoleRun;

  beforeAll(async () => {
    shop = await startConsole();
  }, 120_000);
  afterAll(() => shop?.stop());

  /** What the page keeps, and shows: no secret may be in it. */
  const everythingIn = (page: Page): Promise<string> =>
    page.evaluate(
      'JSON.stringify([location.href, { ...localStorage }, { ...sessionStorage }, document.documentElement.outerHTML, [...document.querySelectorAll("input, textarea")].map((field) => field.value)])',
    );
  const focused = (page: Page): Promise<string> => page.evaluate('document.activeElement.textContent');

  const focusedLabel = (page: Page): Promise<string | undefined> =>
    page.evaluate('document.activeElement.labels?.[0]?.textContent');

  test('is entered with a link, once', async () => {
    const page = await shop.newPage();
    const link = await shop.linkFor('demo');
    const [, token = ''] = link.split('#token=');
    await page.goto(link);
    await page.getByRole('heading', { level: 1, name: 'Per iniziare' }).waitFor();
    expect(page.url()).toBe(`${shop.address}#/demo`);
    expect(await page.title()).toBe('Per iniziare · Demo Shop');
    expect(await everythingIn(page)).not.toContain(token);
    // Nor does the way back lead to it.
    await page.goBack().catch(() => null);
    expect(page.url()).not.toContain(token);

    // Whoever is signed in goes on with an old link: it may be a bookmark, or a second click.
    await page.goto('about:blank');
    await page.goto(link);
    await page.getByRole('heading', { level: 1, name: 'Per iniziare' }).waitFor();

    const stranger = await shop.newPage();
    await stranger.goto(link);
    await stranger.getByText('Questo link non permette di accedere').waitFor();
    await stranger.getByText('aprire la console da lì').waitFor();
    expect(await stranger.getByLabel(SITE).inputValue()).toBe('demo');
    expect(await everythingIn(stranger)).not.toContain(token);
    await expectAccessible(stranger);
  }, 120_000);

  test('is entered with the key of the shop, which is kept nowhere', async () => {
    const page = await shop.newPage();
    await page.goto(shop.address);
    await page.getByRole('heading', { level: 1, name: 'Accesso alla console' }).waitFor();
    await expectAccessible(page);

    await page.getByRole('button', SIGN_IN).click();
    await page.getByText('Scrivere il codice del negozio').waitFor();
    await until(async () => (await focusedLabel(page)) === SITE, 'the focus on the field');
    await page.getByLabel(SITE).fill('demo');
    // Something else was copied, or it is none: which field is meant is said either way.
    for (const wrong of ['p'.repeat(10_000), 'pwtg_wrong']) {
      await page.getByLabel(KEY).fill(wrong);
      await page.getByRole('button', SIGN_IN).click();
      await page.getByText('Il codice del negozio o la chiave non sono giusti').waitFor();
      await until(async () => (await focusedLabel(page)) === KEY, 'the focus on the field');
      expect(await page.getByLabel(KEY).getAttribute('aria-invalid')).toBe('true');
    }
    await expectAccessible(page);

    // Phones begin with a capital letter, and no id has one.
    expect(await page.getByLabel(SITE).getAttribute('autocapitalize')).toBe('none');
    await page.getByLabel(SITE).fill('Demo');
    await page.getByLabel(KEY).fill(` ${DEMO_SHOP.key.slice(0, 6)} ${DEMO_SHOP.key.slice(6)} `);
    await page.getByLabel(KEY).press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Per iniziare' }).waitFor();
    await until(async () => (await focused(page)) === 'Per iniziare', 'the focus on the heading');
    expect(await everythingIn(page)).not.toContain(DEMO_SHOP.key);
    expect(await page.evaluate('document.cookie')).toBe('');
  }, 120_000);

  test('asks for patience where there were too many attempts', async () => {
    const page = await shop.newPage();
    await page.route('**/console/session', (route) =>
      route.request().method() === 'POST'
        ? route.fulfill({
            status: 429,
            headers: { 'retry-after': '2', 'content-type': 'application/problem+json' },
            body: JSON.stringify({ status: 429, code: 'too-many-attempts', detail: 'Troppi tentativi.' }),
          })
        : route.continue(),
    );
    await page.goto(`${shop.address}#/demo/bot`);
    await page.getByLabel(KEY).fill(DEMO_SHOP.key);
    await page.getByRole('button', SIGN_IN).click();
    await page.getByText('Ci sono stati troppi tentativi').waitFor();
    expect(await page.getByRole('button', SIGN_IN).getAttribute('aria-disabled')).toBe('true');
    await page.unroute('**/console/session');
    await page.getByText('Ci sono stati troppi tentativi').waitFor({ state: 'detached' });
    await page.getByRole('button', SIGN_IN).click();
    // Whoever asked for a place gets there.
    await page.getByRole('heading', { level: 1, name: 'Il bot del negozio' }).waitFor();
    expect(page.url()).toBe(`${shop.address}#/demo/bot`);
  });

  test('is entered by the platform, with a key of its own', async () => {
    const page = await shop.newPage();
    await page.goto(shop.address);
    await page.getByRole('button', { name: 'Sono della piattaforma' }).click();
    await page.getByLabel('Chiave della piattaforma').fill('platform-demo');
    await page.getByRole('button', SIGN_IN).click();
    await page.waitForURL((url) => url.hash === '#/~platform');
    await page.getByRole('button', { name: 'Esci' }).waitFor();
  });

  test('shows one shop to one session, and another to none', async () => {
    await shop.newShop('altra');
    const page = await shop.signedIn();
    await page.goto(`${shop.address}#/altra`);
    await page.getByText('In questo browser è aperto un altro negozio').waitFor();
    await page.getByRole('link', { name: 'demo' }).click();
    await page.getByRole('heading', { level: 1, name: 'Per iniziare' }).waitFor();
  });

  test('loses nothing where the session ends while somebody is typing', async () => {
    const page = await shop.signedIn();
    await page.getByText('La pagina sulla privacy').waitFor();
    const field = page.getByLabel('Indirizzo della pagina');
    await field.fill('https://shop.example/riservatezza');
    await page.context().clearCookies();
    await field.press('Enter');
    // The next keys go where the others went, and not into a field for keys.
    const signIn = page.getByRole('button', { name: 'Accedi di nuovo' });
    await signIn.waitFor();
    await page.getByText('nessun accesso valido').first().waitFor();
    await page.keyboard.type('?lang=it');
    expect(await field.inputValue()).toBe('https://shop.example/riservatezza?lang=it');
    await field.fill('https://shop.example/riservatezza');
    await expectAccessible(page);

    await signIn.click();
    const dialog = page.getByRole('dialog', { name: 'L’accesso è terminato' });
    await dialog.getByText('È stato chiuso prima del tempo').waitFor();
    await until(async () => (await focusedLabel(page)) === KEY, 'the focus on the field');
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await signIn.click();
    await dialog.getByLabel(KEY).fill(DEMO_SHOP.key);
    await dialog.getByRole('button', SIGN_IN).click();
    await dialog.waitFor({ state: 'detached' });
    // What was refused for want of a session is no news any more.
    await page.getByText('nessun accesso valido').first().waitFor({ state: 'detached' });
    expect(await field.inputValue()).toBe('https://shop.example/riservatezza');
    await field.press('Enter');
    await page.getByText('Salvato.').waitFor();
    expect(await shop.asShop(DEMO_SHOP, 'GET', '')).toMatchObject({
      privacyUrl: 'https://shop.example/riservatezza',
    });
  }, 120_000);

  test('says that the eight hours are over, and takes no keys that were meant for something else', async () => {
    const page = await shop.newPage();
    await page.route('**/console/session', async (route) => {
      if (route.request().method() !== 'GET') return route.continue();
      const response = await route.fetch();
      const { site } = (await response.json()) as { site: object | null };
      const expiresAt = '2026-01-01T08:00:00.000Z';
      return route.fulfill({ response, json: { site: site && { ...site, expiresAt }, platform: null } });
    });
    await page.goto(await shop.linkFor('demo'));
    await page.getByRole('heading', { level: 1, name: 'Per iniziare' }).waitFor();
    await page.context().clearCookies();
    // What a screen asks for by itself may have been refused before a click.
    await page.evaluate('location.hash = "#/demo/people"');
    const dialog = page.getByRole('dialog', { name: 'L’accesso è terminato' });
    await dialog.getByText('dura otto ore, e sono passate').waitFor();
    await page.keyboard.type('mario');
    expect(await dialog.getByLabel(KEY).inputValue()).toBe('');
    await expectAccessible(page);
  });

  test('asks before a link leads into another shop, and says later that it did', async () => {
    await shop.newShop('evil', 'Demo Shop');
    const page = await shop.signedIn('', { shop: await shop.newShop('mia', 'Demo Shop') });
    await page.locator('summary', { hasText: 'La pagina sulla privacy' }).click();
    await page.getByRole('banner').getByText('mia', { exact: true }).waitFor();
    await page.getByLabel('Indirizzo della pagina').fill('https://shop.example/altra');

    const other = await page.context().newPage();
    const link = await shop.linkFor('evil');
    await other.goto(link);
    await other.getByText('Entrare in evil?').waitFor();
    await expectAccessible(other);
    await other.getByRole('button', { name: 'Resta in mia' }).click();
    await other.getByRole('heading', { level: 1, name: 'Per iniziare' }).waitFor();
    expect(other.url()).toBe(`${shop.address}#/mia`);
    // The link was not used up.
    await other.goto('about:blank');
    await other.goto(link);
    await other.getByRole('button', { name: 'Entra in evil' }).click();
    await other.getByRole('heading', { level: 1, name: 'Per iniziare' }).waitFor();
    expect(other.url()).toBe(`${shop.address}#/evil`);
    await other.getByRole('banner').getByText('evil', { exact: true }).waitFor();

    await page.getByLabel('Indirizzo della pagina').press('Enter');
    await page.getByRole('button', { name: 'Accedi di nuovo' }).click();
    await page.getByText('è stato aperto un altro negozio, evil').waitFor();
    expect(await page.getByLabel('Indirizzo della pagina').inputValue()).toBe('https://shop.example/altra');
  }, 120_000);

  test('loses nothing where a link is opened in the tab where somebody is at work', async () => {
    const other = await shop.newShop('accanto', 'Bottega Accanto');
    const page = await shop.signedIn('bot');
    const typed = page.getByLabel('Messaggio di @BotFather');
    const isThere = async () => {
      expect(page.url()).toBe(`${shop.address}#/demo/bot`);
      expect(await typed.inputValue()).toBe('una bozza');
    };
    await page.getByText('Cambiare token o bot').click();
    await typed.fill('una bozza');

    // Of the same shop: they are signed in again, and stay where they are.
    await page.context().clearCookies();
    const link = await shop.linkFor('demo');
    await page.goto(link);
    await page.getByText('Accesso riuscito').waitFor();
    await isThere();
    expect(await page.context().cookies()).toHaveLength(1);
    expect(await everythingIn(page)).not.toContain(link.split('#token=')[1]);

    // Of another shop: the screen stays until they have said that they want to leave it.
    const away = await shop.linkFor(other.siteId);
    await page.goto(away);
    const dialog = page.getByRole('dialog', { name: 'Entrare in un altro negozio?' });
    await dialog.getByText('salvare prima quello che avete scritto qui').waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await isThere();

    // One that was used up by somebody else.
    const used = await shop.linkFor(other.siteId);
    const stranger = await shop.newPage();
    await stranger.goto(used);
    await stranger.waitForURL((url) => url.hash === '#/accanto');
    await page.goto(used);
    await dialog.getByRole('button', { name: 'Entra in accanto' }).click();
    const refused = page.getByRole('dialog', { name: 'Il link non ha funzionato' });
    await refused.getByText('Questo link non permette di accedere').waitFor();
    await refused.getByRole('button', { name: 'Chiudi' }).click();
    await isThere();

    await page.goto(away);
    await dialog.getByRole('button', { name: 'Entra in accanto' }).click();
    await page.waitForURL((url) => url.hash === '#/accanto');
    await page.getByRole('banner').getByText('Bottega Accanto').waitFor();
  }, 120_000);

  test('is entered with a link to which a program of mail has added something', async () => {
    const page = await shop.newPage();
    await page.goto(`${await shop.linkFor('demo')}&utm_source=mail`);
    await page.getByRole('heading', { level: 1, name: 'Per iniziare' }).waitFor();
    expect(page.url()).toBe(`${shop.address}#/demo`);

    const stranger = await shop.newPage();
    await stranger.goto(`${shop.address}#token=&utm_source=mail`);
    await stranger.getByRole('heading', { level: 1, name: 'Accesso alla console' }).waitFor();
    expect(stranger.url()).not.toContain('token');
  });

  test('notices what was done meanwhile elsewhere, where somebody comes back to it', async () => {
    const cameBack = (which: Page) => which.evaluate('dispatchEvent(new Event("focus")), undefined');
    const page = await shop.newPage();
    await page.goto(shop.address);
    await page.getByText('Il modo più semplice per entrare è da Passweb').waitFor();
    const other = await page.context().newPage();
    await shop.newShop('tornata', 'Bottega Prima');
    await other.goto(await shop.linkFor('tornata'));
    await other.getByText('Bottega Prima').waitFor();
    await cameBack(page);
    await page.getByRole('banner').getByText('Bottega Prima').waitFor();

    await shop.newShop('tornata', 'Bottega Seconda');
    await cameBack(page);
    await page.getByRole('banner').getByText('Bottega Seconda').waitFor();
    await shop.newShop('tornata', 'Bottega Terza');
    await page.getByRole('link', { name: 'Persone' }).click();
    await page.getByRole('banner').getByText('Bottega Terza').waitFor();
  });

  test('is left, and nobody who comes back is in', async () => {
    const page = await shop.signedIn();
    await page.getByRole('button', { name: 'Esci' }).click();
    await page.getByText('Siete usciti').waitFor();
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'Accesso alla console' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Accesso alla console' }).waitFor();
    expect(await page.context().cookies()).toEqual([]);
  });

  test('is used with the keyboard, on a narrow screen, in both languages', async () => {
    const page = await shop.signedIn('', { viewport: { width: 390, height: 800 } });
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Per iniziare' }).waitFor();
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Vai al contenuto');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('content');

    const menu = page.getByRole('button', { name: 'Menu' });
    expect(await menu.getAttribute('aria-expanded')).toBe('false');
    await menu.click();
    expect(await menu.getAttribute('aria-expanded')).toBe('true');
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Bot', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Il bot del negozio' }).waitFor();
    await until(async () => (await focused(page)) === 'Il bot del negozio', 'the focus on the heading');
    expect(await menu.getAttribute('aria-expanded')).toBe('false');
    expect(await page.title()).toBe('Il bot del negozio · Demo Shop');

    // What is typed stays where the language changes.
    await page.getByText('Cambiare token o bot').click();
    await page.getByLabel('Messaggio di @BotFather').fill('una bozza');
    await menu.click();
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { level: 1, name: 'The bot of the shop' }).waitFor();
    expect(await page.getByLabel('Message of @BotFather').inputValue()).toBe('una bozza');
    expect(await page.evaluate('document.documentElement.lang')).toBe('en');
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'The bot of the shop' }).waitFor();

    await page.goto(`${shop.address}#/demo/nothing-here`);
    await page.getByRole('heading', { level: 1, name: 'No such page' }).waitFor();
    await page.getByRole('link', { name: 'Go to the beginning' }).click();
    await page.getByRole('heading', { level: 1, name: 'Getting started' }).waitFor();
  }, 120_000);

  test('says where the server is out of reach, or slow, and goes on by itself', async () => {
    const page = await shop.signedIn();
    await page.getByText('3 persone collegate').waitFor();
    await page.context().setOffline(true);
    await page.getByText('Senza connessione').waitFor();
    await page.getByRole('link', { name: 'Bot', exact: true }).click();
    // The code of a screen that was never opened can't come either.
    await page.getByText('Il server non risponde. Controllate').waitFor();
    const loaded = page.waitForResponse(/\/bot\/managed$/);
    await page.context().setOffline(false);
    await page.getByRole('heading', { level: 1, name: 'Il bot del negozio' }).waitFor();
    await page.getByText('Senza connessione').waitFor({ state: 'detached' });
    // What is answered later would say that the server is there.
    await loaded;

    // A page in the place of an answer, as a proxy sends it, has not reached the server: no session has ended.
    const requests = /\/console\/session$|\/v1\//;
    await page.route(requests, (route) =>
      route.fulfill({ contentType: 'text/html; charset=utf-8', body: '<h1>Accesso alla rete</h1>' }),
    );
    const asked = page.waitForResponse(/\/console\/session$/);
    await page.getByRole('button', { name: 'Prova il collegamento' }).click();
    await page.getByText('Senza connessione').waitFor();
    await asked;
    await page.getByRole('heading', { level: 1, name: 'Il bot del negozio' }).waitFor();
    expect(await page.getByText('L’accesso è terminato').count()).toBe(0);
    await page.unroute(requests);
    await page.getByText('Senza connessione').waitFor({ state: 'detached' });

    const release = Promise.withResolvers<void>();
    await page.route('**/v1/sites/demo/bot/test', async (route) => {
      await release.promise;
      await route.continue();
    });
    await page.getByRole('button', { name: 'Prova il collegamento' }).click();
    await page.getByText('Il server è lento').waitFor();
    release.resolve();
    await page.getByText('Il server è lento').waitFor({ state: 'detached' });
    await page.getByText('Tutto funziona.').first().waitFor();
  }, 120_000);

  test('goes on around a screen that fails', async () => {
    const page = await shop.signedIn();
    await page.getByRole('heading', { level: 1, name: 'Per iniziare' }).waitFor();
    await page.route('**/console/bot-*.js', (route) => route.fulfill({ status: 404, body: '' }));
    await page.getByRole('link', { name: 'Bot', exact: true }).click();
    await page.getByText('La console è stata aggiornata mentre era aperta').waitFor();
    await page.unroute('**/console/bot-*.js');
    await page.route('**/console/bot-*.js', (route) =>
      route.fulfill({
        contentType: 'text/javascript',
        body: 'export default () => { throw new Error("broken on purpose"); };',
      }),
    );
    await page.getByRole('button', { name: 'Ricarica la pagina' }).click();
    await page.getByRole('heading', { level: 1, name: 'Questa pagina si è fermata' }).waitFor();
    await page.getByRole('link', { name: 'Per iniziare' }).click();
    await page.getByRole('heading', { level: 1, name: 'Per iniziare' }).waitFor();
  }, 120_000);

  test('asks nobody else for anything, and breaks none of its own rules', () => {
    expect(shop.complaints).toEqual([]);
  });
});
