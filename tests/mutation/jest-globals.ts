/**
 * As much of `@jest/globals` as the tests use that are run for each mutation: they register themselves here. `expect` and
 * the mocks are jest's own.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { format } from 'node:util';

type Work = (...given: unknown[]) => unknown;

export interface Test {
  /** The title, after those of the groups around it. */
  name: string;
  run: () => unknown;
  group: Group;
}

/** A `describe`, or a file. */
interface Group {
  name: string;
  parent: Group | undefined;
  hooks: Record<'beforeAll' | 'beforeEach' | 'afterEach' | 'afterAll', Work[]>;
}

let current = newGroup('', undefined);
let currentFile = '';
let registered: Test[] = [];

function newGroup(name: string, parent: Group | undefined): Group {
  return { name, parent, hooks: { beforeAll: [], beforeEach: [], afterEach: [], afterAll: [] } };
}

/** The tests of a file, which `load` imports. */
export async function collect(file: string, load: () => Promise<unknown>): Promise<Test[]> {
  currentFile = file;
  current = newGroup('', undefined);
  registered = [];
  await load();
  return registered;
}

/** The groups around a test, the outermost first. */
export function groupsOf({ group }: Test): Group[] {
  const groups: Group[] = [];
  for (let each: Group | undefined = group; each; each = each.parent) groups.unshift(each);
  return groups;
}

export const describe = withEach((name, work) => {
  const parent = current;
  current = newGroup(parent.name === '' ? name : `${parent.name} ${name}`, parent);
  work();
  current = parent;
});

export const test = withEach((name, work) => {
  registered.push({
    name: current.name === '' ? name : `${current.name} ${name}`,
    run: work,
    group: current,
  });
});

export const beforeAll = (work: Work) => void current.hooks.beforeAll.push(work);
export const beforeEach = (work: Work) => void current.hooks.beforeEach.push(work);
export const afterEach = (work: Work) => void current.hooks.afterEach.push(work);
export const afterAll = (work: Work) => void current.hooks.afterAll.push(work);

/** `each` makes one of a row; where a row is an array, its entries are the arguments. */
function withEach(register: (name: string, work: () => unknown) => void) {
  const each = (rows: unknown[]) => (name: string, work: Work) => {
    for (const row of rows) {
      const given = Array.isArray(row) ? row : [row];
      const places = name.match(/%[sdifjoOp]/g)?.length ?? 0;
      register(format(name.replaceAll('%p', '%o'), ...given.slice(0, places)), () => work(...given));
    }
  };
  return Object.assign(register, { each });
}

// What `@jest/globals` itself is made of.
const ofGlobals = createRequire(createRequire(import.meta.url).resolve('@jest/globals'));
const ofEnvironment = createRequire(ofGlobals.resolve('@jest/environment'));
const { ModuleMocker } = ofGlobals('jest-mock');
const { ModernFakeTimers } = ofEnvironment('@jest/fake-timers');

const mocker = new ModuleMocker(globalThis);
const timers = new ModernFakeTimers({
  config: { rootDir: process.cwd(), fakeTimers: {} },
  global: globalThis,
});

export const { jestExpect: expect } = ofGlobals('@jest/expect');
expect.extend({ toMatchSnapshot: isInSnapshots });

/** A text of several lines that lies in a file beside the tests, as `npm test` has written it. */
function isInSnapshots(text: string) {
  const stored: Record<string, string> = {};
  const file = join(dirname(currentFile), '__snapshots__', `${basename(currentFile)}.snap`);
  new Function('exports', readFileSync(file, 'utf8'))(stored);
  const pass = Object.values(stored).includes(`\n"${text}"\n`);
  return { pass, message: () => 'It is not in the snapshots.' };
}
export const jest = {
  fn: mocker.fn.bind(mocker),
  spyOn: mocker.spyOn.bind(mocker),
  restoreAllMocks: () => mocker.restoreAllMocks(),
  useFakeTimers: (options: object) => timers.useFakeTimers(options),
  useRealTimers: () => timers.useRealTimers(),
};
