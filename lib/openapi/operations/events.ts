import type * as z from 'zod/mini';
import type { EventName } from '../../domain/events.ts';
import { forbidden } from '../../http/problem.ts';
import { eventAccepted } from '../answers.ts';
import type { Operation } from '../operation.ts';

/** An event as its function defines it, with a body that it takes. */
export interface DocumentedEvent {
  name: EventName;
  schema: z.ZodMiniType;
  example: { eventId: string };
}

const SUMMARIES: Record<EventName, string> = {
  'order-status': 'An order entered a status',
  'abandoned-cart': 'A cart was abandoned',
  'message-sent': 'A message was written in the reserved area',
  'message-read': 'A recipient read a message',
  'activity-status': 'An activity changed status',
  'activity-viewed': 'An assignee opened an activity',
  'activity-reminder': 'Remind people of an activity',
  'file-upload': 'A file was uploaded',
  'file-access': 'A file was downloaded or previewed',
};

const WHO: Record<EventName, string> = {
  'order-status': 'The holder of the order is told, where a template manages the status.',
  'abandoned-cart':
    "The user is told after the site's `abandonedCartHours`, unless the cart is recovered or ordered by then. Only the last cart of a user counts.",
  'message-sent': 'Every recipient is told.',
  'message-read': 'The sender is told.',
  'activity-status': 'The creator of the activity is told.',
  'activity-viewed': 'The creator of the activity is told.',
  'activity-reminder':
    'Its recipients are told `remindMinutesBefore` minutes before its date, and before each date that `recurrence` makes of it. Reporting the activity again moves its reminders.',
  'file-upload': 'The administrators of the folder are told.',
  'file-access': 'The administrators of the folder are told.',
};

const inactive = [
  forbidden('The Telegram module is not active for this site. It is activated by the platform.'),
  forbidden('The Telegram integration of this site is switched off. The merchant can switch it on.'),
];

const WAITING: EventName[] = ['abandoned-cart', 'activity-reminder'];

export function eventOperations(events: DocumentedEvent[]): Operation[] {
  return [...events.map(reporting), ...withdrawing()];
}

function reporting({ name, schema, example }: DocumentedEvent): Operation {
  const outcome = WAITING.includes(name)
    ? { userId: 'anna', status: 'scheduled' }
    : {
        userId: 'anna',
        templateId: `default-${name === 'file-access' ? 'file-download' : name}`,
        status: 'queued',
        deliveryId: 'wcZ_NeggoodXsop_Ce6MtDk7gAm7q1ue',
      };
  return {
    method: 'post',
    path: `/v1/sites/{siteId}/events/${name}`,
    id: `report-${name}`.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()),
    tag: 'Events',
    summary: SUMMARIES[name],
    description: `${WHO[name]} The answer says what became of each recipient. The same \`eventId\` reported again repeats nothing.`,
    caller: 'site',
    body: {
      schema,
      examples: { event: example },
      wrong: [{ pointer: '/eventId', detail: 'This property is required.' }],
    },
    answers: [
      {
        status: 202,
        description: 'Accepted: what is to be sent waits in the queue, or for its time',
        schema: eventAccepted,
        example: {
          eventId: example.eventId,
          notifications: [outcome, { userId: 'dario', status: 'skipped', reason: 'not-linked' }],
        },
      },
    ],
    problems: inactive,
  };
}

function withdrawing(): Operation[] {
  const answers = [{ status: 204, description: 'Nothing waits any more, whether something did or not' }];
  const common = { method: 'delete', tag: 'Events', caller: 'site', answers, problems: inactive } as const;
  return [
    {
      ...common,
      path: '/v1/sites/{siteId}/events/abandoned-cart/{userId}',
      id: 'recoverCart',
      summary: 'The cart of a user was recovered',
    },
    {
      ...common,
      path: '/v1/sites/{siteId}/events/activity-reminder/{activityId}',
      id: 'cancelReminder',
      summary: 'No more reminders of an activity',
    },
  ];
}
