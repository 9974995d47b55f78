/**
 * The preview in the editor of messages: from a key to the phone that shows it, in a browser beside a local run. See HELP.
 */
import '../local/isolated.ts';
import { launchChromium } from '../scripts/chromium.ts';
import { runCommand, wholeNumber } from '../scripts/command-line.ts';
import { startRun, until } from '../tests/support/local-run.ts';
import { median, percentile } from './report.ts';

const HELP = `npm run bench:preview [-- KEYS]

The time from a key in the editor of messages to the phone beside it that shows the letter, in a local run of its own.

  KEYS   how many keys, about eight a second: 200 by default`;

/** Between two keys, in milliseconds: a quick typist. */
const BETWEEN_KEYS = 120;

/** In the page: notes when a letter was typed, and when the phone has first shown it; the browser notes its requests. */
const MEASURE = `
  performance.clearResourceTimings();
  performance.setResourceTimingBufferSize(100_000);
  window.typed = [];
  window.times = [];
  const phone = document.querySelector('.phone');
  addEventListener('keydown', () => typed.push(performance.now()), true);
  new MutationObserver(() => {
    const shown = document.querySelector('[data-testid="preview"]')?.textContent.match(/#(x*)/)?.[1].length ?? 0;
    const now = performance.now();
    while (times.length < shown) times.push(now - typed[times.length]);
  }).observe(phone, { subtree: true, childList: true, characterData: true });
`;

await runCommand({ name: 'bench:preview', help: HELP, maxArguments: 1 }, ({ positionals }) =>
  main(positionals),
);

async function main([keys = '200']: string[]): Promise<void> {
  const count = wholeNumber(keys, 'KEYS');
  const run = await startRun();
  const browser = await launchChromium();
  try {
    const page = await (await browser.newContext({ locale: 'it-IT' })).newPage();
    await page.goto(await signInLink(run.api));
    await page.waitForURL((url) => url.hash.startsWith('#/demo'));
    await page.goto(`${run.api}/console/#/demo/messages/default-message-sent`);
    const text = page.getByLabel('Messaggio in italiano', { exact: true });
    await text.press('Control+End');
    await page.keyboard.type('#');
    await page.getByTestId('preview').filter({ hasText: '#' }).waitFor();
    await page.evaluate(MEASURE);
    for (let index = 0; index < count; index += 1) {
      await page.keyboard.press('x');
      await page.waitForTimeout(BETWEEN_KEYS);
    }
    await until(() => page.evaluate(`times.length >= ${count}`), 'the phone to show the last letter');
    const times = await page.evaluate<number[]>('times');
    const requests = await page.evaluate<number[]>(
      `performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/preview')).map(({ duration }) => duration)`,
    );
    console.log(`from a key to the phone, ${count} keys: ${inWords(times)}`);
    console.log(`the API's answers within that, ${requests.length}: ${inWords(requests)}`);
  } finally {
    await browser.close();
    await run.stop();
  }
}

function inWords(times: number[]): string {
  const said = { median: median(times), p95: percentile(times, 95), longest: Math.max(...times) };
  return Object.entries(said)
    .map(([name, value]) => `${name} ${value.toFixed(0)} ms`)
    .join(', ');
}

async function signInLink(api: string): Promise<string> {
  const answer = await fetch(`${api}/v1/sites/demo/console-links`, {
    method: 'POST',
    headers: { authorization: 'Bearer platform-demo', 'content-type': 'application/json' },
    body: '{}',
  });
  const { url } = (await answer.json()) as { url: string };
  return url;
}
