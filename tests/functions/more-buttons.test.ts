/** The colour of a button, a second one, and one that copies the tracking code (docs/templates.md, "Buttons"). */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Template } from '../../lib/domain/templates.ts';
import { type App, startApp } from '../support/app.ts';
import { template } from '../support/fixtures.ts';
import { payload } from '../support/payloads.ts';
import { notification, record } from '../support/sqs-events.ts';

let app: App;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator', forDeliveries: true });
});
afterAll(() => app.close());
beforeEach(() => app.reset());

const templates = '/v1/sites/demo/templates';
const url = 'https://shop.example/ordini/84512';
const more = {
  buttonStyle: 'success',
  secondButton: { it: 'Scrivici', en: 'Write to us' },
  secondButtonUrl: 'https://shop.example/contatti',
  trackingButton: { it: 'Copia il codice', en: 'Copy the code' },
} as const;
const shipped = (changes: Partial<Template> = {}) =>
  template('order-status', 'evaso', {
    statuses: ['Evaso'],
    text: { it: 'Evaso', en: 'Shipped' },
    button: { it: 'Vedi', en: 'View' },
    ...changes,
  });

let count = 0;
const order = (changes: object = {}) => {
  const { order: of, ...event } = payload('order-status', { eventId: `order-${++count}` });
  return { ...event, order: { ...(of as object), ...changes } };
};
/** The keyboard that anna's chat shows below the message of an order. */
async function keyboardOf(changes: object = {}): Promise<unknown> {
  expect((await app.report('order-status', order(changes))).status).toBe(202);
  const [message, ...others] = await app.takeQueued();
  if (!message) throw new Error('nothing was queued');
  expect(others).toEqual([]);
  expect(await app.deliver([record(message)])).toEqual([]);
  return (await app.telegram.messagesIn(1001)).at(-1)?.reply_markup?.inline_keyboard;
}

