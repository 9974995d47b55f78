/** What `serverless package` made of `serverless.yml`: tests look at what is deployed, not at a copy of it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Template } from '../../local/iam/template.ts';

const path = join(process.cwd(), '.serverless', 'cloudformation-template-update-stack.json');

export async function packagedTemplate(): Promise<Template> {
  const template = await readFile(path, 'utf8').catch(() => {
    throw new Error('The package is missing: run the tests with `npm test`, which makes it first.');
  });
  return JSON.parse(template);
}

export async function packagedResources(): Promise<Template['Resources']> {
  return (await packagedTemplate()).Resources;
}
