import * as z from 'zod/mini';
import { WEBHOOK_EVENTS } from '../lib/domain/webhook-events.ts';
import { changedMeanwhile } from '../lib/http/entity-tag.ts';
import { named } from '../lib/openapi/components.ts';
import { operationsOf } from '../lib/openapi/operation.ts';
import { ETAG, instant, type Shape, text } from '../lib/openapi/schemas.ts';
import type { WebhookTry } from '../lib/store/outgoing-lanes.ts';
import type { SealedSecret, WebhookProblem } from '../lib/store/site-webhook.ts';
import { webhookBody } from '../lib/webhooks/schemas.ts';
import { noWebhook, type SavedWebhook, type WebhookTest, type WebhookView } from '../lib/webhooks/webhook.ts';
import { routes } from './webhook.ts';

named('WebhookBody', webhookBody, {
  properties: {
    url: 'Where what happens is told: `https`, on the public Internet, port 443 or one from 1024 on. The local run also takes an address of its own machine',
    events: 'What is told',
    keepSecret:
      'Whether the secret stays. Otherwise there is a new one, and the former one stays valid for a day. At most four are valid at once: a fifth ends the oldest',
  },
});

const tryFields = {
  at: instant,
  id: text,
  event: text,
  attempt: z.int(),
  status: z.optional(z.int()),
  answer: z.optional(text),
  error: z.optional(text),
  milliseconds: z.int(),
} satisfies Shape<WebhookTry>;
const TRY_WORDS = {
  at: 'When the call began',
  id: 'The `webhook-id`: the same for every try',
  attempt: 'From 1',
  status: 'The HTTP status; absent where there was no answer',
  answer: 'The beginning of the answer, at most 300 characters',
  error: 'Why there was no answer, in English',
};

const viewFields = {
  url: text,
  events: z.array(z.enum(WEBHOOK_EVENTS)),
  createdAt: instant,
  secrets: z.array(
    z.object({ createdAt: instant, validUntil: z.optional(instant) } satisfies Shape<
      Omit<SealedSecret, 'sealed'>
    >),
  ),
  problem: z.optional(
    z.object({
      kind: z.enum(['endpoint-gone', 'endpoint-failing']),
      since: instant,
      description: text,
    } satisfies Shape<WebhookProblem>),
  ),
  pausedUntil: z.optional(instant),
  dropped: z.int(),
  tries: z.array(named('WebhookTry', z.object(tryFields), { properties: TRY_WORDS })),
} satisfies Shape<WebhookView>;
const VIEW_WORDS = {
  secrets:
    'With which calls are signed, newest first: at most four, a fifth ends the oldest. What they are is never shown again',
  problem: 'Set: it is switched off until it is saved again',
  pausedUntil: 'The endpoint takes nothing: it is tried again then',
  dropped: 'How much was given up, each after a day',
  tries: 'The last calls, newest first: 20, and the last five tests',
};

const view = named('Webhook', z.object(viewFields), { properties: VIEW_WORDS });
const saved = named(
  'SavedWebhook',
  z.object({ ...viewFields, secret: z.optional(text) } satisfies Shape<
    WebhookView & Pick<SavedWebhook, 'secret'>
  >),
  { properties: { ...VIEW_WORDS, secret: 'Shown this once: `whsec_` and base64. Absent with `keepSecret`' } },
);
const test = named(
  'WebhookTest',
  z.object({ taken: z.boolean(), ...tryFields } satisfies Shape<WebhookTest>),
  {
    properties: { ...TRY_WORDS, taken: 'Whether the endpoint has answered 2xx' },
  },
);

const made: WebhookTry = {
  at: '2026-11-22T10:49:52.105Z',
  id: 'msg_xwDNUuq4MizjSji5ATl332l5h70akcUb',
  event: 'delivery.sent',
  attempt: 1,
  status: 204,
  milliseconds: 87,
};
const shown: WebhookView = {
  url: 'https://shop.example/telegram-webhook',
  events: ['user.linked', 'user.opted-out', 'delivery.failed'],
  createdAt: '2026-11-22T10:40:00.000Z',
  secrets: [{ createdAt: '2026-11-22T10:40:00.000Z' }],
  dropped: 0,
  tries: [made],
};

const ifMatchChanges = [changedMeanwhile('url', shown.url)];

export const docs = operationsOf(routes, {
  'GET /v1/sites/{siteId}/webhook': {
    id: 'getWebhook',
    tag: 'Webhook',
    summary: 'The webhook, and its last calls',
    description:
      'The `ETag` is that of what was saved: calls, pauses and problems do not change it, so a 304 says nothing of them.',
    answers: [{ status: 200, description: 'The webhook', schema: view, example: shown, headers: ETAG }],
    problems: [noWebhook()],
  },
  'PUT /v1/sites/{siteId}/webhook': {
    id: 'putWebhook',
    tag: 'Webhook',
    summary: "Have the shop's own system told what happens",
    description:
      'What happens is sent as [Standard Webhooks](https://www.standardwebhooks.com/): headers `webhook-id`, `webhook-timestamp`, `webhook-signature`; body `{ "type", "timestamp", "data" }`. The answer has a new `secret`, shown this once; the former one stays valid for a day, and calls carry the signatures of both. At most four are valid at once: a fifth ends the oldest at once, although another `validUntil` was shown for it; `secrets` of the answer has those that are left. With `keepSecret` it stays as it is. What is not taken (2xx, within 10 seconds) is tried again for a day, after growing pauses. An endpoint that answers 410, or has taken nothing for five days, is switched off, with a `problem`; saving it again switches it on, and what still waits is told. docs/webhooks.md has every event, and code that checks a signature.',
    examples: {
      webhook: { url: 'https://shop.example/telegram-webhook', events: ['user.linked', 'user.opted-out'] },
      sameSecret: {
        url: 'https://shop.example/telegram-webhook',
        events: [...WEBHOOK_EVENTS],
        keepSecret: true,
      },
    },
    makesNew: true,
    ifMatchChanges,
    wrong: [{ pointer: '/url', detail: 'Must be an https address: what is told names people.' }],
    answers: [
      {
        status: 201,
        description: 'Created',
        schema: saved,
        example: { ...shown, tries: [], secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=' },
        headers: ETAG,
      },
      {
        status: 200,
        description: 'Saved',
        schema: saved,
        example: { ...shown, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=' },
        headers: ETAG,
      },
    ],
  },
  'DELETE /v1/sites/{siteId}/webhook': {
    id: 'deleteWebhook',
    tag: 'Webhook',
    summary: 'Tell nothing any more',
    description: 'What waits is dropped. Without a webhook the answer is 204 too.',
    answers: [{ status: 204, description: 'Removed' }],
  },
  'POST /v1/sites/{siteId}/webhook/test': {
    id: 'testWebhook',
    tag: 'Webhook',
    summary: 'Call the endpoint once, now',
    description:
      'It gets `{ "type": "webhook.test", "timestamp": …, "data": { "siteId": … } }`, signed like everything else. It is called once, also where it is switched off.',
    examples: { nothing: {} },
    answers: [
      {
        status: 200,
        description: 'How it went',
        schema: test,
        example: { taken: true, ...made, event: 'webhook.test' },
      },
    ],
    problems: [noWebhook()],
  },
});
