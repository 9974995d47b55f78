import type { FieldError } from '../domain/errors.ts';
import type { FormerUrl } from '../domain/shop-address.ts';
import type { Tone } from '../domain/tone.ts';
import { type Conditions, changedMeanwhile, conditionsOf, requireConditions } from '../http/entity-tag.ts';
import { entityTag } from '../http/problems.ts';
import { type HttpRequest, type HttpResponse, jsonResponse } from '../http/request.ts';
import { problemsOf } from '../store/bot-problem.ts';
import { type Bot, type BotProblem, type Site, type SiteFields, toneOf } from '../store/sites.ts';
import { managerUsername } from '../telegram/manager-bot.ts';

/** The answer of the routes that show or change a site, with its ETag. */
export function siteResponse(
  statusCode: number,
  site: Site,
  more: object = {},
  headers: Record<string, string> = {},
): HttpResponse {
  const etag = entityTag(viewVersion(site));
  return jsonResponse(statusCode, { ...viewOf(site), ...more }, { ...headers, etag });
}

/** Checks a site before it is changed. @throws OutdatedError where the request's conditions do not allow the change. */
export type CheckSite = (site: Site | undefined) => void;

export function checkConditions(request: HttpRequest): CheckSite {
  return checkOf(conditionsOf(request));
}

/** As `checkConditions`, for the bot of a site. It is shown with the site, and has no version of its own. */
export function checkBotConditions(request: HttpRequest): CheckSite {
  const { ifMatch, ifNoneMatch } = conditionsOf(request);
  return (site) => checkOf({ ifMatch, ...(site?.bot && { ifNoneMatch }) })(site);
}

function checkOf(conditions: Conditions): CheckSite {
  return (site) => {
    const version = site && viewVersion(site);
    requireConditions(conditions, version, (since) => (site ? changesSince(site, since) : []));
  };
}

/** The settings that are shown, in the order of the answer. Keys and the bot's token are never shown. */
const SETTINGS = [
  'name',
  'url',
  'moduleActive',
  'active',
  'languages',
  'defaultLanguage',
  'timeZone',
  'quietHours',
  'abandonedCartHours',
  'cartSeries',
  'telegramGroups',
  'docuvision',
  'staff',
  'merchantContact',
  'privacyUrl',
  'orderButton',
  'cartButton',
  'countClicks',
  'tone',
] as const satisfies (keyof SiteFields)[];

/** A site as the API shows it. */
export interface SiteView extends Pick<Site, 'siteId' | (typeof SETTINGS)[number]> {
  tone: Tone;
  /** Absent if the site has never moved. */
  formerUrls?: FormerUrl[];
  /** `problem`: another site has taken the bot over, Telegram refuses the token, or the webhook leads elsewhere. */
  bot?: { id: string; username: string; managed?: true; problem?: BotProblem };
  /** The bot with whose help this site can get one without @BotFather; absent where the deployment has none. */
  managerBot?: { username: string };
}

export function viewOf(site: Site): SiteView {
  const { siteId, bot, formerUrls } = site;
  const manager = managerUsername();
  const settings = SETTINGS.map((field) => [field, site[field]]).filter(([, value]) => value !== undefined);
  return {
    siteId,
    // `fromEntries` does not know the names of the fields.
    ...(Object.fromEntries(settings) as Pick<Site, (typeof SETTINGS)[number]>),
    tone: toneOf(site),
    ...(formerUrls && { formerUrls }),
    ...(bot && { bot: botViewOf(bot) }),
    ...(manager !== undefined && { managerBot: { username: manager } }),
  };
}

/**
 * Where another site has the bot, nothing else matters. Of the other two problems the token's is shown: the token that is saved to solve it brings the webhook back too. Where it is
 * solved in another way, the webhook's is shown from then on.
 */
function botViewOf(bot: Bot): SiteView['bot'] {
  const { id, username, managed } = bot;
  const [problem] = problemsOf(bot);
  return { id, username, ...(managed && { managed }), ...(problem && { problem }) };
}

const SHOWN = [...SETTINGS, 'bot'] as const;

/** The version in which a shown field last changed. A change of the others (keys, templates) is no change of the view. */
function viewVersion({ changedIn = {} }: Site): number {
  return Math.max(0, ...SHOWN.map((field) => changedIn[field] ?? 0));
}

/** The fields that have changed since a version, each with its value now. */
function changesSince(site: Site, version: number): FieldError[] {
  const { changedIn = {} } = site;
  const view = viewOf(site);
  return SHOWN.filter((field) => (changedIn[field] ?? 0) > version).map((field) =>
    changedMeanwhile(field, view[field]),
  );
}
