/** The documentation of the API in the local run: a page that shows docs/openapi.json, from this machine alone. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type RunningEmulator, startEmulator } from '../../local/emulator/server.ts';
import { launchChromium } from '../../scripts/chromium.ts';
import { describeWithBrowser } from '../support/browser.ts';

let emulator: RunningEmulator;
beforeAll(async () => {
  emulator = await startEmulator({ apiUrl: 'http://localhost:4999/' });
});
afterAll(() => emulator.close());

test('the document names the API of this run', async () => {
  const answer = await fetch(`${emulator.url}/docs/openapi.json`);
  expect(answer.headers.get('content-type')).toBe('application/json');
  expect(await answer.json()).toMatchObject({
    openapi: expect.stringMatching(/^3\.1/),
    servers: [{ url: 'http://localhost:4999' }],
  });
});

test.each(['/docs/package.json', '/docs/..%2fpackage.json', '/docs/swagger-ui-bundle.js.map', '/docsx'])(
  '%s is not there',
  async (path) => {
    expect((await fetch(`${emulator.url}${path}`)).status).toBe(404);
  },
);

describeWithBrowser('the page', () => {
  test('shows every operation, opens one, and asks nobody else for anything', async () => {
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      const complaints: string[] = [];
      const foreign: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      page.on('request', (request) => {
        const url = request.url();
        if (!url.startsWith(emulator.url) && !url.startsWith('data:')) foreign.push(url);
      });
      await page.goto(`${emulator.url}/docs`);
      await page.getByText('Create a template').click();
      await page.getByText('Every language of the site needs a text.').waitFor();

      const document = (await (await fetch(`${emulator.url}/docs/openapi.json`)).json()) as {
        paths: Record<string, object>;
      };
      const operations = Object.values(document.paths).flatMap(Object.keys);
      expect(await page.locator('.opblock').count()).toBe(operations.length);
      expect(complaints).toEqual([]);
      expect(foreign).toEqual([]);
    } finally {
      await browser.close();
    }
  }, 60_000);
});
