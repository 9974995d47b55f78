/**
 * `node scripts/guide-pictures.ts`: takes the pictures of docs/guida-esercente.md from a running system. It follows the
 * merchant's steps in the guide, in its own local run, and takes screenshots of the pages. Needs Chromium
 * (`CHROMIUM_PATH`) and a font with emoji, such as Debian's `fonts-noto-color-emoji`.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { type LocalRun, startRun, until } from '../tests/support/local-run.ts';
import { launchChromium } from './chromium.ts';

const PICTURES = join(import.meta.dirname, '../docs/immagini');
const CHAT = 4711;
const PHONE = { width: 400, height: 860 };

class Merchant {
  readonly #run: LocalRun;
  readonly #key: string;

  constructor(run: LocalRun, key: string) {
    this.#run = run;
    this.#key = key;
  }

  async ask<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const answer = await fetch(`${this.#run.api}/v1/sites/bottega${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#key}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text || 'null');
  }
}

async function prepareShop(
  run: LocalRun,
): Promise<{ merchant: Merchant; link: { token: string; qr: string } }> {
  const platform = new Merchant(run, 'platform-demo');
  const site = { name: 'Bottega Verde Salvia', url: 'https://bottega.example', moduleActive: true };
  const { siteKey } = await platform.ask<{ siteKey: string }>('PUT', '', site);
  const merchant = new Merchant(run, siteKey);
  await merchant.ask('PUT', '/bot', { token: '200:nuovo', username: 'nuovo_bot' });
  await merchant.ask('PATCH', '', { merchantContact: 'info@bottega.example' });
  const link = await merchant.ask<{ token: string; qr: string }>('POST', '/users/elena/link', {
    firstName: 'Elena',
    lastName: 'Conti',
    language: 'it',
  });
  return { merchant, link };
}

async function photographQr(browser: Browser, qr: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 300, height: 300 }, deviceScaleFactor: 1.5 });
  await page.setContent(`<body style="margin:20px">${qr}</body>`);
  await page.screenshot({ path: join(PICTURES, 'codice-qr.png') });
  await page.close();
}

async function send(run: LocalRun, text: string): Promise<void> {
  const from = { first_name: 'Elena', last_name: 'Conti', language_code: 'it' };
  await run.emulator(`chats/${CHAT}/send`, { text, bot: 'nuovo_bot', from });
}

/** Takes a screenshot of the end of the chat once it shows a text. */
async function photographChat(page: Page, name: string, text: string): Promise<void> {
  await page.locator('#log').getByText(text).last().waitFor();
  await page.locator('#log').screenshot({ path: join(PICTURES, `${name}.png`), animations: 'disabled' });
}

/** Three companies on the owner's phone, and a second phone for one of them. */
async function photographAccounts(run: LocalRun, browser: Browser, merchant: Merchant): Promise<void> {
  const [owner, secretary] = [4721, 4722];
  const link = async (userId: string, chatId: number, companyName: string) => {
    const body = { companyName, language: 'it' };
    const { token } = await merchant.ask<{ token: string }>('POST', `/users/${userId}/link`, body);
    const from = { first_name: chatId === owner ? 'Mario Rossi' : 'Segreteria' };
    const before = (await run.messages(chatId).catch(() => [])).length;
    await run.emulator(`chats/${chatId}/send`, { text: `/start ${token}`, bot: 'nuovo_bot', from });
    await until(async () => (await run.messages(chatId)).length >= before + 2, 'the welcome');
  };
  await link('501.1', owner, 'Rossi Costruzioni S.r.l.');
  await link('501.2', owner, 'Rossi Immobiliare S.r.l.');
  await link('501.3', owner, 'Bar Rossi');
  await merchant.ask('POST', '/events/message-sent', {
    eventId: 'f24-novembre',
    message: { id: '1', subject: 'F24 di novembre' },
    sender: { id: 'studio', companyName: 'Studio Bianchi' },
    recipients: ['501.1', '501.2', '501.3'].map((id) => ({ id })),
  });
  const page = await browser.newPage({ viewport: PHONE, deviceScaleFactor: 1.5, locale: 'it-IT' });
  await page.goto(run.telegram);
  await page.getByTestId(`chat-${owner}`).click();
  await until(
    async () => (await run.messages(owner)).filter(({ text }) => text?.includes('F24')).length >= 3,
    'the messages of the three companies',
  );
  await photographChat(page, 'piu-aziende', 'F24 di novembre');
  await link('501.1', secretary, 'Rossi Costruzioni S.r.l.');
  await photographChat(page, 'nuova-chat', "un'altra chat");
  await page.close();
}

async function takePictures(run: LocalRun, browser: Browser): Promise<void> {
  const { merchant, link } = await prepareShop(run);
  await photographQr(browser, link.qr);

  await send(run, `/start ${link.token}`);
  await until(async () => (await run.messages(CHAT)).length >= 2, 'the welcome');
  const page = await browser.newPage({ viewport: PHONE, deviceScaleFactor: 1.5, locale: 'it-IT' });
  await page.goto(run.telegram);
  await page.getByTestId(`chat-${CHAT}`).click();
  await photographChat(page, 'benvenuto', 'ti diamo il benvenuto');

  await merchant.ask('POST', '/events/order-status', {
    eventId: 'ordine-1-evaso',
    language: 'it',
    order: {
      id: '1',
      reference: 'OC 2026/0412',
      status: 'Evaso',
      itemCount: 3,
      total: { amount: '149.90', currency: 'EUR' },
      url: 'https://bottega.example/ordini/1',
    },
    holder: { id: 'elena', firstName: 'Elena', lastName: 'Conti' },
  });
  await photographChat(page, 'primo-messaggio', 'OC 2026/0412');

  await send(run, '/impostazioni');
  await photographChat(page, 'impostazioni', 'Carrello abbandonato');
  await page.close();

  await photographAccounts(run, browser, merchant);

  const docs = await browser.newPage({ viewport: { width: 1000, height: 760 }, deviceScaleFactor: 1 });
  await docs.goto(`${run.telegram}/docs`);
  const heading = docs.locator('#operations-tag-Templates');
  await heading.waitFor();
  await heading.evaluate((element: { scrollIntoView(): void }) => element.scrollIntoView());
  await docs.screenshot({ path: join(PICTURES, 'documentazione-api.png'), animations: 'disabled' });
}

await mkdir(PICTURES, { recursive: true });
const browser = await launchChromium();
const run = await startRun();
try {
  await takePictures(run, browser);
  console.log(`The pictures are in ${PICTURES}.`);
} finally {
  await browser.close();
  await run.stop();
}
process.exit(0);
