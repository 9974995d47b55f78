import { randomUUID } from 'node:crypto';
import { chatFields, type Notification } from '../../deliveries/notification.ts';
import { enqueue } from '../../deliveries/queue.ts';
import { type Reachable, reachableChats } from '../../deliveries/skip-reason.ts';
import { ConflictError, InvalidInputError } from '../../domain/errors.ts';
import { hasName, namesOf } from '../../domain/person-names.ts';
import { eventOfKind, type Template } from '../../domain/templates.ts';
import { type SpokenLanguage, spokenLanguage } from '../../i18n/languages.ts';
import { type Site, toneOf } from '../../store/sites.ts';
import type { User } from '../../store/user.ts';
import { findUser } from '../../store/users.ts';
import { htmlLength, MAX_TEXT_LENGTH, shortenHtml } from '../../telegram/html/index.ts';
import type { PlaceholderValues } from '../placeholders.ts';
import { type RenderedMessage, renderMessage } from '../render.ts';
import { sampleUrl, sampleValuesFor } from './sample-values.ts';
import type { GivenValues } from './schemas.ts';

export interface TestRequest {
  userId: string;
  language?: string | undefined;
  values?: GivenValues | undefined;
  url?: string | undefined;
}

/** A test message in the queue; the fields are those of a notification in the answer to an event. */
export interface SentTest {
  userId: string;
  templateId: string;
  status: 'queued';
  deliveryId: string;
}

const WHY_NOT: Record<NonNullable<Reachable['reason']>, string> = {
  'not-linked': 'has not linked Telegram: choose somebody who has, such as yourself.',
  'opted-out': 'has opted out, and gets nothing more from the bot: choose somebody else.',
  unreachable:
    'can not be reached: they have blocked the bot, or closed their account. Choose somebody else.',
  muted: 'has muted the messages of this event: choose somebody else.',
};

/**
 * Sends a template with sample values and the user's own names to one user of the site, whether the template is enabled
 * or not. The message goes through the queue like every notification, and the log marks it as a test.
 *
 * @throws InvalidInputError where the user can't get it, ConflictError where there is no bot or nothing to send
 * @throws ServiceUnreachableError
 */
export async function sendTest(template: Template, request: TestRequest, site: Site): Promise<SentTest> {
  const { siteId, bot } = site;
  const { userId } = request;
  if (!bot)
    throw new ConflictError('This site has no bot yet: save one with PUT …/bot, then test the template.');
  if (bot.takenOver) throw new ConflictError(bot.takenOver.description);

  const event = eventOfKind(template.event);
  const user = await findUser(siteId, userId);
  const { links, reason } = reachableChats(user, event, site.bot);
  if (!user || links.length === 0) {
    const detail = `The user "${userId}" ${WHY_NOT[reason ?? 'not-linked']}`;
    throw new InvalidInputError([{ pointer: '/userId', detail }], 'Nothing was sent');
  }

  const message = render(template, request, user, site);
  if (message.text === '') {
    throw new ConflictError('With these values the message is empty, and Telegram sends no empty message.');
  }
  const subject = { siteId, eventId: `test-${randomUUID()}`, templateId: template.id, userId };
  const notifications = links.map<Notification>((link) => ({
    ...chatFields(subject, link),
    event,
    text: withTestLine(message, [user.language, site.defaultLanguage]),
    ...(message.button && { button: message.button }),
    acceptedAt: new Date(Date.now()).toISOString(),
    isTest: true,
  }));
  await enqueue(notifications);
  const [first] = notifications;
  return { userId, templateId: template.id, status: 'queued', deliveryId: first?.deliveryId ?? '' };
}

/** Without it a customer's order, or a message, would look real to whoever sees the chat. */
const TEST_LINE = {
  it: '🧪 <i>Messaggio di prova, con dati di esempio</i>',
  en: '🧪 <i>Test message, with sample data</i>',
} satisfies Record<SpokenLanguage, string>;

/** The message under a line that says that it is a test; it is shortened where both are too long together. */
function withTestLine({ text, language }: RenderedMessage, languages: (string | undefined)[]): string {
  const line = TEST_LINE[spokenLanguage(language, ...languages)];
  const head = `${line}\n\n`;
  return head + shortenHtml(text, MAX_TEXT_LENGTH - htmlLength(head));
}

function render(template: Template, request: TestRequest, user: User, site: Site) {
  const { event, statuses } = template;
  // In file-upload the names are those of the person who has uploaded the file.
  const hasOwnNames = event !== 'file-upload' && hasName(user);
  const names: PlaceholderValues = hasOwnNames ? namesOf(user) : {};
  const given: GivenValues = { ...names, ...request.values };
  return renderMessage({
    template,
    values: sampleValuesFor({ event, ...(statuses && { statuses }) }, site, given),
    languages: [request.language, user.language],
    defaultLanguage: site.defaultLanguage,
    timeZone: site.timeZone,
    tone: toneOf(site),
    url: event === 'welcome' ? undefined : (request.url ?? sampleUrl(event, site)),
  });
}
