import type { EventDocs } from '../lib/openapi/events.ts';
import { routes } from './file-upload.ts';

const documents = 'https://shop.example/area-riservata/documenti/rossi';

export const docs: EventDocs = {
  routes,
  summary: 'A file was uploaded, or Docuvision found new documents',
  who: 'The administrators of the folder are told; of the folder of a company that is the company itself. What Docuvision found at once is one event with all its `files`, and one message.',
  forms: ['FileUploadOneFile', 'FileUploadDocuvision'],
  examples: () => ({
    docuvision: {
      eventId: 'docuvision-rossi-2026-11-20T14',
      occurredAt: '2026-11-20T14:00:00+01:00',
      source: 'docuvision',
      files: [
        { name: 'Bilancio 2025.pdf', url: `${documents}/bilancio-2025.pdf` },
        { name: 'Contratto di locazione.pdf', url: `${documents}/contratto.pdf`, change: 'new-revision' },
      ],
      folder: { name: 'Rossi S.r.l.' },
      administrators: [{ id: 'CLI/001', companyName: 'Rossi S.r.l.', kind: 'customer' }],
    },
  }),
};
