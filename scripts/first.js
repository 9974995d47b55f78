/**
 * Loaded before every npm script (`node --import`), and by serverless.yml: says what to do where the project can't run.
 * Plain JavaScript, since it also has to run on a Node that knows no TypeScript.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The first Node that has all that the project uses. */
const NEEDED = [24, 2];

const [major, minor] = process.versions.node.split('.').map(Number);
const isOld = major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1]);
const missing = ['package.json', 'tools/openapi-types/package.json'].flatMap((file) =>
  missingFor(fileURLToPath(new URL(`../${file}`, import.meta.url))),
);

if (missing.length > 0)
  stop(
    `The packages of this project are not installed, or not all of them: ${missing[0]} is missing. ` +
      'Run: npm ci --include=dev --include=optional',
  );
if (isOld)
  stop(
    `This project needs Node ${NEEDED.join('.')} or later, and this is Node ${process.versions.node}: its own Node was ` +
      'not installed. Run: npm ci --ignore-scripts=false (the package "node" has an install script, which npm must run), ' +
      'or install Node 24.',
  );

/** The packages that this one names and that are not there, and the programs that those need on this machine. */
function missingFor(file) {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(file, 'utf8'));
  return Object.keys({ ...dependencies, ...devDependencies }).flatMap((name) => {
    const found = find(name, file);
    if (found === undefined) return name;
    const { optionalDependencies = {} } = JSON.parse(readFileSync(found, 'utf8'));
    const platform = `${process.platform}-${process.arch}`;
    // One for each C library, where there is more than one.
    const programs = Object.keys(optionalDependencies).filter((program) => program.includes(platform));
    const isThere = programs.length === 0 || programs.some((program) => find(program, found) !== undefined);
    return isThere ? [] : programs[0];
  });
}

/** The `package.json` of a package as this file's package would find it. */
function find(name, file) {
  const folders = createRequire(file).resolve.paths(name) ?? [];
  return folders.map((folder) => join(folder, name, 'package.json')).find((path) => existsSync(path));
}

function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}

// osls would write into the person's home.
process.env.SLS_SCHEMA_CACHE_BASE_DIR ||= fileURLToPath(new URL('../node_modules/.cache', import.meta.url));

// Whoever reads the output may leave before its end (`npm start | grep -m1 ready`): that ends nothing.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

/** serverless.yml has it as a plugin: one that does nothing more. */
export default class {}
