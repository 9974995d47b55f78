/** A bot belongs to one site: saving another site's, taking it over, leaving it, and dying in between. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Bot, Site } from '../../lib/store/sites.ts';
import { encryptToken } from '../../lib/telegram/token-encryption.ts';
import { API } from '../support/api-events.ts';
import { type App, startApp } from '../support/app.ts';
import { UGO } from '../support/fixtures.ts';
import { type Gate, startGate } from '../support/gate.ts';
import { writtenDuring } from '../support/log-lines.ts';
import { notification, record } from '../support/sqs-events.ts';

const NUOVO = { token: '200:nuovo', username: 'nuovo_bot' };
const DEMO = { token: '100:demo', username: 'demo_shop_bot' };
/** Two shops. The first one has a name that the other must never read. */
const [FIRST, SECOND] = ['ferramenta-rossi', 'bottega'];
const NAMES_FIRST = /ferramenta|rossi/i;

let app: App;
let tables: Gate;
let keys: Record<string, string>;
beforeAll(async () => {
  app = await startApp({
    telegram: 'emulator',
    beforeLoading: async () => {
      tables = await startGate(process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '');
      process.env.AWS_ENDPOINT_URL_DYNAMODB = tables.url;
    },
  });
  const { botsInPart } = await import('../../lib/store/sites.ts');
  const { bot } = app.site;
  for (const siteId of [FIRST, SECOND]) if (bot) await app.stack.putSite({ ...app.site, siteId, bot });
  hours = [];
  for (let index = 0; index < 24; index++) {
    const sites = await Array.fromAsync(botsInPart({ index, count: 24 }));
    if (sites.some(({ siteId }) => siteId !== 'demo')) hours.push(index);
  }
});
afterAll(async () => {
  await app.close();
  await tables.close();
});
beforeEach(async () => {
  await tables.open();
  await app.stack.empty('SitesTable');
  await app.reset();
  for (const { token } of [NUOVO, DEMO]) await app.telegram.asBot(token, 'deleteWebhook');
  await app.telegram.reset();
  keys = {
    [FIRST]: await app.createSite(FIRST, { name: 'Ferramenta Rossi' }),
    [SECOND]: await app.createSite(SECOND),
  };
});

const call = (method: string, siteId: string, path: string, body?: object) =>
  app.call(method, `/v1/sites/${siteId}${path}`, { key: keys[siteId] ?? '', ...(body && { body }) });
const save = (siteId: string, body: object = NUOVO) => call('PUT', siteId, '/bot', body);
const takeOver = (siteId: string, bot: object = NUOVO) => save(siteId, { ...bot, takeOver: true });
const shown = async (siteId: string) => (await call('GET', siteId, '')).json.bot;
const webhookUrl = async (token = NUOVO.token) => (await app.telegram.asBot(token, 'getWebhookInfo')).url;
const urlOf = (siteId: string) => `${API}/v1/telegram/${siteId}`;
const sends = async (siteId: string) => {
  const { bot } = await app.storedSite(siteId);
  return bot !== undefined && bot.takenOver === undefined;
};
/** The hours in which the two sites are looked at. */
let hours: number[];
const lookAtAll = async () => {
  for (const hour of hours)
    await app.invoke('webhooks', { hour }, { getRemainingTimeInMillis: () => 300_000 });
};
const ownerItem = async (botId = '200') => {
  const items = await app.stack.items('SitesTable');
  return items.find(({ siteId }) => siteId === `bot#${botId}`);
};
/** A minute goes by: whoever was saving a bot is not any more. */
async function aMinuteLater(): Promise<void> {
  const item = await ownerItem();
  if (item) await app.stack.putSite({ ...item, savingUntil: Date.now() - 1 } as unknown as Site);
}
/** As the former release has saved it: there is no item of the bot's owner. */
async function savedByFormerRelease(
  siteId: string,
  hasWebhook: boolean,
  { token, username } = NUOVO,
): Promise<void> {
  const { PRESENTATION } = await import('../../lib/bot/bot-setup.ts');
  const bot: Bot = {
    id: token.split(':', 1)[0] ?? '',
    username,
    sealedToken: encryptToken(token, siteId),
    webhookSecretHash: '0'.repeat(64),
    presentation: PRESENTATION,
  };
  await app.stack.putSite({ ...(await app.storedSite(siteId)), bot });
  if (hasWebhook) await app.telegram.asBot(token, 'setWebhook', { url: urlOf(siteId) });
}

