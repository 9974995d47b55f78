/** A deployment that lets the platform's back office show the console in a frame. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { consolePage } from '../support/console-page.ts';
import { SITE_KEY } from '../support/fixtures.ts';

let app: App;
beforeAll(async () => {
  process.env.CONSOLE_FRAME_ANCESTORS = 'https://office.example https://shop.example';
  app = await startApp();
});
afterAll(() => app.close());

test('the page may be framed by those, and by nobody else', async () => {
  const { headers } = await app.call('GET', '/console/', { key: null });
  expect(String(headers['content-security-policy'])).toMatch(
    /; frame-ancestors https:\/\/office\.example https:\/\/shop\.example$/,
  );
});

test('the cookie comes there too, and is another one in each site that frames the console', async () => {
  const { cookies } = await consolePage(app).signIn({ siteId: 'demo', key: SITE_KEY });
  expect(cookies).toEqual([
    expect.stringMatching(
      /^__Host-console-site=[^;]+; Path=\/; Max-Age=28800; HttpOnly; Secure; SameSite=None; Partitioned$/,
    ),
  ]);
});

test('its requests are those of its own origin; the page around it can send none', async () => {
  const browser = consolePage(app);
  await browser.signIn({ siteId: 'demo', key: SITE_KEY });
  const patch = (headers: Record<string, string>) =>
    browser.call('PATCH', '/v1/sites/demo', { body: { docuvision: true }, headers });
  expect((await patch({})).status).toBe(200);
  const around = { origin: 'https://office.example', 'sec-fetch-site': 'cross-site' };
  expect((await patch(around)).status).toBe(403);
});
