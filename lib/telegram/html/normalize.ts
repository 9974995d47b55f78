import { fixEntities } from './fix.ts';
import { sortEntities } from './sort-entities.ts';
import type { MessageEntity, ParsedText } from './types.ts';

// Characters that Telegram removes: carriage return, line and paragraph separators, direction overrides, and three
// combining marks that draw lines over other text.
export const REMOVED = /\r|[\u2028-\u202e]|\u030a|\u0333|\u033f/;

// A text that is entirely invisible. Telegram refuses it as empty.
const INVISIBLE = /^[\s\u180e\u200b-\u200f\u2800\ufffc\u{e0000}-\u{e007f}]*$/u;

/** Removes and replaces characters, and adapts the entities. The text keeps its order; it only gets shorter. */
function cleanText({ text, entities }: ParsedText): ParsedText {
  const positions = new Uint32Array(text.length + 1);
  let cleaned = '';
  for (let index = 0; index < text.length; index++) {
    positions[index] = cleaned.length;
    const character = text.charAt(index);
    if (!REMOVED.test(character)) {
      cleaned += character < ' ' && character !== '\n' ? ' ' : character;
    }
  }
  positions[text.length] = cleaned.length;
  const place = (position: number) => positions[position] ?? cleaned.length;
  return {
    // A run of direction marks keeps only its last one.
    text: cleaned.replace(/[\u200e\u200f](?=[\u200e\u200f])/g, '\u200c'),
    entities: withoutEmpty(
      entities.map((entity) => between(entity, place(entity.offset), place(entity.offset + entity.length))),
    ),
  };
}

function between(entity: MessageEntity, start: number, end: number): MessageEntity {
  return { ...entity, offset: start, length: end - start };
}

function withoutEmpty(entities: MessageEntity[]): MessageEntity[] {
  return entities.filter((entity) => entity.length > 0);
}

/** Removes spaces and new lines at both ends. At the start, like Telegram, only those before the first entity. */
function trimText({ text, entities }: ParsedText): ParsedText {
  let end = text.length;
  while (end > 0 && isBlank(text.charCodeAt(end - 1))) {
    end--;
  }
  const firstEntity = entities[0]?.offset ?? end;
  let start = 0;
  while (start < Math.min(firstEntity, end) && isBlank(text.charCodeAt(start))) {
    start++;
  }
  return {
    text: text.slice(start, end),
    entities: withoutEmpty(
      entities.map((entity) =>
        between(entity, entity.offset - start, Math.min(entity.offset + entity.length, end) - start),
      ),
    ),
  };
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a;
}

/**
 * Normalizes a parsed text as Telegram does before it measures and stores it. Control characters become spaces or are
 * removed, entities that can't be together are merged, split or dropped, and the text is trimmed. A text that is
 * entirely invisible, which Telegram refuses, becomes `''`. Agrees with `fix_formatted_text` of tdlib, but does not
 * search for URLs, mentions, hashtags and so on.
 */
export function normalizeText({ text, entities }: ParsedText): ParsedText {
  const wellFormed = text.toWellFormed();
  const cleaned = cleanText({ text: wellFormed, entities: fixEntities(withoutEmpty(entities)) });
  const trimmed = trimText({ text: cleaned.text, entities: fixEntities(cleaned.entities) });
  if (INVISIBLE.test(trimmed.text)) {
    return { text: '', entities: [] };
  }
  return { text: trimmed.text, entities: sortEntities(trimmed.entities) };
}
