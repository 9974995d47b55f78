import type { EventDocs } from '../lib/openapi/events.ts';
import { routes } from './activity-status.ts';

export const docs: EventDocs = {
  routes,
  summary: 'An activity changed status',
  who: 'The creator of the activity is told, and so are its `recipients` where the event names them, with templates of their own. A creator who is one of them is told once, as the creator.',
  examples: (sample) => ({
    withRecipients: {
      ...sample,
      eventId: 'attivita-712-completata-destinatari',
      recipients: [{ id: 'bruno', firstName: 'Bruno', language: 'en', kind: 'reserved-area' }],
    },
  }),
};
