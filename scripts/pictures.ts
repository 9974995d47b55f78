/** `npm run pictures`: takes the pictures of the merchants' guide and of the README. See HELP. */
import '../local/isolated.ts';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { type LocalRun, startRun, until } from '../tests/support/local-run.ts';
import { launchChromium } from './chromium.ts';
import { runCommand } from './command-line.ts';
import { smallPng } from './small-png.ts';

const HELP = `npm run pictures

Takes the pictures of docs/guida-esercente.md and of README.md anew, in docs/immagini: a shop of its own in a local run,
its console, and the emulator as the phone. Look at them before they are committed.

Needs Chromium (CHROMIUM_PATH, or Debian's), and a font with emoji: Noto Color Emoji, in Debian the package
fonts-noto-color-emoji. Without it, emoji are empty boxes.`;

const PICTURES = join(import.meta.dirname, '../docs/immagini');
const SITE = 'bottega-rossi';
const URL_OF_SHOP = 'https://www.bottegarossi.example';
const PLATFORM_KEY = 'platform-demo';
const MERCHANT = { id: 7000, is_bot: false, first_name: 'Elena', last_name: 'Rossi', language_code: 'it' };

interface Customer {
  userId: string;
  firstName?: string;
  lastName?: string;
  companyName?: string;
  language?: string;
}

const CUSTOMERS: readonly Customer[] = [
  { userId: '501.00012', firstName: 'Anna', lastName: 'Bianchi' },
  { userId: '501.00027', companyName: 'Trattoria da Gino S.n.c.' },
  { userId: '501.00031', firstName: 'Paolo', lastName: 'Ferri' },
  { userId: '501.00044', companyName: 'Studio Conti & Associati' },
  { userId: '501.00058', firstName: 'Greta', lastName: 'Huber', language: 'en' },
  { userId: '501.00063', firstName: 'Luigi', lastName: 'Marini' },
  { userId: '501.00071', companyName: 'Bar Centrale' },
  { userId: '501.00086', firstName: 'Sara', lastName: 'Galli' },
];
const [ANNA, GINO, PAOLO, STUDIO, GRETA, LUIGI, BAR, SARA] = CUSTOMERS.map(({ userId }) => userId);

class Photographer {
  readonly #run: LocalRun;
  readonly #browser: Browser;

  constructor(run: LocalRun, browser: Browser) {
    this.#run = run;
    this.#browser = browser;
  }

  async takeAll(): Promise<void> {
    const site = { name: 'Bottega Rossi', url: URL_OF_SHOP, moduleActive: true };
    await this.#ask(PLATFORM_KEY, 'PUT', '', site);
    const { siteKey } = await this.#ask<{ siteKey: string }>(PLATFORM_KEY, 'POST', '/keys', {});
    const ask = <Answer>(method: string, path: string, body?: unknown) =>
      this.#ask<Answer>(siteKey, method, path, body);

    const page = await this.#signedIn();
    await this.#makeBot(page);
    await ask('PATCH', '', {
      merchantContact: '@bottega_rossi',
      privacyUrl: `${URL_OF_SHOP}/privacy`,
    });
    await this.#linkMerchant(page);

    await this.#linkCustomers(ask);
    await this.#reportEvents(ask);
    await this.#photographRooms(page);
    await this.#photographEditor(page);
  }

  async #ask<Answer>(key: string, method: string, path: string, body?: unknown): Promise<Answer> {
    const answer = await fetch(`${this.#run.api}/v1/sites/${SITE}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text || 'null');
  }

  async #signedIn(): Promise<Page> {
    const { url } = await this.#ask<{ url: string }>(PLATFORM_KEY, 'POST', '/console-links', {});
    const page = await this.#browser.newPage({ viewport: { width: 1100, height: 720 }, locale: 'it-IT' });
    await page.goto(url);
    await page.getByText('Passi fatti').waitFor();
    return page;
  }

  async #goTo(page: Page, place: string): Promise<void> {
    await page.goto(`${this.#run.api}/console/#/${SITE}/${place}`);
  }

  async #photograph(page: Page, name: string): Promise<void> {
    // What has just been announced or pressed is no part of the picture.
    await page.evaluate('document.activeElement?.blur()');
    await page.mouse.move(0, 0);
    await this.#keep(page, name, await page.screenshot({ animations: 'disabled' }));
  }

