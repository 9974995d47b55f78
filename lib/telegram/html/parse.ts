import { checkLink, userIdOfLink } from './links.ts';
import { sortEntities } from './sort-entities.ts';
import { scanHtml, type Tag } from './tokenize.ts';
import {
  MAX_TEXT_LENGTH,
  type MessageEntity,
  type ParsedText,
  type PlainEntityType,
  TelegramHtmlError,
} from './types.ts';

const PLAIN_ENTITIES: Record<string, PlainEntityType> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  'tg-spoiler': 'spoiler',
  span: 'spoiler',
};

// Telegram stores times in 32 bits.
const MAX_UNIX_TIME = 2 ** 31 - 1;

/**
 * So much text, in UTF-16 units, is read as the address of links without one. A message that can be sent has that much
 * only with links inside each other, of which Telegram keeps one; reading all of them would take quadratic time.
 */
const MAX_LINKED_TEXT = 4 * MAX_TEXT_LENGTH;

type Span = { offset: number; length: number };

/** Collects the entities of the elements as they close, the innermost first. */
class EntityCollector {
  readonly entities: MessageEntity[] = [];
  /** The languages of `code` elements. They are used only if a `pre` is around the same text. */
  readonly #languages = new Map<MessageEntity, string>();
  #roomForLinks = MAX_LINKED_TEXT;

  add(tag: Tag, text: string): void {
    const span: Span = { offset: tag.offset, length: text.length - tag.offset };
    const language = this.#languageOfBlock(tag, span);
    if (language !== '') {
      this.entities[this.entities.length - 1] = { type: 'pre', ...span, language };
      return;
    }
    const entity = tag.name === 'a' ? this.#linkOf(tag, span, text) : entityOf(tag, span);
    if (entity !== undefined) {
      this.entities.push(entity);
      this.#languages.set(entity, tag.name === 'code' ? tag.argument : '');
    }
  }

  /** An `a` without address links to its own text. One with an unusable address is no entity. */
  #linkOf(tag: Tag, span: Span, text: string): MessageEntity | undefined {
    // A text longer than a message can't be sent.
    const isOwnText = tag.argument === '' && span.length <= Math.min(MAX_TEXT_LENGTH, this.#roomForLinks);
    if (isOwnText) this.#roomForLinks -= span.length;
    const link = isOwnText ? text.slice(span.offset) : tag.argument;
    const userId = userIdOfLink(link);
    if (userId !== undefined) {
      return { type: 'text_mention', ...span, user_id: userId };
    }
    const url = checkLink(link);
    return url === undefined ? undefined : { type: 'text_link', ...span, url };
  }

  /** The language of the code block that a `pre` and a `code` around the same text form together, else `''`. */
  #languageOfBlock(tag: Tag, span: Span): string {
    const last = this.entities.at(-1);
    if (last === undefined || last.offset !== span.offset || last.length !== span.length) {
      return '';
    }
    if (tag.name === 'pre' && last.type === 'code') {
      return this.#languages.get(last) ?? '';
    }
    const isInnerBlock = last.type === 'pre' && last.language === undefined;
    return tag.name === 'code' && isInnerBlock ? tag.argument : '';
  }
}

function entityOf(tag: Tag, span: Span): MessageEntity | undefined {
  switch (tag.name) {
    case 'pre':
      return { type: 'pre', ...span };
    case 'code':
      return { type: 'code', ...span };
    case 'blockquote':
      return { type: tag.argument === '' ? 'blockquote' : 'expandable_blockquote', ...span };
    case 'tg-emoji':
      return { type: 'custom_emoji', ...span, custom_emoji_id: customEmojiId(tag.argument) };
    case 'tg-time':
      return dateTimeOf(tag, span);
    default: {
      const type = PLAIN_ENTITIES[tag.name];
      return type === undefined ? undefined : { type, ...span };
    }
  }
}

/** A decimal int64 other than zero, in Telegram's form. */
function customEmojiId(value: string): string {
  const isNumber = /^-?[1-9]\d{0,18}$/.test(value);
  if (!isNumber || BigInt.asIntN(64, BigInt(value)) !== BigInt(value)) {
    throw new TelegramHtmlError('Invalid custom emoji identifier specified');
  }
  return value;
}

/** A date without a usable time is no entity. A wrong format is an error, and Telegram checks the format first. */
function dateTimeOf(tag: Tag, span: Span): MessageEntity | undefined {
  const format = normalizeDateTimeFormat(tag.format);
  const unixTime = Number(/^\d+/.exec(tag.argument)?.[0] ?? 0);
  const isUsable = unixTime > 0 && unixTime <= MAX_UNIX_TIME;
  return isUsable ? { type: 'date_time', ...span, unix_time: unixTime, date_time_format: format } : undefined;
}

/** The format in the Bot API's form: `r`, or the parts in the order week day, date, time, short before long. */
function normalizeDateTimeFormat(format: string): string {
  if (format === 'r' || format === 'R') {
    return 'r';
  }
  if (!/^[wWdDtT]*$/.test(format)) {
    throw new TelegramHtmlError('Invalid date format used');
  }
  const oneOf = (...letters: string[]) => letters.find((letter) => format.includes(letter)) ?? '';
  return (/w/i.test(format) ? 'w' : '') + oneOf('d', 'D') + oneOf('t', 'T');
}

/**
 * Parses HTML like Telegram does for `parse_mode: HTML`, into the text and its entities, with offsets in UTF-16 units.
 * Agrees with `parse_html` of tdlib: it too keeps entities that Telegram merges, splits or drops later
 * (`normalizeText`). Lone surrogates in `html` count as U+FFFD, as in UTF-8.
 *
 * @throws {TelegramHtmlError} if Telegram refuses the HTML, with Telegram's message.
 */
export function parseHtml(html: string): ParsedText {
  const collector = new EntityCollector();
  let text = '';
  scanHtml(html.toWellFormed(), {
    text(decoded) {
      text += decoded;
    },
    open() {},
    close(tag) {
      if (text.length > tag.offset) {
        collector.add(tag, text);
      }
    },
  });
  return { text, entities: sortEntities(collector.entities) };
}
