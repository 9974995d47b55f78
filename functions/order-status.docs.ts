import type { EventDocs } from '../lib/openapi/events.ts';
import { routes } from './order-status.ts';

export const docs: EventDocs = {
  routes,
  summary: 'An order entered a status',
  who: 'The holder of the order is told, where a template manages the status.',
  examples: (sample) => {
    const { order } = sample as { order: object };
    return {
      shipped: {
        ...sample,
        eventId: 'ordine-2026-0412-evaso',
        order: {
          ...order,
          status: 'Evaso',
          lines: [
            {
              name: 'Tenda da sole 300 × 200',
              quantity: 1,
              total: { amount: '119.90', currency: 'EUR' },
              imageUrl: 'https://shop.example/immagini/tenda.jpg',
            },
            { name: 'Staffa per parete', quantity: 2, total: { amount: '30.00', currency: 'EUR' } },
          ],
          tracking: { code: '1Z999AA10123456784' },
        },
      },
    };
  },
};
