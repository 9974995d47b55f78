import type { EventDocs } from '../lib/openapi/events.ts';
import { routes } from './message-read.ts';

export const docs: EventDocs = {
  routes,
  summary: 'A recipient read a message',
  who: 'The sender is told.',
};
