import { ConflictError } from '../domain/errors.ts';
import { isWanted } from '../domain/marketing-consent.ts';
import type { Sentence } from '../domain/sentence.ts';
import { HttpProblem } from '../http/problems.ts';
import { CONTENT_KEPT_DAYS } from '../store/content-keys.ts';
import { type Delivery, findDeliveries, isFinal } from '../store/deliveries.ts';
import { readFacts } from '../store/facts.ts';
import type { Site } from '../store/sites.ts';
import { isAnyOutdated, keysOfSubjects } from '../store/subjects.ts';
import { type ChatLink, isForErased, linkIn, type User } from '../store/user.ts';
import { findHolderAt } from '../store/users.ts';
import { type Content, openContent } from './kept-content.ts';
import { usersOf } from './log-lines.ts';
import { DELIVERY_ID, unknownDelivery } from './log-parameters.ts';
import type { Notification } from './notification.ts';
import { enqueue } from './queue.ts';
import { MOST_RESENDS, resendId, resendsOf } from './resend-ids.ts';
import { isNoLongerOff, reachableChats } from './skip-reason.ts';

/** A message that is in the queue once more. */
export interface Resent {
  /** Of the new line in the log. */
  deliveryId: string;
  /** Of the line whose message it is. */
  resendOf: string;
  userId: string;
  status: 'queued';
  /** It was asked for before, and is on its way, or was sent a moment ago: nothing was added. */
  repeated?: true;
}

/** A second wish so soon after the message went out is taken for the first one (a double click), in milliseconds. */
const SAME_WISH = 60_000;

/**
 * Sends a message of the log once more: with the same text, to where its person can be reached now. It gets a line of its
 * own in the log, whose id is derived from the first one and from how often it was sent since. So the same wish twice
 * makes the same delivery, which is sent once; and what dies on the way may be asked for again.
 *
 * @throws NotFoundError; ConflictError where it can't be sent (again); HttpProblem 410 where its content is gone
 * @throws ServiceUnreachableError
 */
export async function resend(site: Site, deliveryId: string, now = Date.now()): Promise<Resent> {
  const { siteId } = site;
  // Before the reads: who is erased after it gets nothing of this.
  const acceptedAt = new Date(now).toISOString();
  const [asked] = DELIVERY_ID.test(deliveryId) ? await findDeliveries([{ siteId, deliveryId }]) : [];
  if (!asked) throw unknownDelivery();
  const first = asked.resendOf ?? deliveryId;
  const [user, earlier] = await Promise.all([personOf(asked), resendsOf(siteId, first)]);
  requireFinished(asked);

  const latest = earlier.at(-1);
  const isUnderWay = latest && !isFinal(latest) && latest.status !== 'skipped';
  const isJustSent = latest && isFinal(latest) && now - Date.parse(latest.recordedAt) < SAME_WISH;
  const answer = { resendOf: first, userId: user?.userId ?? asked.userId, status: 'queued' as const };
  if (latest && (isUnderWay || isJustSent))
    return { deliveryId: latest.deliveryId, ...answer, repeated: true };

  const content = await contentOf(asked, latest);
  if (content.pastAt !== undefined && Date.parse(content.pastAt) < now) throw whyNot('past');
  const link = chatFor(user, asked, content, site);
  if (!isWanted(content.advertising, user?.marketingConsent)) throw whyNot('no-marketing-consent');
  const number = earlier.length + (latest?.status === 'skipped' ? 0 : 1);
  if (number > MOST_RESENDS) throw tooMany();
  const notification = toNotification(asked, content, { user, link, acceptedAt, first, number });
  await requireTrue(site, asked, content);
  // What was skipped is looked at again: the queue must not take this message for a copy of that one.
  const droppedAt = latest?.status === 'skipped' ? { droppedAt: latest.recordedAt } : {};
  await enqueue([{ ...notification, ...droppedAt }]);
  return { deliveryId: notification.deliveryId, ...answer };
}

/** The person of a line, under their present id. @throws NotFoundError where they were erased since. */
async function personOf({ siteId, userId, recordedAt }: Delivery): Promise<User | undefined> {
  const user = (await usersOf(siteId, [userId])).get(userId);
  if (isForErased(user, recordedAt)) throw unknownDelivery();
  return user?.renamed ? findHolderAt({ siteId, userId }, recordedAt, user) : user;
}

/** What it says is not true any more, or another message says it. */
function isNeverResent(reason: string): reason is 'superseded' | 'past' | 'in-digest' {
  return ['superseded', 'past', 'in-digest'].includes(reason);
}

function requireFinished(delivery: Delivery): void {
  const { status, isTest, templateId } = delivery;
  if (status === 'waiting' || status === 'retrying')
    throw new ConflictError(
      {
        en: 'This message waits, and goes out by itself. Nothing was done.',
        it: 'Questo messaggio è in attesa e parte da solo. Non è stato fatto nulla.',
      },
      'delivery-not-finished',
    );
  if (status === 'skipped' && isNeverResent(delivery.reason)) throw whyNot(delivery.reason);
  if (isTest)
    throw new ConflictError(
      {
        en: 'This was a test of a template. Test the template once more with POST …/templates/{templateId}/test.',
        it: 'Questa era la prova di un modello. Ripeterla con POST …/templates/{templateId}/test.',
      },
      'test-message',
    );
  if (status === 'skipped' && templateId === undefined)
    throw new ConflictError(
      {
        en: 'No message was made for this person, so there is none to send again. Report the event again with the same "eventId": whoever got nothing is looked at again, and nobody gets anything twice.',
        it: 'Per questa persona non è stato preparato alcun messaggio, quindi non ce n\'è uno da reinviare. Segnalare di nuovo l\'evento con lo stesso "eventId": chi non ha ricevuto nulla viene riconsiderato, e nessuno riceve due volte.',
      },
      'never-rendered',
    );
}

