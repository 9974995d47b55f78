/**
 * What Telegram finds in a text by itself: addresses, mentions, commands, tags, card numbers. The rules are those of
 * `find_entities` in `td/telegram/MessageEntity.cpp` of tdlib. Telephone numbers are found by Telegram's servers, whose
 * rules are not published: here it is what begins with `+`, as in the example of the Bot API (`+1-212-555-0123`).
 */
import { cardNumbers } from './card-numbers.ts';
import { TOP_LEVEL_DOMAINS } from './top-level-domains.ts';
import type { Entity } from './types.ts';

const WORD = String.raw`\p{L}\p{N}_`;
const TAG = String.raw`\p{L}\p{Nd}_\u00b7\u200c\u0d80-\u0dff`;
/** Blanks, and the punctuation that ends an address. */
const END = String.raw` \u00a0\u1680\u2000-\u200b\u200e\u200f\u2016-\u206f\u3000`;

/** What follows in a link to Telegram; it does not end in punctuation. */
const APP_PATH = String.raw`[^\n<>"«»${END}]*[^\n<>"«»${END}.:;,('?!\`]`;

const PATTERNS: [type: string, pattern: RegExp][] = [
  ['mention', new RegExp(String.raw`(?<![${WORD}])@\w{2,32}(?![${WORD}])`, 'gu')],
  [
    'bot_command',
    new RegExp(String.raw`(?<![${WORD}/<>])/\w{1,64}(?:@\w{3,32}|(?!@))(?![${WORD}/<>])`, 'gu'),
  ],
  [
    'hashtag',
    new RegExp(String.raw`(?<![${TAG}])#(?=[${TAG}]{0,255}\p{L})[${TAG}]{1,256}(?![${TAG}]*#)`, 'gu'),
  ],
  ['cashtag', new RegExp(String.raw`(?<![$${TAG}])\$(?:1INCH|[A-Z]{1,8})(?![$${TAG}])`, 'gu')],
  ['phone_number', /(?<![\p{L}\p{N}_.+-])\+\d(?:[ .()-]{0,2}\d){6,14}(?![\p{L}\p{N}_])/gu],
  ['url', new RegExp(`(?:tg|ton|tonsite)://[a-z0-9_-]{1,253}(?:/(?:${APP_PATH})?|[?#]${APP_PATH})?`, 'gi')],
];

