/** Machines on which `npm start` has to do without something, or to say what is missing. */
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
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

  /** What `first.js` says where the checkout has no other packages than these. */
  async function saidWith(packages: string[]): Promise<string> {
    for (const name of ['scripts/first.js', 'package.json', 'tools/openapi-types/package.json'])
      await cp(name, join(folder, name));
    for (const name of packages) {
      const places = [`node_modules/${name}`, `tools/openapi-types/node_modules/${name}`].filter(existsSync);
      for (const place of places) await cp(join(place, 'package.json'), join(folder, place, 'package.json'));
    }
    const { code, error } = await runProgram(
      process.execPath,
      [
        '--import',
        './scripts/first.js',
        '--input-type=module',
        '--eval',
        'console.error("first.js has nothing to say")',
      ],
      { cwd: folder },
    );
    expect(code).toBe(error.startsWith('first.js') ? 0 : 1);
    return error;
  }

  const SENTENCE =
    /^The packages of this project are not installed, or not all of them: (.*) is missing\. Run: npm ci --include=dev --include=optional\n$/;

  async function direct(): Promise<string[]> {
    const all = ['package.json', 'tools/openapi-types/package.json'].map(async (file) => {
      const { dependencies = {}, devDependencies } = JSON.parse(await readFile(file, 'utf8'));
      return Object.keys({ ...dependencies, ...devDependencies });
    });
    return [...new Set((await Promise.all(all)).flat())];
  }

  const platform = `${process.platform}-${process.arch}`;

  /** The packages with what esbuild and others run on this machine. */
  async function binaries(): Promise<string[]> {
    const names = await Promise.all(
      ['@esbuild', '@swc', '@biomejs', '@typescript'].map(async (scope) =>
        (await readdir(join('node_modules', scope)).catch(() => [])).map((name) => `${scope}/${name}`),
      ),
    );
    return names.flat().filter((name) => name.includes(platform));
  }

  test('no packages, as after a download, or with NODE_ENV=production: one sentence', async () => {
    expect(await saidWith([])).toMatch(SENTENCE);
  });

  test('all packages: nothing', async () => {
    expect(await saidWith([...(await direct()), ...(await binaries())])).toBe(
      'first.js has nothing to say\n',
    );
  });

  test.each(['fauxqs', '@aws-sdk/client-sqs', 'openapi-typescript'])(
    'without %s: one sentence',
    async (name) => {
      const others = [...(await direct()), ...(await binaries())].filter((other) => other !== name);
      expect((await saidWith(others)).match(SENTENCE)?.[1]).toBe(name);
    },
  );

  test('without what esbuild runs here, as with omit=optional: one sentence', async () => {
    const name = `@esbuild/${platform}`;
    const others = [...(await direct()), ...(await binaries())].filter((other) => other !== name);
    expect((await saidWith(others)).match(SENTENCE)?.[1]).toContain(name);
  });

  // Node 20 runs npm, and then the project's own Node runs the packages: those that want a later one are no reason to stop.
  test("engine-strict in the person's npm settings does not keep the packages out", async () => {
    await writeFile(join(folder, '.npmrc'), 'engine-strict=true\n');
    const others = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
    const env = { ...Object.fromEntries(others), HOME: folder, USERPROFILE: folder };
    const { out } = await runProgram('npm', ['config', 'get', 'engine-strict'], { env });
    expect(out).toBe('false\n');
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

testWithOwnFiles('the same, with the data in the checkout: one sentence', async () => {
  const hosts = join(folder, 'hosts');
  await writeFile(hosts, '127.0.0.1 localhost\n');
  const refused = await spawnRun({
    under: readOnly(hosts),
    environment: { LOCAL_DATA: '.local-read-only', TMPDIR: folder },
  });
  expect(await refused.exited).toBe(1);
  expect(refused.output).toMatch(/The folder .* can't be made or written .* LOCAL_DATA=memory npm start\./);
  expect(refused.output).not.toContain('    at ');
});

/** Where the log, and what is built where the checkout can't be written, have no place. */
const NO_TEMPORARY = { TMPDIR: '/dev/null/none' };
const NO_TEMPORARY_SENTENCE =
  /^\nThe run needs a temporary folder, and \/dev\/null\/none can't be written \(ENOTDIR\)\. .* TMPDIR=FOLDER npm start\.\n$/;

test('no folder for temporary files: one sentence', async () => {
  const refused = await spawnRun({ environment: NO_TEMPORARY });
  expect(await refused.exited).toBe(1);
  expect(refused.output).toMatch(NO_TEMPORARY_SENTENCE);
});

testWithOwnFiles('nor a checkout that can be written: one sentence', async () => {
  const hosts = join(folder, 'hosts');
  await writeFile(hosts, '127.0.0.1 localhost\n');
  const refused = await spawnRun({ under: readOnly(hosts), environment: NO_TEMPORARY });
  expect(await refused.exited).toBe(1);
  expect(refused.output).toMatch(NO_TEMPORARY_SENTENCE);
});

testWithOwnFiles.each([
  ['npm test', ['scripts/test.ts']],
  ['npm run build', ['scripts/build.ts']],
  ['npm run package', ['node_modules/serverless/bin/serverless.js', 'package']],
])('%s in a checkout that can not be written: one sentence', async (_, script) => {
  const hosts = join(folder, 'hosts');
  await writeFile(hosts, '127.0.0.1 localhost\n');
  const [command = '', ...args] = [...readOnly(hosts), process.execPath, ...script];
  const { code, error } = await runProgram(command, args);
  expect(code).toBe(1);
  expect(error).toMatch(/^This user can't write into .* git clone .*$/m);
  expect(error).not.toContain('    at ');
});

testAsNobody(
  'another user than that of the checkout, without a home',
  async () => {
    await works({ under: ['setpriv', ...NOBODY], environment: { HOME: '/nonexistent' } });
  },
  120_000,
);

describe('data that can not be used as it is', () => {
  /** Starts a run in the folder of data that has to say why it does not go on. */
  async function refused(options: RunOptions): Promise<string> {
    const started = await spawnRun({ ...options, environment: { LOCAL_DATA: folder } });
    expect(await started.exited).toBe(1);
    expect(started.output).not.toContain('    at ');
    return started.output;
  }

  testAsNobody.each([
    ['dynamodb/LOCK', 0o644],
    ['sqs/fauxqs.db', 0o444],
    ['telegram.json', 0o000],
    ['sqs', 0o555],
  ])('%s of another user: one sentence, which does not say to delete it', async (name, mode) => {
    for (const inner of ['dynamodb', 'sqs']) {
      await mkdir(join(folder, inner));
      await chmod(join(folder, inner), 0o777);
    }
    for (const file of ['dynamodb/LOCK', 'sqs/fauxqs.db', 'telegram.json']) {
      await writeFile(join(folder, file), '');
      await chmod(join(folder, file), 0o666);
    }
    await chmod(join(folder, name), mode);
    const output = await refused({ under: ['setpriv', ...NOBODY] });
    expect(output).toMatch(
      new RegExp(`\\nThis user can't read and write \\S*/${name} \\(EACCES\\)\\. Start the run as the user`),
    );
    expect(output).not.toMatch(/delete/i);
  });

  const FULL = /\nThe data in .* can't be written: the disk is full, or fails\. Make room and start the run/;

  /** Starts what follows where the folder of the data has this much room. */
  function withRoom(size: string): string[] {
    return [
      'unshare',
      '-rm',
      'sh',
      '-c',
      `mount -t tmpfs -o size=${size} none '${folder}' && exec "$@"`,
      'sh',
    ];
  }

  // What fails first: SQS, or the chats or tables a little later.
  testWithOwnFiles.each(['20k', '200k', '400k'])('a disk with room for %s: one sentence', async (size) => {
    expect(await refused({ under: withRoom(size) })).toMatch(FULL);
  });

  testWithOwnFiles(
    'a disk that becomes full: one sentence',
    async () => {
      run = await startRun({ under: withRoom('3m'), environment: { LOCAL_DATA: folder } });
      const { child } = run.process;
      // The disk as that process sees it.
      await writeFile(`/proc/${child.pid}/root${folder}/filled`, Buffer.alloc(3 << 20)).catch(
        () => undefined,
      );
      const event = await sample('order-status');
      for (let id = 0; child.exitCode === null && id < 200; id += 1)
        await run.report('order-status', { ...event, eventId: `full-${id}` }).catch(() => undefined);
      expect(await run.process.exited).toBe(1);
      expect(run.process.output).toMatch(FULL);
      expect(run.process.output).not.toContain('    at ');
    },
    120_000,
  );
});
