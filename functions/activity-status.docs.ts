import type { EventDocs } from '../lib/openapi/events.ts';
import { routes } from './activity-status.ts';

export const docs: EventDocs = {
  routes,
  summary: 'An activity changed status',
  who: 'The creator of the activity is told.',
};
