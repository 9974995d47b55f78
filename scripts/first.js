/**
 * Loaded before every npm script (`node --import`), and by serverless.yml: says what to do where the project can't run.
 * Plain JavaScript, since it also has to run on a Node that knows no TypeScript.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The first Node that has all that the project uses. */
const NEEDED = [24, 2];

const [major, minor] = process.versions.node.split('.').map(Number);
const isOld = major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1]);
const isInstalled = existsSync(new URL('../node_modules/serverless/package.json', import.meta.url));

if (!isInstalled)
  stop('The packages of this project are not installed, or not all of them. Run: npm ci --include=dev');
if (isOld)
  stop(
    `This project needs Node ${NEEDED.join('.')} or later, and this is Node ${process.versions.node}: its own Node was ` +
      'not installed. Run: npm ci --ignore-scripts=false (the package "node" has an install script, which npm must run), ' +
      'or install Node 24.',
  );

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
