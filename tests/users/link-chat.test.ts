/** Links between users and chats: a user may have several chats, and a chat several users. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { StoredUser } from '../../lib/store/stored-user.ts';
import { optOutOf } from '../../lib/store/user.ts';
import type { LinkDetails } from '../../lib/users/link-token.ts';
import { type App, startApp } from '../support/app.ts';
import { details } from '../support/fixtures.ts';

let app: App;
let linkChat: typeof import('../../lib/users/link-chat.ts').linkChat;
let unlink: typeof import('../../lib/users/unlink.ts').unlink;
let findUser: typeof import('../../lib/store/users.ts').findUser;
let findUsersOfChat: typeof import('../../lib/store/chats.ts').findUsersOfChat;

beforeAll(async () => {
  app = await startApp({ telegram: 'server' });
  ({ linkChat } = await import('../../lib/users/link-chat.ts'));
  ({ unlink } = await import('../../lib/users/unlink.ts'));
  ({ findUser } = await import('../../lib/store/users.ts'));
  ({ findUsersOfChat } = await import('../../lib/store/chats.ts'));
});
afterAll(() => app.close());
beforeEach(() => app.takeQueued());

let lastChat = 9000;
const newChat = () => {
  lastChat += 1;
  return lastChat;
};
const link = (given: LinkDetails, chatId: number, chat: object = {}) =>
  linkChat(app.site, given, { id: chatId, ...chat }, 'deep-link', given.linkId);
const linkedUser = async (given: LinkDetails, chatId: number, chat: object = {}) => {
  const linked = await link(given, chatId, chat);
  if (linked.kind !== 'linked') throw new Error(`Not linked: ${linked.kind}`);
  return linked.user;
};
const usersOf = async (chatId: number, siteId = 'demo') =>
  (await findUsersOfChat({ siteId, chatId })).map(({ userId }) => userId);
const chatsOf = async (userId: string) =>
  (await findUser('demo', userId))?.chats.map(({ chatId }) => chatId) ?? [];

describe('a new link', () => {
  test('gives the chat to the user, with what the site and Telegram say of them', async () => {
    const chatId = newChat();
    const given = details('elena', { firstName: 'Elena', lastName: 'Gallo', language: 'en-GB' });

    const user = await linkedUser(given, chatId, { username: 'elena_g', languageCode: 'it' });

    expect(user).toMatchObject({
      ...{ siteId: 'demo', userId: 'elena', firstName: 'Elena', lastName: 'Gallo', language: 'en-GB' },
      chats: [
        { chatId, botId: '100', linkedAt: given.claimedAt, linkedBy: 'deep-link', username: 'elena_g' },
      ],
    });
    // The form of the former release: its functions find the chat while a deployment runs.
    expect(await app.findUser('elena')).toMatchObject({ chatId, siteChat: `demo#${chatId}`, botId: '100' });
    expect(await usersOf(chatId)).toEqual(['elena']);
  });

  test('takes from Telegram what nobody else said: name and language', async () => {
    const user = await linkedUser(details('fabio'), newChat(), { firstName: 'Fabio', languageCode: 'it' });
    expect(user).toMatchObject({ firstName: 'Fabio', language: 'it' });
  });

  test('keeps what was known where nothing new is said', async () => {
    const user = await linkedUser(details('dario'), newChat(), { firstName: 'D4rio', languageCode: 'en' });
    expect(user).toMatchObject({ firstName: 'Dario', lastName: 'Neri', language: 'it' });
  });

  test('keeps what the user has muted', async () => {
    await app.stack.putUser({ siteId: 'demo', userId: 'muto', mutedEvents: ['file-access'] });
    expect((await linkedUser(details('muto'), newChat())).mutedEvents).toEqual(['file-access']);
  });

  test('can be reached again, whatever was wrong before', async () => {
    const chatId = newChat();
    const unreachable = { reason: 'Forbidden: bot was blocked by the user', since: '2026-01-01T00:00:00Z' };
    await app.stack.putUser({ siteId: 'demo', userId: 'tornata', chatId, unreachable });
    expect((await linkedUser(details('tornata'), chatId)).chats[0]).not.toHaveProperty('unreachable');
  });

  test('brings back who had said stop, and not whom the site took out', async () => {
    const optedOut = { siteId: 'demo', optedOut: true, optedOutAt: '2026-01-01T00:00:00Z' } as const;
    await app.stack.putUser({ ...optedOut, userId: 'stop', optedOutBy: 'user' });
    await app.stack.putUser({ ...optedOut, userId: 'fuori', optedOutBy: 'site' });

    expect(optOutOf(await linkedUser(details('stop'), newChat()))).toBeUndefined();
    expect((await linkedUser(details('fuori'), newChat())).optOuts).toMatchObject({
      shop: { where: 'site' },
    });
    expect(await app.findUser('stop')).not.toHaveProperty('optedOut');
    expect(await app.findUser('fuori')).toMatchObject({ optedOut: true, optedOutBy: 'site' });
  });

  test('in another site is another link: one Telegram account, any number of sites', async () => {
    const chatId = newChat();
    const other = { ...app.site, siteId: 'altro' };
    await link(details('gina'), chatId);
    const given = details('gina-altrove');
    await linkChat(other, given, { id: chatId }, 'deep-link', given.linkId);

    expect(await usersOf(chatId)).toEqual(['gina']);
    expect(await usersOf(chatId, 'altro')).toEqual(['gina-altrove']);
  });
});

describe('a further chat of the same user', () => {
  test('is added; the others are told, with a button that takes it off, and without its number or its owner', async () => {
    const [first, second, third] = [newChat(), newChat(), newChat()];
    await link(details('ivo', { firstName: 'Ivo', language: 'it' }), first, { username: 'ivo_capo' });
    await link(details('ivo'), second, { username: 'ivo_segreteria' });
    await app.takeQueued();

    await link(details('ivo'), third, { username: 'sconosciuto' });

    expect(await chatsOf('ivo')).toEqual([first, second, third]);
    const queued = await app.takeQueued();
    const notices = queued.filter(({ templateId }) => templateId === 'chat-added');
    expect(notices.map(({ chatId }) => chatId).sort()).toEqual([first, second]);
    for (const notice of notices) {
      expect(notice.text).toMatch(/<b>Ivo<\/b>.*un'altra chat/);
      expect(notice.callbackButton?.callback_data).toMatch(/^take-off:[\w-]{16}$/);
      expect(JSON.stringify({ ...notice, chatId: 0 })).not.toMatch(new RegExp(`${third}|sconosciuto`));
    }
    expect(new Set(queued.map(({ deliveryId }) => deliveryId)).size).toBe(queued.length);
    expect(queued.filter(({ chatId }) => chatId === third).map(({ templateId }) => templateId)).not.toContain(
      'chat-added',
    );
  });

  test('linked anew, the first is no newcomer: nobody is told, and the second can not take it off', async () => {
    const [first, second] = [newChat(), newChat()];
    await link(details('torna'), first);
    await link(details('torna'), second);
    await app.takeQueued();

    await link(details('torna'), first);

    expect((await app.takeQueued()).map(({ templateId }) => templateId)).not.toContain('chat-added');
    const { youngerLinks } = await import('../../lib/users/link-ref.ts');
    const user = await findUser('demo', 'torna');
    const [own, other] = user?.chats ?? [];
    if (!user || !own || !other) throw new Error('Not linked.');
    expect(youngerLinks(user, other)).toEqual([]);
    expect(youngerLinks(user, own)).toEqual([other]);
  });

  test('the sixth is refused, and nothing has changed', async () => {
    const chats = Array.from({ length: 6 }, newChat);
    for (const chatId of chats.slice(0, 5)) await link(details('tante'), chatId);
    await app.takeQueued();

    expect(await link(details('tante'), chats[5] ?? 0)).toEqual({ kind: 'too-many-chats' });

    expect(await chatsOf('tante')).toEqual(chats.slice(0, 5));
    expect(await usersOf(chats[5] ?? 0)).toEqual([]);
    expect(await app.takeQueued()).toEqual([]);
    // One that is there may be linked again.
    expect(await link(details('tante'), chats[0] ?? 0)).toMatchObject({ kind: 'linked' });
  });

  test('the first goes, and the deliveries to the second keep their ids', async () => {
    const [first, second, third] = [newChat(), newChat(), newChat()];
    await link(details('erede'), first);
    await link(details('erede'), second);
    await unlink({ siteId: 'demo', userId: 'erede' }, ({ chatId }) => chatId === first, 'site');
    await link(details('erede'), third);

    const user = await findUser('demo', 'erede');
    expect(user?.chats.map(({ chatId, ownIds }) => [chatId, ownIds])).toEqual([
      [second, true],
      [third, undefined],
    ]);
  });
});

describe('a further user of the same chat', () => {
  test('is added: both are linked', async () => {
    const chatId = newChat();
    await link(details('nino', { companyName: 'Nino S.r.l.' }), chatId);
    await link(details('olga', { companyName: 'Olga S.p.A.' }), chatId);

    expect(await usersOf(chatId)).toEqual(['nino', 'olga']);
    expect(await chatsOf('nino')).toEqual([chatId]);
    expect(await chatsOf('olga')).toEqual([chatId]);
  });

  test('also where the former release has linked the first', async () => {
    const chatId = newChat();
    await app.stack.putUser({ siteId: 'demo', userId: 'vecchio', chatId, siteChat: `demo#${chatId}` });
    await link(details('nuova'), chatId);
    expect(await usersOf(chatId)).toEqual(['vecchio', 'nuova']);
  });

  test('also where the former release has written who owns the chat, and who owned it', async () => {
    const { putItem } = await import('../../lib/aws/dynamodb.ts');
    const chatId = newChat();
    const linked: StoredUser = { siteId: 'demo', userId: 'dopo', chatId, siteChat: `demo#${chatId}` };
    await app.stack.putUser({ ...linked, linkClaim: '2026-01-02#x', lastClaim: '2026-01-02#x' });
    await app.stack.putUser({ siteId: 'demo', userId: 'prima' });
    const owner = { userId: 'dopo', claim: '2026-01-02#x', displaced: ['prima'] };
    await putItem('LINKS_TABLE', {
      token: `chat#demo#${chatId}`,
      siteId: 'demo',
      siteUser: 'demo\ndopo',
      ...owner,
    });
    expect(await usersOf(chatId)).toEqual(['dopo']);

    await link(details('terza'), chatId);

    expect(await usersOf(chatId)).toEqual(['dopo', 'terza']);
  });

  test('the twenty-first is refused; one who has left makes room', async () => {
    const chatId = newChat();
    const names = Array.from({ length: 20 }, (_, index) => `azienda-${index}`);
    for (const name of names) await link(details(name), chatId);

    expect(await link(details('azienda-20'), chatId)).toEqual({ kind: 'too-many-users' });
    expect(await findUser('demo', 'azienda-20')).toBeUndefined();

    await unlink({ siteId: 'demo', userId: 'azienda-3' }, () => true, 'site');
    expect(await link(details('azienda-20'), chatId)).toMatchObject({ kind: 'linked' });
  });
});

describe('repeated', () => {
  test('welcomes with the same delivery, and leaves what has happened since', async () => {
    const given = details('sara', { firstName: 'Sara' });
    const chatId = newChat();
    await link(given, chatId);
    const [welcome] = await app.takeQueued();
    const stored = await app.findUser('sara');
    if (!stored) throw new Error('Sara is not stored.');
    const stopped = {
      optedOut: true,
      optedOutBy: 'user' as const,
      stopped: { at: '2026-11-22T11:00:00.000Z' },
    };
    await app.stack.putUser({ ...stored, ...stopped, mutedEvents: ['message-read'] });

    const repeated = await link(given, chatId);

    expect(repeated).toMatchObject({ kind: 'linked', isRepeated: true });
    expect(await findUser('demo', 'sara')).toMatchObject({
      chats: [{ chatId, stopped: { at: '2026-11-22T11:00:00.000Z' } }],
      mutedEvents: ['message-read'],
    });
    expect(await app.takeQueued()).toEqual([]);
    expect(welcome?.eventId).toBe(`welcome-${given.linkId}`);
  });

  test('a link that was ended since is not made again, nor one that a later link has replaced', async () => {
    const chatId = newChat();
    const [older, newer] = [details('teo'), details('teo')];
    await link(older, chatId);
    await link(newer, chatId);
    expect(await link(older, chatId)).toEqual({ kind: 'newer' });
    expect(await chatsOf('teo')).toEqual([chatId]);

    await unlink({ siteId: 'demo', userId: 'teo' }, () => true, 'other-chat');

    expect(await link(older, chatId)).toEqual({ kind: 'outdated' });
    expect(await link(newer, chatId)).toEqual({ kind: 'outdated' });
    expect(await chatsOf('teo')).toEqual([]);
    expect(await link(details('teo'), chatId)).toMatchObject({ kind: 'linked' });
  });

  test('a link of the former release that was not the last is not made again', async () => {
    const chatId = newChat();
    const [older, last] = [details('vera'), details('vera')];
    const lastClaim = `${last.claimedAt}#${last.linkId}`;
    const stored = { siteId: 'demo', userId: 'vera', chatId, siteChat: `demo#${chatId}` };
    await app.stack.putUser({ ...stored, linkClaim: lastClaim, lastClaim });

    expect(await link(older, newChat())).toEqual({ kind: 'outdated' });
    expect(await link(last, chatId)).toMatchObject({ kind: 'linked', isRepeated: true });
    expect(await link(details('vera'), newChat())).toMatchObject({ kind: 'linked' });
  });
});

describe('at the same instant', () => {
  test('many users of one chat: all have it', async () => {
    const chatId = newChat();
    const names = Array.from({ length: 8 }, (_, index) => `insieme-${index}`);
    await Promise.all(names.map((name) => link(details(name), chatId)));
    expect((await usersOf(chatId)).sort()).toEqual(names);
  });

  test('many chats of one user: five have it, each is told of those after it', async () => {
    const chats = Array.from({ length: 6 }, newChat);
    const results = await Promise.all(chats.map((chatId) => link(details('zoe'), chatId)));
    expect(results.map(({ kind }) => kind).sort()).toEqual([...Array(5).fill('linked'), 'too-many-chats']);
    expect(await chatsOf('zoe')).toHaveLength(5);
    const user = await findUser('demo', 'zoe');
    expect(user?.chats.filter(({ ownIds }) => !ownIds)).toHaveLength(1);
  });

  test('the same link twice: once', async () => {
    const chatId = newChat();
    const given = details('doppio');
    const results = await Promise.all([link(given, chatId), link(given, chatId), link(given, chatId)]);
    expect(results.map(({ kind }) => kind)).toEqual(['linked', 'linked', 'linked']);
    expect(await chatsOf('doppio')).toEqual([chatId]);
    expect(await app.takeQueued()).toHaveLength(1);
  });
});
