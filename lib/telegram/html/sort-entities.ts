import type { MessageEntity } from './types.ts';

/** The order of two entities over the same text: `MessageEntity::get_type_priority` of tdlib. */
const PRIORITIES: Partial<Record<string, number>> & Record<MessageEntity['type'], number> = {
  blockquote: 0,
  expandable_blockquote: 0,
  pre: 11,
  code: 20,
  date_time: 30,
  text_link: 49,
  text_mention: 49,
  bold: 90,
  italic: 91,
  underline: 92,
  strikethrough: 93,
  spoiler: 94,
  custom_emoji: 99,
};

/** What Telegram finds in a text by itself: an address, a mention and so on. Only the emulator has these. */
const FOUND_PRIORITY = 50;

function priorityOf(entity: MessageEntity): number {
  const isPreWithLanguage = entity.type === 'pre' && entity.language !== undefined;
  return isPreWithLanguage ? 10 : (PRIORITIES[entity.type as string] ?? FOUND_PRIORITY);
}

/** Sorts in place, in Telegram's order: by offset, then the longer first, then by type. */
export function sortEntities(entities: MessageEntity[]): MessageEntity[] {
  return entities.sort((a, b) => a.offset - b.offset || b.length - a.length || priorityOf(a) - priorityOf(b));
}
