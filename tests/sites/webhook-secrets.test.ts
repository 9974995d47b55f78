/**
 * The secret of a webhook changes at two places, the site and Telegram, and anything may happen in between: no update that
 * Telegram sends is refused because of that, and a secret that it has replaced does not open for long.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { API } from '../support/api-events.ts';
import { type App, startApp } from '../support/app.ts';
import { messageOf, nextUpdateId, webhookOf } from '../support/bot-updates.ts';
import { type Gate, startGate } from '../support/gate.ts';
import { runAndKill } from '../support/killed-process.ts';
import { type SeenRequest, startTripwire, type Tripwire } from '../support/tripwire.ts';

const NUOVO = { token: '200:nuovo', username: 'nuovo_bot' };
const SITE = 'negozio';
const OTHER = 'altro';
/** Somebody who has linked nothing: the webhook has nothing to do, but to let the update in. */
const STRANGER = 4242;

let app: App;
let tables: Gate;
let key: string;
beforeAll(async () => {
  app = await startApp({
    telegram: 'emulator',
    beforeLoading: async () => {
      tables = await startGate(process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '');
      process.env.AWS_ENDPOINT_URL_DYNAMODB = tables.url;
    },
  });
});
afterAll(async () => {
  await app.close();
  await tables.close();
});
beforeEach(begin);

async function begin(): Promise<void> {
  await tables.open();
  await app.stack.empty('SitesTable');
  await app.reset();
  await app.telegram.asBot(NUOVO.token, 'deleteWebhook');
  await app.telegram.reset();
  key = await app.createSite(SITE);
}

const save = (body: object = NUOVO) => app.call('PUT', `/v1/sites/${SITE}/bot`, { key, body });
/** The secrets that Telegram was given, in order. */
const given = async () =>
  (await app.telegram.calls('setWebhook')).map(({ params }) => String(params.secret_token));
const lastGiven = async () => (await given()).at(-1) ?? '';
/** A person blocks the bot: an opt-out that Telegram tells only once. */
const blocked = () => ({
  update_id: nextUpdateId(),
  my_chat_member: {
    ...messageOf(STRANGER, ''),
    old_chat_member: { status: 'member' },
    new_chat_member: { status: 'kicked' },
  },
});
/** What our webhook answers to an update with this secret. */
const answerTo = async (secret: string, siteId = SITE) =>
  (await webhookOf(app).call(blocked(), { siteId, secret })).status;

async function saved(): Promise<string> {
  expect((await save()).status).toBe(200);
  return lastGiven();
}

type Lost = 'before' | 'after';
/** Telegram's answer is lost, before or after it has taken the webhook. @returns the secret that it was sent. */
async function savedInVain(drop: Lost): Promise<string> {
  await app.telegram.fault({ method: 'setWebhook', drop });
  expect((await save()).status).toBe(503);
  await app.telegram.clearFaults();
  return lastGiven();
}

describe('PUT …/bot times out', () => {
  test('after Telegram took the new webhook secret: the former one holds until the new one is first seen', async () => {
    const former = await saved();
    const next = await savedInVain('after');

    expect(await answerTo(former)).toBe(200);
    expect(await answerTo(former)).toBe(200);
    expect(await answerTo(next)).toBe(200);
    expect(await answerTo(former)).toBe(401);
    expect(await answerTo(next)).toBe(200);
  });

  test('before Telegram took it: the former one holds', async () => {
    const former = await saved();
    await savedInVain('before');
    for (let update = 0; update < 3; update++) expect(await answerTo(former)).toBe(200);
    expect((await app.storedSite(SITE)).bot).not.toHaveProperty('problem');
  });

  test('and the site has the bot that it had before, with the token that it had', async () => {
    await saved();
    const before = (await app.storedSite(SITE)).bot;
    await savedInVain('after');
    expect((await app.storedSite(SITE)).bot).toMatchObject({ sealedToken: before?.sealedToken });
  });

  test('several times, the answers lost before and after: whichever Telegram has, it is let in', async () => {
    const first = await saved();
    const second = await savedInVain('after');
    await savedInVain('before');
    await savedInVain('before');
    for (const secret of [first, second, second]) expect(await answerTo(secret)).toBe(200);
    expect(await answerTo(first)).toBe(401);
    const last = await saved();
    expect(await answerTo(second)).toBe(200);
    expect(await answerTo(last)).toBe(200);
    expect(await answerTo(second)).toBe(401);
  });

  test('and then ends well: all that Telegram had before are refused when the new one is seen', async () => {
    const secrets = [await saved(), await savedInVain('after'), await savedInVain('before')];
    const present = await saved();
    expect(await answerTo(present)).toBe(200);
    for (const secret of secrets) expect(await answerTo(secret)).toBe(401);
  });

  test('for a site that the former release has saved: its secret holds', async () => {
    const former = await saved();
    const {
      formerSecretHash: _,
      unseenSecretHashes: _unseen,
      ...bot
    } = (await app.storedSite(SITE)).bot ?? {};
    await app.stack.putSite({ ...(await app.storedSite(SITE)), bot: bot as never });
    const next = await savedInVain('after');
    expect([await answerTo(former), await answerTo(next), await answerTo(former)]).toEqual([200, 200, 401]);
  });
});

test('where Telegram refuses the new webhook, the former secret holds, and the new one opens nothing', async () => {
  const former = await saved();
  const body = { ok: false, error_code: 400, description: 'Bad Request: bad webhook' };
  await app.telegram.fault({ method: 'setWebhook', status: 400, body });
  expect((await save()).status).toBe(502);
  expect(await answerTo(await lastGiven())).toBe(401);
  expect(await answerTo(former)).toBe(200);
});

