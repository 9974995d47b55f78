/** The bot and the payload of a link `https://t.me/<bot>?start=<payload>`; undefined for any other text. */
export function startIn(text) {
  const trimmed = text.trim();
  const url = URL.parse(trimmed.startsWith('t.me/') ? `https://${trimmed}` : trimmed);
  const [, bot] = url?.pathname.match(/^\/(\w{3,32})$/) ?? [];
  if (url?.hostname !== 't.me' || bot === undefined) return undefined;
  return { bot, payload: url.searchParams.get('start') ?? '' };
}
