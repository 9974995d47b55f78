/** The whole life of a link, through HTTP and the emulator alone: linked, notified, muted, opted out, back again. */
import { createHash, createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { launchChromium } from '../../scripts/chromium.ts';
import { testWithBrowser } from '../support/browser.ts';
import { type Answer, type LocalRun, type Shown, sample, startRun, until } from '../support/local-run.ts';

let run: LocalRun;
beforeAll(async () => {
  run = await startRun();
});
afterAll(() => run?.stop());

interface State {
  linked: boolean;
  optedOut: boolean;
  [field: string]: unknown;
}

async function api<Body>(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: Body }> {
  const answer = await fetch(`${run.api}/v1/sites/demo/${path}`, {
    method,
    headers: { authorization: 'Bearer pwtg_demo', 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    redirect: 'manual',
  });
  const text = await answer.text();
  return { status: answer.status, body: (text ? JSON.parse(text) : undefined) as Body };
}

async function linkFor(
  userId: string,
  person: object = {},
): Promise<{ url: string; token: string; qr: string }> {
  const { status, body } = await api<{ url: string; token: string; qr: string }>(
    'POST',
    `users/${userId}/link`,
    { firstName: 'Elena', lastName: 'Blu', language: 'it', ...person },
  );
  expect(status).toBe(201);
  return body;
}

const stateOf = async (userId: string) => (await api<State>('GET', `users/${userId}`)).body;

let events = 0;

async function report(userId: string, reference = 'OC 1'): Promise<Answer> {
  events += 1;
  const payload = await sample('order-status');
  const order = { ...(payload.order as object), reference };
  return run.report('order-status', { ...payload, eventId: `life-${events}`, order, holder: { id: userId } });
}

const write = (chatId: number, text: string) =>
  run.emulator(`chats/${chatId}/send`, { text, from: { first_name: 'Elena', language_code: 'it' } });

/** What the bot has said in the chat, once it has said so many things. */
function saidOnce(chatId: number, count: number): Promise<Shown[]> {
  return until(async () => {
    const said = (await run.messages(chatId)).filter((message) => message.from.is_bot);
    return said.length >= count ? said : undefined;
  }, `${count} messages of the bot in chat ${chatId}`);
}

describe('a link opened in Telegram', () => {
  const CHAT = 5001;

  test('links, welcomes, and says whose account it is', async () => {
    const { url, token, qr } = await linkFor('elena');
    expect(url).toBe(`https://t.me/demo_shop_bot?start=${token}`);
    expect(qr).toMatch(/^<svg/);
    await write(CHAT, `/start ${token}`);
    const [welcome] = await saidOnce(CHAT, 1);
    expect(welcome?.text).toContain('Ciao Elena, ti diamo il benvenuto!');
    expect(welcome?.text).toContain('Elena Blu');
    expect(await stateOf('elena')).toMatchObject({ linked: true, optedOut: false });
  });

  test('an event arrives; once its kind is switched off by a button, no more', async () => {
    expect((await report('elena')).notifications[0]?.status).toBe('queued');
    expect((await saidOnce(CHAT, 2))[1]?.text).toContain('OC 1');

    await write(CHAT, '/impostazioni');
    const settings = (await saidOnce(CHAT, 3))[2];
    const press = (data: string) =>
      run.emulator(`chats/${CHAT}/press`, { messageId: settings?.message_id, data });
    await press('off:order-status');
    const firstButton = async () => (await saidOnce(CHAT, 3))[2]?.reply_markup?.inline_keyboard[0]?.[0]?.text;
    await until(async () => (await firstButton()) === '⬜️ Stato degli ordini', 'the button to change');
    expect((await report('elena')).notifications[0]).toMatchObject({ status: 'skipped', reason: 'muted' });
    await press('on:order-status');
    await until(async () => (await firstButton()) === '✅ Stato degli ordini', 'the button to change back');
  });

  test('/stop: not even what waits arrives; a yes brings everything back', async () => {
    await run.emulator('faults', { method: 'sendMessage', chatId: CHAT, times: 1, status: 500 });
    const waiting = await report('elena', 'WAITING');
    await run.deliveryOnce(waiting.notifications[0]?.deliveryId, 'retrying');
    await write(CHAT, '/stop');
    const stopped = (await saidOnce(CHAT, 4))[3];
    expect(stopped?.text).toContain('da ora non riceverai più avvisi');
    await run.deliveryOnce(waiting.notifications[0]?.deliveryId, 'skipped');
    expect((await report('elena')).notifications[0]).toMatchObject({ reason: 'opted-out' });

    await run.emulator(`chats/${CHAT}/press`, { messageId: stopped?.message_id, data: 'again' });
    expect((await saidOnce(CHAT, 5))[4]?.text).toContain('di nuovo attivi');
    await report('elena', 'AGAIN');
    const said = await saidOnce(CHAT, 6);
    expect(said[5]?.text).toContain('AGAIN');
    expect(said.filter(({ text }) => text.includes('WAITING'))).toEqual([]);
  });

  test('blocked and unblocked: nothing is sent meanwhile, and then again', async () => {
    await run.emulator(`chats/${CHAT}/block`, {});
    await until(async () => (await report('elena')).notifications[0]?.reason === 'unreachable', 'the block');
    await run.emulator(`chats/${CHAT}/unblock`, {});
    await until(
      async () => (await report('elena', 'BACK')).notifications?.[0]?.status === 'queued',
      'the return',
    );
    await until(
      async () => (await run.messages(CHAT)).some(({ text }) => text.includes('BACK')),
      'a notification after the return',
    );
  });

  test('opted out through the site: /start asks, and a yes brings back', async () => {
    expect((await api('PATCH', 'users/elena', { optedOut: true })).status).toBe(200);
    const before = (await run.messages(CHAT)).length;
    await write(CHAT, '/start');
    const [, question] = await until(async () => {
      const newer = (await run.messages(CHAT)).slice(before);
      return newer.length >= 2 ? newer : undefined;
    }, 'the question');
    expect(question?.text).toContain('disattivati dal sito');
    expect((await report('elena')).notifications[0]).toMatchObject({ reason: 'opted-out' });
    await run.emulator(`chats/${CHAT}/press`, { messageId: question?.message_id, data: 'again' });
    await until(async () => !(await stateOf('elena')).optedOut, 'Elena to be back');
  });
});

test('two people open one link at one instant: one of them is linked', async () => {
  const { token } = await linkFor('fabio');
  const chats = [5101, 5102];
  await Promise.all(chats.map((chatId) => write(chatId, `/start ${token}`)));
  const said = (await Promise.all(chats.map((chatId) => saidOnce(chatId, 1)))).map(
    ([first]) => first?.text ?? '',
  );
  expect(said.filter((text) => text.includes('benvenuto'))).toHaveLength(1);
  expect(said.filter((text) => text.includes('già stato usato'))).toHaveLength(1);
});

test('a login with the widget links and welcomes, once', async () => {
  const CHAT = 5201;
  // The person has allowed the bot to write, in the widget itself.
  await run.emulator(`chats/${CHAT}/allow`, { from: { first_name: 'Gaia', language_code: 'it' } });
  const login = signed({ id: CHAT, first_name: 'Gaia', auth_date: Math.floor(Date.now() / 1_000) });
  expect((await api('POST', 'users/gaia/telegram-login', login)).status).toBe(200);
  expect((await saidOnce(CHAT, 1))[0]?.text).toContain('benvenuto');
  expect(await stateOf('gaia')).toMatchObject({ linked: true });
});

test('the widget may send the browser back: linked, and on to the site', async () => {
  const CHAT = 5301;
  await run.emulator(`chats/${CHAT}/allow`, { from: { first_name: 'Hugo', language_code: 'it' } });
  const { token } = await linkFor('hugo');
  const fields = signed({ id: CHAT, first_name: 'Hugo', auth_date: Math.floor(Date.now() / 1_000) });
  const query = new URLSearchParams({ link: token, ...fields });
  const answer = await fetch(`${run.api}/v1/sites/demo/telegram/callbacklogin?${query}`, {
    redirect: 'manual',
  });
  expect(answer.status).toBe(302);
  expect(answer.headers.get('location')).toMatch(/^https:\/\/shop\.example/);
  await saidOnce(CHAT, 1);
});

testWithBrowser(
  'on the page: a link is opened, Start pressed, settings switched, the bot blocked and unblocked',
  async () => {
    const { url } = await linkFor('ilaria', { firstName: 'Ilaria' });
    const browser = await launchChromium();
    try {
      const page = await browser.newPage({ viewport: { width: 1400, height: 860 } });
      await page.goto(run.telegram);
      await page.getByTestId('new-person').click();
      await page.getByTestId('person-first-name').fill('Ilaria');
      await page.getByTestId('person-chat-id').fill('5401');
      await page.getByTestId('person-payload').fill(url);
      await page.getByTestId('person-start').click();
      await page.getByTestId('message').getByText('Ciao Ilaria, ti diamo il benvenuto!').waitFor();

      await page.getByRole('button', { name: '/impostazioni', exact: true }).click();
      await page.getByRole('button', { name: '✅ Nuovi messaggi' }).click();
      await page.getByRole('button', { name: '⬜️ Nuovi messaggi' }).waitFor();
      await page.getByTestId('toast').getByText('Avviso disattivato: Nuovi messaggi').waitFor();
      expect(await stateOf('ilaria')).toMatchObject({ linked: true, mutedEvents: ['message-sent'] });

      await page.getByTestId('block').click();
      await until(async () => (await stateOf('ilaria')).unreachable, 'the block to be known');
      await page.getByTestId('block').click();
      await until(async () => !(await stateOf('ilaria')).unreachable, 'the return to be known');
    } finally {
      await browser.close();
    }
  },
);

/** As Telegram signs a login: HMAC-SHA256 under the SHA-256 of the bot's token (core.telegram.org/widgets/login). */
function signed(fields: Record<string, string | number>): Record<string, string> {
  const texts = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, String(value)]));
  const checked = Object.entries(texts)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join('\n');
  const key = createHash('sha256').update('100:demo').digest();
  return { ...texts, hash: createHmac('sha256', key).update(checked).digest('hex') };
}
