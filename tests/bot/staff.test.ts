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

const forStaff = async (chatId: number) =>
  (await people.buttonsIn(chatId)).map(({ text }) => text).filter((text) => /staff/.test(text));

test('the settings have a switch for each notice that the person gets, and for nobody else', async () => {
  for (const chat of [ANNA, BRUNO, CARLA]) await webhook.write(chat, '/impostazioni');
  expect(await forStaff(ANNA)).toEqual([]);
  expect(await forStaff(BRUNO)).toEqual(['✅ For staff: messages that failed']);
  expect(await forStaff(CARLA)).toEqual([
    '✅ Per lo staff: nuovi ordini',
    '✅ Per lo staff: messaggi disattivati',
  ]);
});

test('a switch mutes that notice, and no message of the shop to its customers', async () => {
  await webhook.write(CARLA, '/impostazioni');
  await people.press(CARLA, /nuovi ordini/);
  expect((await app.findUser('carla'))?.mutedEvents).toEqual(['staff-new-order']);
  expect(await forStaff(CARLA)).toContain('⬜️ Per lo staff: nuovi ordini');
  await webhook.write(CARLA, '/stato');
  const status = (await app.telegram.textsIn(CARLA)).at(-1);
  expect(status).toMatch(/🔕 [^🔕]*• Per lo staff: nuovi ordini/u);
  expect(status).toMatch(/🔔 [^🔕]*• Per lo staff: messaggi disattivati/u);
  await webhook.write(CARLA, '/impostazioni');
  await people.press(CARLA, /nuovi ordini/);
  expect((await app.findUser('carla'))?.mutedEvents ?? []).toEqual([]);
});
