import type { EventDocs } from '../lib/openapi/events.ts';
import { routes } from './file-access.ts';

export const docs: EventDocs = {
  routes,
  summary: 'A file was downloaded or previewed',
  who: 'The administrators of the folder are told.',
  templateId: 'default-file-download',
};