const DOMAIN = new RegExp(`[^\\0-,/:-@[-^\`{-}\\x7f-\\xbf${END}]`);
const DOMAIN_OR_AT = new RegExp(`@|${DOMAIN.source}`);
const USER = new RegExp(`[^\\n/[\\]{}()'\`<>"@«»${END}]`);
const PATH = new RegExp(`[^\\n<>"«»${END}]`);
const PROTOCOL = new RegExp(`[a-z0-9+-]|[^\\0-\\x7f${END}]`, 'i');
/** What stands before an address and makes it a part of something else. */
const SPOILS = new RegExp(`[${WORD}/#@]$`, 'u');
const BAD_END = /[.:;,('?!`]+$/;

export const EMAIL =
  /^(?:[a-z0-9_-]{0,26}[.+]){0,10}[a-z0-9_-]{1,35}@(?:(?:[a-z0-9][a-z0-9_-]{0,28})?[a-z0-9][.]){1,6}[a-z]{2,8}$/i;
const IPV4 = /^(?:(?:0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])(?:\.(?!$)|$)){4}$/;
const SHORT_NAMES = ['@gif', '@vid', '@pic'];

/** What is found, in the order of the text; nothing overlaps. */
export function findEntities(text: string): Entity[] {
  const found = [
    ...PATTERNS.flatMap(([type, pattern]) => matches(text, type, pattern)),
    ...cardNumbers(text),
    ...addresses(text),
  ];
  found.sort((one, other) => one.offset - other.offset || other.length - one.length);
  let end = 0;
  return found.filter(({ offset, length }) => {
    const isFree = offset >= end;
    if (isFree) end = offset + length;
    return isFree;
  });
}

function matches(text: string, type: string, pattern: RegExp): Entity[] {
  return [...text.matchAll(pattern)]
    .filter(([found]) => type !== 'mention' || found.length > 4 || SHORT_NAMES.includes(found.toLowerCase()))
    .map(({ 0: found, index }) => ({ type, offset: index, length: found.length }));
}

function addresses(text: string): Entity[] {
  return candidates(text).flatMap(([offset, end]) => {
    const whole = text.slice(offset, end);
    const mail = whole.replace(/^mailto:/, '');
    if (EMAIL.test(mail)) return [{ type: 'email', offset: end - mail.length, length: mail.length }];
    const { length } = usablePart(whole);
    return length > 0 ? [{ type: 'url', offset, length }] : [];
  });
}

/** `match_urls`: what may be an address, around each dot. */
function candidates(text: string): [start: number, end: number][] {
  const found: [number, number][] = [];
  let from = 0;
  for (let dot = text.indexOf('.'); dot !== -1 && dot + 1 < text.length; dot = text.indexOf('.', from)) {
    if (text[dot + 1] === ' ') {
      from = dot + 2;
      continue;
    }
    let start = backWhile(DOMAIN, text, dot, from);
    let end = forwardWhile(DOMAIN_OR_AT, text, dot);
    const hasUser = text.slice(dot, end).includes('@');
    if (hasUser) start = backWhile(USER, text, start, from);
    end = withPath(text, withPort(text, end));
    while (end > dot + 1 && text[end - 1] === '.') end--;

    const begin = withScheme(text, start, from, hasUser);
    if (begin === undefined) {
      while (text[end - 1] !== '.') end--;
    } else {
      if (end > dot + 1) found.push([begin, end]);
      while (text[end] === '.') end++;
    }
    from = Math.max(end, dot + 1);
  }
  return found;
}

function withPort(text: string, at: number): number {
  const [whole = '', port = ''] = /^:0*(\d*)/.exec(text.slice(at, at + 64)) ?? [];
  return port !== '' && Number(port) <= 65_535 ? at + whole.length : at;
}

function withPath(text: string, at: number): number {
  if (!/[/?#]/.test(text[at] ?? '')) return at;
  let end = forwardWhile(PATH, text, at + 1);
  while (end > at + 1 && BAD_END.test(text[end - 1] ?? '')) end--;
  return text[at] === '/' || end > at + 1 ? end : at;
}

/** Where the address begins, with its user and scheme; `undefined` where what stands before it spoils it. */
function withScheme(text: string, start: number, from: number, hasUser: boolean): number | undefined {
  let begin = start;
  if (begin > from && text[begin - 1] === '@') {
    begin = backWhile(USER, text, start - 1, from);
    if (hasUser || begin === start - 1) return undefined;
  }
  const before = text.slice(from, begin);
  if (before.length < 6 || !before.endsWith('://')) return SPOILS.test(before) ? undefined : begin;
  const protocol = text.slice(backWhile(PROTOCOL, text, begin - 3, from), begin - 3).toLowerCase();
  const scheme = ['http', 'https', 'ftp', 'tonsite'].find((known) => protocol.endsWith(known));
  return scheme && !['shttp', 'tftp', 'sftp'].includes(protocol) ? begin - 3 - scheme.length : undefined;
}

/** `fix_url`: as much of it as is an address; empty where it is none. */
function usablePart(url: string): string {
  const [scheme = ''] = /^(?:https?|ftp|tonsite):\/\//i.exec(url) ?? [];
  const [host = ''] = /^[^/?#]*/.exec(url.slice(scheme.length)) ?? [];
  const path = usablePath(url.slice(scheme.length + host.length));
  return isDomain(host.slice(host.indexOf('@') + 1).replace(/:[^:]*$/, ''), scheme !== '')
    ? scheme + host + path
    : '';
}

/** Without a bracket that closes what the path has not opened, and what follows it. */
function usablePath(path: string): string {
  const open: Record<string, number> = { '(': 0, '[': 0, '{': 0 };
  const OPENING: Record<string, string> = { ')': '(', ']': '[', '}': '{' };
  let end = 0;
  for (; end < path.length; end++) {
    const sign = path.charAt(end);
    const opening = OPENING[sign];
    if (sign in open) open[sign] = (open[sign] ?? 0) + 1;
    if (opening === undefined) continue;
    open[opening] = (open[opening] ?? 0) - 1;
    if ((open[opening] ?? 0) < 0) break;
  }
  return path.slice(0, end).replace(BAD_END, '');
}

function isDomain(domain: string, hasScheme: boolean): boolean {
  const labels = domain.split('.');
  const isWrong = (label: string) => label === '' || label.endsWith('-') || Buffer.byteLength(label) >= 64;
  if (labels.length === 1 || labels.some(isWrong) || /^teiegram\.org$/i.test(domain)) return false;
  if (IPV4.test(domain)) return true;
  const [second = '', top = ''] = labels.slice(-2);
  if (/^[\d.]*$/.test(domain) || [...top].length === 1 || second.includes('_')) return false;
  if (top.startsWith('xn--')) return /^xn--[a-z0-9]{2,}$/i.test(top);
  return !/[_-]/.test(top) && (hasScheme || isTopLevel(top));
}

/** `com` and `COM`, but not `Com`, which begins a sentence. */
function isTopLevel(label: string): boolean {
  const lower = label.toLowerCase();
  const isCapitalized = lower !== label && lower.slice(1) === label.slice(1);
  return !isCapitalized && TOP_LEVEL_DOMAINS.has(lower);
}

function backWhile(pattern: RegExp, text: string, at: number, from: number): number {
  let start = at;
  while (start > from && pattern.test(text[start - 1] ?? '')) start--;
  return start;
}

function forwardWhile(pattern: RegExp, text: string, at: number): number {
  let end = at;
  while (end < text.length && pattern.test(text[end] ?? '')) end++;
  return end;
}
