import type { FieldError } from '../domain/errors.ts';
import type { Site, SiteFields } from '../store/sites.ts';

/** What a site shows of itself: never a key, and never the bot's token. */
export interface SiteView
  extends Pick<
    Site,
    | 'siteId'
    | 'name'
    | 'url'
    | 'moduleActive'
    | 'active'
    | 'languages'
    | 'defaultLanguage'
    | 'timeZone'
    | 'abandonedCartHours'
    | 'telegramGroups'
    | 'docuvision'
    | 'merchantContact'
  > {
  /** `problem` is there while Telegram does not accept the token. */
  bot?: { id: string; username: string; problem?: { kind: string; since: string; description: string } };
}

/** The fields that a site shows, in their order. */
const SHOWN = [
  'name',
  'url',
  'moduleActive',
  'active',
  'languages',
  'defaultLanguage',
  'timeZone',
  'abandonedCartHours',
  'telegramGroups',
  'docuvision',
  'merchantContact',
  'bot',
] as const satisfies (keyof SiteFields)[];

export function viewOf(site: Site): SiteView {
  const { siteId, name, url, moduleActive, active, languages, defaultLanguage, timeZone } = site;
  const { abandonedCartHours, telegramGroups, docuvision, merchantContact, bot } = site;
  return {
    siteId,
    name,
    url,
    moduleActive,
    active,
    languages,
    defaultLanguage,
    timeZone,
    abandonedCartHours,
    telegramGroups,
    docuvision,
    ...(merchantContact !== undefined && { merchantContact }),
    ...(bot && {
      bot: { id: bot.id, username: bot.username, ...(bot.problem && { problem: bot.problem }) },
    }),
  };
}

/** The version of what a site shows: that in which one of these fields last changed. Others (templates) have their own. */
export function viewVersion({ changedIn = {} }: Site): number {
  return Math.max(0, ...SHOWN.map((field) => changedIn[field] ?? 0));
}

/** What is different from what a version showed: each field, with what it is now. */
export function changesSince(site: Site, version: number): FieldError[] {
  const { changedIn = {} } = site;
  const view = viewOf(site);
  return SHOWN.filter((field) => (changedIn[field] ?? 0) > version).map((field) => ({
    pointer: `/${field}`,
    detail: `Somebody else has changed this: it is now ${describe(view[field])}.`,
  }));
}

/** Longer values are cut, in characters. */
const MAX_DESCRIBED = 300;

function describe(value: unknown): string {
  if (value === undefined) return 'not set';
  const json = JSON.stringify(value);
  return json.length > MAX_DESCRIBED ? `${json.slice(0, MAX_DESCRIBED)}…` : json;
}
