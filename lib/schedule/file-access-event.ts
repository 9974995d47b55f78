import * as z from 'zod/mini';
import { fullName } from '../domain/person-names.ts';
import { defineEvent, type EventOf } from '../events/definition.ts';
import { eventFields, file, folder, person, recipients } from '../events/schemas.ts';
import { type FileOfNotice, ListedFiles } from '../templates/files.ts';
import type { FolderNotices } from './digests.ts';

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
  listed: (event) => new ListedFiles(filesOf(event)),
  values: ({ file, folder, accessedBy }) => ({
    nomeFile: file.name,
    nomeCartella: folder.name,
    autore: fullName(accessedBy),
  }),
});

type AccessEvent = EventOf<typeof fileAccess>;

/** Nothing is new about it. */
function filesOf({ file }: { file: { name: string; url?: string | undefined } }): FileOfNotice[] {
  return [{ ...file, change: 'new-file' }];
}

/** Its notices may be collected. */
export const accessNotices: FolderNotices<AccessEvent> = {
  definition: fileAccess,
  files: filesOf,
  author: ({ accessedBy }) => accessedBy,
};
