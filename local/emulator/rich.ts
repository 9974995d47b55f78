import { badRequest } from './errors.ts';
import { isRecord, structureOf } from './parameters.ts';
import type { CallParameters, RichBlock, RichText } from './types.ts';

/*
 * Rich messages, as blocks (Bot API, "InputRichMessage"). The kinds of blocks and the limits are those of the Bot API; how
 * Telegram words its refusals is not published, so these words are ours.
 */

/** "Rich Message Limits". */
const MAX_CHARACTERS = 32_768;
const MAX_BLOCKS = 500;
const MAX_MEDIA = 50;
const MAX_COLUMNS = 20;

/** What a message has so far. */
interface Sizes {
  characters: number;
  blocks: number;
  media: number;
}

/**
 * The rich message of a call, as it is shown.
 *
 * @returns `undefined` where the call has none.
 * @throws {BotApiError}
 */
export function readRichMessage(parameters: CallParameters): { blocks: RichBlock[] } | undefined {
  const given = structureOf(parameters, 'rich_message', 'rich message');
  if (given === undefined) return undefined;
  if (!isRecord(given) || !Array.isArray(given.blocks)) throw refused('only blocks are known here');
  const sizes: Sizes = { characters: 0, blocks: 0, media: 0 };
  const blocks = given.blocks.map((block) => readBlock(block, sizes));
  if (blocks.length === 0) throw refused('it is empty');
  if (sizes.characters > MAX_CHARACTERS) throw refused('it is too long');
  if (sizes.blocks > MAX_BLOCKS) throw refused('it has too many blocks');
  if (sizes.media > MAX_MEDIA) throw refused('it has too many media');
  return { blocks };
}

function readBlock(block: unknown, sizes: Sizes): RichBlock {
  if (!isRecord(block)) throw refused('a block is no object');
  sizes.blocks += 1;
  const { type } = block;
  switch (type) {
    case 'paragraph':
    case 'heading':
    case 'pre':
    case 'footer':
    case 'expandable_blockquote':
      return { ...block, type, text: readText(block.text, sizes) };
    case 'blockquote':
    case 'slideshow':
    case 'collage':
      if (!Array.isArray(block.blocks)) throw refused(`a ${type} has no blocks`);
      return { type, blocks: block.blocks.map((each) => readBlock(each, sizes)) };
    case 'divider':
      return { type };
    case 'photo':
      return readPhoto(block, sizes);
    case 'table':
      return readTable(block, sizes);
    default:
      throw refused(`a block of the type ${JSON.stringify(type)} is not known here`);
  }
}

/** Telegram reads the picture from its address; here the address is its id, and nothing is read. */
function readPhoto({ photo }: Record<string, unknown>, sizes: Sizes): RichBlock {
  const address = isRecord(photo) && photo.type === 'photo' ? String(photo.media) : '';
  if (!/^https?:\/\//.test(address)) throw refused('a photo has no address');
  sizes.media += 1;
  return { type: 'photo', photo: [{ file_id: address, file_unique_id: address, width: 800, height: 600 }] };
}

function readTable({ cells, ...table }: Record<string, unknown>, sizes: Sizes): RichBlock {
  if (!Array.isArray(cells) || !cells.every(Array.isArray)) throw refused('a table has no cells');
  const rows = cells as unknown[][];
  sizes.blocks += rows.length;
  if (rows.some((row) => row.length > MAX_COLUMNS)) throw refused('a table has too many columns');
  const shown = rows.map((row) =>
    row.map((cell) => {
      if (!isRecord(cell)) throw refused('a cell is no object');
      const { align = 'left', valign = 'top', text = '' } = cell;
      return { ...cell, text: readText(text, sizes), align: String(align), valign: String(valign) };
    }),
  );
  return { ...table, type: 'table', cells: shown };
}

function readText(text: unknown, sizes: Sizes): RichText {
  if (typeof text === 'string') {
    sizes.characters += text.length;
    return text;
  }
  if (Array.isArray(text)) return text.map((part) => readText(part, sizes));
  if (!isRecord(text) || typeof text.type !== 'string') throw refused('a text is none');
  return { ...text, type: text.type, ...(text.text !== undefined && { text: readText(text.text, sizes) }) };
}

function refused(why: string) {
  return badRequest(`can't parse rich message: ${why}`);
}
