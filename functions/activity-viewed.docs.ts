import type { EventDocs } from '../lib/openapi/events.ts';
import { routes } from './activity-viewed.ts';

export const docs: EventDocs = {
  routes,
  summary: 'An assignee opened an activity',
  who: 'The creator of the activity is told.',
};
