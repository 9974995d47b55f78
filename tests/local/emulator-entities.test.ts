/** What the emulator finds in a text: the expected values are those of tdlib's own tests. */
import { describe, expect, test } from '@jest/globals';
import { EMAIL, findEntities } from '../../local/emulator/find-entities.ts';
import { call, start } from './emulator-helpers.ts';
import * as tdlib from './tdlib-entities.ts';

function found(text: string, type: string): string[] {
  return findEntities(text)
    .filter((entity) => entity.type === type)
    .map(({ offset, length }) => text.slice(offset, offset + length));
}

describe.each<[string, tdlib.Row[]]>([
  ['mention', tdlib.MENTIONS],
  ['bot_command', tdlib.COMMANDS],
  ['hashtag', tdlib.HASHTAGS],
  ['cashtag', tdlib.CASHTAGS],
  ['bank_card_number', tdlib.CARD_NUMBERS],
  ['url', tdlib.APP_LINKS],
  ['url', tdlib.ADDRESSES],
  ['email', tdlib.EMAILS],
])('%s', (type, rows) => {
  test.each(rows)('in %j', (text, ...expected) => {
    expect(found(text, type)).toEqual(expected);
  });
});

test('an e-mail address has a good user and a good domain', () => {
  const users = [...tdlib.GOOD_USERS, ...tdlib.BAD_USERS];
  const domains = [...tdlib.GOOD_DOMAINS, ...tdlib.BAD_DOMAINS];
  for (const user of users) {
    for (const domain of domains) {
      const address = `${user}@${domain}`;
      const isGood = tdlib.GOOD_USERS.includes(user) && tdlib.GOOD_DOMAINS.includes(domain);
      expect([address, EMAIL.test(address)]).toEqual([address, isGood]);
    }
  }
});

test.each(['+1-212-555-0123', '+39 02 1234567', '+39 (0)2 123.45.67'])(
  'the telephone number %s',
  (number) => {
    expect(found(`Tel. ${number}.`, 'phone_number')).toEqual([number]);
  },
);

describe('sendMessage', () => {
  const sent = async (text: string) => {
    const emulator = await start();
    const { body } = await call(emulator, 'sendMessage', { chat_id: 1001, text, parse_mode: 'HTML' });
    return body.result.entities;
  };

  test('shows what it finds, also in bold', async () => {
    expect(await sent('<b>Bianchi.srl</b> /stato')).toEqual([
      { type: 'url', offset: 0, length: 11 },
      { type: 'bold', offset: 0, length: 11 },
      { type: 'bot_command', offset: 12, length: 6 },
    ]);
  });

  test('a style ends where an address begins, and goes on after it', async () => {
    expect(await sent('<b>Vedi a.it ora</b>')).toEqual([
      { type: 'bold', offset: 0, length: 5 },
      { type: 'url', offset: 5, length: 4 },
      { type: 'bold', offset: 5, length: 4 },
      { type: 'bold', offset: 9, length: 4 },
    ]);
  });

  test('an address crosses no border of a quote', async () => {
    expect(await sent('<blockquote>a</blockquote>.it b.it')).toEqual([
      { type: 'blockquote', offset: 0, length: 1 },
      { type: 'url', offset: 5, length: 4 },
    ]);
  });

  test('finds telephone and card numbers, and none in a document number', async () => {
    expect(await sent('Tel. +39 02 1234567, carta 4916-3385-0608-2832, OC 2026/0412')).toEqual([
      { type: 'phone_number', offset: 5, length: 14 },
      { type: 'bank_card_number', offset: 27, length: 19 },
    ]);
  });

  test.each([
    // `clean_input_string` in `td/telegram/misc.cpp` of tdlib.
    ['a\u2028b\u2029c\u202ed', 'abcd'],
    ['a\u030a u\u0333 o\u033f', 'a u o'],
    ['a\rb\vc\fd\te', 'ab c d e'],
  ])('deletes what Telegram deletes: %j', async (text, shown) => {
    const emulator = await start();
    const { body } = await call(emulator, 'sendMessage', { chat_id: 1001, text });
    expect(body.result.text).toBe(shown);
  });

  test('finds nothing in code, nor in what leads elsewhere', async () => {
    expect(await sent('<code>a.it</code> <a href="https://b.it">c.it</a>')).toEqual([
      { type: 'code', offset: 0, length: 4 },
      { type: 'text_link', offset: 5, length: 4, url: 'https://b.it/' },
    ]);
  });
});
