/** The position of an entity in the parsed text, in UTF-16 units. */
type Span = { offset: number; length: number };

/** Entities without data other than their position. */
export type PlainEntityType =
  | 'bold'
  | 'italic'
  | 'underline'
  | 'strikethrough'
  | 'spoiler'
  | 'blockquote'
  | 'expandable_blockquote'
  | 'code';

/** An entity with its Bot API names. `user_id` replaces the `user` object: HTML knows only the id. */
export type MessageEntity = Span &
  (
    | { type: PlainEntityType }
    | { type: 'pre'; language?: string }
    | { type: 'text_link'; url: string }
    | { type: 'text_mention'; user_id: number }
    | { type: 'custom_emoji'; custom_emoji_id: string }
    | { type: 'date_time'; unix_time: number; date_time_format: string }
  );

/** A text and its entities, in Telegram's order: by offset, the longer first. */
export type ParsedText = { text: string; entities: MessageEntity[] };

/** Telegram's limit of a message's text: UTF-16 units after entities parsing. */
export const MAX_TEXT_LENGTH = 4096;

/** Telegram's limit of the text as it is sent: UTF-8 bytes before entities parsing. */
export const MAX_RAW_BYTES = 32_768;

/** HTML that Telegram would refuse with a 400, and its reason for it. */
export class TelegramHtmlError extends Error {
  override readonly name = 'TelegramHtmlError';
  /** Telegram's message after `can't parse entities: `. */
  readonly reason: string;
  /** The position in the HTML, in UTF-8 bytes; absent for some reasons. */
  readonly byteOffset: number | undefined;

  constructor(reason: string, byteOffset?: number) {
    super(`Bad Request: can't parse entities: ${reason}`);
    this.reason = reason;
    this.byteOffset = byteOffset;
  }

  /** The `description` in the Bot API's answer. */
  get description(): string {
    return this.message;
  }
}
