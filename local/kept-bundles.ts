/**
 * Bundles of the functions that are kept from one start to the next: what goes into them seldom changes, and building
 * them takes more time than all the rest of a start.
 */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { type Bundle, writeBundles } from '../scripts/build.ts';

type Options = BuildOptions & { absWorkingDir: string; outdir: string };

/** What went into the bundles that are kept: paths from the folder of the project. */
const INPUTS = 'inputs.json';

/** They change how an import is resolved, and are among the inputs of no bundle. */
const SETTINGS = ['package-lock.json', 'tsconfig.json'];

/**
 * Puts the bundles into `outdir`: those that the folder `kept` has, if every file that went into them and the options
 * are as they were; or else new ones, which are then kept.
 */
export async function placeBundles(options: Options, kept: string): Promise<void> {
  const present = await keptBundles(options, kept);
  if (present) return writeBundles(options.outdir, present);
  const began = Date.now();
  const { metafile, outputFiles } = await build({ ...options, metafile: true, write: false });
  await writeBundles(options.outdir, outputFiles);
  const inputs = [...Object.keys(metafile.inputs), ...SETTINGS].sort();
  if (await areOlder(inputs, began, options)) await keep(outputFiles, inputs, { options, kept });
}

async function keptBundles(options: Options, kept: string): Promise<Bundle[] | undefined> {
  try {
    const inputs = JSON.parse(await readFile(join(kept, INPUTS), 'utf8')) as string[];
    const folder = join(kept, await digestOf(inputs, options));
    return await Promise.all(
      (await readdir(folder)).map(async (path) => ({ path, contents: await readFile(join(folder, path)) })),
    );
  } catch {
    // There are none, a file is gone that went into them, or another start is replacing them.
    return undefined;
  }
}

/** Whether nobody has changed an input since the build began: it may have read the file before that. */
async function areOlder(inputs: string[], began: number, { absWorkingDir }: Options): Promise<boolean> {
  const times = await Promise.all(
    inputs.map(async (path) => (await stat(join(absWorkingDir, path)).catch(() => undefined))?.mtimeMs ?? 0),
  );
  return times.every((time) => time < began);
}

async function keep(
  bundles: Bundle[],
  inputs: string[],
  { options, kept }: { options: Options; kept: string },
): Promise<void> {
  try {
    await mkdir(kept, { recursive: true });
    // In one step each, since another start may be reading them.
    const unfinished = await mkdtemp(join(kept, 'unfinished-'));
    for (const { path, contents } of bundles) await writeFile(join(unfinished, basename(path)), contents);
    await writeFile(join(unfinished, INPUTS), JSON.stringify(inputs));
    const digest = await digestOf(inputs, options);
    const former = (await readdir(kept)).filter((name) => /^[0-9a-f]{64}$/.test(name) && name !== digest);
    await rename(join(unfinished, INPUTS), join(kept, INPUTS));
    // One that is there already has been made by another start, and is the same.
    await rename(unfinished, join(kept, digest)).catch(() => rm(unfinished, { recursive: true }));
    for (const name of former) await rm(join(kept, name), { recursive: true, force: true });
  } catch {
    // A folder that can't be written keeps nothing: the next start builds again.
  }
}

/** A digest of the options and of what the inputs are now. @throws if one of them is gone. */
async function digestOf(inputs: string[], { outdir: _, ...options }: Options): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(options));
  for (const path of inputs) {
    const contents = readFile(join(options.absWorkingDir, path));
    hash.update(`\n${path}\n`).update(await (SETTINGS.includes(path) ? contents.catch(() => '') : contents));
  }
  return hash.digest('hex');
}
