/**
 * Child process of the load benchmarks: the embedded AWS, or the Telegram emulator, separate from the measured
 * functions.
 */
import { readFile } from 'node:fs/promises';
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
    };

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
      DELIVERIES_TABLE: refs.get('DeliveriesTable') ?? '',
      PACES_TABLE: refs.get('PacesTable') ?? '',
      SCHEDULE_TABLE: refs.get('ScheduleTable') ?? '',
      LINKS_TABLE: refs.get('LinksTable') ?? '',
      WAITING_TABLE: refs.get('WaitingTable') ?? '',
      STATEMENTS_TABLE: refs.get('StatementsTable') ?? '',
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

process.on('message', async (order: ServiceOrder) => {
  const ready =
    order.kind === 'aws'
      ? await startAws(order.visibilitySeconds, order.dataDirectory)
      : await startTelegram(order);
  process.send?.(ready);
});
process.on('disconnect', () => process.exit());
