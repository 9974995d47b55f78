/** Machines on which `npm start` has to do without something, or to say what is missing. */
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type LocalRun, type RunOptions, sample, spawnRun, startRun } from '../support/local-run.ts';
import { can, runProgram } from '../support/script.ts';

let folder: string;
let run: LocalRun | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'machines-'));
  // Another user makes temporary files in it.
  await chmod(folder, 0o777);
});
afterEach(async () => {
  await run?.stop();
  run = undefined;
  await rm(folder, { recursive: true });
});

/** Starts a run, and reports an event that has to arrive. */
async function works(options: RunOptions): Promise<void> {
  run = await startRun({ ...options, environment: { TMPDIR: folder, ...options.environment } });
  const { status } = await run.report('order-status', await sample('order-status'));
  expect(status).toBe(202);
  expect(await run.messagesOnce(1001, 1)).toHaveLength(1);
}

describe('a Node or packages that do not do', () => {
  test.each(['20.20.2', '22.18.0', '24.1.0'])('Node %s: one sentence', async (version) => {
    // What the older Node would say of itself.
    const older = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
    const preloads = ['--import', `data:text/javascript,${encodeURIComponent(older)}`];
    const { code, error } = await runProgram(process.execPath, [
      ...preloads,
      '--import',
      './scripts/first.js',
      'local/start.ts',
    ]);
    expect(code).toBe(1);
    expect(error).toMatch(/^This project needs Node 24\.2 .* Node \d+\.\d+\.\d+: .* Run: npm ci .*\n$/);
    expect(error).toContain(version);
  });

  test('no packages, as after a download, or with NODE_ENV=production: one sentence', async () => {
    await mkdir(join(folder, 'scripts'));
    await copyFile('scripts/first.js', join(folder, 'scripts/first.js'));
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    const { code, error } = await runProgram(
      process.execPath,
      ['--import', './scripts/first.js', 'local/start.ts'],
      { cwd: folder },
    );
    expect(code).toBe(1);
    expect(error).toMatch(/^The packages of this project are not installed.* npm ci --include=dev\n$/);
  });

  test('every npm script says so', async () => {
    const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as { scripts: object };
    const ours = Object.values(scripts).filter((script: string) => script.includes('.ts'));
    expect(ours.length).toBeGreaterThan(15);
    for (const script of ours)
      expect(script).toMatch(/^(serverless [\w -]+ && )?node --import \.\/scripts\/first\.js /);
    // The others run packages; of these, serverless loads our plugins.
    expect(await readFile('serverless.yml', 'utf8')).toContain('plugins:\n  - ./scripts/first.js\n');
  });
});

test('whoever reads the output leaves: the run goes on, and its data is kept', async () => {
  await works({ environment: { LOCAL_DATA: folder } });
  if (!run) return;
  const { child } = run.process;
  child.stdout?.destroy();
  child.stderr?.destroy();
  // The run prints what its functions log.
  for (const eventId of ['unread-1', 'unread-2'])
    expect((await run.report('order-status', { ...(await sample('order-status')), eventId })).status).toBe(
      202,
    );
  const shown = await run.messagesOnce(1001, 3);
  child.kill('SIGTERM');
  expect(await run.process.exited).toBe(0);

  run = await startRun({ environment: { LOCAL_DATA: folder } });
  expect(await run.messages(1001)).toEqual(shown);
}, 120_000);

const testWithOwnFiles = can('unshare', '-rm', 'true') ? test : test.skip;
const NOBODY = ['--reuid=65534', '--regid=65534', '--clear-groups'];
const testAsNobody = can('setpriv', ...NOBODY, process.execPath, '--version') ? test : test.skip;

/** Starts what follows in a checkout that can't be written, where `localhost` has this address only. */
function readOnly(hosts: string): string[] {
  const checkout = process.cwd();
  const steps = [
    `mount --bind '${checkout}' '${checkout}'`,
    `mount -o remount,bind,ro '${checkout}'`,
    `mount --bind '${hosts}' /etc/hosts`,
    `cd '${checkout}'`,
    'exec "$@"',
  ];
  return ['unshare', '-rm', 'sh', '-c', steps.join(' && '), 'sh'];
}

testWithOwnFiles(
  'a checkout that can not be written, and localhost only as ::1',
  async () => {
    const hosts = join(folder, 'hosts');
    await writeFile(hosts, '::1 localhost\n');
    await works({ under: readOnly(hosts) });
  },
  120_000,
);

testWithOwnFiles(
  'the same, with the data in the checkout: one sentence',
  async () => {
    const hosts = join(folder, 'hosts');
    await writeFile(hosts, '127.0.0.1 localhost\n');
    const refused = await spawnRun({
      under: readOnly(hosts),
      environment: { LOCAL_DATA: '.local-read-only', TMPDIR: folder },
    });
    expect(await refused.exited).toBe(1);
    expect(refused.output).toMatch(/The folder .* can't be made or written .* LOCAL_DATA=memory npm start\./);
    expect(refused.output).not.toContain('    at ');
  },
  60_000,
);

testWithOwnFiles.each([
  ['npm test', ['scripts/test.ts']],
  ['npm run build', ['scripts/build.ts']],
  ['npm run package', ['node_modules/serverless/bin/serverless.js', 'package']],
])(
  '%s in a checkout that can not be written: one sentence',
  async (_, script) => {
    const hosts = join(folder, 'hosts');
    await writeFile(hosts, '127.0.0.1 localhost\n');
    const [command = '', ...args] = [...readOnly(hosts), process.execPath, ...script];
    const { code, error } = await runProgram(command, args);
    expect(code).toBe(1);
    expect(error).toMatch(/^This user can't write into .* git clone .*$/m);
    expect(error).not.toContain('    at ');
  },
  60_000,
);

testAsNobody(
  'another user than that of the checkout, without a home',
  async () => {
    await works({ under: ['setpriv', ...NOBODY], environment: { HOME: '/nonexistent' } });
  },
  120_000,
);
