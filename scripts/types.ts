/** `npm run types`: checks the types, those of docs/openapi.json for openapi-fetch among them. */
import { runCommand } from './command-line.ts';
import { runProgram } from './programs.ts';

const HELP = `npm run types

Writes the types of docs/openapi.json for openapi-fetch into tests/support/.generated, and checks all types with
TypeScript, those of the console among them.`;

await runCommand({ name: 'types', help: HELP }, async () => {
  await runProgram('scripts/client-types.ts', []);
  await runProgram('node_modules/typescript/bin/tsc', ['--noEmit']);
  await runProgram('node_modules/typescript/bin/tsc', ['--noEmit', '--project', 'console']);
});
