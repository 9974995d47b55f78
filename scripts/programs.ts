/** Programs of this project that a command needs before it can do its own work. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { requireWritableCheckout } from './writable-checkout.ts';

const root = join(import.meta.dirname, '..');

/**
 * Runs a program of this project to its end; what it prints is shown. If it fails, this process ends with its code.
 *
 * @param script its file, from the folder of the project.
 */
export async function runProgram(script: string, args: string[], nodeOptions: string[] = []): Promise<void> {
  const child = spawn(process.execPath, [...nodeOptions, join(root, script), ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { LOG_LEVEL: 'off', ...process.env },
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) process.exit(code ?? 1);
}

/** Packages the bundle like a deployment, into `.serverless`: what needs the package reads it from there. */
export async function packageBundle(stage: string): Promise<void> {
  await requireWritableCheckout();
  await runProgram('node_modules/serverless/bin/serverless.js', ['package', '--stage', stage]);
}
