/** The buttons of an order's message in the whole local run: from the merchant's template to the chat. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DEMO_SITE_KEY } from '../../local/demo.ts';
import { type LocalRun, sample, startRun } from '../support/local-run.ts';

const ANNA = 1001;

let run: LocalRun;
beforeAll(async () => {
  run = await startRun();
});
afterAll(() => run?.stop());

test('an order that is shipped has its colour, its second button and its code to copy', async () => {
  const template = `${run.api}/v1/sites/demo/templates/default-order-status-evaso`;
  const saved = await fetch(template, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${DEMO_SITE_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      buttonStyle: 'primary',
      secondButton: { it: 'Scrivici', en: 'Write to us' },
      secondButtonUrl: 'https://shop.example/contatti',
      trackingButton: { it: 'Copia il codice', en: 'Copy the code' },
    }),
  });
  expect(saved.status).toBe(200);

  const { order: confirmed, ...event } = await sample('order-status');
  const order = confirmed as { url: string };
  const shipped = { ...order, status: 'Evaso', tracking: { code: '1Z999AA10123456784' } };
  await run.report('order-status', { ...event, eventId: 'shipped', order: shipped });

  const [message] = await run.messagesOnce(ANNA, 1);
  expect(message?.reply_markup).toEqual({
    inline_keyboard: [
      [{ text: "Vedi l'ordine", url: order.url, style: 'primary' }],
      [{ text: 'Scrivici', url: 'https://shop.example/contatti' }],
      [{ text: 'Copia il codice', copy_text: { text: '1Z999AA10123456784' } }],
    ],
  });
});
