/**
 * `npm run openapi`: writes docs/openapi.json from the schemas that validate, and the types of a client from that; with
 * `--check` it only says whether the files are what it would write.
 */

import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import type * as z from 'zod/mini';
import { activityStatus } from '../functions/activity-status.ts';
import { activityViewed } from '../functions/activity-viewed.ts';
import { fileAccess } from '../functions/file-access.ts';
import { fileUpload } from '../functions/file-upload.ts';
import { messageRead } from '../functions/message-read.ts';
import { messageSent } from '../functions/message-sent.ts';
import { orderStatus } from '../functions/order-status.ts';
import type { EventName } from '../lib/domain/events.ts';
import type { LinkSchema } from '../lib/http/schemas.ts';
import { type OpenApi, openApiDocument } from '../lib/openapi/document.ts';
import { EXAMPLE_LINK, namedSchemas } from '../lib/openapi/names.ts';
import type { Operation } from '../lib/openapi/operation.ts';
import { BROWSER_OPERATIONS } from '../lib/openapi/operations/browser.ts';
import { DELIVERY_OPERATIONS, DOCUMENT_OPERATION } from '../lib/openapi/operations/deliveries.ts';
import { type DocumentedEvent, eventOperations } from '../lib/openapi/operations/events.ts';
import { SITE_OPERATIONS } from '../lib/openapi/operations/sites.ts';
import { TEMPLATE_OPERATIONS } from '../lib/openapi/operations/templates.ts';
import { USER_OPERATIONS } from '../lib/openapi/operations/users.ts';
import { abandonedCart } from '../lib/schedule/abandoned-cart.ts';
import { activityReminder } from '../lib/schedule/activity-reminder.ts';

const root = join(import.meta.dirname, '..');
export const OPENAPI_FILE = join(root, 'docs/openapi.json');
export const CLIENT_TYPES_FILE = join(root, 'tests/support/openapi.d.ts');

/** All that a definition has to say here, whatever its event. */
interface Definition {
  name: EventName;
  schema: (link: LinkSchema) => z.ZodMiniType;
}

const DEFINITIONS: Definition[] = [
  orderStatus,
  abandonedCart,
  messageSent,
  messageRead,
  activityStatus,
  activityViewed,
  activityReminder,
  fileUpload,
  fileAccess,
];

/** Every operation of the API. */
export async function allOperations(): Promise<{ operations: Operation[]; events: DocumentedEvent[] }> {
  const events = await Promise.all(DEFINITIONS.map(documented));
  const operations = [
    ...eventOperations(events),
    ...USER_OPERATIONS,
    ...SITE_OPERATIONS,
    ...TEMPLATE_OPERATIONS,
    ...DELIVERY_OPERATIONS,
    ...BROWSER_OPERATIONS,
    DOCUMENT_OPERATION,
  ];
  return { operations, events };
}

async function documented({ name, schema }: Definition): Promise<DocumentedEvent> {
  const sample = await readFile(join(root, `local/samples/${name}.json`), 'utf8');
  return { name, schema: schema(EXAMPLE_LINK), example: JSON.parse(sample) };
}

/** The document as it should be. */
export async function buildOpenApi(): Promise<OpenApi> {
  const { operations, events } = await allOperations();
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  return openApiDocument(operations, namedSchemas(events), version);
}

/** The document as a file. */
export async function openApiText(): Promise<string> {
  return formatted(JSON.stringify(await buildOpenApi(), null, 2), OPENAPI_FILE);
}

const inRoot = { cwd: root, maxBuffer: 16 * 1024 * 1024 };

/** TypeScript types of docs/openapi.json, for openapi-fetch. */
export async function clientTypes(): Promise<string> {
  const require = createRequire(join(root, 'tools/openapi-types/package.json'));
  const generator = join(dirname(require.resolve('openapi-typescript/package.json')), 'bin/cli.js');
  const { stdout } = await promisify(execFile)(process.execPath, [generator, OPENAPI_FILE], inRoot);
  return formatted(stdout, CLIENT_TYPES_FILE);
}

/** As the rest of the code is written. */
async function formatted(source: string, path: string): Promise<string> {
  const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');
  const running = promisify(execFile)(
    process.execPath,
    [biome, 'format', `--stdin-file-path=${path}`],
    inRoot,
  );
  running.child.stdin?.end(source);
  return (await running).stdout;
}

async function bringUpToDate(path: string, text: string, isCheck: boolean): Promise<void> {
  const name = relative(root, path);
  const current = await readFile(path, 'utf8').catch(() => '');
  if (current === text) console.log(`${name} is as it should be.`);
  else if (isCheck) {
    console.error(`${name} is not what the schemas say: run \`npm run openapi\`.`);
    process.exitCode = 1;
  } else {
    await writeFile(path, text);
    console.log(`${name} written.`);
  }
}

if (import.meta.main) {
  const isCheck = process.argv.includes('--check');
  await bringUpToDate(OPENAPI_FILE, await openApiText(), isCheck);
  await bringUpToDate(CLIENT_TYPES_FILE, await clientTypes(), isCheck);
}
