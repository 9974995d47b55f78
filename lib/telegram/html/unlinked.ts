import { REMOVED } from './normalize.ts';

/** U+2060 WORD JOINER: invisible, without width, and no line breaks there. */
const JOINER = '\u2060';

const ALL_REMOVED = new RegExp(REMOVED, 'g');

/** Control characters but the line break: Telegram makes blanks of them. */
const CONTROLS = /[^\P{Cc}\n]/gu;

/** What Telegram takes as part of a hashtag, besides digits and letters. */
const TAG_SIGNS = String.raw`_\u00b7\u200c\u0d80-\u0dff`;

/**
 * The places where a joiner keeps Telegram from finding something:
 * - before a dot that may begin a top-level domain: all of these begin with two letters;
 * - before the third dot of an IPv4 address;
 * - in `://`, without which no scheme counts;
 * - after the sign that begins a command or a mention, a cashtag, a hashtag.
 */
const PLACES = new RegExp(
  [
    String.raw`(?=\.\p{L}[\p{L}\p{M}])`,
    String.raw`(?=\.\d)(?<=\d{1,3}\.\d{1,3}\.\d{1,3})`,
    `(?=//)(?<=:)`,
    String.raw`(?=\w)(?<=(?<![\w/<>])/)`,
    String.raw`(?=\w)(?<=(?<!\w)@)`,
    String.raw`(?=[A-Z]|1INCH)(?<=(?<!\w)\$)`,
    String.raw`(?<=(?<!\w)#)(?=[\d${TAG_SIGNS}]*\p{L})`,
  ]
    .map((place) => `(?<!${JOINER})${place}`)
    .join('|'),
  'gu',
);

/**
 * A text in which Telegram finds no address, e-mail address, mention, command, hashtag or cashtag by itself: for names
 * and other words that only look like one, such as `Bianchi.srl`. It is shown as it was written: the joiners in it are
 * invisible. In a text that looks like none of these, there are none. Doing it twice changes nothing more.
 *
 * Telegram's own rules are `find_entities` in `td/telegram/MessageEntity.cpp` of tdlib. U+2060 ends an address there
 * (`is_url_unicode_symbol`), is no letter of a name or tag, and stays when the text is cleaned (`clean_input_string`).
 * Telephone and card numbers are left to Telegram: they lead nowhere but to a menu.
 *
 * @param text plain text, not HTML: in a character reference a joiner would do harm. Escape the result.
 */
export function unlinked(text: string): string {
  // What Telegram removes could bring the halves of an address together again.
  return text.replace(ALL_REMOVED, '').replace(CONTROLS, ' ').replace(PLACES, JOINER);
}