test('another site takes the bot over: none of the secrets opens any more', async () => {
  const former = await saved();
  const next = await savedInVain('after');
  const otherKey = await app.createSite(OTHER);
  const body = { ...NUOVO, takeOver: true };
  expect((await app.call('PUT', `/v1/sites/${OTHER}/bot`, { key: otherKey, body })).status).toBe(200);
  for (const secret of [former, next, await lastGiven()]) expect(await answerTo(secret)).toBe(401);
  expect(await answerTo(await lastGiven(), OTHER)).toBe(200);
});

test('a secret of the former bot does not open for another one', async () => {
  const former = await saved();
  const body = { token: '100:demo', username: 'demo_shop_bot' };
  expect((await save({ ...body, takeOver: true })).status).toBe(200);
  expect(await answerTo(former)).toBe(401);
});

test('a webhook call costs no further read, and the first with the new secret one write', async () => {
  const former = await saved();
  await answerTo(former);
  const costOf = async (secret: string) => {
    await tables.open();
    expect(await answerTo(secret)).toBe(200);
    return tables.passed();
  };
  const usual = await costOf(former);
  const next = await savedInVain('after');
  // The function reads the site again, which has changed.
  await answerTo(former);
  expect(await costOf(former)).toBe(usual);
  expect(await costOf(next)).toBe(usual + 1);
});

describe('whichever way the secret changes,', () => {
  const resetAll = async () => {
    const { resetWebhook } = await import('../../lib/sites/reset-webhook.ts');
    await resetWebhook(SITE, API, false);
  };
  /** The look at the webhook finds that it is missing. */
  const mend = async () => {
    const { findingOf, mendWebhook } = await import('../../lib/sites/mend-webhook.ts');
    const { bot } = await app.storedSite(SITE);
    if (!bot) return;
    const own = { apiUrl: API, others: [] };
    const site = { siteId: SITE, bot };
    await mendWebhook(site, NUOVO.token, findingOf(site, { url: '' } as never, own, 0), own);
  };
  const WAYS: Record<string, () => Promise<unknown>> = { save, resetAll, mend };

  const change = fc.record({
    way: fc.constantFrom(...Object.keys(WAYS)),
    lost: fc.constantFrom<Lost | undefined>(undefined, 'before', 'after'),
    updatesAfterwards: fc.integer({ min: 0, max: 2 }),
  });

  test('and in whatever order its calls are lost and repeated: the secret that Telegram has is let in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
        await begin();
        let present = await saved();
        const replaced = new Set<string>();
        for (const { way, lost, updatesAfterwards } of changes) {
          if (lost) await app.telegram.fault({ method: 'setWebhook', drop: lost });
          await WAYS[way]?.().catch(() => undefined);
          await app.telegram.clearFaults();
          if (lost !== 'before') {
            replaced.add(present);
            present = await lastGiven();
          }
          for (let update = 0; update < updatesAfterwards; update++)
            expect(await answerTo(present)).toBe(200);
          // What was replaced by one that was seen opens no more.
          if (updatesAfterwards === 0) continue;
          for (const secret of replaced) expect(await answerTo(secret)).toBe(401);
        }
        expect(await answerTo(present)).toBe(200);
      }),
      { numRuns: 15, seed: 13 },
    );
  });
});

describe('the function dies', () => {
  let dynamodb: Tripwire;
  let telegram: Tripwire;
  beforeAll(async () => {
    dynamodb = await startTripwire(process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '');
    telegram = await startTripwire(app.telegram.url);
  });
  afterAll(async () => {
    await Promise.all([dynamodb.close(), telegram.close()]);
  });

  const setsWebhook = ({ path }: SeenRequest) => path.endsWith('/setWebhook');
  const updates = (part: string) => (request: SeenRequest) =>
    request.operation.endsWith('.UpdateItem') && request.body.includes(part);
  /** The new secret is in this request. */
  const storesBot = updates('webhookSecretHash');
  const STEPS: [string, () => Tripwire, 'request' | 'answer', (request: SeenRequest) => boolean][] = [
    [
      'before the copy of the credentials is removed',
      () => dynamodb,
      'request',
      updates('REMOVE #credentials'),
    ],
    ['before the bot is saved', () => dynamodb, 'request', storesBot],
    ['when the bot is saved', () => dynamodb, 'answer', storesBot],
    ['before Telegram hears of the webhook', () => telegram, 'request', setsWebhook],
    ['after Telegram took the new webhook secret', () => telegram, 'answer', setsWebhook],
    ['before the address is recorded', () => dynamodb, 'request', updates('bot.webhookUrl')],
    ['when the address is recorded', () => dynamodb, 'answer', updates('bot.webhookUrl')],
  ];

  test.each(STEPS)(
    '%s: what Telegram sends is let in, and the same request again ends well',
    async (_, tripwire, what, fits) => {
      const former = await saved();
      const environment = {
        FUNCTION: 'site-bot',
        EVENT: JSON.stringify(app.eventFor('PUT', `/v1/sites/${SITE}/bot`, { key, body: NUOVO })),
        AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
        TELEGRAM_API_ROOT: telegram.url,
      };
      await runAndKill('support/call-once.ts', environment, tripwire().hold(what, fits));

      const present = await lastGiven();
      expect(await answerTo(present)).toBe(200);
      if (present !== former) expect(await answerTo(former)).toBe(401);
      const again = await saved();
      expect(await answerTo(present)).toBe(200);
      expect(await answerTo(again)).toBe(200);
      expect(await answerTo(present)).toBe(401);
    },
  );
});
