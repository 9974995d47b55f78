/** The console's session in a browser, at both names of this machine. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../../scripts/chromium.ts';
import { describeWithBrowser } from '../support/browser.ts';
import { type LocalRun, startRun } from '../support/local-run.ts';

interface Sent {
  method: string;
  path: string;
  body?: object;
  headers?: Record<string, string>;
}

describeWithBrowser('the session', () => {
  let run: LocalRun;
  let browser: Browser;
  beforeAll(async () => {
    run = await startRun();
    browser = await launchChromium();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await run?.stop();
  });

  /** As a script of the page that is open does it. */
  const send = (page: Page, { headers = { 'x-console': '1' }, ...sent }: Sent) =>
    page.evaluate(
      async ({ method, path, body, headers }) => {
        const type = body && { 'content-type': 'application/json' };
        const answer = await fetch(path, {
          method,
          headers: { ...headers, ...type },
          ...(body && { body: JSON.stringify(body) }),
        });
        const text = await answer.text();
        return { status: answer.status, json: text ? JSON.parse(text) : null };
      },
      { ...sent, headers },
    );

  const open = async (host: string) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`http://${host}:${run.process.ports.PORT}/console`);
    expect(page.url()).toBe(`http://${host}:${run.process.ports.PORT}/console/`);
    return { page, context };
  };

  test.each(['127.0.0.1', 'localhost'])('at %s: signed in, a setting changed, signed out', async (host) => {
    const { page, context } = await open(host);
    const signIn = { method: 'POST', path: '/console/session', body: { siteId: 'demo', key: 'pwtg_demo' } };
    expect(await send(page, signIn)).toMatchObject({ status: 200, json: { role: 'site', siteId: 'demo' } });
    expect(await page.evaluate('document.cookie')).toBe('');
    expect(await context.cookies()).toMatchObject([
      { name: 'console-site', httpOnly: true, sameSite: 'Lax', path: '/' },
    ]);
    const settings = { method: 'PATCH', path: '/v1/sites/demo', body: { abandonedCartHours: 5 } };
    expect(await send(page, settings)).toMatchObject({ status: 200, json: { abandonedCartHours: 5 } });
    expect(await send(page, { ...settings, headers: {} })).toMatchObject({ status: 401 });
    expect((await send(page, { method: 'GET', path: '/v1/sites/demo' })).status).toBe(200);
    expect((await send(page, { method: 'DELETE', path: '/console/session' })).status).toBe(204);
    expect(await context.cookies()).toEqual([]);
    expect(await send(page, settings)).toMatchObject({ status: 401, json: { code: 'session-ended' } });
    await context.close();
  });

  test('npm start prints where it is, and a link that signs in once', async () => {
    const { output } = run.process;
    expect(output).toContain(`Console     ${run.api}/console/`);
    const [, token] = output.match(/\/console\/#token=(demo\.\S+)/) ?? [];
    const { page, context } = await open('127.0.0.1');
    const exchange = { method: 'POST', path: '/console/session', body: { token } };
    expect((await send(page, exchange)).status).toBe(200);
    expect((await send(page, { method: 'GET', path: '/v1/sites/demo' })).status).toBe(200);
    expect(await send(page, exchange)).toMatchObject({ status: 401, json: { code: 'wrong-console-link' } });
    await context.close();
  });

  test('the page runs what is its own, and nothing that is written into it', async () => {
    const { page, context } = await open('127.0.0.1');
    const intrude = `const script = document.createElement('script');
      script.textContent = 'window.intruder = true';
      document.head.append(script);
      'intruder' in window`;
    expect(await page.evaluate(intrude)).toBe(false);
    const asked = page.evaluate(() => fetch('https://shop.example/').then(String, String));
    expect(await asked).toMatch(/Failed to fetch/);
    await context.close();
  });
});
