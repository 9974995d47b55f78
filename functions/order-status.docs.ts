import type { EventDocs } from '../lib/openapi/events.ts';
import { routes } from './order-status.ts';

export const docs: EventDocs = {
  routes,
  summary: 'An order entered a status',
  who: 'The holder of the order is told, where a template manages the status.',
};
