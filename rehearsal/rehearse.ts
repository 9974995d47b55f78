/** `npm run rehearse`: deploys the product to an AWS that nobody here wrote, and tells its whole story. See HELP. */
import '../local/isolated.ts';
import { once } from 'node:events';
import { whenNpmIsGone } from '../local/parent.ts';
import { runCommand } from '../scripts/command-line.ts';
import { CannotStart } from './cannot-start.ts';
import { beginEnding, ending } from './ending.ts';
import { rehearseFresh } from './fresh.ts';
import { type Machine, startMachine } from './machine.ts';
import { Pages } from './pages.ts';
import { FORMER, findCommit } from './product.ts';
import { endPrograms } from './programs.ts';
import { preparePython } from './python.ts';
import type { Shop } from './shop.ts';
import { Seen, StepFailed, stepsOf, total } from './steps.ts';
import { rehearseUpgrade } from './upgrade.ts';
import { WORK_AROUNDS } from './work-arounds.ts';

const HELP = `npm run rehearse [-- --keep --from COMMIT]

Deploys the product with serverless to MiniStack, an emulator of AWS, and Telegram's emulator, on this machine alone,
and checks the whole story: docs/rehearsal.md. Needs git, bash, curl, OpenSSL, and Python 3.10 with its module venv.

  --keep          leaves everything running at the end, until Ctrl-C, and prints the addresses
  --from COMMIT   the state from which the update is rehearsed, ${FORMER.slice(0, 7)} by default
  --help          this text`;

const OPTIONS = {
  keep: { type: 'boolean', default: false },
  from: { type: 'string', default: FORMER },
} as const;

const step = stepsOf('');

async function rehearse(from: string): Promise<{ machine: Machine; shop: Shop }> {
  await findCommit(from);
  await step('Python environment', preparePython);
  starting = step('MiniStack and the Telegram emulator', startMachine);
  const machine = await starting;
  const pages = await Pages.read();
  const [shop] = await Promise.all([rehearseFresh(machine, pages), rehearseUpgrade(machine, pages, from)]);
  await step('Every command of README, guide and runbook was run', async () => pages.checkAllRun());
  console.log(`\nWork-arounds for what MiniStack lacks:\n${asList(WORK_AROUNDS)}`);
  console.log(
    `\nCommands of the pages that were not run as they stand there:\n${asList(pages.differences())}`,
  );
  return { machine, shop };
}

function asList(lines: string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}

async function keepRunning(machine: Machine, shop: Shop): Promise<void> {
  console.log(`
Everything goes on running, until Ctrl-C:
  AWS (MiniStack)   ${machine.aws}
  the API           ${shop.api}
  Telegram          ${shop.telegram}
  a shop            ${shop.siteId}, with the key ${shop.siteKey}`);
  await once(ending, 'abort');
}

let starting: Promise<Machine> | undefined;
let ended: Promise<void> | undefined;
let isFinished = false;
let isInterrupted = false;

function end(): Promise<void> {
  beginEnding();
  ended ??= endAll();
  return ended;
}

async function endAll(): Promise<void> {
  await endPrograms();
  // One that did not start has left nothing.
  const machine = await starting?.catch(() => undefined);
  await machine?.close();
}

/** While everything is being ended, one more Ctrl-C changes nothing: whatever was not ended yet would be left. */
async function interrupt(): Promise<void> {
  if (ending.aborted) return;
  isInterrupted = !isFinished;
  if (isInterrupted) console.error('Interrupted: everything that was started is ended.');
  await end();
  process.exit(isInterrupted ? 130 : 0);
}

async function run(keep: boolean, from: string): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  whenNpmIsGone(interrupt);
  try {
    const { machine, shop } = await rehearse(from);
    isFinished = true;
    console.log(`\nEverything works, in ${total()}.`);
    if (keep) await keepRunning(machine, shop);
  } finally {
    await end();
  }
}

/** What broke off because everything is being ended needs no sentence. */
function whyNot(error: unknown): string[] {
  if (isInterrupted) return [];
  if ([CannotStart, StepFailed, Seen].some((kind) => error instanceof kind))
    return [(error as Error).message];
  throw error;
}

await runCommand(
  { name: 'rehearse', help: HELP, options: OPTIONS },
  ({ values }) => run(values.keep, values.from),
  whyNot,
);