  async #keep(page: Page, name: string, picture: Buffer): Promise<void> {
    await writeFile(join(PICTURES, `${name}.png`), await smallPng(page, picture));
  }

  /** A phone: one person's chat in the emulator, once it shows a text. */
  async #phone(chatId: number, text: string): Promise<Page> {
    const viewport = { width: 376, height: 744 };
    const phone = await this.#browser.newPage({ viewport, locale: 'it-IT' });
    await phone.goto(this.#run.telegram);
    await phone.getByTestId(`chat-${chatId}`).click();
    await phone.locator('#log').getByText(text).last().waitFor();
    return phone;
  }

  async #photographPhone(phone: Page, name: string): Promise<void> {
    await this.#keep(phone, name, await phone.locator('#log').screenshot({ animations: 'disabled' }));
    await phone.close();
  }

  #sends(chatId: number, text: string | null, from: object): Promise<unknown> {
    return this.#run.emulator(`chats/${chatId}/send`, { text, from });
  }

  async #makeBot(page: Page): Promise<void> {
    await page.getByRole('link', { name: 'Crea il bot' }).click();
    await page.getByRole('button', { name: 'Crea il bot con il telefono' }).click();
    const link = page.getByRole('link', { name: 'Apri Telegram qui' });
    await link.waitFor();
    await this.#photograph(page, 'bot');
    await this.#sends(MERCHANT.id, await link.getAttribute('href'), MERCHANT);
    const confirm = page.getByRole('link', { name: 'Crea il bot in Telegram' });
    const { pathname, searchParams } = new URL((await confirm.getAttribute('href')) ?? '');
    const [, , manager, username] = pathname.split('/');
    await this.#run.emulator('newbot', {
      manager,
      username,
      name: searchParams.get('name'),
      from: MERCHANT.id,
    });
    await page.getByText('Tutto funziona.').first().waitFor();
  }

  async #linkMerchant(page: Page): Promise<void> {
    await this.#goTo(page, 'home');
    await page.reload();
    await page.getByText('Passi fatti: 4 su 7').waitFor();
    await this.#photograph(page, 'per-iniziare');
    await page.getByLabel('Il vostro nome (facoltativo)').fill(MERCHANT.first_name);
    await page.getByRole('button', { name: 'Mostra il codice QR' }).click();
    const href = await page.getByRole('link', { name: 'Apri Telegram qui' }).getAttribute('href');
    await this.#sends(MERCHANT.id, href, MERCHANT);
    await page.getByRole('button', { name: 'Invia una prova' }).click();
    await page.getByText('Passi fatti: 6 su 7').waitFor();
    const phone = await this.#phone(MERCHANT.id, 'OC 2026/0412');
    await this.#photographPhone(phone, 'primo-messaggio');
  }

  async #linkCustomers(ask: Ask): Promise<void> {
    for (const [index, { userId, language = 'it', ...names }] of CUSTOMERS.entries()) {
      const path = `/users/${userId}/link`;
      const { url } = await ask<{ url: string }>('POST', path, { language, ...names });
      // Some have not opened their link yet.
      if (userId === SARA || userId === BAR) continue;
      const first_name = names.firstName ?? names.companyName;
      const from = { first_name, last_name: names.lastName, language_code: language };
      await this.#sends(chatOf(index), url, from);
      const shown = () => this.#run.messages(chatOf(index));
      await until(async () => (await shown()).some(({ from: { is_bot } }) => is_bot), 'the welcome');
    }
    await ask('PATCH', `/users/${PAOLO}`, { optedOut: true, by: 'person' });
    const blocked = chatOf(CUSTOMERS.findIndex(({ userId }) => userId === LUIGI));
    const { bot } = await ask<{ bot: { username: string } }>('GET', '');
    await this.#run.emulator(`chats/${blocked}/block`, { bot: bot.username });
    const studio = chatOf(CUSTOMERS.findIndex(({ userId }) => userId === STUDIO));
    await this.#run.emulator(`chats/${studio}/send`, { text: '/impostazioni', bot: bot.username });
    await this.#photographPhone(await this.#phone(studio, 'Carrelli abbandonati'), 'impostazioni');
  }

  async #reportEvents(ask: Ask): Promise<void> {
    const order = (userId: string | undefined, number: number, status: string, total: string) => {
      const { language = 'it', ...holder } = CUSTOMERS.find((each) => each.userId === userId) ?? {};
      return ask('POST', '/events/order-status', {
        eventId: `ordine-${number}-${status}`,
        language,
        order: {
          id: String(number),
          reference: `OC 2026/${number}`,
          status,
          itemCount: 3,
          total: { amount: total, currency: 'EUR' },
          url: `${URL_OF_SHOP}/ordini/${number}`,
        },
        holder: { id: userId, ...withoutId(holder) },
      });
    };
    await order(GINO, 1187, 'Confermato', '412.50');
    await order(PAOLO, 1188, 'Confermato', '36.00');
    await order(LUIGI, 1190, 'Evaso', '74.20');
    await order(BAR, 1191, 'Confermato', '218.00');
    await order(GRETA, 1192, 'Nuovo', '58.90');
    await ask('POST', '/events/message-sent', {
      eventId: 'f24-novembre',
      message: { id: '1', subject: 'F24 di novembre' },
      sender: { id: 'studio', companyName: 'Bottega Rossi' },
      recipients: [{ id: STUDIO }, { id: SARA }],
    });
    await order(ANNA, 1193, 'Evaso', '149.90');
    await until(async () => {
      const { deliveries } = await ask<{ deliveries: { status: string }[] }>('GET', '/deliveries?limit=100');
      return (
        deliveries.length > CUSTOMERS.length + 4 && deliveries.every(({ status }) => status !== 'queued')
      );
    }, 'all messages to be recorded');
  }

  async #photographRooms(page: Page): Promise<void> {
    await this.#goTo(page, 'people');
    await page.getByText('Trattoria da Gino').waitFor();
    await this.#photograph(page, 'persone');
    await this.#goTo(page, 'log');
    await page.getByText('Righe mostrate').waitFor();
    // Without the fields for dates: this Chromium writes them in English.
    await page.evaluate("document.querySelector('.totals').scrollIntoView(); scrollBy(0, 10)");
    await this.#photograph(page, 'registro');
  }

  /** The editor, and beside it the phone on which the same message has arrived: the first picture of the README. */
  async #photographEditor(page: Page): Promise<void> {
    await page.setViewportSize({ width: 1200, height: 760 });
    await this.#goTo(page, 'messages/default-order-status-evaso');
    await page.getByTestId('preview').filter({ hasText: 'OC 2026/0412' }).waitFor();
    await this.#photograph(page, 'messaggio');
    const phone = await this.#phone(chatOf(0), 'OC 2026/1193');
    const pictures = [await page.screenshot({ animations: 'disabled' }), await phone.screenshot()];
    const [left, right] = pictures.map((picture) => `data:image/png;base64,${picture.toString('base64')}`);
    await phone.close();
    const both = await this.#browser.newPage({ viewport: { width: 1688, height: 824 } });
    await both.setContent(`<style>
        body { margin: 0; padding: 32px; display: flex; gap: 32px; background: #dfe6ee; }
        img { border-radius: 10px; }
        img + img { box-sizing: border-box; height: 760px; border: 8px solid #1d2733; border-radius: 28px; }
      </style><img src="${left}"><img src="${right}">`);
    await this.#keep(both, 'console-e-telefono', await both.screenshot());
    await both.close();
  }
}

type Ask = <Answer>(method: string, path: string, body?: unknown) => Promise<Answer>;

function chatOf(index: number): number {
  return MERCHANT.id + 1 + index;
}

function withoutId({ userId: _id, ...names }: Partial<Customer>): Omit<Customer, 'userId'> {
  return names;
}

await runCommand({ name: 'pictures', help: HELP }, async () => {
  await rm(PICTURES, { recursive: true, force: true });
  await mkdir(PICTURES, { recursive: true });
  const browser = await launchChromium();
  const run = await startRun();
  try {
    await new Photographer(run, browser).takeAll();
    console.log(`The pictures are in ${PICTURES}.`);
  } finally {
    await browser.close();
    await run.stop();
  }
});
