/** People, log, waiting, figures, settings, webhook, and the platform's screens, as a merchant uses them. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Download, Page } from 'playwright-core';
import { pathId } from '../../clients/typescript/connection.ts';
import { describeWithBrowser } from '../support/browser.ts';
import { type ConsoleRun, DEMO_SHOP, expectAccessible, type Shop, startConsole } from '../support/console.ts';
import { sample, until } from '../support/local-run.ts';
import { startReceiver } from '../support/receiver.ts';

/** The machine may be slow, and axe looks at each screen four times. */
const LONG = 300_000;

const MARKUP = '<img src=x onerror=alert(1)>';

describeWithBrowser('the rooms of the console', () => {
  let shop: ConsoleRun;

  beforeAll(async () => {
    shop = await startConsole();
  }, LONG);
  afterAll(async () => {
    expect(shop.complaints).toEqual([]);
    await shop.stop();
  });

  /** People, each with a chat of their own. */
  async function importPeople(count: number): Promise<void> {
    const users = Array.from({ length: count }, (_, index) => ({
      userId: `CLI/${String(index).padStart(4, '0')}`,
      chatId: 700_000 + index,
      firstName: index === 7 ? MARKUP : 'Mario',
      lastName: `Prova${index}`,
      language: 'it',
      mutedEvents: ['message-read'],
    }));
    await shop.asShop(DEMO_SHOP, 'POST', '/users/import', { botId: '100', users });
  }

  async function order(eventId: string, userId: string, status = 'Confermato'): Promise<void> {
    const event = await sample('order-status');
    await shop.run.report('order-status', {
      ...event,
      ...{ eventId, occurredAt: undefined, holder: { id: userId } },
      order: { ...(event.order as object), id: eventId, status },
    });
  }

  test(
    'people: found while typing, linked, opted out, exported and erased',
    async () => {
      await importPeople(120);
      const page = await shop.signedIn('people');
      const asked: string[] = [];
      page.on('request', (request) => {
        if (request.url().includes('/users?')) asked.push(request.url());
      });
      const rows = page.locator('tbody tr');
      await page.getByText('Mostra altro').waitFor();
      await page.getByRole('columnheader', { name: 'Chat collegate' }).waitFor();
      // A page is all that is there, however many people the shop has.
      expect(await rows.count()).toBe(50);
      expect(await page.getByRole('link', { name: /^Tutte/ }).textContent()).toMatch(/124/);
      expect(await page.title()).toMatch(/^Persone/);
      await page.getByText('Mostra altro').click();
      await until(async () => (await rows.count()) === 100, 'the second page');

      await page.getByLabel('Cercare per nome').pressSequentially('ros an');
      await until(async () => (await rows.count()) === 1, 'the person who is looked for');
      expect(page.url()).toContain('query=ros');
      await expectAccessible(page);
      // Asked once when the typing had ended, not for every letter.
      expect(asked.filter((url) => url.includes('query='))).toHaveLength(1);
      await page.getByLabel('Cercare per nome').fill('zzz');
      await page.getByText('Nessuno corrisponde a questa ricerca').waitFor();
      await page.getByLabel('Cercare per nome').fill('CLI/0007');
      // A code that nobody can have is refused where it is typed.
      await page.getByRole('button', { name: 'Collega una persona' }).click();
      const invitation = page.getByRole('dialog', { name: 'Collega una persona' });
      await invitation.getByLabel('Codice della persona in Passweb').fill('x'.repeat(400));
      await invitation.getByRole('button', { name: 'Continua' }).click();
      await invitation.getByText('Nessun codice ha più di 128 caratteri').waitFor();
      await invitation.getByRole('button', { name: 'Annulla' }).click();
      await invitation.waitFor({ state: 'detached' });
      await page.getByRole('link', { name: MARKUP }).click();

      await page.getByRole('heading', { level: 1, name: MARKUP }).waitFor();
      await page.getByText('Notifica lettura messaggio').waitFor();
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Correggi nome e lingua' }).click();
      const names = page.getByRole('dialog', { name: 'Correggere nome e lingua' });
      await names.getByLabel('Cognome').fill('x'.repeat(257));
      await names.getByLabel('Azienda').fill('Rossi S.r.l.');
      await names.getByLabel('Lingua dei messaggi').selectOption('en');
      await names.getByRole('button', { name: 'Salva' }).click();
      await names.locator('.field .error').waitFor();
      await expectAccessible(page);
      await names.getByLabel('Cognome').fill('');
      await names.getByRole('button', { name: 'Salva' }).click();
      await names.waitFor({ state: 'detached' });
      const corrected = await shop.run.user('CLI/0007');
      expect(corrected).toMatchObject({ firstName: MARKUP, companyName: 'Rossi S.r.l.', language: 'en' });
      expect(corrected).not.toHaveProperty('lastName');

      await page.getByRole('button', { name: 'Prepara il link' }).click();
      await page.getByAltText('Codice QR del link').waitFor();
      const address = await page.locator('.print-sheet .address').textContent();
      expect(address).toMatch(/^https:\/\/t\.me\/demo_shop_bot\?start=[\w-]{22}$/);
      expect(await page.locator('figure.sample').textContent()).toContain(address);
      await expectAccessible(page);
      // What is printed is the sheet, and nothing else.
      await page.emulateMedia({ media: 'print' });
      expect(await page.getByAltText('Codice QR del link').isVisible()).toBe(true);
      expect(await page.getByRole('heading', { level: 1 }).isVisible()).toBe(false);
      await page.emulateMedia({ media: null });

      await page.getByRole('button', { name: 'Non inviare più messaggi' }).click();
      await page.getByLabel('Chi lo ha deciso').selectOption('shop');
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Non inviare più', exact: true }).click();
      await page.getByText('no: lo ha deciso il negozio').waitFor();
      await page.getByRole('button', { name: 'Riprendi a inviare' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Riprendi a inviare' }).click();
      await page.getByRole('button', { name: 'Non inviare più messaggi' }).click();
      await page.getByLabel('Chi lo ha deciso').selectOption('person');
      await page.getByRole('button', { name: 'Non inviare più', exact: true }).click();
      // Only the person can take that back: the shop has no way.
      await page.getByText('no: lo ha chiesto la persona').waitFor();
      expect(await page.getByRole('button', { name: 'Riprendi a inviare' }).count()).toBe(0);

      await page.getByRole('button', { name: /^Scollega/ }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Scollega' }).click();
      await page.getByText('Nessuna chat collegata.').waitFor();

      const exported = await downloaded(page, 'Scarica tutti i dati');
      expect(exported.name).toMatch(/^dati-CLI-0007-.*\.json$/);
      expect(JSON.parse(exported.text)).toMatchObject({ userId: 'CLI/0007', user: { firstName: MARKUP } });

      await page.getByRole('button', { name: 'Cancella la persona' }).click();
      await page.getByRole('button', { name: 'Cancella per sempre' }).click();
      // Nothing happens until the id is typed.
      await page.getByText('Deve essere uguale a CLI/0007.').waitFor();
      await page.getByLabel('Per confermare').fill('CLI/0007');
      await page.getByRole('button', { name: 'Cancella per sempre' }).click();
      await page.getByRole('heading', { level: 1, name: 'Persone' }).waitFor();
      expect(await shop.run.user('CLI/0007')).toBeUndefined();

      // A mark that turns the direction of writing in the first name does not turn the last name.
      await shop.asShop(DEMO_SHOP, 'PATCH', `/users/${pathId('CLI/0008')}`, { firstName: 'Mario\u202e' });
      await page.goto(`${shop.address}#/demo/people/CLI%2F0008`);
      await page.getByRole('heading', { level: 1, name: 'Prova8' }).waitFor();
      expect(await page.evaluate(RUNS_RIGHT)).toBe(true);
      // The way back stands apart from the heading.
      const back = await page.getByRole('link', { name: 'Tutte le persone' }).boundingBox();
      const heading = await page.getByRole('heading', { level: 1 }).boundingBox();
      expect((back?.y ?? 0) + (back?.height ?? 0)).toBeLessThan((heading?.y ?? 0) - 8);
      await page.goto(`${shop.address}#/demo/people`);

      // Going back closes what lies over the screen, also where the screen stays the same.
      await page.getByRole('button', { name: 'Collega una persona' }).waitFor();
      await page.evaluate(`location.hash = '#/demo/people?state=linked'`);
      await page.locator('[aria-current=true]', { hasText: 'Collegate' }).waitFor();
      await page.getByRole('button', { name: 'Collega una persona' }).click();
      await page.getByRole('dialog').waitFor();
      await page.evaluate('history.back()');
      await page.getByRole('dialog').waitFor({ state: 'detached' });

      // Somebody who is not known here gets a link all the same.
      await page.getByRole('button', { name: 'Collega una persona' }).click();
      await page.getByLabel('Codice della persona in Passweb').fill('nuovo/1');
      await page.getByRole('button', { name: 'Continua' }).click();
      await page.getByText('non ha ancora collegato Telegram').waitFor();
      // The log may name them: that too can be downloaded and erased.
      await page.getByText('può esserci qualcosa: righe del registro').waitFor();
      await page.getByRole('button', { name: 'Prepara il link' }).click();
      await page.getByAltText('Codice QR del link').waitFor();
      await page.context().close();
    },
    LONG,
  );

  test(
    'log: found, understood, sent again and downloaded',
    async () => {
      await order('registro-1', 'anna');
      await order('registro-2', 'dario');
      await order('registro-3', 'carla', 'Mai sentito');
      await until(async () => (await shop.run.messages(1001)).length > 0, 'the message for Anna');
      const page = await shop.signedIn('log');
      const rows = page.locator('tbody tr');
      await until(async () => {
        await page.reload();
        await page.getByRole('heading', { level: 1, name: 'Registro' }).waitFor();
        return (await page.getByText(/Inviato \d/).count()) > 0;
      }, 'the line of what was sent');
      await page.getByText('La persona non ha collegato Telegram.').waitFor();
      await expectAccessible(page);
      // One vocabulary: that of the list of messages.
      await page.locator('tbody').getByText('Notifica Stato Ordine', { exact: true }).first().waitFor();
      await page.getByRole('link', { name: 'cercare il nome tra le persone' }).waitFor();

      await page.getByLabel('Esito').selectOption('skipped');
      await until(
        async () => (await page.locator('tbody').getByText('Inviato', { exact: true }).count()) === 0,
        'the filter',
      );
      await page.getByText('Altri filtri').click();
      await page.getByLabel('Codice dell’evento').fill('registro-2');
      await until(async () => (await rows.count()) === 1, 'the one line');
      const filtered = new URLSearchParams(page.url().split('?')[1]);
      expect(Object.fromEntries(filtered)).toEqual({ status: 'skipped', eventId: 'registro-2' });
      // The address says it all: whoever opens it sees the same.
      await page.reload();
      await until(async () => (await rows.count()) === 1, 'the same line');
      const file = await downloaded(page, 'Scarica per Excel');
      expect(file.name).toMatch(/^registro-telegram-demo-.*\.csv$/);
      expect(file.text).toMatch(/^\ufeff"?Data e ora"?;/);
      expect(file.text.trimEnd().split('\r\n')).toHaveLength(2);
      expect(file.text).toContain('"registro-2"');

      await page.getByRole('button', { name: /^Dettagli/ }).click();
      await page.getByText('per questa persona non è stato preparato alcun messaggio').waitFor();
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Chiudi' }).click();
      await page.getByRole('button', { name: 'Togli i filtri' }).click();
      await page.getByLabel('Codice dell’evento').fill('registro-1');
      await until(
        async () => (await rows.allTextContents()).join('|').match(/^[^|]*Anna[^|]*$/),
        'the line that was sent',
      );
      const before = (await shop.run.messages(1001)).length;
      await page.getByRole('button', { name: /^Dettagli/ }).click();
      await page.getByRole('button', { name: 'Invia di nuovo' }).click();
      await shop.run.messagesOnce(1001, before + 1);

      // Each control stays in its column, also the browser's own for a day.
      for (const width of [390, 1400]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await page.evaluate(TOO_WIDE)).toEqual([]);
      }
      await page.getByLabel('Dal giorno').fill('2026-01-02');
      await page.getByLabel('Al giorno', { exact: true }).fill('2026-01-01');
      // What is wrong is said beside its field, and can be mended.
      await page.locator('.field .error', { hasText: 'prima dell’altro giorno' }).waitFor();
      // The error stands below its field, which stays in line with the others.
      const from = await page.getByLabel('Dal giorno').boundingBox();
      const to = await page.getByLabel('Al giorno', { exact: true }).boundingBox();
      expect(to?.y).toBe(from?.y);
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Togli i filtri' }).click();
      await until(async () => (await rows.count()) > 1, 'all lines');
      await page.context().close();
    },
    LONG,
  );

  test(
    'waiting and figures',
    async () => {
      const cart = await sample('abandoned-cart');
      const occurredAt = new Date().toISOString();
      await shop.run.report('abandoned-cart', { ...cart, eventId: 'attesa-1', occurredAt });
      await order('statistiche-1', 'anna');
      const page = await shop.signedIn('waiting');
      await page.getByText('2 articoli, 89,00').waitFor();
      await page.getByText('se il carrello non viene ordinato o recuperato prima').waitFor();
      await expectAccessible(page);
      await page.getByLabel('Avviso').selectOption('activity-reminder');
      await page.getByText('Niente in attesa').waitFor();
      // Where nothing could be read, nobody is told how much there is.
      const list = /\/scheduled\?/;
      await page.route(list, (route) => route.fulfill({ status: 503, body: '' }));
      await page.getByLabel('Avviso').selectOption('abandoned-cart');
      await page.getByRole('button', { name: 'Riprova' }).waitFor();
      expect(await page.getByText('Righe mostrate').count()).toBe(0);
      await page.unroute(list);

      await page.goto(`${shop.address}#/demo/figures`);
      const plot = page.getByRole('img', { name: /^Messaggi\. Inviati [1-9]/ });
      await until(async () => {
        await page.reload();
        await page.getByText('Contato fino al').waitFor();
        return (await plot.count()) > 0;
      }, 'the figures of what was sent');
      await expectAccessible(page);
      await page.getByText('Leggi come tabella').first().click();
      // A line for each of thirty days.
      const table = page.getByRole('table', { name: 'Messaggi' });
      expect(await table.locator('tbody tr').count()).toBe(30);
      const name = (await plot.getAttribute('aria-label')) ?? '';
      const sent = Number(/Inviati (\d+)/.exec(name)?.[1]);
      expect(sent).toBeGreaterThan(0);
      const cells = await table.locator('tbody tr td:nth-child(2)').allTextContents();
      expect(cells.map(Number).reduce((one, other) => one + other)).toBe(sent);
      await page.getByRole('link', { name: 'Un anno' }).click();
      await page.locator('[aria-current=true]', { hasText: 'Un anno' }).waitFor();
      await until(async () => (await page.locator('details:not([open])').count()) > 0, 'the other period');
      await page.getByText('Leggi come tabella').first().click();
      // By weeks: 365 days are 53 of them.
      await until(async () => (await table.locator('tbody tr').count()) === 53, 'the weeks');

      // What is wrong is said where it is, and of what stands there.
      const from = page.getByLabel('Dal giorno');
      await from.fill('2020-01-01');
      await page.getByText('È più di un anno dopo').waitFor();
      await from.fill('');
      await page.getByText('Scegliere il giorno.').waitFor();
      expect(await page.getByText('È più di un anno dopo').count()).toBe(0);
      expect(await from.inputValue()).toBe('');
      // No days are those that nobody has named.
      await page.goto(`${shop.address}#/demo/figures?from=boh&to=2026-02-31`);
      await page.getByText('Contato fino al').waitFor();
      await page.locator('[aria-current=true]', { hasText: '30 giorni' }).waitFor();
      expect(await page.locator('p.error').count()).toBe(0);
      await page.context().close();
    },
    LONG,
  );

  test('somebody with an open link: their name, until when it is open, and the name stays with another link', async () => {
    const names = { firstName: 'Teresa', lastName: 'Invitata', language: 'it' };
    await shop.asShop(DEMO_SHOP, 'POST', `/users/${pathId('CLI/9001')}/link`, {
      ...names,
      expiresInHours: 48,
    });
    const page = await shop.signedIn(`people/${encodeURIComponent('CLI/9001')}`);
    await page.getByRole('heading', { level: 1, name: 'Teresa Invitata' }).waitFor();
    await page.getByText('Un link è già stato preparato').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Prepara il link' }).click();
    await page.getByAltText('Codice QR del link').waitFor();
    expect(await page.locator('.print-sheet').textContent()).toContain('Teresa Invitata');
    expect(await page.locator('figure.sample').textContent()).toContain('Ciao Teresa Invitata!');
    await page.getByRole('link', { name: '← Tutte le persone' }).click();
    await page.getByLabel('Cercare per nome').fill('CLI/9001');
    await page.getByRole('link', { name: 'Teresa Invitata' }).waitFor();
    await page.getByText('Link inviato').waitFor();
  });

  test(
    'settings: what is typed is never lost, and nobody writes over another',
    async () => {
      const page = await shop.signedIn('settings');
      const hours = page.getByLabel('Ore prima dell’avviso del carrello');
      const contact = page.getByLabel('Il vostro contatto');
      const save = page.getByRole('button', { name: 'Salva', exact: true });
      await hours.waitFor();
      await expectAccessible(page);
      await page.setViewportSize({ width: 390, height: 800 });
      expect(await page.evaluate(CUT_CHOICES)).toEqual([]);
      await page.setViewportSize({ width: 1280, height: 720 });
      // The default language can't be taken away: another one has to be chosen first.
      await page.getByText('italiano (predefinita)').waitFor();
      await page.getByRole('button', { name: 'Togli inglese' }).waitFor();
      expect(await page.getByRole('button', { name: 'Togli italiano' }).count()).toBe(0);

      // An error stands beside its field, which gets the focus.
      await hours.fill('molte');
      await save.click();
      await page.getByText('Scrivere un numero di ore').waitFor();
      await hours.fill('1000');
      await save.click();
      const wrong = await page.locator('.field .error').textContent();
      expect(await hours.getAttribute('aria-invalid')).toBe('true');
      // Said once: the banner counts, and leads there.
      expect(await page.getByText(wrong ?? '').count()).toBe(1);
      await contact.focus();
      await page.getByText('Non salvato: 1 punto da correggere.').waitFor();
      await page.getByRole('button', { name: 'Mostra dove' }).click();
      const id = await hours.getAttribute('id');
      await until(async () => (await page.evaluate('document.activeElement?.id')) === id, 'the focus');
      await expectAccessible(page);

      await hours.fill('1,5');
      await until(async () => page.evaluate<boolean>(isKept('settings', '1,5')), 'that it is kept');
      // Another tab has its own draft, and neither writes over the other one's.
      const other = await page.context().newPage();
      await other.goto(`${shop.address}#/demo/settings`);
      await other.getByLabel('Il vostro contatto').fill('@altra_scheda');
      expect(await other.getByLabel('Ore prima dell’avviso del carrello').inputValue()).not.toBe('1,5');
      await until(async () => page.evaluate<boolean>(isKept('settings', '@altra_scheda')), 'the other draft');
      await page.reload();
      await page.getByText('Ci sono modifiche non salvate.').waitFor();
      expect(await hours.inputValue()).toBe('1,5');
      expect(await contact.inputValue()).not.toBe('@altra_scheda');
      await other.close();
      // Somebody else changes something else: both are kept.
      await shop.asShop(DEMO_SHOP, 'PATCH', '', { docuvision: true });
      await save.click();
      await page.getByText('Impostazioni salvate.').waitFor();
      expect(await shop.asShop(DEMO_SHOP, 'GET', '')).toMatchObject({
        abandonedCartHours: 1.5,
        docuvision: true,
      });
      // Whoever has nothing of their own goes on with what a closed tab has left.
      await until(async () => {
        await page.reload();
        return (await contact.inputValue()) === '@altra_scheda';
      }, 'the draft of the closed tab');

      // And now the same: both are shown, and the person chooses.
      await contact.fill('@mio_negozio');
      await shop.asShop(DEMO_SHOP, 'PATCH', '', { merchantContact: '@loro_negozio' });
      await save.click();
      const conflict = page.locator('.conflict');
      await conflict.waitFor();
      expect(await conflict.textContent()).toMatch(/@mio_negozio.*@loro_negozio/);
      await expectAccessible(page);
      expect(await shop.asShop(DEMO_SHOP, 'GET', '')).toMatchObject({ merchantContact: '@loro_negozio' });
      await conflict.getByRole('button', { name: 'Tieni il mio' }).click();
      await save.click();
      await until(
        async () =>
          (await shop.asShop<{ merchantContact: string }>(DEMO_SHOP, 'GET', '')).merchantContact ===
          '@mio_negozio',
        'the own text to be saved',
      );

      await page.getByLabel('Aggiungi una lingua').selectOption('de');
      await page.getByLabel('Fuso orario').fill('Europe/Nowhere');
      await save.click();
      await page.locator('.field .error').waitFor();
      await page.getByLabel('Fuso orario').fill('Europe/London');
      await save.click();
      await until(
        async () =>
          (await shop.asShop<{ timeZone: string }>(DEMO_SHOP, 'GET', '')).timeZone === 'Europe/London',
        'the time zone to be saved',
      );
      await page.getByLabel('Ore di silenzio').selectOption('after');
      await page.getByLabel('Alle ore', { exact: true }).fill('22:00');
      await save.click();
      await page.getByText('Non deve essere la stessa ora').first().waitFor();
      await page.getByLabel('Alle ore', { exact: true }).fill('07:30');
      await save.click();
      const quietHours = { from: '22:00', to: '07:30', mode: 'after' };
      await until(
        async () =>
          JSON.stringify((await shop.asShop<{ quietHours?: object }>(DEMO_SHOP, 'GET', '')).quietHours) ===
          JSON.stringify(quietHours),
        'the quiet hours to be saved',
      );
      await page.getByLabel('Altri messaggi sullo stesso carrello').selectOption('2');
      await page.getByLabel('Ore prima del secondo messaggio').fill('0,5');
      await save.click();
      await page.getByText('deve partire dopo').first().waitFor();
      await page.getByLabel('Ore prima del secondo messaggio').fill('25,5');
      await save.click();
      const cartSeries = { steps: [{ afterHours: 25.5 }, { afterHours: 72 }] };
      await until(
        async () =>
          JSON.stringify((await shop.asShop<{ cartSeries?: object }>(DEMO_SHOP, 'GET', '')).cartSeries) ===
          JSON.stringify(cartSeries),
        'the series to be saved',
      );
      await until(
        async () => (await page.getByText('Ci sono modifiche non salvate.').count()) === 0,
        'the end of the draft',
      );
      await expectAccessible(page);
      expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain('mio_negozio');

      await page.getByLabel('Inviare i messaggi su Telegram').click();
      await page.getByRole('button', { name: 'Spegni' }).click();
      await page.getByText('I messaggi sono spenti.').waitFor();
      await page.getByLabel('Inviare i messaggi su Telegram').click();
      await page.getByText('I messaggi partono di nuovo.').waitFor();

      await page.getByRole('link', { name: 'Chi ha cambiato che cosa' }).click();
      await page.getByText('Fuso orario: da Europe/Rome a Europe/London').waitFor();
      await page.getByText('dalle 22:00 alle 07:30, i messaggi partono dopo').waitFor();
      await page.getByText('dopo 25,5 e 72 ore').waitFor();
      // They have come from Passweb's back office: no platform has changed it.
      await page.getByText('dalla console, entrando da Passweb').first().waitFor();
      await expectAccessible(page);
      await shop.asShop(DEMO_SHOP, 'PATCH', '', {
        timeZone: 'Europe/Rome',
        languages: ['it', 'en'],
        quietHours: null,
        cartSeries: null,
      });
      await page.context().close();
    },
    LONG,
  );

  test(
    'counted links: switched on, and seen in the log and in the figures',
    async () => {
      const page = await shop.signedIn('settings', { viewport: { width: 390, height: 900 } });
      await page.getByLabel('Contare chi apre i link al negozio nei messaggi').check();
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Salva' }).click();
      await until(
        async () => (await shop.asShop<{ countClicks?: boolean }>(DEMO_SHOP, 'GET', '')).countClicks,
        'the switch to be saved',
      );
      await order('aperture-1', 'bruno');
      const link = await until(async () => {
        const messages = JSON.stringify(await shop.run.messages(1002));
        return messages.match(/https?:[^"]*\/c\/[\w-]+/)?.[0];
      }, 'the message');
      expect((await fetch(link, { redirect: 'manual' })).status).toBe(302);
      await shop.run.invoke('clicks-due');

      await page.goto(`${shop.address}#/demo/log?eventId=aperture-1`);
      await page.getByRole('button', { name: /^Dettagli/ }).click();
      await page.getByText('1 volta, la prima').waitFor();
      await expectAccessible(page);
      await page.goto(`${shop.address}#/demo/figures`);
      await page.locator('.tile', { hasText: 'Aperti' }).getByText('1', { exact: true }).waitFor();
      await page.getByRole('columnheader', { name: 'Aperti' }).waitFor();
      await expectAccessible(page);
      await shop.asShop(DEMO_SHOP, 'PATCH', '', { countClicks: false });
      await page.context().close();
    },
    LONG,
  );

  test(
    'webhook: saved, tried, its secret shown once, removed',
    async () => {
      const receiver = await startReceiver();
      const page = await shop.signedIn('webhook');
      await page.getByLabel('Indirizzo del vostro sistema').fill('ftp://wrong');
      await page.getByRole('button', { name: 'Salva' }).click();
      await page.locator('.field .error').waitFor();
      await expectAccessible(page);
      await page.getByLabel('Indirizzo del vostro sistema').fill(receiver.url);
      await page.getByLabel('un messaggio è stato inviato').uncheck();
      // What is typed outlives the page.
      await until(async () => page.evaluate<boolean>(isKept('webhook-changes', '"mine"')), 'that it is kept');
      await page.reload();
      await until(
        async () => (await page.getByLabel('Indirizzo del vostro sistema').inputValue()) === receiver.url,
        'the draft',
      );
      expect(await page.getByLabel('un messaggio è stato inviato').isChecked()).toBe(false);
      await page.getByRole('button', { name: 'Salva' }).click();
      await page.getByText('Il segreto con cui si firmano').waitFor();
      const secret = (await page.locator('.address').textContent()) ?? '';
      expect(secret).toMatch(/^whsec_/);
      receiver.secrets.push(secret);
      // It lies over the page for some seconds, and over what axe measures.
      await page.locator('.announcement').waitFor({ state: 'detached' });
      await expectAccessible(page);
      await page.getByRole('button', { name: 'L’ho conservato' }).click();
      expect(await page.content()).not.toContain(secret);
      expect(
        await page.evaluate('JSON.stringify([localStorage, sessionStorage, location.href])'),
      ).not.toContain(secret);

      await page.getByRole('button', { name: 'Invia una prova' }).click();
      await page.getByText('Funziona').waitFor();
      expect(receiver.received.map(({ type }) => type)).toEqual(['webhook.test']);
      receiver.answer = (response) => response.writeHead(500).end('guasto');
      await page.getByRole('button', { name: 'Invia una prova' }).click();
      await page.getByText('Non funziona').waitFor();
      await until(async () => (await page.locator('tbody tr').count()) === 2, 'both tries');
      await expectAccessible(page);
      await page.reload();
      await page.getByText('guasto').first().waitFor();
      expect(await page.getByLabel('un messaggio è stato inviato').isChecked()).toBe(false);

      // Somebody else saves another address: both are shown, and theirs is not overwritten until the person has chosen.
      const address = page.getByLabel('Indirizzo del vostro sistema');
      const theirs = { url: 'https://loro.example/avvisi', events: ['user.linked'], keepSecret: true };
      const saved = () => shop.asShop<{ url: string; events: string[] }>(DEMO_SHOP, 'GET', '/webhook');
      const save = page.getByRole('button', { name: 'Salva', exact: true });
      await address.fill('https://mio.example/avvisi');
      await shop.asShop(DEMO_SHOP, 'PUT', '/webhook', theirs);
      await save.click();
      const conflict = page.locator('.conflict');
      await conflict.waitFor();
      expect(await conflict.textContent()).toMatch(/mio\.example.*loro\.example/);
      await expectAccessible(page);
      await save.click();
      await page.getByText('scegliere dove è segnato').waitFor();
      expect(await saved()).toMatchObject({ url: theirs.url });
      await conflict.getByRole('button', { name: 'Tieni il mio' }).click();
      await save.click();
      await until(async () => (await saved()).url === 'https://mio.example/avvisi', 'the own address');
      // What they alone have changed stays.
      expect((await saved()).events).toEqual(theirs.events);

      // And removes it: what is typed stays, and makes it anew.
      await address.fill('https://ancora.example/avvisi');
      await shop.asShop(DEMO_SHOP, 'DELETE', '/webhook');
      await save.click();
      await page.getByText('ha salvato o tolto il webhook').waitFor();
      expect(await address.inputValue()).toBe('https://ancora.example/avvisi');
      await save.click();
      await page.getByText('Il segreto con cui si firmano').waitFor();
      expect(await saved()).toMatchObject({ url: 'https://ancora.example/avvisi', events: theirs.events });
      await page.getByRole('button', { name: 'L’ho conservato' }).click();

      await page.getByRole('button', { name: 'Togli il webhook' }).click();
      await page.getByRole('button', { name: 'Togli', exact: true }).click();
      await until(
        async () => (await page.getByLabel('Indirizzo del vostro sistema').inputValue()) === '',
        'its end',
      );
      await page.context().close();
      await receiver.close();
    },
    LONG,
  );

  test(
    'the platform: sites, keys, changes, and the way into a console',
    async () => {
      const names = Array.from({ length: 55 }, (_, index) => `bottega-${index}`);
      const bodyOf = (siteId: string) => ({
        name: siteId,
        url: `https://${siteId}.example`,
        moduleActive: true,
      });
      // One after the other: a slow machine answers 503 to many at once.
      for (const siteId of names) await shop.asPlatform('PUT', `/v1/sites/${siteId}`, bodyOf(siteId));
      // Signed in as both: each screen works with the session that is meant.
      const page = await shop.signedIn();
      await page.evaluate(
        `fetch('/console/session', { method: 'POST', headers: { 'x-console': '1', 'content-type': 'application/json' }, body: JSON.stringify({ key: 'platform-demo' }) })`,
      );
      await page.goto(`${shop.address}#/~platform/sites`);
      await page.reload();
      await page.getByText('Mostra altro').waitFor();
      const rows = page.locator('tbody tr');
      expect(await rows.count()).toBe(50);
      await page.getByText('Mostra altro').click();
      await until(async () => (await rows.count()) === 56, 'all sites');
      await rows.last().getByRole('link').click();
      await page.getByRole('link', { name: 'Tutti i siti' }).click();
      await until(async () => (await rows.count()) === 56, 'all sites again');
      await page.getByLabel('Cercare per codice').fill('bottega-5');
      await until(async () => (await rows.count()) === 6, 'the sites that are looked for');
      await expectAccessible(page);

      await page.getByRole('link', { name: 'Aggiungi un sito' }).click();
      await page.getByLabel('Codice del sito').fill('demo');
      await page.getByLabel('Nome del negozio').fill('Ferramenta');
      await page.getByLabel('Indirizzo del sito').fill('https://ferramenta.example');
      await page.getByRole('button', { name: 'Aggiungi il sito' }).click();
      // A site that is there is not written over.
      await page.getByText('C’è già un sito con questo codice.').waitFor();
      await expectAccessible(page);
      // What no id can be is said at the field: an address with a slash in it would lead nowhere.
      await page.getByLabel('Codice del sito').fill('Négozio Rossi/1');
      await page.getByRole('button', { name: 'Aggiungi il sito' }).click();
      await page.getByText('Può avere solo lettere minuscole da a a z, cifre e trattini').waitFor();
      expect(await page.getByLabel('Codice del sito').getAttribute('aria-invalid')).toBe('true');
      await page.getByLabel('Codice del sito').fill('ferramenta');
      await page.getByRole('button', { name: 'Aggiungi il sito' }).click();
      await page.getByText('La chiave di ferramenta').waitFor();
      const key = (await page.locator('.address').textContent()) ?? '';
      const added: Shop = { siteId: 'ferramenta', key };
      expect(await shop.asShop(added, 'GET', '')).toMatchObject({ name: 'Ferramenta', moduleActive: true });
      await page.getByRole('button', { name: 'L’ho conservato' }).click();

      await page.getByRole('heading', { level: 1, name: 'Ferramenta' }).waitFor();
      await page.getByLabel('Modulo Telegram').click();
      await page.getByRole('button', { name: 'Disattiva' }).click();
      await page.getByText('Modulo disattivato.').waitFor();
      expect(await shop.asShop(added, 'GET', '')).toMatchObject({ moduleActive: false });
      await page.getByLabel('Modulo Telegram').click();
      await page.getByText('Modulo attivato.').waitFor();
      await expectAccessible(page);

      await page.getByRole('link', { name: 'Chiavi' }).last().click();
      await page.getByText('È l’unica').waitFor();
      await page.getByLabel('A che cosa serve').fill('gestionale');
      await page.getByRole('button', { name: 'Crea la chiave' }).click();
      await page.getByText('La chiave nuova').waitFor();
      await page.getByRole('button', { name: 'L’ho conservato' }).click();
      await expectAccessible(page);
      await page
        .getByRole('button', { name: /^Togli la chiave/ })
        .last()
        .click();
      await page.getByRole('dialog').getByRole('button', { name: 'Togli la chiave' }).click();
      await page.getByText('È l’unica').waitFor();

      await page.goto(`${shop.address}#/~platform/audit/ferramenta`);
      await page.getByText('Sito creato').waitFor();
      await page.getByText('Modulo Telegram: da sì a no').waitFor();
      await page.getByText(/Chiave tolta: gestionale/).waitFor();
      await expectAccessible(page);
      await page.goto(`${shop.address}#/~platform/audit`);
      await page.getByRole('heading', { level: 1, name: 'Chi ha cambiato che cosa' }).waitFor();
      await expectAccessible(page);

      await page.goto(`${shop.address}#/~platform/sites/ferramenta`);
      const opened = page.waitForEvent('popup');
      await page.getByRole('button', { name: 'Apri la sua console' }).click();
      const tab = await opened;
      // Another shop is open in this browser: nobody is led out of it unasked.
      await tab.getByRole('button', { name: 'Entra in ferramenta' }).click();
      await tab.waitForURL((url) => url.hash.startsWith('#/ferramenta'));
      expect(await tab.evaluate('window.opener')).toBeNull();
      await tab.close();

      await page.getByRole('button', { name: 'Cancella il sito' }).click();
      await expectAccessible(page);
      await page.getByLabel('Per confermare').fill('ferramenta');
      await page.getByRole('button', { name: 'Cancella per sempre' }).click();
      await page.getByRole('heading', { level: 1, name: 'Siti' }).waitFor();
      await expect(shop.asShop(added, 'GET', '')).rejects.toThrow(/401/);
      await page.context().close();
    },
    LONG,
  );
});

/** For the page: the fields whose control is wider than they are. */
const TOO_WIDE = `[...document.querySelectorAll('.field')]
  .filter((field) => field.querySelector('.input')?.getBoundingClientRect().right > field.getBoundingClientRect().right + 1)
  .map((field) => field.textContent)`;

/** For the page: what can be chosen, and is wider than its field, beside whose arrow and padding it stands. */
const CUT_CHOICES = `[...document.querySelectorAll('select')].flatMap((field) => {
  const pen = document.createElement('canvas').getContext('2d');
  pen.font = getComputedStyle(field).font;
  const room = field.clientWidth - 2 * 12 - 20;
  return [...field.options].filter(({ text }) => pen.measureText(text).width > room).map(({ text }) => text);
})`;

/** For the page: whether the last word of the heading is written from left to right. */
const RUNS_RIGHT = `(() => {
  const heading = document.querySelector('h1');
  const texts = document.createTreeWalker(heading, NodeFilter.SHOW_TEXT);
  let text;
  while (texts.nextNode()) text = texts.currentNode;
  const leftOf = (index) => {
    const range = document.createRange();
    range.setStart(text, index);
    range.setEnd(text, index + 1);
    return range.getBoundingClientRect().left;
  };
  const { length } = text.data;
  return leftOf(length - 2) < leftOf(length - 1);
})()`;

/** For the page: whether a tab has kept a draft of this form in which that stands. */
function isKept(form: string, what: string): string {
  return `Object.entries(localStorage).some(([name, draft]) => name.startsWith('console-draft:demo:${form}:') && draft.includes('${what}'))`;
}

/** The file that a button makes. */
async function downloaded(page: Page, button: string): Promise<{ name: string; text: string }> {
  const begun: Promise<Download> = page.waitForEvent('download');
  await page.getByRole('button', { name: button }).click();
  const file = await begun;
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
}
