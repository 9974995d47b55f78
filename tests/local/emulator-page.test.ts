import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { RunningEmulator } from '../../local/emulator/server.ts';
import type { Shops } from '../../local/emulator/shops.ts';
import { launchChromium } from '../../scripts/chromium.ts';
import { describeWithBrowser } from '../support/browser.ts';
import { call, closeAfterTest, control, messagesOf, receiver, start } from './emulator-helpers.ts';

const DESKTOP = { width: 1400, height: 860 };
const PHONE = { width: 390, height: 780 };

describeWithBrowser("the emulator's page", () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  /** Opens the page; whatever the page complains of on its console fails the test. */
  async function open(emulator: RunningEmulator, viewport: { width: number; height: number }): Promise<Page> {
    const page = await browser.newPage({ viewport });
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    closeAfterTest(async () => {
      await page.close();
      expect(complaints).toEqual([]);
    });
    await page.goto(emulator.url);
    await page.getByTestId('chat-1001').waitFor();
    return page;
  }

  test('a sample event arrives live in the right chat, formatted and with its button', async () => {
    const notifications = [
      { userId: 'anna', status: 'queued' },
      { userId: 'dario', status: 'skipped', reason: 'not-linked' },
    ];
    const api = await receiver(() => {
      void call(emulator, 'sendMessage', {
        chat_id: 1001,
        parse_mode: 'HTML',
        text: 'Ordine <b>OC 2026/0412</b>: <a href="https://shop.example/o">dettagli</a><blockquote>nota</blockquote>',
        reply_markup: { inline_keyboard: [[{ text: 'Vedi ordine', url: 'https://shop.example/ordini/1' }]] },
      });
      return { status: 202, body: { eventId: 'e', notifications } };
    });
    const emulator: RunningEmulator = await start({ apiUrl: new URL(api.url).origin });
    const page = await open(emulator, DESKTOP);
    await page.getByTestId('chat-1002').click();
    await page.getByTestId('sample-order-status').click();

    const answer = page.getByTestId('sample-answer');
    await answer.getByText('202', { exact: true }).waitFor();
    expect(await answer.locator('.outcome li').allTextContents()).toEqual([
      'anna queued',
      'dario skipped: not-linked',
    ]);
    await page.getByTestId('chat-1001').getByTestId('unread').waitFor();
    expect(await page.getByTestId('message').count()).toBe(0);

    await page.getByTestId('chat-1001').click();
    const message = page.getByTestId('message');
    await message.waitFor();
    expect(await message.locator('b').textContent()).toBe('OC 2026/0412');
    expect(await message.locator('.text a').getAttribute('href')).toBe('https://shop.example/o');
    expect(await message.locator('blockquote').textContent()).toBe('nota');
    const button = message.getByTestId('message-button');
    expect(await button.textContent()).toBe('Vedi ordine');
    expect(await button.getAttribute('href')).toBe('https://shop.example/ordini/1');
    expect(await button.getAttribute('target')).toBe('_blank');
    expect(await button.getAttribute('rel')).toContain('noopener');
    expect(await page.getByTestId('unread').count()).toBe(0);
  });

  test('a button has its colour, and one with a text copies it', async () => {
    const emulator = await start();
    const page = await open(emulator, DESKTOP);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByTestId('chat-1001').click();
    const inline_keyboard = [
      [{ text: 'Vedi ordine', url: 'https://shop.example/1', style: 'success' }],
      [{ text: 'Copia', copy_text: { text: 'TRK 1' } }],
    ];
    await call(emulator, 'sendMessage', { chat_id: 1001, text: 'x', reply_markup: { inline_keyboard } });
    const copy = page.getByText('Copia', { exact: true });
    await copy.waitFor();
    const colours = await page.evaluate<string[]>(
      "[...document.querySelectorAll('.key')].map((key) => getComputedStyle(key).backgroundColor)",
    );
    expect(new Set(colours).size).toBe(2);
    await copy.click();
    await page.getByTestId('toast').getByText('Copied: TRK 1').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('TRK 1');
  });

  test('a message that came without a sound is marked, also after the page is loaded anew and when it was edited', async () => {
    const emulator = await start();
    const page = await open(emulator, DESKTOP);
    await page.getByTestId('chat-1001').click();
    await call(emulator, 'sendMessage', { chat_id: 1001, text: 'di notte', disable_notification: true });
    await call(emulator, 'sendMessage', { chat_id: 1001, text: 'di giorno' });
    const marks = () =>
      page.getByTestId('message').evaluateAll((all) => all.map((each) => each.dataset.silent));
    await page.getByText('di giorno').last().waitFor();
    expect(await marks()).toEqual(['true', undefined]);
    expect(await page.getByTestId('message').first().locator('time').textContent()).toContain('🔕');
    expect(await page.getByTestId('message').first().getAttribute('aria-label')).toMatch(/, silent$/);

    await call(emulator, 'editMessageText', { chat_id: 1001, message_id: 1, text: 'di notte fonda' });
    await page.getByTestId('message').getByText('di notte fonda').waitFor();
    expect(await marks()).toEqual(['true', undefined]);
    await page.reload();
    await page.getByTestId('message').getByText('di notte fonda').waitFor();
    expect(await marks()).toEqual(['true', undefined]);
  });

  test('a rich message shows its text, its table and where its pictures are; changed, it says so', async () => {
    const emulator = await start();
    const page = await open(emulator, DESKTOP);
    await page.getByTestId('chat-1001').click();
    const cell = (text: unknown, align: string) => ({ text, align, valign: 'top' });
    const blocks = [
      { type: 'paragraph', text: ['Ordine ', { type: 'bold', text: '<evaso>' }] },
      { type: 'photo', photo: { type: 'photo', media: 'https://shop.example/tenda.jpg' } },
      { type: 'table', cells: [[cell('1 × Tenda', 'left'), cell('119,90 €', 'right')]] },
    ];
    await call(emulator, 'sendRichMessage', { chat_id: 1001, rich_message: { blocks } });
    const message = page.getByTestId('message');
    await message.locator('b', { hasText: '<evaso>' }).waitFor();
    await message.locator('td[data-align="right"]', { hasText: '119,90 €' }).waitFor();
    await message.locator('a[href="https://shop.example/tenda.jpg"]').waitFor();
    await page.getByTestId('chat-1001').getByText('Ordine <evaso>').waitFor();

    await call(emulator, 'editMessageText', { chat_id: 1001, message_id: 1, text: 'consegnato' });
    await message.getByText('consegnato').waitFor();
    expect(await message.locator('table').count()).toBe(0);
    expect(await message.locator('time').textContent()).toContain('edited');
  });

  test('what looks like a script is shown as text, and no bad link is made', async () => {
    const emulator = await start();
    const page = await open(emulator, DESKTOP);
    await page.getByTestId('chat-1001').click();
    const text = '<script>document.title="broken"</script><img src=x onerror=alert(1)>';
    await call(emulator, 'sendMessage', { chat_id: 1001, text });
    const badLink = { text: '<a href="javascript:alert(1)">qui</a>', parse_mode: 'HTML' };
    await call(emulator, 'sendMessage', { chat_id: 1001, ...badLink });
    await page.getByTestId('message').getByText('qui', { exact: true }).waitFor();
    const shown = page.getByTestId('message').first().locator('.text');
    expect(await shown.textContent()).toBe(text);
    expect(await page.locator('.log script, .log img').count()).toBe(0);
    expect(await page.locator('.log a').count()).toBe(0);
    expect(await page.title()).not.toContain('broken');
  });

  test('the person writes, presses a button and blocks the bot', async () => {
    const emulator = await start();
    const page = await open(emulator, DESKTOP);
    await page.getByTestId('chat-1001').click();
    await page.getByTestId('composer-input').fill('Buongiorno');
    await page.keyboard.press('Enter');
    await page.getByTestId('message').getByText('Buongiorno').waitFor();
    expect(await messagesOf(emulator, 1001)).toMatchObject([{ text: 'Buongiorno', from: { id: 1001 } }]);

    const reply_markup = { inline_keyboard: [[{ text: 'Italiano', callback_data: 'it' }]] };
    await call(emulator, 'sendMessage', { chat_id: 1001, text: 'Lingua?', reply_markup });
    const pressed = page.waitForResponse((response) => response.url().endsWith('/press'));
    await page.getByTestId('message-button').click();
    const query = JSON.parse(await (await pressed).text());
    expect(query.data).toBe('it');
    await call(emulator, 'answerCallbackQuery', { callback_query_id: query.id, text: 'Fatto!' });
    await page.getByTestId('toast').getByText('Fatto!').waitFor();

    await page.getByTestId('block').click();
    await page.getByText('Unblock bot').waitFor();
    expect((await call(emulator, 'sendMessage', { chat_id: 1001, text: 'x' })).status).toBe(403);
    await page.getByTestId('block').click();
    await page.getByTestId('composer-input').waitFor();
    expect((await call(emulator, 'sendMessage', { chat_id: 1001, text: 'x' })).status).toBe(200);
  });

  test('New person says whose each bot is, also of one that was saved in the meantime', async () => {
    const saved: Record<string, string[]> = { demo_shop_bot: ['demo'] };
    const shops: Shops = {
      botOfLink: async () => undefined,
      loggedIn: async () => undefined,
      sitesOf: async ({ username }) => saved[username] ?? [],
    };
    const page = await open(await start({ shops }), DESKTOP);
    const offered = async () => {
      await page.getByTestId('new-person').click();
      await page.getByTestId('person-start').waitFor();
      const options = await page.locator('#person-bot option').allTextContents();
      await page.locator('#person-cancel').click();
      return options;
    };
    expect(await offered()).toEqual([
      '@demo_shop_bot of the site demo',
      '@nuovo_bot: no site has saved it yet',
      '@passweb_manager_bot, with which people make bots',
    ]);
    saved.nuovo_bot = ['bottega'];
    expect((await offered())[1]).toBe('@nuovo_bot of the site bottega');
  });

  test('a person confirms a new bot that a manager bot offers, and may change its names', async () => {
    const emulator = await start();
    const page = await open(emulator, DESKTOP);
    await control(emulator, 'chats/1001/send', { text: '/start', bot: 'passweb_manager_bot' });
    const url = 'https://t.me/newbot/passweb_manager_bot/bottega_bot?name=La%20Bottega';
    await call(
      emulator,
      'sendMessage',
      { chat_id: 1001, text: 'Un bot', reply_markup: { inline_keyboard: [[{ text: 'Crea il bot', url }]] } },
      '300:manager',
    );
    await page.goto(`${emulator.url}/#/1001/passweb_manager_bot`);
    await page.getByTestId('message-button').click();
    expect(await page.getByTestId('new-bot-name').inputValue()).toBe('La Bottega');
    await page.getByTestId('new-bot-username').fill('bottega_mia_bot');
    await page.getByTestId('new-bot-create').click();
    await page.getByTestId('toast').getByText('@bottega_mia_bot was made.').waitFor();
    const { body } = await call(emulator, 'getUpdates', {}, '300:manager');
    expect(Object.values(body.result).at(-1)).toMatchObject({
      managed_bot: {
        user: { id: 1001, first_name: 'Anna' },
        bot: { username: 'bottega_mia_bot', is_bot: true },
      },
    });
  });

  test('edits, deletions and a reset show at once', async () => {
    const emulator = await start();
    const page = await open(emulator, DESKTOP);
    await page.getByTestId('chat-1001').click();
    for (const text of ['uno', 'due']) await call(emulator, 'sendMessage', { chat_id: 1001, text });
    await page.getByTestId('message').nth(1).waitFor();
    await call(emulator, 'editMessageText', { chat_id: 1001, message_id: 1, text: 'uno, corretto' });
    await page.getByTestId('message').getByText('uno, corretto').waitFor();
    await call(emulator, 'deleteMessage', { chat_id: 1001, message_id: 2 });
    await page.getByTestId('message').nth(1).waitFor({ state: 'detached' });
    await control(emulator, 'reset', {});
    await page.getByTestId('message').waitFor({ state: 'detached' });
  });

  test('on a phone: list, chat and back, a new person, nothing wider than the screen', async () => {
    const emulator = await start();
    const page = await open(emulator, PHONE);
    const widest = () => page.evaluate('document.documentElement.scrollWidth');
    expect(await page.getByTestId('composer-input').isVisible()).toBe(false);
    expect(await page.getByTestId('sample-order-status').isVisible()).toBe(false);
    await page.getByTestId('chat-1002').click();
    await page.getByTestId('composer-input').waitFor();
    expect(await page.getByTestId('chat-1002').isVisible()).toBe(false);
    await call(emulator, 'sendMessage', { chat_id: 1002, text: 'x'.repeat(300) });
    await page.getByTestId('message').waitFor();
    expect(await widest()).toBe(PHONE.width);
    await page.getByTestId('back').click();
    await page.getByTestId('chat-1002').waitFor();

    await page.getByTestId('new-person').click();
    await page.getByTestId('person-chat-id').fill('1010');
    await page.getByTestId('person-payload').fill('tok_1');
    await page.getByTestId('person-start').click();
    await page.getByTestId('message').getByText('/start tok_1').waitFor();
    expect(await messagesOf(emulator, 1010)).toMatchObject([
      { text: '/start tok_1', from: { id: 1010, first_name: 'Person 1010' } },
    ]);
    await page.getByTestId('back').click();
    await page.getByRole('button', { name: 'Sample events' }).click();
    await page.getByTestId('sample-order-status').waitFor();
    expect(await widest()).toBe(PHONE.width);
  });

  test('nothing but its own files may run in it', async () => {
    const emulator = await start();
    const response = await fetch(emulator.url);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
    const html = await response.text();
    expect(html).not.toMatch(/\son\w+=|<style|javascript:|src="http|href="http/);
  });
});
