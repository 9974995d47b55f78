/** The common parts of the nine events' descriptions. The special parts are in `functions/*.docs.ts`. */
import * as z from 'zod/mini';
import { EventIdReusedError, type FieldError, InvalidInputError } from '../domain/errors.ts';
import type { EventName } from '../domain/events.ts';
import type { SkipReason } from '../domain/outcomes.ts';
import {
  consentedAt,
  date,
  lastDate,
  marketingConsent,
  occurredAt,
  PLAUSIBLE,
  person,
  recipient,
} from '../events/schemas.ts';
import { inactive } from '../http/problems.ts';
import type { Route } from '../http/route.ts';
import { cartRecipient } from '../schedule/abandoned-cart-event.ts';
import { named, schemaOf } from './components.ts';
import { type Operation, type OperationDocs, operationOf } from './operation.ts';
import { instant, text } from './schemas.ts';

export interface EventDocs {
  routes: readonly Route[];
  /** What has happened. */
  summary: string;
  /** Who is notified, and when. */
  who: string;
  /** The template in the example of the answer; absent: the event's default template. */
  templateId?: string;
  /** The names of the schemas that its body may have, where there are several. */
  forms?: readonly string[];
  /** Further examples of bodies, each made from the sample. */
  examples?: (sample: object) => Record<string, object>;
  /** Only for a scheduled event: how to withdraw it. */
  withdrawal?: Pick<OperationDocs, 'id' | 'summary' | 'parameters' | 'problems'>;
}

const plausible = { more: { pattern: PLAUSIBLE.source } };
const YEARS = 'in a year from 2000 to 2099';
named('OccurredAt', occurredAt, { description: `A date and time with offset, ${YEARS}`, ...plausible });
named('ActivityDate', date, {
  description: `A date and time with offset, or a whole day such as \`2026-11-22\`, ${YEARS}`,
  ...plausible,
});
named('LastDate', lastDate, {
  description: `A date and time with offset, or a whole day such as \`2026-11-22\`, ${YEARS}`,
  ...plausible,
});
named('Person', person, { description: 'Whoever acts in an event' });
named('Recipient', recipient, {
  description:
    'Whoever a notification is for. Send all names that you have of a person, each time: if there is one, those that were known are replaced, also by nothing',
  properties: { language: 'BCP 47', groups: 'The user groups of the shop they are in' },
});

named('CartRecipient', cartRecipient, {
  description:
    'Whose cart it is: as `Recipient`, with what the shop knows of their consent to advertising, which every message about the cart after the first one needs',
  properties: { language: 'BCP 47', groups: 'The user groups of the shop they are in' },
});
named('ConsentedAt', consentedAt, {
  description: `A date and time with offset, ${YEARS}`,
  ...plausible,
});
named('MarketingConsent', marketingConsent, {
  description: 'Whether a person wants advertising. What was said last, by `at`, holds',
});

const SKIP_REASONS = [
  'not-linked',
  'opted-out',
  'muted',
  'unreachable',
  'no-template',
  'status-not-managed',
  'group-not-included',
  'sender-group-not-enabled',
  'agent-cart',
  'docuvision-disabled',
  'superseded',
  'past',
  'no-marketing-consent',
  'erased',
] as const satisfies readonly SkipReason[];

const outcomeAnswer = named(
  'NotificationOutcome',
  z.object({
    userId: text,
    templateId: z.optional(text),
    status: z.enum(['queued', 'scheduled', 'skipped']),
    reason: z.optional(z.enum(SKIP_REASONS)),
    deliveryId: z.optional(text),
    dueAt: z.optional(instant),
  }),
  { description: 'What becomes of one recipient' },
);
const acceptedAnswer = named(
  'EventAccepted',
  z.object({ eventId: text, notifications: z.array(outcomeAnswer), repeated: z.optional(z.literal(true)) }),
  { description: 'The event was accepted' },
);

const eventIdMissing: FieldError = {
  pointer: '/eventId',
  code: 'required',
  detail: 'This property is required.',
};
const offReasons = [inactive({ moduleActive: false }), inactive({ moduleActive: true })];
const tag = 'Events';

/** @param sample a valid payload of the event. */
export function eventOperations(name: EventName, docs: EventDocs, sample: { eventId: string }): Operation[] {
  return docs.routes.map((route) =>
    operationOf(route, route.method === 'POST' ? reporting(name, docs, route, sample) : withdrawing(docs)),
  );
}

function reporting(
  name: EventName,
  { summary, who, withdrawal, forms = [], examples, templateId = `default-${name}` }: EventDocs,
  { body }: Route,
  sample: { eventId: string },
): OperationDocs {
  if (body) {
    named(`${pascalCase(name)}Event`, body, { description: summary });
    const { def } = (schemaOf(body) as unknown as z.core.$ZodTypes)._zod;
    const options = def.type === 'union' ? (def.options as z.ZodMiniType[]) : [];
    for (const [index, form] of forms.entries())
      if (options[index]) named(form, options[index], { description: summary });
  }
  const outcome = withdrawal
    ? { userId: 'anna', status: 'scheduled', dueAt: '2026-11-22T13:05:00.000Z' }
    : { userId: 'anna', templateId, status: 'queued', deliveryId: 'wcZ_NeggoodXsop_Ce6MtDk7gAm7q1ue' };
  return {
    tag,
    id: `report${pascalCase(name)}`,
    summary,
    description: `${who} The answer says what became of each recipient. The same \`eventId\` reported again repeats nothing.`,
    examples: { event: sample, ...examples?.(sample) },
    answers: [
      {
        status: 202,
        description: 'Accepted: what is to be sent waits in the queue, or for its time',
        schema: acceptedAnswer,
        example: {
          eventId: sample.eventId,
          notifications: [outcome, { userId: 'dario', status: 'skipped', reason: 'not-linked' }],
        },
      },
    ],
    problems: [
      new InvalidInputError([eventIdMissing], 'Nothing was sent'),
      new EventIdReusedError(sample.eventId),
      ...offReasons,
    ],
  };
}

function withdrawing({ withdrawal, summary }: EventDocs): OperationDocs {
  if (!withdrawal) throw new Error(`Nothing says how this is withdrawn: ${summary}.`);
  const description =
    'Nothing waits any more, whether something did or not; also while the site is switched off';
  return { tag, ...withdrawal, answers: [{ status: 204, description }] };
}

function pascalCase(name: string): string {
  return name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
