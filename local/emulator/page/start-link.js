/** What a link that starts a bot, `https://t.me/<bot>?start=<payload>`, names; undefined for any other text. */
export function startIn(text) {
  const trimmed = text.trim();
  const url = URL.parse(trimmed.startsWith('t.me/') ? `https://${trimmed}` : trimmed);
  const [, bot] = url?.pathname.match(/^\/(\w{3,32})$/) ?? [];
  if (url?.hostname !== 't.me' || bot === undefined) return undefined;
  return { bot, payload: url.searchParams.get('start') ?? '' };
}
