/** `npm run openapi`: writes docs/openapi.json from the schemas that validate. See HELP. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { docs as apiDocs } from '../functions/api-docs.docs.ts';
import { docs as bot } from '../functions/bot.docs.ts';
import { docs as callbackLogin } from '../functions/callback-login.docs.ts';
import { docs as clicks } from '../functions/clicks.docs.ts';
import { docs as consoleDocs } from '../functions/console.docs.ts';
import { docs as deliveries } from '../functions/deliveries.docs.ts';
import { docs as managedBot } from '../functions/managed-bot.docs.ts';
import { docs as manager } from '../functions/manager.docs.ts';
import { docs as openapi } from '../functions/openapi.docs.ts';
import { docs as resend } from '../functions/resend.docs.ts';
import { docs as siteBot } from '../functions/site-bot.docs.ts';
import { docs as sites } from '../functions/sites.docs.ts';
import { docs as telegramLogin } from '../functions/telegram-login.docs.ts';
import { docs as templates } from '../functions/templates.docs.ts';
import { docs as users } from '../functions/users.docs.ts';
import { docs as webhook } from '../functions/webhook.docs.ts';
import { EVENT_NAMES, type EventName } from '../lib/domain/events.ts';
import { type OpenApi, openApiDocument } from '../lib/openapi/document.ts';
import { type EventDocs, eventOperations } from '../lib/openapi/events.ts';
import type { Operation } from '../lib/openapi/operation.ts';
import { runCommand } from './command-line.ts';
import { bringUpToDate, formatted } from './generated-files.ts';

const root = join(import.meta.dirname, '..');
export const OPENAPI_FILE = join(root, 'docs/openapi.json');

/** The operations of all other functions. In the document, operations with the same tag keep this order. */
const OPERATIONS = [
  users,
  sites,
  siteBot,
  managedBot,
  templates,
  deliveries,
  webhook,
  resend,
  consoleDocs,
  callbackLogin,
  telegramLogin,
  clicks,
  bot,
  manager,
  openapi,
  apiDocs,
].flat();

/** Every operation of the API. */
export async function allOperations(): Promise<Operation[]> {
  const events = await Promise.all(
    EVENT_NAMES.map(async (name) => eventOperations(name, await docsOf(name), await sampleOf(name))),
  );
  return [...events.flat(), ...OPERATIONS];
}

/** The description of an event, from the file beside its function. */
async function docsOf(event: EventName): Promise<EventDocs> {
  const { docs } = (await import(`../functions/${event}.docs.ts`)) as { docs: EventDocs };
  return docs;
}

async function sampleOf(event: EventName): Promise<{ eventId: string }> {
  return JSON.parse(await readFile(join(root, `local/samples/${event}.json`), 'utf8'));
}

/** The up-to-date document. */
async function buildOpenApi(): Promise<OpenApi> {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  return openApiDocument(await allOperations(), version);
}

/** The document as a file. */
export async function openApiText(): Promise<string> {
  return formatted(JSON.stringify(await buildOpenApi(), null, 2), OPENAPI_FILE);
}

const HELP = `npm run openapi [-- --check]

Writes docs/openapi.json from the schemas that validate.

  --check   only says whether the file is up to date; ends with 1 if it is not`;

const OPTIONS = { check: { type: 'boolean', default: false } } as const;

if (import.meta.main)
  await runCommand({ name: 'openapi', help: HELP, options: OPTIONS }, async ({ values }) =>
    bringUpToDate(OPENAPI_FILE, await openApiText(), { isCheck: values.check, command: 'npm run openapi' }),
  );
