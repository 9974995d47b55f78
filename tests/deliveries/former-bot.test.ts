/** What is said by, or of, a bot that the site no longer uses: it says nothing about the bot that the site has now. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { StoredUser } from '../../lib/store/stored-user.ts';
import { encryptToken } from '../../lib/telegram/token-encryption.ts';
import { type App, startApp } from '../support/app.ts';
import { webhookOf } from '../support/bot-updates.ts';
import { CHATS, siteWithWebhook } from '../support/fixtures.ts';
import { notification, record } from '../support/sqs-events.ts';
import { attempt } from './attempts.ts';

const ANNA = 1001;
let app: App;
beforeAll(async () => {
  const chats = [...CHATS, { botToken: '200:nuovo', chatId: ANNA, user: { id: ANNA, first_name: 'Anna' } }];
  app = await startApp({ telegram: 'emulator', forDeliveries: true, chats });
});
afterAll(() => app.close());
beforeEach(() => app.reset());

let versions = 100;
/** The site has another bot from now on; what functions remember of the site is not touched. */
async function changeBot(): Promise<void> {
  const bot = { id: '200', username: 'nuovo_bot', sealedToken: encryptToken('200:nuovo', 'demo') };
  await app.stack.putSite({ ...siteWithWebhook(), bot, version: ++versions });
}

const LINKED_AT = '2026-11-01T10:00:00.000Z';
const link = (changes: Partial<StoredUser>) =>
  app.setUser('anna', { linkedAt: LINKED_AT, linkClaim: `${LINKED_AT}#prima`, ...changes });
/** They have pressed Start in the new bot. */
async function linkAnew(): Promise<void> {
  const at = new Date().toISOString();
  await link({ botId: '200', linkedAt: at, linkClaim: `${at}#dopo` });
}
const refuse = (code: number, description: string) => app.telegram.refuse(code, description, { times: 1 });
const BLOCKED = 'Forbidden: bot was blocked by the user';
const chatOfAnna = async () => (await app.call('GET', '/v1/sites/demo/users/anna')).json.chats[0];

describe('a 403 that comes late from a bot that the site no longer uses', () => {
  test.each<[number, string]>([
    [403, BLOCKED],
    [403, 'Forbidden: user is deactivated'],
    [403, "Forbidden: bot can't initiate conversation with a user"],
    [400, 'Bad Request: chat not found'],
    [400, 'Bad Request: PEER_ID_INVALID'],
    [400, 'Bad Request: not enough rights to send text messages to the chat'],
    [400, 'Bad Request: CHAT_WRITE_FORBIDDEN'],
  ])('%d %s: does not mark the person who had linked anew in between', async (code, description) => {
    await link({ botId: '100' });
    await refuse(code, description);
    const message = notification();

    await attempt(app, message, {
      beforeDecision: async () => {
        await changeBot();
        await linkAnew();
      },
    });

    expect(await app.findDelivery(message)).toMatchObject({ status: 'failed' });
    expect(await app.findUser('anna')).not.toHaveProperty('unreachable');
    expect(await app.deliver([record(notification())])).toEqual([]);
    expect((await app.telegram.calls('sendMessage')).at(-1)).toMatchObject({ username: 'nuovo_bot' });
  });

  test('nor, in the same batch, their later messages', async () => {
    await link({ botId: '100' });
    const messages = [notification(), notification()];
    await app.telegram.refuse(403, BLOCKED, { times: 1, delayMs: 600 });
    const sending = app.deliver(messages.map((message) => record(message)));
    await new Promise((resolve) => setTimeout(resolve, 200));
    const at = new Date().toISOString();
    await link({ botId: '100', linkClaim: `${at}#di-nuovo` });
    await sending;
    await app.drainLater();
    expect(await app.findDelivery(messages[1] ?? notification())).toMatchObject({ status: 'sent' });
  });

  test('says which bot and when, where the person is not linked to the new one yet', async () => {
    await link({ botId: '100' });
    await refuse(403, BLOCKED);
    await attempt(app, notification(), { beforeDecision: changeBot });

    expect(await chatOfAnna()).toMatchObject({
      needsNewStart: true,
      unreachable: { reason: BLOCKED, botId: '100', since: expect.stringMatching(/^\d{4}-.*Z$/) },
    });
    await linkAnew();
    expect(await chatOfAnna()).not.toHaveProperty('unreachable');
  });

  test('where nobody knows the bot of the link: the new bot tries, and what it finds out holds', async () => {
    await link({ botId: undefined });
    await refuse(403, BLOCKED);
    await attempt(app, notification(), { beforeDecision: changeBot });
    const message = notification();

    expect(await app.deliver([record(message)])).toEqual([]);

    expect(await app.findDelivery(message)).toMatchObject({ status: 'sent' });
    expect(await app.findUser('anna')).toMatchObject({ botId: '200' });
    expect(await chatOfAnna()).not.toHaveProperty('unreachable');
  });
});

test('a 403 of the present bot marks the person, and says which bot', async () => {
  await link({ botId: '100' });
  await refuse(403, BLOCKED);
  const message = notification();
  await app.deliver([record(message)]);
  expect(await chatOfAnna()).toMatchObject({ unreachable: { reason: BLOCKED, botId: '100' } });
  const later = notification();
  await app.deliver([record(later)]);
  expect(await app.findDelivery(later)).toMatchObject({ status: 'skipped', reason: 'unreachable' });
});

test.each(['100', undefined])(
  'an unreachable without a bot, as the former release wrote it, is of the bot of the link: %s',
  async (botId) => {
    const since = '2026-11-02T10:00:00.000Z';
    await link({ botId, unreachable: { reason: BLOCKED, since } });
    const message = notification();
    await app.deliver([record(message)]);
    expect(await app.findDelivery(message)).toMatchObject({ status: 'skipped', reason: 'unreachable' });
    expect((await chatOfAnna()).unreachable).toEqual({ reason: BLOCKED, since, ...(botId && { botId }) });
  },
);

describe('an update of the former bot that comes late', () => {
  /** The function that gets it still takes the former bot for the site's. */
  async function lateUpdate(before: string, now: string): Promise<void> {
    const webhook = webhookOf(app);
    await webhook.write(ANNA, '/help');
    await changeBot();
    await linkAnew();
    await webhook.changeMember(ANNA, before, now);
  }

  test('blocked: does not mark the person at the new bot', async () => {
    await link({ botId: '100' });
    await lateUpdate('member', 'kicked');
    expect(await app.findUser('anna')).not.toHaveProperty('unreachable');
    expect(await app.findUser('anna')).toMatchObject({ botId: '200' });
  });

  test('unblocked: does not take the person back to the former bot', async () => {
    await link({ botId: '100' });
    await lateUpdate('kicked', 'member');
    expect(await app.findUser('anna')).toMatchObject({ botId: '200' });
  });
});

test('blocked, said later than the person has linked anew: they have come back since', async () => {
  const { markBlocked } = await import('../../lib/users/settings.ts');
  const at = new Date().toISOString();
  await link({ botId: '100', linkClaim: `${at}#dopo` });
  await markBlocked({ siteId: 'demo', chatId: ANNA }, { id: '100' }, Date.now() - 60_000);
  expect(await app.findUser('anna')).not.toHaveProperty('unreachable');
});
