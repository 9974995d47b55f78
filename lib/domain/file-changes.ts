/** What Docuvision reports of a document in a folder. */
export const FILE_CHANGES = ['new-document', 'new-page', 'changed-page', 'new-revision'] as const;
type FileChange = (typeof FILE_CHANGES)[number];

/** What is new about a file: a person has uploaded it, or Docuvision found a change. */
export interface FileNews {
  name: string;
  change: 'new-file' | FileChange;
}
