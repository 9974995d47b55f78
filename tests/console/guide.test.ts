/**
 * The merchants' guide, walked through from its first step to its last in one local run. What is pressed, filled in and
 * looked at comes from the guide: its bold words are the words on the screen, in the order of the page.
 */
import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { describeWithBrowser } from '../support/browser.ts';
import { type ConsoleRun, startConsole } from '../support/console.ts';

const GUIDE = readFileSync('docs/guida-esercente.md', 'utf8');
const PHONE = 5001;

/** The bold words of each part of the guide, by its heading. */
const BOLD = new Map(
  GUIDE.split(/^##+ /m).map((part) => [
    part.split('\n', 1)[0] ?? '',
    [...part.matchAll(/\*\*([^*]+)\*\*/g)].map(([, words = '']) => words),
  ]),
);

/** Follows a part of the guide: each call takes its next bold words. */
class Reader {
  readonly #page: Page;
  readonly #words: string[];

  constructor(page: Page, heading: string) {
    const words = BOLD.get(heading);
    if (!words) throw new Error(`The guide has no part "${heading}".`);
    this.#page = page;
    this.#words = [...words];
  }

  next(expected?: string): string {
    const words = this.#words.shift();
    if (words === undefined) throw new Error('This part of the guide has no more words.');
    if (expected !== undefined) expect(words).toBe(expected);
    return words;
  }

