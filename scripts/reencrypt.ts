/**
 * `npm run reencrypt`: encrypts the bot tokens of all sites with a new key, during a key rotation (docs/deploy.md). It
 * reads the keys, `NEW,FORMER`, from one line of standard input. It may be repeated at any time.
 *
 *     aws secretsmanager get-secret-value --secret-id NAME --query SecretString --output text | npm run reencrypt -- --stage prod
 */
import { enterKeys, whyNotSite } from './bot-token-keys.ts';
import { counted, runCommand, UsageError } from './command-line.ts';
import { explain } from './explain.ts';
import { enterStage, REGION_HELP, STAGE_OPTIONS } from './stage.ts';

const HELP = `npm run reencrypt -- --stage STAGE [--region REGION]

Encrypts the bot tokens of every site with a new key. The keys, NEW,FORMER, are a line of standard input.

${REGION_HELP}`;

/** @returns the ids of the sites for which it failed. */
async function reencrypt(): Promise<string[]> {
  const { reencryptSecrets } = await import('../lib/sites/reencrypt.ts');
  const { allSiteIds } = await import('../lib/store/sites.ts');
  const failed: string[] = [];
  let done = 0;
  for await (const siteId of allSiteIds()) {
    try {
      if (await reencryptSecrets(siteId)) done += 1;
    } catch (error) {
      console.error(whyNotSite(siteId, error, 'reencrypt'));
      failed.push(siteId);
    }
  }
  console.log(`${counted(done, 'site is', 'sites are')} encrypted with the new key.`);
  return failed;
}

async function run({ stage, region }: { stage?: string; region?: string }): Promise<void> {
  if (stage === undefined) throw new UsageError('Say which --stage.');
  enterStage({ stage, region });
  await enterKeys('Keys (NEW,FORMER)');
  const failed = await reencrypt();
  if (failed.length === 0) return;
  console.error(
    `${counted(failed.length, 'is', 'are')} not: keep the former key, and save their bots again or run this again.`,
  );
  process.exitCode = 1;
}

await runCommand(
  { name: 'reencrypt', help: HELP, options: STAGE_OPTIONS },
  ({ values }) => run(values),
  (error) => explain(error, 'reencrypt'),
);
