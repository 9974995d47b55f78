import * as z from 'zod/mini';
import { ConflictError, type FieldError } from '../lib/domain/errors.ts';
import { MAX_ENABLED_TEMPLATES, TEMPLATE_KINDS, type Template } from '../lib/domain/templates.ts';
import { inactive } from '../lib/http/problems.ts';
import { linkOf, money } from '../lib/http/schemas.ts';
import { named } from '../lib/openapi/components.ts';
import { operationsOf } from '../lib/openapi/operation.ts';
import { thrownBy } from '../lib/openapi/problems.ts';
import { ETAG, instant, type Shape, text } from '../lib/openapi/schemas.ts';
import { MAX_TEXT_LENGTH } from '../lib/telegram/html/index.ts';
import { draftErrors, MAX_LANGUAGES } from '../lib/templates/api/draft-errors.ts';
import { enabledErrors } from '../lib/templates/api/enabled-limit.ts';
import type { Previews } from '../lib/templates/api/preview.ts';
import { previewBody, templateBody, testBody } from '../lib/templates/api/schemas.ts';
import type { SentTest } from '../lib/templates/api/send-test.ts';
import { findTemplate, type TemplateView } from '../lib/templates/api/templates.ts';
import { MAX_REPEATS } from '../lib/templates/mustache-structure.ts';
import { PLACEHOLDERS } from '../lib/templates/placeholders.ts';
import { MAX_BUTTON_LENGTH } from '../lib/templates/render.ts';
import { routes } from './templates.ts';

named('TemplateBody', templateBody, {
  properties: {
    enabled: `Whether it sends. At most ${MAX_ENABLED_TEMPLATES} templates of a kind are enabled; of \`order-status\`, for each status`,
    statuses: '`order-status`: the order statuses that it manages, compared without case',
    groups: 'User groups that receive it; none: every user',
    text: `By language, ${MAX_LANGUAGES} at most: Mustache (\`{{key}}\`, \`{{#key}}…{{/key}}\`; each at most ${MAX_REPEATS} times) and Telegram's HTML. Of a message that would be longer than ${MAX_TEXT_LENGTH} characters, the longest values are cut`,
    button: `By language: the text of the button that opens the link of the event; no HTML, ${MAX_BUTTON_LENGTH} characters at most`,
    createdAt: 'Set by this API; may be sent back as it was read',
    warnings: 'Part of an answer; may be sent back, and is not read',
  },
});
// Their links are described where they are used.
const link = linkOf('https://shop.example');
const preview = named('PreviewBody', previewBody(link));
const test = named('TestBody', testBody(link));

const texts = z.record(text, text);
const templateAnswer = named(
  'Template',
  z.object({
    id: text,
    name: text,
    event: z.enum(TEMPLATE_KINDS),
    enabled: z.boolean(),
    statuses: z.optional(z.array(text)),
    groups: z.optional(z.array(text)),
    text: texts,
    button: z.optional(texts),
    createdAt: z.optional(instant),
  } satisfies Shape<TemplateView>),
);
const warnings = z.optional(z.array(z.object({ pointer: text, detail: text })));
const savedAnswer = named('SavedTemplate', z.object({ ...templateAnswer.shape, warnings }), {
  properties: {
    warnings:
      'Texts that can be saved, but may read badly to people for whom a value is missing, each with how it then reads; absent if there are none',
  },
});
const templatesAnswer = named(
  'Templates',
  z.object({ templates: z.array(templateAnswer), beyondLimit: z.optional(z.array(text)) }),
  {
    properties: {
      beyondLimit: `Only for a site that had more enabled templates before there was a limit: the ids of those before which ${MAX_ENABLED_TEMPLATES} others of their kind (or of one of their statuses) are enabled. They are sent only to people to whom fewer of those before apply`,
    },
  },
);

const valueSchemas = { text, count: z.int(), money, date: text };
const previewsAnswer = named(
  'Previews',
  z.object({
    event: z.enum(TEMPLATE_KINDS),
    warnings,
    values: z.object(
      Object.fromEntries(PLACEHOLDERS.map(({ key, format }) => [key, z.optional(valueSchemas[format])])),
    ),
    previews: z.record(
      text,
      z.object({
        textLanguage: text,
        html: text,
        text,
        entities: z.array(
          z.object({
            type: text,
            offset: z.int(),
            length: z.int(),
            url: z.optional(text),
            language: z.optional(text),
            user_id: z.optional(z.int()),
            custom_emoji_id: z.optional(text),
            unix_time: z.optional(z.int()),
            date_time_format: z.optional(text),
          }),
        ),
        length: z.int(),
        maxLength: z.int(),
        shortened: z.boolean(),
        button: z.optional(z.object({ text, url: text })),
      }),
    ),
  } satisfies Shape<Previews & { warnings?: FieldError[] }>),
);
const sentAnswer = named(
  'TestSent',
  z.object({
    userId: text,
    templateId: text,
    status: z.enum(['queued']),
    deliveryId: text,
  } satisfies Shape<SentTest>),
);

const draft = {
  name: 'Ordine evaso',
  event: 'order-status',
  statuses: ['Evaso'],
  text: {
    it: 'Ciao{{#nome}} {{nome}}{{/nome}}, il tuo ordine <b>{{siglaDocumento}}</b> è {{statoDocumento}}.',
    en: 'Hello{{#nome}} {{nome}}{{/nome}}, your order <b>{{siglaDocumento}}</b> is {{statoDocumento}}.',
  },
  button: { it: "Vedi l'ordine", en: 'View your order' },
};
const template = {
  status: 200,
  schema: templateAnswer,
  example: { id: '0N2lXvw5_5XBSqV8', ...draft, enabled: true, createdAt: '2026-11-22T10:49:51.767Z' },
  headers: ETAG,
};

