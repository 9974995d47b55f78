/** docs/errors.md: a code for programs, and texts in the language that `Accept-Language` prefers. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PLACE_CODES, PROBLEM_CODES } from '../../lib/domain/problem-codes.ts';
import { type App, type CallOptions, startApp } from '../support/app.ts';
import { PLATFORM_KEY } from '../support/fixtures.ts';

let app: App;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator' });
});
afterAll(() => app.close());

const SITE = '/v1/sites/demo';
const template = { name: 'x', event: 'welcome', text: { it: 'Ciao', en: 'Hello' } };

type Problem = { status: number; code: keyof typeof PROBLEM_CODES; errors?: { code: string }[] };

async function ask(language: string, method: string, path: string, options: CallOptions = {}) {
  const headers = { 'accept-language': language, ...options.headers };
  return app.call(method, path, { ...options, headers });
}

describe('the language', () => {
  test.each([
    ['it-IT,it;q=0.9,en;q=0.8', 'it', 'Non trovato'],
    ['en-GB, it;q=0.9', 'en', 'Not Found'],
    ['de, *;q=0.5', 'en', 'Not Found'],
    ['', 'en', 'Not Found'],
  ])('for %j', async (header, language, title) => {
    const { status, headers, json } = await ask(header, 'GET', `${SITE}/users/nessuno`);
    expect(status).toBe(404);
    expect(headers).toMatchObject({ 'content-language': language, vary: 'Accept-Language' });
    expect(json).toMatchObject({ type: 'about:blank', title, code: 'unknown-user' });
  });
});

describe('in Italian, with its code', () => {
  test.each<[string, string, string, CallOptions, object]>([
    [
      'no key',
      'GET',
      SITE,
      { key: null },
      { code: 'wrong-key', detail: /^Sito sconosciuto o chiave errata/ },
    ],
    ['not the platform', 'PUT', SITE, { body: {} }, { code: 'wrong-platform-key', detail: /^Chiave errata/ }],
    ['no path', 'GET', '/v1/nulla', {}, { code: 'no-such-path', detail: /^Questa API non ha/ }],
    [
      'a method',
      'PUT',
      `${SITE}/events/file-upload`,
      {},
      { code: 'method-not-allowed', detail: /accetta POST/ },
    ],
    [
      'no JSON',
      'POST',
      `${SITE}/templates`,
      { body: '{a' },
      { code: 'not-json', detail: /non è JSON: carattere inatteso alla posizione 1/ },
    ],
    ['nothing', 'POST', `${SITE}/templates`, {}, { code: 'body-missing', detail: /oggetto JSON con "name"/ }],
    [
      'no template',
      'GET',
      `${SITE}/templates/x`,
      {},
      { code: 'unknown-template', detail: /non ha un modello/ },
    ],
    [
      'a condition',
      'PATCH',
      SITE,
      { body: {}, ifMatch: '"7"' },
      { code: 'changed-meanwhile', detail: /qualcun altro/ },
    ],
    [
      'an ETag',
      'PATCH',
      SITE,
      { body: {}, ifMatch: 'x' },
      { code: 'unreadable-etag', detail: /ETag di una risposta/ },
    ],
    [
      'a key id',
      'DELETE',
      `${SITE}/keys/00000000`,
      { key: PLATFORM_KEY },
      { code: 'unknown-key', detail: /non ha una chiave/ },
    ],
  ])('%s', async (_what, method, path, options, { code, detail }: { code?: string; detail?: RegExp }) => {
    const { json } = await ask('it', method, path, options);
    expect(json).toMatchObject({ code, detail: expect.stringMatching(detail ?? /./) });
    expect(json.status).toBe(PROBLEM_CODES[(json as Problem).code]);
  });

  test.each<[string, string, string, CallOptions, object]>([
    [
      'a missing value',
      'POST',
      `${SITE}/events/file-upload`,
      { body: {} },
      { pointer: '/eventId', code: 'required', detail: 'Questa proprietà è obbligatoria.' },
    ],
    [
      'a language',
      'PATCH',
      SITE,
      { body: { languages: ['italiano'] } },
      {
        pointer: '/languages/0',
        code: 'invalid',
        detail: /^Deve essere il codice BCP 47.*Si intendeva "it"\?$/,
      },
    ],
    [
      'a link',
      'POST',
      `${SITE}/templates/preview`,
      { body: { ...template, url: 'https://altro.example' } },
      { pointer: '/url', detail: /^Deve essere un link https su shop\.example/ },
    ],
    [
      'a placeholder',
      'POST',
      `${SITE}/templates`,
      { body: { ...template, text: { it: '{{nom}}', en: 'x' } } },
      {
        pointer: '/text/it',
        code: 'unknown-placeholder',
        detail: /Si intendeva \{\{nome\}\}\?.*\(Riga 1, carattere 1\.\)$/,
      },
    ],
    [
      "Telegram's words",
      'POST',
      `${SITE}/templates`,
      { body: { ...template, text: { it: '<b>x', en: 'x' } } },
      {
        pointer: '/text/it',
        code: 'refused-by-telegram',
        detail:
          /^Telegram rifiuta questo testo: il tag <b> non è chiuso, manca <\/b> \(Telegram: "Bad Request: can't parse entities: Can't find end tag/,
      },
    ],
    [
      'a language without a text',
      'POST',
      `${SITE}/templates`,
      { body: { ...template, text: { it: 'x' } } },
      { pointer: '/text/en', code: 'language-missing', detail: /anche in inglese/ },
    ],
    [
      'a parameter',
      'GET',
      `${SITE}/deliveries`,
      { query: { UserId: 'anna' } },
      { pointer: '/UserId', code: 'unknown-parameter', detail: /Si intendeva "userId"\?$/ },
    ],
    [
      'a value of a parameter',
      'GET',
      `${SITE}/deliveries`,
      { query: { status: 'Skipped' } },
      { pointer: '/status', code: 'not-one-of-these', detail: /Si intendeva "skipped"\?$/ },
    ],
    [
      'a name of .NET',
      'PATCH',
      SITE,
      { body: { AbandonedCartHours: 3 } },
      {
        pointer: '/AbandonedCartHours',
        code: 'unknown-property',
        detail: /Si intendeva "abandonedCartHours"\?$/,
      },
    ],
    [
      'a name of the other form of an event, of .NET',
      'POST',
      `${SITE}/events/file-upload`,
      { body: { eventId: '1', Source: 'docuvision', Files: [] } },
      { pointer: '/Files', code: 'unknown-property', detail: /Si intendeva "files"\?$/ },
    ],
    [
      "the platform's field",
      'PATCH',
      SITE,
      { body: { moduleActive: false } },
      {
        pointer: '/moduleActive',
        code: 'platform-only',
        detail: /chiave della piattaforma, non con una del sito\.$/,
      },
    ],
    [
      "the platform's field as .NET writes it",
      'PATCH',
      SITE,
      { body: { ModuleActive: false } },
      { pointer: '/ModuleActive', code: 'platform-only', detail: /non con una del sito\.$/ },
    ],
    [
      "the site's field",
      'PATCH',
      SITE,
      { key: PLATFORM_KEY, body: { moduleActive: true, active: true } },
      { pointer: '/active', code: 'site-only', detail: /chiave del sito/ },
    ],
    [
      'a bot token',
      'PUT',
      `${SITE}/bot`,
      { body: { token: '999:zzz', username: 'x_bot' } },
      {
        pointer: '/token',
        code: 'token-refused',
        detail: /^Telegram non conosce questo token: .* \(Telegram: "(Unauthorized|Not Found)"\)/,
      },
    ],
  ])('%s', async (_what, method, path, options, { detail, ...place }: { detail?: RegExp | string }) => {
    const { status, json } = await ask('it', method, path, options);
    expect(status).toBe(400);
    expect(json.errors).toContainEqual(
      expect.objectContaining({ ...place, detail: expect.stringMatching(detail ?? '') }),
    );
    for (const { code } of (json as Problem).errors ?? []) expect(PLACE_CODES).toContain(code);
  });

  test('what may read badly in a template that was saved', async () => {
    const text = { it: 'Ciao {{nome}}', en: 'Hello {{nome}}' };
    const { status, json, headers } = await ask('it', 'POST', `${SITE}/templates`, {
      body: { ...template, text },
    });
    expect(status).toBe(201);
    expect(json.warnings[0]).toMatchObject({
      code: 'value-may-be-missing',
      detail: expect.stringMatching(/può non avere un valore/),
    });
    expect(headers).toMatchObject({ 'content-language': 'it', vary: 'Accept-Language' });
  });

  test('the test of the bot', async () => {
    const { json, headers } = await ask('it', 'POST', `${SITE}/bot/test`, { body: {} });
    expect(json.checks[0]).toMatchObject({ check: 'token', detail: 'Telegram accetta il token.' });
    expect(headers).toMatchObject({ 'content-language': 'it', vary: 'Accept-Language' });
  });

  test('a row of an import that is refused', async () => {
    const body = { botId: '100', users: [{ userId: 'anna', chatId: 'x' }] };
    const { json } = await ask('it', 'POST', `${SITE}/users/import`, { body });
    expect(json.results[0]).toMatchObject({
      detail: expect.stringMatching(/^Di questa riga/),
      errors: [
        {
          pointer: '/users/0/chatId',
          code: 'wrong-type',
          detail: expect.stringMatching(/^Deve essere un numero/),
        },
      ],
    });
  });
});