describe('a message', () => {
  test('has its buttons one below the other', async () => {
    await app.setTemplates(shipped(more));
    expect(await keyboardOf({ tracking: { code: '1Z999' } })).toEqual([
      [{ text: 'Vedi', url, style: 'success' }],
      [{ text: 'Scrivici', url: 'https://shop.example/contatti' }],
      [{ text: 'Copia il codice', copy_text: { text: '1Z999' } }],
    ]);
    expect(await keyboardOf()).toHaveLength(2);
  });

  test('of a template of the former release is as before, also for an order with a code', async () => {
    await app.setTemplates(shipped());
    expect(await keyboardOf({ tracking: { code: '1Z999' } })).toEqual([[{ text: 'Vedi', url }]]);
  });

  test('that the former release has queued goes out as before', async () => {
    const old = notification({ text: 'Evaso', button: { text: 'Vedi', url } });
    expect(await app.deliver([record(old)])).toEqual([]);
    expect(await app.telegram.messagesIn(1001)).toMatchObject([
      { text: 'Evaso', reply_markup: { inline_keyboard: [[{ text: 'Vedi', url }]] } },
    ]);
  });

  test('is sent again with all of them', async () => {
    await app.setTemplates(shipped(more));
    const keyboard = await keyboardOf({ tracking: { code: '1Z999' } });
    const { deliveryId } = (await app.stack.allDeliveries())[0] ?? {};
    expect((await app.call('POST', `/v1/sites/demo/deliveries/${deliveryId}/resend`)).status).toBe(202);
    for (const message of await app.takeQueued()) await app.deliver([record(message)]);
    const messages = await app.telegram.messagesIn(1001);
    expect(messages.map(({ reply_markup }) => reply_markup?.inline_keyboard)).toEqual([keyboard, keyboard]);
  });

  test('leads to where the shop is now', async () => {
    const until = new Date(Date.now() - 1_000).toISOString();
    await app.setSite({
      templates: [shipped(more)],
      url: 'https://new.example',
      formerUrls: [{ url: 'https://shop.example', until }],
    });
    expect(await keyboardOf({ url: 'https://new.example/ordini/84512' })).toMatchObject([
      [{ url: 'https://new.example/ordini/84512' }],
      [{ url: 'https://new.example/contatti' }],
    ]);
    const { json } = await app.call('POST', `${templates}/preview`, {
      body: { ...draft, ...more, secondButtonUrl: undefined },
    });
    expect(json.previews.it.moreButtons[0].url).toMatch(/^https:\/\/new\.example\//);
  });

  test.each([
    ['a text to copy', 'Bad Request: BUTTON_COPY_TEXT_INVALID', undefined],
    ['a style', "Bad Request: can't parse inline keyboard button: invalid button style specified", undefined],
    [
      'the address of one of them, which alone is left out',
      "Bad Request: inline keyboard button URL 'https://shop.example/contatti' is invalid: Wrong HTTP URL",
      [
        [{ text: 'Vedi', url, style: 'success' }],
        [{ text: 'Copia il codice', copy_text: { text: '1Z999' } }],
      ],
    ],
  ])('goes out where Telegram refuses %s', async (_what, description, keyboard) => {
    await app.setTemplates(shipped(more));
    await app.telegram.refuse(400, description, { times: 1 });
    expect(await keyboardOf({ tracking: { code: '1Z999' } })).toEqual(keyboard);
    expect(await app.stack.allDeliveries()).toMatchObject([
      { status: 'sent', failure: { class: 'button-refused', description } },
    ]);
  });
});

describe('the code of an order', () => {
  test.each([
    ['1 to 256 characters', { code: 'x'.repeat(256) }, 202],
    ['not more', { code: 'x'.repeat(257) }, 400],
    ['not none', { code: '' }, 400],
    ['nothing that is not seen', { code: ' \u200b ' }, 400],
    ['nothing else', { code: 'x', carrier: 'BRT' }, 400],
  ])('%s', async (_what, tracking, status) => {
    expect((await app.report('order-status', order({ tracking }))).status).toBe(status);
  });

  test('is a placeholder too', async () => {
    await app.setTemplates(
      shipped({
        text: { it: 'Evaso{{#codiceTracking}}: <code>{{codiceTracking}}</code>{{/codiceTracking}}' },
      }),
    );
    await keyboardOf({ tracking: { code: 'A&B' } });
    await keyboardOf();
    expect(await app.telegram.textsIn(1001)).toEqual(['Evaso: A&B', 'Evaso']);
  });
});

const draft = {
  event: 'order-status',
  statuses: ['Evaso'],
  text: { it: 'Evaso', en: 'Shipped' },
  button: { it: 'Vedi', en: 'View' },
};

describe('a template', () => {
  const create = (changes: object) =>
    app.call('POST', templates, { body: { id: 'evaso', name: 'Evaso', ...draft, ...changes } });

  test('is created, read, changed and replaced with them', async () => {
    await app.setTemplates();
    expect(await create(more)).toMatchObject({ status: 201, json: more });
    const path = `${templates}/evaso`;
    expect((await app.call('GET', path)).json).toMatchObject(more);

    const patch = { buttonStyle: 'danger', secondButton: { en: null }, secondButtonUrl: null };
    const { json } = await app.call('PATCH', path, { body: patch });
    expect(json).toMatchObject({ buttonStyle: 'danger', secondButton: { it: 'Scrivici' } });
    expect(json).not.toHaveProperty('secondButtonUrl');
    expect(json.trackingButton).toEqual(more.trackingButton);
    const { json: less } = await app.call('PATCH', path, {
      body: { buttonStyle: null, secondButton: null, trackingButton: null },
    });
    for (const field of Object.keys(more)) expect(less).not.toHaveProperty(field);
    expect(less.button).toEqual(draft.button);

    await app.call('PATCH', path, { body: more });
    expect((await app.call('PUT', path, { body: { name: 'Evaso', ...draft } })).json).not.toHaveProperty(
      'secondButton',
    );
    const { json: audit } = await app.call('GET', '/v1/sites/demo/audit');
    expect(audit.entries[0].changes[0].fields).toEqual(Object.keys(more));
    expect((await app.call('GET', `${path}/versions`)).json.versions[1].template).toMatchObject(more);
  });

  test.each<[string, object, string, RegExp]>([
    [
      'another style',
      { buttonStyle: 'warning' },
      '/buttonStyle',
      /Deve essere uno tra "primary", "success", "danger"/,
    ],
    [
      "another shop's page",
      { secondButton: { it: 'Vai' }, secondButtonUrl: 'https://evil.example/x' },
      '/secondButtonUrl',
      /Deve essere un link https su shop\.example/,
    ],
    [
      'a page without TLS',
      { secondButton: { it: 'Vai' }, secondButtonUrl: 'http://shop.example/x' },
      '/secondButtonUrl',
      /Deve essere un link https/,
    ],
    ['HTML', { trackingButton: { it: '<b>Copia</b>' } }, '/trackingButton/it', /non accetta HTML/],
    [
      'a link without a text',
      { secondButtonUrl: 'https://shop.example/x' },
      '/secondButton',
      /ha un link ma non un testo/,
    ],
    [
      'a tracking code where there is no order',
      { event: 'message-sent', statuses: [], trackingButton: { it: 'Copia' } },
      '/trackingButton',
      /Solo i modelli per order-status/,
    ],
  ])('is refused with %s', async (_what, changes, pointer, detail) => {
    await app.setTemplates();
    const answers = await Promise.all([
      app.call('POST', templates, {
        body: { name: 'x', ...draft, ...changes },
        headers: { 'accept-language': 'it' },
      }),
      app.call('POST', `${templates}/preview`, {
        body: { ...draft, ...changes },
        headers: { 'accept-language': 'it' },
      }),
    ]);
    for (const answer of answers)
      expect(answer).toMatchObject({
        status: 400,
        json: { errors: [{ pointer, detail: expect.stringMatching(detail) }] },
      });
    await app.setTemplates(shipped());
    const patched = await app.call('PATCH', `${templates}/evaso`, { body: changes });
    expect(patched).toMatchObject({ status: 400, json: { errors: [{ pointer }] } });
  });

  test('is shown with them by the preview, and sent with them as a test', async () => {
    const { json } = await app.call('POST', `${templates}/preview`, { body: { ...draft, ...more } });
    expect(json.previews.it).toMatchObject({
      button: { text: 'Vedi', url, style: 'success' },
      moreButtons: [
        { text: 'Scrivici', url: 'https://shop.example/contatti' },
        { text: 'Copia il codice', copyText: json.values.codiceTracking },
      ],
    });
    const without = await app.call('POST', `${templates}/preview`, {
      body: { ...draft, ...more, values: { codiceTracking: null } },
    });
    expect(without.json.previews.en.moreButtons).toEqual([
      { text: 'Write to us', url: 'https://shop.example/contatti' },
    ]);

    const body = { userId: 'anna', ...draft, ...more, values: { codiceTracking: 'PROVA 1' } };
    expect((await app.call('POST', `${templates}/test`, { body })).status).toBe(202);
    for (const message of await app.takeQueued()) await app.deliver([record(message)]);
    expect((await app.telegram.messagesIn(1001))[0]?.reply_markup?.inline_keyboard).toMatchObject([
      [{ text: 'Vedi', style: 'success' }],
      [{ text: 'Scrivici' }],
      [{ text: 'Copia il codice', copy_text: { text: 'PROVA 1' } }],
    ]);
  });

  test('is saved with a warning where a button needs a code that may be missing', async () => {
    await app.setTemplates();
    const { json } = await create({ secondButton: { it: 'Segui ({{codiceTracking}})', en: 'Follow' } });
    expect(json.warnings).toMatchObject([{ pointer: '/secondButton/it', code: 'value-may-be-missing' }]);
  });
});
