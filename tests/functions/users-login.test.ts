/** `POST …/telegram-login`: what Telegram's login widget gave the site. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
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

describe('once', () => {
  test('409 for the second time, by whomever', async () => {
    const login = loginOf(7004);
    expect((await logIn('dario', login)).status).toBe(200);
    expect((await logIn('dario', login)).status).toBe(409);
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
    expect(json.errors).toEqual([{ pointer, detail: expect.any(String) }]);
    expect(json.detail).toMatch(/^Nobody was linked|^Nothing was changed/);
    expect(await app.takeQueued()).toEqual([]);
  });
});

test('no answer holds the token of the bot', async () => {
  for (const body of [loginOf(7008, {}, 'x'), {}, 'x'])
    expect((await logIn('dario', body)).text).not.toContain('100:demo');
});
