import { REMOVED } from './normalize.ts';

/** U+2060 WORD JOINER: invisible, without width, and no line breaks there. Telegram makes no link across it. */
export const JOINER = '\u2060';

const ALL_REMOVED = new RegExp(REMOVED, 'g');

/** Control characters but line breaks and tabs: Telegram makes blanks of them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes.
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** What Telegram takes as part of a hashtag, besides letters and the digits of all scripts. */
const TAG_SIGNS = String.raw`_\u00b7\u200c\u0d80-\u0dff`;

/** Endings of file names that are no top-level domains: such names are often copied, and stay as they are. */
export const FILE_ENDINGS = [
  ...['pdf', 'xml', 'doc', 'docx', 'odt', 'rtf', 'txt', 'xls', 'xlsx', 'xlsm', 'ods', 'csv', 'ppt', 'pptx'],
  ...[
    'jpg',
    'jpeg',
    'png',
    'gif',
    'bmp',
    'tif',
    'tiff',
    'webp',
    'heic',
    'svg',
    'mp4',
    'avi',
    'wav',
    'dwg',
    'dxf',
  ],
  ...['rar', 'tar', 'gz', 'htm', 'html', 'json', 'eml', 'msg', 'tmp', 'bak'],
];

/** A pattern in small and capital letters. */
function inAnyCase(pattern: string): string {
  return pattern.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

/** A dot before one of these, where the word ends after it and is no e-mail address. */
const BEFORE_ENDING = String.raw`\.(?:${inAnyCase(FILE_ENDINGS.join('|'))})(?![\p{L}\p{M}\p{N}_-])(?<!@[\w.-]{0,200})`;

/** A quarter of an IPv4 address. `9.007.199.254` is none. */
const OCTET = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`;

/**
 * The places where a joiner keeps Telegram from finding something:
 * - before a dot that may begin a top-level domain: all of these begin with two letters;
 * - before the third dot of an IPv4 address;
 * - in `://`, without which no scheme counts;
 * - after the sign that begins a command or a mention, a cashtag, a hashtag.
 */
const PLACES = [
  String.raw`(?=\.\p{L}[\p{L}\p{M}])(?!${BEFORE_ENDING})`,
  String.raw`(?<=(?<!\d)${OCTET}\.${OCTET}\.${OCTET})(?=\.${OCTET}(?!\.?\d))`,
  `(?=//)(?<=:)`,
  String.raw`(?=\w)(?<=(?<![\w/<>])/)`,
  String.raw`(?=\w)(?<=(?<!\w)@)`,
  String.raw`(?=[A-Z]|1INCH)(?<=(?<!\w)\$)`,
  String.raw`(?<=(?<!\w)#)(?=[\p{Nd}${TAG_SIGNS}]*\p{L})`,
]
  .map((place) => `(?<!${JOINER})${place}`)
  .join('|');

const HTTP = inAnyCase('https?://');
const BLANK = String.raw`[^\S\ufeff]`;
/** What an address may have after its host; brackets in pairs, since Telegram ends it at one that is not opened. */
const IN_PATH = String.raw`[^\s\u2000-\u206f<>"«»()[\]{}]`;
const PATH = String.raw`[/?#](?:${IN_PATH}|\(${IN_PATH}*\)|\[${IN_PATH}*\]|\{${IN_PATH}*\})*`;
const LABEL = String.raw`[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?`;
const HOST = String.raw`(?:${LABEL}\.)+(?:\p{L}{2,63}|[xX][nN]--[a-z0-9]{2,59})(?![\p{L}\p{M}\p{N}_@~-])`;

/** What somebody wrote as an address, and Telegram finds as a whole: with `https://` or `www.`, and e-mail addresses. */
const WRITTEN = [
  String.raw`${HTTP}(?<=(?:(?:^|${BLANK})(?:\p{L}{0,30}[:(])?['(]?|["<>«»])${HTTP})${HOST}(?::[1-9]\d{0,3})?(?:${PATH})?`,
  // Whether its end is a top-level domain, only Telegram knows: nothing else may begin in it.
  String.raw`(?<=(?:^|${BLANK})["'(«<>]?)(?=[wW]{3}\.)${HOST}(?:(?<=\w)[/?][\w%.=&~+-]*)*`,
  String.raw`(?<=(?:^|${BLANK})["'(«<>]?)(?=\w)(?:[\w-]{0,26}[.+]){0,10}[\w-]{1,35}@(?:(?:[A-Za-z0-9][\w-]{0,28})?[A-Za-z0-9]\.){1,6}[A-Za-z]{2,8}(?=[.,;:!]*(?:\?|[)\]}'"»>][.,;:!?)\]}'"»>]*)?(?:${BLANK}|$))`,
].join('|');

// Made when they are first used: Unicode properties cost a cold start milliseconds.
let allPlaces: RegExp | undefined;
let writtenOrPlaces: RegExp | undefined;

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
  allPlaces ??= new RegExp(PLACES, 'gu');
  return cleaned(text).replace(allPlaces, JOINER);
}

/**
 * The same for a text that somebody wrote to be read, such as a message: addresses that begin with `https://`, `http://` or
 * `www.`, and e-mail addresses, stay what they are.
 */
export function unlinkedText(text: string): string {
  writtenOrPlaces ??= new RegExp(`${WRITTEN}|${PLACES}`, 'gu');
  return cleaned(text).replace(writtenOrPlaces, (written) => written || JOINER);
}

/**
 * Abbreviations, nearly all of them Italian, that end like the domain of a country: `n.ro`, `c.so`, `pag.to`, `Gent.ma`,
 * `Gent.mo/a`; and archives (`listino.zip`). With more of an address behind them they are one: `t.me/shop`.
 */
const ABBREVIATION =
  /(?<![\w@./-])(?<word>[a-z]{1,5}(?=\.(?:co|ma|me|mo|na|no|re|ro|sa|so|to)\b)|[\w-]+(?=\.zip\b))(?=\.\w+(?:\/[a-z]{1,2})?(?![\w@/-]|\.\w))/gi;

/** A text that a merchant wrote, in which addresses are meant, with no links in its abbreviations. */
export function withoutLinkedAbbreviations(text: string): string {
  return text.replace(ABBREVIATION, `$<word>${JOINER}`);
}

/** Without what Telegram removes: that could bring the halves of an address together again. */
function cleaned(text: string): string {
  return text.replace(ALL_REMOVED, '').replace(CONTROLS, ' ');
}
