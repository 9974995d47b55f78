/** What may happen in a history. A step is plain data that makes sense after any others: so a history can be made shorter. */
import type { Death, Service } from './services.ts';
import type { SendFault } from './telegram.ts';

/** The people, and the chats: the first chat is the first person's own from the beginning, and so on; the last is nobody's. */
export const USERS = ['anna', 'bruno', 'carla'] as const;
export const CHATS = [7001, 7002, 7003, 7004] as const;

/** Of a list: the first, the second … */
type Index = number;

/**
 * When it happened: so many seconds before it is reported; `same`: at the same time as what was reported before about the
 * same subject; `null`: the event does not say it.
 */
export type When = number | 'same' | null;

/** How the shop reports: over HTTPS, through the queue at once, through the queue so many seconds late. */
export type Via = 'https' | 'queue' | { lateSeconds: number };

interface Told {
  /** Names the report, so that later steps can repeat it. */
  n: number;
  when: When;
  via: Via;
}

interface OrderStep extends Told {
  do: 'order';
  order: Index;
  status: Index;
  holder: Index;
  /** The cart that it was made from. */
  cart?: Index;
}

interface CartStep extends Told {
  do: 'cart';
  cart: Index;
  user: Index;
}

interface RemindStep extends Told {
  do: 'remind';
  activity: Index;
  /** The activity begins in so many minutes; `null`: as was said last. */
  inMinutes: number | null;
  isWholeDay?: boolean;
  minutesBefore: number;
  repeats?: 'daily' | 'weekly';
  users: Index[];
}

interface StatusStep extends Told {
  do: 'status';
  activity: Index;
  /** Which of the activity's dates. */
  occurrence: Index;
  status: 'Pianificata' | 'Completata' | 'Annullata';
  user: Index;
}

interface PlainStep extends Told {
  do: 'plain';
  event: 'message-sent' | 'message-read' | 'activity-viewed' | 'file-access';
  users: Index[];
}

export type ReportStep = OrderStep | CartStep | RemindStep | StatusStep | PlainStep;

export type Step =
  | ReportStep
  /** A report once more: as it was, under a new `eventId`, with other content, or with one recipient more. */
  | {
      do: 'again';
      n: number;
      of: number;
      how: 'same' | 'newId' | 'otherContent' | 'moreRecipients';
      user: Index;
      via: Via;
    }
  | { do: 'dropCart'; user: Index }
  /** The shop has further messages about a cart, or one alone. */
  | { do: 'cartSeries'; on: boolean }
  /** The person wants advertising, or not. */
  | { do: 'consent'; user: Index; given: boolean }
  | { do: 'dropReminder'; activity: Index; occurrence: Index | null }
  | { do: 'switch'; what: 'site' | 'module'; on: boolean }
  | { do: 'optOut'; user: Index; by: 'person' | 'shop'; out: boolean }
  | { do: 'mute'; user: Index; events: string[] }
  /** The person writes to the shop's present bot; Telegram passes it on so many seconds later. */
  | { do: 'write'; chat: Index; text: '/stop' | '/start' | 'ciao'; lateSeconds: number }
  | { do: 'block'; chat: Index; lateSeconds: number }
  | { do: 'unblock'; chat: Index; lateSeconds: number }
  | { do: 'link'; user: Index; chat: Index }
  | { do: 'unlink'; user: Index; chat: Index }
  /** The shop saves this bot; `lostAnswers`: of so many calls of `setWebhook` the answer is lost. */
  | { do: 'saveBot'; bot: Index; lostAnswers?: number }
  /** The token of the shop's bot is revoked, and no other saved. */
  | { do: 'revoke' }
  /** A new token of the same bot is saved. */
  | { do: 'newToken' }
  /** Telegram refuses the next messages to a chat, or to all. */
  | { do: 'refuse'; chat: Index | null; fault: SendFault; times: number }
  | { do: 'down'; service: Service }
  /** The deliveries wait in the queue, and what waits in the table is not looked at. */
  | { do: 'hold' }
  | { do: 'release' }
  /** The queue hands out the last batches of deliveries once more. */
  | { do: 'twice' }
  /** What is in the deliveries queue goes to the dead letters. */
  | { do: 'bury' }
  | { do: 'redrive' }
  /** The next function dies. */
  | { do: 'kill'; death: Death }
  /** While the next message is being sent, this happens; it takes so many seconds. `starts`: then its chat starts the bot. */
  | { do: 'meanwhile'; step: Step; starts?: boolean; seconds: number; fault?: SendFault }
  | { do: 'poller'; on: boolean }
  | { do: 'wait'; seconds: number }
  /** All faults end, and everything comes to rest. */
  | { do: 'heal' };

export function isReport(step: Step): step is ReportStep {
  return ['order', 'cart', 'remind', 'status', 'plain'].includes(step.do);
}

