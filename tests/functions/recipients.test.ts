/** Who gets a message, how often, and from which templates. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { demoSite } from '../../local/demo.ts';
import { type App, startApp } from '../support/app.ts';
import { keyHash, template } from '../support/fixtures.ts';
import { LIST_EVENTS, payload, payloadFor, payloadForAll } from '../support/payloads.ts';

let app: App;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.setSite();
  await app.takeQueued();
});

const queuedUsers = async () => (await app.takeQueued()).map(({ userId }) => userId);
const queuedTexts = async () => (await app.takeQueued()).map(({ text }) => text);

describe.each(LIST_EVENTS)('%s with several recipients', (event) => {
  test('gives one message to each', async () => {
    const people = [{ id: 'anna' }, { id: 'bruno' }, { id: 'carla' }];

    await app.report(event, payloadForAll(event, people, { eventId: `${event} each` }));

    expect((await queuedUsers()).sort()).toEqual(['anna', 'bruno', 'carla']);
  });

  test('gives a person named twice one message, at the place and with the words of the first naming', async () => {
    const people = [{ id: 'anna', language: 'it' }, { id: 'bruno' }, { id: 'anna', language: 'en' }];

    const answer = await app.report(event, payloadForAll(event, people, { eventId: `${event} twice` }));

    expect(answer.json.notifications).toMatchObject([
      { userId: 'anna', status: 'queued' },
      { userId: 'bruno', status: 'queued' },
    ]);
    const queued = await app.takeQueued();
    expect(queued).toHaveLength(2);
    expect(queued.find(({ userId }) => userId === 'anna')?.text).toContain('Ciao');
  });

  test('names who is not linked once too', async () => {
    const people = [{ id: 'dario' }, { id: 'dario' }];

    const answer = await app.report(event, payloadForAll(event, people));

    expect(answer.json.notifications).toEqual([{ userId: 'dario', status: 'skipped', reason: 'not-linked' }]);
  });

  test('ids are compared as they are written: Anna is not anna', async () => {
    const answer = await app.report(event, payloadForAll(event, [{ id: 'Anna' }, { id: ' anna' }]));

    expect(answer.json.notifications).toMatchObject([{ reason: 'not-linked' }, { reason: 'not-linked' }]);
  });
});

test('500 recipients get one message each, also long ones', async () => {
  const ids = Array.from({ length: 500 }, (_, index) => `user-${index}`);
  await Promise.all(ids.map((id) => app.setUser(id)));
  const message = { id: '1', subject: 'Ж'.repeat(4000), text: '漢'.repeat(20_000) };
  const people = ids.map((id) => ({ id }));

  const answer = await app.report('message-sent', payloadForAll('message-sent', people, { message }));

  expect(answer.status).toBe(202);
  expect(answer.json.notifications.map(({ userId }: { userId: string }) => userId)).toEqual(ids);
  const queued = await app.takeQueued();
  expect(queued.map(({ userId }) => userId).sort()).toEqual(ids.toSorted());
});

describe('groups of a template', () => {
  beforeEach(() =>
    app.setTemplates(
      template('message-sent', 'agents', { groups: ['Agenti', 'Capi area'] }),
      template('message-sent', 'resellers', { groups: ['Rivenditori'] }),
    ),
  );

  test('only members get it; of two templates each gets its own', async () => {
    const people = [
      { id: 'anna', groups: ['Rivenditori'] },
      { id: 'bruno', groups: ['Privati', 'Capi area'] },
      { id: 'carla', groups: ['Rivenditori', 'Agenti'] },
    ];

    await app.report('message-sent', payloadForAll('message-sent', people, { eventId: 'groups' }));

    const queued = await app.takeQueued();
    expect(queued.map(({ userId, templateId }) => `${userId} ${templateId}`).sort()).toEqual([
      'anna resellers',
      'bruno agents',
      'carla agents',
      'carla resellers',
    ]);
  });

  test('who is in none of them, or in no group at all, is skipped', async () => {
    const people = [{ id: 'anna', groups: ['Privati'] }, { id: 'bruno' }, { id: 'carla', groups: [] }];

    const answer = await app.report('message-sent', payloadForAll('message-sent', people));

    expect(answer.json.notifications).toEqual([
      { userId: 'anna', status: 'skipped', reason: 'group-not-included' },
      { userId: 'bruno', status: 'skipped', reason: 'group-not-included' },
      { userId: 'carla', status: 'skipped', reason: 'group-not-included' },
    ]);
    expect(await queuedUsers()).toEqual([]);
  });

  test('no groups chosen is every user, and an empty list is no groups', async () => {
    await app.setTemplates(template('message-sent', 'all'), template('message-sent', 'none', { groups: [] }));

    await app.report('message-sent', payloadFor('message-sent', { id: 'anna' }, { eventId: 'no groups' }));

    expect(await queuedTexts()).toEqual(['all: Anna Rossi', 'none: Anna Rossi']);
  });
});

describe('several templates for one event', () => {
  test('all that match send, in their order, and those of other events do not', async () => {
    await app.setTemplates(
      template('message-sent', 'first'),
      template('message-read', 'of another event'),
      template('message-sent', 'off', { enabled: false }),
      template('message-sent', 'second'),
    );

    await app.report('message-sent', payload('message-sent', { eventId: 'several templates' }));

    expect(await queuedTexts()).toEqual(['first: Anna Rossi', 'second: Anna Rossi']);
  });

  test('of an order, those send that manage its status', async () => {
    await app.setTemplates(
      template('order-status', 'done', { statuses: ['Evaso', 'Fatturato'] }),
      template('order-status', 'new', { statuses: ['Nuovo'] }),
      template('order-status', 'any of three', { statuses: ['Nuovo', 'Sospeso', 'Evaso'] }),
    );

    await app.report('order-status', payload('order-status', { eventId: 'several statuses' }));

    expect(await queuedTexts()).toEqual(['done: Anna Rossi', 'any of three: Anna Rossi']);
  });
});

test('file-access has two template kinds, each for its own access', async () => {
  await app.setTemplates(
    template('file-download', 'downloaded'),
    template('file-view', 'viewed'),
    template('file-upload', 'uploaded'),
  );

  await app.report('file-access', payload('file-access', { eventId: 'down', access: 'download' }));
  expect(await queuedTexts()).toEqual(['downloaded: Anna Rossi']);
  await app.report('file-access', payload('file-access', { eventId: 'view', access: 'view' }));
  expect(await queuedTexts()).toEqual(['viewed: Anna Rossi']);
});

describe('a user of another site with the same id', () => {
  beforeEach(async () => {
    await app.stack.putSite({
      ...demoSite(),
      siteId: 'other',
      url: 'https://other.example',
      keyHashes: [keyHash('pwtg_other')],
      templates: [template('message-sent', 'other')],
    });
    await app.stack.putUser({
      siteId: 'other',
      userId: 'zoe',
      chatId: 9,
      firstName: 'Zoe',
      lastName: 'Other',
    });
  });

  test('gets nothing: to the reporting site that user is unknown', async () => {
    const answer = await app.report('message-sent', payloadFor('message-sent', { id: 'zoe' }));

    expect(answer.json.notifications).toEqual([{ userId: 'zoe', status: 'skipped', reason: 'not-linked' }]);
    expect(await app.takeQueued()).toEqual([]);
  });

  test("and each site's message goes out in that site's name, to its own user", async () => {
    await app.setUser('zoe', { firstName: 'Zoe', lastName: 'Demo' });
    await app.setTemplates(template('message-sent', 'demo'));
    const message = { id: '1', subject: 'Ciao' };
    const body = payloadFor('message-sent', { id: 'zoe' }, { eventId: 'same id', message });

    await app.report('message-sent', body);
    await app.report('message-sent', body, { siteId: 'other', key: 'pwtg_other' });

    const queued = await app.takeQueued();
    expect(queued.map(({ siteId, text }) => `${siteId}, ${text}`).sort()).toEqual([
      'demo, demo: Zoe Demo',
      'other, other: Zoe Other',
    ]);
  });
});
