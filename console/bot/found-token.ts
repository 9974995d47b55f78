/** The token and the username in what was pasted: a token alone, or the whole message of @BotFather. */

export interface Found {
  token: string;
  /** Without @; absent where the text does not say it. */
  username: string | undefined;
}

/** As the API finds it (lib/sites/schemas.ts), which has the last word. */
const TOKEN = /[1-9]\d{0,18}:[A-Za-z0-9_-]{3,128}/g;
/** What copying may put between characters, and nobody sees. */
const INVISIBLE = /[\u200b-\u200f\u2060\ufeff]/g;
/** `t.me/my_bot` or `@my_bot`: every username of a bot ends with "bot". */
const USERNAME = /(?:t\.me\/|@)([A-Za-z]\w{2,29}bot)\b/gi;

/** `undefined`: there is none, or there are several and nobody knows which is meant. */
export function findToken(text: string): Found | undefined {
  const [token, ...others] = new Set(text.replace(INVISIBLE, '').match(TOKEN));
  if (token === undefined || others.length > 0) return undefined;
  const names = [...text.matchAll(USERNAME)].map(([, name]) => name);
  // The message may name others too, such as @BotSupport.
  const [username, ...more] = new Set(names.filter((name) => !/^botsupport|^botfather/i.test(name ?? '')));
  return { token, username: more.length === 0 ? username : undefined };
}
