/** `npm run clients`: writes the clients in clients/ from docs/openapi.json. See HELP. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { csharpClient } from './clients/csharp.ts';
import type { Document } from './clients/model.ts';
import { typescriptClient } from './clients/typescript.ts';
import { runCommand } from './command-line.ts';
import { bringUpToDate, formatted } from './generated-files.ts';

const root = join(import.meta.dirname, '..');

/** The generated files of the clients, by their paths from the root. */
export async function clientFiles(): Promise<Map<string, string>> {
  const document: Document = JSON.parse(await readFile(join(root, 'docs/openapi.json'), 'utf8'));
  const typescript = 'clients/typescript/client.ts';
  const csharp = Object.entries(csharpClient(document));
  return new Map([
    [typescript, await formatted(typescriptClient(document), join(root, typescript))],
    ...csharp.map(([name, text]): [string, string] => [`clients/csharp/${name}`, tidy(text)]),
  ]);
}

/** No spaces at the ends of lines, and never two empty lines. */
function tidy(text: string): string {
  return text
    .replaceAll(/[ \t]+$/gm, '')
    .replaceAll(/\n{3,}/g, '\n\n')
    .replaceAll(/\n\n( *\})/g, '\n$1')
    .replaceAll(/(\{\n)\n+/g, '$1');
}

const HELP = `npm run clients [-- --check]

Writes the clients in TypeScript and C# (clients/) from docs/openapi.json.

  --check   only says whether the files are up to date; ends with 1 if they are not`;

const OPTIONS = { check: { type: 'boolean', default: false } } as const;

if (import.meta.main)
  await runCommand({ name: 'clients', help: HELP, options: OPTIONS }, async ({ values }) => {
    for (const [name, text] of await clientFiles())
      await bringUpToDate(join(root, name), text, { isCheck: values.check, command: 'npm run clients' });
  });
