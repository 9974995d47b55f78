/** `POST …/users/{userId}/rename`: the back office gives a user another id. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { toPathId } from '../../lib/http/path-ids.ts';
import { type App, startApp } from '../support/app.ts';
import { type Webhook, webhookOf } from '../support/bot-updates.ts';
import { saysErased } from '../support/erased.ts';
import { ANNA, BRUNO, NO_LIMITS, OTHER_STRANGER, STRANGER } from '../support/fixtures.ts';
import { type People, peopleOf } from '../support/people.ts';
import { record } from '../support/sqs-events.ts';

let app: App;
let webhook: Webhook;
let people: People;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator', limits: NO_LIMITS });
  webhook = webhookOf(app);
  people = peopleOf(app, webhook);
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.stack.empty('UsersTable');
  await app.reset();
});

const pathOf = (userId: string) => `/v1/sites/demo/users/${toPathId(userId)}`;
const rename = (from: string, to: unknown) =>
  app.call('POST', `${pathOf(from)}/rename`, { body: { userId: to } });
const get = async (userId: string) => (await app.call('GET', pathOf(userId))).json;

test('keeps chats, switches, opt-outs and log; the former id is nobody', async () => {
  await app.call('PATCH', pathOf('anna'), { body: { mutedEvents: ['file-access'], language: 'en' } });
  await people.tell('prima', 'anna');
  await webhook.write(ANNA, '/stop');
  const { userId: _, ...before } = await get('anna');

  expect((await rename('anna', 'CLI/001')).status).toBe(204);

  expect(await get('CLI/001')).toEqual({ userId: 'CLI/001', ...before });
  expect((await app.call('GET', pathOf('anna'))).status).toBe(404);
  const log = await app.call('GET', '/v1/sites/demo/deliveries', { query: { userId: 'CLI/001' } });
  expect(log.json.deliveries).toContainEqual(
    expect.objectContaining({ eventId: 'prima', userId: 'CLI/001' }),
  );
  await webhook.write(ANNA, '/start');
  expect(await people.tell('dopo', 'CLI/001')).toMatchObject([{ status: 'queued' }]);
  expect(await people.tell('nessuno', 'anna')).toMatchObject([{ status: 'skipped', reason: 'not-linked' }]);
});

test('again is 204; to an id that another user has is 409; nobody is 404', async () => {
  expect((await rename('anna', 'nuova')).status).toBe(204);
  expect((await rename('anna', 'nuova')).status).toBe(204);
  expect((await rename('anna', 'altra')).status).toBe(404);
  expect((await rename('nuova', 'bruno')).status).toBe(409);
  expect((await rename('nessuno', 'x')).status).toBe(404);
  expect((await rename('nuova', 'nuova')).status).toBe(204);
  expect(await get('nuova')).toMatchObject({ firstName: 'Anna', linked: true });
  expect(await get('bruno')).toMatchObject({ firstName: 'Bruno' });
});

test('and back: the id that was given up may be taken again', async () => {
  await rename('anna', 'b');
  expect((await rename('b', 'anna')).status).toBe(204);
  expect(await get('anna')).toMatchObject({ firstName: 'Anna', linked: true });
  expect((await app.call('GET', pathOf('b'))).status).toBe(404);
  expect(await people.tell('tornata', 'anna')).toHaveLength(1);
  expect((await people.textsIn(ANNA)).at(-1)).toContain('F24 tornata');
});

test('what waits in the queue for the former id is sent, and recorded under the new one', async () => {
  await app.report('message-sent', {
    ...{ eventId: 'in coda', message: { id: '1', subject: 'F24 in coda' }, sender: { id: 's' } },
    recipients: [{ id: 'anna' }],
  });
  await rename('anna', 'b');
  await rename('b', 'c');
  await people.deliver();

  expect((await people.textsIn(ANNA)).join()).toContain('F24 in coda');
  const log = await app.call('GET', '/v1/sites/demo/deliveries', { query: { userId: 'c' } });
  expect(log.json.deliveries).toContainEqual(
    expect.objectContaining({ eventId: 'in coda', status: 'sent', userId: 'c' }),
  );
});

test('a link that was made before is for the same person; one that is made afterwards is for whoever has the id now', async () => {
  const { json: before } = await app.call('POST', `${pathOf('dario')}/link`, { body: {} });
  await rename('dario', 'dario-2');
  const { json: after } = await app.call('POST', `${pathOf('dario')}/link`, { body: { firstName: 'Altro' } });

  await webhook.write(STRANGER, `/start ${before.token}`);
  expect(await get('dario-2')).toMatchObject({ firstName: 'Dario', chats: [{ chatId: STRANGER }] });
  await webhook.write(ANNA, `/start ${after.token}`);

  expect(await get('dario')).toMatchObject({ firstName: 'Altro', chats: [{ chatId: ANNA }] });
  expect(await get('dario-2')).toMatchObject({ chats: [{ chatId: STRANGER }] });
});

test('whoever opens their link once more after it is not welcomed again, and no chat is told again', async () => {
  await people.link('anna', STRANGER);
  const { json } = await app.call('POST', `${pathOf('anna')}/link`, { body: {} });
  await webhook.write(OTHER_STRANGER, `/start ${json.token}`);
  await people.deliver();
  const notices = async () =>
    (await Promise.all([ANNA, STRANGER, OTHER_STRANGER].map(people.textsIn)))
      .flat()
      .filter((text) => /riceve ora gli avvisi|un'altra chat/.test(text));
  const before = await notices();
  expect(before).toHaveLength(5);

  await rename('anna', 'b');
  await webhook.write(OTHER_STRANGER, `/start ${json.token}`);
  await people.deliver();

  expect(await notices()).toEqual(before);
});

test('what is scheduled goes on: a cart is ended by its order, and a newer cart replaces it', async () => {
  const cart = {
    id: 'c-1',
    itemCount: 1,
    total: { amount: '10', currency: 'EUR' },
    url: 'https://shop.example/c',
  };
  await app.report('abandoned-cart', { eventId: 'carrello', cart, user: { id: 'anna' } });
  await rename('anna', 'CLI/001');

  const waiting = async () =>
    (await app.stack.items('ScheduleTable'))
      .filter(({ shard }) => shard)
      .map(({ key, event }) => [key, event]);
  expect(await waiting()).toEqual([['cart#CLI/001', expect.stringContaining('"id":"CLI/001"')]]);
  expect((await app.withdraw('abandoned-cart', 'CLI/001')).status).toBe(204);
  expect(await waiting()).toEqual([]);
});

test('a cart that was withdrawn before it was reported is remembered under the new id', async () => {
  await app.withdraw('abandoned-cart', 'anna');
  await rename('anna', 'CLI/001');
  const cart = {
    ...{ id: 'c-2', itemCount: 1, total: { amount: '10', currency: 'EUR' }, url: 'https://shop.example/c' },
  };
  const late = {
    eventId: 'in ritardo',
    occurredAt: '2026-11-20T10:00:00+01:00',
    cart,
    user: { id: 'CLI/001' },
  };
  expect((await app.report('abandoned-cart', late)).json.notifications).toMatchObject([
    { reason: 'superseded' },
  ]);
});

test.each<[unknown]>([[''], [' '], [7], ['x'.repeat(129)], [undefined]])('400: %p', async (to) => {
  expect((await rename('anna', to)).status).toBe(400);
  expect(await get('anna')).toMatchObject({ linked: true });
});

test('erasing takes the former ids along', async () => {
  await people.tell('prima', 'anna');
  await rename('anna', 'b');
  expect((await app.call('DELETE', pathOf('anna'))).status).toBe(404);
  expect((await app.call('DELETE', pathOf('b'))).status).toBe(200);
  const left = [...(await app.stack.items('UsersTable')), ...(await app.stack.items('LinksTable'))];
  expect(JSON.stringify(left.filter((item) => !saysErased(item)))).not.toMatch(/"(anna|b)"|Rossi/);
});

describe('an id that is used again', () => {
  const link = (userId: string, chatId: number, details = {}) => people.link(userId, chatId, details);
  const report = (eventId: string, userId: string) =>
    app.report('message-sent', {
      ...{ eventId, message: { id: '1', subject: `F24 ${eventId}` }, sender: { id: 's' } },
      recipients: [{ id: userId }],
    });
  const shown = async (chatId: number) => (await people.textsIn(chatId)).join();

  test('erasing the one who had it leaves the one who has it', async () => {
    await rename('anna', 'b');
    await link('anna', STRANGER, { firstName: 'Altra' });
    expect((await app.call('DELETE', pathOf('b'))).status).toBe(200);
    expect(await get('anna')).toMatchObject({ firstName: 'Altra', chats: [{ chatId: STRANGER }] });
    const left = (await app.stack.items('UsersTable')).filter((item) => !saysErased(item));
    expect(JSON.stringify(left)).not.toContain('"b"');
  });

  test('swapped: erasing one leaves the other', async () => {
    await rename('anna', 'tmp');
    await rename('bruno', 'anna');
    await rename('tmp', 'bruno');
    await app.call('DELETE', pathOf('bruno'));
    expect(await get('anna')).toMatchObject({ firstName: 'Bruno', linked: true });
  });

  test('what waits reaches the one for whom it was accepted, under the right name', async () => {
    await report('per anna', 'anna');
    await report('per bruno', 'bruno');
    await rename('anna', 'tmp');
    await rename('bruno', 'anna');
    await rename('tmp', 'bruno');
    await people.deliver();

    expect(await shown(ANNA)).toContain('F24 per anna');
    expect(await shown(ANNA)).not.toContain('F24 per bruno');
    expect(await shown(BRUNO)).toContain('F24 per bruno');
  });

  test('what the former release has queued does not reach the new holder', async () => {
    await report('segreto', 'anna');
    const [waiting] = await app.takeQueued();
    if (!waiting) throw new Error('Nothing is queued.');
    const { chatId: _, ...former } = waiting;
    await rename('anna', 'b');
    await link('anna', STRANGER);
    await app.deliver([record(former)]);

    expect(await shown(STRANGER)).not.toContain('segreto');
    expect(await shown(ANNA)).toContain('F24 segreto');
  });
});

describe('at the same moment', () => {
  test('two renamings of one user: one wins, and nobody is left over', async () => {
    for (let round = 0; round < 5; round++) {
      const [from, one, other] = [`u${round}`, `x${round}`, `y${round}`];
      await app.setUser(from, { chatId: 8000 + round });
      const answers = await Promise.all([rename(from, one), rename(from, other)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([204, 404]);
      const found = await Promise.all([from, one, other].map(async (id) => app.call('GET', pathOf(id))));
      expect(found.filter(({ status }) => status === 200)).toHaveLength(1);
    }
  });

  test('an erasure: nobody lives on', async () => {
    let erased = 0;
    for (let round = 0; round < 12; round++) {
      await app.setUser(`e${round}`, { chatId: 8100 + round, firstName: `Sparita-${round}.` });
      const renaming = rename(`e${round}`, `f${round}`);
      await new Promise((resolve) => setTimeout(resolve, round));
      const [{ status }] = await Promise.all([app.call('DELETE', pathOf(`e${round}`)), renaming]);
      // 404: the renaming was first, and nobody has that id any more.
      if (status !== 200) continue;
      erased += 1;
      const left = JSON.stringify(await app.stack.items('UsersTable'));
      expect(left).not.toContain(`Sparita-${round}.`);
    }
    expect(erased).toBeGreaterThan(0);
  });

  test('a /stop holds under the new id', async () => {
    for (let round = 0; round < 8; round++) {
      await rename(round === 0 ? 'anna' : `s${round - 1}`, `s-${round}`);
      await Promise.all([webhook.write(ANNA, '/stop'), rename(`s-${round}`, `s${round}`)]);
      expect(await get(`s${round}`)).toMatchObject({ optedOut: true });
      await webhook.write(ANNA, '/start');
    }
  });

  test('a link, and an opt-out on the site, are the renamed user’s', async () => {
    for (let round = 0; round < 5; round++) {
      const [from, to] = [`l${round}`, `m${round}`];
      await app.setUser(from, { chatId: 8200 + round });
      const { json } = await app.call('POST', `${pathOf(from)}/link`, { body: {} });
      const optOut = app.call('PATCH', pathOf(from), { body: { optedOut: true, by: 'shop' } });
      await Promise.all([webhook.write(STRANGER, `/start ${json.token}`), rename(from, to), optOut]);
      // Either came before the renaming, or after it: then the id was nobody's, and the link is still the person's.
      const { chats } = await get(to);
      expect(chats.map(({ chatId }: { chatId: number }) => chatId)).toContain(STRANGER);
      if ((await optOut).status === 200 && !(await get(from)).userId)
        expect(await get(to)).toMatchObject({ optedOut: true });
    }
  });
});
