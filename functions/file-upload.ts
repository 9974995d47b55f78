import * as z from 'zod/mini';
import { fullName, namesOf } from '../lib/domain/person-names.ts';
import { defineEvent } from '../lib/events/definition.ts';
import { eventFunction } from '../lib/events/handler.ts';
import { eventFields, file, folder, person, recipients } from '../lib/events/schemas.ts';

/**
 * Notifica Upload File: a file was uploaded to a folder in Documents. Every administrator of the folder gets a message.
 */
export const fileUpload = defineEvent({
  name: 'file-upload',
  schema: (link) =>
    z.strictObject({
      ...eventFields,
      file: file(link),
      folder,
      source: z.optional(z.enum(['manual', 'docuvision'])),
      uploadedBy: person,
      administrators: recipients,
    }),
  templateKind: () => 'file-upload',
  recipients: ({ administrators }) => administrators,
  actor: ({ uploadedBy }) => uploadedBy,
  skipReason: ({ source }, site) =>
    source === 'docuvision' && !site.docuvision ? 'docuvision-disabled' : undefined,
  url: ({ file }) => file.url,
  values: ({ file, folder, uploadedBy }) => ({
    // Only in this event the names are those of the person who uploaded, as merchants know it from Passweb.
    ...namesOf(uploadedBy),
    nomeFile: file.name,
    nomeCartella: folder.name,
    autore: fullName(uploadedBy),
  }),
});

export const { routes, handler } = eventFunction(fileUpload);
