/** The clients are what the API's description says. */
import { readdir, readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from '@jest/globals';
import { clientFiles } from '../../scripts/clients.ts';

let files: Map<string, string>;
beforeAll(async () => {
  files = await clientFiles();
});

test('the files are up to date: else run `npm run clients`', async () => {
  expect([...files.keys()]).toHaveLength(3);
  for (const [path, text] of files) expect([path, await readFile(path, 'utf8')]).toEqual([path, text]);
});

test('every operation for shops and platforms has a method in both languages', async () => {
  const document = JSON.parse(await readFile('docs/openapi.json', 'utf8'));
  const operations = Object.values<Record<string, { operationId: string; tags: string[] }>>(document.paths)
    .flatMap((methods) => Object.values(methods))
    .filter(({ tags }) => !tags.includes('Browser and Telegram'));
  expect(operations.length).toBeGreaterThan(35);
  for (const { operationId } of operations) {
    expect(files.get('clients/typescript/client.ts')).toContain(` async ${operationId}(`);
    const name = operationId.charAt(0).toUpperCase() + operationId.slice(1);
    expect(files.get('clients/csharp/Clients.cs')).toContain(` ${name}Async(`);
  }
});

test('the clients need no package: TypeScript imports its own files, C# what .NET Standard 2.0 has', async () => {
  const typescript = (await readdir('clients/typescript')).filter((file) => file.endsWith('.ts'));
  const imports = typescript.map(async (file) => {
    const text = await readFile(`clients/typescript/${file}`, 'utf8');
    return [...text.matchAll(/ from '([^']+)'/g)].map(([, from]) => from);
  });
  expect([...new Set((await Promise.all(imports)).flat())]).toEqual(['./connection.ts']);
  expect(await readFile('clients/csharp/PasswebTelegram.csproj', 'utf8')).not.toContain('PackageReference');
});
