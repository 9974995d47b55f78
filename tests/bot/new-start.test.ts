/** A site has another bot than the one a user has started: pressing Start there is all that it takes. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { type Webhook, webhookOf } from '../support/bot-updates.ts';
import { ANNA, NO_LIMITS, STRANGER } from '../support/fixtures.ts';

let app: App;
let webhook: Webhook;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator', limits: NO_LIMITS });
  webhook = webhookOf(app);
});
afterAll(() => app.close());
beforeEach(() => app.reset());

test('who comes over is told so, and is reached by the new bot', async () => {
  await app.setUser('anna', { botId: '99' });

  await webhook.write(ANNA, '/start');

  expect((await app.telegram.textsIn(ANNA)).at(-1)).toMatch(/di nuovo attivi/);
  expect(await app.findUser('anna')).toMatchObject({ chatId: ANNA, botId: '100' });
});

test('so is who blocked the former bot', async () => {
  const unreachable = { reason: 'Forbidden: bot was blocked by the user', since: '2026-11-22T10:00:00.000Z' };
  await app.setUser('anna', { botId: '99', unreachable });

  await webhook.write(ANNA, '/start');

  const user = await app.findUser('anna');
  expect(user).toMatchObject({ botId: '100' });
  expect(user).not.toHaveProperty('unreachable');
});

test('who was opted out by the site stays so', async () => {
  await app.setUser('anna', { botId: '99', optedOut: true, optedOutBy: 'site' });

  await webhook.write(ANNA, '/start');

  expect(await app.findUser('anna')).toMatchObject({ botId: '100', optedOut: true });
});

test('a link says through which bot it was made', async () => {
  await webhook.write(STRANGER, `/start ${await app.linkToken('elena')}`);

  expect(await app.findUser('elena')).toMatchObject({ chatId: STRANGER, botId: '100' });
});
