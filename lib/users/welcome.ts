import type { Notification } from '../deliveries/notification.ts';
import { deliveryIdOf } from '../domain/ids.ts';
import { namesOf } from '../domain/person-names.ts';
import { spokenLanguage } from '../i18n/spoken-language.ts';
import type { Site } from '../store/sites.ts';
import type { User } from '../store/users.ts';
import { escapeHtml, htmlLength, MAX_TEXT_LENGTH, shortenHtml } from '../telegram/html/index.ts';
import { renderMessage } from '../templates/render.ts';

/** Stands for the template where the site has no welcome: who has just pressed Start is told what came of it. */
const NO_TEMPLATE = 'linked';

/** Names and texts are shortened in the line about the account, so that it always fits below the welcome. */
const MAX_NAME_LENGTH = 100;

/**
 * The welcome in a chat that was just linked: the site's `welcome` templates, and below the first of them whose
 * notifications the chat now gets. Templates for groups are left out, since linking knows of no groups.
 *
 * @param about.language of the session that made the link; absent: the user's own.
 * @param about.former the user whose chat this was before.
 */
export function welcomeOf(
  site: Site,
  user: User,
  about: { linkId: string; language?: string | undefined; former?: User | undefined },
): Notification[] {
  const language = about.language ?? user.language;
  const account = accountLine(site, user, language, about.former);
  const written = site.templates
    .filter(({ enabled, event, groups = [] }) => enabled && event === 'welcome' && groups.length === 0)
    .map((template) => ({ templateId: template.id, text: renderWelcome(site, user, template, language) }))
    .filter(({ text }) => text !== '');
  const [first = { templateId: NO_TEMPLATE, text: '' }, ...others] = written;
  const withAccount = { ...first, text: joined(first.text, account) };
  return [withAccount, ...others].map(({ templateId, text }) => {
    const delivery = {
      siteId: site.siteId,
      eventId: `welcome-${about.linkId}`,
      templateId,
      userId: user.userId,
    };
    return {
      deliveryId: deliveryIdOf(delivery),
      ...delivery,
      event: 'welcome',
      text,
      acceptedAt: new Date().toISOString(),
    };
  });
}

function renderWelcome(
  site: Site,
  user: User,
  template: Site['templates'][number],
  language: string | undefined,
): string {
  const { defaultLanguage, timeZone, url } = site;
  const values = { urlSito: url, ...namesOf(user) };
  return renderMessage({ template, language, defaultLanguage, timeZone, values }).text;
}

/** Whose notifications the chat gets, in Telegram's HTML. */
function accountLine(site: Site, user: User, language: string | undefined, former: User | undefined): string {
  const shop = bold(site.name);
  const account = bold(nameOf(user));
  const before = former && bold(nameOf(former));
  if (spokenLanguage(language, site.defaultLanguage) === 'it') {
    const now = `✅ Questa chat riceve ora gli avvisi di ${shop} per ${account}.`;
    return before ? `${now} L'account ${before}, che li riceveva qui, non è più collegato.` : now;
  }
  const now = `✅ This chat now receives the notifications from ${shop} for ${account}.`;
  return before ? `${now} The account ${before}, which received them here, is no longer linked.` : now;
}

/** What a person is called; where nobody said, the id that their shop knows them by. */
function nameOf(user: User): string {
  return namesOf(user).nominativo || user.userId;
}

function bold(text: string): string {
  const short = text.length > MAX_NAME_LENGTH ? `${text.slice(0, MAX_NAME_LENGTH).toWellFormed()}…` : text;
  return `<b>${escapeHtml(short)}</b>`;
}

function joined(text: string, line: string): string {
  if (text === '') return line;
  const between = '\n\n';
  return `${shortenHtml(text, MAX_TEXT_LENGTH - htmlLength(line) - between.length)}${between}${line}`;
}
