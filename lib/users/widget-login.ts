import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** The fields with which Telegram's login widget comes back, as texts: `id`, `auth_date`, `hash` and others. */
export type WidgetFields = Readonly<Record<string, string>>;

/** A login that Telegram has signed for this bot, and that is fresh. */
export interface WidgetLogin {
  /** The person; in a private chat this is also the chat's id. */
  id: number;
  firstName?: string | undefined;
  lastName?: string | undefined;
  username?: string | undefined;
  /** When the person logged in, milliseconds since 1970. */
  authenticatedAt: number;
  /** The signature: every login has one of its own. */
  hash: string;
}

export type WidgetRefusal = 'malformed' | 'forged' | 'stale' | 'from-the-future';

/** How old a login may be, in milliseconds. */
export const LOGIN_LIFETIME_MILLISECONDS = 24 * 3_600_000;

/** Telegram's clock and ours may differ by this much, in milliseconds. */
const CLOCK_TOLERANCE_MILLISECONDS = 5_000;

const HASH = /^[0-9a-f]{64}$/;
const FIELD_NAME = /^[a-z][a-z0-9_]{0,63}$/;
const PERSON_ID = /^[1-9]\d{0,15}$/;
const SECONDS = /^[1-9]\d{0,10}$/;

/**
 * Checks a login of the widget: that Telegram signed exactly these fields for this bot, and that it is no older than 24
 * hours and not from the future. Whether it was used before is for the caller to find out.
 *
 * The text that is signed puts every field but `hash` on a line of its own. A line break in a value could make one
 * field look like two; it is refused, so that a text has one reading.
 *
 * @param now milliseconds since 1970.
 * @see https://core.telegram.org/widgets/login#checking-authorization
 */
export function checkWidgetLogin(
  fields: WidgetFields,
  botToken: string,
  now: number,
): WidgetLogin | WidgetRefusal {
  const { hash = '', id = '', auth_date: authDate = '' } = fields;
  const isPlain = Object.entries(fields).every(([name, value]) => FIELD_NAME.test(name) && isOneLine(value));
  if (!isPlain || !HASH.test(hash) || !PERSON_ID.test(id) || !SECONDS.test(authDate)) return 'malformed';
  if (!Number.isSafeInteger(Number(id))) return 'malformed';

  const key = createHash('sha256').update(botToken).digest();
  const expected = createHmac('sha256', key).update(checkString(fields)).digest();
  if (!timingSafeEqual(expected, Buffer.from(hash, 'hex'))) return 'forged';

  const authenticatedAt = Number(authDate) * 1000;
  if (authenticatedAt > now + CLOCK_TOLERANCE_MILLISECONDS) return 'from-the-future';
  if (authenticatedAt < now - LOGIN_LIFETIME_MILLISECONDS) return 'stale';
  const { first_name: firstName, last_name: lastName, username } = fields;
  return { id: Number(id), firstName, lastName, username, authenticatedAt, hash };
}

/** Every field but `hash`, as `name=value`, sorted, one a line. */
function checkString(fields: WidgetFields): string {
  const lines = Object.entries(fields)
    .filter(([name]) => name !== 'hash')
    .map(([name, value]) => `${name}=${value}`);
  return lines.sort().join('\n');
}

/** Half a character would be signed as a replacement character, and so stand for others. */
function isOneLine(value: string): boolean {
  return !/[\p{Cc}\u2028\u2029]/u.test(value) && value.isWellFormed();
}
