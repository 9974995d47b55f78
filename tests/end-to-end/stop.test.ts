/** Whatever ends the run ends all of it: no process is left, and every port is free again. */
import { afterEach, expect, test } from '@jest/globals';
import { isFree } from '../../local/ports.ts';
import { type LocalRun, type RunProcess, spawnRun, startRun, until } from '../support/local-run.ts';

let run: LocalRun | undefined;
afterEach(() => run?.stop());

/** Signal 0 asks whether anybody of the process group is still there. */
function isAnybodyLeft(group: number): boolean {
  try {
    return process.kill(-group, 0);
  } catch {
    return false;
  }
}

const ENDS: [string, 'npm' | 'node', (run: LocalRun) => void][] = [
  ['Ctrl-C', 'npm', ({ process }) => process.signalGroup('SIGINT')],
  ['SIGTERM to npm', 'npm', ({ process }) => process.child.kill('SIGTERM')],
  ['SIGKILL to npm', 'npm', ({ process }) => process.child.kill('SIGKILL')],
  ['SIGKILL to start.ts', 'node', ({ process }) => process.child.kill('SIGKILL')],
];

test.each(ENDS)('%s', async (_, command, end) => {
  run = await startRun({ command });
  const { child, ports } = run.process;
  // A request under way and connections that are kept alive hold nothing up.
  await fetch(`${run.api}/v1/sites/demo/events/order-status`);
  await fetch(`${run.telegram}/emulator/chats`);
  end(run);
  await until(() => !isAnybodyLeft(child.pid ?? 0), 'all processes to end');
  for (const port of Object.values(ports)) expect(await isFree(port)).toBe(true);
});

let starting: RunProcess | undefined;
afterEach(() => starting?.destroy());

// While the functions are built, at once and a little later, and while it connects the bot.
test.each(['Starting DynamoDB', 'DynamoDB and SQS run', 'Telegram runs'])(
  'Ctrl-C after "%s": no error, and nothing is left',
  async (line) => {
    starting = await spawnRun();
    const { child } = starting;
    await until(() => starting?.output.includes(line), line);
    starting.signalGroup('SIGINT');
    expect(await starting.exited).toBe(0);
    expect(starting.output).toMatch(/\nStopped\.\n$/);
    expect(starting.output).not.toContain('rror');
    await until(() => !isAnybodyLeft(child.pid ?? 0), 'all processes to end');
  },
);
