/** Counted links in the whole local run: the button leads through the API to the shop, and the log and the figures show it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type LocalRun, type Shown, sample, startRun, until } from '../support/local-run.ts';

const ANNA = 1001;

let run: LocalRun;
beforeAll(async () => {
  run = await startRun();
});
afterAll(() => run?.stop());

async function api<Body>(path: string, method = 'GET', body?: object): Promise<Body> {
  const answer = await fetch(`${run.api}/v1/sites/demo${path}`, {
    method,
    headers: { authorization: 'Bearer pwtg_demo', 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Body;
}

test('a customer opens an order: the shop sees when', async () => {
  await api('', 'PATCH', { countClicks: true });
  const event = (await sample('order-status')) as Awaited<ReturnType<typeof sample>> & {
    order: { url: string };
  };
  const { notifications } = await run.report('order-status', event);
  const [message] = (await run.messagesOnce(ANNA, 1)) as (Shown & {
    reply_markup?: { inline_keyboard: { url?: string }[][] };
  })[];
  const link = message?.reply_markup?.inline_keyboard[0]?.[0]?.url ?? '';
  expect(link).toMatch(new RegExp(`^${run.api}/c/[\\w-]+$`));

  // A preview first, then the person.
  for (const agent of ['TelegramBot (like TwitterBot)', 'Mozilla/5.0 (iPhone) Mobile Safari']) {
    const answer = await fetch(link, { redirect: 'manual', headers: { 'user-agent': agent } });
    expect([answer.status, answer.headers.get('location')]).toEqual([302, event.order.url]);
    expect(answer.headers.get('set-cookie')).toBeNull();
  }
  const deliveryId = notifications[0]?.deliveryId;
  expect(await api(`/deliveries/${deliveryId}`)).toMatchObject({ clicks: 1 });
  expect((await fetch(`${link}x`, { redirect: 'manual' })).status).toBe(404);

  await run.invoke('clicks-due');
  const clicked = async () => (await api<{ totals: { clicked?: number } }>('/statistics')).totals.clicked;
  expect(await until(clicked, 'the statistics')).toBe(1);
});
