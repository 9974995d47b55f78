import type { FileNews } from '../domain/file-changes.ts';
import { fullName, type Names } from '../domain/person-names.ts';
import { listOfFiles, namesOfFiles, summaryOfFiles } from '../i18n/file-news.ts';
import { formatCount } from '../i18n/format.ts';
import { shownName } from '../telegram/text/name.ts';
import type { Listed } from './listed.ts';
import type { PlaceholderKey } from './placeholders.ts';

/** The placeholders about the files of an event, as people read them. */
type FileValues = Record<
  Extract<PlaceholderKey, 'nomeFile' | 'numeroFile' | 'elencoFile' | 'riepilogoFile'>,
  string
>;

/** The files of an event, with their names as people read them: worked out once for all recipients. */
export class ListedFiles implements Listed {
  readonly count: number;
  readonly #files: FileNews[];
  /** By language, and by how many are named. */
  readonly #values = new Map<string, FileValues>();

  constructor(files: FileNews[]) {
    this.count = files.length;
    // Each on a line of its own: no name forges the next one.
    this.#files = files.map(({ name, change }) => ({ name: shownName(name), change }));
  }

  /** @param shown how many of them are named; the others are counted. */
  valuesIn(languageTag: string, shown = this.count): FileValues {
    const key = `${languageTag} ${shown}`;
    const values = this.#values.get(key) ?? this.#write(languageTag, shown);
    this.#values.set(key, values);
    return values;
  }

  #write(languageTag: string, shown: number): FileValues {
    const files = this.#files;
    return {
      nomeFile: namesOfFiles(files, shown, languageTag),
      numeroFile: formatCount(this.count, languageTag),
      elencoFile: listOfFiles(files, shown, languageTag),
      riepilogoFile: summaryOfFiles(files, languageTag),
    };
  }
}

/** A file of a notice. */
export type FileOfNotice = FileNews & { url?: string | undefined };

/** These files, each once. */
export function distinctFiles(files: FileOfNotice[]): FileOfNotice[] {
  const distinct = new Map(files.map((file) => [JSON.stringify([file.name, file.url, file.change]), file]));
  return [...distinct.values()];
}

/** So many people are named; the others are counted. */
const MOST_AUTHORS = 5;

/** The files of several notices, each once, and who acted: one person as in the message of one notice, several in a list. */
export class CollectedFiles implements Listed {
  readonly count: number;
  readonly #files: ListedFiles;
  readonly #authors: string[];
  readonly #namesAuthors: boolean;

  /** @param namesAuthors whether `nome` and its like are theirs. */
  constructor(files: FileOfNotice[], authors: Names[], namesAuthors = false) {
    this.#files = new ListedFiles(distinctFiles(files));
    this.count = this.#files.count;
    this.#authors = [...new Set(authors.map((person) => fullName(person) ?? ''))].filter(Boolean);
    this.#namesAuthors = namesAuthors;
  }

  valuesIn(languageTag: string, shown?: number): Partial<Record<PlaceholderKey, string>> {
    const values = this.#files.valuesIn(languageTag, shown);
    if (this.#authors.length < 2) return values;
    const people = this.#authors.map((name) => ({ name: shownName(name), change: 'new-file' as const }));
    const autore = namesOfFiles(people, MOST_AUTHORS, languageTag);
    return {
      ...values,
      autore,
      ...(this.#namesAuthors && { nome: autore, cognome: '', nominativo: autore }),
    };
  }
}
