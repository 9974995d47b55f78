import { inParallel } from '../aws/parallel.ts';
import { reachableChats } from '../deliveries/skip-reason.ts';
import { hasName } from '../domain/person-names.ts';
import { type LinkNote, type ListedPerson, linkNotesOf } from '../store/directory.ts';
import { isOpen, readLinkTokens } from '../store/links.ts';
import { type ChatLink, optOutOf, type User } from '../store/user.ts';

/** A link whose token is missing may be just being made. Longer than that takes, in milliseconds. */
const SETTLED_AFTER = 60_000;
const PARALLEL_READS = 25;

/** No event has this name: only what holds for all of them keeps a person from getting it. */
const ANY_EVENT = '';

/** The open link of somebody. */
interface OpenLink {
  note?: LinkNote | undefined;
  /** One of their links may be just being made: they have to be looked at once more. */
  isUnsettled: boolean;
}

/** What the directory has to show of people. */
export interface Looked {
  /** By id; absent for those who are not shown. */
  people: Map<string, ListedPerson>;
  /** They have to be looked at once more. */
  unsettled: Set<string>;
}

/**
 * Finds out the state of people. It is what an event would find: `opted-out` beats `not-linked`, and that `unreachable`;
 * with several chats one that gets messages is enough to be `linked`. Whoever is not linked is `pending` while they have a
 * link that nobody has used; this alone shows somebody whom nobody knew before.
 *
 * @param users by id, as they are now; absent for those who are not there.
 * @param bot the bot that the site has now.
 * @param now milliseconds since 1970.
 * @throws ServiceUnreachableError
 */
export async function lookAtPeople({
  siteId,
  userIds,
  users,
  bot,
  now,
}: {
  siteId: string;
  userIds: string[];
  users: Map<string, User>;
  bot: { id: string } | undefined;
  now: number;
}): Promise<Looked> {
  const people = new Map<string, ListedPerson>();
  for (const userId of userIds) {
    const user = users.get(userId);
    if (user && !user.renamed) people.set(userId, listedUser(user, bot));
  }
  const isLinked = (userId: string) => (people.get(userId)?.state ?? 'not-linked') !== 'not-linked';
  const others = userIds.filter((userId) => !isLinked(userId));
  const unsettled = new Set<string>();
  await inParallel(others, PARALLEL_READS, async (userId) => {
    const { note, isUnsettled } = await findOpenLink(siteId, userId, now);
    if (note) people.set(userId, invited(people.get(userId), note));
    if (isUnsettled) unsettled.add(userId);
  });
  return { people, unsettled };
}

function listedUser(user: User, bot: { id: string } | undefined): ListedPerson {
  const { userId, chats, firstName, lastName, companyName, language } = user;
  const { reason } = reachableChats(user, ANY_EVENT, bot);
  const person = { userId, firstName, lastName, companyName, language, chats: chats.length };
  switch (reason) {
    case undefined:
      return { ...person, state: 'linked', since: earliest(chats) };
    case 'opted-out':
      return { ...person, state: 'opted-out', ...optOutFacts(user) };
    case 'unreachable':
      return { ...person, state: 'unreachable', since: chats[0]?.unreachable?.since };
    default:
      return { ...person, state: 'not-linked', since: user.unlinked?.since };
  }
}

function earliest(chats: ChatLink[]): string | undefined {
  return chats.flatMap(({ linkedAt }) => linkedAt ?? []).sort()[0];
}

function optOutFacts(user: User): Pick<ListedPerson, 'since' | 'optedOutBy' | 'optedOutIn'> {
  const optOut = optOutOf(user);
  return { since: optOut?.at, optedOutBy: optOut?.by, optedOutIn: optOut?.where };
}

/** Somebody with an open link. Their own names come first. */
function invited(person: ListedPerson | undefined, note: LinkNote): ListedPerson {
  const { userId, firstName, lastName, companyName, language, createdAt, expires } = note;
  const noted = { firstName, lastName, companyName };
  return {
    ...{ userId, chats: 0, language },
    ...person,
    ...(!person || !hasName(person) ? noted : {}),
    state: 'pending',
    since: createdAt,
    expiresAt: new Date(expires).toISOString(),
  };
}

async function findOpenLink(siteId: string, userId: string, now: number): Promise<OpenLink> {
  let isUnsettled = false;
  for await (const notes of linkNotesOf({ siteId, userId })) {
    const valid = notes.filter(({ expires }) => expires > now);
    const tokens = await readLinkTokens(valid.map(({ tokenHash }) => tokenHash));
    for (const note of valid) {
      const token = tokens.get(note.tokenHash);
      if (token?.userId === userId && isOpen(token, now)) return { note, isUnsettled };
      if (!token && Date.parse(note.createdAt) > now - SETTLED_AFTER) isUnsettled = true;
    }
    if (valid.length < notes.length) break;
  }
  return { isUnsettled };
}
