/**
 * Child process of the load benchmarks: the embedded AWS, the Telegram emulator, or the endpoint of a webhook, separate from
 * the measured functions.
 */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startEmbeddedAws } from '../local/embedded-aws.ts';
import { startEmulator } from '../local/emulator/server.ts';
import type { BotAccount } from '../local/emulator/types.ts';
import { createResources, type Resources } from '../local/resources.ts';

/** The parent's order: the service of this process. */
export type ServiceOrder =
  | { kind: 'aws'; visibilitySeconds: number /** In memory without it. */; dataDirectory?: string }
  | {
      kind: 'telegram';
      chats: { botToken: string; chatId: number }[];
      /** By default those of the demo. */
      bots?: BotAccount[];
    }
  /** Takes whatever it is told. */
  | { kind: 'endpoint' };

/** The answer when the service is ready. */
export interface ServiceReady {
  environment: Record<string, string>;
  /** Table names and queue URLs by logical id. */
  refs: Record<string, string>;
}

async function startAws(visibilitySeconds: number, dataDirectory?: string): Promise<ServiceReady> {
  const aws = await startEmbeddedAws({ region: 'eu-south-1', dataDirectory });
  const template = join(
    import.meta.dirname,
    '..',
    '.serverless',
    'cloudformation-template-update-stack.json',
  );
  const resources: Resources = JSON.parse(await readFile(template, 'utf8')).Resources;
  const { DeliveriesQueue } = resources;
  // A killed consumer's messages are received again after this; with the real value the benchmark would wait minutes.
  if (DeliveriesQueue) DeliveriesQueue.Properties.VisibilityTimeout = visibilitySeconds;
  const { refs } = await createResources(resources, aws);
  return {
    refs: Object.fromEntries(refs),
    environment: {
      ...aws.environment,
      SITES_TABLE: refs.get('SitesTable') ?? '',
      USERS_TABLE: refs.get('UsersTable') ?? '',
      PEOPLE_TABLE: refs.get('PeopleTable') ?? '',
      DELIVERIES_TABLE: refs.get('DeliveriesTable') ?? '',
      PACES_TABLE: refs.get('PacesTable') ?? '',
      SCHEDULE_TABLE: refs.get('ScheduleTable') ?? '',
      LINKS_TABLE: refs.get('LinksTable') ?? '',
      WAITING_TABLE: refs.get('WaitingTable') ?? '',
      OUTGOING_TABLE: refs.get('OutgoingTable') ?? '',
      OUTGOING_QUEUE_URL: refs.get('OutgoingQueue') ?? '',
      STATEMENTS_TABLE: refs.get('StatementsTable') ?? '',
      TEMPLATE_VERSIONS_TABLE: refs.get('TemplateVersionsTable') ?? '',
      AUDIT_TABLE: refs.get('AuditTable') ?? '',
      SITE_DIRECTORY_TABLE: refs.get('SiteDirectoryTable') ?? '',
      STATISTICS_TABLE: refs.get('StatisticsTable') ?? '',
      DRAIN_QUEUE_URL: refs.get('DrainQueue') ?? '',
      DELIVERIES_QUEUE_URL: refs.get('DeliveriesQueue') ?? '',
    },
  };
}

async function startTelegram({ chats, bots }: ServiceOrder & { kind: 'telegram' }): Promise<ServiceReady> {
  const emulator = await startEmulator({
    ...(bots && { bots }),
    chats: chats.map(({ botToken, chatId }) => ({
      botToken,
      chatId,
      user: { id: chatId, first_name: `Person ${chatId}` },
    })),
  });
  return { environment: { TELEGRAM_API_ROOT: emulator.url }, refs: {} };
}

async function startEndpoint(): Promise<ServiceReady> {
  const server = createServer(async (request, response) => {
    for await (const _ of request);
    response.writeHead(204).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return { environment: { ENDPOINT: `http://127.0.0.1:${port}/hook` }, refs: {} };
}

function start(order: ServiceOrder): Promise<ServiceReady> {
  switch (order.kind) {
    case 'aws':
      return startAws(order.visibilitySeconds, order.dataDirectory);
    case 'telegram':
      return startTelegram(order);
    case 'endpoint':
      return startEndpoint();
  }
}

process.on('message', async (order: ServiceOrder) => {
  process.send?.(await start(order));
});
process.on('disconnect', () => process.exit());
