import { readFileSync } from 'node:fs';
import { errorCode } from './run.ts';

/** How often to look, in milliseconds. */
const INTERVAL = 200;

/**
 * Calls back when npm is gone, however it went. npm runs a script through a shell, and passes a signal on to that shell
 * alone: the script would never hear that it shall stop. Without npm nobody is watched.
 */
export function whenNpmIsGone(callback: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const watched = [parent, ...npmAbove(parent)];
  const timer = setInterval(() => {
    if (process.ppid === parent && watched.every(isRunning)) return;
    clearInterval(timer);
    callback();
  }, INTERVAL);
  timer.unref();
}

/** The process above the shell, if that is npm. Known on Linux; elsewhere the shell usually gives way to the script. */
function npmAbove(shell: number): number[] {
  if (process.platform !== 'linux') return [];
  try {
    // `pid (name) state ppid …`; the name may hold anything, also a parenthesis.
    const stat = readFileSync(`/proc/${shell}/stat`, 'utf8');
    const above = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    return readFileSync(`/proc/${above}/cmdline`, 'utf8').startsWith('npm') ? [above] : [];
  } catch {
    // A system that doesn't show its processes: the shell alone is watched.
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
