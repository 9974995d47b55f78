/** The templates in docs can be saved as they are, and read well without their values. */
import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { docs } from '../../functions/templates.docs.ts';
import type { Site } from '../../lib/store/sites.ts';
import { draftErrors } from '../../lib/templates/api/draft-errors.ts';
import type { TemplateDraft } from '../../lib/templates/api/schemas.ts';
import { textWarnings } from '../../lib/templates/api/warnings.ts';

const site = {
  languages: ['it', 'en'],
  name: 'Bottega',
  url: 'https://bottega.example',
  timeZone: 'UTC',
} as Site;

function expectGood(draft: TemplateDraft): void {
  expect(draftErrors(draft, site)).toEqual([]);
  expect(textWarnings(draft, site)).toEqual([]);
}

test('the template of docs/sites.md', async () => {
  const page = await readFile('docs/sites.md', 'utf8');
  const [example] = page.match(/^ {4}\{\n {6}"name"[\s\S]*?^ {4}\}$/m) ?? [];
  expectGood(JSON.parse(example ?? ''));
});

test('the text of docs/templates.md', async () => {
  const page = await readFile('docs/templates.md', 'utf8');
  const [example = ''] = page.match(/^ {4}📦.*$/m) ?? [];
  expectGood({
    event: 'order-status',
    statuses: ['Evaso'],
    text: { it: example.trim(), en: example.trim() },
  });
});

test('the templates of the description of the API', () => {
  const texts = JSON.stringify(docs).match(/"text":\{"it":"(?:[^"\\]|\\.)*","en":"(?:[^"\\]|\\.)*"\}/g) ?? [];
  expect(texts.length).toBeGreaterThan(0);
  for (const text of texts)
    expectGood({ event: 'order-status', statuses: ['Evaso'], text: JSON.parse(`{${text}}`).text });
});
