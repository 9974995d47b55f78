import type { EventDocs } from '../lib/openapi/events.ts';
import { routes } from './message-sent.ts';

export const docs: EventDocs = {
  routes,
  summary: 'A message was written in the reserved area',
  who: 'Every recipient is told.',
};
