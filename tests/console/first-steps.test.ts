/** From the first click to the first message: the list of what is missing, and the bot. */
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeWithBrowser } from '../support/browser.ts';
import { type ConsoleRun, DEMO_SHOP, expectAccessible, type Shop, startConsole } from '../support/console.ts';
import { until } from '../support/local-run.ts';

/** As @BotFather answers to /newbot: https://core.telegram.org/bots/features#creating-a-new-bot */
const BOTFATHER = `Done! Congratulations on your new bot. You will find it at t.me/nuovo_bot. You can now add a description, about section and profile picture for your bot, see /help for a list of commands. By the way, when you've finished creating your cool bot, ping our Bot Support if you want a better username for it. Just make sure the bot is fully operational before you do this.

Use this token to access the HTTP API:
200:nuovo
Keep your token secure and store it safely, it can be used by anyone to control your bot.

For a description of the Bot API, see this page: https://core.telegram.org/bots/api`;

describeWithBrowser('the first steps of a shop', () => {
  let consoleRun: ConsoleRun;

  beforeAll(async () => {
    consoleRun = await startConsole();
  }, 120_000);
  afterAll(() => consoleRun?.stop());

  const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true });
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
  const step = (page: Page, title: string) => page.locator('.step', { has: heading(page, title) });

  /** A person's phone: they open a link of `t.me`, and press Start. */
  const opens = (chatId: number, url: string, firstName = 'Mario') =>
    consoleRun.run.emulator(`chats/${chatId}/send`, {
      text: url,
      from: { id: chatId, is_bot: false, first_name: firstName },
    });
  const hrefOf = async (page: Page, name: string): Promise<string> =>
    (await page.getByRole('link', { name, exact: true }).getAttribute('href')) ?? '';

  /** They confirm in Telegram the bot that the link names. */
  function confirms(chatId: number, newBotUrl: string): Promise<unknown> {
    const { pathname, searchParams } = new URL(newBotUrl);
    const [, , manager, username] = pathname.split('/');
    return consoleRun.run.emulator('newbot', {
      manager,
      username,
      name: searchParams.get('name'),
      from: chatId,
    });
  }

  /**
   * The person's part: six clicks, three short texts, three looks at the phone. How long it takes is printed, and not
   * asserted: this machine does other things too.
   */
  test('lead from nothing to the first message on the phone', async () => {
    const shop = await consoleRun.newShop('bottega', 'Bottega Rossi');
    const page = await consoleRun.signedIn('', { shop });
    await page.getByText('Passi fatti: 1 su 7').waitFor();
    await expectAccessible(page);
    const began = Date.now();

    await page.getByRole('link', { name: 'Crea il bot' }).click();
    await button(page, 'Crea il bot con il telefono').click();
    await opens(5001, await hrefOf(page, 'Apri Telegram qui'));
    await page.getByText('Aperto da Mario').waitFor();
    await confirms(5001, await hrefOf(page, 'Crea il bot in Telegram'));
    await page.getByText('Tutto funziona.').first().waitFor();
    await heading(page, '@bottega_rossi_bot').waitFor();
    await page.getByRole('link', { name: 'Vai ai prossimi passi' }).click();

    await page.getByLabel('Il vostro contatto').fill('@bottega_rossi');
    await page.getByLabel('Il vostro contatto').press('Enter');
    await page.getByLabel('Indirizzo della pagina').fill('https://bottega.example/privacy');
    await page.getByLabel('Indirizzo della pagina').press('Enter');
    await page.getByText('Passi fatti: 4 su 7').waitFor();
    await page.getByLabel('Il vostro nome (facoltativo)').fill('Mario');
    await button(page, 'Mostra il codice QR').click();
    await page.getByAltText('Codice QR da inquadrare', { exact: false }).waitFor();
    await opens(5001, await hrefOf(page, 'Apri Telegram qui'));
    await button(page, 'Invia una prova').click();
    await page.getByText('Passi fatti: 6 su 7').waitFor();
    console.info(`From the first click to the first message: ${Date.now() - began} ms, waiting and machine.`);

    const messages = await consoleRun.run.messages(5001);
    const shown = messages.map(({ text }) => text);
    expect(shown).toContainEqual(expect.stringMatching(/📦 Ciao Mario, abbiamo ricevuto il tuo ordine/));
    expect(await consoleRun.asShop(shop, 'GET', '')).toMatchObject({
      merchantContact: '@bottega_rossi',
      privacyUrl: 'https://bottega.example/privacy',
      bot: { username: 'bottega_rossi_bot', managed: true },
    });
    // The last step: what is told to whoever connects the site, and seen by itself.
    await page.getByText(`indirizzo del negozio: ${consoleRun.run.api}/v1/sites/bottega`).waitFor();
    await expectAccessible(page);
    await consoleRun.asShop(shop, 'POST', '/events/message-sent', {
      eventId: 'e-1',
      message: { id: 'm-1', subject: 'Prova' },
      sender: { id: 'someone' },
      recipients: [{ id: 'prova-console' }],
    });
    await page.getByText('Tutto pronto').waitFor();
  }, 240_000);

  test('can be given up, and gone on with after a reload', async () => {
    const shop = await consoleRun.newShop('ripresa', 'Ripresa');
    const page = await consoleRun.signedIn('bot', { shop });
    await button(page, 'Crea il bot con il telefono').click();
    const first = await hrefOf(page, 'Apri Telegram qui');
    await expectAccessible(page);
    await page.reload();
    await page.getByText('In attesa del telefono').waitFor();
    expect(await hrefOf(page, 'Apri Telegram qui')).toBe(first);
    await button(page, 'Ricomincia con un link nuovo').click();
    await until(async () => (await hrefOf(page, 'Apri Telegram qui')) !== first, 'another link');
    await page.getByText('Qualcosa non va sul telefono?').click();
    await page.getByText('è già preso', { exact: false }).waitFor();
    await button(page, 'Annulla').click();
    await button(page, 'Crea il bot con il telefono').waitFor();
  }, 120_000);

  test('a link that nobody used in time, and a bot that is gone, are told with what to do', async () => {
    const shop = await consoleRun.newShop('tardi', 'Tardi');
    const page = await consoleRun.signedIn('bot', { shop });
    await button(page, 'Crea il bot con il telefono').click();
    await page.getByText('In attesa del telefono').waitFor();
    // As after half an hour.
    await consoleRun.run.tables.send(
      new UpdateCommand({
        TableName: 'passweb-telegram-local-links',
        Key: { token: 'managed#tardi' },
        UpdateExpression: 'SET expires = :then',
        ExpressionAttributeValues: { ':then': Date.now() - 1 },
      }),
    );
    const failed = page.getByRole('alert');
    await failed.getByText('Il link è scaduto').waitFor();
    await failed.getByText('Ricominciare: ci sarà un nuovo link.').waitFor();
    await expectAccessible(page);

    await button(page, 'Crea il bot con il telefono').click();
    await opens(5003, await hrefOf(page, 'Apri Telegram qui'));
    await page.getByText('Aperto da Mario').waitFor();
    const body = { ok: false, error_code: 400, description: 'Bad Request: BOT_INVALID' };
    await consoleRun.run.emulator('faults', { method: 'getManagedBotToken', times: 1, status: 400, body });
    await confirms(5003, await hrefOf(page, 'Crea il bot in Telegram'));
    await failed.getByText('Il bot non esiste più').waitFor();
    await failed.getByText('Ricominciare e crearne un altro.', { exact: false }).waitFor();
    await expectAccessible(page);

    // And so it goes on.
    await button(page, 'Crea il bot con il telefono').click();
    await page.getByText('In attesa del telefono').waitFor();
    expect(await failed.count()).toBe(0);
  }, 120_000);

  test('a bot of @BotFather is saved with the whole message, which does not stay', async () => {
    const shop = await consoleRun.newShop('botfather', 'Bottega Bianchi');
    const page = await consoleRun.signedIn('bot', { shop });
    await page.getByText('Oppure: un bot che avete già').click();
    const field = page.getByLabel('Messaggio di @BotFather');
    await field.fill('ciao');
    await button(page, 'Salva il bot').click();
    await page.getByText('Qui non c’è il token di un bot').waitFor();
    await field.fill('900:wrong-token');
    await button(page, 'Salva il bot').click();
    await until(async () => (await field.getAttribute('aria-invalid')) === 'true', 'the error of the API');
    await page.getByText('Telegram non conosce questo token').waitFor();
    expect(await page.getByText('Trovato il token').count()).toBe(0);
    expect(await page.getByText('Unauthorized').count()).toBe(0);
    await expectAccessible(page);
    await field.fill(BOTFATHER);
    await page.getByText('Trovato il token di @nuovo_bot.').waitFor();
    await button(page, 'Salva il bot').click();
    await heading(page, '@nuovo_bot').waitFor();
    await page.getByText('Tutto funziona.').first().waitFor();
    expect(await page.content()).not.toContain('200:nuovo');
    await page.getByText('Cambiare token o bot').click();
    expect(await field.inputValue()).toBe('');
    await expectAccessible(page);

    // Another bot is not taken without a question: whoever is linked would get nothing from it.
    await field.fill('100:demo');
    await button(page, 'Salva il bot').click();
    const question = page.getByRole('dialog', { name: 'Sostituire il bot del negozio?' });
    await question.getByText('collegate a @nuovo_bot devono aprire quello nuovo', { exact: false }).waitFor();
    await expectAccessible(page);
    await question.getByRole('button', { name: 'Annulla' }).click();
    await question.waitFor({ state: 'detached' });
    expect(await consoleRun.asShop(shop, 'GET', '')).toMatchObject({ bot: { username: 'nuovo_bot' } });

    // Telegram refuses the token: the test says what that means and what to do.
    await consoleRun.run.emulator('faults', {
      method: 'getMe',
      times: 1,
      status: 401,
      body: { ok: false, error_code: 401, description: 'Unauthorized' },
    });
    await button(page, 'Prova il collegamento').click();
    await page.getByText('Qualcosa non funziona.').first().waitFor();
    await page.getByText('Che cosa fare:').waitFor();
    expect(await page.locator('.checks').textContent()).not.toMatch(/PUT|POST/);
    await expectAccessible(page);
  }, 240_000);

  test('a bot that another shop has is taken over only by who says so', async () => {
    const shop = await consoleRun.newShop('seconda', 'Seconda');
    const page = await consoleRun.signedIn('bot', { shop });
    await page.getByText('Oppure: un bot che avete già').click();
    await page.getByLabel('Messaggio di @BotFather').fill('100:demo @demo_shop_bot');
    await button(page, 'Salva il bot').click();
    const dialog = page.getByRole('dialog', { name: 'Il bot è di un altro negozio' });
    await dialog.waitFor();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Annulla' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await consoleRun.asShop(shop, 'GET', '')).not.toHaveProperty('bot');
    await button(page, 'Salva il bot').click();
    await dialog.getByRole('button', { name: 'Prendi il bot qui' }).click();
    await heading(page, '@demo_shop_bot').waitFor();

    // The other one is told what has happened, and where to mend it.
    const loser = await consoleRun.signedIn('', { shop: DEMO_SHOP });
    await loser.getByText('Un altro negozio ha preso questo bot.', { exact: false }).waitFor();
    await expectAccessible(loser);
    await loser.getByRole('link', { name: 'Sistema il bot' }).click();
    await loser.getByText('Ha un problema').waitFor();
    await loser.getByLabel('Messaggio di @BotFather').waitFor();
  }, 240_000);

  test('the bot that was made here gets another token, and the logo', async () => {
    const shop: Shop = await consoleRun.newShop('logo', 'Logo');
    const page = await consoleRun.signedIn('bot', { shop });
    await button(page, 'Crea il bot con il telefono').click();
    await opens(5002, await hrefOf(page, 'Apri Telegram qui'));
    await page.getByText('Aperto da').first().waitFor();
    await confirms(5002, await hrefOf(page, 'Crea il bot in Telegram'));
    await page.getByText('Tutto funziona.').first().waitFor();

    await page.getByLabel('Scegli un’immagine').setInputFiles({
      name: 'logo.png',
      mimeType: 'image/png',
      buffer: await page.screenshot(),
    });
    await page.getByAltText('Come si vedrà il logo').waitFor();
    await page.getByLabel('Riempire il cerchio', { exact: false }).check();
    await expectAccessible(page);
    await button(page, 'Usa questo logo').click();
    await page.getByText('Il logo è impostato.', { exact: false }).waitFor();
    await page.getByLabel('Scegli un’immagine').setInputFiles({
      name: 'logo.png',
      mimeType: 'image/png',
      buffer: Buffer.from('no picture'),
    });
    await page.getByText('non riesce a leggere questo file', { exact: false }).waitFor();

    await page.getByText('Cambiare token o bot').click();
    await button(page, 'Rinnova il token').click();
    const dialog = page.getByRole('dialog', { name: 'Rinnovare il token del bot?' });
    await dialog.getByRole('button', { name: 'Rinnova', exact: true }).click();
    await page.getByText('Tutto funziona.').first().waitFor();

    await button(page, 'Crea un altro bot').click();
    await page.getByRole('dialog', { name: 'Sostituire il bot del negozio?' }).waitFor();
    await expectAccessible(page);
    const calls = (await (await fetch(`${consoleRun.run.telegram}/emulator/calls`)).json()) as {
      method: string;
    }[];
    const methods = calls.map(({ method }) => method);
    expect(methods).toContain('setMyProfilePhoto');
    expect(methods).toContain('replaceManagedBotToken');
  }, 240_000);

  test('what was typed is not lost where somebody else has written there', async () => {
    const shop = await consoleRun.newShop('due', 'Due');
    const page = await consoleRun.signedIn('', { shop });
    await step(page, 'Chi risponde ai clienti').locator('summary').click();
    const field = page.getByLabel('Il vostro contatto');
    await field.fill('@mio');
    const isKept = `Object.entries(localStorage).some(([name, draft]) => name.startsWith('console-draft:due:home-merchantContact:') && draft.includes('@mio'))`;
    await until(async () => page.evaluate<boolean>(isKept), 'that it is kept');
    await page.reload();
    // Its step is open: what was typed is seen.
    await field.waitFor();
    expect(await field.inputValue()).toBe('@mio');
    await consoleRun.asShop(shop, 'PATCH', '', { merchantContact: '@altro' });
    await field.press('Enter');
    await page.getByText('Nel frattempo qualcun altro ha scritto qui').waitFor();
    await page.getByRole('alert').getByText('@altro').waitFor();
    expect(await field.inputValue()).toBe('@mio');
    await expectAccessible(page);
    await field.press('Enter');
    await page.getByText('Salvato.').waitFor();
    expect(await consoleRun.asShop(shop, 'GET', '')).toMatchObject({ merchantContact: '@mio' });
  }, 120_000);

  test('a shop without the module, or switched off, is told so', async () => {
    const shop = await consoleRun.newShop('spenta', '<b>Spenta</b> & <script>alert(1)</script>');
    await consoleRun.asPlatform('PATCH', '/v1/sites/spenta', { moduleActive: false });
    await consoleRun.asShop(shop, 'PATCH', '', { active: false });
    const page = await consoleRun.signedIn('', { shop });
    await page.getByText('Il modulo Telegram non è attivo').waitFor();
    await page.getByText('Gli avvisi sono spenti.').waitFor();
    // Values are never markup.
    await page.getByText('<b>Spenta</b> & <script>alert(1)</script>').waitFor();
    await expectAccessible(page);
    await button(page, 'Riaccendi').click();
    await page.getByText('Gli avvisi sono spenti.').waitFor({ state: 'detached' });
    expect(await consoleRun.asShop(shop, 'GET', '')).toMatchObject({ active: true });
  }, 120_000);

  test('asks nobody else for anything, and breaks none of its own rules', () => {
    expect(consoleRun.complaints).toEqual([]);
  });
});
