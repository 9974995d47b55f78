import { randomUUID } from 'node:crypto';
import { chatFields, type Notification } from '../../deliveries/notification.ts';
import { enqueue } from '../../deliveries/queue.ts';
import { type Reachable, reachableChats } from '../../deliveries/skip-reason.ts';
import { ConflictError, type FieldError, InvalidInputError } from '../../domain/errors.ts';
import { hasName, namesOf } from '../../domain/person-names.ts';
import type { Sentence } from '../../domain/sentence.ts';
import { eventOfKind, type Template } from '../../domain/templates.ts';
import { type SpokenLanguage, spokenLanguage } from '../../i18n/languages.ts';
import { type Bot, type Site, toneOf } from '../../store/sites.ts';
import type { User } from '../../store/user.ts';
import { findUser } from '../../store/users.ts';
import { htmlLength, MAX_TEXT_LENGTH, shortenHtml } from '../../telegram/html/index.ts';
import type { PlaceholderValues } from '../placeholders.ts';
import { type MessageToRender, type RenderedMessage, renderMessage } from '../render.ts';
import { sharedButtonOf } from '../shared-buttons.ts';
import { languageOf, sampleLines, sampleUrl, sampleValuesFor } from './sample-values.ts';
import type { GivenValues } from './schemas.ts';

export interface TestRequest {
  userId: string;
  language?: string | undefined;
  values?: GivenValues | undefined;
  url?: string | undefined;
}

/** What is sent: a template, or a draft that was not saved. */
type DraftToSend = MessageToRender['template'] &
  Pick<Template, 'statuses' | 'couponCode'> & { id?: string | undefined };

/** In the log; no template has such an id. */
const DRAFT = '#draft';

/** A test message in the queue; the fields are those of a notification in the answer to an event. */
export interface SentTest {
  userId: string;
  /** Absent for a draft without an id. */
  templateId?: string;
  status: 'queued';
  deliveryId: string;
}

const WHY_NOT: Record<NonNullable<Reachable['reason']>, Sentence> = {
  'not-linked': {
    en: 'has not linked Telegram: choose somebody who has, such as yourself.',
    it: "non ha collegato Telegram: scegliere qualcuno che l'ha fatto, per esempio se stessi.",
  },
  'opted-out': {
    en: 'has opted out, and gets nothing more from the bot: choose somebody else.',
    it: 'ha chiesto di non ricevere più messaggi, e dal bot non riceve più nulla: scegliere qualcun altro.',
  },
  unreachable: {
    en: 'can not be reached: they have blocked the bot, or closed their account. Choose somebody else.',
    it: 'non è raggiungibile: ha bloccato il bot, o chiuso il suo account. Scegliere qualcun altro.',
  },
  muted: {
    en: 'has muted the messages of this event: choose somebody else.',
    it: 'ha disattivato i messaggi di questo evento: scegliere qualcun altro.',
  },
};

/**
 * Sends a template with sample values and the user's own names to one user of the site, whether the template is enabled
 * or not. The message goes through the queue like every notification, and the log marks it as a test.
 *
 * @throws InvalidInputError where the user can't get it, ConflictError where there is no bot or nothing to send
 * @throws ServiceUnreachableError
 */
