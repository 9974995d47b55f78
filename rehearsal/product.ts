/** Copies of the product, in which it is packaged: that of this repository is left as it is. */
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { CannotStart } from './cannot-start.ts';
import { ROOT } from './machine.ts';
import { type Ended, runProgram } from './programs.ts';

/** The state of main before there was a rehearsal: what is deployed first, and then updated. */
export const FORMER = '162c2e276c3a24546f131e7f015dbd4ee500c9bb';

/**
 * Looks for a commit, and fetches it where the clone is a shallow one, as in CI.
 *
 * @throws CannotStart if it is not to be had.
 */
export async function findCommit(ref: string): Promise<void> {
  const isThere = async () => (await git('cat-file', '-e', `${ref}^{commit}`)).code === 0;
  if (await isThere()) return;
  await git('fetch', '--quiet', '--depth', '1', 'origin', ref);
  if (await isThere()) return;
  throw new CannotStart(
    `This clone does not have the commit ${ref}, from which the update is rehearsed: run \`git fetch --unshallow\`, or name another one with --from.`,
  );
}

/** The present state, with what is not committed yet. */
export async function copyPresent(folder: string): Promise<string> {
  await mkdir(folder);
  const tar =
    'git ls-files -z --cached --others --exclude-standard | tar --create --null --files-from=- --ignore-failed-read 2>/dev/null';
  await mustRun('bash', ['-c', `${tar} | tar --extract --directory "$0"`, folder]);
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** The state of a commit, with its own packages where they are others than ours. */
export async function copyFormer(folder: string, ref: string): Promise<string> {
  await mkdir(folder);
  await mustRun('bash', ['-c', 'git archive "$1" | tar --extract --directory "$0"', folder, ref]);
  if ((await packagesOf(folder)) === (await packagesOf(ROOT)))
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  else await mustRun('npm', ['ci', '--no-audit', '--no-fund'], folder);
  return folder;
}

/** What `npm ci` would install: all of the lock file but what the root asks for. */
async function packagesOf(root: string): Promise<string> {
  const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
  return JSON.stringify({ ...packages, '': undefined });
}

const git = (...args: string[]) => runProgram('git', args, { cwd: ROOT });

async function mustRun(file: string, args: string[], cwd = ROOT): Promise<Ended> {
  const ended = await runProgram(file, args, { cwd });
  if (ended.code !== 0)
    throw new Error(`${file} ${args.join(' ')} ended with ${ended.code}: ${ended.output}`);
  return ended;
}
