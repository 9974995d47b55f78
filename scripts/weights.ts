/**
 * What each package weighs in the bundles: in how many of them it is, and how many KB of the largest are its. A figure
 * counts what is left after minifying and leaving out what is not used.
 *
 *     npm run weights
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildFunctions } from './build.ts';

type Outputs = Awaited<ReturnType<typeof buildFunctions>>['outputs'];

/** The code of this project itself. */
const OURS = 'our own code';

/** The package that a file of the bundle is of; those of a vendor's scope count as one. */
function packageOf(path: string): string {
  const [, place] = path.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)/) ?? [];
  if (place === undefined) return OURS;
  return place.replace(/^(@smithy|@aws|@aws-crypto)\/.*/, '$1/*');
}

function bytesByPackage(inputs: Outputs[string]['inputs']): Map<string, number> {
  const bytes = new Map<string, number>();
  for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
    if (bytesInOutput === 0) continue;
    const name = packageOf(path);
    bytes.set(name, (bytes.get(name) ?? 0) + bytesInOutput);
  }
  return bytes;
}

const folder = await mkdtemp(join(tmpdir(), 'weights-'));
const { outputs } = await buildFunctions(folder);
await rm(folder, { recursive: true });

const weights = new Map<string, number[]>();
for (const { inputs } of Object.values(outputs))
  for (const [name, bytes] of bytesByPackage(inputs))
    weights.set(name, [...(weights.get(name) ?? []), bytes]);

console.log(`of ${Object.keys(outputs).length} bundles`.padEnd(44), 'bundles   KB at most');
const byWeight = [...weights].sort(([, one], [, other]) => Math.max(...other) - Math.max(...one));
for (const [name, bytes] of byWeight)
  console.log(
    name.padEnd(44),
    String(bytes.length).padStart(7),
    (Math.max(...bytes) / 1024).toFixed(1).padStart(12),
  );
