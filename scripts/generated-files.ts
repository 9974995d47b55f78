/** Files that are made from other ones, and committed. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '..');
const inRoot = { cwd: root, maxBuffer: 16 * 1024 * 1024 };

/** Formatted like the rest of the code. */
export async function formatted(source: string, path: string): Promise<string> {
  const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');
  const running = promisify(execFile)(
    process.execPath,
    [biome, 'format', `--stdin-file-path=${path}`],
    inRoot,
  );
  running.child.stdin?.end(source);
  return (await running).stdout;
}

/** Writes the file if it is another, or says that it is. @param command makes it anew. */
export async function bringUpToDate(
  path: string,
  text: string,
  { isCheck, command }: { isCheck: boolean; command: string },
): Promise<void> {
  const name = relative(root, path);
  const current = await readFile(path, 'utf8').catch(() => '');
  if (current === text) console.log(`${name} is as it should be.`);
  else if (isCheck) {
    console.error(`${name} is not what it is made from: run \`${command}\`.`);
    process.exitCode = 1;
  } else {
    await writeFile(path, text);
    console.log(`${name} written.`);
  }
}
