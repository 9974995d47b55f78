import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** The fields of a login of Telegram's login widget, as text: `id`, `auth_date`, `hash` and others. */
export type WidgetFields = Readonly<Record<string, string>>;

/** A recent login that Telegram has signed for this bot. */
export interface WidgetLogin {
  /** The person's id, which is also the id of their private chat. */
  id: number;
  firstName?: string | undefined;
  lastName?: string | undefined;
  username?: string | undefined;
  /** When the person logged in, milliseconds since 1970. */
  authenticatedAt: number;
  /** The signature, which is different for each login. */
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
 * Checks that Telegram has signed exactly these fields for this bot, no longer than 24 hours ago and not in the future. It
 * does not check whether the login was used before.
 *
 * An empty field is as good as none. Whether Telegram has signed it, nobody can see: a program between may have added it.
 *
 * In the signed text each field but `hash` is a line. A line break in a value is refused, since it could make one field
 * look like two.
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

  if (!isSigned(fields, hash, botToken) && !isSigned(withoutEmpty(fields), hash, botToken)) return 'forged';

  const authenticatedAt = Number(authDate) * 1000;
  if (authenticatedAt > now + CLOCK_TOLERANCE_MILLISECONDS) return 'from-the-future';
  if (authenticatedAt < now - LOGIN_LIFETIME_MILLISECONDS) return 'stale';
  const {
    first_name: firstName,
    last_name: lastName,
    username,
  }: Partial<WidgetFields> = withoutEmpty(fields);
  return { id: Number(id), firstName, lastName, username, authenticatedAt, hash };
}

function isSigned(fields: WidgetFields, hash: string, botToken: string): boolean {
  const key = createHash('sha256').update(botToken).digest();
  const expected = createHmac('sha256', key).update(checkString(fields)).digest();
  return timingSafeEqual(expected, Buffer.from(hash, 'hex'));
}

function withoutEmpty(fields: WidgetFields): WidgetFields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
}

/** The text that Telegram signs: every field but `hash` as `name=value`, sorted, one per line. */
function checkString(fields: WidgetFields): string {
  const lines = Object.entries(fields)
    .filter(([name]) => name !== 'hash')
    .map(([name, value]) => `${name}=${value}`);
  return lines.sort().join('\n');
}

/** Half of a surrogate pair is refused too: it is hashed as a replacement character, so that two values look the same. */
function isOneLine(value: string): boolean {
  return !/[\p{Cc}\u2028\u2029]/u.test(value) && value.isWellFormed();
}
