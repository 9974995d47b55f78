/** The console as a merchant uses it: a local run, and a browser. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchChromium } from '../../scripts/chromium.ts';
import { type LocalRun, startRun } from './local-run.ts';

/** That of the local run. */
const PLATFORM_KEY = 'platform-demo';

export interface Shop {
  siteId: string;
  /** Its first key. */
  key: string;
}

export const DEMO_SHOP: Shop = { siteId: 'demo', key: 'pwtg_demo' };

/** A local run with a browser. */
export class ConsoleRun {
  readonly run: LocalRun;
  readonly browser: Browser;
  /** What pages have asked of other hosts, and what they have written to their consoles: both stay empty. */
  readonly complaints: string[] = [];

  constructor(run: LocalRun, browser: Browser) {
    this.run = run;
    this.browser = browser;
  }

  get address(): string {
    return `${this.run.api}/console/`;
  }

  /** A page in a browser of its own: nobody is signed in. */
  async newPage(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.browser.newContext({ locale: 'it-IT', ...options });
    // For what never comes: a busy machine takes its time.
    context.setDefaultTimeout(60_000);
    const page = await context.newPage();
    page.on('request', (request) => {
      if (!/^(?:data|blob):/.test(request.url()) && !request.url().startsWith(`${this.run.api}/`))
        this.complaints.push(`asked for ${request.url()}`);
    });
    page.on('pageerror', (error) => this.complaints.push(String(error.stack)));
    page.on('console', (message) => {
      // The browser itself writes of each answer that is no success.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
        this.complaints.push(message.text());
    });
    return page;
  }

  /**
   * A page of somebody who has signed in with a link, as Passweb's back office opens it.
   *
   * @param place after the shop: `bot`, or `people?query=rossi`; absent: where the console leads.
   */
  async signedIn(place = '', { shop = DEMO_SHOP, ...options }: SignInOptions = {}): Promise<Page> {
    const page = await this.newPage(options);
    await page.goto(await this.linkFor(shop.siteId));
    await page.waitForURL((url) => url.hash.startsWith(`#/${shop.siteId}`));
    if (place !== '') await page.goto(`${this.address}#/${shop.siteId}/${place}`);
    return page;
  }

  /** A one-time link that signs in. */
  async linkFor(siteId: string): Promise<string> {
    const { url } = await this.asPlatform<{ url: string }>('POST', `/v1/sites/${siteId}/console-links`, {});
    return url;
  }

  /** A new shop, with everything still to do. */
  async newShop(siteId: string, name = 'Bottega Nuova'): Promise<Shop> {
    const body = { name, url: 'https://bottega.example', moduleActive: true };
    const { siteKey: key } = await this.asPlatform<{ siteKey: string }>('PUT', `/v1/sites/${siteId}`, body);
    return { siteId, key };
  }

  asPlatform<Value>(method: string, path: string, body?: unknown): Promise<Value> {
    return this.#call(PLATFORM_KEY, method, path, body);
  }

  /** @param path after the site's own: `/templates`. */
  asShop<Value>({ siteId, key }: Shop, method: string, path: string, body?: unknown): Promise<Value> {
    return this.#call(key, method, `/v1/sites/${siteId}${path}`, body);
  }

  async #call<Value>(key: string, method: string, path: string, body: unknown): Promise<Value> {
    const answer = await fetch(this.run.api + path, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    // As docs/openapi.json says.
    return (text === '' ? undefined : JSON.parse(text)) as Value;
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.run.stop();
  }
}

interface SignInOptions extends BrowserContextOptions {
  shop?: Shop;
}

/** Starts both; `stop` ends them. */
export async function startConsole(): Promise<ConsoleRun> {
  const run = await startRun();
  try {
    return new ConsoleRun(run, await launchChromium());
  } catch (error) {
    await run.stop();
    throw error;
  }
}

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** What colours and widths decide. All else is the same however wide and dark a screen is. */
const LOOK_RULES = ['color-contrast', 'link-in-text-block', 'scrollable-region-focusable', 'target-size'];
/** Each width and each scheme once: what depends on both at the same time is not worth twice the time. */
const LOOKS = [
  { width: 390, colorScheme: 'light', rules: { type: 'tag', values: RULES } },
  { width: 1400, colorScheme: 'dark', rules: { type: 'rule', values: LOOK_RULES } },
] as const;

/** What is on the screen has no finding of axe, and nothing of it is cut off: narrow and light, wide and dark. */
export async function expectAccessible(page: Page): Promise<void> {
  const before = page.viewportSize();
  for (const { width, colorScheme, rules } of LOOKS) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    // There are no frames, and the legacy mode needs no second page to put their findings together.
    const axe = new AxeBuilder({ page }).setLegacyMode(true);
    const { violations } = await axe.options({ runOnly: { ...rules, values: [...rules.values] } }).analyze();
    const findings = violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]);
    expect({ width, colorScheme, findings }).toEqual({ width, colorScheme, findings: [] });
    const overflow = await page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    expect({ width, overflow }).toEqual({ width, overflow: 0 });
  }
  await page.emulateMedia({ colorScheme: null });
  if (before) await page.setViewportSize(before);
}
