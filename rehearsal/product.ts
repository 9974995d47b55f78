/** Copies of the product, in which it is packaged: that of this repository is left as it is. */
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { CannotStart } from './cannot-start.ts';
import { ROOT } from './machine.ts';
import { type Ended, runProgram } from './programs.ts';
import { Seen } from './steps.ts';

/** The state of main before there was a rehearsal: what is deployed first, and then updated. */
export const FORMER = '162c2e276c3a24546f131e7f015dbd4ee500c9bb';

/**
 * Looks for a commit, and fetches it where the clone is a shallow one, as in CI.
 *
 * @throws CannotStart if it is not to be had.
 */
export async function findCommit(ref: string): Promise<void> {
  // Not so in a folder that is no repository, or one of somebody else.
  const inside = await git('rev-parse', '--git-dir');
  if (inside.code !== 0)
    throw new CannotStart(
      `git can't read this repository, which the rehearsal copies: ${inside.output.trim()}`,
    );
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
  const listed = await listFiles('--cached', '--others', '--exclude-standard');
  const deleted = new Set(await listFiles('--deleted'));
  for (const file of listed.filter((path) => !deleted.has(path)))
    await cp(join(ROOT, file), join(folder, file), { recursive: true, verbatimSymlinks: true });
  await linkPackages(folder);
  return folder;
}

/** The state of a commit, with its own packages where they are others than ours. */
export async function copyFormer(folder: string, ref: string): Promise<string> {
  await mkdir(folder);
  const archive = `${folder}.tar`;
  await mustRun('git', ['archive', '--format=tar', `--output=${archive}`, ref]);
  await mustRun('tar', ['-x', '-f', archive, '-C', folder]);
  if ((await packagesOf(folder)) === (await packagesOf(ROOT))) await linkPackages(folder);
  else await mustRun('npm', ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'], folder);
  return folder;
}

/** Uses our packages, and those that a workspace has for itself. */
async function linkPackages(folder: string): Promise<void> {
  const { workspaces = [] } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  for (const workspace of ['.', ...workspaces]) {
    const packages = join(ROOT, workspace, 'node_modules');
    if (existsSync(packages)) await symlink(packages, join(folder, workspace, 'node_modules'));
  }
}

/** What `npm ci` would install: all of the lock file but what the root asks for. */
async function packagesOf(root: string): Promise<string> {
  const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
  return JSON.stringify({ ...packages, '': undefined });
}

async function listFiles(...options: string[]): Promise<string[]> {
  const { out } = await mustRun('git', ['ls-files', '-z', ...options]);
  return out.split('\0').filter((path) => path !== '');
}

const git = (...args: string[]) => runProgram('git', args, { cwd: ROOT });

async function mustRun(file: string, args: string[], cwd = ROOT): Promise<Ended> {
  const ended = await runProgram(file, args, { cwd });
  if (ended.code !== 0) throw new Seen(`${file} ${args.join(' ')} ended with ${ended.code}: ${ended.output}`);
  return ended;
}
