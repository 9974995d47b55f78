/**
 * `npm test`: packages the bundle like a deployment (the tests read the tables, queues and functions from that package)
 * and runs jest. Arguments are passed to jest: `npm test -- tests/templates`.
 */
import '../local/isolated.ts';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { requireWritableCheckout } from './writable-checkout.ts';

const root = join(import.meta.dirname, '..');

async function run(script: string, args: string[], nodeOptions: string[] = []): Promise<void> {
  const child = spawn(process.execPath, [...nodeOptions, join(root, script), ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { LOG_LEVEL: 'off', ...process.env },
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) process.exit(code ?? 1);
}

await requireWritableCheckout();
await run('scripts/client-types.ts', []);
await run('node_modules/serverless/bin/serverless.js', ['package', '--stage', 'test']);
// jest runs ES modules through Node's vm modules, which still need this flag. With `--ci` a missing snapshot fails and
// is not written; `npm test -- -u` writes it.
await run(
  'node_modules/jest/bin/jest.js',
  ['--ci', ...process.argv.slice(2)],
  ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
);
