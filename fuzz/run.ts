/**
 * `npm run fuzz`: sends strange requests to every route of the package, in this process, against embedded tables, queues
 * and the Telegram emulator. See docs/fuzzing.md.
 */
import { parseArgs } from 'node:util';
import { printProgress } from '../scripts/progress.ts';
import { allDoors, type Door, hunt, type Report } from './hunt.ts';
import { openWorld } from './world.ts';

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    route: { type: 'string', multiple: true, default: [] },
  },
});
const requests = Number(values.requests);
const seed = Number(values.seed);

/** As much of a request as a terminal shows well; the seed makes the rest. */
const SHOWN = 2_000;

function printReport({ door, requests, seconds, outcomes, findings }: Report): void {
  const statuses = Object.entries(outcomes).map(([status, count]) => `${status}: ${count}`);
  const rate = Math.round(requests / seconds);
  console.log(
    `${door}\n    ${requests} requests, ${rate} a second; ${statuses.join(', ')}; findings: ${findings.length}`,
  );
  for (const { message, request, seed } of findings) {
    console.log(`    FOUND ${message}\n    request: ${JSON.stringify(request)?.slice(0, SHOWN)}`);
    console.log(`    again: npm run fuzz -- --route='${door}' --requests=1000 --seed=${seed}`);
  }
}

function chosen(doors: Door[]): Door[] {
  if (values.route.length === 0) return doors;
  const found = doors.filter(({ name }) => values.route.some((part) => name.includes(part)));
  if (found.length > 0) return found;
  throw new Error(`There is no such route. There are:\n${doors.map(({ name }) => name).join('\n')}`);
}

const { doors, functionNames } = await allDoors();
const toKnock = chosen(doors);
const world = await openWorld(functionNames);
const started = performance.now();
const reports: Report[] = [];
for (const door of toKnock) {
  const before = reports.length * requests;
  const onProgress = (done: number) => printProgress(before + done, toKnock.length * requests, 'requests');
  reports.push(await hunt(door, world, { requests, seed, onProgress }));
}
await world.close();

for (const report of reports) printReport(report);
const total = reports.reduce((sum, report) => sum + report.requests, 0);
const findings = reports.reduce((sum, report) => sum + report.findings.length, 0);
const minutes = ((performance.now() - started) / 60_000).toFixed(1);
console.log(`\n${total} requests to ${reports.length} routes in ${minutes} minutes: ${findings} findings.`);
process.exitCode = findings > 0 ? 1 : 0;
