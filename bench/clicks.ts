/**
 * How long a counted link takes to lead on, beside a function that leads on without looking anywhere (`GET /console`), one
 * after the other in the same local run. See HELP.
 */
import '../local/isolated.ts';
import { runCommand, wholeNumber } from '../scripts/command-line.ts';
import { type LocalRun, type Shown, sample, startRun } from '../tests/support/local-run.ts';
import { median, percentile } from './report.ts';

const ANNA = 1001;
/** The first ones load and connect everything. */
const WARM_UP = 20;

const HELP = `npm run bench:clicks [-- CLICKS]

The time of GET /c/{code}, which counts a click and leads on to the shop, beside that of a bare function: one that
answers with a redirect, and asks no table. Both are called in turns, through the same local run.

  CLICKS   how many of each: 500 by default`;

await runCommand({ name: 'bench:clicks', help: HELP, maxArguments: 1 }, ({ positionals }) =>
  main(positionals),
);

async function main([given = '500']: string[]): Promise<void> {
  const clicks = wholeNumber(given, 'CLICKS');
  const run = await startRun();
  try {
    const counted = await countedLink(run);
    const bare = `${run.api}/console`;
    const times: { counted: number[]; bare: number[] } = { counted: [], bare: [] };
    for (let index = -WARM_UP; index < clicks; index += 1) {
      const pair = { counted: await timeOf(counted, 302), bare: await timeOf(bare, 308) };
      if (index < 0) continue;
      times.counted.push(pair.counted);
      times.bare.push(pair.bare);
    }
    console.log(`${clicks} of each, in turns; milliseconds:`);
    console.log(`a counted link     ${inWords(times.counted)}`);
    console.log(`a bare redirect    ${inWords(times.bare)}`);
    const ratio = percentile(times.counted, 95) / percentile(times.bare, 95);
    console.log(`ratio of the p95   ${ratio.toFixed(2)}`);
  } finally {
    await run.stop();
  }
}

/** The address of the button of a message whose links are counted. */
async function countedLink(run: LocalRun): Promise<string> {
  const answer = await fetch(`${run.api}/v1/sites/demo`, {
    method: 'PATCH',
    headers: { authorization: 'Bearer pwtg_demo', 'content-type': 'application/json' },
    body: JSON.stringify({ countClicks: true }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  await run.report('order-status', await sample('order-status'));
  const [message] = (await run.messagesOnce(ANNA, 1)) as (Shown & {
    reply_markup?: { inline_keyboard: { url?: string }[][] };
  })[];
  const url = message?.reply_markup?.inline_keyboard[0]?.[0]?.url;
  if (!url?.startsWith(`${run.api}/c/`)) throw new Error(`The button leads to ${url}.`);
  return url;
}

/** @returns milliseconds. */
async function timeOf(url: string, status: number): Promise<number> {
  const begun = performance.now();
  const answer = await fetch(url, { redirect: 'manual' });
  await answer.text();
  const time = performance.now() - begun;
  if (answer.status !== status) throw new Error(`${url} has answered ${answer.status}.`);
  return time;
}

function inWords(times: number[]): string {
  return `median ${median(times).toFixed(1)}, p95 ${percentile(times, 95).toFixed(1)}`;
}