  /** What stands on the screen, alone or beside a number or words for screen readers. */
  #shown(words: string): Locator {
    const dialog = this.#page.locator('dialog[open]');
    const beside = this.#page.locator('.chip, a:has(.visually-hidden), button:has(.visually-hidden)');
    const exact = this.#page.getByText(words, { exact: true });
    return exact
      .or(beside.filter({ hasText: words }))
      .filter({ visible: true })
      .and(this.#page.locator(':not(.visually-hidden)'))
      .and(dialog.locator('*').or(this.#page.locator('body:not(:has(dialog[open])) *')))
      .first();
  }

  /** The next words can be read. */
  async see(): Promise<void> {
    await this.#shown(this.next()).waitFor();
  }

  async press(): Promise<void> {
    await this.#shown(this.next()).click();
  }

  /** One of several choices, whose control lies over its words. */
  async pick(): Promise<void> {
    await this.#shown(this.next()).click({ force: true });
  }

  async fill(value: string): Promise<void> {
    await this.#page.getByLabel(this.next(), { exact: true }).filter({ visible: true }).fill(value);
  }

  async choose(label: string): Promise<void> {
    await this.#page.getByLabel(label, { exact: true }).selectOption({ label: this.next() });
  }

  /** Mentioned again; it was seen before. */
  skip(words: string): void {
    this.next(words);
  }

  end(): void {
    expect(this.#words).toEqual([]);
  }
}

describeWithBrowser('the merchants’ guide', () => {
  let merchant: ConsoleRun;
  beforeAll(async () => {
    merchant = await startConsole();
  }, 120_000);
  afterAll(() => merchant?.stop());

  const opens = (url: string | null) =>
    merchant.run.emulator(`chats/${PHONE}/send`, {
      text: url,
      from: { id: PHONE, is_bot: false, first_name: 'Elena', language_code: 'it' },
    });
  const hrefOf = (page: Page, name: string) =>
    page.getByRole('link', { name, exact: true }).getAttribute('href');

  test('leads from the key to the daily work, in its own words', async () => {
    const shop = await merchant.newShop('bottega', 'Bottega Rossi');
    const page = await merchant.newPage({ viewport: { width: 1400, height: 900 } });
    const read = (heading: string) => new Reader(page, heading);

    await page.goto(merchant.address);
    let guide = read('1. Entrare');
    await guide.fill(shop.siteId);
    await guide.fill(shop.key);
    await guide.press();
    await guide.see();
    guide.end();

    guide = read('2. Il bot, in un minuto');
    await guide.see();
    await guide.press();
    await guide.press();
    await guide.see();
    const openHere = guide.next();
    await opens(await hrefOf(page, openHere));
    await guide.see();
    const made = await hrefOf(page, 'Crea il bot in Telegram');
    await guide.see();
    // What helps where something stops is there until the bot is.
    const [allWorks, next] = [guide.next(), guide.next()];
    await guide.see();
    const { pathname, searchParams } = new URL(made ?? '');
    const [, , manager, username] = pathname.split('/');
    await merchant.run.emulator('newbot', { manager, username, name: searchParams.get('name'), from: PHONE });
    await page.getByText(allWorks).first().waitFor();
    await guide.see();
    await guide.see();
    const picture = page.getByLabel(guide.next(), { exact: true });
    const file = { name: 'logo.png', mimeType: 'image/png', buffer: await page.screenshot() };
    await picture.setInputFiles(file);
    await guide.press();
    guide.end();
    await page.getByRole('link', { name: next, exact: true }).click();

    await walkOtherBot(merchant);

    guide = read('3. I testi dei messaggi');
    await guide.press();
    await guide.see();
    await guide.see();
    guide.end();

    guide = read('Cambiare un testo');
    await guide.press();
    await guide.see();
    for (let samples = 0; samples < 4; samples += 1) await guide.pick();
    await guide.see();
    await guide.press();
    await guide.see();
    await guide.press();
    const button = guide.next();
    await guide.press();
    await guide.see();
    await guide.see();
    await guide.see();
    await page.getByRole('tab', { name: 'Italiano' }).click();
    await page.getByLabel(button, { exact: true }).filter({ visible: true }).fill('Segui il pacco');
    await guide.press();
    await guide.see();
    await guide.see();
    guide.end();

    guide = read('Tornare indietro');
    await guide.press();
    await guide.see();
    await guide.press();
    await guide.press();
    await page.getByText('Fatto: il messaggio è tornato').first().waitFor();
    guide.end();

    guide = read('Messaggi nuovi');
    await guide.press();
    await guide.see();
    await guide.see();
    await guide.see();
    guide.end();

    guide = read('4. Il vostro contatto e la privacy');
    await page.getByRole('link', { name: guide.next() }).first().click();
    // The next step is open already.
    await guide.see();
    await guide.fill('@bottega_rossi');
    await guide.press();
    await guide.see();
    await guide.fill('https://bottega.example/privacy');
    await guide.press();
    await page.getByText('Passi fatti: 4 su 7').waitFor();
    guide.end();

    guide = read('5. Il vostro telefono e il primo messaggio');
    guide.skip('Per iniziare');
    await guide.see();
    await guide.fill('Elena');
    await guide.press();
    await opens(await hrefOf(page, 'Apri Telegram qui'));
    await guide.see();
    await guide.press();
    await page.getByText('Passi fatti: 6 su 7').waitFor();
    await page.getByRole('link', { name: 'Messaggi', exact: true }).click();
    await page.getByRole('link', { name: 'Notifica Stato Ordine: Evaso', exact: true }).click();
    await guide.press();
    await page.getByRole('dialog').getByText('Elena').click();
    await guide.press();
    await page.getByRole('dialog').getByText('Inviato: è nella chat.').waitFor();
    await guide.press();
    guide.end();
    const messages = await merchant.run.messages(PHONE);
    expect(messages.map(({ text }) => text)).toContainEqual(expect.stringContaining('OC 2026/0412'));

    guide = read('6. Dirlo al programmatore');
    await page.getByRole('link', { name: 'Per iniziare', exact: true }).click();
    await guide.see();
    await guide.see();
    await merchant.asShop(shop, 'POST', '/events/message-sent', {
      eventId: 'e-1',
      message: { id: 'm-1', subject: 'Fattura di novembre' },
      sender: { id: 'studio' },
      recipients: [{ id: 'prova-console' }, { id: 'CLI/002', companyName: 'Bar Centrale' }],
    });
    await guide.see();
    guide.end();

    guide = read('7. Le persone');
    await guide.press();
    await guide.fill('ele');
    for (let states = 0; states < 3; states += 1) await guide.press();
    await guide.press();
    await guide.fill('CLI/002');
    await guide.press();
    await guide.press();
    await guide.see();
    await guide.see();
    await guide.see();
    await page.goto(`${merchant.address}#/bottega/people/prova-console`);
    for (let actions = 0; actions < 6; actions += 1) await guide.see();
    guide.end();

    guide = read('8. Il registro: perché non è arrivato?');
    await guide.press();
    const filters = [guide.next(), guide.next(), guide.next()];
    const [person = '', , outcome = ''] = filters;
    for (const label of filters) await page.getByLabel(label, { exact: true }).first().waitFor();
    await page.getByLabel(person, { exact: true }).fill('CLI/002');
    await page.getByText('non ha collegato Telegram', { exact: false }).first().waitFor();
    await guide.press();
    await page.getByRole('link', { name: 'Elena' }).first().waitFor();
    await page.getByLabel(outcome, { exact: true }).selectOption({ label: 'Inviato' });
    await page.getByLabel('Avviso', { exact: true }).selectOption({ label: 'Notifica invio messaggio' });
    await page.getByText('Righe mostrate: 1').waitFor();
    await guide.press();
    await guide.see();
    await guide.press();
    for (let outcomes = 0; outcomes < 6; outcomes += 1) await guide.choose(outcome);
    await guide.see();
    guide.end();

    guide = read('9. Che cosa deve ancora partire');
    await guide.press();
    guide.end();
    guide = read('10. Quanti messaggi');
    await guide.press();
    await guide.press();
    guide.end();

    guide = read('11. Le impostazioni');
    await guide.press();
    for (let settings = 0; settings < 12; settings += 1) await guide.see();
    await guide.press();
    await guide.press();
    guide.end();

    guide = read('12. Uscire');
    await guide.press();
    await page.getByText('Siete usciti.').waitFor();
    guide.end();
  }, 300_000);

  test('other words in bold are those of the console too', async () => {
    const files = (await readdir('console', { recursive: true })).filter((name) => /\.tsx?$/.test(name));
    const sources = await Promise.all(files.map((name) => readFile(join('console', name), 'utf8')));
    const console = sources.join('\n');
    const unknown = [...BOLD.values()].flat().filter((words) => !console.includes(words));
    // Names of messages and of outcomes are the API's; the language is the browser's.
    expect(new Set(unknown)).toEqual(
      new Set([
        'Notifica Stato Ordine: Evaso',
        'Anteprima · Italiano',
        'Inglese',
        'Inviato',
        'Non inviato',
        'Non riuscito',
        'Si riprova',
        'In programma',
      ]),
    );
  });

  test('its pictures are there, and no others', async () => {
    const shown = [...GUIDE.matchAll(/src="immagini\/([^"]+)"/g)].map(([, name]) => name);
    const readme = await readFile('README.md', 'utf8');
    const inReadme = [...readme.matchAll(/src="docs\/immagini\/([^"]+)"/g)].map(([, name]) => name);
    expect((await readdir('docs/immagini')).sort()).toEqual([...new Set([...shown, ...inReadme])].sort());
  });
});

/** A bot that exists already, in a shop of its own. */
async function walkOtherBot(merchant: ConsoleRun): Promise<void> {
  const shop = await merchant.newShop('seconda', 'Seconda');
  const page = await merchant.signedIn('bot', { shop });
  const guide = new Reader(page, 'Con un bot che avete già');
  await guide.see();
  await guide.see();
  await guide.press();
  // The bot of the demo shop.
  await guide.fill('100:demo @demo_shop_bot');
  await guide.press();
  await guide.press();
  await page.getByText('Tutto funziona.').first().waitFor();
  await guide.see();
  guide.end();
  await page.context().close();
}
