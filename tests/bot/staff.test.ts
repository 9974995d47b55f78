/** What the bot says to people who work in the shop, besides what it says to all others. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { type Webhook, webhookOf } from '../support/bot-updates.ts';
import { ANNA, BRUNO, CARLA, NO_LIMITS } from '../support/fixtures.ts';
import { type People, peopleOf } from '../support/people.ts';

let app: App;
let webhook: Webhook;
let people: People;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator', limits: NO_LIMITS });
  webhook = webhookOf(app);
  people = peopleOf(app, webhook);
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.reset();
  await app.setSite({
    staff: [
      { userId: 'carla', notices: ['new-order', 'module-off'] },
      { userId: 'bruno', notices: ['failures'] },
    ],
  });
});

const forTheShop = async (chatId: number) =>
  (await people.buttonsIn(chatId))
    .map(({ text }) => text)
    .filter((text) => /negozio|For the shop/.test(text));

test('the settings have a switch for each notice that the person gets, and for nobody else', async () => {
  for (const chat of [ANNA, BRUNO, CARLA]) await webhook.write(chat, '/impostazioni');
  expect(await forTheShop(ANNA)).toEqual([]);
  expect(await forTheShop(BRUNO)).toEqual(['✅ For the shop: messages that failed']);
  expect(await forTheShop(CARLA)).toEqual([
    '✅ Per il negozio: nuovi ordini',
    '✅ Per il negozio: messaggi spenti',
  ]);
});

test('a switch mutes that notice, and no message of the shop to its customers', async () => {
  await webhook.write(CARLA, '/impostazioni');
  await people.press(CARLA, /nuovi ordini/);
  expect((await app.findUser('carla'))?.mutedEvents).toEqual(['staff-new-order']);
  expect(await forTheShop(CARLA)).toContain('⬜️ Per il negozio: nuovi ordini');
  await webhook.write(CARLA, '/stato');
  const status = (await app.telegram.textsIn(CARLA)).at(-1);
  expect(status).toMatch(/🔕 [^🔕]*• Per il negozio: nuovi ordini/u);
  expect(status).toMatch(/🔔 [^🔕]*• Per il negozio: messaggi spenti/u);
  await webhook.write(CARLA, '/impostazioni');
  await people.press(CARLA, /nuovi ordini/);
  expect((await app.findUser('carla'))?.mutedEvents ?? []).toEqual([]);
});
