/** The recipients of an activity whose status changes, beside its creator (docs/events.md, docs/templates.md). */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Audience, Template } from '../../lib/domain/templates.ts';
import { defaultTemplates } from '../../lib/templates/template-kinds.ts';
import { type App, startApp } from '../support/app.ts';
import { template } from '../support/fixtures.ts';
import { type Fields, payload } from '../support/payloads.ts';

let app: App;
let count = 0;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.setSite();
  await app.takeQueued();
});

const CREATORS = 'default-activity-status';
const RECIPIENTS = 'default-activity-status-destinatari';

/** A change of an activity that Anna has created. */
const changeFor = (recipients: Fields[] | undefined, changes: Fields = {}) =>
  payload('activity-status', { eventId: `change-${++count}`, recipients, ...changes });

const bruno = { id: 'bruno', firstName: 'Bruno', language: 'it' };
const carla = { id: 'carla', firstName: 'Carla' };

async function outcomesOf(body: Fields): Promise<string[][]> {
  const { status, json } = await app.report('activity-status', body);
  expect(status).toBe(202);
  return json.notifications.map((one: { userId: string; templateId?: string; reason?: string }) => [
    one.userId,
    one.templateId ?? one.reason,
  ]);
}

test('are told in words of their own: they did not create it', async () => {
  expect(await outcomesOf(changeFor([bruno, { ...carla, language: 'en' }]))).toEqual([
    ['anna', CREATORS],
    ['bruno', RECIPIENTS],
    ['carla', RECIPIENTS],
  ]);
  const texts = new Map((await app.takeQueued()).map(({ userId, text }) => [userId, text]));
  expect(texts.get('anna')).toMatch(/^🗓 Ciao Anna, un'attività della tua agenda ha cambiato stato\.\n/);
  expect(texts.get('bruno')).toMatch(/^🗓 Ciao Bruno, è cambiato lo stato di un'attività che ti riguarda\.\n/);
  expect(texts.get('carla')).toMatch(/^🗓 Hello Carla, an activity that concerns you has a new status\.\n/);
  for (const text of texts.values()) expect(text).toContain('<i>Pianificata</i> → <b>Completata</b>');
});

test('the creator who is also a recipient is told once, as the creator; so is who is named twice', async () => {
  const body = changeFor([{ id: 'anna', firstName: 'Un altro nome' }, bruno, bruno]);
  expect(await outcomesOf(body)).toEqual([
    ['anna', CREATORS],
    ['bruno', RECIPIENTS],
  ]);
  const [first] = (await app.takeQueued()).filter(({ userId }) => userId === 'anna');
  expect(first?.text).toMatch(/^🗓 Ciao Anna,/);
});

test('may be none, or more the next time: it is the same event', async () => {
  const body = changeFor([]);
  expect(await outcomesOf(body)).toEqual([['anna', CREATORS]]);
  const { recipients: _, ...without } = body;
  expect((await app.report('activity-status', without)).json).toMatchObject({ repeated: true });
  expect(await outcomesOf({ ...body, recipients: [bruno] })).toEqual([
    ['anna', CREATORS],
    ['bruno', RECIPIENTS],
  ]);
});

test('are five hundred at most, and need not be linked', async () => {
  const many = Array.from({ length: 501 }, (_, index) => ({ id: `persona-${index}` }));
  const refused = await app.report('activity-status', changeFor(many));
  expect(refused).toMatchObject({ status: 400, json: { errors: [{ pointer: '/recipients' }] } });
  const outcomes = await outcomesOf(changeFor(many.slice(1)));
  expect(outcomes).toHaveLength(501);
  expect(outcomes.at(-1)).toEqual(['persona-500', 'not-linked']);
});

test('an older status is told to none of them', async () => {
  const at = (hour: number) => ({ occurredAt: `2026-11-20T${hour}:00:00+01:00`, newStatus: `Stato ${hour}` });
  await outcomesOf(changeFor([bruno], at(12)));
  expect(await outcomesOf(changeFor([bruno], at(11)))).toEqual([
    ['anna', 'superseded'],
    ['bruno', 'superseded'],
  ]);
});

const status = (id: string, audience?: Audience, changes: Partial<Template> = {}) =>
  template('activity-status', id, { text: { it: id }, ...(audience && { audience }), ...changes });

describe('a template says whom it is for', () => {
  test('the creator, the recipients, or both', async () => {
    await app.setTemplates(status('c', 'creator'), status('r', 'recipients'), status('e', 'everybody'));
    expect(await outcomesOf(changeFor([bruno]))).toEqual([
      ['anna', 'c'],
      ['anna', 'e'],
      ['bruno', 'r'],
      ['bruno', 'e'],
    ]);
  });

  test('none for the recipients is a reason of its own, before their groups', async () => {
    await app.setTemplates(status('c', 'creator'));
    expect(await outcomesOf(changeFor([bruno]))).toEqual([
      ['anna', 'c'],
      ['bruno', 'no-template'],
    ]);
    await app.setTemplates(status('c', 'creator'), status('r', 'recipients', { groups: ['Agenti'] }));
    expect(await outcomesOf(changeFor([bruno, { ...carla, groups: ['Agenti'] }]))).toEqual([
      ['anna', 'c'],
      ['bruno', 'group-not-included'],
      ['carla', 'r'],
    ]);
  });
});

const path = '/v1/sites/demo/templates';
const draft = { name: 'Cambio stato', event: 'activity-status', text: { it: 'Testo', en: 'Text' } };

describe('over the API', () => {
  test('a new one is for both; a caller who does not know the field changes nothing of it', async () => {
    const created = await app.call('POST', path, { body: draft });
    expect(created).toMatchObject({ status: 201, json: { audience: 'everybody' } });
    const own = `${path}/${created.json.id}`;
    expect((await app.call('PUT', own, { body: { ...draft, audience: 'recipients' } })).json.audience).toBe(
      'recipients',
    );
    expect((await app.call('PUT', own, { body: { ...draft, name: 'Altro' } })).json).toMatchObject({
      name: 'Altro',
      audience: 'recipients',
    });
    const viewed = { ...draft, event: 'activity-viewed' };
    expect((await app.call('PUT', own, { body: viewed })).json).not.toHaveProperty('audience');
  });

  test('ten are enabled for each of the two', async () => {
    const ten = (audience: Audience) =>
      Array.from({ length: 10 }, (_, index) => status(`${audience}-${index}`, audience));
    await app.setTemplates(...ten('creator'));
    const post = (audience: Audience) => app.call('POST', path, { body: { ...draft, audience } });
    expect((await post('creator')).json.errors).toMatchObject([{ pointer: '/enabled' }]);
    expect((await post('everybody')).json.errors).toMatchObject([{ pointer: '/enabled' }]);
    expect((await post('recipients')).status).toBe(201);
    await app.setTemplates(...ten('everybody'));
    expect((await post('everybody')).json.errors).toHaveLength(1);
  });
});

describe('a site of the former release, whose templates were written for the creator', () => {
  const former = (...changes: Partial<Template>[]) =>
    changes.map((change, index) => status(`mio-${index}`, undefined, change));
  const listed = async () =>
    (await app.call('GET', path)).json.templates.map(({ id, audience, enabled }: Template) => [
      id,
      audience,
      enabled,
    ]);

  test('tells the recipients in our words, and shows the template for it', async () => {
    await app.setTemplates(...former({}));
    expect(await outcomesOf(changeFor([bruno]))).toEqual([
      ['anna', 'mio-0'],
      ['bruno', RECIPIENTS],
    ]);
    expect(await listed()).toEqual([
      ['mio-0', 'creator', true],
      [RECIPIENTS, 'recipients', true],
    ]);
    expect((await app.call('GET', `${path}/${RECIPIENTS}`)).json).toMatchObject({ audience: 'recipients' });
  });

  test('and names it in the log', async () => {
    await app.setTemplates(...former({}));
    await outcomesOf(changeFor([bruno]));
    const [message] = (await app.takeQueued()).filter(({ userId }) => userId === 'bruno');
    if (!message) throw new Error('Bruno got nothing.');
    const { siteId, deliveryId, userId, event, eventId, templateId } = message;
    await app.stack.putDelivery({
      ...{ siteId, deliveryId, userId, event, eventId, templateId, chatId: 1002 },
      ...{ status: 'sent', recordedAt: '2026-11-20T10:00:00.000Z', attempts: 1, messageId: 1 },
    });
    const line = `/v1/sites/demo/deliveries/${deliveryId}`;
    expect((await app.call('GET', line)).json.templateName).toBe(
      'Notifica cambio stato attività: destinatari',
    );
  });

  test('in its tone', async () => {
    await app.setSite({ tone: 'lei', templates: former({}) });
    await outcomesOf(changeFor([bruno]));
    const [message] = (await app.takeQueued()).filter(({ userId }) => userId === 'bruno');
    expect(message?.text).toMatch(
      /^🗓 Buongiorno Bruno, è cambiato lo stato di un'attività che la riguarda\.\n/,
    );
  });

  test('does not where it sends no status at all, or has no template for it', async () => {
    await app.setTemplates(...former({ enabled: false }));
    expect(await outcomesOf(changeFor([bruno]))).toEqual([
      ['anna', 'no-template'],
      ['bruno', 'no-template'],
    ]);
    expect(await listed()).toEqual([
      ['mio-0', 'creator', false],
      [RECIPIENTS, 'recipients', false],
    ]);
    await app.setTemplates(template('file-upload', 'mio'));
    expect(await listed()).toEqual([[expect.any(String), undefined, true]]);
  });

  test('keeps what the merchant makes of it: changed, or deleted', async () => {
    await app.setTemplates(...former({}, {}));
    const body = { ...draft, text: { it: 'Mio', en: 'Mine' } };
    expect((await app.call('PUT', `${path}/${RECIPIENTS}`, { body })).json).toMatchObject({
      audience: 'recipients',
      text: { it: 'Mio' },
    });
    await outcomesOf(changeFor([bruno]));
    expect((await app.takeQueued()).map(({ text }) => text).sort()).toEqual(['Mio', 'mio-0', 'mio-1']);

    await app.setTemplates(...former({}));
    expect((await app.call('DELETE', `${path}/${RECIPIENTS}`)).status).toBe(204);
    expect(await listed()).toEqual([['mio-0', 'creator', true]]);
    expect(await outcomesOf(changeFor([bruno]))).toEqual([
      ['anna', 'mio-0'],
      ['bruno', 'no-template'],
    ]);
  });

  test('a new site has it from the start', () => {
    const ofKind = defaultTemplates().filter(({ event }) => event === 'activity-status');
    expect(ofKind.map(({ id, audience, enabled }) => [id, audience, enabled])).toEqual([
      [CREATORS, 'creator', true],
      [RECIPIENTS, 'recipients', true],
    ]);
  });
});
