/** CSV files as spreadsheets, databases and people write them. */
import { describe, expect, test } from '@jest/globals';
import { type CsvLine, openPeople } from '../../scripts/people-csv.ts';

async function* pieces(content: string | Buffer, size: number) {
  const bytes = Buffer.from(content);
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

const HEADER = 'userId,chatId,botId,firstName,lastName,companyName,language,optedOut,mutedEvents';

/** @param size bytes of a piece. */
async function read(content: string | Buffer, size = 1024): Promise<CsvLine[]> {
  return Array.fromAsync((await openPeople(pieces(content, size))).lines);
}
const usersIn = async (content: string | Buffer, size?: number) =>
  (await read(content, size)).map((line) => ('user' in line ? line.user : line.refusal));

describe('a file', () => {
  const anna = { userId: 'CLI/001', chatId: 1001, firstName: 'Anna', lastName: 'Rossi, "Nina"' };
  const bruno = { userId: 'CLI/002', chatId: 1002, companyName: 'Caffè\nBianchi; S.r.l.' };

  test.each([1, 3, 1024])('with commas, quotes, lines in cells, in pieces of %d bytes', async (size) => {
    const content = `${HEADER}\nCLI/001,1001,,Anna,"Rossi, ""Nina""",,,,\nCLI/002,1002,,,,"Caffè\nBianchi; S.r.l.",,,\n`;
    expect(await usersIn(content, size)).toEqual([anna, bruno]);
  });

  test.each([1, 1024])(
    'as Excel writes it in Italian: a byte order mark, semicolons, CRLF, empty lines',
    async (size) => {
      const content = `\uFEFF${HEADER.replaceAll(',', ';')}\r\nCLI/001;1001;;Anna;"Rossi, ""Nina""";;;;\r\n;;;;;;;;\r\n\r\nCLI/002;1002;;;;"Caffè\nBianchi; S.r.l.";;;`;
      expect(await usersIn(content, size)).toEqual([anna, bruno]);
    },
  );

  test('with tabs, and with columns in any order and spelling', async () => {
    expect(await usersIn('CHATID\t userid \n1001\tx')).toEqual([{ userId: 'x', chatId: 1001 }]);
  });

  test('with quotes in a cell that has none around it', async () => {
    const content = 'userId,chatId,companyName\nx,1,Bar "Da Gino" S.r.l.\ny,2,\n';
    expect(await usersIn(content)).toEqual([
      { userId: 'x', chatId: 1, companyName: 'Bar "Da Gino" S.r.l.' },
      { userId: 'y', chatId: 2 },
    ]);
  });

  test('with one line and no end of line', async () => {
    expect(await usersIn('userId,chatId')).toEqual([]);
  });

  test('says the number of each line, its user and its bot', async () => {
    const lines = await read('userId,chatId,botId\na,1,100\nb,2,\n\n"c\nd",3,200\n');
    expect(lines).toMatchObject([
      { line: 2, userId: 'a', botId: '100' },
      { line: 3, userId: 'b', botId: undefined },
      { line: 6, userId: 'c\nd', botId: '200' },
    ]);
  });
});

describe('cells', () => {
  const one = async (column: string, value: string) =>
    (await usersIn(`userId,chatId,${column}\nx,1,"${value}"`))[0];

  test.each([
    ['true', true],
    ['VERO', true],
    ['sì', true],
    ['si\u0300', true],
    ['Si', true],
    ['yes', true],
    ['1', true],
    ['false', false],
    ['FALSO', false],
    ['no', false],
    ['0', false],
    [' no ', false],
  ])('optedOut %s', async (text, value) => {
    expect(await one('optedOut', text)).toEqual({ userId: 'x', chatId: 1, optedOut: value });
  });

  test.each(['message-read file-access', 'message-read|file-access', ' message-read | file-access '])(
    'mutedEvents "%s"',
    async (text) => {
      expect(await one('mutedEvents', text)).toMatchObject({ mutedEvents: ['message-read', 'file-access'] });
    },
  );

  test('an empty one says nothing; blanks around an id do not count', async () => {
    expect(await one('optedOut', '')).toEqual({ userId: 'x', chatId: 1 });
    expect(await usersIn('userId,chatId\n" 007 ", 12 ')).toEqual([{ userId: '007', chatId: 12 }]);
  });
});

describe('refuses a line', () => {
  test('whose chat is no number, as Excel shortens long ones', async () => {
    const lines = await usersIn('userId;chatId\na;"1,23457E+11"\nb;\nc;-5\nd;1');
    expect(lines).toEqual([
      expect.stringMatching(/^chatId: .*Excel/),
      expect.stringMatching(/^chatId: /),
      { userId: 'c', chatId: -5 },
      { userId: 'd', chatId: 1 },
    ]);
  });

  test('whose optedOut is no word for yes or no', async () => {
    expect(await usersIn('userId,chatId,optedOut\na,1,forse\nb,1,null')).toEqual(
      Array(2).fill('optedOut: Must be true, vero, yes, sì, si, 1, or false, falso, no, 0.'),
    );
  });

  test('with too many cells or too few', async () => {
    expect(await usersIn('userId,chatId\na,1,Anna\nb\nc,3')).toEqual([
      'It has 3 cells, and the first line 2.',
      'It has 1 cells, and the first line 2.',
      { userId: 'c', chatId: 3 },
    ]);
  });
});

describe('refuses a file', () => {
  test.each<[string, string | Buffer, RegExp]>([
    ['that is empty', '', /is empty/],
    ['of empty lines', '\n\n', /is empty/],
    [
      'with columns that there are not',
      'userId,chatId,phone,mail\n',
      /unknown columns: phone, mail\. There can be: userId,/,
    ],
    ['without the columns that must be there', 'firstName\n', /lacks columns: userId, chatId/],
    ['with a column twice', 'userId,chatId,userid\n', /columns twice: userId/],
    ['without a header', 'CLI/001,1001\n', /unknown columns: CLI\/001, 1001/],
    [
      'in Windows’ character set',
      Buffer.from('userId,chatId,firstName\nx,1,Niccol\xf2\n', 'latin1'),
      /not in UTF-8.*Excel/,
    ],
    ['in UTF-16', Buffer.from('\uFEFFuserId,chatId\nx,1\n', 'utf16le'), /not in UTF-8/],
    ['with a quote that is not closed', `userId,chatId\n"x,1\n${'y,2\n'.repeat(40_000)}`, /can't be read on/],
  ])('%s', async (_what, content, sentence) => {
    await expect(read(content)).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringMatching(sentence),
    });
  });
});
