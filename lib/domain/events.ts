/**
 * The events that Passweb reports, in the order in which people see them. The names are those in the paths of the API
 * and in a user's muted events. Each event has the kinds of templates that send it.
 */
export const EVENTS = {
  'order-status': ['order-status'],
  'abandoned-cart': ['abandoned-cart'],
  'message-sent': ['message-sent'],
  'message-read': ['message-read'],
  'activity-status': ['activity-status'],
  'activity-viewed': ['activity-viewed'],
  'activity-reminder': ['activity-reminder'],
  'file-upload': ['file-upload'],
  'file-access': ['file-download', 'file-view'],
} as const;

export type EventName = keyof typeof EVENTS;

// `Object.keys` returns `string[]`; its strings are the keys of `EVENTS`.
export const EVENT_NAMES = Object.keys(EVENTS) as EventName[];
