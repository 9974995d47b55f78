/** `npm run cfn-lint`: holds the packaged template against AWS's rules for templates, in two regions. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CannotStart } from './cannot-start.ts';
import { runProgram } from './programs.ts';
import { PYTHON_PROGRAMS, preparePython } from './python.ts';

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

try {
  await lint();
} catch (error) {
  console.error(error instanceof CannotStart ? error.message : error);
  process.exitCode = 1;
}
