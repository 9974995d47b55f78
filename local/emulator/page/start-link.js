/** The bot and the payload of a link `https://t.me/<bot>?start=<payload>`; undefined for any other text. */
export function startIn(text) {
  const url = linkIn(text);
  const [, bot] = url?.pathname.match(/^\/(\w{3,32})$/) ?? [];
  if (url?.hostname !== 't.me' || bot === undefined) return undefined;
  return { bot, payload: url.searchParams.get('start') ?? '' };
}

/** What a link `https://t.me/newbot/<manager>/<username>?name=<name>` suggests; undefined for any other text. */
export function newBotIn(text) {
  const url = linkIn(text);
  const [, manager, username] = url?.pathname.match(/^\/newbot\/(\w{3,32})\/(\w{1,32})$/) ?? [];
  if (url?.hostname !== 't.me' || manager === undefined) return undefined;
  return { manager, username, name: url.searchParams.get('name') ?? '' };
}

function linkIn(text) {
  const trimmed = text.trim();
  return URL.parse(trimmed.startsWith('t.me/') ? `https://${trimmed}` : trimmed);
}
