/** What `serverless package` made of `serverless.yml`: tests look at what is deployed, not at a copy of it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Resources } from '../../local/resources.ts';

const path = join(process.cwd(), '.serverless', 'cloudformation-template-update-stack.json');

export async function packagedResources(): Promise<Resources> {
  const template = await readFile(path, 'utf8').catch(() => {
    throw new Error('The package is missing: run the tests with `npm test`, which makes it first.');
  });
  return JSON.parse(template).Resources;
}
