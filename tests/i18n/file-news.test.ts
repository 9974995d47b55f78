/** Files in words: one, several, many, in the languages that there are (docs/templates.md, "Placeholders"). */
import { describe, expect, test } from '@jest/globals';
import type { FileNews } from '../../lib/domain/file-changes.ts';
import { listOfFiles, namesOfFiles, summaryOfFiles } from '../../lib/i18n/file-news.ts';

const news = (change: FileNews['change'], count = 1): FileNews[] =>
  Array.from({ length: count }, (_, index) => ({ name: `${change}-${index + 1}.pdf`, change }));

describe('how many there are, by what is new', () => {
  test.each<[FileNews['change'], string, string, string, string]>([
    ['new-file', 'un nuovo file', '2 nuovi file', 'a new file', '2 new files'],
    ['new-document', 'un nuovo documento', '2 nuovi documenti', 'a new document', '2 new documents'],
    ['new-page', 'una nuova pagina', '2 nuove pagine', 'a new page', '2 new pages'],
    ['changed-page', 'una pagina modificata', '2 pagine modificate', 'a changed page', '2 changed pages'],
    ['new-revision', 'una nuova revisione', '2 nuove revisioni', 'a new revision', '2 new revisions'],
  ])('%s', (change, oneIt, twoIt, oneEn, twoEn) => {
    expect(summaryOfFiles(news(change), 'it')).toBe(oneIt);
    expect(summaryOfFiles(news(change, 2), 'it-CH')).toBe(twoIt);
    expect(summaryOfFiles(news(change), 'en')).toBe(oneEn);
    expect(summaryOfFiles(news(change, 2), 'en-GB')).toBe(twoEn);
  });

  test('several kinds, in the order in which they were told', () => {
    const files = [...news('new-document', 3), ...news('new-revision'), ...news('new-page', 2)];
    expect(summaryOfFiles(files, 'it')).toBe('3 nuovi documenti, una nuova revisione e 2 nuove pagine');
    expect(summaryOfFiles(files, 'en')).toBe('3 new documents, a new revision and 2 new pages');
  });

  test('nothing in a language that we have no words in: a message is in one language', () => {
    expect(summaryOfFiles(news('new-document', 3), 'de')).toBe('');
  });
});

describe('their names', () => {
  const files = [
    { name: 'A.pdf', change: 'new-document' },
    { name: 'B.pdf', change: 'new-revision' },
    { name: 'C.pdf', change: 'changed-page' },
    { name: 'D.pdf', change: 'new-page' },
  ] as const satisfies FileNews[];

  test('in one line', () => {
    expect(namesOfFiles(files, 4, 'it')).toBe('A.pdf, B.pdf, C.pdf e D.pdf');
    expect(namesOfFiles(files, 4, 'en')).toBe('A.pdf, B.pdf, C.pdf and D.pdf');
    expect(namesOfFiles(files, 4, 'de')).toBe('A.pdf, B.pdf, C.pdf und D.pdf');
    expect(namesOfFiles(files.slice(0, 1), 1, 'it')).toBe('A.pdf');
  });

  test('some of them, and how many more', () => {
    expect(namesOfFiles(files, 2, 'it')).toBe('A.pdf, B.pdf e altri 2');
    expect(namesOfFiles(files, 3, 'it')).toBe('A.pdf, B.pdf, C.pdf e un altro');
    expect(namesOfFiles(files, 1, 'en')).toBe('A.pdf and 3 more');
    expect(namesOfFiles(files, 1, 'de')).toBe('A.pdf und +3');
  });

  test('a line each, with what became of those that were there before', () => {
    expect(listOfFiles(files, 4, 'it')).toBe(
      '• A.pdf\n• B.pdf (nuova revisione)\n• C.pdf (pagina modificata)\n• D.pdf (nuova pagina)',
    );
    expect(listOfFiles(files, 2, 'en')).toBe('• A.pdf\n• B.pdf (new revision)\nand 2 more');
    expect(listOfFiles(files, 3, 'it')).toBe(
      '• A.pdf\n• B.pdf (nuova revisione)\n• C.pdf (pagina modificata)\ne un altro',
    );
    expect(listOfFiles(files, 2, 'de')).toBe('• A.pdf\n• B.pdf\n+2');
    expect(listOfFiles(files.slice(1, 2), 1, 'it')).toBe('B.pdf (nuova revisione)');
  });
});
