/** Of an event with many recipients and templates only a part of the messages is in the memory at the same time. */
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { EventDefinition } from '../../lib/events/definition.ts';
import type { Site } from '../../lib/store/sites.ts';
import { definition, type Report } from '../events/reports.ts';
import { type App, startApp } from '../support/app.ts';

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const template = (id: string) => ({
  ...{ id, name: id, event: 'message-sent' as const, enabled: true },
  text: { it: `${id}: {{oggettoMessaggio}}` },
});

test('600 messages are rendered and sent portion by portion, in order', async () => {
  const { sqs } = await import('../../lib/aws/sqs.ts');
  const { notify } = await import('../../lib/events/notify.ts');
  const ids = Array.from({ length: 150 }, (_, index) => `user-${index}`);
  await Promise.all(ids.map((id) => app.setUser(id)));
  await app.setSite({ templates: ['a', 'b', 'c', 'd'].map(template) });
  let rendered = 0;
  let sent = 0;
  let most = 0;
  const counting: EventDefinition<Report> = {
    ...definition,
    values: (event) => {
      rendered += 1;
      most = Math.max(most, rendered - sent);
      return definition.values(event);
    },
  };
  const send = sqs.send.bind(sqs);
  const spy = jest.spyOn(sqs, 'send').mockImplementation(async (command: unknown) => {
    const answer = await send(command as SendMessageBatchCommand);
    if (command instanceof SendMessageBatchCommand) sent += command.input.Entries?.length ?? 0;
    return answer as never;
  });
  const event: Report = { eventId: 'one', subject: 'x', recipients: ids.map((id) => ({ id })) };
  const wanted = ids.flatMap((userId) =>
    ['a', 'b', 'c', 'd'].map((templateId) => ({ userId, templateId, status: 'queued' })),
  );
  try {
    const reported = { event, site: app.site as Site, source: 'https' as const };
    expect((await notify(counting, reported)).notifications).toMatchObject(wanted);
    expect(sent).toBe(600);
  } finally {
    spy.mockRestore();
  }
  expect(most).toBe(240);
});
