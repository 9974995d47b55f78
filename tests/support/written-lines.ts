/** What a function writes to its log, in a test that calls it in its own process. */
import { jest } from '@jest/globals';

/** Keeps what is written, as objects, until `jest.restoreAllMocks`; nothing appears among the test's own output. */
export function logLines(): () => Record<string, unknown>[] {
  const lines: string[] = [];
  process.env.LOG_LEVEL = 'info';
  jest.spyOn(process.stdout, 'write').mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
  return () => lines.map((line): Record<string, unknown> => JSON.parse(line));
}
