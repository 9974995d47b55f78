import { expect, test } from '@jest/globals';
import { placesIn } from '../../lib/http/spoken.ts';
import { fieldErrors } from '../../lib/http/validation.ts';
import { webhookBody } from '../../lib/webhooks/schemas.ts';

test('a webhook without events: what to do is said in the words of those who choose them', () => {
  const body = { url: 'https://shop.example/avvisi', events: [] };
  const { error } = webhookBody.safeParse(body);
  expect(placesIn('it', fieldErrors(error?.issues ?? [], body, webhookBody))).toEqual([
    { pointer: '/events', code: 'wrong-length', detail: 'Scegliere almeno un evento.' },
  ]);
});
