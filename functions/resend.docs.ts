import * as z from 'zod/mini';
import { unknownDelivery } from '../lib/deliveries/log-parameters.ts';
import { contentGone, whyNot } from '../lib/deliveries/resend.ts';
import { MOST_RESENDS } from '../lib/deliveries/resend-ids.ts';
import { inactive } from '../lib/http/problems.ts';
import { named } from '../lib/openapi/components.ts';
import { operationsOf } from '../lib/openapi/operation.ts';
import { text } from '../lib/openapi/schemas.ts';
import { CONTENT_KEPT_DAYS } from '../lib/store/content-keys.ts';
import { routes } from './resend.ts';

const resent = named(
  'Resent',
  z.object({
    deliveryId: text,
    resendOf: text,
    userId: text,
    status: z.literal('queued'),
    repeated: z.optional(z.literal(true)),
  }),
  {
    properties: {
      deliveryId: 'Of the new line in the log',
      resendOf: 'Of the line whose message it is',
      repeated: 'It is on its way already, or was sent within the last minute: nothing was added',
    },
  },
);

export const docs = operationsOf(routes, {
  'POST /v1/sites/{siteId}/deliveries/{deliveryId}/resend': {
    id: 'resendDelivery',
    tag: 'Log',
    summary: 'Sends a message of the log once more',
    description: `With the same text, to where the person can be reached now; whether they still want it is looked at again. The message gets a line of its own in the log. The same request again does nothing while the message is on its way, and for a minute after. A message can be sent again for ${CONTENT_KEPT_DAYS} days (\`resendableUntil\`), and ${MOST_RESENDS} times. Where no message was made (\`never-rendered\`), report the event again with the same \`eventId\`.`,
    examples: { nothing: {} },
    wrong: [
      {
        pointer: '/userId',
        code: 'unknown-property',
        detail: 'Unknown property "userId": it is refused so that a typing mistake does not pass unseen.',
      },
    ],
    answers: [
      {
        status: 202,
        description: 'It is in the queue',
        schema: resent,
        example: {
          deliveryId: 'p8YvC0gB1r7Jv3nB9Pjz0b8oQw1s5k2d',
          resendOf: 'wcZ_NeggoodXsop_Ce6MtDk7gAm7q1ue',
          userId: 'anna',
          status: 'queued',
        },
      },
    ],
    problems: [
      inactive({ moduleActive: false }),
      inactive({ moduleActive: true }),
      unknownDelivery(),
      whyNot('in-digest'),
      whyNot('opted-out'),
      contentGone(),
    ],
  },
});
