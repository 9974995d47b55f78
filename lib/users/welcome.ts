import type { Notification } from '../deliveries/notification.ts';
import { deliveryIdOf } from '../domain/ids.ts';
import { namesOf } from '../domain/person-names.ts';
import { includesMember, sendingTemplates, type Template } from '../domain/templates.ts';
import { botTexts } from '../i18n/bot-texts/index.ts';
import { isSpoken } from '../i18n/languages.ts';
import { type Site, toneOf } from '../store/sites.ts';
import type { ChatLink, User } from '../store/user.ts';
import { escapeHtml, htmlLength, MAX_TEXT_LENGTH, shortenHtml, unlinked } from '../telegram/html/index.ts';
import { cleanLine } from '../telegram/text/clean.ts';
import { cutText } from '../telegram/text/cut.ts';
import { shownName } from '../telegram/text/name.ts';
import type { PlaceholderValues } from '../templates/placeholders.ts';
import { renderMessage } from '../templates/render.ts';
import { takeOffData } from './link-ref.ts';
import { shopOf } from './shop-texts.ts';

/** The template id of a welcome for which the site has no template: the person must still read what has happened. */
const NO_TEMPLATE = 'linked';

/** The template id of the message that tells the other chats of a user about a new one. */
const CHAT_ADDED = 'chat-added';

/** Names are cut in the line about the account, so that it always fits below the welcome. UTF-16 units, with the `…`. */
const MAX_NAME_LENGTH = 100;

/**
 * The welcome for a chat that was just linked: the site's `welcome` templates, and at the end of the first one a line that
 * says whose notifications the chat gets now, and which.
 *
 * @param about.language of the session that made the link: it counts before the user's own.
 * @param about.groups of the user, as the site gave them with the link: templates for other groups are left out.
 */
export function welcomeOf(
  site: Site,
  user: User,
  link: ChatLink,
  about: { linkId: string; language?: string | undefined; groups?: string[] | undefined },
): Notification[] {
  const { linkId } = about;
  const languages = [about.language, user.language];
  const enabled = site.templates.filter(
    (template) => template.enabled && template.event === 'welcome' && includesMember(template, about),
  );
  const written = sendingTemplates(enabled)
    .map((template) => ({ templateId: template.id, ...renderWelcome(site, user, template, languages) }))
    .filter(({ text }) => text !== '');
  return withAccount(written, site, user, languages).map(({ templateId, text }) =>
    linkMessage(site, user, link, { linkId, templateId, text }),
  );
}

interface Welcome {
  templateId: string;
  text: string;
  /** BCP 47 */
  language: string;
}

/**
 * With the line about the account. A message is in one language: where the bot does not speak that of the first welcome,
 * the line is a message of its own.
 */
function withAccount(
  written: Welcome[],
  site: Site,
  user: User,
  languages: (string | undefined)[],
): Pick<Welcome, 'templateId' | 'text'>[] {
  const lineIn = (...wanted: (string | undefined)[]) =>
    botTexts(toneOf(site), ...wanted).accountLinked(
      { ...shopOf(site), name: bold(shownName(site.name)) },
      bold(nameOf(user)),
    );
  const [first, ...others] = written;
  if (first && isSpoken(first.language))
    return [{ ...first, text: withLine(first.text, lineIn(first.language)) }, ...others];
  return [...written, { templateId: NO_TEMPLATE, text: lineIn(...languages, site.defaultLanguage) }];
}

/**
 * Tells the other chats of a user that a chat was added: a link that was passed on must not stay unnoticed. The button
 * takes the new chat off. Nobody learns whose chat it is.
 */
export function chatAddedNotices(site: Site, user: User, added: ChatLink, linkId: string): Notification[] {
  const texts = botTexts(toneOf(site), user.language, site.defaultLanguage);
  const text = texts.chatAdded(shopOf(site), bold(nameOf(user)));
  const callbackButton = { text: texts.takeOffButton, callback_data: takeOffData(added) };
  const isOlder = ({ linkedAt = '' }: ChatLink) => linkedAt <= (added.linkedAt ?? '');
  return user.chats
    .filter((link) => link.chatId !== added.chatId && isOlder(link))
    .map((link) => ({
      ...linkMessage(site, user, link, { linkId, templateId: CHAT_ADDED, text, isForEachChat: true }),
      callbackButton,
    }));
}

interface LinkMessage {
  linkId: string;
  templateId: string;
  text: string;
  isForEachChat?: boolean;
}

/**
 * A message about a link. Of a welcome there is one for each link, so its id names no chat; a notice goes to several.
 */
function linkMessage(
  { siteId }: Site,
  { userId, formerIds }: User,
  { chatId, ownIds }: ChatLink,
  { linkId, templateId, text, isForEachChat }: LinkMessage,
): Notification {
  const subject = { siteId, eventId: `welcome-${linkId}`, templateId, userId };
  const ownChatId = isForEachChat ? chatId : undefined;
  // A renamed user who opens the same link once more is not welcomed again.
  const deliveryId = deliveryIdOf({ ...subject, userId: formerIds?.[0] ?? userId, ownChatId });
  const acceptedAt = new Date(Date.now()).toISOString();
  return { deliveryId, ...subject, chatId, ...(ownIds && { ownIds }), event: 'welcome', text, acceptedAt };
}

function renderWelcome(site: Site, user: User, template: Template, languages: (string | undefined)[]) {
  const { defaultLanguage, timeZone, url, name } = site;
  const values: PlaceholderValues = { urlSito: url, nomeSito: name, ...namesOf(user) };
  return renderMessage({ template, languages, defaultLanguage, timeZone, values });
}

/** The person's name; where it is not known, the id that the shop uses. */
function nameOf(user: User): string {
  return shownName(namesOf(user).nominativo) || cleanLine(user.userId);
}

function bold(text: string): string {
  return `<b>${escapeHtml(unlinked(cutText(text, MAX_NAME_LENGTH)))}</b>`;
}

/** The text with a line below it, which stays whole: the text is shortened where both are too long together. */
function withLine(text: string, line: string): string {
  const gap = '\n\n';
  return `${shortenHtml(text, MAX_TEXT_LENGTH - htmlLength(line) - gap.length)}${gap}${line}`;
}
