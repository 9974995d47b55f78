/** One chat serves one user of a site, and one user has one chat: whoever comes later has it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LinkDetails } from '../../lib/users/link-token.ts';
import { type App, startApp } from '../support/app.ts';
import { answerOk } from '../support/bot-server.ts';
import { details } from '../support/fixtures.ts';

let app: App;
let linkChat: typeof import('../../lib/users/link-chat.ts').linkChat;
let findUserByChat: typeof import('../../lib/users/settings.ts').findUserByChat;

beforeAll(async () => {
  app = await startApp({ telegram: 'server' });
  ({ linkChat } = await import('../../lib/users/link-chat.ts'));
  ({ findUserByChat } = await import('../../lib/users/settings.ts'));
});
afterAll(() => app.close());

let lastChat = 9000;
const newChat = () => {
  lastChat += 1;
  return lastChat;
};
const link = (given: LinkDetails, chatId: number, chat: object = {}) =>
  linkChat(app.site, given, { id: chatId, ...chat }, 'deep-link', given.linkId);

describe('a new link', () => {
  test('gives the chat to the user, with what the site and Telegram say of them', async () => {
    const chatId = newChat();
    const given = details('elena', { firstName: 'Elena', lastName: 'Gallo', language: 'en-GB' });

    const { user } = await link(given, chatId, { username: 'elena_g', languageCode: 'it' });

    const expected = {
      siteId: 'demo',
      userId: 'elena',
      chatId,
      siteChat: `demo#${chatId}`,
      linkedAt: given.claimedAt,
      linkedBy: 'deep-link',
      username: 'elena_g',
      firstName: 'Elena',
      lastName: 'Gallo',
      language: 'en-GB',
    };
    expect(user).toMatchObject(expected);
    expect(await app.findUser('elena')).toMatchObject(expected);
    expect(await app.findUser('elena')).not.toHaveProperty('pendingLink');
    expect(await findUserByChat('demo', chatId)).toMatchObject({ userId: 'elena' });
  });

  test('takes from Telegram what nobody else said: name and language', async () => {
    const { user } = await link(details('fabio'), newChat(), { firstName: 'Fabio', languageCode: 'it' });
    expect(user).toMatchObject({ firstName: 'Fabio', language: 'it' });
  });

  test('keeps what was known where nothing new is said', async () => {
    const { user } = await link(details('dario'), newChat(), { firstName: 'D4rio', languageCode: 'en' });
    expect(user).toMatchObject({ firstName: 'Dario', lastName: 'Neri', language: 'it' });
  });

  test('keeps what the user has muted', async () => {
    await app.stack.putUser({ siteId: 'demo', userId: 'muto', mutedEvents: ['file-access'] });
    expect((await link(details('muto'), newChat())).user.mutedEvents).toEqual(['file-access']);
  });

  test('can be reached again, whatever was wrong before', async () => {
    const chatId = newChat();
    const unreachable = { reason: 'Forbidden: bot was blocked by the user', since: '2026-01-01T00:00:00Z' };
    await app.stack.putUser({ siteId: 'demo', userId: 'tornata', chatId, unreachable });
    expect((await link(details('tornata'), chatId)).user).not.toHaveProperty('unreachable');
  });

  test('brings back who had said stop, and not whom the site took out', async () => {
    const optedOut = { siteId: 'demo', optedOut: true, optedOutAt: '2026-01-01T00:00:00Z' } as const;
    await app.stack.putUser({ ...optedOut, userId: 'stop', optedOutBy: 'user' });
    await app.stack.putUser({ ...optedOut, userId: 'fuori', optedOutBy: 'site' });

    expect((await link(details('stop'), newChat())).user).not.toHaveProperty('optedOut');
    expect((await link(details('fuori'), newChat())).user).toMatchObject({
      optedOut: true,
      optedOutBy: 'site',
    });
  });

  test('in another site is another link: one Telegram account, any number of sites', async () => {
    const chatId = newChat();
    const other = { ...app.site, siteId: 'altro' };
    await link(details('gina'), chatId);
    const given = details('gina-altrove');
    await linkChat(other, given, { id: chatId }, 'deep-link', given.linkId);

    expect(await findUserByChat('demo', chatId)).toMatchObject({ userId: 'gina' });
    expect(await findUserByChat('altro', chatId)).toMatchObject({ userId: 'gina-altrove' });
  });
});

describe('a second chat of the same user', () => {
  test('has the link; the first is told so, and serves nobody', async () => {
    const [first, second] = [newChat(), newChat()];
    await link(details('ivo', { language: 'it' }), first);
    app.botServer.requests.length = 0;

    await link(details('ivo'), second);

    expect(await app.findUser('ivo')).toMatchObject({ chatId: second });
    expect(await app.findUser('ivo')).not.toHaveProperty('movedFrom');
    expect(await findUserByChat('demo', first)).toBeUndefined();
    expect(await findUserByChat('demo', second)).toMatchObject({ userId: 'ivo' });
    expect(app.botServer.requests).toEqual([
      expect.objectContaining({ chat_id: first, text: expect.stringMatching(/collegato a un'altra chat/) }),
    ]);
  });

  test('the first is told once Telegram can be reached again: the call fails until then', async () => {
    const [first, second] = [newChat(), newChat()];
    await link(details('luca'), first);
    const again = details('luca');
    app.botServer.requests.length = 0;
    app.botServer.answerWith((_, response) => {
      response.statusCode = 502;
      response.end('<html>Bad Gateway</html>');
    });
    await expect(link(again, second)).rejects.toMatchObject({ name: 'ServiceUnreachableError' });
    expect(await app.findUser('luca')).toMatchObject({ chatId: second });
    answerOk(app.botServer);

    await link(again, second);

    expect(app.botServer.requests.map(({ chat_id }) => chat_id)).toEqual([first, first]);
    await link(again, second);
    expect(app.botServer.requests).toHaveLength(2);
  });

  test('the first may have blocked the bot: then nobody is told, and that is all', async () => {
    const [first, second] = [newChat(), newChat()];
    await link(details('marta'), first);
    app.botServer.answerWith((_, response) => {
      response.statusCode = 403;
      const description = 'Forbidden: bot was blocked by the user';
      response.end(JSON.stringify({ ok: false, error_code: 403, description }));
    });

    const { user } = await link(details('marta'), second);

    answerOk(app.botServer);
    expect(user.chatId).toBe(second);
    expect(await app.findUser('marta')).not.toHaveProperty('unreachable');
    expect(await app.findUser('marta')).not.toHaveProperty('movedFrom');
  });
});

describe('a chat that serves somebody else', () => {
  test('the later user has it; the earlier one is not linked, and their state says why', async () => {
    const chatId = newChat();
    await link(details('nino', { firstName: 'Nino' }), chatId, { username: 'nino' });
    await app.takeQueued();
    const given = details('olga', { firstName: 'Olga', language: 'it' });

    await link(given, chatId);

    const earlier = await app.findUser('nino');
    expect(earlier).not.toHaveProperty('chatId');
    expect(earlier).not.toHaveProperty('siteChat');
    expect(earlier).not.toHaveProperty('username');
    expect(earlier?.unlinked).toMatchObject({ reason: 'chat-taken' });
    expect(await findUserByChat('demo', chatId)).toMatchObject({ userId: 'olga' });
    const [welcome] = await app.takeQueued();
    expect(welcome?.text).toContain("L'account <b>Nino</b>, che li riceveva qui, non è più collegato.");
  });

  test('also one that was linked by another hand, with no owner written down', async () => {
    await link(details('piero'), 1003);
    expect(await app.findUser('carla')).not.toHaveProperty('chatId');
    expect(await findUserByChat('demo', 1003)).toMatchObject({ userId: 'piero' });
  });

  test('may come back: it is the later claim again', async () => {
    const chatId = newChat();
    await link(details('quirino'), chatId);
    await link(details('rita'), chatId);
    await link(details('quirino'), chatId);

    expect(await findUserByChat('demo', chatId)).toMatchObject({ userId: 'quirino' });
    expect(await app.findUser('quirino')).not.toHaveProperty('unlinked');
    expect(await app.findUser('rita')).not.toHaveProperty('chatId');
  });
});

describe('repeated', () => {
  test('welcomes with the same delivery, and leaves what has happened since', async () => {
    const given = details('sara', { firstName: 'Sara' });
    const chatId = newChat();
    await app.takeQueued();
    const { user } = await link(given, chatId);
    const [welcome] = await app.takeQueued();
    await app.stack.putUser({ ...user, optedOut: true, optedOutBy: 'user', mutedEvents: ['message-read'] });

    const repeated = await link(given, chatId);

    expect(repeated.user).toMatchObject({ chatId, optedOut: true, mutedEvents: ['message-read'] });
    expect(await app.takeQueued()).toEqual([]);
    expect(welcome?.eventId).toBe(`welcome-${given.linkId}`);
  });

  test('an older link does not take a chat back', async () => {
    const chatId = newChat();
    const older = details('teo');
    await link(older, chatId);
    await link(details('ugo'), chatId);

    const { user } = await link(older, chatId);

    expect(user.chatId).toBeUndefined();
    expect(await findUserByChat('demo', chatId)).toMatchObject({ userId: 'ugo' });
    expect(await app.findUser('teo')).not.toHaveProperty('pendingLink');
  });

  test('an older link does not move a user back', async () => {
    const [first, second] = [newChat(), newChat()];
    const older = details('vera');
    await link(older, first);
    await link(details('vera'), second);

    const { user } = await link(older, first);

    expect(user.chatId).toBe(second);
    expect(await findUserByChat('demo', first)).toBeUndefined();
  });
});

describe('at the same instant', () => {
  test('many users claim one chat: the latest has it, and nobody else has any', async () => {
    const chatId = newChat();
    const names = Array.from({ length: 8 }, (_, index) => `insieme-${index}`);
    const claims = names.map((name) => details(name));

    await Promise.all(claims.toReversed().map((given) => link(given, chatId)));

    const users = await Promise.all(names.map((name) => app.findUser(name)));
    expect(users.filter((user) => user?.chatId !== undefined).map((user) => user?.userId)).toEqual([
      'insieme-7',
    ]);
    expect(await findUserByChat('demo', chatId)).toMatchObject({ userId: 'insieme-7' });
    for (const user of users) expect(user).not.toHaveProperty('pendingLink');
  });

  test('one user claims many chats: the latest is theirs, and the others serve nobody', async () => {
    const chats = Array.from({ length: 6 }, newChat);
    const claims = chats.map((chatId) => ({ chatId, given: details('zoe') }));

    await Promise.all(claims.map(({ given, chatId }) => link(given, chatId)));

    expect((await app.findUser('zoe'))?.chatId).toBe(chats.at(-1));
    const served = await Promise.all(chats.map((chatId) => findUserByChat('demo', chatId)));
    expect(served.map((user) => user?.userId)).toEqual([...Array(5).fill(undefined), 'zoe']);
  });

  test('the same link twice: once', async () => {
    const chatId = newChat();
    const given = details('doppio');
    await app.takeQueued();

    const results = await Promise.all([link(given, chatId), link(given, chatId), link(given, chatId)]);

    expect(results.map(({ user }) => user.chatId)).toEqual([chatId, chatId, chatId]);
    expect(await app.takeQueued()).toHaveLength(1);
  });
});

describe('overtaken between two steps', () => {
  /** One user has claimed the chat and is about to get it, when another one claims it and gets it. */
  async function overtaken(name: string) {
    const { beginLink, completeLink } = await import('../../lib/store/user-links.ts');
    const { putChatOwner } = await import('../../lib/store/links.ts');
    const chatId = newChat();
    const { userId, claimedAt, linkId } = details(name);
    const claim = { chatId, claim: `${claimedAt}#${linkId}` };
    const begin = () => beginLink({ siteId: 'demo', userId }, claim);
    const begun = await begin();
    if (!begun) throw new Error('Not begun.');
    await putChatOwner('demo', chatId, { userId, claim: claim.claim, displaced: [] }, undefined);
    await link(details(`${name}-later`), chatId);
    const complete = () => completeLink(begun, { chatId, linkedAt: claimedAt, linkedBy: 'deep-link' });
    return { begin, complete, chatId };
  }

  test('the earlier user does not get the chat any more', async () => {
    const { complete, chatId } = await overtaken('lenta');
    expect(await complete()).toBeUndefined();
    expect(await app.findUser('lenta')).not.toHaveProperty('chatId');
    expect(await findUserByChat('demo', chatId)).toMatchObject({ userId: 'lenta-later' });
  });

  test('not even where a second run of the same claim has begun anew', async () => {
    const { begin, complete } = await overtaken('doppia');
    expect(await begin()).toHaveProperty('pendingLink');
    expect(await complete()).toBeUndefined();
    expect(await app.findUser('doppia')).not.toHaveProperty('chatId');
  });
});
