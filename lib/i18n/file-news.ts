/** What is new about the files of a folder, in words. */
import type { FileNews } from '../domain/file-changes.ts';
import { formatCount, formatList } from './format.ts';
import { isSpoken, type SpokenLanguage, spokenLanguage } from './languages.ts';

type News = FileNews['change'];

interface FileWords {
  one: Record<News, string>;
  several: Record<News, string>;
  /** What became of a file, beside its name: nothing of one that is simply there. */
  beside: Partial<Record<News, string>>;
  /** Those that are not named. */
  others: (count: number, written: string) => string;
  /** Before them, where they have a line of their own. */
  and: string;
}

const WORDS: Record<SpokenLanguage, FileWords> = {
  it: {
    one: {
      'new-file': 'un nuovo file',
      'new-document': 'un nuovo documento',
      'new-page': 'una nuova pagina',
      'changed-page': 'una pagina modificata',
      'new-revision': 'una nuova revisione',
    },
    several: {
      'new-file': 'nuovi file',
      'new-document': 'nuovi documenti',
      'new-page': 'nuove pagine',
      'changed-page': 'pagine modificate',
      'new-revision': 'nuove revisioni',
    },
    beside: {
      'new-page': 'nuova pagina',
      'changed-page': 'pagina modificata',
      'new-revision': 'nuova revisione',
    },
    others: (count, written) => (count === 1 ? 'un altro' : `altri ${written}`),
    and: 'e ',
  },
  en: {
    one: {
      'new-file': 'a new file',
      'new-document': 'a new document',
      'new-page': 'a new page',
      'changed-page': 'a changed page',
      'new-revision': 'a new revision',
    },
    several: {
      'new-file': 'new files',
      'new-document': 'new documents',
      'new-page': 'new pages',
      'changed-page': 'changed pages',
      'new-revision': 'new revisions',
    },
    beside: { 'new-page': 'new page', 'changed-page': 'changed page', 'new-revision': 'new revision' },
    others: (_, written) => `${written} more`,
    and: 'and ',
  },
};

/**
 * The number of files by what is new about them: `3 nuovi documenti e una nuova revisione`. Empty in a language that we do
 * not speak: a message is in one language.
 */
export function summaryOfFiles(files: FileNews[], languageTag: string): string {
  const words = wordsIn(languageTag);
  if (!words) return '';
  const counts = new Map<News, number>();
  for (const { change } of files) counts.set(change, (counts.get(change) ?? 0) + 1);
  const parts = [...counts].map(([change, count]) =>
    count === 1 ? words.one[change] : `${formatCount(count, languageTag)} ${words.several[change]}`,
  );
  return formatList(parts, languageTag);
}

/**
 * The names of the files in one line: `Bilancio.pdf, Contratto.pdf e altri 57`.
 *
 * @param shown how many of them are named; the others are counted.
 */
export function namesOfFiles(files: FileNews[], shown: number, languageTag: string): string {
  const names = files.slice(0, shown).map(({ name }) => name);
  return formatList([...names, ...others(files.length - shown, languageTag)], languageTag);
}

/** The names of several files in a line each, with what became of them; of a single one without a bullet. */
export function listOfFiles(files: FileNews[], shown: number, languageTag: string): string {
  const words = wordsIn(languageTag);
  const lines = files.slice(0, shown).map(({ name, change }) => {
    const beside = words?.beside[change];
    return beside ? `${name} (${beside})` : name;
  });
  if (files.length === 1) return lines.join('');
  const last = others(files.length - shown, languageTag).map((more) => (words?.and ?? '') + more);
  return [...lines.map((line) => `• ${line}`), ...last].join('\n');
}

/** Those that are not named; where we have no words, `+57`. */
function others(count: number, languageTag: string): string[] {
  if (count <= 0) return [];
  const words = wordsIn(languageTag);
  return [
    words ? words.others(count, formatCount(count, languageTag)) : `+${formatCount(count, languageTag)}`,
  ];
}

function wordsIn(languageTag: string): FileWords | undefined {
  return isSpoken(languageTag) ? WORDS[spokenLanguage(languageTag)] : undefined;
}