/** A step in words. */
export function describeStep(step: Step): string {
  switch (step.do) {
    case 'order': {
      const cart = step.cart === undefined ? '' : ` of cart K${step.cart}`;
      return `${told(step)}: order O${step.order}${cart} of ${USERS[step.holder]} has status S${step.status}`;
    }
    case 'cart':
      return `${told(step)}: ${USERS[step.user]} left cart K${step.cart}`;
    case 'remind':
      return `${told(step)}: remind ${names(step.users)} ${step.minutesBefore} minutes before activity A${step.activity} ${dateOf(step)}`;
    case 'status':
      return `${told(step)}: activity A${step.activity} (date ${step.occurrence}) is ${step.status}; its creator is ${USERS[step.user]}`;
    case 'plain':
      return `${told(step)}: ${step.event} for ${names(step.users)}`;
    case 'again':
      return `report ${step.n}${viaText(step.via)}: report ${step.of} again, ${againText(step)}`;
    case 'cartSeries':
      return `the series of messages about a cart is switched ${step.on ? 'on' : 'off'}`;
    case 'consent':
      return `${USERS[step.user]} ${step.given ? 'consents to advertising' : 'withdraws the consent to advertising'}`;
    case 'dropCart':
      return `DELETE the cart of ${USERS[step.user]}`;
    case 'dropReminder':
      return `DELETE the reminder of A${step.activity}${step.occurrence === null ? '' : `, date ${step.occurrence} only`}`;
    case 'switch':
      return `the ${step.what} is switched ${step.on ? 'on' : 'off'}`;
    case 'optOut':
      return `${USERS[step.user]} is opted ${step.out ? 'out' : 'in'} on the site by the ${step.by}`;
    case 'mute':
      return `${USERS[step.user]} mutes ${step.events.join(', ') || 'nothing'}`;
    case 'write':
      return `chat ${CHATS[step.chat]} writes ${step.text}${lateText(step)}`;
    case 'block':
    case 'unblock':
      return `chat ${CHATS[step.chat]} ${step.do}s the bot${lateText(step)}`;
    case 'link':
      return `${USERS[step.user]} links chat ${CHATS[step.chat]}`;
    case 'unlink':
      return `the shop unlinks ${USERS[step.user]} from chat ${CHATS[step.chat]}`;
    case 'saveBot':
      return `bot B${step.bot} is saved${step.lostAnswers ? `, and ${step.lostAnswers} answers to setWebhook are lost` : ''}`;
    case 'revoke':
      return 'the token of the bot is revoked';
    case 'newToken':
      return 'a new token of the bot is saved';
    case 'refuse':
      return `Telegram: ${step.fault} for the next ${step.times} messages to ${step.chat === null ? 'anybody' : CHATS[step.chat]}`;
    case 'down':
      return `out of reach: ${step.service}`;
    case 'kill':
      return `the next function dies ${step.death.isBefore ? 'before' : 'after'} its call ${step.death.call}`;
    case 'meanwhile':
      return `while the next message is sent (${step.seconds} s${step.fault ? `, then ${step.fault}` : ''}): ${describeStep(step.step)}${step.starts ? ', and the chat starts the bot' : ''}`;
    case 'poller':
      return `the pollers are ${step.on ? 'on' : 'off'}`;
    case 'wait':
      return `${step.seconds} seconds pass`;
    case 'hold':
      return 'deliveries wait';
    case 'release':
      return 'deliveries go on';
    case 'twice':
      return 'the last batches of deliveries are received once more';
    case 'bury':
      return 'the deliveries go to the dead letters';
    case 'redrive':
      return 'the dead letters are redriven';
    case 'heal':
      return 'all faults end';
  }
}

function told({ n, when, via }: Told): string {
  const time = when === null ? '' : when === 'same' ? ', of the same time as the last' : `, of ${when} s ago`;
  return `report ${n}${viaText(via)}${time}`;
}

function viaText(via: Via): string {
  if (via === 'https') return '';
  return via === 'queue' ? ' (queue)' : ` (queue, ${via.lateSeconds} s late)`;
}

function againText({ how, user }: Extract<Step, { do: 'again' }>): string {
  const words = { same: 'the same', newId: 'under a new eventId', otherContent: 'with other content' };
  return how === 'moreRecipients' ? `for ${USERS[user]} too` : words[how];
}

function lateText({ lateSeconds }: { lateSeconds: number }): string {
  return lateSeconds > 0 ? ` (told ${lateSeconds} s late)` : '';
}

function names(users: Index[]): string {
  return users.map((user) => USERS[user]).join(' and ');
}

function dateOf({ inMinutes, isWholeDay, repeats }: RemindStep): string {
  const date = inMinutes === null ? 'at its date' : `in ${inMinutes} minutes`;
  return [date, isWholeDay && 'the whole day', repeats].filter(Boolean).join(', ');
}
