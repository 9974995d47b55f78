import * as z from 'zod/mini';
import { fullName } from '../lib/domain/person-names.ts';
import { defineEvent } from '../lib/events/definition.ts';
import { eventFunction } from '../lib/events/handler.ts';
import { eventFields, file, folder, person, recipients } from '../lib/events/schemas.ts';

/**
 * Notifica Download File / Presa visione File: a file was downloaded ("Scarica") or previewed ("Anteprima"); each has
 * its own templates. Every administrator of the folder gets a message.
 */
export const fileAccess = defineEvent({
  name: 'file-access',
  schema: (link) =>
    z.strictObject({
      ...eventFields,
      file: file(link),
      folder,
      access: z.enum(['download', 'view']),
      accessedBy: person,
      administrators: recipients,
    }),
  templateKind: ({ access }) => (access === 'download' ? 'file-download' : 'file-view'),
  recipients: ({ administrators }) => administrators,
  actor: ({ accessedBy }) => accessedBy,
  url: ({ file }) => file.url,
  values: ({ file, folder, accessedBy }) => ({
    nomeFile: file.name,
    nomeCartella: folder.name,
    autore: fullName(accessedBy),
  }),
});

export const { routes, handler } = eventFunction(fileAccess);
