/** `POST …/telegram-login`: what Telegram's login widget gave the site. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { template } from '../support/fixtures.ts';
import { loginOf, signed } from '../users/widget-fields.ts';

let app: App;

beforeAll(async () => {
  app = await startApp({ telegram: 'server' });
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.setSite();
  await app.takeQueued();
});

const logIn = (userId: string, body: unknown) =>
  app.call('POST', `/v1/sites/demo/users/${userId}/telegram-login`, { body });

const seconds = () => Math.floor(Date.now() / 1000);

test('200: linked, with the welcome on its way', async () => {
  const { status, json } = await logIn('dario', loginOf(7001, { username: 'dario_neri' }));

  expect(status).toBe(200);
  expect(json).toMatchObject({
    userId: 'dario',
    linked: true,
    linkedBy: 'login-widget',
    telegramUsername: 'dario_neri',
    firstName: 'Dario',
  });
  expect(await app.findUser('dario')).toMatchObject({ chatId: 7001 });
  const [welcome, ...more] = await app.takeQueued();
  expect(more).toEqual([]);
  expect(welcome).toMatchObject({ event: 'welcome', userId: 'dario', templateId: 'default-welcome' });
  expect(welcome?.text).toContain('per <b>Dario Neri</b>');
});

test('whoever is not known yet comes to be, under the name they have at Telegram', async () => {
  const { json } = await logIn('nuova', loginOf(7002, { first_name: 'Nuova', last_name: 'Persona' }));
  expect(json).toMatchObject({ linked: true, firstName: 'Nuova', lastName: 'Persona' });
});

test('fields that Telegram may add are part of what it signs', async () => {
  const { status } = await logIn('dario', loginOf(7003, { is_premium: 'true', level: 3 }));
  expect(status).toBe(200);
});

test("groups are the site's word, and not signed: a welcome may be for some of them", async () => {
  const welcome = (id: string, groups?: string[]) =>
    template('welcome', id, { text: { it: id }, ...(groups && { groups }) });
  await app.setTemplates(welcome('tutti'), welcome('agenti', ['Agenti']), welcome('vip', ['VIP']));
  expect((await logIn('gruppi-1', { ...loginOf(7090), groups: ['Agenti', ''] })).status).toBe(200);
  expect((await app.takeQueued()).map(({ templateId }) => templateId).sort()).toEqual(['agenti', 'tutti']);
  expect((await logIn('gruppi-2', { ...loginOf(7091), groups: null })).status).toBe(200);
  expect((await app.takeQueued()).map(({ templateId }) => templateId)).toEqual(['tutti']);
  const refused = await logIn('gruppi-3', { ...loginOf(7092), groups: 'Agenti' });
  expect(refused).toMatchObject({ status: 400, json: { errors: [{ pointer: '/groups' }] } });
});

describe('null or "" in a login is as if it were absent', () => {
  const NAMES = ['last_name', 'username', 'photo_url'];
  const bare = (id: number) => signed({ id, first_name: 'Solo', auth_date: seconds() - 2 });

  test.each<[string, string | null]>([
    ['null', null],
    ['""', ''],
  ])('%s, that Telegram has not sent and not signed', async (_what, value) => {
    for (const [index, name] of NAMES.entries()) {
      const userId = `senza-${name}-${value}`;
      // Another person each time: a login may be used once.
      const id = (value === null ? 7020 : 7040) + index;
      const { status, json } = await logIn(userId, { ...bare(id), [name]: value });
      expect({ name, status }).toEqual({ name, status: 200 });
      expect(json).toMatchObject({ linked: true, firstName: 'Solo' });
      expect(json).not.toHaveProperty('lastName');
      expect(json).not.toHaveProperty('telegramUsername');
    }
  });

  test('"" that Telegram has signed: the signature is checked over what was sent', async () => {
    const { status, json } = await logIn('firmato', loginOf(7030, { last_name: '', username: '' }));
    expect(status).toBe(200);
    expect(json).not.toHaveProperty('lastName');
    expect(json).not.toHaveProperty('telegramUsername');
  });

  test('all of them at once, signed or not', async () => {
    const signedOne = loginOf(7031, { last_name: '' });
    expect((await logIn('misto', { ...signedOne, photo_url: null })).status).toBe(200);
    const empty = { last_name: null, username: null, photo_url: '' };
    expect((await logIn('vuoto', { ...bare(7032), ...empty })).status).toBe(200);
  });

  test('what Telegram has signed can not be taken out so', async () => {
    const login = loginOf(7033, { last_name: 'Rossi' });
    for (const value of [null, ''])
      expect((await logIn('tolto', { ...login, last_name: value })).status).toBe(400);
  });

  test.each(['id', 'auth_date', 'hash'])('%s is needed', async (name) => {
    for (const value of [null, ''])
      expect((await logIn('dario', { ...loginOf(7034), [name]: value })).status).toBe(400);
  });
});

describe('once', () => {
  test('the same for the same user again: the same answer, and nothing more is done', async () => {
    const login = loginOf(7004);
    const first = await logIn('dario', login);
    expect(first.status).toBe(200);
    const linked = await app.findUser('dario');
    await app.takeQueued();

    for (let round = 0; round < 3; round++) expect(await logIn('dario', login)).toEqual(first);
    expect(await app.findUser('dario')).toEqual(linked);
    expect(await app.takeQueued()).toEqual([]);
  });

  test('six times at once: six times 200, one link, one welcome', async () => {
    const login = loginOf(7010);
    const answers = await Promise.all(Array.from({ length: 6 }, () => logIn('sei', login)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers[0]?.json.chats).toHaveLength(1);
    expect(new Set((await app.takeQueued()).map(({ deliveryId }) => deliveryId)).size).toBe(1);
  });

  test('the same again, after the person has got another id: their state', async () => {
    const login = loginOf(7011);
    await logIn('prima', login);
    await app.call('POST', '/v1/sites/demo/users/prima/rename', { body: { userId: 'dopo' } });
    expect((await logIn('prima', login)).json).toMatchObject({ userId: 'dopo', linked: true });
  });

  test.each(['/link', ''])('the same again, after DELETE …/users/{userId}%s: 409', async (path) => {
    const login = loginOf(path === '' ? 7012 : 7014);
    const userId = `finita${path.length}`;
    const user = `/v1/sites/demo/users/${userId}`;
    expect((await logIn(userId, login)).status).toBe(200);
    await app.call('DELETE', `${user}${path}`);
    await app.takeQueued();
    const { status, json } = await logIn(userId, login);
    expect(status).toBe(409);
    expect(json.detail).toBe(
      'This link was ended in the meantime, and is not made again. Nothing is to be done.',
    );
    expect((await app.call('GET', user)).json.linked).not.toBe(true);
    expect(await app.takeQueued()).toEqual([]);
  });

  test('409 for another user', async () => {
    const login = loginOf(7013);
    expect((await logIn('dario', login)).status).toBe(200);
    const stolen = await logIn('anna', login);
    expect(stolen.status).toBe(409);
    expect(stolen.json.title).toBe('Conflict');
    expect(await app.findUser('anna')).toMatchObject({ chatId: 1001 });
  });

  test('two users at the same instant: one', async () => {
    const login = loginOf(7005);
    const answers = await Promise.all([logIn('primo', login), logIn('secondo', login)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });
});

describe('400', () => {
  test.each<[string, () => unknown, string]>([
    ['a signature of another bot', () => loginOf(7006, {}, '200:nuovo'), '/hash'],
    ['another person', () => ({ ...loginOf(7006), id: 7007 }), '/hash'],
    ['a field that was not signed', () => ({ ...loginOf(7006), extra: 'x' }), '/hash'],
    ['an old login', () => loginOf(7006, { auth_date: seconds() - 86_460 }), '/auth_date'],
    ['a login from the future', () => loginOf(7006, { auth_date: seconds() + 60 }), '/auth_date'],
    ['a group', () => loginOf(-7006), ''],
    ['no hash', () => ({ id: 7006, auth_date: seconds() }), '/hash'],
    ['no id', () => signed({ auth_date: seconds() }), '/id'],
    ['a value that is a list', () => ({ ...loginOf(7006), photo_url: [] }), '/photo_url'],
  ])('%s', async (_what, body, pointer) => {
    const { status, json } = await logIn('dario', body());
    expect(status).toBe(400);
    expect(json.errors).toEqual([{ pointer, code: expect.any(String), detail: expect.any(String) }]);
    expect(json.detail).toMatch(/^Nobody was linked|^Nothing was changed/);
    expect(await app.takeQueued()).toEqual([]);
  });
});

test('no answer holds the token of the bot', async () => {
  for (const body of [loginOf(7008, {}, 'x'), {}, 'x'])
    expect((await logIn('dario', body)).text).not.toContain('100:demo');
});
