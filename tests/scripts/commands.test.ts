/** Every npm script that is ours: `--help` only helps, and what is wrong in a command line is said before anything is done. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { EVENT_NAMES } from '../../lib/domain/events.ts';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

const FIRST = 'node --import ./scripts/first.js ';
const ours = Object.entries(scripts).filter(([, script]) => script.startsWith(FIRST));
const others = Object.entries(scripts).filter(([, script]) => !script.startsWith(FIRST));

/** Connects to nothing, and serves nothing. */
const OFFLINE = `import net from 'node:net';
  net.Socket.prototype.connect = net.Server.prototype.listen = () => { throw new Error('the network was used'); };`;

/** A process that may read files, and nothing else: it writes none and starts no other process. */
const HARMLESS = [
  '--permission',
  '--allow-fs-read=*',
  '--allow-addons',
  '--disable-warning=SecurityWarning',
  '--import',
  `data:text/javascript,${encodeURIComponent(OFFLINE)}`,
];

interface Ended {
  code: number;
  out: string;
  error: string;
}

/** Runs an npm script of ours with these arguments, without npm. */
async function run(
  name: string,
  args: readonly string[],
  nodeOptions = HARMLESS,
  environment: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  const [, ...command] = scripts[name]?.split(' ') ?? [];
  const child = spawn(process.execPath, [...nodeOptions, ...command, ...args], {
    env: { ...process.env, NODE_OPTIONS: '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended: Ended = { code: -1, out: '', error: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    ended.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    ended.error += text;
  });
  const [code] = await once(child, 'close');
  return { ...ended, code };
}

async function isRefused(name: string, args: readonly string[], sentence: RegExp, nodeOptions?: string[]) {
  const { code, out, error } = await run(name, args, nodeOptions);
  expect(error).toMatch(sentence);
  expect(error).toMatch(new RegExp(`^See npm (run )?${name} -- --help\\.$`, 'm'));
  expect(error).not.toMatch(/\n {4}at /);
  expect({ code, out }).toEqual({ code: 1, out: '' });
}

test('there are such scripts, and the others run one program of a package', () => {
  expect(ours.length).toBeGreaterThan(20);
  expect(others.map(([name]) => name).sort()).toEqual([
    'check',
    'deploy',
    'format',
    'imports',
    'package',
    'unused',
  ]);
  for (const [, script] of others) expect(script).not.toMatch(/&&|;|\|/);
});

describe.each(ours.map(([name]) => name))('npm run %s', (name) => {
  test('--help prints how it is used, and does nothing', async () => {
    const { code, out, error } = await run(name, ['--help']);
    expect(error).toBe('');
    expect(out).toMatch(new RegExp(`^npm (run )?${name}( \\[?-- .*)?\\n\\n`));
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
    expect(code).toBe(0);
  });

  test('--help beside what is wrong still helps', async () => {
    expect(await run(name, ['--nosuch', 'x', '-1', '--help'])).toMatchObject({ code: 0, error: '' });
  });

  // npm test: below.
  if (name === 'test') return;

  test('an unknown option is refused, and nothing is done', async () => {
    await isRefused(name, ['--nosuch'], /^Unknown option '--nosuch'\.$/m);
  });

  test('an argument too many is refused, and nothing is done', async () => {
    await isRefused(
      name,
      ['1', '1', '1', 'surplus'],
      /^Unexpected argument '(1|surplus)'\. This command takes /m,
    );
  });
});

test('npm test: jest’s own options are checked before anything is packaged', async () => {
  const { mtimeMs } = await stat('.serverless/cloudformation-template-update-stack.json');
  await isRefused('test', ['--nosuch'], /^jest: Unrecognized option "nosuch"/m, []);
  await isRefused('test', ['-t'], /^jest: Not enough arguments following: t/m, []);
  expect((await stat('.serverless/cloudformation-template-update-stack.json')).mtimeMs).toBe(mtimeMs);
});

test('numbers: 0, negative ones, parts of one and text are refused, and nothing is done', async () => {
  const noNumber = /must be a whole number of 1 or more, not "/;
  for (const wrong of ['0', '1.5', '1e3', 'abc', '']) await isRefused('bench:latency', [wrong], noNumber);
  await isRefused('bench:latency', ['-20'], /^-20 is negative/);
  for (const [name, ...args] of [
    ['bench:cold-start', '0'],
    ['bench:backlog', '0'],
    ['bench:backlog', '1', '0'],
    ['bench:chaos', '0'],
    ['bench:chaos', '1', '0'],
    ['bench:parking', '0'],
    ['bench:parking', '1', '0'],
    ['bench:parking', '1', '1', '0'],
    ['bench:schedule', '0'],
    ['bench:neighbours', '--seconds=0'],
    ['fuzz', '--requests=0'],
    ['fuzz', '--workers=0'],
  ] as const)
    await isRefused(name, args, noNumber);
  await isRefused(
    'bench:chaos',
    ['1', '1', '4294967296'],
    /^SEED must be a whole number from 0 to 4294967295/,
  );
  await isRefused('bench:neighbours', ['--scale=0'], /^--scale must be a number above 0/);
  await isRefused('bench:neighbours', ['--only=99'], /^--only: there is no attack "99"\. There are: 1, /);
  await isRefused('bench:backlog', ['--clock-error=x'], /^--clock-error must be a whole number, not "x"/);
  await isRefused('fuzz', ['--seed=-1'], /^--seed must be a whole number of 0 or more, not "-1"/);
  await isRefused('mutation', ['nosuch'], /^There is no room "nosuch"\. Rooms: deliveries, /);
  await isRefused('mutation', ['lib/events/nosuch.ts'], /^There is no file lib\/events\/nosuch\.ts/);
}, 240_000);

describe('--region and AWS_REGION', () => {
  const asked = ['site', 'redrive', 'reencrypt', 'webhooks', 'replay-statements'];

  test('--help of each command that asks AWS tells of both', async () => {
    for (const name of asked) {
      const { out } = await run(name, ['--help']);
      expect(out).toMatch(/^ +--region REGION +.*AWS_REGION/m);
    }
  });

  test('a region that can’t be one, or one of the local run, is refused', async () => {
    await isRefused(
      'redrive',
      ['--stage', 'test', '--region', 'Milano'],
      /^--region Milano is no region of AWS/,
    );
    await isRefused('redrive', ['--region', 'eu-south-1'], /^The local run has no region: say --stage/);
  });
});

test('redrive: an event that there is not', async () => {
  await isRefused('redrive', ['--event', 'order'], /^--event order: there is no such event\. There are: /);
  expect(EVENT_NAMES.length).toBe(9);
});

// https://docs.npmjs.com/cli/using-npm/config#environment-variables
describe('options without -- before them, which npm takes', () => {
  test.each<[string, string[], NodeJS.ProcessEnv, string]>([
    [
      'site',
      ['pace', 'demo', '20'],
      { npm_config_stage: 'prod' },
      'npm has taken --stage: write -- before the options: npm run site -- pace demo 20 --stage prod',
    ],
    [
      'redrive',
      [],
      { npm_config_stage: 'prod', npm_config_region: 'eu-south-1', npm_config_yes: 'true' },
      'npm has taken --stage and --region: write -- before the options: npm run redrive -- --stage prod --region eu-south-1',
    ],
    ['redrive', ['prod'], { npm_config_stage: 'true' }, 'npm has taken --stage: write -- before the options'],
    [
      'site',
      ['create', 'x', '--name', 'X'],
      { npm_config_module_off: 'true' },
      'npm has taken --module-off: write -- before the options: npm run site -- create x --name X --module-off',
    ],
  ])('npm run %s %j %j', async (name, args, environment, sentence) => {
    const { code, out, error } = await run(name, args, HARMLESS, environment);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(error).toBe(`${sentence}\nSee npm run ${name} -- --help.\n`);
  });

  test('those that are said after -- too, and npm’s own, are no fault', async () => {
    const { error } = await run('redrive', ['--stage', ''], HARMLESS, {
      npm_config_stage: 'prod',
      npm_config_yes: 'true',
    });
    expect(error).toMatch(/^--stage is empty/);
  });
});