describe('a bot that another site has', () => {
  test('is refused with a code; nothing changes, and nobody is named', async () => {
    await save(FIRST);
    // The credentials of the second site are made from it when it is first asked for.
    await call('GET', SECOND, '');
    const before = await app.stack.items('SitesTable');
    await app.telegram.reset();

    const answer = await save(SECOND);

    expect(answer).toMatchObject({ status: 409, json: { status: 409, code: 'bot-of-another-site' } });
    expect(answer.json.detail).toContain('"takeOver": true');
    expect(answer.text).not.toMatch(NAMES_FIRST);
    expect(await app.stack.items('SitesTable')).toEqual(before);
    const methods = (await app.telegram.calls()).map(({ method }) => method);
    expect(methods.filter((method) => !method.startsWith('get'))).toEqual([]);
    expect(await webhookUrl()).toBe(urlOf(FIRST));
  });

  test('takeOver has to be true or false', async () => {
    const answer = await save(SECOND, { ...NUOVO, takeOver: 'yes' });
    expect(answer).toMatchObject({ status: 400, json: { errors: [{ pointer: '/takeOver' }] } });
  });

  test('with takeOver it is saved; the other site shows a problem that names nobody', async () => {
    await save(SECOND);
    const { entries, text } = await writtenDuring(async () => {
      expect((await takeOver(FIRST)).json.bot).toEqual({ id: '200', username: 'nuovo_bot' });
    });

    expect(await webhookUrl()).toBe(urlOf(FIRST));
    const loser = await call('GET', SECOND, '');
    expect(loser.json.bot).toEqual({
      id: '200',
      username: 'nuovo_bot',
      problem: {
        kind: 'bot-taken-over',
        since: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        description: expect.stringContaining('"takeOver": true'),
      },
    });
    expect(loser.text).not.toMatch(NAMES_FIRST);
    expect(entries).toContainEqual(
      expect.objectContaining({ level: 'warn', message: 'bot taken over', siteId: SECOND, botId: '200' }),
    );
    expect(text).not.toContain('200:nuovo');
  });

  test('an editor of the loser’s settings hears of it', async () => {
    const { headers } = await save(SECOND);
    await takeOver(FIRST);
    const change = { key: keys[SECOND] ?? '', body: { docuvision: true }, ifMatch: String(headers.etag) };
    const answer = await app.call('PATCH', `/v1/sites/${SECOND}`, change);
    expect(answer).toMatchObject({ status: 412, json: { errors: [{ pointer: '/bot' }] } });
    expect(answer.text).not.toMatch(NAMES_FIRST);
  });

  test('the same site saves it again without being asked, also with another token', async () => {
    await save(FIRST);
    const site = await app.storedSite(FIRST);
    // Revoked at @BotFather: the bot has a new token, and the same id.
    const sealedToken = encryptToken('200:revocato', FIRST);
    if (site.bot) await app.stack.putSite({ ...site, bot: { ...site.bot, sealedToken } });
    expect((await save(FIRST)).status).toBe(200);
  });
});

