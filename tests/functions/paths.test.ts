/** Ids in paths, as they come through an HTTP API, which decodes a path once before it matches it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type App, type CallOptions, startApp } from '../support/app.ts';
import { PLATFORM_KEY } from '../support/fixtures.ts';
import type { Fields } from '../support/payloads.ts';
import { cartEvent, reminderEvent } from '../support/schedule.ts';

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const USERS = '/v1/sites/demo/users';
/** The user whom the path names, or the status of the refusal. */
async function named(written: string, options?: CallOptions): Promise<string | number | undefined> {
  const { status, json } = await app.call('GET', `${USERS}/${written}`, options);
  return status === 200 ? json.userId : status;
}

describe('user ids with "/", "%2F", "?", "#", "%": each names its own user, and nobody else’s data', () => {
  const IDS: [string, string][] = [
    ['A', 'A'],
    ['%41', '~JTQx'],
    ['~QQ', '~flFR'],
    ['~', '~fg'],
    ['CLI/001', '~Q0xJLzAwMQ'],
    ['CLI%2F001', '~Q0xJJTJGMDAx'],
    ['A?b', '~QT9i'],
    ['A#b', '~QSNi'],
    ['A/link', '~QS9saW5r'],
    ['A/', '~QS8'],
    ['.', '~Lg'],
    ['..', '~Li4'],
    ['50%', '~NTAl'],
    ['Caffè Rossi', '~Q2FmZsOoIFJvc3Np'],
    ['a+b', '~YSti'],
    ['🛒', '~8J-bkg'],
  ];

  beforeAll(() => Promise.all(IDS.map(([id], index) => app.setUser(id, { chatId: 9_000 + index }))));

  test.each(IDS)('%s, written %s', async (id, written) => {
    expect(await named(written)).toBe(id);
  });

  test('as every part of the path of a user', async () => {
    const path = `${USERS}/~Q0xJLzAwMQ`;
    expect((await app.call('PATCH', path, { body: { firstName: 'Clio' } })).json.userId).toBe('CLI/001');
    expect((await app.call('GET', `${path}/export`)).json).toMatchObject({
      userId: 'CLI/001',
      user: { firstName: 'Clio' },
    });
    expect((await app.call('POST', `${path}/link`)).status).toBe(201);
    expect((await app.call('DELETE', path)).json.userId).toBe('CLI/001');
    expect(await app.findUser('CLI/001')).toBeUndefined();
    expect(await app.findUser('A')).toMatchObject({ chatId: 9_000 });
    await app.setUser('CLI/001', { chatId: 9_004 });
  });

  test('of other characters go on percent-encoded, and are decoded once', async () => {
    const others = ['A', '50%', 'Caffè Rossi', 'a+b', '🛒', '%41', 'CLI%2F001', 'A#b'];
    expect(await Promise.all(others.map((id) => named(encodeURIComponent(id))))).toEqual(others);
  });

  test('%2F begins another segment: 404 that says how to write the id', async () => {
    const { status, json } = await app.call('GET', `${USERS}/CLI%2F001`);
    expect(status).toBe(404);
    expect(json.detail).toContain('CLI/001 is ~Q0xJLzAwMQ');
  });

  test.each([
    ['no base64url', '~CLI%20001'],
    ['no canonical base64url', '~QR'],
    ['padding', '~Q0xJLzAwMQ=='],
    ['no UTF-8', '~_w'],
    ['nothing', '~'],
    ['a percent sign', '~%2541'],
  ])('after the ~ comes %s: 400 that says how to write the id', async (_what, written) => {
    const { status, json } = await app.call('GET', `${USERS}/${written}`);
    expect(status).toBe(400);
    expect(json.detail).toMatch(/^The id in the path begins with "~".*CLI\/001 is ~Q0xJLzAwMQ/);
  });

  test('a stranger learns nothing of it', async () => {
    expect(await named('~', { key: null })).toBe(401);
  });
});

describe('the other ids of paths', () => {
  test('a cart of the user CLI/001 is withdrawn, and that of another user stays', async () => {
    const occurredAt = new Date().toISOString();
    const report = async (id: string) => {
      const cart = { ...(cartEvent().cart as Fields), id: `cart of ${id}` };
      const event = cartEvent({ eventId: `cart-${id}`, user: { id }, cart, occurredAt });
      return (await app.report('abandoned-cart', event)).json.notifications[0];
    };
    for (const id of ['CLI/001', 'CLI']) expect(await report(id)).toMatchObject({ status: 'scheduled' });
    const { status } = await app.call('DELETE', '/v1/sites/demo/events/abandoned-cart/~Q0xJLzAwMQ');
    expect(status).toBe(204);
    expect(await report('CLI/001')).toMatchObject({ status: 'skipped', reason: 'superseded' });
    expect(await report('CLI')).toMatchObject({ status: 'scheduled' });
  });

  test('an activity with the id 7/12 is cancelled', async () => {
    const date = new Date(Date.now() + 86_400_000).toISOString();
    const body = reminderEvent({}, { id: '7/12', date });
    const report = async () => (await app.report('activity-reminder', body)).json.notifications[0];
    const path = '/v1/sites/demo/events/activity-reminder';
    expect(await report()).toMatchObject({ status: 'scheduled' });
    expect((await app.call('DELETE', `${path}/7%2F12`)).status).toBe(404);
    expect((await app.call('DELETE', `${path}/~Nw=`)).status).toBe(400);
    expect(await report()).toMatchObject({ status: 'scheduled' });
    expect((await app.call('DELETE', `${path}/~Ny8xMg`)).status).toBe(204);
    expect(await report()).toMatchObject({ status: 'skipped', reason: 'superseded' });
  });

  test('of a template, a delivery and a key', async () => {
    const template = Buffer.from('default-order-status').toString('base64url');
    const found = await app.call('GET', `/v1/sites/demo/templates/~${template}`);
    expect(found.json.id).toBe('default-order-status');
    expect((await app.call('GET', '/v1/sites/demo/templates/~x%20')).status).toBe(400);
    expect((await app.call('GET', '/v1/sites/demo/deliveries/~x%20')).status).toBe(400);
    const key = { key: PLATFORM_KEY };
    expect((await app.call('DELETE', '/v1/sites/demo/keys/~x%20', key)).status).toBe(400);
  });
});
