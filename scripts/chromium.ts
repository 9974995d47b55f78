/** The browser for tests and for the guide's pictures. It must be installed; it is never downloaded. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const USUAL_PATHS = [
  // Chromium without its windows: it takes less time.
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The path of Chromium: `CHROMIUM_PATH`, or one of the usual paths; `undefined` if there is none. */
export function findChromium(): string | undefined {
  return [process.env.CHROMIUM_PATH, ...USUAL_PATHS].find((path) => path !== undefined && existsSync(path));
}

/** @param more arguments of the command line. @throws Error if there is no Chromium. */
export function launchChromium(more: string[] = []): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('No Chromium was found: set CHROMIUM_PATH to one.');
  return chromium.launch({ executablePath, args: [...ARGUMENTS, ...more] });
}
