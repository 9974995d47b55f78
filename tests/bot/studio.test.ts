/** A site that is no shop: an accountant's studio that sends messages and reminders, and says lei. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Site } from '../../lib/store/sites.ts';
import { type App, startApp } from '../support/app.ts';
import { type Webhook, webhookOf } from '../support/bot-updates.ts';
import { ANNA, BRUNO, NO_LIMITS, STRANGER } from '../support/fixtures.ts';

let app: App;
let webhook: Webhook;
let studio: Partial<Site>;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator', limits: NO_LIMITS });
  webhook = webhookOf(app);
});
afterAll(() => app.close());

const SENT = ['message-sent', 'activity-reminder', 'welcome'];

beforeEach(async () => {
  await app.reset();
  const templates = app.site.templates.map((template) => ({
    ...template,
    enabled: SENT.includes(template.event),
  }));
  studio = {
    ...{ name: 'Studio Rossi S.r.l.', url: 'https://studio.example', tone: 'lei', templates },
    merchantContact: 'segreteria@studio.example',
  };
  await app.setSite(studio);
});

async function answerTo(chatId: number, text: string, languageCode = 'it'): Promise<string> {
  await webhook.write(chatId, text, languageCode);
  return (await app.telegram.lastIn(chatId)).text ?? '';
}

const buttonsOf = async (chatId: number) =>
  ((await app.telegram.lastIn(chatId)).reply_markup?.inline_keyboard ?? []).flat().map(({ text }) => text);

/** Words of kinds that the studio does not send, or of shops. */
const FOREIGN = /ordin[ei]|carrell|document|negozi|acquist|\borders?\b|\bcarts?\b|\bshop\b/i;

describe('names only what it sends', () => {
  test('/impostazioni', async () => {
    expect(await answerTo(ANNA, '/impostazioni')).toBe(
      '⚙️ Quali avvisi vuole ricevere da Studio Rossi S.r.l.? Tocchi una voce per attivarla o disattivarla.',
    );
    expect(await buttonsOf(ANNA)).toEqual([
      '✅ Nuovi messaggi',
      '✅ Promemoria delle attività',
      '🌙 Ore di silenzio',
    ]);
  });

  test('/impostazioni after /stop', async () => {
    await webhook.write(ANNA, '/stop');
    await webhook.write(ANNA, '/impostazioni');
    expect(await buttonsOf(ANNA)).toEqual([
      'Riattivare gli avvisi',
      '⬜️ Nuovi messaggi',
      '⬜️ Promemoria delle attività',
    ]);
  });

  test('/stato, also where something was switched off that it no longer sends', async () => {
    await app.setUser('anna', { mutedEvents: ['order-status', 'message-sent'] });
    const answer = await answerTo(ANNA, '/stato');
    expect(answer).toContain('🔔 Avvisi attivi:\n• Promemoria delle attività\n');
    expect(answer).toContain('🔕 Avvisi disattivati:\n• Nuovi messaggi\n');
    expect(answer).not.toMatch(FOREIGN);
  });

  test('/stato while it is switched off: nothing is active', async () => {
    await app.setSite({ ...studio, active: false });
    const answer = await answerTo(ANNA, '/stato');
    expect(answer).toContain('Studio Rossi S.r.l. ha sospeso gli avvisi su Telegram.');
    expect(answer).not.toContain('Avvisi attivi');
  });

  test('a keyboard from before: the switch counts, and the buttons are those of today', async () => {
    await webhook.write(ANNA, '/impostazioni');
    const { message_id } = await app.telegram.lastIn(ANNA);
    await webhook.pressButton(ANNA, message_id, 'off:order-status');
    expect(await app.findUser('anna')).toMatchObject({ mutedEvents: ['order-status'] });
    expect(await buttonsOf(ANNA)).toEqual([
      '✅ Nuovi messaggi',
      '✅ Promemoria delle attività',
      '🌙 Ore di silenzio',
    ]);
  });

  test('the welcome, and the line below it', async () => {
    const token = await app.linkToken('dario', { firstName: 'Bianchi S.p.A.', language: 'it' });
    await webhook.write(STRANGER, `/start ${token}`);
    const [welcome] = await app.takeQueued();
    expect(welcome?.text).not.toMatch(FOREIGN);
    expect(welcome?.text).toMatch(
      /✅ Questa chat riceve ora gli avvisi di <b>Studio Rossi S\.r\.l\.<\/b> per <b>Bianchi S\.p\.A\.<\/b>: messaggi e attività\.\nI suoi dati: \/privacy$/,
    );
  });

  test.each(['/aiuto', '/privacy', '/scollega', '/start', '/stop', 'ciao'])('%s', async (text) => {
    for (const chatId of [ANNA, BRUNO, STRANGER]) {
      const answer = await answerTo(chatId, text);
      expect(answer).not.toMatch(FOREIGN);
      expect(answer).not.toContain('..');
      expect((await buttonsOf(chatId)).join('\n')).not.toMatch(FOREIGN);
    }
  });
});
