/**
 * Who wants messages, and who does not: the person for one chat (`/stop`, `/start`, a button) or for all of them (on the
 * shop's site), and the shop. Reports come late and in any order. What was said last holds, whenever we learn of it: so
 * each change says when it was said (ISO 8601, UTC), and changes nothing where the opposite was said later.
 */
import { createHash } from 'node:crypto';
import {
  type ChatLink,
  type EndedStop,
  linkIn,
  type OptOut,
  optOutOf,
  type User,
  withLinkIn,
} from '../store/user.ts';

/** The times of Telegram's messages are whole seconds. */
const WHOLE_SECOND = '.000Z';
const SECOND = '2026-11-22T10:00:00'.length;

/**
 * Whether one thing was said before another. Within the second of a message nobody knows: then what we learn of last
 * counts as said last. What has no time was said before everything else.
 */
export function isSaidBefore(one: string | undefined, other: string | undefined): boolean {
  if (other === undefined) return false;
  if (one === undefined) return true;
  const isCoarse = one.endsWith(WHOLE_SECOND) || other.endsWith(WHOLE_SECOND);
  const length = isCoarse ? SECOND : undefined;
  return one.slice(0, length) < other.slice(0, length);
}

/** The person wants nothing more in one chat. */
export function stoppedIn(user: User, chatId: number, at: string): User {
  const link = linkIn(user, chatId);
  const isKnown = link?.stopped !== undefined && !isSaidBefore(link.stopped.at, at);
  if (!link || isKnown || isSaidBefore(at, link.resumedAt)) return user;
  return withLinkIn(user, link.chatId, { stopped: { at } });
}

/**
 * The person wants the messages in one chat again. That ends their opt-out for all chats, too.
 *
 * @param withShop also where the shop had opted the user out: the person has said yes to that.
 */
export function resumedIn(user: User, chatId: number, at: string, { withShop }: { withShop: boolean }): User {
  const own = awakeIn(withoutOptOut(user, 'person', at), chatId, at);
  return withShop ? withoutOptOut(own, 'shop', at) : own;
}

/**
 * The person or the shop wants nothing more in any chat. A chat in which the person has wanted messages since goes on
 * (`isOptedOutIn`).
 */
export function optedOut(user: User, by: 'person' | 'shop', { at, where }: OptOut & { at: string }): User {
  const standing = user.optOuts[by];
  const isKnown = standing !== undefined && !isSaidBefore(standing.at, at);
  if (isKnown || isSaidBefore(at, user.optedIn?.[by])) return user;
  const taken = by === 'person' ? user.chats.filter(({ resumedAt }) => !isSaidBefore(at, resumedAt)) : [];
  const held = taken.reduce((time, { resumedAt }) => after(resumedAt, time), at);
  return { ...user, optOuts: { ...user.optOuts, [by]: { at: held, where } } };
}

/** The person takes back every opt-out, the shop's too, and `/stop` in each chat. */
export function optedInByPerson(user: User, at: string): User {
  const remembering = withoutEndedStops(user, (ended) => !isSaidBefore(at, ended.at));
  const all = withoutOptOut(withoutOptOut(remembering, 'person', at), 'shop', at);
  return all.chats.reduce((awake, { chatId }) => resumedIn(awake, chatId, at, { withShop: true }), all);
}

/** The shop takes back its own opt-out; `undefined` where the person has opted out: that is not the shop's to take back. */
export function optedInByShop(user: User, at: string): User | undefined {
  return optOutOf(user)?.by === 'person' ? undefined : withoutOptOut(user, 'shop', at);
}

/**
 * What follows from a link to a chat, made anew or for the first time: by it the person wants messages there. Their own
 * opt-out holds for their other chats alone from then on; the shop's stays.
 */
export function linkedIn(user: User, link: ChatLink, at: string): { user: User; link: ChatLink } {
  const ref = chatRef(user, link.chatId);
  return {
    user: withoutEndedStops(user, (ended) => ended.ref === ref && !isSaidBefore(at, ended.at)),
    link: { ...link, ...resumed(user, link, at) },
  };
}

/** The user who remembers the `/stop` in links that end. */
export function withEndedStops(user: User, ended: ChatLink[]): User {
  const stops = ended.flatMap(({ chatId, stopped }) =>
    stopped ? [{ ref: chatRef(user, chatId), ...stopped }] : [],
  );
  if (stops.length === 0) return user;
  const others = (user.endedStops ?? []).filter(({ ref }) => stops.every((stop) => stop.ref !== ref));
  return { ...user, endedStops: [...others, ...stops].slice(-MAX_ENDED_STOPS) };
}

function withoutEndedStops(user: User, isOver: (stop: EndedStop) => boolean): User {
  const left = user.endedStops?.filter((stop) => !isOver(stop));
  if (left?.length === user.endedStops?.length) return user;
  return { ...user, endedStops: left?.length ? left : undefined };
}

/** More than a person has phones; it keeps the item small. */
const MAX_ENDED_STOPS = 50;

/** The `/stop` in a chat that the user had before. */
export function endedStopIn({ endedStops, ...user }: User, chatId: number): ChatLink['stopped'] {
  const ref = chatRef(user, chatId);
  const ended = endedStops?.find((stop) => stop.ref === ref);
  return ended && { at: ended.at };
}

/** Names a chat of a site without its number, whatever id its user has. */
function chatRef({ siteId }: Pick<User, 'siteId'>, chatId: number): string {
  const hash = createHash('sha256').update(JSON.stringify(['stop', siteId, chatId]));
  return hash.digest('base64url').slice(0, 16);
}

function awakeIn(user: User, chatId: number, at: string): User {
  const link = linkIn(user, chatId);
  if (!link) return user;
  const { stopped, resumedAt } = resumed(user, link, at);
  const isKnown = stopped === link.stopped && resumedAt === link.resumedAt;
  return isKnown ? user : withLinkIn(user, link.chatId, { stopped, resumedAt });
}

/** The link with the person's wish for messages there, as far as they did not stop later. */
function resumed(
  { optOuts: { person } }: User,
  { stopped, resumedAt }: ChatLink,
  at: string,
): Pick<ChatLink, 'stopped' | 'resumedAt'> {
  const isTaken = person !== undefined && !isSaidBefore(at, saidAt(person));
  return {
    stopped: isSaidBefore(at, stopped?.at) ? stopped : undefined,
    resumedAt: latest(resumedAt, isTaken ? after(person.at, at) : at),
  };
}

/** The time of what counts as said after something else: within a second its own may be the earlier one. */
function after(other: string | undefined, at: string): string {
  return other === undefined || other < at ? at : new Date(Date.parse(other) + 1).toISOString();
}

function withoutOptOut(user: User, by: 'person' | 'shop', at: string): User {
  const { [by]: standing, ...others } = user.optOuts;
  if (standing && isSaidBefore(at, saidAt(standing))) return user;
  const optedIn = { ...user.optedIn, [by]: latest(user.optedIn?.[by], at) };
  if (!standing && optedIn[by] === user.optedIn?.[by]) return user;
  return { ...user, optOuts: others, optedIn };
}

/** Nobody knows when an imported opt-out was given: before the import, and so before all that was said here since. */
function saidAt({ at, where }: OptOut): string | undefined {
  return where === 'import' ? undefined : at;
}

function latest(one: string | undefined, other: string): string {
  return one !== undefined && one > other ? one : other;
}
