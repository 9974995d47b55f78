/** Rich messages (Bot API 10.1): a text in Telegram's HTML, and a table with pictures, as blocks. */
import type { InputRichMessage, RichBlockTableCell, RichText } from '@grammyjs/types';
import type { OrderTable, RichContent, TableRow } from '../domain/order-table.ts';
import { type MessageEntity, type ParsedText, parseHtml, TelegramHtmlError, unlinked } from './html/index.ts';

/** What is sent: nothing of it is a file. */
export type RichMessage = InputRichMessage<never>;
type Block = NonNullable<RichMessage['blocks']>[number];

/**
 * The text, the pictures, and the table below each other.
 *
 * @returns `undefined` for a text that is not Telegram's HTML.
 * @see https://core.telegram.org/bots/api#inputrichmessage
 */
export function richMessage({ text, table }: RichContent): RichMessage | undefined {
  try {
    return { blocks: [...textBlocks(parseHtml(text)), ...pictureBlocks(table), tableBlock(table)] };
  } catch (error) {
    if (error instanceof TelegramHtmlError) return undefined;
    throw error;
  }
}

/** Quotations and code are blocks of their own; of all else, each line is a paragraph. */
function textBlocks(parsed: ParsedText): Block[] {
  const blocks: Block[] = [];
  let position = 0;
  for (const entity of parsed.entities) {
    const end = entity.offset + entity.length;
    if (!isBlock(entity) || entity.offset < position) continue;
    blocks.push(...paragraphs(parsed, position, entity.offset), quotation(parsed, entity, end));
    position = end;
  }
  return [...blocks, ...paragraphs(parsed, position, parsed.text.length)];
}

function isBlock({ type }: MessageEntity): boolean {
  return type === 'pre' || type === 'blockquote' || type === 'expandable_blockquote';
}

function quotation(parsed: ParsedText, entity: MessageEntity, end: number): Block {
  const { offset } = entity;
  if (entity.type === 'blockquote') return { type: 'blockquote', blocks: paragraphs(parsed, offset, end) };
  if (entity.type === 'expandable_blockquote')
    return { type: 'expandable_blockquote', text: richText(parsed, offset, end) };
  const language = entity.type === 'pre' && entity.language;
  return { type: 'pre', text: parsed.text.slice(offset, end), ...(language && { language }) };
}

function paragraphs(parsed: ParsedText, start: number, end: number): Block[] {
  const blocks: Block[] = [];
  let position = start;
  for (const line of parsed.text.slice(start, end).split('\n')) {
    if (line.trim() !== '')
      blocks.push({ type: 'paragraph', text: richText(parsed, position, position + line.length) });
    position += line.length + 1;
  }
  return blocks;
}

/** A part of the text, with what its entities say. */
function richText({ text, entities }: ParsedText, start: number, end: number): RichText {
  const parts: RichText[] = [];
  let position = start;
  for (const [index, entity] of entities.entries()) {
    const from = Math.max(entity.offset, start);
    const to = Math.min(entity.offset + entity.length, end);
    if (from >= to || from < position || isBlock(entity)) continue;
    if (from > position) parts.push(text.slice(position, from));
    const inner = richText({ text, entities: entities.slice(index + 1) }, from, to);
    parts.push(styled(entity, inner, text.slice(from, to)));
    position = to;
  }
  if (position < end) parts.push(text.slice(position, end));
  const [only = ''] = parts;
  return parts.length > 1 ? parts : only;
}

function styled(entity: MessageEntity, text: RichText, plain: string): RichText {
  switch (entity.type) {
    case 'bold':
    case 'italic':
    case 'underline':
    case 'strikethrough':
    case 'spoiler':
    case 'code':
      return { type: entity.type, text };
    case 'text_link':
      return { type: 'url', text, url: entity.url };
    case 'text_mention':
      return { type: 'url', text, url: `tg://user?id=${entity.user_id}` };
    case 'custom_emoji':
      return { type: 'custom_emoji', custom_emoji_id: entity.custom_emoji_id, alternative_text: plain };
    case 'date_time': {
      const { unix_time, date_time_format } = entity;
      return { type: 'date_time', text, unix_time, date_time_format: date_time_format as 'r' };
    }
    default:
      return text;
  }
}

/** One picture, or several to leaf through: in a table Telegram shows none. */
function pictureBlocks({ pictures }: OrderTable): Block[] {
  const photos = pictures.map((url): Block => ({ type: 'photo', photo: { type: 'photo', media: url } }));
  return photos.length > 1 ? [{ type: 'slideshow', blocks: photos }] : photos;
}

function tableBlock({ rows, others, sum }: OrderTable): Block {
  return {
    type: 'table',
    cells: [
      ...rows.map((row) => cellsOf(row)),
      ...(others === undefined ? [] : [cellsOf({ item: others })]),
      ...(sum ? [cellsOf(sum, (text) => ({ type: 'bold', text }))] : []),
    ],
    is_striped: true,
  };
}

/** Names of articles must not become links to strangers. */
function cellsOf(
  { item, amount = '' }: TableRow,
  styled = (text: string): RichText => text,
): RichBlockTableCell[] {
  const cell = (text: string, align: 'left' | 'right') =>
    ({ text: styled(unlinked(text)), align, valign: 'top' }) as const;
  return [cell(item, 'left'), cell(amount, 'right')];
}
