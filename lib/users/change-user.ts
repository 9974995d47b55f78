import { ConflictError } from '../domain/errors.ts';
import { latestConsent } from '../domain/marketing-consent.ts';
import { ownQuietHoursOf } from '../http/quiet-hours.ts';
import { canonicalTimeZone } from '../i18n/time-zones.ts';
import { log } from '../observability/logger.ts';
import type { User, UserKey } from '../store/user.ts';
import { updateUser } from '../store/users.ts';
import { optedInByPerson, optedInByShop, optedOut as silenced } from './opt-outs.ts';
import type { UserPatch } from './schemas.ts';

/**
 * Changes a user for the site, all fields or none. With an opt-out, or a consent to advertising, a user who is
 * not known yet is created: a person may say so before they link.
 *
 * @param at when the site asked for it: ISO 8601.
 * @returns the user afterwards; `undefined` if they do not exist.
 * @throws ConflictError where the shop would take back the opt-out of a person.
 */
export async function changeUser(key: UserKey, patch: UserPatch, at: string): Promise<User | undefined> {
  const { optedOut, by = 'shop' } = patch;
  const user = await updateUser(key, (now) => patched(now, patch, at), {
    create: optedOut === true || patch.marketingConsent !== undefined,
  });
  if (user && optedOut !== undefined) log.info('opt-out received', { siteId: key.siteId, optedOut, by });
  return user;
}

function patched(user: User, patch: UserPatch, at: string): User {
  const {
    optedOut,
    by = 'shop',
    mutedEvents,
    quietHours,
    marketingConsent,
    timeZone,
    language,
    ...names
  } = patch;
  const hasNames = Object.keys(names).length > 0;
  const withOptOut =
    optedOut === undefined
      ? user
      : optedOut
        ? silenced(user, by, { at, where: 'site' })
        : optedInAgain(user, by, at);
  const settings = {
    ...(mutedEvents && { mutedEvents }),
    ...(quietHours !== undefined && { quietHours: quietHours ? ownQuietHoursOf(quietHours) : undefined }),
    ...(marketingConsent && { marketingConsent: latestConsent(user.marketingConsent, marketingConsent) }),
    ...(timeZone !== undefined && { timeZone: timeZone ? canonicalTimeZone(timeZone) : undefined }),
    ...(language !== undefined && { language: language ?? undefined }),
  };
  if (Object.keys(settings).length === 0 && !hasNames) return withOptOut;
  return {
    ...withOptOut,
    ...settings,
    ...(hasNames && { ...namesGiven(user, names), namesAt: at }),
  };
}

/** Names that are `null` are removed; those that are absent stay. */
function namesGiven(
  user: User,
  names: Pick<UserPatch, 'firstName' | 'lastName' | 'companyName'>,
): Partial<User> {
  const { firstName, lastName, companyName } = { ...user, ...names };
  return {
    firstName: firstName ?? undefined,
    lastName: lastName ?? undefined,
    companyName: companyName ?? undefined,
  };
}

function optedInAgain(user: User, by: 'person' | 'shop', at: string): User {
  if (by === 'person') return optedInByPerson(user, at);
  const changed = optedInByShop(user, at);
  if (!changed) throw personsOptOut();
  return changed;
}

/** The person has opted out themself. */
export function personsOptOut(): ConflictError {
  const text = {
    en: 'The person has opted out themself, and only they can take that back: with /start in the bot, or on your site, which then sends "by": "person".',
    it: 'La persona stessa ha chiesto di non ricevere più messaggi, e solo lei può cambiare idea: con /start nel bot, o sul sito, che allora invia "by": "person".',
  };
  return new ConflictError(text, 'opted-out-by-person');
}
