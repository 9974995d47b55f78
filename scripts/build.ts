/**
 * Makes one small, self-contained bundle of each function: `functions/NAME.ts` → `dist/NAME.mjs`.
 * `node scripts/build.ts` builds all of them and prints their sizes.
 */
import { readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';

const root = join(import.meta.dirname, '..');

// telegraf and the AWS clients hold CommonJS that asks for Node's own modules: an ESM bundle has no `require` of its own.
const REQUIRE_SHIM =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/** How a bundle is made: the same for the functions and for what benchmarks compare them with. */
export const BUNDLE_OPTIONS = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  mainFields: ['module', 'main'],
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
  banner: { js: REQUIRE_SHIM },
} satisfies BuildOptions;

/** Bundles every function into `outdir` and returns what went into each. */
export async function buildFunctions(outdir = join(root, 'dist')): Promise<Metafile> {
  const entryPoints = (await readdir(join(root, 'functions')))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(root, 'functions', file));
  await rm(outdir, { recursive: true, force: true });
  const { metafile } = await build({
    ...BUNDLE_OPTIONS,
    entryPoints,
    outdir,
    outExtension: { '.js': '.mjs' },
    metafile: true,
  });
  return metafile;
}

async function buildAndPrintSizes(): Promise<void> {
  const outdir = join(root, 'dist');
  await buildFunctions(outdir);
  for (const file of await readdir(outdir)) {
    const { size } = await stat(join(outdir, file));
    console.log(`${basename(file, '.mjs').padEnd(20)} ${(size / 1024).toFixed(0).padStart(6)} KB`);
  }
}

// No `await` here: serverless loads this module with `require`, which can't wait.
if (import.meta.main) void buildAndPrintSizes();
