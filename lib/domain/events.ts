/** The nine things that Passweb reports, as they stand in the paths of the API and in a user's muted events. */
export const EVENT_NAMES = [
  'order-status',
  'abandoned-cart',
  'message-sent',
  'message-read',
  'activity-status',
  'activity-viewed',
  'activity-reminder',
  'file-upload',
  'file-access',
] as const;

export type EventName = (typeof EVENT_NAMES)[number];
