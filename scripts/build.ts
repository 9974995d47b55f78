/**
 * Builds one small, self-contained bundle for each function: `functions/NAME.ts` → `dist/NAME.mjs`. `npm run
 * build` builds all of them and prints their sizes.
 */
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { apiDocsPage } from './api-docs-page.ts';
import { runCommand } from './command-line.ts';
import { consoleFiles } from './console-files.ts';
import { requireWritableCheckout } from './writable-checkout.ts';

const root = join(import.meta.dirname, '..');

// telegraf and the AWS clients contain CommonJS modules that `require` Node's modules: an ESM bundle has no `require`.
const REQUIRE_SHIM =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/** The options of a bundle, the same for the functions and for the bundles that benchmarks compare them with. */
export const BUNDLE_OPTIONS = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  mainFields: ['module', 'main'],
  // `debug`, which telegraf uses, loads it only if it is installed: a deployed bundle must not depend on the packages
  // installed for development.
  external: ['supports-color'],
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
  banner: { js: REQUIRE_SHIM },
} satisfies BuildOptions;

/** The options with which every function is bundled. */
export async function functionOptions() {
  const entryPoints = (await readdir(join(root, 'functions')))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.docs.ts'))
    .map((file) => join(root, 'functions', file));
  return {
    ...BUNDLE_OPTIONS,
    entryPoints,
    alias: { '@aws-sdk/credential-provider-node': './lib/aws/credentials.ts' },
    define: {
      'process.env.ROUTE_KEYS': JSON.stringify((await routeKeys()).join()),
      'process.env.CONSOLE_FILES': JSON.stringify(JSON.stringify(await consoleFiles())),
      'process.env.API_DOCS_PAGE': JSON.stringify(JSON.stringify(await apiDocsPage())),
    },
    outExtension: { '.js': '.mjs' },
  } satisfies BuildOptions;
}

/** Bundles every function into `outdir` and returns the inputs of each. */
export async function buildFunctions(outdir = join(root, 'dist')): Promise<Metafile> {
  const options = await functionOptions();
  const { metafile, outputFiles } = await build({ ...options, outdir, metafile: true, write: false });
  await writeBundles(outdir, outputFiles);
  return metafile;
}

export interface Bundle {
  /** Its name is the last part. */
  path: string;
  contents: Uint8Array;
}

/**
 * Makes these the bundles of a folder. Only changed files are written, each in one step: a local run that uses the folder
 * never reads half a file.
 */
export async function writeBundles(outdir: string, bundles: Bundle[]): Promise<void> {
  await mkdir(outdir, { recursive: true });
  await Promise.all(
    bundles.map(({ path, contents }) => writeIfChanged(join(outdir, basename(path)), contents)),
  );
  const current = new Set(bundles.map(({ path }) => basename(path)));
  const stale = (await readdir(outdir)).filter((file) => file.endsWith('.mjs') && !current.has(file));
  await Promise.all(stale.map((file) => rm(join(outdir, file), { force: true })));
}

/** The routes of `serverless.yml`, as API Gateway names them: method and path. */
export async function routeKeys(): Promise<string[]> {
  const description = await readFile(join(root, 'serverless.yml'), 'utf8');
  return [...description.matchAll(/^ +- httpApi: ([A-Z]+ \/\S+)$/gm)].flatMap(([, key = '']) => key);
}

async function writeIfChanged(path: string, contents: Uint8Array): Promise<void> {
  const isSame = await readFile(path).then(
    (present) => present.equals(contents),
    () => false,
  );
  if (isSame) return;
  const unfinished = `${path}.${process.pid}`;
  await writeFile(unfinished, contents);
  await rename(unfinished, path);
}

async function buildAndPrintSizes(): Promise<void> {
  await requireWritableCheckout();
  const outdir = join(root, 'dist');
  await buildFunctions(outdir);
  for (const file of (await readdir(outdir)).filter((name) => name.endsWith('.mjs'))) {
    const { size } = await stat(join(outdir, file));
    console.log(`${basename(file, '.mjs').padEnd(20)} ${(size / 1024).toFixed(0).padStart(6)} KB`);
  }
}

const HELP = `npm run build

Builds the bundle of each function into dist/, and prints their sizes.`;

// No top-level `await`: serverless loads this module with `require`.
if (import.meta.main) void runCommand({ name: 'build', help: HELP }, buildAndPrintSizes);
