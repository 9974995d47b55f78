/** The demo shop's bot in a local run: which one it is, and how its updates come. */
import { createHash } from 'node:crypto';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Site } from '../../lib/store/sites.ts';
import { decryptToken, encryptToken } from '../../lib/telegram/token-encryption.ts';
import { demoSite, unlinkedDemoUsers } from '../../local/demo.ts';
import { connectDemoBot, type DemoBot } from '../../local/demo-bot.ts';
import { type RunningEmulator, startEmulator } from '../../local/emulator/server.ts';
import { startPolling } from '../../local/poll-updates.ts';
import { StartError } from '../../local/run.ts';
import { readSettings } from '../../local/settings.ts';
import { freePorts, until } from '../support/local-run.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { call, control, receiver } from './emulator-helpers.ts';

const WEBHOOK = 'http://localhost:3000/v1/telegram/demo';

let stack: Stack;
let emulator: RunningEmulator;
beforeAll(async () => {
  [stack, emulator] = await Promise.all([startStack(), startEmulator({ webhookRetryMilliseconds: 10 })]);
  process.env.TELEGRAM_API_ROOT = emulator.url;
});
afterAll(async () => {
  await emulator.close();
  await stack.close();
});
beforeEach(() => stack.putSite(demoSite()));

const sitesTable = () => stack.refs.get('SitesTable') ?? '';

function connect(givenToken?: string): Promise<DemoBot> {
  const { dynamodb } = stack.aws;
  return connectDemoBot({ dynamodb, sitesTable: sitesTable(), webhookUrl: WEBHOOK, givenToken });
}

async function savedBot() {
  const tables = DynamoDBDocumentClient.from(stack.aws.dynamodb);
  const request = new GetCommand({ TableName: sitesTable(), Key: { siteId: 'demo' }, ConsistentRead: true });
  const { bot } = (await tables.send(request)).Item as Site;
  if (!bot) throw new Error('The demo shop has no bot.');
  return { ...bot, token: decryptToken(bot.sealedToken, 'demo') };
}

const webhookOf = async (token: string) =>
  (await call(emulator, 'getWebhookInfo', {}, token)).body.result.url;

describe('the bot of the demo shop', () => {
  test('gets its webhook with a fresh secret, and its commands', async () => {
    const first = await connect();
    const second = await connect();
    expect(second).toMatchObject({ username: 'demo_shop_bot', token: '100:demo' });
    expect(second.secret).not.toBe(first.secret);
    expect(await savedBot()).toMatchObject({
      id: '100',
      token: '100:demo',
      webhookUrl: WEBHOOK,
      webhookSecretHash: createHash('sha256').update(second.secret).digest('hex'),
    });
    expect(await webhookOf('100:demo')).toBe(WEBHOOK);
    const { body } = await call(emulator, 'getMyCommands', { language_code: 'it' });
    expect(body.result).toContainEqual(expect.objectContaining({ command: 'impostazioni' }));
  });

  test('stays another one that this Telegram knows, and is the demo bot again where it does not', async () => {
    const withToken = (token: string) =>
      stack.putSite({
        ...demoSite(),
        bot: { id: '1', username: 'x', sealedToken: encryptToken(token, 'demo') },
      });
    await withToken('200:nuovo');
    expect((await connect()).username).toBe('nuovo_bot');
    await withToken('300:from-the-real-telegram');
    expect((await connect()).username).toBe('demo_shop_bot');
    expect((await savedBot()).token).toBe('100:demo');
  });

  test('belongs to the demo shop, so that another local shop does not take it unasked', async () => {
    await connect();
    expect(await stack.findSite('bot#100')).toMatchObject({ owner: 'demo' });
  });

  test('stays with the local shop that took it over in an earlier run', async () => {
    await call(emulator, 'setWebhook', { url: 'http://localhost:3000/v1/telegram/nuovo' }, '100:demo');
    const takenOver = {
      kind: 'bot-taken-over',
      since: '2026-11-22T10:00:00.000Z',
      description: 'x',
    } as const;
    const sealedToken = encryptToken('100:demo', 'demo');
    const bot = { id: '100', username: 'demo_shop_bot', sealedToken, takenOver };
    await stack.putSite({ ...demoSite(), bot });
    expect((await connect()).username).toBe('demo_shop_bot');
    expect(await webhookOf('100:demo')).toBe('http://localhost:3000/v1/telegram/nuovo');
    expect((await savedBot()).takenOver).toEqual(takenOver);
  });

  test('is the given one: then without a webhook', async () => {
    await call(emulator, 'setWebhook', { url: 'https://elsewhere.example' }, '200:nuovo');
    expect((await connect('200:nuovo')).username).toBe('nuovo_bot');
    expect(await webhookOf('200:nuovo')).toBe('');
    expect((await savedBot()).token).toBe('200:nuovo');
  });

  test('that Telegram does not know is refused in a sentence without the token', async () => {
    const error = await connect('300:SECRET').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(StartError);
    const { message } = error as StartError;
    expect(message).toContain('did not take the bot of TELEGRAM_BOT_TOKEN: 401: Unauthorized');
    expect(message).not.toContain('SECRET');
    expect((await savedBot()).token).toBe('100:demo');
  });
});

