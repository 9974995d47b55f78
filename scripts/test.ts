/**
 * `npm test`: packages the bundle like a deployment (the tests read the tables, queues and functions from that package)
 * and runs jest. See HELP.
 */
import '../local/isolated.ts';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import { runCommand, UsageError } from './command-line.ts';
import { packageBundle, runProgram } from './programs.ts';
import { requireWritableCheckout } from './writable-checkout.ts';

const HELP = `npm test [-- PART … OPTIONS]

Packs the bundle, and runs the tests: all, or those whose path has a PART in it (npm test -- tests/templates).

The options are those of jest, such as -t WORDS for the tests whose names have these words, or -u for new snapshots:
https://jestjs.io/docs/cli`;

const JEST = 'node_modules/jest/bin/jest.js';

/** Before anything is packaged. @throws UsageError with jest's own words. */
async function checkOptions(args: string[]): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, [
      join(import.meta.dirname, '..', JEST),
      '--showConfig',
      ...args,
    ]);
  } catch (error) {
    const said = stripVTControlCharacters(String((error as { stderr?: string }).stderr)).trim();
    // Some errors come after the whole help.
    const [sentence = said.split('\n').at(-1)] =
      said.match(/Unrecognized option ".*/) ?? said.match(/^(?:\w*Error: |● ).*/m) ?? [];
    throw new UsageError(`jest: ${sentence}`);
  }
}

await runCommand({ name: 'test', help: HELP, isPassedOn: true }, async () => {
  const args = process.argv.slice(2);
  await requireWritableCheckout();
  if (args.some((arg) => arg.startsWith('-'))) await checkOptions(args);
  await runProgram('scripts/client-types.ts', []);
  await packageBundle('test');
  // Of the programs that the tests start, again and again, Node keeps the compiled code.
  process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, '../node_modules/.cache/compiled');
  // jest runs ES modules through Node's vm modules, which still need this flag. With `--ci` a missing snapshot fails and
  // is not written; `npm test -- -u` writes it.
  await runProgram(
    JEST,
    ['--ci', ...args],
    ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  );
});
