/** `npm run redrive`, run as a process: what it says where it can't begin. What it does is tested in tests/delivery. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

async function redrive(args: string[]): Promise<{ code: number; out: string; error: string }> {
  const child = spawn(process.execPath, [join(process.cwd(), 'scripts/redrive.ts'), ...args], {
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const said = { out: '', error: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    said.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said.error += text;
  });
  const [code] = await once(child, 'close');
  return { code, ...said };
}

test.each([
  ['an option that there is not', ['--bogus'], /^Unknown option '--bogus'/],
  ['an option without its value', ['--stage'], /^Option '--stage <value>' argument missing/],
  ['a word too many', ['prod'], /^Unexpected argument 'prod'/],
])(
  '%s is named, without a stack trace',
  async (_what, args, sentence) => {
    const { code, error } = await redrive(args);
    expect(code).toBe(1);
    expect(error).toMatch(sentence);
    expect(error).toMatch(/^See npm run redrive -- --help\.$/m);
    expect(error).not.toContain('    at ');
  },
  30_000,
);

test('--help tells what it does and takes', async () => {
  const { code, out } = await redrive(['--help']);
  expect(code).toBe(0);
  expect(out).toMatch(/^npm run redrive \[-- --stage STAGE --region REGION\]\n\nSends the dead letters/);
}, 30_000);
