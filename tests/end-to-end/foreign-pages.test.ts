/** Pages of other sites, in the browser of the person who runs `npm start`: they read nothing and change nothing. */
import { createServer, type Server } from 'node:http';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { listen } from '../../local/ports.ts';
import { launchChromium } from '../../scripts/chromium.ts';
import { describeWithBrowser } from '../support/browser.ts';
import { type LocalRun, sample, startRun, until } from '../support/local-run.ts';

/** One request that a page can send. */
interface Attack {
  url: string;
  method: string;
  headers?: Record<string, string>;
  body?: string;
}

const TABLES = ['sites', 'users', 'links', 'schedule', 'paces', 'deliveries', 'waiting', 'statements'];

describeWithBrowser('a page of another site', () => {
  let run: LocalRun;
  let browser: Browser;
  let site: Server;
  let sitePort: number;
  /** What was asked of that site. */
  const visited: string[] = [];

  beforeAll(async () => {
    run = await startRun();
    // Both names lead to this machine, as those of an attacker may.
    browser = await launchChromium([
      '--host-resolver-rules=MAP evil.example 127.0.0.1,MAP rebound.example 127.0.0.1',
      // The newest browsers ask the person before a page reaches this machine; others do not.
      '--disable-features=LocalNetworkAccessChecks',
    ]);
    site = createServer(({ url = '' }, response) => {
      visited.push(url);
      const asked = new URLSearchParams(url.split('?')[1]);
      const to = asked.get('to');
      const rules = `<script type="speculationrules">${asked.get('rules') ?? '{}'}</script>`;
      if (to) response.writeHead(302, { location: to });
      else response.writeHead(200, { 'content-type': 'text/html' });
      response.end(`<!doctype html><title>Another site</title>${rules}`);
    });
    sitePort = await listen(site, 0);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    site?.close();
    await run?.stop();
  });

  /** Everything that a request could change, of all servers. */
  async function state(): Promise<unknown> {
    const tables = TABLES.map(async (name) => {
      const TableName = `passweb-telegram-local-${name}`;
      const { Items = [] } = await run.tables.send(new ScanCommand({ TableName, ConsistentRead: true }));
      return [name, Items.map((item) => JSON.stringify(item)).sort()];
    });
    const of = async (path: string) => (await fetch(`${run.telegram}/emulator/${path}`)).json();
    return {
      tables: await Promise.all(tables),
      calls: await of('calls'),
      chats: await of('chats'),
      faults: await of('faults'),
      waiting: await run.waitingIn('order-status'),
    };
  }

  /** What a page would try, with `HOST` for the name by which it reaches this machine. */
  async function attacks(): Promise<Attack[]> {
    const { PORT, TELEGRAM_PORT, LAMBDA_PORT, SQS_PORT, DYNAMODB_PORT } = run.process.ports;
    const event = JSON.stringify({ siteId: 'demo', ...(await sample('order-status')) });
    const name = 'passweb-telegram-local-order-status';
    const record = {
      messageId: '1',
      body: event,
      attributes: { ApproximateReceiveCount: '1', SentTimestamp: '1' },
      eventSource: 'aws:sqs',
      eventSourceARN: `arn:aws:sqs:eu-south-1:000000000000:${name}`,
    };
    const queue = `http://127.0.0.1:${SQS_PORT}/000000000000/${name}`;
    const key = { authorization: 'Bearer pwtg_demo' };
    const json = { 'content-type': 'application/json' };
    const aws = (target: string) => ({
      'x-amz-target': target,
      'content-type': 'application/x-amz-json-1.0',
    });
    const api = `http://HOST:${PORT}`;
    const telegram = `http://HOST:${TELEGRAM_PORT}`;
    const lambda = `http://HOST:${LAMBDA_PORT}/2015-03-31/functions`;
    const sqs = `http://HOST:${SQS_PORT}`;
    const dynamodb = `http://HOST:${DYNAMODB_PORT}`;
    const item = '{"TableName":"passweb-telegram-local-users"}';
    return [
      { url: `${api}/v1/openapi.json`, method: 'GET' },
      { url: `${api}/v1/sites/demo`, method: 'GET', headers: key },
      {
        url: `${api}/v1/sites/demo/events/order-status`,
        method: 'POST',
        headers: { ...key, ...json },
        body: event,
      },
      { url: `${api}/v1/sites/demo/events/order-status`, method: 'POST', body: event },
      { url: `${lambda}/${name}/invocations`, method: 'POST', body: JSON.stringify({ Records: [record] }) },
      { url: `${lambda}/${name}/invoke-async/`, method: 'POST', body: JSON.stringify({ Records: [record] }) },
      { url: `${lambda}/passweb-telegram-local-retention/invocations`, method: 'POST', body: '{}' },
      { url: `${sqs}/`, method: 'POST', headers: aws('AmazonSQS.ListQueues'), body: '{}' },
      {
        url: `${sqs}/`,
        method: 'POST',
        headers: aws('AmazonSQS.SendMessage'),
        body: JSON.stringify({ QueueUrl: queue, MessageBody: event }),
      },
      {
        url: `${sqs}/000000000000/${name}`,
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `Action=SendMessage&MessageBody=${encodeURIComponent(event)}`,
      },
      { url: `${sqs}/bucket`, method: 'PUT' },
      { url: `${dynamodb}/permissions`, method: 'GET' },
      { url: `${dynamodb}/`, method: 'POST', headers: aws('DynamoDB_20120810.Scan'), body: item },
      { url: `${dynamodb}/`, method: 'POST', headers: aws('DynamoDB_20120810.DeleteTable'), body: item },
      { url: `${dynamodb}/?Action=Scan`, method: 'POST', body: item },
      { url: `${telegram}/emulator/chats`, method: 'GET' },
      { url: `${telegram}/emulator/reset`, method: 'POST' },
      { url: `${telegram}/emulator/faults`, method: 'POST', body: '{"status":500}' },
      { url: `${telegram}/emulator/faults`, method: 'DELETE' },
      { url: `${telegram}/emulator/chats/1001/send`, method: 'POST', body: '{"text":"/stop"}' },
      { url: `${telegram}/emulator/samples/order-status`, method: 'POST', body: '{}' },
      { url: `${telegram}/bot100:demo/sendMessage?chat_id=1001&text=stolen`, method: 'GET' },
      {
        url: `${telegram}/bot100:demo/sendMessage`,
        method: 'POST',
        body: '{"chat_id":1001,"text":"stolen"}',
      },
    ];
  }

  const withHost = (all: Attack[], host: string) =>
    all.map((attack) => ({ ...attack, url: attack.url.replace('HOST', host) }));

  /** Sends each request in each way that a page has. @returns what the page could read. */
  async function attack(page: Page, requests: Attack[]): Promise<string[]> {
    await page.addScriptTag({ path: 'tests/support/hostile-page.js' });
    return page.evaluate(`attack(${JSON.stringify(requests)})`);
  }

  test.each([
    ['evil.example', ['127.0.0.1', 'evil.example']],
    // Another program of this machine, such as a page that is being developed: only its port is another.
    ['localhost', ['localhost', '127.0.0.1']],
  ])(
    'at %s, which calls %j',
    async (host, names) => {
      const before = await state();
      const page = await (await browser.newContext()).newPage();
      for (const name of names) {
        await page.goto(`http://${host}:${sitePort}/`);
        expect(await attack(page, withHost(await attacks(), name))).toEqual([]);
      }
      await page.context().close();
      expect(await state()).toEqual(before);
    },
    120_000,
  );

  /** What a page can have opened with `GET` on each port whose `GET` is not the API's. */
  async function inner(): Promise<string[]> {
    const all = withHost(await attacks(), '127.0.0.1');
    return all
      .filter(({ url, method }) => method === 'GET' && !url.startsWith(run.api))
      .map(({ url }) => url);
  }

  /** https://developer.mozilla.org/docs/Web/API/Speculation_Rules_API: the browser names no other site then. */
  test('that has addresses fetched in advance', async () => {
    const before = await state();
    const control = `http://127.0.0.1:${sitePort}/fetched-in-advance`;
    const inAdvance = [{ urls: [...(await inner()), control], eagerness: 'immediate' }];
    const page = await (await browser.newContext()).newPage();
    const rules = encodeURIComponent(JSON.stringify({ prefetch: inAdvance, prerender: inAdvance }));
    await page.goto(`http://evil.example:${sitePort}/?rules=${rules}`);
    await until(() => visited.includes('/fetched-in-advance'), 'the browser to fetch in advance');
    await page.context().close();
    expect(await state()).toEqual(before);
  });

  /** The person has typed or kept the address of that site: the browser names no other site then either. */
  test('that leads on to this machine', async () => {
    const before = await state();
    const page = await (await browser.newContext()).newPage();
    for (const url of await inner()) {
      const answer = await page.goto(`http://evil.example:${sitePort}/?to=${encodeURIComponent(url)}`);
      expect([answer?.url(), answer?.status()]).toEqual([url, 403]);
    }
    await page.context().close();
    expect(await state()).toEqual(before);
  });

  /** DNS rebinding: the attacker's name leads here after the page was loaded, so that all is of one origin for the browser. */
  test('under a name that leads to this machine', async () => {
    const before = await state();
    for (const port of Object.values(run.process.ports)) {
      const page = await (await browser.newContext()).newPage();
      const address = `http://rebound.example:${port}/`;
      const html = { contentType: 'text/html', body: '<!doctype html><title>Another site</title>' };
      await page.route(address, (route) => route.fulfill(html));
      await page.goto(address);
      await page.unroute(address);
      const own = withHost(await attacks(), 'rebound.example').filter(({ url }) => url.startsWith(address));
      const read = await attack(page, own);
      const answers = read.filter((line) => line.startsWith('fetch'));
      expect(answers).toHaveLength(2 * own.length);
      expect(read.filter((line) => !line.includes(': 403 {') || !line.includes('"foreign-caller"'))).toEqual(
        [],
      );
      await page.context().close();
    }
    expect(await state()).toEqual(before);
  }, 120_000);
});
