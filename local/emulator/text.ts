import { fixEntities } from '../../lib/telegram/html/fix.ts';
import {
  MAX_RAW_BYTES,
  MAX_TEXT_LENGTH,
  type MessageEntity,
  normalizeText,
  parseHtml,
  TelegramHtmlError,
} from '../../lib/telegram/html/index.ts';
import { BotApiError, badRequest } from './errors.ts';
import { findEntities } from './find-entities.ts';
import { checkLink } from './links.ts';
import { isRecord, structureOf, textOf } from './parameters.ts';
import type { CallParameters, Entity, User } from './types.ts';

export type FormattedText = { text: string; entities?: Entity[] };

const ENTITY_TYPES = new Set<string>([
  'bold',
  'italic',
  'underline',
  'strikethrough',
  'spoiler',
  'blockquote',
  'expandable_blockquote',
  'code',
  'pre',
  'text_link',
  'text_mention',
  'custom_emoji',
  'date_time',
]);

/** Types that Telegram finds in the text by itself: accepted in `entities`, and passed over. */
const FOUND_TYPES = new Set<string>([
  'mention',
  'hashtag',
  'cashtag',
  'bot_command',
  'url',
  'email',
  'phone_number',
  'bank_card_number',
]);

/**
 * The text of sendMessage and editMessageText: parsed, cleaned and measured as Telegram does.
 * @param findUser resolves a `tg://user?id=` link; an unknown person's link vanishes.
 * @throws {BotApiError} with Telegram's words.
 */
export function readFormattedText(
  parameters: CallParameters,
  findUser: (id: number) => User | undefined,
): FormattedText {
  const raw = textOf(parameters, 'text').toWellFormed();
  if (raw === '') throw badRequest('message text is empty');
  if (Buffer.byteLength(raw) > MAX_RAW_BYTES) throw badRequest('text is too long');
  const parsed = parseRaw(raw, parameters);
  const { text, entities } = normalizeText(parsed);
  if (text === '') throw badRequest('text must be non-empty');
  if (text.length > MAX_TEXT_LENGTH) throw badRequest('message is too long');
  return withFound(
    text,
    entities.flatMap((entity) => toBotApi(entity, findUser)),
  );
}

/** What a person writes, with what Telegram finds in it: `/start`, an address. */
export function written(text: string): FormattedText {
  return withFound(text, []);
}

/** Where nothing is found: in code, and in what leads somewhere else. */
const CLOSED = new Set(['code', 'pre', 'text_link', 'text_mention', 'custom_emoji', 'date_time']);

function withFound(text: string, given: Entity[]): FormattedText {
  const closed = given.filter(({ type }) => CLOSED.has(type));
  const found = findEntities(text).filter(({ offset, length }) =>
    closed.every((entity) => entity.offset + entity.length <= offset || offset + length <= entity.offset),
  );
  // What is found is split and dropped like a link: styles end at its borders, and it crosses no border of a quote.
  const entities: Entity[] = fixEntities([...given, ...found] as MessageEntity[]);
  return entities.length === 0 ? { text } : { text, entities };
}

function parseRaw(raw: string, parameters: CallParameters): { text: string; entities: MessageEntity[] } {
  const mode = textOf(parameters, 'parse_mode').trim().toLowerCase();
  if (mode === 'html') return parseOrRefuse(raw);
  if (mode === '' || mode === 'none') return { text: raw, entities: readEntities(raw, parameters) };
  if (mode === 'markdown' || mode === 'markdownv2') {
    // No message of this product is written in Markdown: better an answer that says so than a wrong text.
    throw new BotApiError(501, `Not Implemented: the emulator has no parse_mode ${mode}, only HTML`);
  }
  throw badRequest('unsupported parse_mode');
}

function parseOrRefuse(raw: string): { text: string; entities: MessageEntity[] } {
  try {
    return parseHtml(raw);
  } catch (error) {
    if (error instanceof TelegramHtmlError) throw new BotApiError(400, error.description);
    throw error;
  }
}

function readEntities(text: string, parameters: CallParameters): MessageEntity[] {
  const entities = structureOf(parameters, 'entities', 'entities');
  if (entities === undefined) return [];
  if (!Array.isArray(entities)) throw badRequest("can't parse entities: entities must be an Array");
  return entities.flatMap((entity) => readEntity(text, entity));
}

function readEntity(text: string, entity: unknown): MessageEntity[] {
  if (!isRecord(entity)) throw badRequest("can't parse MessageEntity: expected an Object");
  const { type, offset, length } = entity;
  if (typeof type !== 'string' || !Number.isInteger(offset) || !Number.isInteger(length)) {
    throw badRequest("can't parse MessageEntity: type, offset and length are needed");
  }
  if (FOUND_TYPES.has(type)) return [];
  if (!ENTITY_TYPES.has(type)) throw badRequest("can't parse MessageEntity: Unsupported type specified");
  checkBounds(text, Number(offset), Number(length));
  if (type === 'text_link') checkLink(textOf(entity, 'url'), 'entity URL');
  const { user, ...rest } = entity;
  const mentioned = isRecord(user) && typeof user.id === 'number' ? { user_id: user.id } : {};
  // The type was looked up above; the fields a type does not know do no harm in an emulator.
  return [{ ...rest, ...mentioned } as MessageEntity];
}

function checkBounds(text: string, offset: number, length: number): void {
  if (offset < 0) throw badRequest(`receive an entity with incorrect offset ${offset}`);
  if (length < 0) throw badRequest(`receive an entity with incorrect length ${length}`);
  if (offset > text.length) {
    throw badRequest(`entity begins after the end of the text at UTF-16 offset ${offset}`);
  }
  const end = offset + length;
  if (end > text.length) {
    throw badRequest(
      `entity beginning at UTF-16 offset ${offset} ends after the end of the text at UTF-16 offset ${end}`,
    );
  }
}

/** Our parser names a mentioned person by id; the Bot API shows the whole User. */
function toBotApi(entity: MessageEntity, findUser: (id: number) => User | undefined): Entity[] {
  if (entity.type !== 'text_mention') return [entity];
  const user = entity.user_id === undefined ? undefined : findUser(entity.user_id);
  if (user === undefined) return [];
  return [{ type: entity.type, offset: entity.offset, length: entity.length, user }];
}
