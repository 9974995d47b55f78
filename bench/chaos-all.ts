/**
 * What `bench:chaos` sends with `all`, and how that is judged. All messages have buttons and counted links, and are sent in
 * quiet hours. The people are of four kinds: of some the four notifications are statuses of an order that has one message;
 * of some, three messages about a cart, which are taken back, and the order; some get rich messages; and some work in
 * the shop.
 */
import type { Notification } from '../lib/deliveries/notification.ts';
import type { Site } from '../lib/store/sites.ts';
import { type Call, CROWD, FIRST_CHAT, site, type World, writeItems } from './world.ts';

const KINDS = ['card', 'cart', 'rich', 'staff'] as const;
const HOUR = 3_600_000;
/** The fourth notification of a cart is the order. */
const ORDER_TURN = 3;
/** The site has at most so many. */
const STAFF = 20;

/** The number of a person decides. */
export function kindOf(user: number): (typeof KINDS)[number] {
  return KINDS[user % KINDS.length] ?? 'card';
}

/** The site has it all. Before the functions are loaded. */
export async function switchAllOn(world: World): Promise<void> {
  world.environment.API_URL = 'https://api.example';
  const clock = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString().slice(11, 16);
  const staff = Array.from({ length: STAFF }, (_, index) => ({
    userId: `user-${index * KINDS.length + KINDS.indexOf('staff')}`,
    notices: ['new-order' as const],
  }));
  const everything: Partial<Site> = {
    countClicks: true,
    timeZone: 'UTC',
    quietHours: { from: clock(-2), to: clock(10), mode: 'silent' },
    staff,
  };
  const crowd = await site(CROWD.siteId, CROWD.botId, CROWD.token);
  await writeItems('SITES_TABLE', [{ ...crowd, ...everything }]);
}

/** What becomes of a notification of the bench; where a cart is ordered, its messages are taken back before. */
export async function withAll(plain: Notification, user: number, turn: number): Promise<Notification[]> {
  const text = `${plain.text}\n<a href="https://shop.example/${turn}">Apri</a>`;
  const message: Notification = {
    ...plain,
    text,
    chatId: FIRST_CHAT + user,
    button: { text: 'Ordine', url: 'https://shop.example/ordine', style: 'primary' },
    moreButtons: [{ text: 'Copia', copyText: 'BENVENUTO' }],
  };
  switch (kindOf(user)) {
    case 'card': {
      const at = new Date(Date.UTC(2026, 0, 1, turn)).toISOString();
      const status = { kind: 'status' as const, key: `order#${user}`, at };
      // Every second order has a message in the place of the first.
      const isNew = turn === 2 && user % (2 * KINDS.length) === 0;
      return [{ ...message, card: isNew ? 'new' : 'edit', about: [status] }];
    }
    case 'cart':
      if (turn !== ORDER_TURN) return [{ ...message, event: 'abandoned-cart', step: turn + 1 }];
      return [await takingBack(message), message];
    case 'rich': {
      const table = { rows: [{ item: 'Maglia', amount: '2 × 20,00 €' }], pictures: [] };
      return [{ ...message, rich: { text, table } }];
    }
    case 'staff': {
      const isMember = Math.floor(user / KINDS.length) < STAFF;
      if (isMember && turn % 2 === 0) return [{ ...message, event: 'staff-new-order' }];
      return [{ ...message, event: 'file-upload', collected: 3 }];
    }
  }
}

/** As the function of the order makes it. */
async function takingBack(order: Notification): Promise<Notification> {
  const { deliveryIdOf } = await import('../lib/domain/ids.ts');
  const { button: _button, moreButtons: _more, ...rest } = order;
  const ids = { siteId: order.siteId, userId: order.userId, templateId: order.templateId };
  const turns = Array.from({ length: ORDER_TURN }, (_, turn) => `turn-${turn}`);
  return {
    ...rest,
    deliveryId: deliveryIdOf({ ...ids, eventId: order.eventId, templateId: '#taken-back' }),
    event: 'abandoned-cart',
    templateId: '',
    text: '',
    takesBack: {
      deliveryIds: turns.map((eventId) => deliveryIdOf({ ...ids, eventId })),
      recovered: { id: order.userId, at: order.acceptedAt },
    },
  };
}

