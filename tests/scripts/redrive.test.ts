/** `npm run redrive`, run as a process: what it says where it can't begin. What it does is tested in tests/delivery. */
import { expect, test } from '@jest/globals';
import { runScript } from '../support/script.ts';

const redrive = (args: string[]) => runScript('redrive', args);

test.each([
  ['an option that there is not', ['--bogus'], /^Unknown option '--bogus'/],
  ['an option without its value', ['--stage'], /^Option '--stage <value>' argument missing/],
  ['a word too many', ['prod'], /^Unexpected argument 'prod'/],
])('%s is named, without a stack trace', async (_what, args, sentence) => {
  const { code, error } = await redrive(args);
  expect(code).toBe(1);
  expect(error).toMatch(sentence);
  expect(error).toMatch(/^See npm run redrive -- --help\.$/m);
  expect(error).not.toContain('    at ');
});

test('--help tells what it does and takes', async () => {
  const { code, out } = await redrive(['--help']);
  expect(code).toBe(0);
  expect(out).toMatch(
    /^npm run redrive \[-- --event EVENT --stage STAGE --region REGION\]\n\nSends the dead letters/,
  );
  expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
});
