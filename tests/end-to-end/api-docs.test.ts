/** The page to read and to try out the API: from the API itself, and with nothing from anybody else. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { launchChromium } from '../../scripts/chromium.ts';
import { describeWithBrowser } from '../support/browser.ts';
import { type LocalRun, startRun, until } from '../support/local-run.ts';

const ANNA = 1001;
let run: LocalRun;
let address: string;
beforeAll(async () => {
  run = await startRun();
  address = `${run.api}/v1/docs`;
});
afterAll(() => run?.stop());

describe('the address', () => {
  const get = (headers: Record<string, string>) => fetch(address, { headers });

  test('answers a page in one file, compressed for those who take it, within what a function may answer', async () => {
    const [zipped, plain] = await Promise.all([get({}), get({ 'accept-encoding': 'identity' })]);
    expect(zipped.headers.get('content-encoding')).toBe('gzip');
    expect(plain.headers.get('content-encoding')).toBeNull();
    const page = await plain.text();
    expect(await zipped.text()).toBe(page);
    // Lambda answers 6 MB at most, as JSON.
    expect(JSON.stringify(page).length).toBeLessThan(6_000_000);
    expect(zipped.headers.get('etag')).not.toBe(plain.headers.get('etag'));
    for (const { headers } of [zipped, plain]) {
      expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(headers.get('vary')).toBe('accept-encoding');
    }
  });

  test.each(['/v1/docs', '/v1/openapi.json'])('%s is answered 304 to whoever has it', async (path) => {
    const first = await fetch(run.api + path);
    const etag = first.headers.get('etag') ?? '';
    const again = await fetch(run.api + path, { headers: { 'if-none-match': etag } });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
    const other = await fetch(run.api + path, { headers: { 'if-none-match': '"1"' } });
    expect([other.status, other.headers.get('etag')]).toEqual([200, etag]);
  });

  test('lets nothing run but its own script', async () => {
    const policy = (await get({})).headers.get('content-security-policy');
    expect(policy).toMatch(
      /default-src 'none'; script-src 'sha256-[\w+/=]{44}'; style-src 'sha256-[\w+/=]{44}'/,
    );
    expect(policy).not.toContain('unsafe');
  });

  test('stands for the former one on the page of the emulator', async () => {
    const answer = await fetch(`${run.telegram}/docs`, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([302, address]);
  });
});

describeWithBrowser('the page', () => {
  test('shows every operation, sends an event with the key of a site, and keeps the key nowhere', async () => {
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      const complaints = complaintsOf(page);
      await page.goto(address);
      await page.locator('.opblock').first().waitFor();
      const document = (await (await fetch(`${run.api}/v1/openapi.json`)).json()) as {
        paths: Record<string, object>;
      };
      const operations = Object.values(document.paths).flatMap(Object.keys);
      expect(await page.locator('.opblock').count()).toBe(operations.length);

      await page.locator('button.authorize').click();
      const keys = await page.locator('.auth-container h4 code').allTextContents();
      expect(keys).toEqual(['siteKey', 'platformKey', 'telegramSecret']);
      // The field of the site's key has the focus.
      await page.keyboard.type('pwtg_demo');
      await page.keyboard.press('Enter');
      await page.locator('.auth-container button.btn-done').first().click();
      const operation = page.locator('#operations-Events-reportOrderStatus');
      await operation.getByRole('button').first().click();
      await operation.locator('button.execute').click();
      await operation.locator('.live-responses-table td', { hasText: '202' }).first().waitFor();
      await until(
        async () => (await run.messages(ANNA)).some(({ text }) => text.includes('OC 2026/0412')),
        'the message of the event',
      );

      expect(await page.evaluate('[localStorage.length, sessionStorage.length, document.cookie]')).toEqual([
        0,
        0,
        '',
      ]);
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
    }
  });

  test('begins with every optional parameter empty, says its example, and with the others as in the document', async () => {
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      await page.goto(address);
      await page.locator('button.authorize').click();
      await page.keyboard.type('pwtg_demo');
      await page.keyboard.press('Enter');
      await page.locator('.auth-container button.btn-done').first().click();
      const document = (await (await fetch(`${run.api}/v1/openapi.json`)).json()) as Described;
      const described = Object.values(document.paths).flatMap(Object.values<Operation>);
      // Filters, a cursor, days; conditions; and parameters that are required.
      for (const id of ['listDeliveries', 'getStatistics', 'putWebhook', 'callbackLogin']) {
        const { tags, parameters = [] } = described.find(
          ({ operationId }) => operationId === id,
        ) as Operation;
        const operation = page.locator(`[id="operations-${tags[0]?.replaceAll(' ', '_')}-${id}"]`);
        await operation.getByRole('button').first().click();
        await operation.locator('button.execute').waitFor();
        for (const { name, in: place, required, example } of parameters) {
          const row = operation.locator(`tr[data-param-name="${name}"][data-param-in="${place}"]`);
          const value = await row.locator('input, select').inputValue();
          expect({ id, name, value }).toEqual({ id, name, value: required ? String(example) : '' });
          if (!required) expect(await row.textContent()).toContain(`Example: ${example}`);
        }
      }

      const log = page.locator('#operations-Log-listDeliveries');
      await log.locator('button.execute').click();
      await log.locator('.live-responses-table td', { hasText: '200' }).first().waitFor();
      const asked = await log.locator('.request-url pre').textContent();
      expect(asked).toBe(`${run.api}/v1/sites/demo/deliveries`);
    } finally {
      await browser.close();
    }
  });
});

interface Operation {
  tags: string[];
  operationId: string;
  parameters?: { name: string; in: string; required?: boolean; example: unknown }[];
}
interface Described {
  paths: Record<string, Record<string, Operation>>;
}

/** What the page complains of, and what it asks others for. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(run.api) && !url.startsWith('data:')) complaints.push(`It asks for ${url}`);
  });
  return complaints;
}
