/**
 * A process of its own that loads every function, and prints where the Maps and Sets were made that stay in memory. What is
 * made while a module loads lives as long as the process: at the top of a module, or inside a function that is called
 * there.
 */
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The place of a `new` in the sources: path from the root, line and column from 1. */
export interface Place {
  file: string;
  line: number;
  column: number;
}

const root = join(import.meta.dirname, '..', '..');
const made: { place: Place; collection: WeakRef<object> }[] = [];

/** Where our own code has called the constructor; `undefined` for a dependency's code. */
function callerIn(stack: string): Place | undefined {
  // Below the line of the error: the trap itself, then its caller.
  const [, url = '', line, column] = stack.split('\n')[2]?.match(/(file:\/\/.*):(\d+):(\d+)/) ?? [];
  if (!url) return undefined;
  const file = relative(root, fileURLToPath(url));
  return /^(lib|functions)\//.test(file) ? { file, line: Number(line), column: Number(column) } : undefined;
}

for (const name of ['Map', 'Set'] as const)
  Object.assign(globalThis, {
    [name]: new Proxy(globalThis[name], {
      construct(original, parameters, newTarget) {
        const collection: object = Reflect.construct(original, parameters, newTarget);
        const place = callerIn(new Error().stack ?? '');
        if (place) made.push({ place, collection: new WeakRef(collection) });
        return collection;
      },
    }),
  });

const modules: unknown[] = [];
for (const name of await readdir(join(root, 'functions')))
  if (!name.endsWith('.docs.ts')) modules.push(await import(`../../functions/${name}`));

// What is only used while loading is collected. A WeakRef is not cleared in the turn in which it was made.
for (let round = 0; round < 3; round++) {
  await new Promise((resolve) => setTimeout(resolve, 20));
  globalThis.gc?.();
}
const longLived = made.filter(({ collection }) => collection.deref()).map(({ place }) => place);
console.log(JSON.stringify({ functions: modules.length, longLived }));
process.exit(0);
