/**
 * `npm run webhooks`: sets the webhooks of all bots again, with the stored tokens, after the address of the API has
 * changed (docs/deploy.md). It reads the key of the bot tokens from one line of standard input. It may be repeated at
 * any time.
 *
 *     aws secretsmanager get-secret-value --secret-id NAME --query SecretString --output text | npm run webhooks -- --stage prod
 */
import { inParallel } from '../lib/aws/parallel.ts';
import { enterKeys, whyNotSite } from './bot-token-keys.ts';
import { counted, runCommand, UsageError } from './command-line.ts';
import { checkedAddress, deployedAddress } from './deployed-address.ts';
import { explain } from './explain.ts';
import { printProgress } from './progress.ts';
import { enterStage, REGION_HELP, STAGE_OPTIONS } from './stage.ts';

const HELP = `npm run webhooks -- --stage STAGE [--region REGION] [--api URL] [--take]

Sets the webhook of every site's bot again, with the stored token: to the address that the stage was deployed with, or
to --api. The key of the bot tokens is a line of standard input.

A webhook that leads to another program is left alone and named; --take takes it back. A bot that belongs to another
site stays there.

${REGION_HELP}`;

const OPTIONS = {
  ...STAGE_OPTIONS,
  api: { type: 'string' },
  take: { type: 'boolean', default: false },
} as const;

interface Options {
  stage?: string;
  region?: string;
  api?: string;
  take: boolean;
}

/** How many bots at a time. Each has its own limits at Telegram. */
const PARALLEL = 5;

/** @returns how many failed. */
async function resetAll(apiUrl: string, take: boolean): Promise<number> {
  const { resetWebhook } = await import('../lib/sites/reset-webhook.ts');
  const { allSiteIds } = await import('../lib/store/sites.ts');
  const siteIds = await Array.fromAsync(allSiteIds());
  const counts = { set: 0, taken: 0, 'another-site': 0, 'no-bot': 0, failed: 0 };
  let done = 0;
  await inParallel(siteIds, PARALLEL, async (siteId) => {
    try {
      const reset = await resetWebhook(siteId, apiUrl, take);
      counts[reset.kind] += 1;
      if (reset.kind === 'set' && reset.from) console.log(`${siteId}: was at ${reset.from}.`);
      if (reset.kind === 'another-site') console.log(`${siteId}: its bot belongs to another site.`);
      if (reset.kind === 'taken') console.log(`${siteId}: left with another program, at ${reset.host}.`);
    } catch (error) {
      counts.failed += 1;
      console.error(whyNotSite(siteId, error, 'webhooks'));
    }
    done += 1;
    printProgress(done, siteIds.length, 'sites');
  });
  console.log(`${counted(counts.set, 'webhook leads', 'webhooks lead')} to ${apiUrl}.`);
  if (counts.taken > 0)
    console.log(`${counted(counts.taken, 'is', 'are')} left with another program: see --take.`);
  return counts.failed;
}

async function run({ stage, region, api, take }: Options): Promise<void> {
  if (stage === undefined) throw new UsageError('Say which --stage.');
  enterStage({ stage, region });
  const apiUrl = api === undefined ? await deployedAddress() : checkedAddress(api);
  await enterKeys('Key of the bot tokens');
  const failed = await resetAll(apiUrl, take);
  if (failed === 0) return;
  console.error(`${failed} failed, as said above. The others are set; this may be run again.`);
  process.exitCode = 1;
}

await runCommand(
  { name: 'webhooks', help: HELP, options: OPTIONS },
  ({ values }) => run(values),
  (error) => explain(error, 'webhooks', 'CloudFormation'),
);
