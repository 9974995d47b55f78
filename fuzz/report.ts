/** The results of a hunt, for people. */
import type { Report } from './hunt.ts';

/** The longest part of a request that is printed, in characters; the seed reproduces all of it. */
const SHOWN = 2_000;

export function printReport({ target, requests, seconds, outcomes, findings }: Report): void {
  const statuses = Object.entries(outcomes).map(([status, count]) => `${status}: ${count}`);
  const rate = Math.round(requests / seconds);
  console.log(
    `${target}\n    ${requests} requests, ${rate} a second; ${statuses.join(', ')}; findings: ${findings.length}`,
  );
  for (const { message, request, seed } of findings) {
    console.log(`    FOUND ${message.slice(0, SHOWN)}`);
    console.log(`    request: ${JSON.stringify(request)?.slice(0, SHOWN)}`);
    console.log(`    again: npm run fuzz -- --route='${target}' --requests=1000 --seed=${seed}`);
  }
}

/** @returns the number of findings. */
export function printTotal(reports: Report[], milliseconds: number): number {
  const sum = (of: (report: Report) => number) => reports.reduce((so, report) => so + of(report), 0);
  const findings = sum((report) => report.findings.length);
  const minutes = (milliseconds / 60_000).toFixed(1);
  const requests = sum((report) => report.requests);
  console.log(
    `\n${requests} requests to ${reports.length} routes in ${minutes} minutes: ${findings} findings.`,
  );
  return findings;
}
