/** Who works in the shop: the setting, and what becomes of its people. */

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Site } from '../../lib/store/sites.ts';
import { type App, startApp } from '../support/app.ts';

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());
beforeEach(() => app.reset());

const SITE = '/v1/sites/demo';
const patch = (body: object, language = 'en') =>
  app.call('PATCH', SITE, { body, headers: { 'accept-language': language } });

const CARLA = { userId: 'carla', notices: ['new-order', 'failures'] };

describe('the setting', () => {
  test('off until it is set; set, changed and removed, in the audit without the people', async () => {
    expect((await app.call('GET', SITE)).json).not.toHaveProperty('staff');
    const { status, json } = await patch({ staff: [CARLA] });
    expect([status, json.staff]).toEqual([200, [CARLA]]);
    expect(json).not.toHaveProperty('warnings');
    expect((await app.call('GET', SITE)).json.staff).toEqual([CARLA]);
    // In the order in which people see them, each once.
    const mixed = { userId: 'carla', notices: ['module-off', 'new-order', 'module-off'] };
    expect((await patch({ staff: [mixed] })).json.staff).toEqual([
      { userId: 'carla', notices: ['new-order', 'module-off'] },
    ]);
    expect((await patch({ staff: [] })).json).not.toHaveProperty('staff');
    await patch({ staff: [CARLA] });
    expect((await patch({ staff: null })).json).not.toHaveProperty('staff');
    const { json: audit } = await app.call('GET', `${SITE}/audit`);
    expect(audit.entries.flatMap(({ changes }: { changes: object[] }) => changes)).toEqual(
      Array.from({ length: 5 }, () => ({ action: 'setting-changed', field: 'staff' })),
    );
  });

  test('somebody whom nobody knows is a warning, and no error', async () => {
    const staff = [CARLA, { userId: 'nessuno', notices: ['new-order'] }];
    const en = await patch({ staff });
    expect([en.status, en.json.staff]).toEqual([200, staff]);
    expect(en.json.warnings).toEqual([
      { pointer: '/staff/1/userId', code: 'unknown-person', detail: expect.stringContaining('"nessuno"') },
    ]);
    const it = await patch({ staff }, 'it');
    expect(it.json.warnings[0].detail).toMatch(/Nessuno è ancora noto come "nessuno"/);
    // Known, and not linked.
    expect((await patch({ staff: [{ userId: 'dario', notices: ['failures'] }] })).json).not.toHaveProperty(
      'warnings',
    );
  });

  test.each<[string, unknown, string]>([
    ['a notice that there is not', [{ userId: 'carla', notices: ['sales'] }], '/staff/0/notices/0'],
    ['no notice', [{ userId: 'carla', notices: [] }], '/staff/0/notices'],
    ['no id', [{ notices: ['failures'] }], '/staff/0/userId'],
    ['a person twice', [CARLA, CARLA], '/staff/1/userId'],
    ['another field', [{ ...CARLA, role: 'boss' }], '/staff/0/role'],
    ['no list', { carla: ['failures'] }, '/staff'],
    ['21 people', Array.from({ length: 21 }, (_, n) => ({ ...CARLA, userId: `${n}` })), '/staff'],
  ])('%s is refused, in both languages', async (_, staff, pointer) => {
    for (const language of ['it', 'en']) {
      const { status, json } = await patch({ staff }, language);
      expect(status).toBe(400);
      expect(json.errors).toEqual([expect.objectContaining({ pointer })]);
    }
    expect(await app.storedSite()).not.toHaveProperty('staff');
  });

  test('20 people are taken', async () => {
    const staff = Array.from({ length: 20 }, (_, n) => ({ ...CARLA, userId: `${n}` }));
    expect((await patch({ staff })).status).toBe(200);
  });
});

describe('its people', () => {
  test('who is renamed stays in it under the new id', async () => {
    await patch({ staff: [CARLA, { userId: 'bruno', notices: ['failures'] }] });
    const { status } = await app.call('POST', `${SITE}/users/carla/rename`, { body: { userId: 'carla-2' } });
    expect(status).toBe(204);
    await app.applyChanges();
    expect((await app.storedSite()).staff).toEqual([
      { userId: 'bruno', notices: ['failures'] },
      { ...CARLA, userId: 'carla-2' },
    ]);
  });

  test('who is erased is removed from it', async () => {
    await patch({ staff: [CARLA, { userId: 'bruno', notices: ['failures'] }] });
    await app.call('DELETE', `${SITE}/users/carla`);
    await app.applyChanges();
    expect((await app.storedSite()).staff).toEqual([{ userId: 'bruno', notices: ['failures'] }]);
    await app.call('DELETE', `${SITE}/users/bruno`);
    await app.applyChanges();
    expect(await app.storedSite()).not.toHaveProperty('staff');
  });

  test('a restored site names nobody who was erased since, and renamed people by their new id', async () => {
    const staff = [CARLA, { userId: 'bruno', notices: ['failures'] }] as Site['staff'];
    const restoredTo = new Date(Date.now() - 3_600_000).toISOString();
    await app.call('DELETE', `${SITE}/users/bruno`);
    await app.call('POST', `${SITE}/users/carla/rename`, { body: { userId: 'carla-3' } });
    await app.applyChanges();
    await app.setSite({ staff });
    const { replayStatements } = await import('../../lib/users/replay-statements.ts');
    await replayStatements(restoredTo, ['SITES_TABLE']);
    expect((await app.storedSite()).staff).toEqual([{ ...CARLA, userId: 'carla-3' }]);
  });

  test('a person may mute a notice, and the export shows it', async () => {
    const { status, json } = await app.call('PATCH', `${SITE}/users/carla`, {
      body: { mutedEvents: ['staff-new-order'] },
    });
    expect([status, json.mutedEvents]).toEqual([200, ['staff-new-order']]);
    expect((await app.call('GET', `${SITE}/users/carla/export`)).json).not.toHaveProperty('staff');
    await patch({ staff: [CARLA] });
    const exported = (await app.call('GET', `${SITE}/users/carla/export`)).json;
    expect([exported.staff, exported.user.mutedEvents]).toEqual([CARLA.notices, ['staff-new-order']]);
  });
});
