/** Runs beside each other, beside other programs, and beside a Telegram that is not the emulator. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { startEmulator } from '../../local/emulator/server.ts';
import { type LocalRun, occupy, type RunOptions, sample, spawnRun, startRun } from '../support/local-run.ts';

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean();
});

async function started(options?: RunOptions): Promise<LocalRun> {
  const run = await startRun(options);
  cleanUp.push(() => run.stop());
  return run;
}

/** Starts a run that can't be; gives what it said. */
async function refused(
  environment: Record<string, string | undefined>,
): Promise<{ code: number | null; output: string }> {
  const run = await spawnRun({ environment });
  cleanUp.push(() => run.destroy());
  return { code: await run.exited, output: run.output };
}

async function occupied(): Promise<number> {
  const { port, release } = await occupy();
  cleanUp.push(release);
  return port;
}

/** The ports inside are not named: both runs would like the same ones. */
const UNNAMED = { LAMBDA_PORT: undefined, SQS_PORT: undefined, DYNAMODB_PORT: undefined };

test('two runs that start at once do not disturb each other', async () => {
  const [one, other] = await Promise.all([
    started({ environment: UNNAMED }),
    started({ environment: UNNAMED }),
  ]);
  const payload = { ...(await sample('order-status')), eventId: 'of-one' };
  expect((await one.report('order-status', payload)).status).toBe(202);
  expect((await other.report('order-status', { ...payload, eventId: 'of-other' })).status).toBe(202);
  expect((await other.report('order-status', { ...payload, eventId: 'of-other-2' })).status).toBe(202);
  expect(await other.messagesOnce(1001, 2)).toHaveLength(2);
  expect(await one.messagesOnce(1001, 1)).toHaveLength(1);
  const insideOf = ({ process }: LocalRun) =>
    process.output.match(/Inside .*/)?.[0].match(/127\.0\.0\.1:\d+/g) ?? [];
  expect(new Set([...insideOf(one), ...insideOf(other)]).size).toBe(6);
});

describe('a port that another program has', () => {
  test.each(['PORT', 'DYNAMODB_PORT'])('%s: the run says so and ends', async (name) => {
    const port = await occupied();
    const { code, output } = await refused({ [name]: String(port) });
    expect(code).toBe(1);
    expect(output).toContain(`Port ${port} (${name}) is in use by another program`);
    expect(output).toContain(`${name}=`);
    expect(output).not.toContain('    at ');
  });
});

test.each([
  [{ PORT: 'three' }, 'PORT=three is not a port'],
  [{ LOCAL_DATA: 'package.json' }, "can't be made"],
])('%j is refused in a sentence', async (environment, sentence) => {
  const { code, output } = await refused(environment);
  expect(code).toBe(1);
  expect(output).toContain(sentence);
  expect(output).not.toContain('    at ');
});

test('another Bot API server gets the messages, and the emulator stays off', async () => {
  const emulator = await startEmulator();
  cleanUp.push(() => emulator.close());
  // Whoever has the emulator's port has it in peace.
  const taken = await occupied();
  const environment = { TELEGRAM_API_ROOT: emulator.url, TELEGRAM_PORT: String(taken) };
  const run = await started({ environment });
  expect(run.process.output).toContain(emulator.url);
  const { notifications } = await run.report('order-status', await sample('order-status'));
  await run.deliveryOnce(notifications[0]?.deliveryId, 'sent');
  const answer = await fetch(`${emulator.url}/emulator/chats/1001/messages`);
  expect(await answer.json()).toHaveLength(1);
});
