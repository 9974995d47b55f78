/** What is kept from one run to the next, however the first one ended. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type LocalRun, sample, startRun } from '../support/local-run.ts';

let data: string;
let runs: LocalRun[];
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'local-run-'));
  runs = [];
});
afterEach(async () => {
  for (const run of runs) await run.stop();
  await rm(data, { recursive: true, force: true });
});

async function started(): Promise<LocalRun> {
  const run = await startRun({ environment: { LOCAL_DATA: data } });
  runs.push(run);
  return run;
}

test('a second run finds users, chats and deliveries as the first one left them', async () => {
  const first = await started();
  await first.setUser('carla', 'language', 'en');
  const payload = await sample('order-status');
  const before = await first.report('order-status', payload);
  await first.deliveryOnce(before.notifications[0]?.deliveryId, 'sent');
  const shown = await first.messages(1001);
  first.process.child.kill('SIGTERM');
  expect(await first.process.exited).toBe(0);

  const second = await started();
  expect(await second.messages(1001)).toEqual(shown);
  expect(await second.user('carla')).toMatchObject({ language: 'en', chatId: 1003 });
  expect(await second.user('anna')).toMatchObject({ firstName: 'Anna' });
  // The same event once more: what was sent stays sent.
  expect((await second.report('order-status', payload)).status).toBe(202);
  const upload = { ...(await sample('file-upload')), eventId: 'afterwards' };
  const after = await second.report('file-upload', upload);
  await second.deliveryOnce(after.notifications[0]?.deliveryId, 'sent');
  expect((await second.messages(1001)).map(({ text }) => text.slice(0, 2))).toEqual(['✅ ', '📁']);
});

test('messages that were accepted just before everything was killed arrive afterwards, once, in order', async () => {
  const first = await started();
  // Telegram takes its time, so that none of them is there yet.
  await first.emulator('faults', { method: 'sendMessage', delayMs: 60_000 });
  const payload = await sample('order-status');
  const accepted = [];
  for (const eventId of ['killed-1', 'killed-2']) {
    const order = { ...(payload.order as object), reference: eventId };
    accepted.push(await first.report('order-status', { ...payload, eventId, order }));
  }
  first.process.signalGroup('SIGKILL');
  await first.process.exited;
  expect(accepted.map(({ status }) => status)).toEqual([202, 202]);

  const second = await started();
  // A drain that was killed while it held the lane keeps it until its lease ends; then the sweep finds the lane.
  const sentOnce = (id?: string) => second.deliveryOnce(id, 'sent', { seconds: 240 });
  for (const { notifications } of accepted) await sentOnce(notifications[0]?.deliveryId);
  const texts = (await second.messages(1001)).map(({ text }) => text.match(/killed-\d/)?.[0]);
  expect(texts).toEqual(['killed-1', 'killed-2']);
}, 300_000);