const eleventh: Template = { id: 'benvenuto', name: 'Benvenuto', event: 'welcome', enabled: true, text: {} };
const wrong = [
  ...draftErrors({ event: 'welcome', text: { it: 'Ciao {{nom}}' } }, { languages: ['it', 'en'] }),
  ...enabledErrors(eleventh, Array<Template>(MAX_ENABLED_TEMPLATES).fill(eleventh)),
];
const unknownTemplate = thrownBy(() => findTemplate({ templates: [] }, 'evaso'));
const tag = 'Templates';

export const docs = operationsOf(routes, {
  'GET /v1/sites/{siteId}/templates': {
    id: 'listTemplates',
    tag,
    summary: 'All templates of a site',
    answers: [
      {
        status: 200,
        description: 'In the order of their creation',
        schema: templatesAnswer,
        example: { templates: [template.example] },
      },
    ],
  },
  'POST /v1/sites/{siteId}/templates': {
    id: 'createTemplate',
    tag,
    summary: 'Create a template',
    description:
      'Every language of the site needs a text. `statuses` are for `order-status` alone, and needed there. Without `enabled` it is enabled. The eleventh enabled template of a kind (of `order-status`: for a status) is refused.',
    examples: { orderStatus: draft },
    wrong,
    answers: [
      {
        ...template,
        schema: savedAnswer,
        status: 201,
        description: 'Created',
        headers: {
          ...ETAG,
          Location: { description: 'Where it is', example: '/v1/sites/demo/templates/0N2lXvw5_5XBSqV8' },
        },
      },
    ],
    problems: [
      new ConflictError(
        'This site already has a template "evaso". Choose another id, leave it out, or PUT this one.',
      ),
    ],
  },
  'GET /v1/sites/{siteId}/templates/{templateId}': {
    id: 'getTemplate',
    tag,
    summary: 'One template',
    answers: [{ ...template, description: 'The template' }],
    problems: [unknownTemplate],
  },
  'PUT /v1/sites/{siteId}/templates/{templateId}': {
    id: 'replaceTemplate',
    tag,
    summary: 'Replace a template',
    description:
      'It keeps its id and the time of its creation. Without `enabled` it stays as it is. `"enabled": false` keeps the text and sends nothing. One more enabled than ten of a kind (of `order-status`: for a status) is refused.',
    examples: { switchedOff: { ...draft, enabled: false } },
    wrong,
    ifMatchChanges: [
      { pointer: '/text', detail: 'Is not what you sent: read the template again to see what it is now.' },
    ],
    answers: [{ ...template, schema: savedAnswer, description: 'The template now' }],
    problems: [
      unknownTemplate,
      new ConflictError(
        'The templates of this site would take 301 KB, and there is room for 300 KB: shorten them, or delete one that is no longer needed.',
      ),
    ],
  },
  'DELETE /v1/sites/{siteId}/templates/{templateId}': {
    id: 'deleteTemplate',
    tag,
    summary: 'Delete a template',
    description: 'What was queued with it is still sent.',
    answers: [{ status: 204, description: 'Deleted' }],
    problems: [unknownTemplate],
  },
  'POST /v1/sites/{siteId}/templates/preview': {
    id: 'previewTemplate',
    tag,
    summary: 'Render a draft with sample values',
    description:
      'Nothing is stored and nothing is sent. `values` take the place of the sample values; `null` shows the message without one.',
    body: preview,
    examples: { draft: { ...draft, values: { nome: 'Bruno', totaleOrdine: null } } },
    wrong: wrong.slice(0, 1),
    answers: [
      {
        status: 200,
        description: 'The message in every language',
        schema: previewsAnswer,
        example: {
          event: 'order-status',
          values: {
            nome: 'Bruno',
            cognome: 'Rossi',
            nominativo: 'Anna Rossi',
            urlSito: 'https://shop.example',
            nomeSito: 'Demo Shop',
            numeroArticoli: 3,
            siglaDocumento: 'OC 2026/0412',
            statoDocumento: 'Evaso',
          },
          previews: {
            it: {
              textLanguage: 'it',
              html: 'Ciao Bruno, il tuo ordine <b>OC 2026/0412</b> è Evaso.',
              text: 'Ciao Bruno, il tuo ordine OC 2026/0412 è Evaso.',
              entities: [{ type: 'bold', offset: 26, length: 12 }],
              length: 47,
              maxLength: 4096,
              shortened: false,
              button: { text: "Vedi l'ordine", url: 'https://shop.example/ordini/84512' },
            },
          },
        },
      },
    ],
  },
  'POST /v1/sites/{siteId}/templates/{templateId}/test': {
    id: 'testTemplate',
    tag,
    summary: 'Send a template to one user, as a test',
    description: "With sample values and the user's own names, enabled or not. The log marks it as a test.",
    body: test,
    examples: { user: { userId: 'anna' } },
    wrong: [
      {
        pointer: '/userId',
        detail: 'The user "dario" has not linked Telegram: choose somebody who has, such as yourself.',
      },
    ],
    answers: [
      {
        status: 202,
        description: 'On its way',
        schema: sentAnswer,
        example: {
          userId: 'anna',
          templateId: 'default-order-status',
          status: 'queued',
          deliveryId: 'wcZ_NeggoodXsop_Ce6MtDk7gAm7q1ue',
        },
      },
    ],
    problems: [
      inactive({ moduleActive: false }),
      unknownTemplate,
      new ConflictError('This site has no bot yet: save one with PUT …/bot, then test the template.'),
    ],
  },
});
