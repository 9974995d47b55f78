/** Logins of Telegram's widget, as Telegram would sign them: https://core.telegram.org/widgets/login */
import { createHash, createHmac } from 'node:crypto';

export type Fields = Record<string, string | number>;

/** The fields with the signature that belongs to them. */
export function signed(fields: Fields, botToken = '100:demo'): Fields & { hash: string } {
  const names = Object.keys(fields).sort();
  const text = names.map((name) => `${name}=${fields[name]}`).join('\n');
  const key = createHash('sha256').update(botToken).digest();
  return { ...fields, hash: createHmac('sha256', key).update(text).digest('hex') };
}

/** Somebody who has just logged in. */
export function loginOf(id: number, changes: Fields = {}, botToken = '100:demo') {
  const authDate = Math.floor(Date.now() / 1000) - 2;
  return signed(
    { id, first_name: `Persona ${id}`, username: `persona_${id}`, auth_date: authDate, ...changes },
    botToken,
  );
}

/** As a query string, behind a link token. */
export function queryOf(link: string, fields: Fields): string {
  const query = new URLSearchParams({ link });
  for (const [name, value] of Object.entries(fields)) query.append(name, String(value));
  return query.toString();
}
