/** Names of people and shops that look like addresses, in the bot's answers: shown without becoming links. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Message } from '../../local/emulator/types.ts';
import { type App, startApp } from '../support/app.ts';
import { type Webhook, webhookOf } from '../support/bot-updates.ts';
import { ANNA, NO_LIMITS, OTHER_STRANGER, STRANGER } from '../support/fixtures.ts';
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
  await app.stack.empty('UsersTable');
  await app.reset();
});

/** What the bot itself writes so that it leads somewhere: its commands, and the addresses that the shop has given. */
const MEANT =
  /^(?:\/(?:stato|status|impostazioni|settings|stop|privacy|scollega|unlink|start|aiuto|help)|https:\/\/shop\.example|info@shop\.example|https:\/\/shop\.example\/privacy)$/;

/** What Telegram has made of a message, but for formatting. */
const foundIn = ({ text = '', entities = [] }: Message) =>
  entities
    .filter(({ type }) => !['bold', 'italic'].includes(type))
    .map(({ offset, length }) => text.slice(offset, offset + length));

/** Everything the bot has written in these chats. */
async function written(...chats: number[]): Promise<Message[]> {
  const messages = (await Promise.all(chats.map((chatId) => app.telegram.messagesIn(chatId)))).flat();
  return messages.filter(({ from }) => from.is_bot);
}

describe.each([
  'Bianchi.srl',
  'www.rossi.it',
  '@nome_cognome',
  '/stop',
  'listino.zip',
  'n.ro 5',
  'info@rossi.it',
])('%s', (name) => {
  test('as the name of the shop and of two accounts of a chat: only what is meant leads somewhere', async () => {
    await app.setSite({ name, privacyUrl: 'https://shop.example/privacy' });
    await people.link('501.1', STRANGER, { companyName: name });
    await people.link(name, STRANGER, { firstName: name, lastName: name });
    await people.link('501.1', OTHER_STRANGER);
    for (const command of [
      '/stato',
      '/impostazioni',
      '/privacy',
      '/aiuto',
      '/scollega',
      '/start',
      'ciao',
      '/stop',
    ])
      await webhook.write(STRANGER, command);
    await webhook.write(STRANGER, '/impostazioni');
    await people.press(STRANGER, /501\.1/);
    await webhook.write(STRANGER, '/start');
    await people.tell('conti', '501.1');
    await webhook.write(STRANGER, '/stato');
    await people.press(STRANGER, /Togli/);
    await webhook.write(STRANGER, '/scollega');
    await people.press(STRANGER, /501\.1/);
    await webhook.write(STRANGER, '/start AAAAAAAAAAAAAAAAAAAAAA');

    const messages = await written(STRANGER, OTHER_STRANGER);
    const shown = messages.map(({ text = '' }) => text.replaceAll('\u2060', '')).join('\n');
    expect(shown).toContain(`Account: ${name} (501.1)`);
    expect(shown).toContain(`👤 ${name} (501.1)`);
    expect(shown).toContain(`riceve ora gli avvisi di ${name}`);
    for (const message of messages) for (const found of foundIn(message)) expect(found).toMatch(MEANT);
  });
});

test('the shop’s own address, its contact and its privacy notice stay links', async () => {
  await app.setSite({ name: 'Bianchi.srl', privacyUrl: 'https://shop.example/privacy' });
  await webhook.write(ANNA, '/privacy');
  expect(foundIn(await app.telegram.lastIn(ANNA))).toEqual(
    expect.arrayContaining(['info@shop.example', 'https://shop.example/privacy']),
  );
  await app.setUser('anna');
  await webhook.write(ANNA, '/stato');
  expect(foundIn(await app.telegram.lastIn(ANNA))).toContain('https://shop.example');
});

test('a name that is no address is written as it is, letter for letter', async () => {
  await people.link('501.00012', STRANGER, { companyName: 'Rossi Costruzioni S.r.l.' });
  await webhook.write(STRANGER, '/stato');
  expect((await app.telegram.lastIn(STRANGER)).text).toContain(
    'Account: Rossi Costruzioni S.r.l. (501.00012)',
  );
});

test('what is kept and why: offers and clicks are named where the shop has them, and nowhere else', async () => {
  const privacyOf = async (changes: object) => {
    await app.setSite(changes);
    await webhook.write(ANNA, '/privacy');
    return (await app.telegram.lastIn(ANNA)).text;
  };
  expect(await privacyOf({})).not.toMatch(/offerte|apert|aprono/);
  expect(await privacyOf({})).toContain("collegando Telegram; e per nient'altro.");
  const more = await privacyOf({ countClicks: true, cartSeries: { steps: [{ afterHours: 24 }] } });
  expect(more).toMatch(/se e quando hai accettato le offerte/);
  expect(more).toMatch(/per inviarti offerte .*, finché non lo revochi in \/impostazioni/);
  expect(more).toMatch(/quali dei suoi messaggi vengono aperti; e per nient'altro\./);
});
