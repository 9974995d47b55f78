/** How long a template collects the notices of a folder: docs/templates.md, "Collecting the notices of a folder". */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { template } from '../support/fixtures.ts';

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const PATH = '/v1/sites/demo/templates/caricati';
const uploads = {
  ...template('file-upload', 'caricati'),
  text: { it: '{{elencoFile}}', en: '{{elencoFile}}' },
};
const { id: _, ...body } = uploads;
beforeEach(() => app.setTemplates(uploads));

test('is saved, read, changed and taken away', async () => {
  const put = await app.call('PUT', PATH, { body: { ...body, digestMinutes: 1 } });
  expect(put).toMatchObject({ status: 200, json: { digestMinutes: 1 } });
  await app.call('PATCH', PATH, { body: { digestMinutes: 60 } });
  await app.call('PATCH', PATH, { body: { name: 'Altro nome' } });
  expect((await app.call('GET', PATH)).json).toMatchObject({ name: 'Altro nome', digestMinutes: 60 });
  await app.call('PATCH', PATH, { body: { digestMinutes: null } });
  expect((await app.call('GET', PATH)).json).not.toHaveProperty('digestMinutes');
});

test.each([0, 61, 1.5, '10', -5])('is from 1 to 60 whole minutes: %p is refused', async (digestMinutes) => {
  const answer = await app.call('PATCH', PATH, { body: { digestMinutes } });
  expect(answer).toMatchObject({ status: 400, json: { errors: [{ pointer: '/digestMinutes' }] } });
});

test.each(['order-status', 'message-sent', 'activity-viewed', 'welcome'] as const)(
  'only the notices of files have a folder: %s is refused',
  async (event) => {
    const statuses = event === 'order-status' ? { statuses: ['Evaso'] } : {};
    const text = { it: 'Ciao', en: 'Hello' };
    const answer = await app.call('PUT', PATH, {
      body: { name: 'x', event, text, ...statuses, digestMinutes: 5 },
    });
    expect(answer).toMatchObject({ status: 400, json: { errors: [{ pointer: '/digestMinutes' }] } });
  },
);

test('is part of a version, and of what was changed', async () => {
  await app.call('PATCH', PATH, { body: { digestMinutes: 20 } });
  const versions = await app.call('GET', `${PATH}/versions`);
  expect(versions.json.versions[0].template).toMatchObject({ digestMinutes: 20 });
  const { json } = await app.call('GET', '/v1/sites/demo/audit');
  expect(JSON.stringify(json.entries ?? json)).toContain('digestMinutes');
});

test('a preview takes it, so that a template can be sent as it was read', async () => {
  const answer = await app.call('POST', '/v1/sites/demo/templates/preview', {
    body: { ...body, digestMinutes: 20 },
  });
  expect(answer.status).toBe(200);
});