describe('two sites at the same instant', () => {
  test.each<[string, typeof save]>([
    ['save it', save],
    ['take it over', takeOver],
  ])('%s: one has it, and the other has changed nothing', async (_, put) => {
    const answers = await Promise.all([put(FIRST), put(SECOND)]);

    const winner = answers[0]?.status === 200 ? FIRST : SECOND;
    const loser = winner === FIRST ? SECOND : FIRST;
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.json.code).toMatch(/^bot-(of-another|being-saved)/);
    expect(await shown(loser)).toBeUndefined();
    expect(await shown(winner)).toEqual({ id: '200', username: 'nuovo_bot' });
    expect(await webhookUrl()).toBe(urlOf(winner));
  });

  test('take it from a third: one has it', async () => {
    keys.terza = await app.createSite('terza');
    await save('terza');
    const answers = await Promise.all([takeOver(FIRST), takeOver(SECOND)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const winner = answers[0]?.status === 200 ? FIRST : SECOND;
    expect(await webhookUrl()).toBe(urlOf(winner));
    expect((await shown('terza')).problem.kind).toBe('bot-taken-over');
  });
});

describe('the site that lost its bot', () => {
  const toUgo = () => notification({ siteId: SECOND, userId: 'ugo', text: 'Ciao' });
  const ugo = { siteId: SECOND, userId: 'ugo', chatId: UGO, siteChat: `${SECOND}#${UGO}`, botId: '200' };
  beforeEach(async () => {
    await save(SECOND);
    await app.stack.putUser(ugo);
    await app.deliver([record(toUgo())]);
    expect(await app.telegram.textsIn(UGO)).toEqual(['Ciao']);
    await takeOver(FIRST);
    await app.telegram.reset();
  });

  test('sends nothing, also from a function that remembers it; what is to be sent waits', async () => {
    const message = toUgo();
    expect(await app.deliver([record(message)])).toEqual([]);
    await app.drain(SECOND);
    expect(await app.telegram.calls()).toEqual([]);
    expect(await app.findDelivery(message)).toMatchObject({ status: 'waiting', reason: 'bot-missing' });

    await takeOver(SECOND);
    expect(await shown(SECOND)).toEqual({ id: '200', username: 'nuovo_bot' });
    expect((await shown(FIRST)).problem.kind).toBe('bot-taken-over');
    await app.drain(SECOND);
    expect(await app.telegram.textsIn(UGO)).toEqual(['Ciao']);
  });

  test.each<[string, object, string]>([
    ['/users/ugo/link', {}, 'save a bot again'],
    ['/users/import', { botId: '200', users: [{ userId: 'ugo', chatId: UGO }] }, 'save a bot again'],
    ['/templates/default-order-status/test', { userId: 'ugo' }, 'taken over'],
  ])('answers 409 to POST %s', async (path, body, says) => {
    const answer = await call('POST', SECOND, path, body);
    expect(answer.status).toBe(409);
    expect(answer.json.detail).toContain(says);
    expect(answer.text).not.toMatch(NAMES_FIRST);
  });

  test('shows a page to a browser that comes to be linked', async () => {
    const { clearSiteCache } = await import('../../lib/store/sites.ts');
    clearSiteCache();
    const answer = await app.call('GET', `/v1/sites/${SECOND}/telegram/callbacklogin`, { key: null });
    expect(answer.status).toBe(404);
  });

  test('refuses updates that still come, so that Telegram keeps them for the new owner', async () => {
    const update = { update_id: 1, message: { message_id: 1, date: 1, chat: { id: UGO, type: 'private' } } };
    const { bot } = await app.storedSite(SECOND);
    expect(bot?.webhookSecretHash).toBeUndefined();
    const answer = await app.call('POST', `/v1/telegram/${SECOND}`, {
      key: null,
      headers: { 'x-telegram-bot-api-secret-token': 'any' },
      body: update,
    });
    expect(answer.status).toBe(401);
  });

  test('learns at a test what to do, and the webhook stays where it is', async () => {
    const { json, text } = await call('POST', SECOND, '/bot/test');
    expect(json.works).toBe(false);
    expect(json.checks).toContainEqual({
      check: 'webhook',
      status: 'broken',
      detail: 'Another site has this bot: what people write goes there, and nothing is sent from here.',
      nextStep: expect.stringContaining('"takeOver": true'),
    });
    expect(text).not.toMatch(NAMES_FIRST);
    expect(await webhookUrl()).toBe(urlOf(FIRST));
    await lookAtAll();
    expect(await webhookUrl()).toBe(urlOf(FIRST));
    expect((await shown(SECOND)).problem.kind).toBe('bot-taken-over');
  });

  test('saves another bot: its problem ends, and the lost one goes on working elsewhere', async () => {
    expect((await save(SECOND, DEMO)).json.bot).toEqual({ id: '100', username: 'demo_shop_bot' });
    expect(await webhookUrl()).toBe(urlOf(FIRST));
    expect(await webhookUrl(DEMO.token)).toBe(urlOf(SECOND));
    expect(await shown(FIRST)).not.toHaveProperty('problem');
    expect((await save(FIRST)).status).toBe(200);
  });
});

describe('a site that leaves its bot', () => {
  test('deletes the webhook that is its own, and others may have the bot', async () => {
    await save(FIRST);
    await save(FIRST, DEMO);
    expect(await webhookUrl()).toBe('');
    expect((await save(SECOND)).status).toBe(200);
    expect(await webhookUrl()).toBe(urlOf(SECOND));
  });

  test('leaves another program’s webhook alone', async () => {
    await save(FIRST);
    await app.telegram.asBot(NUOVO.token, 'setWebhook', { url: 'https://else.example/secret-path' });
    await save(FIRST, DEMO);
    expect(await webhookUrl()).toBe('https://else.example/secret-path');
  });

  test('gets it back without taking it over, if nobody has it', async () => {
    await save(FIRST);
    await save(FIRST, DEMO);
    expect((await save(FIRST)).status).toBe(200);
  });
});

describe('a bot whose webhook leads to another program', () => {
  test.each(['https://else.example/secret-path', `https://else.example/v1/telegram/${SECOND}`])(
    '%s: 409 with a code and the host, and with takeOver it is saved',
    async (url) => {
      await app.telegram.asBot(NUOVO.token, 'setWebhook', { url });
      const answer = await save(SECOND);
      expect(answer).toMatchObject({ status: 409, json: { code: 'webhook-of-another-program' } });
      expect(answer.json.detail).toContain('else.example');
      expect(answer.text).not.toMatch(/secret-path|v1\/telegram/);
      expect(await webhookUrl()).toBe(url);
      expect(await shown(SECOND)).toBeUndefined();

      expect((await takeOver(SECOND)).status).toBe(200);
      expect(await webhookUrl()).toBe(urlOf(SECOND));
    },
  );

  test('at a former address of this site it is ours', async () => {
    await save(SECOND);
    const site = await app.storedSite(SECOND);
    const url = `https://prima.example/v1/telegram/${SECOND}`;
    if (site.bot) await app.stack.putSite({ ...site, bot: { ...site.bot, webhookUrl: url } });
    await app.telegram.asBot(NUOVO.token, 'setWebhook', { url });
    expect((await save(SECOND)).status).toBe(200);
  });
});

describe('data of the former release', () => {
  test('the webhook shows which site has the bot', async () => {
    await savedByFormerRelease(FIRST, true);
    expect((await save(SECOND)).json.code).toBe('bot-of-another-site');
    expect((await save(FIRST)).status).toBe(200);
    expect((await takeOver(SECOND)).status).toBe(200);
    expect((await shown(FIRST)).problem.kind).toBe('bot-taken-over');
  });

  test('it does so at a former address too', async () => {
    await savedByFormerRelease(FIRST, false);
    const url = `https://prima.example/v1/telegram/${FIRST}`;
    await app.telegram.asBot(NUOVO.token, 'setWebhook', { url });
    const answer = await save(SECOND);
    expect(answer.json.code).toBe('bot-of-another-site');
    expect(answer.text).not.toMatch(NAMES_FIRST);
  });

  test('the look makes the owner known, once', async () => {
    await savedByFormerRelease(FIRST, false);
    await lookAtAll();
    const item = await ownerItem();
    expect(item).toMatchObject({ owner: FIRST });
    await lookAtAll();
    expect(await ownerItem()).toEqual(item);
    await app.telegram.asBot(NUOVO.token, 'deleteWebhook');
    expect((await save(SECOND)).json.code).toBe('bot-of-another-site');
  });

  test.each([
    [FIRST, SECOND],
    [SECOND, FIRST],
  ])(
    'of two sites that share a bot, the look leaves it to the one with the webhook: %s',
    async (one, other) => {
      await savedByFormerRelease(other, false);
      await savedByFormerRelease(one, true);
      await lookAtAll();
      expect(await shown(one)).not.toHaveProperty('problem');
      expect((await shown(other)).problem.kind).toBe('bot-taken-over');
      expect(await webhookUrl()).toBe(urlOf(one));
    },
  );

  test('so does a test of the other one', async () => {
    await savedByFormerRelease(SECOND, false);
    await savedByFormerRelease(FIRST, true);
    const { json } = await call('POST', SECOND, '/bot/test');
    expect(json.works).toBe(false);
    expect((await shown(SECOND)).problem.kind).toBe('bot-taken-over');
    expect(await webhookUrl()).toBe(urlOf(FIRST));
  });

  test('where nobody has the webhook, one of the two has the bot in the end', async () => {
    await savedByFormerRelease(FIRST, false);
    await savedByFormerRelease(SECOND, false);
    await lookAtAll();
    await lookAtAll();
    const both = [await sends(FIRST), await sends(SECOND)];
    expect(both.toSorted()).toEqual([false, true]);
    expect(await webhookUrl()).toBe(urlOf(both[0] ? FIRST : SECOND));
  });
});

describe('a save that does not come to its end', () => {
  test('because Telegram refuses the webhook: the bot stays where it was', async () => {
    await save(FIRST);
    const body = { ok: false, error_code: 400, description: 'Bad Request: bad webhook: x' };
    await app.telegram.fault({ method: 'setWebhook', times: 1, status: 400, body });

    expect((await takeOver(SECOND)).status).toBe(502);

    expect(await shown(FIRST)).toEqual({ id: '200', username: 'nuovo_bot' });
    expect(await shown(SECOND)).toBeUndefined();
    expect((await save(FIRST)).status).toBe(200);
    expect((await save(SECOND)).json.code).toBe('bot-of-another-site');
  });

  test('keeps the others waiting for a minute', async () => {
    await app.stack.putSite({
      siteId: 'bot#200',
      owner: FIRST,
      savingUntil: Date.now() + 60_000,
      version: 1,
    } as unknown as Site);
    expect((await save(SECOND)).json.code).toBe('bot-of-another-site');
    const answer = await takeOver(SECOND);
    expect(answer).toMatchObject({ status: 409, json: { code: 'bot-being-saved' } });
    expect(answer.text).not.toMatch(NAMES_FIRST);
    await aMinuteLater();
    expect((await save(SECOND)).status).toBe(200);
  });

  /** Takes the bot over, with this many requests to the tables; the rest fails as if the process had died. */
  async function takeOverWith(requests: number): Promise<void> {
    await app.stack.empty('SitesTable');
    await app.telegram.asBot(NUOVO.token, 'deleteWebhook');
    keys = { [FIRST]: await app.createSite(FIRST), [SECOND]: await app.createSite(SECOND) };
    await savedByFormerRelease(SECOND, true, DEMO);
    await savedByFormerRelease(FIRST, true);
    await app.stack.putSite({ siteId: 'bot#200', owner: FIRST, version: 1 } as unknown as Site);
    tables.shutAfter(requests);
    await takeOver(SECOND);
    await tables.open();
  }

  /** The second site has it, and the first one knows. */
  async function expectTakenOver(): Promise<void> {
    expect(await shown(SECOND)).toEqual({ id: '200', username: 'nuovo_bot' });
    expect((await shown(FIRST)).problem.kind).toBe('bot-taken-over');
    expect(await webhookUrl()).toBe(urlOf(SECOND));
  }

  test('at any request to the tables: the same request again does the rest', async () => {
    await save(SECOND, DEMO);
    await save(FIRST);
    await tables.open();
    await takeOver(SECOND);
    const all = tables.passed();
    await expectTakenOver();
    expect(all).toBeGreaterThan(10);

    for (let requests = 0; requests < all; requests++) {
      await takeOverWith(requests);
      expect((await takeOver(SECOND)).status).toBe(200);
      await expectTakenOver();
    }
  }, 120_000);

  test('at any request, and nobody repeats it: the look leaves the bot to one site that works', async () => {
    await save(SECOND, DEMO);
    await save(FIRST);
    await tables.open();
    await takeOver(SECOND);
    const all = tables.passed();

    for (let requests = 0; requests < all; requests++) {
      await takeOverWith(requests);
      await aMinuteLater();
      // Of two sites that are looked at one after the other, the first may have to wait for the other.
      await lookAtAll();
      await lookAtAll();
      const [first, second] = [await app.storedSite(FIRST), await app.storedSite(SECOND)];
      const holders = [first, second].filter(({ bot }) => bot?.id === '200' && !bot.takenOver);
      expect(holders).toHaveLength(1);
      const [{ siteId, bot } = { siteId: '', bot: undefined }] = holders;
      expect(await webhookUrl()).toBe(urlOf(siteId));
      expect(bot).toMatchObject({ webhookUrl: urlOf(siteId), webhookSecretHash: expect.any(String) });
      expect((await ownerItem())?.owner).toBe(siteId);
      const other = siteId === FIRST ? SECOND : FIRST;
      expect((await save(other)).json.code).toBe('bot-of-another-site');
    }
  }, 120_000);
});

test('the item of an owner is no site', async () => {
  await save(FIRST);
  const { allSiteIds, botsInPart } = await import('../../lib/store/sites.ts');
  expect((await Array.fromAsync(allSiteIds())).toSorted()).toEqual([SECOND, 'demo', FIRST]);
  const bots = await Array.fromAsync(botsInPart({ index: 0, count: 1 }));
  expect(bots.map(({ siteId }) => siteId).toSorted()).toEqual(['demo', FIRST]);
});
