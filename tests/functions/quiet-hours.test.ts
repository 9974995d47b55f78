/** The settings of quiet hours: of the site, and of a person. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());
beforeEach(() => app.reset());

const SITE = '/v1/sites/demo';
const ANNA = '/v1/sites/demo/users/anna';
const NIGHT = { from: '22:00', to: '08:00', mode: 'after' };

const patch = (path: string, body: object, language = 'en') =>
  app.call('PATCH', path, { body, headers: { 'accept-language': language } });

describe('of the site', () => {
  test('off until they are set; set, changed and switched off, each in the audit', async () => {
    expect((await app.call('GET', SITE)).json).not.toHaveProperty('quietHours');

    const { status, json } = await patch(SITE, { quietHours: NIGHT });
    expect([status, json.quietHours]).toEqual([200, NIGHT]);
    expect((await app.call('GET', SITE)).json.quietHours).toEqual(NIGHT);

    const silent = { from: '23:30', to: '06:15', mode: 'silent' };
    expect((await patch(SITE, { quietHours: silent })).json.quietHours).toEqual(silent);
    expect((await patch(SITE, { docuvision: true })).json.quietHours).toEqual(silent);
    expect((await patch(SITE, { quietHours: null })).json).not.toHaveProperty('quietHours');
    expect(await app.storedSite()).not.toHaveProperty('quietHours');

    const { json: audit } = await app.call('GET', `${SITE}/audit`);
    const fields = audit.entries.flatMap(({ changes }: { changes: { field: string }[] }) =>
      changes.map(({ field }) => field),
    );
    expect(fields.filter((field: string) => field === 'quietHours')).toHaveLength(3);
    expect(audit.entries[0].changes).toEqual([
      { action: 'setting-changed', field: 'quietHours', from: silent },
    ]);
  });

  test.each<[object | string, string, RegExp, RegExp]>([
    [{ ...NIGHT, from: '22' }, '/quietHours/from', /time of day.*"22:00"/, /ora del giorno.*"22:00"/],
    [{ ...NIGHT, to: '24:00' }, '/quietHours/to', /time of day/, /ora del giorno/],
    [{ ...NIGHT, to: '8:00' }, '/quietHours/to', /time of day/, /ora del giorno/],
    [
      { ...NIGHT, to: '22:00' },
      '/quietHours/to',
      /not be the time of the beginning/,
      /Non deve essere la stessa ora/,
    ],
    [{ ...NIGHT, mode: 'loud' }, '/quietHours/mode', /"silent".*"after"/, /"silent".*"after"/],
    [{ ...NIGHT, mode: 'off' }, '/quietHours/mode', /"silent".*"after"/, /"silent".*"after"/],
    [{ from: '22:00', mode: 'after' }, '/quietHours/to', /required/, /obbligatoria/],
    [{ ...NIGHT, days: [] }, '/quietHours/days', /./, /./],
    ['22-8', '/quietHours', /./, /./],
  ])('%j is refused: %s', async (quietHours, pointer, en, it) => {
    for (const [language, detail] of [
      ['en', en],
      ['it', it],
    ] as const) {
      const { status, json } = await patch(SITE, { quietHours }, language);
      expect(status).toBe(400);
      expect(json.errors).toEqual([
        expect.objectContaining({ pointer, detail: expect.stringMatching(detail) }),
      ]);
    }
    expect(await app.storedSite()).not.toHaveProperty('quietHours');
  });
});

describe('of a person', () => {
  test('none of their own until they are set; shown, exported, removed, and erased with the person', async () => {
    expect((await app.call('GET', ANNA)).json).not.toHaveProperty('quietHours');
    const { json } = await patch(ANNA, { quietHours: NIGHT, timeZone: 'europe/rome' });
    expect(json).toMatchObject({ quietHours: NIGHT, timeZone: 'Europe/Rome' });
    expect((await app.call('GET', ANNA)).json).toMatchObject({ quietHours: NIGHT, timeZone: 'Europe/Rome' });
    expect((await app.call('GET', `${ANNA}/export`)).json.user).toMatchObject({
      quietHours: NIGHT,
      timeZone: 'Europe/Rome',
    });

    expect((await patch(ANNA, { quietHours: { mode: 'off' } })).json.quietHours).toEqual({ mode: 'off' });
    expect((await patch(ANNA, { firstName: 'Anna' })).json.quietHours).toEqual({ mode: 'off' });
    const without = (await patch(ANNA, { quietHours: null, timeZone: null })).json;
    expect(without).not.toHaveProperty('quietHours');
    expect(without).not.toHaveProperty('timeZone');

    await patch(ANNA, { quietHours: NIGHT, timeZone: 'Europe/Rome' });
    await app.call('DELETE', ANNA);
    expect(await app.findUser('anna')).toBeUndefined();
    expect(JSON.stringify(await app.stack.items('UsersTable'))).not.toContain('22:00');
  });

  test('they go along to another id', async () => {
    await patch(ANNA, { quietHours: NIGHT, timeZone: 'Europe/Malta' });
    await app.call('POST', `${ANNA}/rename`, { body: { userId: 'anna-7' } });
    expect((await app.call('GET', '/v1/sites/demo/users/anna-7')).json).toMatchObject({
      quietHours: NIGHT,
      timeZone: 'Europe/Malta',
    });
  });

  test.each<[object, string, RegExp, RegExp]>([
    [
      { quietHours: { ...NIGHT, to: '22:00' } },
      '/quietHours/to',
      /not be the time of the beginning/,
      /la stessa ora/,
    ],
    [{ quietHours: { mode: 'silent', to: '08:00' } }, '/quietHours/from', /Is needed/, /Serve/],
    [
      { quietHours: { mode: 'off', from: '22:00' } },
      '/quietHours/from',
      /Does not go with/,
      /Non va insieme/,
    ],
    [{ quietHours: { ...NIGHT, from: '25:00' } }, '/quietHours/from', /time of day/, /ora del giorno/],
    [{ quietHours: { ...NIGHT, mode: 'never' } }, '/quietHours/mode', /"silent".*"off"/, /"silent".*"off"/],
    [{ timeZone: 'Roma' }, '/timeZone', /Europe\/Rome/, /Europe\/Rome/],
  ])('%j is refused: %s', async (body, pointer, en, it) => {
    for (const [language, detail] of [
      ['en', en],
      ['it', it],
    ] as const) {
      const { status, json } = await patch(ANNA, body, language);
      expect(status).toBe(400);
      expect(json.errors).toEqual([
        expect.objectContaining({ pointer, detail: expect.stringMatching(detail) }),
      ]);
    }
    expect(await app.findUser('anna')).not.toHaveProperty('quietHours');
  });
});

test('a choice that was made since a backup is made again', async () => {
  const before = await app.findUser('anna');
  await patch(ANNA, { quietHours: NIGHT });
  if (before) await app.stack.putUser(before);
  const { replayStatements } = await import('../../lib/users/replay-statements.ts');
  await replayStatements(new Date(Date.now() - 60_000).toISOString(), ['USERS_TABLE']);
  expect((await app.call('GET', ANNA)).json.quietHours).toEqual(NIGHT);
});
