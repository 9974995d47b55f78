/** TELEGRAM.md, "Errors": a bot whose token is refused stops alone, its messages are kept and go out with a new token. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sealToken } from '../../lib/telegram/token-seal.ts';
import { demoSite } from '../../local/demo.ts';
import { notification, openPostOffice, type PostOffice, record, UGO } from '../support/post-office.ts';

let office: PostOffice;
beforeAll(async () => {
  office = await openPostOffice();
});
afterAll(() => office.close());
beforeEach(() => office.reset());

/** As `PUT …/bot` does: another function saves it, so what this one remembers of the site is old. */
async function saveToken(token: string): Promise<void> {
  const bot = { id: '100', username: 'demo_shop_bot', sealedToken: sealToken(token, 'demo') };
  await office.stack.putSite({ ...demoSite(), bot });
}

const BOT_UNAUTHORIZED: [number, string][] = [
  [401, 'Unauthorized'],
  [404, 'Not Found'],
  [421, 'Misdirected Request: the bot is served elsewhere'],
  [400, 'Bad Request: Logged out'],
  [400, 'Bad Request: FROZEN_METHOD_INVALID'],
  [420, 'FROZEN_METHOD_INVALID'],
];

describe.each(BOT_UNAUTHORIZED)('%d %s', (code, description) => {
  test('the message is kept, the site says why, the other bot goes on, a new token sends', async () => {
    await office.refuse(code, description, { chatId: 1001 });
    const [message, toUgo] = [
      notification({ text: 'Ciao' }),
      notification({ siteId: 'altro', userId: 'ugo' }),
    ];
    const before = Date.now();

    expect(await office.deliver([record(message), record(toUgo)])).toEqual([message.deliveryId]);

    expect(await office.textsIn(UGO)).toHaveLength(1);
    const kept = await office.recordOf(message);
    expect(kept).toMatchObject({ status: 'retrying', failure: { class: 'bot-unauthorized', description } });
    expect(kept).toHaveProperty('nextAttemptAt', expect.stringMatching(/Z$/));
    const problem = (await office.findSite('demo'))?.bot?.problem;
    expect(problem).toMatchObject({ kind: 'bot-unauthorized', description });
    expect(Date.parse(problem?.since ?? '')).toBeGreaterThanOrEqual(before);
    expect((await office.findSite('altro'))?.bot).not.toHaveProperty('problem');
    expect((await office.stack.findUser('demo', 'anna'))?.unreachable).toBeUndefined();

    await office.clearFaults();
    await saveToken('100:demo');
    expect(await office.deliver([record(message, 2)])).toEqual([]);

    expect(await office.textsIn(1001)).toEqual(['Ciao']);
    expect(await office.recordOf(message)).toMatchObject({ status: 'sent', attempts: 2 });
  });
});

describe('a token revoked at @BotFather', () => {
  beforeEach(() => office.setSite({ bot: { ...botOf(), sealedToken: sealToken('100:revoked', 'demo') } }));

  test('while it is refused, Telegram is not asked for every message', async () => {
    const [first, second] = [notification(), notification({ userId: 'bruno' })];

    expect(await office.deliver([record(first)])).toEqual([first.deliveryId]);
    expect(await office.deliver([record(first, 2), record(second)])).toEqual([
      first.deliveryId,
      second.deliveryId,
    ]);

    expect(await office.calls()).toHaveLength(1);
  });

  test('the first refusal is the one whose time and words the site keeps', async () => {
    await office.deliver([record(notification())]);
    const problem = (await office.findSite('demo'))?.bot?.problem;
    await office.control('reset');
    await office.refuse(404, 'Not Found');
    await saveProblemAgain();

    expect((await office.findSite('demo'))?.bot?.problem).toEqual(problem);
  });

  test('a new token is used at once, although the site was read a moment ago', async () => {
    const message = notification();
    await office.deliver([record(message)]);
    // Paused: it is kept, and the site with the old token is remembered.
    expect(await office.deliver([record(message, 2)])).toEqual([message.deliveryId]);
    await saveToken('100:demo');

    expect(await office.deliver([record(message, 3)])).toEqual([]);

    expect(await office.textsIn(1001)).toHaveLength(1);
  });

  test('a token that is saved as the refusal comes in is not blamed', async () => {
    await office.fault({ delayMs: 300, status: 401, times: 1 });
    const delivering = office.deliver([record(notification())]);
    while ((await office.calls()).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await saveToken('100:demo');
    await delivering;

    expect((await office.findSite('demo'))?.bot).not.toHaveProperty('problem');
  });
});

describe('the problem that the site shows', () => {
  test('is cleared by the first message that goes out', async () => {
    const problem = {
      kind: 'bot-unauthorized' as const,
      since: '2026-11-22T10:00:00.000Z',
      description: 'Unauthorized',
    };
    await office.setSite({ bot: { ...botOf(), problem } });

    await office.deliver([record(notification())]);

    expect((await office.findSite('demo'))?.bot).toEqual({
      id: '100',
      username: 'demo_shop_bot',
      sealedToken: expect.any(String),
    });
  });
});

test('on its last receive a message of a stopped bot goes to the dead letters, and the record says so', async () => {
  await office.setSite({ bot: { ...botOf(), sealedToken: sealToken('100:revoked', 'demo') } });
  const [first, second] = [notification(), notification({ userId: 'bruno' })];
  await office.deliver([record(first)]);

  expect(await office.deliver([record(second, 12)])).toEqual([second.deliveryId]);

  expect(await office.recordOf(second)).toMatchObject({ status: 'failed', isDead: true });
});

test('a site without a bot keeps its messages', async () => {
  const { bot: _, ...withoutBot } = demoSite();
  await office.stack.putSite(withoutBot);
  const { forgetSites } = await import('../../lib/store/sites.ts');
  forgetSites();
  const message = notification();

  expect(await office.deliver([record(message)])).toEqual([message.deliveryId]);

  expect(await office.recordOf(message)).toMatchObject({
    status: 'retrying',
    failure: { class: 'bot-missing' },
  });
});

function botOf() {
  return { id: '100', username: 'demo_shop_bot', sealedToken: sealToken('100:demo', 'demo') };
}

async function saveProblemAgain(): Promise<void> {
  const { markBotUnauthorized } = await import('../../lib/store/sites.ts');
  const site = await office.findSite('demo');
  if (site) await markBotUnauthorized(site, 'Not Found');
}
