import { readFileSync } from 'node:fs';
import { errorCode } from './run.ts';

/** How often to check, in milliseconds. */
const INTERVAL = 200;

/**
 * Calls back when npm has ended, for whatever reason. npm runs a script through a shell and sends a signal to that shell
 * only: the script would not learn that it has to stop. Without npm it does nothing.
 */
export function whenNpmIsGone(callback: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const processes = [parent, ...npmAbove(parent)];
  const timer = setInterval(() => {
    if (process.ppid === parent && processes.every(isRunning)) return;
    clearInterval(timer);
    callback();
  }, INTERVAL);
  timer.unref();
}

/** The parent of the shell, if it is npm. Only on Linux; elsewhere the shell usually replaces itself with the script. */
function npmAbove(shell: number): number[] {
  if (process.platform !== 'linux') return [];
  try {
    // `pid (name) state ppid …`; the name may have any character in it, also a parenthesis.
    const stat = readFileSync(`/proc/${shell}/stat`, 'utf8');
    const above = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    return readFileSync(`/proc/${above}/cmdline`, 'utf8').startsWith('npm') ? [above] : [];
  } catch {
    // Processes can't be read here: only the shell is checked.
    return [];
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, as another user.
    return errorCode(error) === 'EPERM';
  }
}
