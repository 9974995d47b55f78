/**
 * `npm run replay-statements`: after a table was restored from a backup, does again what people and shops have said since
 * the time of the backup (docs/runbook.md, "A restored table"). It may be repeated at any time.
 *
 *     npm run replay-statements -- --restored-to 2026-11-25T08:00:00Z --tables users,links --stage prod
 */
import type { Table } from '../lib/aws/dynamodb.ts';
import { replaySiteErasures } from '../lib/sites/replay-site-erasures.ts';
import { KEPT_SECONDS } from '../lib/store/statements.ts';
import { askForDirectories } from '../lib/users/ask-for-directories.ts';
import { replayStatements } from '../lib/users/replay-statements.ts';
import { counted, runCommand, UsageError } from './command-line.ts';
import { explain } from './explain.ts';
import { enterStage, REGION_HELP, STAGE_OPTIONS } from './stage.ts';

const RESTORABLE: Record<string, Table> = {
  sites: 'SITES_TABLE',
  users: 'USERS_TABLE',
  people: 'PEOPLE_TABLE',
  links: 'LINKS_TABLE',
  schedule: 'SCHEDULE_TABLE',
  deliveries: 'DELIVERIES_TABLE',
  waiting: 'WAITING_TABLE',
  paces: 'PACES_TABLE',
  'template-versions': 'TEMPLATE_VERSIONS_TABLE',
  audit: 'AUDIT_TABLE',
  'site-directory': 'SITE_DIRECTORY_TABLE',
};
const NAMES = Object.keys(RESTORABLE);

const HELP = `npm run replay-statements -- --restored-to TIME --tables TABLES [--stage STAGE] [--region REGION]

Erases again who was erased since that time, and opts out again who has opted out; the last word of each counts. To run
it once more changes nothing more, and prints the same numbers: they count what was said since that time.

  --restored-to TIME  the time to which the tables were restored, such as 2026-11-25T08:00:00Z
  --tables TABLES     which tables:
                      ${NAMES.join(',')}
  --stage STAGE       local (the default: a running "npm start"), or the stage of a deployment
${REGION_HELP.replace('REGION ', 'REGION    ')}`;

const OPTIONS = {
  'restored-to': { type: 'string', default: '' },
  tables: { type: 'string', default: '' },
  ...STAGE_OPTIONS,
} as const;

interface Options {
  'restored-to': string;
  tables: string;
  stage?: string;
  region?: string;
}

function readTables(names: string): Table[] {
  return names.split(',').map((name): Table => {
    const known = RESTORABLE[name.trim()];
    if (known) return known;
    throw new UsageError(`Say which --tables were restored: of ${NAMES.join(', ')}.`);
  });
}

async function run({ 'restored-to': time, tables, ...stage }: Options): Promise<void> {
  const isTime = /^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:\d\d)$/.test(time) && !Number.isNaN(Date.parse(time));
  if (!isTime) throw new UsageError('Say --restored-to with a time zone, such as 2026-11-25T08:00:00Z.');
  if (Date.parse(time) > Date.now())
    throw new UsageError(`--restored-to ${time} is in the future: say the time of the backup.`);
  const restored = readTables(tables);
  enterStage(stage);
  const sites = await replaySiteErasures(time, restored);
  const { erased, renamed, choices } = await replayStatements(time, restored);
  await askForDirectories(restored);
  console.log(
    `${counted(sites.length, 'site')} erased again${sites.length > 0 ? `: ${sites.join(', ')}` : ''}.`,
  );
  console.log(
    `${counted(erased, 'person', 'people')} erased again, ${renamed} renamed again, the choices of ${choices} restored.`,
  );
  const known = new Date(Date.now() - KEPT_SECONDS * 1000);
  if (new Date(time) < known)
    console.log(
      `What was said before ${known.toISOString()} is not known any more: erase and opt out by hand what you know of.`,
    );
}

await runCommand(
  { name: 'replay-statements', help: HELP, options: OPTIONS },
  ({ values }) => run(values),
  (error) => explain(error, 'replay-statements'),
);
