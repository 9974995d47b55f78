/** `npm run cfn-lint`: holds the packaged template against AWS's rules for templates, in two regions. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../scripts/command-line.ts';
import { CannotStart } from './cannot-start.ts';
import { runProgram } from './programs.ts';
import { PYTHON_PROGRAMS, preparePython } from './python.ts';

const HELP = `npm run cfn-lint

Holds the packaged template (npm run package) against AWS's rules for templates: docs/rehearsal.md. Needs Python 3.10
with its module venv.

  --help   this text`;

const TEMPLATE = '.serverless/cloudformation-template-update-stack.json';

/** The region of the guide, and the one that has every resource and property first. */
const REGIONS = ['eu-south-1', 'us-east-1'];

const IGNORED = [
  // osls names in DependsOn what a resource refers to anyway.
  'W3005',
  // Parameters are values by the time of packaging, so a condition compares two known texts.
  'W8003',
];

async function lint(): Promise<void> {
  if (!existsSync(TEMPLATE)) throw new CannotStart(`There is no ${TEMPLATE}: run npm run package first.`);
  await preparePython();
  const args = ['--template', TEMPLATE, '--regions', ...REGIONS, '--ignore-checks', ...IGNORED];
  const { code, output } = await runProgram(join(PYTHON_PROGRAMS, 'cfn-lint'), args);
  console.log(output.trim() || `cfn-lint finds nothing in ${TEMPLATE}, for ${REGIONS.join(' and ')}.`);
  process.exitCode = code;
}

function whyNot(error: unknown): string[] {
  if (error instanceof CannotStart) return [error.message];
  throw error;
}

await runCommand({ name: 'cfn-lint', help: HELP }, lint, whyNot);
