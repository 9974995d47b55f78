/** What a stranger may write into a text takes time in proportion to its length, and no more. */
import { expect, test } from '@jest/globals';
import { parseHtml, TelegramHtmlError, toPlainText } from '../../lib/telegram/html/index.ts';

const TIMES = 50_000;

/** Quadratic time would take minutes. Counted is the processor's time: what else the machine does is of no account. */
const SECONDS = 30;

function processorSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000_000;
}

test.each(['<a>x', '<b', '&#1', '&l', '<', '</', '<b x="', '<b>', '<i ', '</ ', '<a>a.b</a>'])(
  'parseHtml of %j, again and again',
  (piece) => {
    const html = piece.repeat(TIMES);
    const seconds = processorSeconds(() => {
      try {
        parseHtml(html);
      } catch (error) {
        expect(error).toBeInstanceOf(TelegramHtmlError);
      }
    });
    expect(seconds).toBeLessThan(SECONDS);
  },
);

test.each(['<b ', '<b "', '</ ', '&lt', "<a href='", '<b>&#'])(
  'toPlainText of %j, again and again',
  (piece) => {
    const html = piece.repeat(TIMES);
    expect(processorSeconds(() => toPlainText(html))).toBeLessThan(SECONDS);
  },
);
