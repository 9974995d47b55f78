/**
 * Writes the TypeScript types of docs/openapi.json for openapi-fetch, as the author of a client would. `npm run types`
 * and `npm test` do this first. The types are not committed, since the document contains the same.
 */
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '..');
const types = join(root, 'tests/support/.generated/openapi.d.ts');

const require = createRequire(join(root, 'tools/openapi-types/package.json'));
const generator = join(dirname(require.resolve('openapi-typescript/package.json')), 'bin/cli.js');
await mkdir(dirname(types), { recursive: true });
await promisify(execFile)(process.execPath, [generator, join(root, 'docs/openapi.json'), '--output', types], {
  cwd: root,
});
