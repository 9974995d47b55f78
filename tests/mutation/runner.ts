/**
 * Runs tests for Stryker, which changes the code some thousand times. jest makes a world of its own for each test file,
 * and takes half a second or more for that, each time; here all run in one process, and only the code of this repository
 * is loaded anew for each change: so nothing that one mutation has left behind meets the next.
 *
 * @see https://stryker-mutator.io/docs/stryker-js/guides/create-a-plugin
 */
import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { collect, groupsOf, type Test } from './jest-globals.ts';

/** What Stryker and its changed code share. */
interface Stryker {
  activeMutant: string | undefined;
  currentTestId: string | undefined;
  mutantCoverage: { static: object; perTest: object };
  hitCount: number | undefined;
  hitLimit: number | undefined;
}

interface MutantRun {
  activeMutant: { id: string };
  testFilter?: string[];
  hitLimit?: number;
}

interface Result {
  id: string;
  name: string;
  fileName: string;
  timeSpentMs: number;
  /** Those of Stryker: 0 passed, 1 failed. */
  status: 0 | 1;
  failureMessage?: string;
}

const GLOBALS = new URL('./jest-globals.ts', import.meta.url).href;
/** The copy of the repository in which the code is changed. */
const root = pathToFileURL(`${process.cwd()}/`).href;
/** JavaScript by its file: types are taken away once. */
const sources = new Map<string, string>();
let run = 0;

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (specifier === '@jest/globals') return { url: GLOBALS, shortCircuit: true };
    const resolved = nextResolve(specifier, context);
    const isOurs = resolved.url.startsWith(root) && !resolved.url.includes('/node_modules/');
    return isOurs && resolved.url.endsWith('.ts')
      ? { ...resolved, url: `${resolved.url}?run=${run}` }
      : resolved;
  },
  load(url, context, nextLoad) {
    const [file = '', query] = url.split('?');
    if (!query?.startsWith('run=')) return nextLoad(url, context);
    const source = sources.get(file) ?? stripTypeScriptTypes(readFileSync(fileURLToPath(file), 'utf8'));
    sources.set(file, source);
    return { format: 'module', source, shortCircuit: true };
  },
});

// What is left hanging when a test has failed concerns nobody.
process.on('unhandledRejection', () => {});

class InProcessRunner {
  readonly #stryker: Partial<Stryker> = {};
  readonly #files = (process.env.MUTATION_TESTS ?? '').split(',');

  constructor() {
    // The name under which the changed code looks for it.
    Object.assign(globalThis, { __stryker__: this.#stryker });
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async dryRun() {
    const mutantCoverage = { static: {}, perTest: {} };
    Object.assign(this.#stryker, { mutantCoverage, activeMutant: undefined });
    try {
      return { status: 'complete', tests: await this.#run(() => true, false), mutantCoverage };
    } catch (error) {
      return { status: 'error', errorMessage: String((error as Error).stack) };
    }
  }

  async mutantRun({ activeMutant, testFilter, hitLimit }: MutantRun) {
    const hitCount = hitLimit === undefined ? undefined : 0;
    Object.assign(this.#stryker, { activeMutant: activeMutant.id, hitLimit, hitCount });
    const wanted = testFilter && new Set(testFilter);
    try {
      const tests = await this.#run((id) => !wanted || wanted.has(id), true);
      if ((this.#stryker.hitCount ?? 0) > (hitLimit ?? Number.POSITIVE_INFINITY))
        return { status: 'timeout' };
      const failed = tests.find(({ status }) => status === 1);
      if (!failed) return { status: 'survived', nrOfTests: tests.length };
      const { id, failureMessage } = failed;
      return { status: 'killed', killedBy: [id], failureMessage, nrOfTests: tests.length };
    } catch (error) {
      return { status: 'error', errorMessage: String((error as Error).stack) };
    }
  }

  /** @param isShort ends with the first test that fails. */
  async #run(isWanted: (id: string) => boolean, isShort: boolean): Promise<Result[]> {
    run += 1;
    const results: Result[] = [];
    for (const file of this.#files) {
      const environment = { ...process.env };
      const url = pathToFileURL(join(process.cwd(), file)).href;
      const tests = named(file, await collect(file, () => import(`${url}?run=${run}`))).filter(({ id }) =>
        isWanted(id),
      );
      await runFile(tests, async (id, test) => {
        this.#stryker.currentTestId = id;
        const result = await resultOf(id, file, test);
        this.#stryker.currentTestId = undefined;
        results.push(result);
        return !(isShort && result.status === 1);
      });
      process.env = environment;
      if (isShort && results.at(-1)?.status === 1) break;
    }
    return results;
  }
}

/** Two tests of one file may have the same name. */
function named(file: string, tests: Test[]): { id: string; test: Test }[] {
  const seen = new Map<string, number>();
  return tests.map((test) => {
    const times = (seen.get(test.name) ?? 0) + 1;
    seen.set(test.name, times);
    return { id: `${file}: ${test.name}${times > 1 ? ` (${times})` : ''}`, test };
  });
}

/** Hooks of a group run before its first and after its last test. */
async function runFile(
  tests: { id: string; test: Test }[],
  runTest: (id: string, test: Test) => Promise<boolean>,
): Promise<void> {
  const begun = new Set<ReturnType<typeof groupsOf>[number]>();
  for (const { id, test } of tests) {
    for (const group of groupsOf(test)) {
      if (begun.has(group)) continue;
      begun.add(group);
      for (const hook of group.hooks.beforeAll) await hook();
    }
    if (!(await runTest(id, test))) break;
  }
  for (const group of [...begun].reverse()) for (const hook of group.hooks.afterAll) await hook();
}

async function resultOf(id: string, fileName: string, test: Test): Promise<Result> {
  const started = performance.now();
  const groups = groupsOf(test);
  let failure: unknown;
  try {
    for (const { hooks } of groups) for (const hook of hooks.beforeEach) await hook();
    await test.run();
  } catch (error) {
    failure = error ?? new Error('undefined was thrown');
  }
  try {
    for (const { hooks } of groups.toReversed()) for (const hook of hooks.afterEach) await hook();
  } catch (error) {
    failure ??= error;
  }
  const common = { id, name: test.name, fileName, timeSpentMs: performance.now() - started };
  if (failure === undefined) return { ...common, status: 0 };
  return {
    ...common,
    status: 1,
    failureMessage: failure instanceof Error ? failure.message : String(failure),
  };
}

export const strykerPlugins = [{ kind: 'TestRunner', name: 'in-process', injectableClass: InProcessRunner }];
