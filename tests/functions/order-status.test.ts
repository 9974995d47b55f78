import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { demoSite, demoUsers } from '../../local/demo.ts';
import { eventRequest, jsonOf, lambdaContext } from '../support/requests.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let handler: typeof import('../../functions/order-status.ts').handler;

beforeAll(async () => {
  stack = await startStack();
  await stack.putSite(demoSite());
  for (const user of demoUsers()) await stack.putUser(user);
  ({ handler } = await import('../../functions/order-status.ts'));
});
afterAll(() => stack.close());
beforeEach(() => stack.takeNotifications());

const order = {
  eventId: 'event-1',
  language: 'it',
  order: {
    id: '84512',
    reference: 'OC 2026/0412',
    status: 'Evaso',
    itemCount: 3,
    total: { amount: '149.90', currency: 'EUR' },
    url: 'https://shop.example/ordini/84512',
  },
  holder: { id: 'anna', firstName: 'Anna', lastName: 'Rossi' },
};

describe('order-status', () => {
  test('queues one notification for the holder', async () => {
    const answer = await handler(eventRequest('order-status', { body: order }), lambdaContext);

    expect(answer.statusCode).toBe(202);
    const { eventId, notifications } = jsonOf(answer);
    expect(eventId).toBe('event-1');
    expect(notifications).toEqual([
      {
        userId: 'anna',
        templateId: 'default-order-status',
        status: 'queued',
        deliveryId: expect.any(String),
      },
    ]);

    const queued = await stack.takeNotifications();
    expect(queued).toHaveLength(1);
    expect(queued[0]).toMatchObject({
      deliveryId: notifications[0].deliveryId,
      siteId: 'demo',
      userId: 'anna',
      button: { text: "Vedi l'ordine", url: 'https://shop.example/ordini/84512' },
    });
    expect(queued[0]?.text).toContain('149,90');
  });
});