/** What is in a chat at the end: `site user turn` of each message. */
export type Chats = Map<number, string[]>;

export async function readChats(world: World, users: number): Promise<Chats> {
  const chats: Chats = new Map();
  for (let user = 0; user < users; user++) {
    const answer = await fetch(`${world.telegram}/emulator/chats/${FIRST_CHAT + user}/messages`);
    const messages = (await answer.json()) as Call['params'][];
    chats.set(
      FIRST_CHAT + user,
      messages.flatMap((message) => nameOf(message) ?? []),
    );
  }
  return chats;
}

/** `site user turn` in what a message says, whichever form it has. */
export function nameOf({ text, rich_message }: Call['params']): string | undefined {
  return JSON.stringify([text, rich_message]).match(/[a-z]+ \d+ \d+/)?.[0];
}

export interface AllAssessment {
  /** What is not in its chat at the end and should be; of an order's one message, the last status. */
  lost: number;
  /** An older status that was shown after a newer one. */
  statusesBack: number;
  /** Older statuses beside the present one: more than were doubled, or could not be deleted. */
  statusesLeft: number;
  /** Messages about an ordered cart: more than were doubled. */
  cartsLeft: number;
  /** Messages that rang in quiet hours. */
  loud: number;
  /** Messages that lead to the shop without being counted. */
  uncounted: number;
}

/**
 * @param calls all that had an effect, or were to delete something. @param expected `site user turn`, in their order.
 * @param isDone whether a call has had its effect.
 */
export function assessAll(
  calls: Call[],
  expected: string[],
  chats: Chats,
  isDone: (call: Call) => boolean,
): AllAssessment {
  const total = { lost: 0, statusesBack: 0, statusesLeft: 0, cartsLeft: 0, loud: 0, uncounted: 0 };
  const callsOf = Map.groupBy(calls, ({ params }) => Number(params.chat_id));
  for (const [user, names] of Map.groupBy(expected, (name) => Number(name.split(' ')[1]))) {
    const ofChat = callsOf.get(FIRST_CHAT + user) ?? [];
    const shown = ofChat.filter((call) => nameOf(call.params) !== undefined && isDone(call));
    const sent = shown.filter(({ method }) => method !== 'editMessageText');
    const doubled = (among: string[]) =>
      among.reduce((sum, name) => sum + Math.max(0, count(sent.map(named), name) - 1), 0);
    const present = chats.get(FIRST_CHAT + user) ?? [];
    const left = (among: string[]) => among.reduce((sum, name) => sum + count(present, name), 0);

    const kind = kindOf(user);
    const isOrdered = kind === 'cart' && names.length > ORDER_TURN;
    const former = kind === 'card' ? names.slice(0, -1) : isOrdered ? names.slice(0, ORDER_TURN) : [];
    const lasting = names.filter((name) => !former.includes(name));
    total.lost += lasting.filter((name) => !present.includes(name)).length;
    if (kind === 'card') {
      const undeleted = ofChat.filter((call) => call.method === 'deleteMessage' && !isDone(call)).length;
      total.statusesBack += countBack(shown.map(named));
      total.statusesLeft += Math.max(0, left(former) - doubled(names) - undeleted);
    } else total.cartsLeft += Math.max(0, left(former) - doubled(former));
    total.loud += sent.filter(({ params }) => !params.disable_notification).length;
    total.uncounted += shown.filter(({ params }) => JSON.stringify(params).includes('//shop.')).length;
  }
  return total;
}

function named({ params }: Call): string {
  return nameOf(params) ?? '';
}

function count(names: string[], name: string): number {
  return names.filter((each) => each === name).length;
}

/** How often a turn follows a later one. */
function countBack(names: string[]): number {
  const turns = names.map((name) => Number(name.split(' ')[2]));
  return turns.filter((turn, index) => turn < Math.max(...turns.slice(0, index))).length;
}
