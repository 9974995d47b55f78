/** How a message is changed after Telegram refused it, and when no change helps. */
import { describe, expect, test } from '@jest/globals';
import { changedMessage, firstMessage, type PendingMessage } from '../../lib/deliveries/pending-message.ts';
import { htmlLength } from '../../lib/telegram/html/index.ts';
import { notification } from '../support/sqs-events.ts';

const button = { text: 'Vedi ordine', url: 'https://shop.example/ordini/1' };
const fault = { class: 'unparsable', description: 'Bad Request' };
const message: PendingMessage = {
  ...{ chatId: -7, text: '<b>A &amp; B</b>', isPlainText: false, isSilent: false },
  ...{ buttons: [button], fault: undefined, shortenings: 0, links: [] },
};

test('the first message is the notification as it was rendered', () => {
  const { text } = message;
  expect(firstMessage(notification({ text, button }), -7, undefined)).toEqual(message);
});

test('in a chat with several users the first line says for whom it is, and the text is shortened below it', () => {
  const line = '👤 <b>Rossi S.r.l. (CLI/001)</b>';
  expect(firstMessage(notification({ text: 'Ciao' }), 7, line).text).toBe(`${line}\n\nCiao`);

  const { text: long } = firstMessage(notification({ text: `<i>${'parola '.repeat(585)}</i>` }), 7, line);

  expect(htmlLength(long)).toBeLessThanOrEqual(4096);
  expect(long).toMatch(/^👤 <b>Rossi S\.r\.l\. \(CLI\/001\)<\/b>\n\n<i>parola .*…<\/i>$/s);
});

test('a migrated group: the new id, and nothing is at fault', () => {
  const migrated = { kind: 'migrated', chatId: -8 } as const;
  expect(changedMessage(message, migrated, fault)).toEqual({ ...message, chatId: -8 });
  expect(changedMessage({ ...message, chatId: -8 }, migrated, fault)).toBeUndefined();
});

test('unparsable HTML: plain text, once', () => {
  const plain = { ...message, text: 'A & B', isPlainText: true, fault };
  expect(changedMessage(message, { kind: 'unparsable' }, fault)).toEqual(plain);
  expect(changedMessage(plain, { kind: 'unparsable' }, fault)).toBeUndefined();
});

test('the buttons of a notification stand one below the other; one that copies a text is written as Telegram has it', () => {
  const moreButtons = [
    { text: 'Contatti', url: 'https://shop.example/contatti' },
    { text: 'Copia', copyText: 'TRK 1' },
  ];
  const styled = { ...button, style: 'success' as const };
  expect(firstMessage(notification({ button: styled, moreButtons }), 7, undefined).buttons).toEqual([
    styled,
    moreButtons[0],
    { text: 'Copia', copy_text: { text: 'TRK 1' } },
  ]);
});

test('a refused button: none, once', () => {
  const withoutButton = { ...message, buttons: [], fault };
  expect(changedMessage(message, { kind: 'button-refused' }, fault)).toEqual(withoutButton);
  expect(changedMessage(withoutButton, { kind: 'button-refused' }, fault)).toBeUndefined();
});

test('of several buttons, only the one goes whose address Telegram names', () => {
  const second = { text: 'Contatti', url: 'https://shop.example/ordini/1/contatti' };
  const two = { ...message, buttons: [button, second] };
  const named = (url: string) => ({
    class: 'button-refused',
    description: `Bad Request: inline keyboard button URL '${url}' is invalid: Wrong HTTP URL`,
  });
  const leftAfter = (refused: typeof fault) =>
    changedMessage(two, { kind: 'button-refused' }, refused)?.buttons;
  expect(leftAfter(named(button.url))).toEqual([second]);
  expect(leftAfter(named(second.url))).toEqual([button]);
  expect(leftAfter({ ...fault, description: 'Bad Request: BUTTON_COPY_TEXT_INVALID' })).toEqual([]);
});

describe('too long: three quarters of the text, twice', () => {
  const long = (changes: Partial<PendingMessage>) =>
    changedMessage({ ...message, ...changes }, { kind: 'too-long' }, fault);

  test('as HTML', () => {
    // 400 characters without the tags: 300, of which one is the ellipsis.
    const { text = '', ...rest } = long({ text: `<b>${'x'.repeat(400)}</b>` }) ?? {};
    expect(text).toMatch(/^<b>x+…<\/b>$/);
    expect(text.length).toBeLessThanOrEqual(300 + '<b></b>'.length);
    expect(text.length).toBeGreaterThan(280);
    expect(rest).toMatchObject({ shortenings: 1, fault, isPlainText: false });
  });

  test('as plain text', () => {
    expect(long({ text: 'x'.repeat(401), isPlainText: true })?.text).toBe(`${'x'.repeat(300)}…`);
    expect(long({ text: '<b>'.repeat(4), isPlainText: true })?.text).toBe('<b><b><b>…');
  });

  test('of at most 4096 characters, however long it is', () => {
    expect(long({ text: 'x'.repeat(9_000), isPlainText: true })?.text).toHaveLength(3_073);
  });

  test('never with half of a character', () => {
    expect(long({ text: `xx${'😀'.repeat(3)}`, isPlainText: true })?.text.isWellFormed()).toBe(true);
    expect(long({ text: `x${'😀'.repeat(4)}`, isPlainText: true })?.text.isWellFormed()).toBe(true);
  });

  test.each([
    [1, 2],
    [2, undefined],
  ])('after %d times: %s', (shortenings, next) => {
    expect(long({ shortenings })?.shortenings).toBe(next);
  });
});

test.each(['wait', 'retry', 'bot-unauthorized', 'unreachable', 'refused'] as const)(
  '%s: no change helps',
  (kind) => {
    const errorClass = kind === 'wait' ? { kind, seconds: 1 } : { kind };
    expect(changedMessage(message, errorClass, fault)).toBeUndefined();
  },
);