/** What the message says may have changed since: it is looked at again before it is sent, but who asks is told now. */
async function requireTrue(site: Site, { event }: Delivery, { about }: Content): Promise<void> {
  const { siteId } = site;
  if (isNoLongerOff(site, event)) throw whyNot('superseded');
  if (!about) return;
  const facts = await readFacts({ scheduled: keysOfSubjects(siteId, about) });
  if (isAnyOutdated(siteId, about, facts)) throw whyNot('superseded');
}

/** @throws HttpProblem 410 */
async function contentOf(asked: Delivery, latest: Delivery | undefined): Promise<Content> {
  for (const delivery of [asked, latest]) {
    const content = delivery?.kept && (await openContent(delivery, delivery.kept));
    if (content) return content;
  }
  throw contentGone();
}

/** 410: the line is there, but what the message said is not. */
export function contentGone(): HttpProblem {
  return new HttpProblem({
    status: 410,
    code: 'content-gone',
    detail: {
      en: `What a message said is kept for ${CONTENT_KEPT_DAYS} days, and this one's is gone. Nothing was sent. To send it all the same, report the event under a new "eventId".`,
      it: `Il contenuto di un messaggio si conserva per ${CONTENT_KEPT_DAYS} giorni, e quello di questo non c'è più. Non è stato inviato nulla. Per inviarlo comunque, segnalare l'evento con un nuovo "eventId".`,
    },
  });
}

/** The chat that the message was for, or else the first one in which the person gets it now. */
function chatFor(user: User | undefined, { event }: Delivery, { chatId }: Content, { bot }: Site): ChatLink {
  const { links, reason } = reachableChats(user, event, bot);
  const former = user && chatId !== undefined ? linkIn(user, chatId) : undefined;
  const link = links.find((each) => each === former) ?? links[0];
  if (!link) throw whyNot(reason ?? 'not-linked');
  return link;
}

const WHY_NOT = {
  'not-linked': {
    en: 'The person has not linked Telegram: send them a link first.',
    it: 'La persona non ha collegato Telegram: mandarle prima un link di collegamento.',
  },
  'opted-out': {
    en: 'The person has opted out, and gets nothing more from the bot. They can take that back with /start in the bot, or on the site.',
    it: 'La persona ha rifiutato gli avvisi e non riceve più nulla dal bot. Può riattivarli con /start nel bot, o dal sito.',
  },
  muted: {
    en: 'The person has muted the messages of this event. They can switch them on in the bot.',
    it: 'La persona ha disattivato gli avvisi di questo tipo. Può riattivarli nel bot.',
  },
  unreachable: {
    en: 'The person has blocked the bot, or closed their account. They have to open the bot and press Start first.',
    it: 'La persona ha bloccato il bot o chiuso il suo account. Deve prima aprire il bot e premere Avvia.',
  },
  'in-digest': {
    en: 'This notice is in one message together with others of its folder: that message can be sent again.',
    it: 'Questo avviso è in un solo messaggio insieme ad altri della stessa cartella: si può reinviare quel messaggio.',
  },
  'no-marketing-consent': {
    en: 'The message is advertising, and the person has not consented to any, or has withdrawn it.',
    it: 'Il messaggio è pubblicità, e la persona non ha dato il consenso, o lo ha revocato.',
  },
  past: { en: 'What the message announces is over.', it: 'Ciò che il messaggio annuncia è passato.' },
  superseded: {
    en: 'Something newer is known of what the message says, so it is not true any more.',
    it: 'Di ciò che il messaggio dice si sa qualcosa di più recente: non è più vero.',
  },
} satisfies Record<string, Sentence>;

export function whyNot(reason: keyof typeof WHY_NOT): ConflictError {
  const { en, it } = WHY_NOT[reason];
  return new ConflictError({ en: `${en} Nothing was sent.`, it: `${it} Non è stato inviato nulla.` }, reason);
}

function tooMany(): ConflictError {
  return new ConflictError(
    {
      en: `This message was sent again ${MOST_RESENDS} times, which is the most. Nothing was sent.`,
      it: `Questo messaggio è già stato reinviato ${MOST_RESENDS} volte, il massimo. Non è stato inviato nulla.`,
    },
    'too-many-resends',
  );
}

interface Resending {
  user: User | undefined;
  link: ChatLink;
  /** ISO 8601. */
  acceptedAt: string;
  first: string;
  number: number;
}

function toNotification(
  { siteId, userId, event, eventId, templateId = '', source, content: hash }: Delivery,
  { chatId: _, card, ...asBefore }: Content,
  { user, link: { chatId, linkedAt, ownIds }, acceptedAt, first, number }: Resending,
): Notification {
  return {
    ...asBefore,
    ...{ siteId, event, eventId, templateId, chatId, acceptedAt, resendOf: first },
    userId: user?.userId ?? userId,
    deliveryId: resendId(siteId, first, number),
    // Who asks for it once more wants it to be seen: it is the order's message from then on.
    ...(card && { card: 'new' as const }),
    ...(linkedAt && { linkedAt }),
    ...(ownIds && { ownIds }),
    ...(source && { source }),
    ...(hash && { content: hash }),
  };
}
