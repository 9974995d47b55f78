/** What the emulator finds in a text: the expected values are those of tdlib's own tests (`test/message_entities.cpp`). */
import { describe, expect, test } from '@jest/globals';
import { findEntities } from '../../local/emulator/find-entities.ts';
import { call, start } from './emulator-helpers.ts';

function found(text: string, ...types: string[]): string[] {
  return findEntities(text)
    .filter(({ type }) => types.includes(type))
    .map(({ offset, length }) => text.slice(offset, offset + length));
}

test.each<[string, string[]]>([
  ['@mention', ['@mention']],
  [' @mention ', ['@mention']],
  ['@abc @xyz @abc @xyz @xxx@yyy @ttt', []],
  ['@abcde @xyzxy @xxxxx@yyyyy @ttttt', ['@abcde', '@xyzxy', '@xxxxx', '@ttttt']],
  ['no@mention', []],
  ['нет@mention', []],
  ['@n', []],
  ['@abcdefghijklmnopqrstuvwxyz123456', ['@abcdefghijklmnopqrstuvwxyz123456']],
  ['@abcdefghijklmnopqrstuvwxyz1234567', []],
  ['@ya @gif @vid @pic @bin', ['@gif', '@vid', '@pic']],
])('mentions in %j', (text, mentions) => {
  expect(found(text, 'mention')).toEqual(mentions);
});

test.each<[string, string[]]>([
  ['/abc', ['/abc']],
  [' /abc ', ['/abc']],
  ['/a@abc', ['/a@abc']],
  ['/a@b', []],
  ['/@bfdsa', []],
  ['/test/', []],
])('commands in %j', (text, commands) => {
  expect(found(text, 'bot_command')).toEqual(commands);
});

test.each<[string, string[]]>([
  ['#', []],
  ['#a', ['#a']],
  [' #я ', ['#я']],
  [' я#a ', []],
  [' #a# ', []],
  [' #123 ', []],
  [' #123a ', ['#123a']],
  ['#a#b #c #d', ['#c', '#d']],
  ['#te·st', ['#te·st']],
  ['#a\u2122', ['#a']],
])('hashtags in %j', (text, tags) => {
  expect(found(text, 'hashtag')).toEqual(tags);
});

test.each<[string, string[]]>([
  ['$a', []],
  ['$A', ['$A']],
  ['$ABCDEFGH', ['$ABCDEFGH']],
  ['$ABCDEFGHJ', []],
  [' $$XYZ ', []],
  [' 1$ABC ', []],
  ['...$1INCH...', ['$1INCH']],
])('cashtags in %j', (text, tags) => {
  expect(found(text, 'cashtag')).toEqual(tags);
});

test.each<[string, string[]]>([
  ['telegram.org', ['telegram.org']],
  ['\ntelegram.org)', ['telegram.org']],
  ['.telegram.org)', []],
  ['()telegram.org/?q=()', ['telegram.org/?q=()']],
  [' telegram. org. www. com... telegram.org... ...google.com...', ['telegram.org']],
  ['http://google,.com', []],
  ['http://telegram.org/?asd=123#123.', ['http://telegram.org/?asd=123#123']],
  ['[http://google.com](test)', ['http://google.com']],
  ['http://@google.com', []],
  ['http://a@google.com', ['http://a@google.com']],
  ['ftps://telegram.org', []],
  ['hTtPs://telegram.org', ['hTtPs://telegram.org']],
  ['sHTTP://telegram.org', []],
  ['://telegram.org', []],
  ['http://.com', []],
  [',ahttp://google.com', ['http://google.com']],
  ['.ahttp://google.com', []],
  ['http://1.0', []],
  ['http://a.a', []],
  ['google.com:1#ab c', ['google.com:1#ab']],
  ['google.com:000000065535/abs', ['google.com:000000065535/abs']],
  ['google.com:65536', ['google.com']],
  ['google.com:0/abs', ['google.com']],
  ['127.0.0.1', ['127.0.0.1']],
  ['127.0.0.01', []],
  ['127.0.0.256', []],
  ['127.001', []],
  ['www.🤙.tk', ['www.🤙.tk']],
  ['a.ab', []],
  ['test.abd', []],
  ['ÀÁ.com,ÀÁ.com.', ['ÀÁ.com', 'ÀÁ.com']],
  ['TeiegraM.org/test', []],
  ['http://test.google.com/?q=abc(){}]def', ['http://test.google.com/?q=abc(){}']],
  ['http://test-.google.com', []],
  ['http://test_.google.com', ['http://test_.google.com']],
  ['http://google_.com', []],
  ['/.b/..a    @.....@/. a.ba', ['a.ba']],
  ['https://www.google.com/ab,', ['https://www.google.com/ab']],
  ['xn--80afpi2a3c.xn--p1ai', ['xn--80afpi2a3c.xn--p1ai']],
  ['✪df.ws/123', ['✪df.ws/123']],
  ['I have a good time.Thanks, guys!', []],
  ['http://userid:password@example.com:8080', ['http://userid:password@example.com:8080']],
  ['rdar://1234', []],
  ['https://t.…', []],
  ['https://a.bc@c.com', ['https://a.bc@c.com']],
  ['https://de/bc@c.com', []],
  ['a.bc@c.com', []],
  ['tg://test?asdf', ['tg://test?asdf']],
  ['tg://test/?.:;,(', ['tg://test/']],
  ['tg:test/', []],
])('addresses in %j', (text, urls) => {
  expect(found(text, 'url')).toEqual(urls);
});

test.each<[string, string[]]>([
  ['a.bc@c.com', ['a.bc@c.com']],
  ['https://a.de[bc@c.com', ['bc@c.com']],
  ['https://de(bc@c.com', ['bc@c.com']],
])('e-mail addresses in %j', (text, addresses) => {
  expect(found(text, 'email')).toEqual(addresses);
});

describe('sendMessage', () => {
  const sent = async (text: string) => {
    const emulator = await start();
    const { body } = await call(emulator, 'sendMessage', { chat_id: 1001, text, parse_mode: 'HTML' });
    return body.result.entities;
  };

  test('shows what it finds, also in bold', async () => {
    expect(await sent('<b>Bianchi.srl</b> /stato')).toEqual([
      { type: 'bold', offset: 0, length: 11 },
      { type: 'url', offset: 0, length: 11 },
      { type: 'bot_command', offset: 12, length: 6 },
    ]);
  });

  test('finds nothing in code, nor in what leads elsewhere', async () => {
    expect(await sent('<code>a.it</code> <a href="https://b.it">c.it</a>')).toEqual([
      { type: 'code', offset: 0, length: 4 },
      { type: 'text_link', offset: 5, length: 4, url: 'https://b.it/' },
    ]);
  });
});
