/** A valid body for each of the events that are sent at once, as in the HTTP contract. */

export const EVENTS = [
  'order-status',
  'message-sent',
  'message-read',
  'activity-status',
  'activity-viewed',
  'file-upload',
  'file-access',
] as const;
export type EventKind = (typeof EVENTS)[number];
export type Fields = Record<string, unknown>;

/** The places in an event's body of the recipient, and of the actor whose group must have "Gestione Telegram". */
export const PLACES: Record<EventKind, { recipient: string; isList: boolean; actor?: string }> = {
  'order-status': { recipient: 'holder', isList: false },
  'message-sent': { recipient: 'recipients', isList: true, actor: 'sender' },
  'message-read': { recipient: 'sender', isList: false, actor: 'reader' },
  'activity-status': { recipient: 'creator', isList: false, actor: 'changedBy' },
  'activity-viewed': { recipient: 'creator', isList: false, actor: 'viewedBy' },
  'file-upload': { recipient: 'administrators', isList: true, actor: 'uploadedBy' },
  'file-access': { recipient: 'administrators', isList: true, actor: 'accessedBy' },
};

/** The events of the reserved area: those with an acting person. */
export const RESERVED_AREA_EVENTS = EVENTS.filter((event) => PLACES[event].actor !== undefined);
/** The events that may have many recipients. */
export const LIST_EVENTS = EVENTS.filter((event) => PLACES[event].isList);

const anna = { id: 'anna', firstName: 'Anna', lastName: 'Rossi' };
const carla = { id: 'carla', firstName: 'Carla', lastName: 'Verdi' };
const activity = {
  id: '712',
  subject: 'Visita al magazzino',
  date: '2026-11-22T15:30:00+01:00',
  url: 'https://shop.example/agenda/712',
};
const message = {
  id: '5501',
  subject: 'Preventivo tende',
  text: 'Le misure vanno bene?',
  url: 'https://shop.example/messaggi/5501',
};
const file = { name: 'Listino 2027.pdf', url: 'https://shop.example/documenti/listino-2027.pdf' };
const folder = { name: 'Listini' };

const PAYLOADS: Record<EventKind, Fields> = {
  'order-status': {
    eventId: 'event-1',
    language: 'it',
    order: {
      id: '84512',
      reference: 'OC 2026/0412',
      status: 'Evaso',
      itemCount: 3,
      total: { amount: '149.90', currency: 'EUR' },
      url: 'https://shop.example/ordini/84512',
    },
    holder: anna,
  },
  'message-sent': { eventId: 'event-1', message, sender: carla, recipients: [anna] },
  'message-read': { eventId: 'event-1', message, reader: carla, sender: anna },
  'activity-status': {
    eventId: 'event-1',
    activity,
    oldStatus: 'Pianificata',
    newStatus: 'Completata',
    changedBy: carla,
    creator: anna,
  },
  'activity-viewed': { eventId: 'event-1', activity, viewedBy: carla, creator: anna },
  'file-upload': { eventId: 'event-1', file, folder, uploadedBy: carla, administrators: [anna] },
  'file-access': {
    eventId: 'event-1',
    file,
    folder,
    access: 'download',
    accessedBy: carla,
    administrators: [anna],
  },
};

/**
 * A valid body: anna gets a message about carla's action. `changes` replace whole properties; `undefined` removes one.
 */
export function payload(event: EventKind, changes: Fields = {}): Fields {
  return { ...structuredClone(PAYLOADS[event]), ...changes };
}

/** A valid body for this recipient alone. */
export function payloadFor(event: EventKind, recipient: Fields, changes: Fields = {}): Fields {
  const { recipient: place, isList } = PLACES[event];
  return payload(event, { ...changes, [place]: isList ? [recipient] : recipient });
}

/** A valid body for these recipients. */
export function payloadForAll(event: EventKind, recipients: Fields[], changes: Fields = {}): Fields {
  return payload(event, { ...changes, [PLACES[event].recipient]: recipients });
}

/** A valid body with this acting person. */
export function payloadBy(event: EventKind, actor: Fields | undefined, changes: Fields = {}): Fields {
  const place = PLACES[event].actor;
  if (place === undefined) throw new Error(`Nobody acts in ${event}.`);
  return payload(event, { ...changes, [place]: actor });
}

/** The JSON Pointer of the recipient in `payload(event)`. */
export function recipientPointer(event: EventKind): string {
  const { recipient, isList } = PLACES[event];
  return isList ? `/${recipient}/0` : `/${recipient}`;
}

/** The body with another value at a place (JSON Pointer); `undefined` removes the property. */
export function changed(body: Fields, pointer: string, value: unknown): Fields {
  const copy = structuredClone(body);
  const names = pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = names.pop();
  let parent: unknown = copy;
  for (const name of names) parent = (parent as Fields)[name];
  if (last === undefined || typeof parent !== 'object' || parent === null)
    throw new Error(`No place ${pointer}.`);
  if (value === undefined) delete (parent as Fields)[last];
  else (parent as Fields)[last] = value;
  return copy;
}