describe('fetched updates', () => {
  let stop: (() => Promise<void>) | undefined;
  afterEach(async () => {
    await stop?.();
    stop = undefined;
    await control(emulator, 'reset', {});
  });

  const write = (text: string) =>
    control(emulator, 'chats/7001/send', { text, bot: 'nuovo_bot', from: { first_name: 'Ivo' } });

  async function poll(webhookUrl: string): Promise<string[]> {
    const bot = await connect('200:nuovo');
    const problems: string[] = [];
    stop = startPolling({ bot, webhookUrl, onProblem: (sentence) => problems.push(sentence) });
    return problems;
  }

  test('are passed on in order, with the secret', async () => {
    const bot = await receiver();
    await poll(bot.url);
    await write('/start uno');
    await write('due');
    const [first, second] = await bot.until(2);
    expect([first?.body, second?.body]).toMatchObject([
      { message: { text: '/start uno' } },
      { message: { text: 'due' } },
    ]);
    const secret = String(first?.headers['x-telegram-bot-api-secret-token']);
    expect((await savedBot()).webhookSecretHash).toBe(createHash('sha256').update(secret).digest('hex'));
  });

  test('that were not taken come again, before the later ones', async () => {
    const bot = await receiver((_, count) => ({ status: count <= 2 ? 503 : 200 }));
    const problems = await poll(bot.url);
    await write('/start');
    await write('due');
    const texts = (await bot.until(4)).map(({ body }) => 'message' in body && body.message.text);
    expect(texts).toEqual(['/start', '/start', '/start', 'due']);
    expect(problems).toHaveLength(2);
    expect(problems.join()).not.toContain('200:nuovo');
  });

  test('that can never be taken are passed over, and said so', async () => {
    const bot = await receiver((_, count) => ({ status: count === 1 ? 400 : 200 }));
    const problems = await poll(bot.url);
    await write('/start');
    await write('due');
    const texts = (await bot.until(2)).map(({ body }) => 'message' in body && body.message.text);
    expect(texts).toEqual(['/start', 'due']);
    expect(problems).toEqual([expect.stringContaining('passed over')]);
  });

  test('are fetched again after Telegram was out of order', async () => {
    await control(emulator, 'faults', { method: 'getUpdates', times: 1, status: 502 });
    const bot = await receiver();
    const problems = await poll(bot.url);
    await until(() => problems.length > 0, 'the problem to be said');
    await write('/start');
    expect(await bot.until(1)).toHaveLength(1);
  });
});

describe('settings', () => {
  const settingsWith = async (environment: Record<string, string>) => {
    const [PORT, TELEGRAM_PORT] = (await freePorts(2)).map(String);
    return readSettings({ ...environment, PORT, TELEGRAM_PORT }, '/repository');
  };

  test('a bot of one’s own is on the real Telegram, with data of its own', async () => {
    const settings = await settingsWith({ TELEGRAM_BOT_TOKEN: '4242:SECRET_part-x' });
    expect(settings).toMatchObject({
      telegramApiRoot: 'https://api.telegram.org',
      isRealTelegram: true,
      dataDirectory: '/repository/.local/bot-4242',
    });
    expect(JSON.stringify(settings)).not.toContain('SECRET');
  });

  test('unless another Bot API server is named', async () => {
    const environment = { TELEGRAM_BOT_TOKEN: '4242:x', TELEGRAM_API_ROOT: 'http://localhost:8081' };
    expect(await settingsWith(environment)).toMatchObject({
      telegramApiRoot: 'http://localhost:8081',
      isRealTelegram: false,
    });
  });

  test('an empty one is none', async () => {
    expect(await settingsWith({ TELEGRAM_BOT_TOKEN: '' })).toMatchObject({ isRealTelegram: false });
  });

  test.each(['SECRET', 'SECRET:1', '1:SECRET x', '1:'])(
    '%j is no token, and is not repeated',
    async (token) => {
      const error = await settingsWith({ TELEGRAM_BOT_TOKEN: token }).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(StartError);
      expect(String(error)).toContain('TELEGRAM_BOT_TOKEN is not a bot token');
      expect(String(error)).not.toContain('SECRET');
    },
  );
});

test('on the real Telegram nobody of the demo data has a chat', () => {
  for (const user of unlinkedDemoUsers()) {
    expect(user).not.toHaveProperty('chatId');
    expect(user).not.toHaveProperty('siteChat');
    expect(user).not.toHaveProperty('linkedAt');
  }
});
