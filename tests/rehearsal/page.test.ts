/** The commands that the rehearsal takes from a page: CommonMark's indented and fenced code blocks that are commands. */
import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { NOT_HERE } from '../../rehearsal/not-here.ts';
import { blocksOf, readBlocks } from '../../rehearsal/page.ts';

const PAGE = `# Guide

## 1. Secrets

Run:

    aws sts get-caller-identity \\
      --output text

    aws s3 ls

1. In a list:

       KEY=$(aws secretsmanager get-secret-value)
       npm run reencrypt

An answer, a policy, and a paragraph that goes on:

    { "Version": "2012-10-17" }

A sentence
    npm run not-code

### Fenced

\`\`\`sh
if true; then
    npm run site
fi
\`\`\`

\`\`\`json
npm run no-command
\`\`\`
`;

test('blocks of commands, outdented, with their place and section', () => {
  expect(blocksOf('docs/page.md', PAGE)).toEqual([
    {
      place: 'docs/page.md:7',
      section: '1. Secrets',
      text: 'aws sts get-caller-identity \\\n  --output text\n\naws s3 ls',
    },
    {
      place: 'docs/page.md:14',
      section: '1. Secrets',
      text: 'KEY=$(aws secretsmanager get-secret-value)\nnpm run reencrypt',
    },
    { place: 'docs/page.md:26', section: 'Fenced', text: 'if true; then\n    npm run site\nfi' },
  ]);
});

test('no indented line of the pages that names a program is overlooked', async () => {
  for (const path of ['docs/deploy.md', 'docs/runbook.md']) {
    const found = (await readBlocks(path)).map(({ text }) => text).join('\n');
    const source = await readFile(path, 'utf8');
    const lines = source.split('\n').filter((line) => /^ {4,}(?:aws|npm|npx|curl|query) /.test(line));
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.filter((line) => !found.includes(line.trim()))).toEqual([]);
  }
});

test('each command that can not be run as it stands is on a page, and has a reason', async () => {
  const pages = await Promise.all(['README.md', 'docs/deploy.md', 'docs/runbook.md'].map(readBlocks));
  const commands = pages.flat().map(({ text }) => text);
  for (const { command, reason } of NOT_HERE) {
    expect(commands.filter((text) => text.includes(command))).not.toEqual([]);
    expect(reason).toMatch(/\.$/);
  }
});
