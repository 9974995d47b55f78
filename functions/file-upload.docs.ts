import type { EventDocs } from '../lib/openapi/events.ts';
import { routes } from './file-upload.ts';

export const docs: EventDocs = {
  routes,
  summary: 'A file was uploaded',
  who: 'The administrators of the folder are told.',
};
