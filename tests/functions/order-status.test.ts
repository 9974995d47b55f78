import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';

let app: App;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());
beforeEach(() => app.takeQueued());

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
    const answer = await app.report('order-status', order);

    expect(answer.status).toBe(202);
    const { eventId, notifications } = answer.json;
    expect(eventId).toBe('event-1');
    expect(notifications).toEqual([
      {
        userId: 'anna',
        templateId: 'default-order-status-evaso',
        status: 'queued',
        deliveryId: expect.any(String),
      },
    ]);

    const queued = await app.takeQueued();
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
