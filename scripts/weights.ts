/**
 * `npm run weights`: the size of each production dependency in the bundles, including its own dependencies: the number of bundles that
 * contain it, and its KB in the bundle where it is largest. Code that several dependencies need is counted once, for
 * all of them together. See HELP.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildFunctions } from './build.ts';
import { runCommand } from './command-line.ts';

const root = join(import.meta.dirname, '..');
const HELP = `npm run weights [-- --parts]

Prints the size of each dependency in the bundles: in how many it is, and its KB in the bundle where it is largest.

  --parts   also the size of each package in them`;

const OPTIONS = { parts: { type: 'boolean', default: false } } as const;

const OURS = 'our own code';

type Dependencies = Record<string, string>;
type Locked = { dependencies?: Dependencies };
type Inputs = Awaited<ReturnType<typeof buildFunctions>>['outputs'][string]['inputs'];
/** Bytes by package. */
type Parts = Map<string, number>;

/** For each package, the dependencies of ours that need it. */
async function findBringers(): Promise<Map<string, Set<string>>> {
  const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Locked>;
  };
  const neededBy = (name: string): string[] =>
    Object.entries(packages)
      .filter(([place]) => place === `node_modules/${name}` || place.endsWith(`/node_modules/${name}`))
      .flatMap(([, { dependencies = {} }]) => Object.keys(dependencies));
  const bringers = new Map<string, Set<string>>();
  const visit = (name: string, bringer: string): void => {
    const known = bringers.get(name) ?? new Set();
    if (known.has(bringer)) return;
    bringers.set(name, known.add(bringer));
    for (const needed of neededBy(name)) visit(needed, bringer);
  };
  for (const name of Object.keys(packages['']?.dependencies ?? {})) visit(name, name);
  return bringers;
}

function partsOf(inputs: Inputs): Parts {
  const parts: Parts = new Map();
  for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
    const [, name = OURS] = path.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)/) ?? [];
    if (bytesInOutput > 0) parts.set(name, (parts.get(name) ?? 0) + bytesInOutput);
  }
  return parts;
}

const sum = (parts: Parts) => [...parts.values()].reduce((total, bytes) => total + bytes, 0);
const kilobytes = (bytes: number) => (bytes / 1024).toFixed(1).padStart(8);

async function printWeights(withParts: boolean): Promise<void> {
  const bringers = await findBringers();
  const folder = await mkdtemp(join(tmpdir(), 'weights-'));
  const { outputs } = await buildFunctions(folder);
  await rm(folder, { recursive: true });

  // For each group of such dependencies, its size in each bundle that contains part of it.
  const groups = new Map<string, Parts[]>();
  for (const { inputs } of Object.values(outputs)) {
    const byGroup = Map.groupBy(partsOf(inputs), ([name]) => [...(bringers.get(name) ?? [name])].join(' + '));
    for (const [group, parts] of byGroup) groups.set(group, [...(groups.get(group) ?? []), new Map(parts)]);
  }

  console.log(`bundles (of ${Object.keys(outputs).length})  KB at most`);
  const largestOf = (bundles: Parts[]) =>
    bundles.toSorted((one, other) => sum(other) - sum(one))[0] ?? new Map();
  const byWeight = [...groups].sort(([, one], [, other]) => sum(largestOf(other)) - sum(largestOf(one)));
  for (const [group, bundles] of byWeight) {
    const largest = largestOf(bundles);
    console.log(`${String(bundles.length).padStart(15)}    ${kilobytes(sum(largest))}  ${group}`);
    if (withParts)
      for (const [name, bytes] of [...largest].sort(([, one], [, other]) => other - one))
        console.log(`${' '.repeat(31)}${kilobytes(bytes)}  ${name}`);
  }
}

await runCommand({ name: 'weights', help: HELP, options: OPTIONS }, ({ values }) =>
  printWeights(values.parts),
);
