/** A person marked unreachable writes anything at all to the bot, or presses a button: reachable again from then on. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { callbackQueryOf, messageOf, nextUpdateId, type Webhook, webhookOf } from '../support/bot-updates.ts';
import { ANNA, GROUP, NO_LIMITS } from '../support/fixtures.ts';

let app: App;
let webhook: Webhook;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator', limits: NO_LIMITS });
  webhook = webhookOf(app);
});
afterAll(() => app.close());
beforeEach(() => app.reset());

const MARK = { reason: 'Forbidden: bot was blocked by the user', since: '2026-01-01T00:00:00.000Z' };
const mark = () => app.setUser('anna', { unreachable: MARK });

/** What the shop sees of Anna, and what becomes of its next message. */
async function isReachable(eventId: string): Promise<boolean> {
  const state = await app.call('GET', '/v1/sites/demo/users/anna');
  const { json } = await app.report('message-sent', {
    eventId,
    message: { id: eventId, subject: 'F24' },
    sender: { id: 'studio' },
    recipients: [{ id: 'anna' }],
  });
  await app.takeQueued();
  const isMarked = state.json.unreachable !== undefined;
  // Whoever writes /stop is there, and wants nothing.
  const reason = state.json.optedOut ? 'opted-out' : isMarked ? 'unreachable' : undefined;
  expect(json.notifications).toMatchObject([reason ? { status: 'skipped', reason } : { status: 'queued' }]);
  return !isMarked;
}

const take = async (update: object) =>
  expect((await webhook.call({ update_id: nextUpdateId(), ...update })).status).toBe(200);

const contentOf = (content: object, changes: object = {}) => {
  const { text: _, ...message } = messageOf(ANNA, '') as { text: string };
  return { ...message, ...content, ...changes };
};
const minutesAgo = (minutes: number) => Math.floor(Date.now() / 1_000) - minutes * 60;

const photo = { photo: [{ file_id: 'a' }] };
const CONTENT: Record<string, object> = {
  'a text': { text: 'Buongiorno' },
  'a command': messageOf(ANNA, '/stato'),
  'a command that is unknown': messageOf(ANNA, '/ordina 3'),
  '/stop': messageOf(ANNA, '/stop'),
  'a link that nobody made': messageOf(ANNA, '/start AAAAAAAAAAAAAAAAAAAAAA'),
  'a photo': photo,
  'a photo with words': { ...photo, caption: 'Ecco' },
  'an album': { ...photo, media_group_id: '1' },
  'a sticker': { sticker: {} },
  'a voice message': { voice: {} },
  'a video': { video: {} },
  'a round video': { video_note: {} },
  'a document': { document: {} },
  'a location': { location: { latitude: 45, longitude: 9 } },
  'a contact': { contact: { phone_number: '1' } },
  'a poll': { poll: { id: '1' } },
  'a dice': { dice: { value: 6 } },
  'a story': { story: { id: 1 } },
  'a forwarded text': { text: 'x', forward_origin: { type: 'hidden_user' } },
  'a kind that is not invented yet': { hologram: {} },
  'a login with the widget': { connected_website: 'shop.example' },
  'the permission to write': { write_access_allowed: { from_request: true } },
};

describe.each(Object.entries(CONTENT))('%s', (what, content) => {
  test('now', async () => {
    await mark();
    await take({ message: contentOf(content) });
    expect(await isReachable(`now ${what}`)).toBe(true);
  });

  test('that comes hours late', async () => {
    await mark();
    await take({ message: contentOf(content, { date: minutesAgo(300) }) });
    expect(await isReachable(`late ${what}`)).toBe(true);
  });

  test('that was edited', async () => {
    await mark();
    await take({ edited_message: contentOf(content, { edit_date: minutesAgo(0) }) });
    expect(await isReachable(`edited ${what}`)).toBe(true);
  });

  test('in the minute after another message was answered', async () => {
    await take({ message: contentOf({ text: 'Buongiorno' }) });
    await mark();
    await take({ message: contentOf(content) });
    expect(await isReachable(`minute ${what}`)).toBe(true);
  });
});

test('a further picture of an album that was answered', async () => {
  await take({ message: contentOf(photo, { media_group_id: '1' }) });
  await mark();
  await take({ message: contentOf(photo, { media_group_id: '1', message_id: 9 }) });
  expect(await isReachable('album')).toBe(true);
});

describe('a button', () => {
  test.each([
    ...['again', 'stop', 'settings', 'contact', `take-off:${'A'.repeat(16)}`, 'off:order-status'],
    ...['on:order-status', 'off:a-kind-of-the-past', `again:${'A'.repeat(16)}`, 'of another program', ''],
  ])('with the data %j', async (data) => {
    await mark();
    await take({ callback_query: callbackQueryOf(ANNA, 1, data) });
    expect(await isReachable(`button ${data}`)).toBe(true);
  });

  test('without data', async () => {
    const { data: _, ...query } = callbackQueryOf(ANNA, 1, '') as { data: string };
    await mark();
    await take({ callback_query: query });
    expect(await isReachable('no data')).toBe(true);
  });

  test.each([
    [
      'that Telegram does not show any more',
      { message: { message_id: 1, date: 0, chat: { id: ANNA, type: 'private' } } },
    ],
    ['that is gone', { message: undefined }],
    ['that was sent by way of the bot', { message: undefined, inline_message_id: 'x' }],
  ])('under a message %s', async (what, changes) => {
    await mark();
    await take({ callback_query: { ...callbackQueryOf(ANNA, 1, 'x'), ...changes } });
    expect(await isReachable(what)).toBe(true);
  });

  test('in a group says nothing of the private chat', async () => {
    await mark();
    const from = { id: ANNA, is_bot: false, first_name: 'Anna' };
    await take({ callback_query: { ...callbackQueryOf(GROUP, 1, 'x'), from } });
    expect(await isReachable('group')).toBe(false);
  });
});

test('unblocked, or started anew', async () => {
  await mark();
  await webhook.changeMember(ANNA, 'kicked', 'member');
  expect(await isReachable('unblocked')).toBe(true);
});

describe('of the service', () => {
  const SERVICE = [
    ...[
      'connected_website',
      'write_access_allowed',
      'pinned_message',
      'web_app_data',
      'gift',
      'users_shared',
    ],
    ...['checklist_tasks_done', 'something_not_invented_yet'],
  ];

  test.each(SERVICE)('%s: silence', async (field) => {
    await take({ message: contentOf({ [field]: {} }) });
    expect(await app.telegram.calls()).toEqual([]);
  });

  test('a login with the widget does not take the answer from what the person writes in the same minute', async () => {
    await take({ message: contentOf({ connected_website: 'shop.example' }) });
    await webhook.write(ANNA, 'Buongiorno');
    expect(await app.telegram.textsIn(ANNA)).toEqual([expect.stringContaining('nessuno legge')]);
  });

  test('a message that the bot itself has pinned says nothing of the person', async () => {
    await mark();
    const from = { id: 100, is_bot: true, first_name: 'Demo Shop', username: 'demo_shop_bot' };
    await take({ message: contentOf({ pinned_message: {} }, { from }) });
    expect(await isReachable('pinned')).toBe(false);
  });
});
