/** A site has another bot than the one a user has started: pressing Start there is all that it takes. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { ANNA, type BotRoom, openBotRoom, STRANGER } from '../support/bot-room.ts';

let room: BotRoom;
beforeAll(async () => {
  room = await openBotRoom();
});
afterAll(() => room.close());
beforeEach(() => room.reset());

test('who comes over is told so, and is reached by the new bot', async () => {
  await room.setUser('anna', { botId: '99' });

  await room.write(ANNA, '/start');

  expect((await room.said(ANNA)).at(-1)).toMatch(/di nuovo attivi/);
  expect(await room.findUser('anna')).toMatchObject({ chatId: ANNA, botId: '100' });
});

test('so is who blocked the former bot', async () => {
  const unreachable = { reason: 'Forbidden: bot was blocked by the user', since: '2026-11-22T10:00:00.000Z' };
  await room.setUser('anna', { botId: '99', unreachable });

  await room.write(ANNA, '/start');

  const user = await room.findUser('anna');
  expect(user).toMatchObject({ botId: '100' });
  expect(user).not.toHaveProperty('unreachable');
});

test('who was opted out by the site stays so', async () => {
  await room.setUser('anna', { botId: '99', optedOut: true, optedOutBy: 'site' });

  await room.write(ANNA, '/start');

  expect(await room.findUser('anna')).toMatchObject({ botId: '100', optedOut: true });
});

test('a link says through which bot it was made', async () => {
  await room.write(STRANGER, `/start ${await room.linkToken('elena')}`);

  expect(await room.findUser('elena')).toMatchObject({ chatId: STRANGER, botId: '100' });
});
