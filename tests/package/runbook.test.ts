/** The pages for whoever runs a deployment: every alarm has what its reader needs, and every command can be pasted as it is. */
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { packagedResources } from '../support/package.ts';

let runbook: string;
beforeAll(async () => {
  runbook = await readFile('docs/runbook.md', 'utf8');
});

/** A section of the runbook, with its title. */
function section(title: string): string {
  return runbook.split(/^(?=## )/m).find((text) => text.startsWith(`## ${title}\n`)) ?? '';
}

describe('every alarm of the package', () => {
  let alarms: { name: string; title: string }[];
  beforeAll(async () => {
    alarms = Object.values(await packagedResources())
      .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
      .map(({ Properties: { AlarmName, AlarmDescription } }) => ({
        name: String(AlarmName).replace(/^passweb-telegram-test-/, ''),
        title: String(AlarmDescription).match(/ docs\/runbook\.md, "(.+)"$/)?.[1] ?? '',
      }));
  });

  test('names its section, which is there', () => {
    expect(alarms.length).toBeGreaterThan(25);
    expect(alarms.filter(({ title }) => section(title) === '')).toEqual([]);
  });

  test('is described: how bad it is, which shops, what to do, when it is over, what to tell', () => {
    const PARTS: Record<string, RegExp> = {
      'how bad': /^\*\*How bad\*\*: (now|today|this week)\b.*\.$/m,
      shops: /^\*\*Shops\*\*: .+\.$/m,
      do: /^\*\*Do\*\*[:,]? ?.*$/m,
      over: /^\*\*Over\*\*.+$/m,
      // An Italian sentence, ready to be pasted: nothing in it is to be filled in.
      merchants: /^\*\*To the merchants\*\*: «[A-ZÈ][^«»<>{}…$`]{40,}\.»$/m,
    };
    const missing = alarms.flatMap(({ name, title }) =>
      Object.entries(PARTS)
        .filter(([, pattern]) => !pattern.test(section(title)))
        .map(([part]) => `${name}: ${part}`),
    );
    expect(missing).toEqual([]);
  });

  test('that shares its section with others of another urgency is named there', () => {
    const bySection = Map.groupBy(alarms, ({ title }) => title);
    for (const [title, sharing] of bySection) {
      const [, howBad = ''] = section(title).match(/^\*\*How bad\*\*: (.+)$/m) ?? [];
      const named = sharing.filter(({ name }) => howBad.includes(`\`${name}\``));
      // Either one urgency holds for all, or it is said for which alarms which one holds.
      if (sharing.length > 1 && named.length > 0) expect(howBad).toMatch(/now.*[Tt]oday|[Tt]oday.*Now/);
    }
  });
});

const PAGES = ['README.md', 'docs/deploy.md', 'docs/runbook.md'];

/** What begins a command. */
const COMMAND = /^(?:(?:aws|npm|npx|curl|export|query|lanes?|oldest|drain)\b|[A-Z_0-9]+=)/;

/** The commands of a page: its indented blocks, and what stands in the text between backticks. */
async function commandsOf(page: string): Promise<string[]> {
  const whole = await readFile(page, 'utf8');
  const text =
    page === 'README.md'
      ? (whole.split(/^(?=## )/m).find((part) => part.startsWith('## Deploy')) ?? '')
      : whole;
  const blocks = [...text.matchAll(/(?<=\n\n)(?: {4,}.*\n|\n(?= {4}))+/g)].map(([block]) => block.trim());
  const inline = [...text.matchAll(/`([^`\n]+)`/g)].flatMap(([, code = '']) => code);
  return [...blocks, ...inline].filter((command) => COMMAND.test(command));
}

describe.each(PAGES)('the commands of %s', (page) => {
  let commands: string[];
  beforeAll(async () => {
    commands = await commandsOf(page);
    expect(commands.length).toBeGreaterThan(2);
  });

  test('have nothing that a reader would have to fill in', () => {
    const blanks =
      /…|<[a-z]|(?<![$\w{:"'-])(SITE|EVENT|EVENTID|DELIVERY|KEYID|TIMESTAMP|STAGE|REGION|URL|NAME|BOTID)(?![\w=}])/;
    const lines = commands.flatMap((command) => command.split('\n'));
    // What follows # is for the reader.
    const code = lines.map((line) => line.replace(/(^| )#.*$/, ''));
    expect(code.filter((line) => blanks.test(line))).toEqual([]);
  });

  test('use only variables that the page sets', async () => {
    const whole = await readFile(page, 'utf8');
    const used = new Set(
      commands.flatMap((command) => [...command.matchAll(/\$\{?([A-Z][A-Z_0-9]+)/g)].map(([, name]) => name)),
    );
    const isSet = (name: string | undefined) =>
      new RegExp(`(^|[ ;(])${name}=|read -rs ${name}\\b`, 'm').test(whole);
    expect([...used].filter((name) => !isSet(name))).toEqual([]);
  });

  test('name no stage and no region of their own', () => {
    const fixed = /--stage prod|--region(-name)? [a-z]|passweb-telegram-prod/;
    expect(commands.filter((command) => fixed.test(command))).toEqual([]);
  });
});
