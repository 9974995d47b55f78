/** `npm run rehearse`: deploys the product to an AWS that nobody here wrote, and tells its whole story. See HELP. */
import '../local/isolated.ts';
import { parseArgs } from 'node:util';
import { CannotStart } from './cannot-start.ts';
import { deploy, outputOf } from './deployment.ts';
import { BOTS, type Machine, REGION, startMachine } from './machine.ts';
import { endPrograms, runProgram } from './programs.ts';
import { preparePython } from './python.ts';
import { Shop, sample } from './shop.ts';
import { expectEqual, StepFailed, step, total } from './steps.ts';

const HELP = `npm run rehearse [-- --keep]

Deploys the product with serverless to MiniStack, an emulator of AWS, and Telegram's emulator, on this machine alone, and
checks the whole story: docs/rehearsal.md. Needs python3 with its module venv.

  --keep   leaves everything running at the end, until Ctrl-C, and prints the addresses
  --help   this text`;

const OPTIONS = {
  keep: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

async function story(machine: Machine): Promise<void> {
  await step('secret', async () => {
    await runProgram(
      'aws',
      [
        'secretsmanager',
        'create-secret',
        '--name',
        'passweb-telegram-prod/bot-token-key',
        '--secret-string',
        Buffer.alloc(32, 'x').toString('base64'),
      ],
      { env: machine.environment },
    );
  });
  await step('serverless deploy', async () => {
    await deploy(machine, 'prod');
  });
  const shop = new Shop({
    siteId: 'shop',
    stage: 'prod',
    api: await outputOf('prod', 'ApiUrl'),
    telegram: machine.telegram,
    bot: BOTS.shop,
  });
  await step('site, bot', () => shop.open());
  await step('link, Start, welcome', () => shop.link('anna'));
  await step('an event', async () => {
    const answer = await shop.report('order-status', await sample('order-status', 'first'));
    expectEqual('status', answer.status, 202);
    await shop.newMessages(1001, 1, 1);
  });
}

async function run(): Promise<void> {
  const { keep, help } = parseArgs({ options: OPTIONS }).values;
  if (help) return console.log(HELP);
  await step('Python environment', preparePython);
  const machine = await step('start', startMachine);
  try {
    await story(machine);
  } finally {
    await endPrograms();
    await machine.close();
  }
  console.log(`Everything works: ${total()}.`);
}

try {
  await run();
} catch (error) {
  const isForPerson = error instanceof CannotStart || error instanceof StepFailed;
  console.error(isForPerson ? error.message : error);
  process.exitCode = 1;
}
