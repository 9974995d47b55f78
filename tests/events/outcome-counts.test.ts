/** What the log and the metrics say of an event: numbers, and no names. */
import { expect, jest, test } from '@jest/globals';
import type { Outcome } from '../../lib/domain/outcomes.ts';
import { countOutcomes, measureOutcomes } from '../../lib/events/outcome-counts.ts';
import { withTelemetry } from '../../lib/observability/telemetry.ts';

const queued = (userId: string): Outcome => ({
  ...{ userId, templateId: 't', status: 'queued', deliveryId: `d-${userId}` },
});
const scheduled: Outcome = { userId: 'dario', status: 'scheduled' };
const skipped = (reason: 'muted' | 'not-linked'): Outcome => ({ userId: 'elena', status: 'skipped', reason });

test('each status and each reason is counted', () => {
  const outcomes = [queued('anna'), skipped('muted'), queued('bruno'), skipped('not-linked'), scheduled];
  expect(countOutcomes(outcomes)).toEqual({ queued: 2, muted: 1, 'not-linked': 1, scheduled: 1 });
  expect(countOutcomes([])).toEqual({});
});

/** The metrics that an invocation writes: name, dimensions and value of each. */
async function written(work: () => void): Promise<string[]> {
  const lines: string[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
  const { LOG_LEVEL } = process.env;
  process.env.LOG_LEVEL = 'info';
  try {
    await withTelemetry(async () => work())({}, {});
  } finally {
    write.mockRestore();
    if (LOG_LEVEL === undefined) delete process.env.LOG_LEVEL;
    else process.env.LOG_LEVEL = LOG_LEVEL;
  }
  return lines;
}

test.each<[string, Outcome[], object]>([
  ['Queued', [queued('anna'), queued('bruno')], { Queued: 2 }],
  ['Scheduled', [scheduled], { Scheduled: 1 }],
  ['Skipped', [skipped('muted')], { reason: 'muted', Skipped: 1 }],
])('%s: each outcome is measured once, under its own name', async (_name, outcomes, expected) => {
  const lines = await written(() => measureOutcomes('message-sent', outcomes));
  expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
    { event: 'message-sent', ...expected },
  ]);
});
