import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { control, receiver, request, start } from './emulator-helpers.ts';

const DIRECTORY = join(import.meta.dirname, '..', '..', 'local', 'samples');

/** The properties of each payload, from the API's contract: the ones that must be there, then the others. */
const PAYLOADS: Record<string, [string[], string[]]> = {
  'order-status': [['order', 'holder'], ['cartId']],
  'abandoned-cart': [['cart', 'user'], []],
  'message-sent': [['message', 'sender', 'recipients'], []],
  'message-read': [['message', 'reader', 'sender'], []],
  'activity-status': [['activity', 'oldStatus', 'newStatus', 'creator'], ['changedBy']],
  'activity-viewed': [['activity', 'viewedBy', 'creator'], []],
  'activity-reminder': [
    ['activity', 'remindMinutesBefore', 'recipients'],
    ['recurrence', 'creator'],
  ],
  'file-upload': [['file', 'folder', 'uploadedBy', 'administrators'], ['source']],
  'file-access': [['file', 'folder', 'access', 'accessedBy', 'administrators'], []],
};

const EVERYWHERE = ['occurredAt', 'language'];

async function read(event: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(DIRECTORY, `${event}.json`), 'utf8'));
}

describe('the sample files', () => {
  test('are there for all nine events and no other', async () => {
    const files = await readdir(DIRECTORY);
    expect(files.sort()).toEqual(
      Object.keys(PAYLOADS)
        .map((event) => `${event}.json`)
        .sort(),
    );
  });

  test.each(Object.entries(PAYLOADS))('%s has the properties of its payload', async (event, contract) => {
    const [needed, optional] = contract;
    const keys = Object.keys(await read(event));
    expect(keys).toEqual(expect.arrayContaining(['eventId', ...needed]));
    const allowed = ['eventId', ...EVERYWHERE, ...needed, ...optional];
    expect(keys.filter((key) => !allowed.includes(key))).toEqual([]);
  });

  test.each(Object.keys(PAYLOADS))("%s links to the shop's own host only", async (event) => {
    const links = JSON.stringify(await read(event)).match(/https?:[^"]+/g) ?? [];
    expect(links.length).toBeGreaterThan(0);
    for (const link of links) expect(link).toMatch(/^https:\/\/shop\.example\//);
  });
});

test.each([
  ['order-status', 'holder'],
  ['abandoned-cart', 'user'],
])('the session of the sample %s speaks the language of its user', async (event, role) => {
  const { language, [role]: user } = await read(event);
  const reads = (user as { language?: string }).language ?? 'it';
  expect(language ?? 'it').toBe(reads);
});

describe('sending a sample', () => {
  test('reports it to the API with the site key and a fresh event id', async () => {
    const answer = { eventId: 'x', notifications: [{ userId: 'anna', status: 'queued' }] };
    const api = await receiver(() => ({ status: 202, body: answer }));
    const emulator = await start({ apiUrl: new URL(api.url).origin });
    const first = await control(emulator, 'samples/order-status', {});
    await control(emulator, 'samples/order-status', {});
    expect(first).toMatchObject({ status: 200, body: { status: 202, body: answer } });
    const sample = await read('order-status');
    const [one, two] = api.received;
    expect(one?.url).toBe('/v1/sites/demo/events/order-status');
    expect(one?.headers.authorization).toBe('Bearer pwtg_demo');
    expect(one?.body).toEqual({ ...sample, eventId: expect.stringMatching(/^sample-.{36}$/) });
    expect(JSON.stringify(one?.body)).not.toBe(JSON.stringify(two?.body));
  });

  test('keeps its event id when asked to, or takes another payload', async () => {
    const api = await receiver(() => ({ status: 202 }));
    const emulator = await start({ apiUrl: () => `${new URL(api.url).origin}/` });
    await control(emulator, 'samples/file-access', { keepEventId: true });
    await control(emulator, 'samples/file-access', { keepEventId: true, payload: { eventId: 'mine' } });
    const bodies = api.received.map((one) => one.body);
    expect(bodies).toEqual([await read('file-access'), { eventId: 'mine' }]);
  });

  test('says so when the API does not answer', async () => {
    const emulator = await start({ apiUrl: 'http://127.0.0.1:1' });
    const answer = await control(emulator, 'samples/order-status', {});
    expect(answer.status).toBe(502);
    expect(answer.body.error).toMatch(/^The API at http:\/\/127\.0\.0\.1:1\/v1\/.* did not answer: .+\.$/);
  });

  test('lists them all for the panel', async () => {
    const emulator = await start();
    const response = await request(`${emulator.url}/emulator/samples`);
    expect(JSON.parse(JSON.stringify(response.body))).toHaveLength(9);
  });
});
