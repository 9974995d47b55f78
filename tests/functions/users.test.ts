/** What a site asks about its users, through the handler that is deployed. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { toPathId } from '../../lib/http/path-ids.ts';
import { type App, type CallOptions, startApp } from '../support/app.ts';
import { PLATFORM_KEY } from '../support/fixtures.ts';

let app: App;
let redeemLinkToken: typeof import('../../lib/users/link-token.ts').redeemLinkToken;

beforeAll(async () => {
  app = await startApp({ telegram: 'server' });
  ({ redeemLinkToken } = await import('../../lib/users/link-token.ts'));
});
afterAll(() => app.close());
beforeEach(() => app.setSite());

const pathOf = (userId: string, siteId = 'demo') => `/v1/sites/${siteId}/users/${toPathId(userId)}`;
const get = (userId: string, options?: CallOptions) => app.call('GET', pathOf(userId), options);
const patch = (userId: string, body: unknown) => app.call('PATCH', pathOf(userId), { body });
const link = (userId: string, body?: unknown, options: CallOptions = {}) =>
  app.call('POST', `${pathOf(userId)}/link`, { body, ...options });

describe('POST …/link', () => {
  test('201: a deep link that is good for 24 hours, and its QR code', async () => {
    const before = Date.now();
    const { status, json } = await link('dario', { firstName: 'Dario', language: 'it' });

    expect(status).toBe(201);
    expect(Object.keys(json).sort()).toEqual(['expiresAt', 'qr', 'startCommand', 'token', 'url']);
    expect(json.token).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(json.url).toBe(`https://t.me/demo_shop_bot?start=${json.token}`);
    // Telegram Desktop now and then drops the token of the link: the person copies this line.
    expect(json.startCommand).toBe(`/start ${json.token}`);
    const lifetime = Date.parse(json.expiresAt) - before;
    expect(Math.abs(lifetime - 24 * 3_600_000)).toBeLessThan(60_000);
    // A code of version 4 (33 modules), which 55 bytes take at level M (62 at most), and a quiet zone of 4 on each side.
    expect(json.qr).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^>]* viewBox="0 0 41 41"/);
  });

  test('without a body', async () => {
    expect((await link('dario')).status).toBe(201);
  });

  test.each([1, 720])('%i hours, for a link that is printed or sent by mail', async (expiresInHours) => {
    const before = Date.now();
    const { json } = await link('dario', { expiresInHours });
    expect(Math.abs(Date.parse(json.expiresAt) - before - expiresInHours * 3_600_000)).toBeLessThan(60_000);
    const stored = (await app.stack.items('LinksTable')).map(({ expiresAt }) => Number(expiresAt));
    expect(stored).toContain(Math.ceil(Date.parse(json.expiresAt) / 1_000));
  });

  test.each([0, 721, 1.5, '24'])('400: expiresInHours %p', async (expiresInHours) => {
    const { status, json } = await link('dario', { expiresInHours });
    expect(status).toBe(400);
    expect(json.errors[0].pointer).toBe('/expiresInHours');
  });

  test('every link has a token of its own, and the table holds none of them', async () => {
    const tokens = [(await link('dario', {})).json.token, (await link('dario', {})).json.token];
    expect(tokens[0]).not.toBe(tokens[1]);
    const stored = await app.stack.items('LinksTable');
    const text = JSON.stringify(stored);
    for (const token of tokens) {
      expect(text).not.toContain(token);
      expect(text).toContain(createHash('sha256').update(token).digest('hex'));
    }
    // DynamoDB removes it by itself: seconds since 1970.
    expect(stored.every(({ expiresAt }) => Number(expiresAt) < 2 ** 32)).toBe(true);
  });

  test.each<[string, unknown, string]>([
    ['an unknown property', { name: 'Dario' }, '/name'],
    ['a language that is none', { language: 'italiano!' }, '/language'],
    ['a name that is no text', { firstName: 7 }, '/firstName'],
  ])('400: %s', async (_what, body, pointer) => {
    const { status, json } = await link('dario', body);
    expect(status).toBe(400);
    expect(json.errors).toEqual([{ pointer, code: expect.any(String), detail: expect.any(String) }]);
  });

  test('400: a user id that can be none', async () => {
    expect((await link(' ', {})).status).toBe(400);
    expect((await link('x'.repeat(129), {})).status).toBe(400);
  });

  test('409: without a bot there is nothing to link to', async () => {
    const { bot, ...others } = app.site;
    await app.stack.putSite(others);
    (await import('../../lib/store/sites.ts')).clearSiteCache();
    expect((await link('dario', {})).status).toBe(409);
  });

  test('401 and 403 as everywhere', async () => {
    expect((await link('dario', {}, { key: null })).status).toBe(401);
    expect((await app.call('POST', `${pathOf('dario', 'altro')}/link`, { body: {} })).status).toBe(401);
    await app.setSite({ active: false });
    expect((await link('dario', {})).status).toBe(403);
  });
});

describe('a link token', () => {
  const newToken = async () =>
    String((await link('dario', { firstName: 'Dario', language: 'it' })).json.token);

  test('gives back what the site said', async () => {
    const redeemed = await redeemLinkToken(app.site, await newToken(), 501);
    expect(redeemed).toMatchObject({
      kind: 'redeemed',
      details: { userId: 'dario', firstName: 'Dario', language: 'it' },
    });
  });

  test('two people at the same instant: one succeeds', async () => {
    for (let round = 0; round < 10; round++) {
      const token = await newToken();
      const results = await Promise.all([601, 602].map((chatId) => redeemLinkToken(app.site, token, chatId)));
      expect(results.map(({ kind }) => kind).sort()).toEqual(['redeemed', 'used']);
    }
  });

  test('the same chat again, as after a crash: the same as before', async () => {
    const token = await newToken();
    const first = await redeemLinkToken(app.site, token, 603);
    expect(await redeemLinkToken(app.site, token, 603)).toEqual(first);
    expect(await redeemLinkToken(app.site, token, 604)).toEqual({ kind: 'used' });
  });

  test('of another site, or of nobody', async () => {
    const token = await newToken();
    const other = { ...app.site, siteId: 'altro' };
    expect(await redeemLinkToken(other, token, 605)).toEqual({ kind: 'unknown' });
    expect(await redeemLinkToken(app.site, 'A'.repeat(22), 605)).toEqual({ kind: 'unknown' });
    expect(await redeemLinkToken(app.site, 'x', 605)).toEqual({ kind: 'unknown' });
    expect(await redeemLinkToken(app.site, '', 605)).toEqual({ kind: 'unknown' });
    expect(await redeemLinkToken(app.site, token, 605)).toMatchObject({ kind: 'redeemed' });
  });

  test('after 24 hours, also where the table still has it', async () => {
    const { putLinkToken } = await import('../../lib/store/links.ts');
    const { linkTokenHash } = await import('../../lib/users/link-token.ts');
    const token = 'B'.repeat(22);
    const createdAt = new Date(Date.now() - 24 * 3_600_000).toISOString();
    await putLinkToken({
      siteId: 'demo',
      tokenHash: linkTokenHash(token),
      userId: 'dario',
      createdAt,
      expires: Date.now() - 1,
    });
    expect(await redeemLinkToken(app.site, token, 606)).toEqual({ kind: 'expired' });
  });
});

describe('GET', () => {
  test('a linked user', async () => {
    const { status, json } = await get('anna');
    expect(status).toBe(200);
    expect(json).toEqual({
      userId: 'anna',
      linked: true,
      linkedAt: '2026-01-01T00:00:00.000Z',
      linkedBy: 'deep-link',
      telegramUsername: 'anna_rossi',
      chats: [
        {
          chatId: 1001,
          linkedAt: '2026-01-01T00:00:00.000Z',
          linkedBy: 'deep-link',
          telegramUsername: 'anna_rossi',
          stopped: false,
        },
      ],
      optedOut: false,
      mutedEvents: [],
      language: 'it',
      firstName: 'Anna',
      lastName: 'Rossi',
    });
  });

  test('a user of whom there is more to say', async () => {
    const unreachable = {
      reason: 'Forbidden: bot was blocked by the user',
      since: '2026-11-22T10:00:00.000Z',
    };
    await app.stack.putUser({
      siteId: 'demo',
      userId: 'complessa',
      chatId: 77,
      linkedAt: '2026-11-20T10:00:00.000Z',
      linkedBy: 'login-widget',
      username: 'complessa',
      optedOut: true,
      optedOutBy: 'user',
      optedOutAt: '2026-11-21T10:00:00.000Z',
      mutedEvents: ['file-access'],
      unreachable,
      lastClaim: 'x',
      linkClaim: 'x',
    });
    expect((await get('complessa')).json).toEqual({
      userId: 'complessa',
      linked: true,
      linkedAt: '2026-11-20T10:00:00.000Z',
      linkedBy: 'login-widget',
      telegramUsername: 'complessa',
      chats: [
        {
          chatId: 77,
          linkedAt: '2026-11-20T10:00:00.000Z',
          linkedBy: 'login-widget',
          telegramUsername: 'complessa',
          stopped: true,
          stoppedAt: '2026-11-21T10:00:00.000Z',
          unreachable,
        },
      ],
      optedOut: true,
      optedOutBy: 'person',
      optedOutAt: '2026-11-21T10:00:00.000Z',
      optedOutIn: 'bot',
      mutedEvents: ['file-access'],
      unreachable,
    });
  });

  test('404 for nobody, and works while the site is switched off', async () => {
    await app.setSite({ moduleActive: false });
    expect((await get('nessuno')).status).toBe(404);
    expect((await get('anna')).status).toBe(200);
  });

  test('401 without the key of the site', async () => {
    expect((await get('anna', { key: null })).status).toBe(401);
    expect((await get('anna', { key: PLATFORM_KEY })).status).toBe(401);
  });
});

describe('PATCH', () => {
  test('opts out and in again, and says who did it', async () => {
    const out = await patch('bruno', { optedOut: true });
    expect(out.status).toBe(200);
    expect(out.json).toMatchObject({ optedOut: true, optedOutBy: 'shop', optedOutAt: expect.any(String) });

    const back = await patch('bruno', { optedOut: false });
    expect(back.json).toMatchObject({ optedOut: false });
    expect(back.json).not.toHaveProperty('optedOutBy');
  });

  test('all at once; what is not named stays', async () => {
    await patch('bruno', { mutedEvents: ['file-access', 'order-status', 'file-access'], language: 'fr' });
    const { json } = await patch('bruno', { optedOut: false });
    expect(json).toMatchObject({
      mutedEvents: ['file-access', 'order-status'],
      language: 'fr',
      optedOut: false,
    });
    expect((await patch('bruno', { mutedEvents: [] })).json).toMatchObject({
      mutedEvents: [],
      language: 'fr',
    });
  });

  test('nothing', async () => {
    expect((await patch('bruno', {})).json).toMatchObject({ userId: 'bruno' });
  });

  test.each<[string, unknown, string]>([
    ['an event that there is not', { mutedEvents: ['welcome'] }, '/mutedEvents/0'],
    ['a name that is no text', { firstName: 7 }, '/firstName'],
    ['somebody else’s opt-out', { optedOut: true, by: 'site' }, '/by'],
    ['who, but not what', { by: 'person' }, '/by'],
    ['a text for a truth', { optedOut: 'true' }, '/optedOut'],
    ['no language', { language: 'xx' }, '/language'],
  ])('400: %s', async (_what, body, pointer) => {
    const { status, json } = await patch('bruno', body);
    expect(status).toBe(400);
    expect(json.errors[0].pointer).toBe(pointer);
    expect(json.detail).toMatch(/^Nothing was changed/);
  });

  test('404 for nobody, who does not come to be by it', async () => {
    expect((await patch('nessuno', { language: 'it' })).status).toBe(404);
    expect((await patch('nessuno', { optedOut: false })).status).toBe(404);
    expect((await patch('nessuno', {})).status).toBe(404);
    expect((await get('nessuno')).status).toBe(404);
  });

  test('corrects names; `null` removes one', async () => {
    const { json } = await patch('bruno', { firstName: null, companyName: 'Bianchi S.r.l.' });
    expect(json).toMatchObject({ lastName: 'Bianchi', companyName: 'Bianchi S.r.l.' });
    expect(json).not.toHaveProperty('firstName');
  });
});

describe('an opt-out', () => {
  test('is possible before anything is linked, as on the registration form', async () => {
    const out = await patch('iscritta', { optedOut: true, by: 'person', companyName: 'Nuova S.r.l.' });
    expect(out.status).toBe(200);
    expect(out.json).toMatchObject({
      ...{ userId: 'iscritta', linked: false, chats: [], companyName: 'Nuova S.r.l.' },
      ...{ optedOut: true, optedOutBy: 'person', optedOutIn: 'site', optedOutAt: expect.any(String) },
    });
    const answer = await app.report('message-sent', {
      ...{ eventId: 'e-1', message: { id: '1', subject: 'x' }, sender: { id: 's' } },
      recipients: [{ id: 'iscritta' }],
    });
    expect(answer.json.notifications).toEqual([
      { userId: 'iscritta', status: 'skipped', reason: 'opted-out' },
    ]);
  });

  test('of the person is not taken back by the shop', async () => {
    await patch('bruno', { optedOut: true, by: 'person' });

    const refused = await patch('bruno', { optedOut: false, by: 'shop', companyName: 'Non così' });

    expect(refused.status).toBe(409);
    expect(refused.json.detail).toMatch(/only they can take that back/);
    expect((await patch('bruno', { optedOut: false })).status).toBe(409);
    expect((await get('bruno')).json).toMatchObject({ optedOut: true });
    expect((await get('bruno')).json.companyName).not.toBe('Non così');
    expect((await patch('bruno', { optedOut: false, by: 'person' })).json).toMatchObject({ optedOut: false });
  });

  test('by /stop in the one chat is the person’s, also as the former release has stored it', async () => {
    const stopped = { optedOut: true, optedOutBy: 'user', optedOutAt: '2026-11-21T10:00:00.000Z' } as const;
    await app.stack.putUser({ siteId: 'demo', userId: 'ferma', chatId: 81, ...stopped });
    expect((await patch('ferma', { optedOut: false, by: 'shop' })).status).toBe(409);
    const { json } = await patch('ferma', { optedOut: false, by: 'person' });
    expect(json).toMatchObject({ optedOut: false, chats: [{ stopped: false }] });
  });

  test('of the shop and of the person both stand, each until its own is taken back', async () => {
    await patch('bruno', { optedOut: true, by: 'shop' });
    await patch('bruno', { optedOut: true, by: 'person' });
    expect((await get('bruno')).json).toMatchObject({ optedOutBy: 'person' });
    expect((await patch('bruno', { optedOut: false, by: 'shop' })).status).toBe(409);
    expect((await patch('bruno', { optedOut: false, by: 'person' })).json).toMatchObject({ optedOut: false });
  });
});

describe('DELETE …/link', () => {
  const unlink = (userId: string, query?: string) =>
    app.call('DELETE', `${pathOf(userId)}/link`, query === undefined ? {} : { query });
  beforeEach(() =>
    app.stack.putUser({
      ...{ siteId: 'demo', userId: 'doppia', chatId: 91, siteChat: 'demo#91', mutedEvents: ['file-access'] },
      moreChats: [{ chatId: 92, ownIds: true }],
    }),
  );

  test('ends one', async () => {
    expect((await unlink('doppia', 'chat=91')).status).toBe(204);
    const { json } = await get('doppia');
    expect(json).toMatchObject({ linked: true, chats: [{ chatId: 92 }], mutedEvents: ['file-access'] });
    // The form of the former release: its first chat is the one that is left.
    expect(await app.findUser('doppia')).toMatchObject({ chatId: 92, siteChat: 'demo#92', ownIds: true });
  });

  test('ends all, also the links that nobody has used yet; names and switches stay', async () => {
    const { json: open } = await link('doppia');
    expect((await unlink('doppia')).status).toBe(204);
    expect((await get('doppia')).json).toMatchObject({
      ...{ linked: false, chats: [], mutedEvents: ['file-access'] },
      unlinked: { reason: 'site', since: expect.any(String) },
    });
    expect(await redeemLinkToken(app.site, open.token, 93)).toEqual({ kind: 'unknown' });
  });

  test('keeps the /stop of a person who loses the last chat: it was their opt-out', async () => {
    const stopped = { at: '2026-11-22T10:00:00.000Z' };
    const { moreChats: _, ...one } = (await app.findUser('doppia')) ?? { siteId: 'demo', userId: 'doppia' };
    await app.stack.putUser({ ...one, optedOut: true, optedOutBy: 'user', stopped });
    await unlink('doppia');
    expect((await get('doppia')).json).toMatchObject({
      ...{ optedOut: true, optedOutBy: 'person', optedOutIn: 'bot', optedOutAt: stopped.at },
    });
  });

  test('again, and for a chat that they do not have: 204; for nobody: 404', async () => {
    expect((await unlink('doppia', 'chat=999')).status).toBe(204);
    await unlink('doppia');
    expect((await unlink('doppia')).status).toBe(204);
    expect((await unlink('nessuno')).status).toBe(404);
  });

  test('204 for somebody who has only a link that nobody has used yet: it is ended', async () => {
    const { json: open } = await link('aperta');
    const { status, json } = await get('aperta');
    expect([status, json.detail]).toEqual([404, expect.stringContaining('POST …/link makes a link')]);
    expect((await unlink('aperta', 'chat=91')).status).toBe(404);
    expect((await unlink('aperta')).status).toBe(204);
    expect(await redeemLinkToken(app.site, open.token, 94)).toEqual({ kind: 'unknown' });
    expect((await unlink('aperta')).status).toBe(404);
  });

  test.each(['chat=', 'chat=abc', 'chat=1.5', 'chat=1&chat=2', 'chats=91'])('400: %s', async (query) => {
    const { status, json } = await unlink('doppia', query);
    expect(status).toBe(400);
    expect(json.errors[0].pointer).toMatch(/^\/chats?$/);
    expect((await get('doppia')).json.chats).toHaveLength(2);
  });
});
