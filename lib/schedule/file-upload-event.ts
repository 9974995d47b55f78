import * as z from 'zod/mini';
import { FILE_CHANGES } from '../domain/file-changes.ts';
import { fullName, namesOf } from '../domain/person-names.ts';
import { defineEvent } from '../events/definition.ts';
import { eventFields, file, folder, person, recipients } from '../events/schemas.ts';
import type { LinkSchema } from '../http/schemas.ts';
import { toneOf } from '../store/sites.ts';
import { type FileOfNotice, ListedFiles } from '../templates/files.ts';
import { withTextsForFiles } from '../templates/template-kinds.ts';
import type { FolderNotices } from './digests.ts';

/** A file that somebody has uploaded, or that Docuvision reports alone. */
const oneFile = (link: LinkSchema) =>
  z.strictObject({
    ...eventFields,
    file: file(link),
    folder,
    source: z.optional(z.enum(['manual', 'docuvision'])),
    uploadedBy: person,
    administrators: recipients,
  });

/** What Docuvision has found at once: nobody has uploaded it. */
const foundFiles = (link: LinkSchema) =>
  z.strictObject({
    ...eventFields,
    files: z
      .array(z.extend(file(link), { change: z.optional(z.enum(FILE_CHANGES)) }))
      .check(z.minLength(1), z.maxLength(100)),
    folder,
    source: z.literal('docuvision'),
    uploadedBy: z.optional(person),
    administrators: recipients,
  });

type OneFile = z.infer<ReturnType<typeof oneFile>>;
type FoundFiles = z.infer<ReturnType<typeof foundFiles>>;
type UploadEvent = OneFile | FoundFiles;

/** What the event names, each once. */
function filesOf(event: UploadEvent): FoundFiles['files'] {
  if (!('files' in event)) return [event.file];
  const distinct = new Map(
    event.files.map(({ name, url, change = 'new-document' }) => {
      const news = { name, url, change };
      return [JSON.stringify(news), news];
    }),
  );
  return [...distinct.values()];
}

/** What is new about each of them. */
function newsOf(event: UploadEvent): FileOfNotice[] {
  const news = event.source === 'docuvision' ? 'new-document' : 'new-file';
  return filesOf(event).map(({ name, url, change }) => ({ name, url, change: change ?? news }));
}

/** The one page on which everything is that the event names. */
function pageOf(event: UploadEvent): string | undefined {
  const [url, ...others] = new Set(filesOf(event).map((each) => each.url));
  return others.length === 0 ? url : undefined;
}

/**
 * Notifica Upload File: a file was uploaded to a folder in Documents, or Docuvision found new ones. Every administrator of
 * the folder, of a company's folder the company itself, gets one message about all of them.
 */
export const fileUpload = defineEvent<UploadEvent>({
  name: 'file-upload',
  schema: (link) => z.union([oneFile(link), foundFiles(link)]),
  templateKind: () => 'file-upload',
  recipients: ({ administrators }) => administrators,
  // What Docuvision reports nobody has uploaded: no group counts.
  actor: ({ source, uploadedBy }) => (source === 'docuvision' ? undefined : uploadedBy),
  skipReason: ({ source }, site) =>
    source === 'docuvision' && !site.docuvision ? 'docuvision-disabled' : undefined,
  templatesOf: (site, event) =>
    'files' in event ? withTextsForFiles(site.templates, toneOf(site)) : site.templates,
  url: pageOf,
  listed: (event) => new ListedFiles(newsOf(event)),
  values: ({ folder, uploadedBy }) => ({
    // Only in this event the names are those of the person who uploaded, as merchants know it from Passweb.
    ...namesOf(uploadedBy ?? {}),
    nomeCartella: folder.name,
    autore: fullName(uploadedBy),
  }),
});

/** Its notices may be collected. */
export const uploadNotices: FolderNotices<UploadEvent> = {
  definition: fileUpload,
  files: newsOf,
  author: ({ uploadedBy }) => uploadedBy,
  namesAuthors: true,
};
