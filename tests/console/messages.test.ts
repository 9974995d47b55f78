/** A merchant writes their messages: the list, the editor with the phone beside it, and what was before. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import type { Template } from '../../clients/typescript/client.ts';
import { describeWithBrowser } from '../support/browser.ts';
import { type ConsoleRun, DEMO_SHOP, expectAccessible, type Shop, startConsole } from '../support/console.ts';
import { until } from '../support/local-run.ts';

const HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>';

describeWithBrowser('the messages of a shop', () => {
  let merchant: ConsoleRun;
  beforeAll(async () => {
    merchant = await startConsole();
  }, 120_000);
  afterAll(async () => {
    await merchant?.stop();
  });

  const api = <Value>(method: string, path: string, body?: unknown, shop: Shop = DEMO_SHOP) =>
    merchant.asShop<Value>(shop, method, path, body);
  const template = (id: string) => api<Template>('GET', `/templates/${id}`);

  /** The text in a language, and what the phone shows. */
  const textIn = (page: Page, language: string) =>
    page.getByLabel(`Messaggio in ${language}`, { exact: true });
  const phone = (page: Page) => page.getByTestId('preview');
  const saved = (page: Page) => page.getByText('Tutto salvato').waitFor();
  const save = (page: Page) => page.getByRole('button', { name: 'Salva', exact: true }).click();

  async function expectText(locator: Locator, text: string): Promise<void> {
    await until(async () => (await locator.textContent())?.includes(text), `"${text}" to be shown`, 15);
  }

  /** A message of its own, so that no test changes what another one looks at. */
  async function newTemplate(id: string, text: Record<string, string>): Promise<string> {
    const name = `Prova ${id}`;
    await api('POST', '/templates', { id, name, event: 'message-read', enabled: false, text });
    return name;
  }

  test('are listed by event, and switched on and off at once', async () => {
    const page = await merchant.signedIn('messages');
    await page.getByRole('heading', { name: 'Messaggi', level: 1 }).waitFor();
    await page.getByRole('heading', { name: 'Notifica Stato Ordine', exact: true }).waitFor();
    await page.getByRole('heading', { name: 'Messaggio di benvenuto', level: 2 }).waitFor();

    const welcome = page.getByRole('switch', { name: 'Messaggio di benvenuto' });
    await welcome.click();
    await until(async () => !(await template('default-welcome')).enabled, 'the welcome to be off');

    // The server is out of reach: the switch goes back, and says so.
    await page.route('**/templates/default-welcome', (route) => route.abort());
    await welcome.click();
    await page.getByText('Non è stato acceso.').waitFor();
    expect(await welcome.isChecked()).toBe(false);
    await page.unroute('**/templates/default-welcome');
    await welcome.click();
    await until(async () => (await template('default-welcome')).enabled, 'the welcome to be on');

    // Two for the same people and the same status: the API says so, beside both.
    await page.getByRole('switch', { name: 'con il testo del messaggio' }).first().click();
    // What is said of them takes a place that was kept: the switch stays under the pointer.
    const texts = page.getByRole('switch', { name: 'con il testo del messaggio' }).first();
    const before = await texts.boundingBox();
    const why = page.getByText('Parte insieme a un altro');
    await why.first().waitFor();
    expect(await texts.boundingBox()).toEqual(before);
    await why.first().click();
    await page
      .getByText(/riceve.* un messaggio da entrambi/)
      .first()
      .waitFor();
    await expectAccessible(page);
    await api('PATCH', '/templates/default-message-sent-con-testo', { enabled: false });
    await page.context().close();
  }, 120_000);

  test('are written with the phone beside them', async () => {
    const page = await merchant.signedIn('messages/~new?event=order-status');
    await page.getByRole('heading', { name: 'Nuovo messaggio', level: 1 }).waitFor();
    await page.getByLabel('Nome del messaggio').fill('Pronto in negozio');
    await page.getByRole('button', { name: 'Aggiungi Evaso' }).click();
    await page.getByLabel('Un altro stato').fill('Pronto al ritiro');
    await page.getByLabel('Un altro stato').press('Enter');

    // All that stands in the default texts is explained above the box, to whoever asks.
    const explained = page
      .getByText(/\{\{#segnaposto\}\} e \{\{\/segnaposto\}\} compare solo se .* <b> e <\/b>/)
      .first();
    expect(await explained.isVisible()).toBe(false);
    await page.getByText('Che cosa vogliono dire le parole colorate').first().click();
    await explained.waitFor();
    const italian = textIn(page, 'italiano');
    await italian.click();
    await page.keyboard.type('Buongiorno ');
    await page.getByRole('button', { name: 'Inserisci Nominativo' }).first().click();
    await page.keyboard.type(', tutto pronto.');
    expect(await italian.inputValue()).toBe('Buongiorno {{nominativo}}, tutto pronto.');
    await expectText(phone(page), 'Buongiorno Anna Rossi, tutto pronto.');

    // Bold around what is selected, with the keyboard; and "undo" takes it back.
    await italian.evaluate((area) =>
      (area as unknown as { setSelectionRange: (a: number, b: number) => void }).setSelectionRange(26, 39),
    );
    await page.keyboard.press('Control+b');
    expect(await italian.inputValue()).toBe('Buongiorno {{nominativo}}, <b>tutto pronto</b>.');
    await until(() => phone(page).locator('b').count(), 'bold on the phone');
    await page.keyboard.press('Control+z');
    expect(await italian.inputValue()).toBe('Buongiorno {{nominativo}}, tutto pronto.');

    // A mistake stands beside the text, with its line, and at its tab; the phone keeps the last good text.
    await italian.press('Control+End');
    await page.keyboard.type('\nVedi {{sigla}}');
    await page.getByText(/Non esiste un segnaposto \{\{sigla\}\}/).waitFor();
    await page.getByRole('tab', { name: 'Italiano 1 errore' }).waitFor();
    await expectText(phone(page), 'tutto pronto.');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Vai alla riga 2' }).click();
    await page.keyboard.type('{{siglaDocumento}}');
    await expectText(phone(page), 'Vedi OC 2026/0412');

    // Companies have no first name; long values are seen.
    await page.getByRole('radio', { name: 'Azienda senza nome' }).check();
    await expectText(phone(page), 'Buongiorno Rossi & Figli S.r.l., tutto pronto.');

    // An empty message has no error to show, and is not said to be right.
    const empty = await merchant.signedIn('messages/~new?event=message-read');
    await textIn(empty, 'italiano').fill('{{sigla}}');
    await empty.locator('.announcement', { hasText: 'Da correggere' }).waitFor();
    await textIn(empty, 'italiano').fill('');
    await empty
      .getByRole('tab', { name: /error[ei]/ })
      .first()
      .waitFor({ state: 'detached' });
    // What follows from that has been said by the frame after the next one.
    await empty.evaluate(
      'new Promise((done) => requestAnimationFrame(() => setTimeout(() => requestAnimationFrame(() => setTimeout(done)))))',
    );
    expect(await empty.getByText('Nessun errore.').count()).toBe(0);
    await empty.context().close();

    // English is missing: saving leads there.
    await save(page);
    await page.getByRole('tab', { name: /^Inglese/, selected: true }).waitFor();
    await page.getByText('Il sito è anche in inglese').waitFor();
    await page.getByRole('button', { name: 'Parti dal testo in italiano' }).click();
    await save(page);
    await saved(page);
    await page.getByRole('heading', { name: 'Pronto in negozio', level: 1 }).waitFor();
    const { templates } = await api<{ templates: Template[] }>('GET', '/templates');
    expect(templates.find(({ name }) => name === 'Pronto in negozio')).toMatchObject({
      event: 'order-status',
      statuses: ['Evaso', 'Pronto al ritiro'],
      text: {
        it: 'Buongiorno {{nominativo}}, tutto pronto.\nVedi {{siglaDocumento}}',
        en: 'Buongiorno {{nominativo}}, tutto pronto.\nVedi {{siglaDocumento}}',
      },
    });
    await page.context().close();
  }, 180_000);

  test('show what was cut, and never markup that somebody else has written', async () => {
    const shop = await merchant.newShop('ostile', HOSTILE);
    const text = { it: 'Da {{nomeSito}}: {{testoMessaggio}}\n<blockquote>{{autore}}</blockquote>' };
    const groups = [HOSTILE];
    await api(
      'POST',
      '/templates',
      { id: 'x', name: HOSTILE, event: 'message-sent', groups, text: { ...text, en: text.it } },
      shop,
    );
    const page = await merchant.signedIn('messages', { shop });
    await page.getByRole('main').getByRole('link', { name: HOSTILE, exact: true }).click();
    await expectText(phone(page), HOSTILE);
    await page.getByRole('radio', { name: 'Lungo' }).check();
    await page.getByText('i valori più lunghi sono accorciati').waitFor();
    await page.getByText('Quando e a chi').click();
    await page.getByRole('button', { name: 'Togli' }).waitFor();
    await page.getByRole('link', { name: 'Cronologia' }).click();
    await page.getByText('Quella di adesso').waitFor();
    // Neither of them is an element: both stay text, and the page has no complaint.
    expect(await page.locator('img, main script').count()).toBe(0);
    await page.context().close();
  }, 120_000);

  test('lose nothing that was typed: reloading, signing out, a session that has ended', async () => {
    await newTemplate('kept', { it: 'Prima', en: 'Before' });
    const page = await merchant.signedIn('messages/kept');
    await textIn(page, 'italiano').fill('Scritto e non salvato');
    await page.reload();
    await page.getByText('Riprese le modifiche non salvate').waitFor();
    expect(await textIn(page, 'italiano').inputValue()).toBe('Scritto e non salvato');

    await page.getByRole('link', { name: 'Tutti i messaggi' }).click();
    await page.getByText('Modifiche non salvate').waitFor();
    await page.getByRole('button', { name: 'Esci' }).click();
    await page.getByRole('button', { name: 'Esci' }).waitFor({ state: 'detached' });
    await page.goto(await merchant.linkFor('demo'));
    await page.waitForURL((url) => url.hash.startsWith('#/demo'));
    await page.goto(`${merchant.address}#/demo/messages/kept`);
    await until(
      async () => (await textIn(page, 'italiano').inputValue()) === 'Scritto e non salvato',
      'the text after signing in again',
    );

    // The session ends while they write.
    await page.context().clearCookies();
    await save(page);
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    await page.getByText('nessun accesso valido').first().waitFor();
    await dialog.getByLabel(/[Cc]hiave/).fill(DEMO_SHOP.key);
    await dialog.getByRole('button', { name: 'Accedi' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('nessun accesso valido').first().waitFor({ state: 'detached' });
    expect(await textIn(page, 'italiano').inputValue()).toBe('Scritto e non salvato');
    await save(page);
    await saved(page);
    expect((await template('kept')).text.it).toBe('Scritto e non salvato');
    // Nothing of it stays in the browser.
    expect(await page.evaluate('Object.keys(localStorage).filter((name) => name.includes("draft"))')).toEqual(
      [],
    );
    await page.context().close();
  }, 180_000);

  test('show both texts where two have written, and keep what is chosen', async () => {
    await newTemplate('both', { it: 'All’inizio', en: 'In the beginning' });
    const page = await merchant.signedIn('messages/both');
    await textIn(page, 'italiano').fill('Scritto in questa scheda');
    await api('PATCH', '/templates/both', {
      name: 'Nome nuovo',
      text: { it: 'Scritto nell’altra scheda', en: 'Written in the other tab' },
    });
    await save(page);
    await page.getByRole('heading', { name: 'Quale testo tenere?' }).waitFor();
    await page.getByText('Scritto in questa scheda').first().waitFor();
    await page.getByText('Scritto nell’altra scheda').first().waitFor();
    await expectAccessible(page);
    await page.getByRole('radio', { name: 'Unire a mano' }).nth(1).check();
    await page.getByLabel('Testo unito').fill('Uno e l’altro');
    await page.getByRole('button', { name: 'Continua con queste scelte' }).click();
    expect(await textIn(page, 'italiano').inputValue()).toBe('Uno e l’altro');
    await save(page);
    await saved(page);
    expect(await template('both')).toMatchObject({
      name: 'Nome nuovo',
      text: { it: 'Uno e l’altro', en: 'Written in the other tab' },
    });

    // Deleted meanwhile: saving brings it back.
    await textIn(page, 'italiano').fill('Ancora qui');
    await api('DELETE', '/templates/both');
    await save(page);
    await page.getByText('Nel frattempo questo messaggio è stato eliminato').waitFor();
    await save(page);
    await saved(page);
    expect((await template('both')).text.it).toBe('Ancora qui');
    await page.context().close();
  }, 180_000);

  /** The API does what it is asked, but its answer does not arrive, once. */
  async function loseAnswer(page: Page, method: string, path: string): Promise<void> {
    let isLost = false;
    await page.route(`**/v1/sites/demo${path}`, async (route) => {
      if (isLost || route.request().method() !== method) return route.fallback();
      isLost = true;
      await route.fetch();
      await route.abort();
    });
  }

  test('are saved once where an answer is lost, and saved again', async () => {
    const page = await merchant.signedIn('messages/~new?event=message-read');
    await page.getByLabel('Nome del messaggio').fill('Una volta sola');
    await textIn(page, 'italiano').fill('Ciao');
    await page.getByRole('tab', { name: /^Inglese/ }).click();
    await textIn(page, 'inglese').fill('Hello');
    await loseAnswer(page, 'POST', '/templates');
    await save(page);
    await page.getByRole('alert').first().waitFor();
    // Also after the page was loaded again, and with more than what was sent.
    await page.reload();
    await textIn(page, 'italiano').fill('Ciao di nuovo');
    await save(page);
    await saved(page);
    const { templates } = await api<{ templates: Template[] }>('GET', '/templates');
    const made = templates.filter(({ name }) => name === 'Una volta sola');
    expect(made.map(({ text }) => text)).toEqual([{ it: 'Ciao di nuovo', en: 'Hello' }]);

    // One that exists already: nobody else has changed it, so there is nothing to choose.
    const id = made[0]?.id ?? '';
    await textIn(page, 'italiano').fill('Salvato, ma senza risposta');
    await loseAnswer(page, 'PUT', `/templates/${id}`);
    await save(page);
    await page.getByRole('alert').first().waitFor();
    await save(page);
    await saved(page);
    expect(await page.getByRole('heading', { name: 'Quale testo tenere?' }).count()).toBe(0);
    expect((await template(id)).text.it).toBe('Salvato, ma senza risposta');
    await api('DELETE', `/templates/${id}`);
    await page.context().close();
  }, 120_000);

  test('are kept apart in two tabs, also in a duplicated one, and taken over without losing either', async () => {
    await newTemplate('tabs', { it: 'Prima', en: 'Before' });
    const page = await merchant.signedIn('messages/tabs');
    await textIn(page, 'italiano').fill('Dalla prima scheda');
    await page.getByText('Non ancora salvato').waitFor();
    const left = { text: { it: 'Di una scheda chiusa', en: 'Of a closed tab' }, name: 'Prova tabs' };
    const draft = { ...left, event: 'message-read', enabled: false, statuses: [], groups: [] };
    const stored = { draft: { ...draft, audience: 'everybody', button: {} }, at: '2020-01-01T00:00:00.000Z' };
    await page.evaluate(
      `localStorage.setItem('console-draft/demo/tabs/closed', ${JSON.stringify(JSON.stringify(stored))})`,
    );

    // A duplicated tab begins with a copy of what the other one has in its sessionStorage.
    const copied = JSON.stringify(await page.evaluate('sessionStorage.getItem("console-tab")'));
    const other = await page.context().newPage();
    await other.addInitScript(
      `sessionStorage.getItem('console-tab') ?? sessionStorage.setItem('console-tab', ${copied})`,
    );
    await other.goto(`${merchant.address}#/demo/messages/tabs`);
    const takeOver = other.getByRole('button', { name: 'Riprendi quel testo' });
    await takeOver.waitFor();
    expect(await textIn(other, 'italiano').inputValue()).toBe('Prima');
    await textIn(other, 'italiano').fill('Dalla seconda scheda');
    await page.reload();
    await page.getByText('Riprese le modifiche non salvate').waitFor();
    expect(await textIn(page, 'italiano').inputValue()).toBe('Dalla prima scheda');

    await takeOver.click();
    await other.getByRole('heading', { name: 'Quale testo tenere?' }).waitFor();
    await other.getByText('Dalla seconda scheda').waitFor();
    await other.getByRole('radio', { name: 'Quello dell’altra scheda' }).check();
    await other.getByRole('button', { name: 'Continua con queste scelte' }).click();
    expect(await textIn(other, 'italiano').inputValue()).toBe('Dalla prima scheda');
    // That of the closed tab was not taken: it is offered now.
    await takeOver.click();
    await other.getByText('Di una scheda chiusa').waitFor();
    await page.context().close();
  }, 120_000);

  test('keep what was chosen between two texts, and go to the saved one where mine is discarded', async () => {
    await newTemplate('chosen', { it: 'All’inizio', en: 'In the beginning' });
    const page = await merchant.signedIn('messages/chosen');
    await textIn(page, 'italiano').fill('Buongiorno, il mio testo');
    await api('PATCH', '/templates/chosen', { text: { it: 'Buongiorno, il loro testo' } });
    await save(page);
    const heading = page.getByRole('heading', { name: 'Quale testo tenere?' });
    await heading.waitFor();
    expect(await page.locator('mark').allTextContents()).toEqual(['mio', 'loro']);
    // Both have changed it: nobody chooses for them.
    expect(await page.getByRole('radio', { checked: true }).count()).toBe(0);
    await page.getByRole('button', { name: 'Continua con queste scelte' }).click();
    await page.getByText('Scegliere quale tenere.').waitFor();
    await page.getByRole('radio', { name: 'Unire a mano' }).check();
    await page.getByLabel('Testo unito').fill('Il nostro testo');
    await page.getByRole('button', { name: 'Torna al vostro testo' }).click();
    await page.reload();
    await page.getByRole('button', { name: 'Confronta le due versioni' }).click();
    expect(await page.getByLabel('Testo unito').inputValue()).toBe('Il nostro testo');
    await page.getByRole('button', { name: 'Torna al vostro testo' }).click();

    await page.getByRole('button', { name: 'Scarta le modifiche' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Scarta le modifiche' }).click();
    await saved(page);
    expect(await textIn(page, 'italiano').inputValue()).toBe('Buongiorno, il loro testo');
    expect(await page.getByRole('button', { name: 'Confronta le due versioni' }).count()).toBe(0);
    await page.context().close();
  }, 120_000);

  test('have a history, are restored, duplicated and deleted', async () => {
    const name = await newTemplate('history', { it: 'Il tuo ordine è pronto', en: 'Ready' });
    await api('PATCH', '/templates/history', { text: { it: 'Il Suo ordine è pronto' } });
    const page = await merchant.signedIn('messages/history/history');
    await page.locator('ins', { hasText: 'Suo' }).waitFor();
    await page.locator('del', { hasText: 'tuo' }).waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Rimetti la versione' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Rimetti' }).click();
    await until(
      async () => (await textIn(page, 'italiano').inputValue()) === 'Il tuo ordine è pronto',
      'the former text',
    );
    // They have come from Passweb's back office: it was no stranger who brought it back.
    await page.getByRole('link', { name: 'Cronologia' }).click();
    await page.getByText('Dalla console, entrando da Passweb').waitFor();

    // A new message that is not saved yet stays, and is not taken for the copy.
    await page.goto(`${merchant.address}#/demo/messages/~new`);
    await page.getByLabel('Nome del messaggio').fill('Ancora da scrivere');
    await page.getByRole('link', { name: 'Tutti i messaggi' }).click();
    await page.getByRole('link', { name: 'Continua a scriverlo' }).waitFor();
    await page.getByRole('link', { name: `Duplica ${name}` }).click();
    await page.getByRole('heading', { name: 'Nuovo messaggio', level: 1 }).waitFor();
    expect(await page.getByLabel('Nome del messaggio').inputValue()).toBe(`${name} (copia)`);
    await save(page);
    await saved(page);

    await page.getByRole('link', { name: 'Tutti i messaggi' }).click();
    const dialog = page.getByRole('dialog', { name: 'Eliminare il messaggio?' });
    await page.getByRole('button', { name: `Elimina ${name}`, exact: true }).click();
    await dialog.getByText(`“${name}” non parte più`).waitFor();
    await dialog.getByRole('button', { name: 'Elimina' }).click();
    await page.getByRole('button', { name: 'Rimettilo' }).click();
    await until(
      async () => (await template('history').catch(() => undefined)) !== undefined,
      'the message to be back',
    );

    // One that never was there has no history either.
    await page.goto(`${merchant.address}#/demo/messages/non-esiste`);
    await page.getByText('Questo messaggio non c’è').waitFor();
    expect(await page.getByRole('link', { name: 'Apri la cronologia' }).count()).toBe(0);
    await page.context().close();
  }, 180_000);

  test('have a colour and other buttons, which the phone shows', async () => {
    const before = await template('default-order-status-fatturato');
    const page = await merchant.signedIn('messages/default-order-status-fatturato');
    await textIn(page, 'italiano').waitFor();
    const italian = page.getByRole('tabpanel', { name: /^Italiano/ });
    const second = italian.getByLabel('Testo del secondo pulsante', { exact: true });
    // Folded as long as nobody uses them.
    expect(await second.isVisible()).toBe(false);
    await italian.getByText('Colore e altri pulsanti').click();
    await italian.getByLabel('Colore del pulsante').selectOption('Verde');
    const chat = page.getByLabel('Chat', { exact: true });
    await chat.locator('[data-style="success"]', { hasText: "Vedi l'ordine" }).waitFor();
    await second.fill('Scrivici');
    await italian.getByLabel('Pagina del secondo pulsante').fill('https://altrove.example/x');
    await italian.getByText(/Deve essere un link https su shop\.example/).waitFor();
    await italian.getByLabel('Pagina del secondo pulsante').fill('https://shop.example/contatti');
    await italian.getByLabel('Testo del pulsante che copia il codice di tracking').fill('Copia il codice');
    await chat.locator('a[href="https://shop.example/contatti"]', { hasText: 'Scrivici' }).waitFor();
    await chat.getByRole('button', { name: 'Copia il codice' }).waitFor();
    await expectAccessible(page);
    await save(page);
    await saved(page);
    const more = {
      buttonStyle: 'success',
      secondButton: { it: 'Scrivici' },
      secondButtonUrl: 'https://shop.example/contatti',
      trackingButton: { it: 'Copia il codice' },
    };
    expect(await template('default-order-status-fatturato')).toEqual({ ...before, ...more });

    // Opened again they are there, and can be taken away.
    await page.reload();
    await second.waitFor();
    expect(await second.inputValue()).toBe('Scrivici');
    await second.fill('');
    await italian.getByLabel('Testo del pulsante che copia il codice di tracking').fill('');
    await italian.getByLabel('Colore del pulsante').selectOption('Quello di Telegram');
    await save(page);
    await saved(page);
    expect(await template('default-order-status-fatturato')).toEqual(before);
    await page.context().close();
  }, 120_000);

  test('of an order may be one that is updated, and ring for some statuses', async () => {
    const before = await template('default-order-status-evaso');
    const page = await merchant.signedIn('messages/default-order-status-evaso');
    await page.getByText('Quando e a chi').click();
    const one = page.getByLabel('Un solo messaggio per ordine, che si aggiorna');
    const rings = page.getByRole('group', { name: 'Il telefono suona per' }).getByLabel('Evaso');
    expect(await one.isChecked()).toBe(false);
    expect(await rings.isVisible()).toBe(false);
    await one.check();
    await rings.check();
    const table = page.getByLabel('Articoli in una tabella, con le foto e il totale');
    await table.check();
    await expectAccessible(page);
    await save(page);
    await saved(page);
    expect(await template('default-order-status-evaso')).toEqual({
      ...before,
      card: { newMessageFor: ['Evaso'] },
      rich: true,
    });

    await page.reload();
    await page.getByText('Quando e a chi').click();
    await rings.waitFor();
    expect(await rings.isChecked()).toBe(true);
    await one.uncheck();
    await table.uncheck();
    await rings.waitFor({ state: 'detached' });
    await save(page);
    await saved(page);
    expect(await template('default-order-status-evaso')).toEqual(before);
    await page.context().close();
  }, 120_000);

  test('about files may collect the notices of a folder', async () => {
    const before = await template('default-file-upload');
    const page = await merchant.signedIn('messages/default-file-upload');
    await textIn(page, 'italiano').waitFor();
    const choice = page.getByLabel('Raccogli gli avvisi di una cartella in un solo messaggio');
    await page.getByRole('heading', { name: 'Quando e a chi' }).click();
    await choice.waitFor();
    await choice.selectOption('15 minuti');
    await expectAccessible(page);
    await save(page);
    await saved(page);
    expect(await template('default-file-upload')).toEqual({ ...before, digestMinutes: 15 });

    await page.reload();
    await textIn(page, 'italiano').waitFor();
    await page.getByText('raccolti per 15 minuti').first().waitFor();
    await page.getByRole('heading', { name: 'Quando e a chi' }).click();
    await choice.selectOption('No, un messaggio per ogni avviso');
    await save(page);
    await saved(page);
    expect(await template('default-file-upload')).toEqual(before);
    await page.context().close();
  }, 120_000);

  test('are tried out on a person who has linked Telegram', async () => {
    const page = await merchant.signedIn('messages/default-message-sent');
    await textIn(page, 'italiano').fill('Una prova, non salvata: {{oggettoMessaggio}}');
    await page.getByRole('button', { name: 'Invia una prova' }).click();
    const dialog = page.getByRole('dialog', { name: 'Invia una prova' });
    await dialog.getByLabel('Cerca una persona collegata').fill('ann');
    await dialog.getByLabel('Anna Rossi').click();
    await dialog.getByRole('button', { name: 'Invia la prova' }).click();
    await dialog.getByText('Inviato: è nella chat.').waitFor();
    await expectAccessible(page);
    const [message] = await merchant.run.messagesOnce(1001, 1);
    expect(message?.text).toContain('Una prova, non salvata: Preventivo tende da sole');
    await page.context().close();
  }, 120_000);

  test('have asked for nothing elsewhere, and nothing has failed unseen', () => {
    expect(merchant.complaints).toEqual([]);
  });
});