export async function sendTest(template: DraftToSend, request: TestRequest, site: Site): Promise<SentTest> {
  const { siteId, bot } = site;
  const { userId } = request;
  if (!bot || bot.takenOver) throw noBotToTest(bot);

  const event = eventOfKind(template.event);
  const user = await findUser(siteId, userId);
  const { links, reason } = reachableChats(user, event, site.bot);
  if (!user || links.length === 0) {
    throw new InvalidInputError([cantGetIt(userId, reason ?? 'not-linked')], NOTHING_SENT);
  }

  const message = render(template, request, user, site);
  if (message.text === '') {
    const text = {
      en: 'With these values the message is empty, and Telegram sends no empty message.',
      it: 'Con questi valori il messaggio è vuoto, e Telegram non invia messaggi vuoti.',
    };
    throw new ConflictError(text, 'empty-message');
  }
  const subject = { siteId, eventId: `test-${randomUUID()}`, templateId: template.id ?? DRAFT, userId };
  const spoken = [user.language, site.defaultLanguage];
  const notifications = links.map<Notification>((link) => ({
    ...chatFields(subject, link),
    event,
    text: withTestLine(message, message, spoken),
    ...(message.rich && { rich: { ...message.rich, text: withTestLine(message.rich, message, spoken) } }),
    ...(message.button && { button: message.button }),
    ...(message.moreButtons && { moreButtons: message.moreButtons }),
    acceptedAt: new Date(Date.now()).toISOString(),
    isTest: true,
  }));
  await enqueue(notifications);
  const [first] = notifications;
  return {
    userId,
    ...(template.id !== undefined && { templateId: template.id }),
    status: 'queued',
    deliveryId: first?.deliveryId ?? '',
  };
}

const NOTHING_SENT: Sentence = { en: 'Nothing was sent', it: 'Non è stato inviato nulla' };

/** Why the test can't be sent to this user. */
export function cantGetIt(userId: string, reason: keyof typeof WHY_NOT): FieldError {
  const why = WHY_NOT[reason];
  const detail = { en: `The user "${userId}" ${why.en}`, it: `L'utente "${userId}" ${why.it}` };
  return { pointer: '/userId', code: 'cannot-receive', detail };
}

/** @param bot of the site, if it has one that another site has taken over. */
export function noBotToTest(bot?: Pick<Bot, 'takenOver'>): ConflictError {
  if (bot?.takenOver) {
    const text = {
      en: 'Another site has taken over the bot of this site: save a bot again with PUT …/bot, then test the template.',
      it: 'Un altro sito ha preso il bot di questo sito: salvare di nuovo un bot con PUT …/bot, poi provare il modello.',
    };
    return new ConflictError(text, 'bot-taken-over');
  }
  const text = {
    en: 'This site has no bot yet: save one with PUT …/bot, then test the template.',
    it: 'Questo sito non ha ancora un bot: salvarne uno con PUT …/bot, poi provare il modello.',
  };
  return new ConflictError(text, 'no-bot');
}

/** Without it a customer's order, or a message, would look real to whoever sees the chat. */
const TEST_LINE = {
  it: '🧪 <i>Messaggio di prova, con dati di esempio</i>',
  en: '🧪 <i>Test message, with sample data</i>',
} satisfies Record<SpokenLanguage, string>;

/** The message under a line that says that it is a test; it is shortened where both are too long together. */
function withTestLine(
  { text }: { text: string },
  { language }: RenderedMessage,
  languages: (string | undefined)[],
): string {
  const line = TEST_LINE[spokenLanguage(language, ...languages)];
  const head = `${line}\n\n`;
  return head + shortenHtml(text, MAX_TEXT_LENGTH - htmlLength(head));
}

function render(template: DraftToSend, request: TestRequest, user: User, site: Site) {
  const { event, statuses, couponCode } = template;
  // In file-upload the names are those of the person who has uploaded the file.
  const hasOwnNames = event !== 'file-upload' && hasName(user);
  const names: PlaceholderValues = hasOwnNames ? namesOf(user) : {};
  const given: GivenValues = { ...names, ...request.values };
  const languages = [request.language, user.language];
  const language = languageOf(template.text, languages, site);
  return renderMessage({
    template,
    values: sampleValuesFor(
      { event, ...(statuses && { statuses }), ...(couponCode && { couponCode }) },
      site,
      given,
      language,
    ),
    languages,
    defaultLanguage: site.defaultLanguage,
    timeZone: site.timeZone,
    tone: toneOf(site),
    sharedButton: sharedButtonOf(site, event),
    // Articles that were given as a text are no rows of a table.
    ...(template.rich && given.elencoArticoli === undefined && { listed: sampleLines }),
    url: event === 'welcome' ? undefined : (request.url ?? sampleUrl(event, site)),
  });
}
