import * as z from 'zod/mini';
import { BUTTON_STYLES } from '../lib/domain/buttons.ts';
import type { FieldError } from '../lib/domain/errors.ts';
import { AUDIENCES, MAX_ENABLED_TEMPLATES, TEMPLATE_KINDS, type Template } from '../lib/domain/templates.ts';
import { inactive } from '../lib/http/problems.ts';
import { linkOf, money } from '../lib/http/schemas.ts';
import { placesIn, type SpokenPlace } from '../lib/http/spoken.ts';
import { MAX_TAG_LENGTH } from '../lib/i18n/languages.ts';
import { actor } from '../lib/openapi/actor.ts';
import { copyButton, linkButton } from '../lib/openapi/buttons.ts';
import { named } from '../lib/openapi/components.ts';
import { operationsOf } from '../lib/openapi/operation.ts';
import { thrownBy } from '../lib/openapi/problems.ts';
import { ETAG, fieldError, instant, type Shape, text } from '../lib/openapi/schemas.ts';
import { SHOWN_VERSIONS } from '../lib/store/template-versions.ts';
import { MAX_TEXT_LENGTH } from '../lib/telegram/html/index.ts';
import { type Catalogue, catalogue } from '../lib/templates/api/catalogue.ts';
import { draftErrors, MAX_LANGUAGES, MAX_TEXT_BYTES } from '../lib/templates/api/draft-errors.ts';
import { enabledErrors } from '../lib/templates/api/enabled-limit.ts';
import { overlapWarnings } from '../lib/templates/api/overlap-warnings.ts';
import type { Previews } from '../lib/templates/api/preview.ts';
import {
  draftTestBody,
  texts as givenTexts,
  previewBody,
  restoreBody,
  templateBody,
  templatePatch,
  testBody,
  textsPatch,
} from '../lib/templates/api/schemas.ts';
import { cantGetIt, noBotToTest, type SentTest } from '../lib/templates/api/send-test.ts';
import {
  differsNow,
  findTemplate,
  noDefault,
  noRoom,
  type TemplateView,
  templateIdTaken,
  tooManyEnabled,
  unknownVersion,
  type VersionView,
} from '../lib/templates/api/templates.ts';
import { MAX_REPEATS } from '../lib/templates/mustache-structure.ts';
import { PLACEHOLDERS } from '../lib/templates/placeholders.ts';
import { MAX_BUTTON_LENGTH } from '../lib/templates/render.ts';
import { routes } from './templates.ts';

named('LocalizedTexts', givenTexts, {
  description: `Texts by the BCP 47 tag of their language; each at most ${MAX_TEXT_BYTES} bytes of UTF-8`,
  more: {
    maxProperties: MAX_LANGUAGES,
    propertyNames: { type: 'string', minLength: 2, maxLength: MAX_TAG_LENGTH },
    additionalProperties: { type: 'string', minLength: 1, maxLength: MAX_TEXT_BYTES },
  },
});
const buttonWords = {
  buttonStyle: 'The colour of the first button: blue, green or red. Absent: as Telegram shows a button',
  secondButton:
    'By language: the text of a second button, below the first; as `button`. In a language without a text, the host of the link',
  secondButtonUrl: 'Where the second button leads: a link of the shop. Absent: to the link of the event',
  trackingButton:
    '`order-status`, by language: the text of a button that copies the tracking code of the order; as `button`. In a language without a text, the code. An order without a code shows none',
  digestMinutes:
    '`file-upload`, `file-download`, `file-view`: for so many minutes after the first notice of a folder, those that follow are collected with it into one message for each administrator. Absent: each notice is a message',
  step: '`abandoned-cart`: which message about a cart this is, from 1 to 3. Absent: the first. The second and the third are advertising: they go only to people of whom `marketingConsent` is given, and only where the site has a `cartSeries` with that step',
  couponCode:
    '`abandoned-cart`, second or third message: the code of a coupon. The text may write it (`{{codiceCoupon}}`), and `couponButton` copies it',
  couponButton:
    '`abandoned-cart`, second or third message, by language: the text of a button that copies the code of the coupon; as `button`. In a language without a text, the code',
};
// Their links are described where they are used.
const link = linkOf('https://shop.example');
const body = named('TemplateBody', templateBody(link), {
  description: 'A template, as the merchant writes it',
  properties: {
    enabled: `Whether it sends. At most ${MAX_ENABLED_TEMPLATES} templates of a kind are enabled; of \`order-status\`, for each status`,
    statuses: '`order-status`: the order statuses that it manages, compared without case',
    groups: 'User groups that receive it; none: every user',
    audience:
      '`activity-status`: whether it is for the creator of the activity, for its recipients, or for both. Absent: as it was; of a new one, for both',
    text: `By language, ${MAX_LANGUAGES} at most: Mustache (\`{{key}}\`, \`{{#key}}…{{/key}}\`; each at most ${MAX_REPEATS} times) and Telegram's HTML. Of a message that would be longer than ${MAX_TEXT_LENGTH} characters, the longest values are cut`,
    button: `By language: the text of the button that opens the link of the event; no HTML, ${MAX_BUTTON_LENGTH} characters at most. Absent in a template for \`order-status\` or \`abandoned-cart\`: the \`orderButton\` or \`cartButton\` of the site`,
    ...buttonWords,
    card: '`order-status`: an order has one message in a chat, and each status changes it without a sound; `{}` where no status is to ring. All such templates share it. Where it can not be changed, a new one is sent without a sound. Absent: each status has a message of its own',
    rich: '`order-status`: the articles of the order are a table, with their pictures and the total; `elencoArticoli` is then left out of the text. Where Telegram refuses it, or the order has no articles, the message is as without it',
    createdAt: 'Set by this API; may be sent back as it was read',
    warnings: 'Part of an answer; may be sent back, and is not read',
  },
});
named('LocalizedTextsPatch', textsPatch, {
  description: 'Texts by the BCP 47 tag of their language; `null` removes one',
  more: {
    maxProperties: MAX_LANGUAGES,
    propertyNames: { type: 'string', minLength: 2, maxLength: MAX_TAG_LENGTH },
    additionalProperties: {
      anyOf: [{ type: 'string', minLength: 1, maxLength: MAX_TEXT_BYTES }, { type: 'null' }],
    },
  },
});
const patch = named('TemplatePatch', templatePatch(link), {
  description: 'Some fields of a template (JSON Merge Patch, RFC 7396): what is absent stays as it is',
  properties: {
    statuses: 'All of them; `null`: none',
    groups: 'All of them; `null`: every user',
    text: 'By language: those that change; `null` removes one',
    button: 'By language: those that change; `null` removes one, or all',
    buttonStyle: 'The colour of the first button; `null`: as Telegram shows a button',
    secondButton: 'By language: those that change; `null` removes one, or all',
    secondButtonUrl: 'Where the second button leads; `null`: to the link of the event',
    trackingButton: 'By language: those that change; `null` removes one, or all',
    card: '`null`: each status has a message of its own',
    digestMinutes: 'For how many minutes the notices of a folder are collected; `null`: each is a message',
    step: 'Which message about a cart this is; `null`: the first',
    couponCode: 'The code of a coupon; `null`: none',
    couponButton: 'By language: those that change; `null` removes one, or all',
    createdAt: 'Set by this API; may be sent back as it was read',
    warnings: 'Part of an answer; may be sent back, and is not read',
  },
});
named('RestoreBody', restoreBody, {
  description: 'A `version` that `GET …/versions` names, or the `default` that a new site has',
});
const preview = named('PreviewBody', previewBody(link), {
  description: 'A draft of a template, and what its placeholders stand for',
});
const test = named('TestBody', testBody(link), { description: 'Who gets the test, and what it says' });
const draftTest = named('DraftTestBody', draftTestBody(link), {
  description: 'A draft to send as a test, and to whom',
});

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
    audience: z.optional(z.enum(AUDIENCES)),
    text: texts,
    button: z.optional(texts),
    buttonStyle: z.optional(z.enum(BUTTON_STYLES)),
    secondButton: z.optional(texts),
    secondButtonUrl: z.optional(text),
    trackingButton: z.optional(texts),
    card: z.optional(z.object({ newMessageFor: z.optional(z.array(text)) })),
    rich: z.optional(z.boolean()),
    digestMinutes: z.optional(z.int()),
    step: z.optional(z.int()),
    couponCode: z.optional(text),
    couponButton: z.optional(texts),
    createdAt: z.optional(instant),
  } satisfies Shape<TemplateView>),
  { description: 'A text of the merchant for one kind of event' },
);
const warnings = z.optional(z.array(fieldError));
const savedAnswer = named('SavedTemplate', z.object({ ...templateAnswer.shape, warnings }), {
  description: 'A template that was just saved',
  alike: 'Template',
  properties: {
    warnings:
      'Texts that can be saved, but may read badly to people for whom a value is missing, each with how it then reads; and other enabled templates that send the same event to some of the same people. Absent if there are none',
  },
});
const templatesAnswer = named(
  'Templates',
  z.object({ templates: z.array(templateAnswer), beyondLimit: z.optional(z.array(text)) }),
  {
    description: 'All templates of a site',
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
        button: z.optional(linkButton),
        moreButtons: z.optional(z.array(z.union([linkButton, copyButton]))),
      }),
    ),
  } satisfies Shape<Previews & { warnings?: SpokenPlace[] }>),
  { description: 'A draft as people would read it' },
);
const sentAnswer = named(
  'TestSent',
  z.object({
    userId: text,
    templateId: z.optional(text),
    status: z.enum(['queued']),
    deliveryId: text,
  } satisfies Shape<SentTest>),
  { description: 'A test that is on its way' },
);

const versionsAnswer = named(
  'TemplateVersions',
  z.object({
    versions: z.array(
      z.object({
        version: z.int(),
        at: z.optional(instant),
        by: z.optional(actor),
        template: templateAnswer,
      } satisfies Shape<VersionView>),
    ),
  }),
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
const ifMatchChanges: FieldError[] = [
  {
    pointer: '/text',
    code: 'changed-meanwhile',
    detail: differsNow({
      changedAt: '2026-11-28T09:30:12.004Z',
      changedBy: { caller: 'site', keyId: '5e884898', name: 'gestionale' },
    }),
  },
];
const overlapping = {
  ...template.example,
  warnings: placesIn(
    'en',
    overlapWarnings(template.example as Template, [
      {
        ...(template.example as Template),
        id: 'default-order-status-evaso',
        name: 'Notifica Stato Ordine: Evaso',
      },
    ]),
  ),
};
const unknownTemplate = thrownBy(() => findTemplate({ templates: [] }, 'evaso'));
const tag = 'Templates';

const inWords = z.object({ it: text, en: text });
const catalogueAnswer = named(
  'Placeholders',
  z.object({
    kinds: z.array(
      z.object({
        kind: z.enum(TEMPLATE_KINDS),
        event: text,
        name: inWords,
        description: inWords,
        hasStatuses: z.boolean(),
        hasButton: z.boolean(),
        placeholders: z.array(text),
      }),
    ),
    placeholders: z.array(
      z.object({
        key: text,
        name: inWords,
        description: inWords,
        format: z.enum(['text', 'count', 'money', 'date']),
        example: inWords,
        mayBeMissing: z.boolean(),
        kinds: z.array(z.enum(TEMPLATE_KINDS)),
      }),
    ),
  } satisfies Shape<Catalogue>),
);
const whole = catalogue();

export const docs = operationsOf(routes, {
  'GET /v1/placeholders': {
    id: 'listPlaceholders',
    tag,
    summary: 'The kinds of templates, and their placeholders',
    description:
      'In Italian and English, with an example of each value as people read it. `mayBeMissing`: some events or people have no value, so a text puts it into a section, `{{#nome}} {{nome}}{{/nome}}`. It needs no key.',
    answers: [
      {
        status: 200,
        description: 'All of them',
        schema: catalogueAnswer,
        example: {
          kinds: whole.kinds.slice(0, 1),
          placeholders: whole.placeholders.slice(0, 1),
        },
      },
    ],
  },
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
    body,
    examples: {
      orderStatus: draft,
      moreButtons: {
        ...draft,
        buttonStyle: 'primary',
        secondButton: { it: 'Scrivici', en: 'Write to us' },
        secondButtonUrl: 'https://shop.example/contatti',
        trackingButton: { it: 'Copia il codice di tracking', en: 'Copy the tracking code' },
      },
      oneMessage: { ...draft, card: { newMessageFor: ['Evaso'] } },
      table: { ...draft, rich: true },
    },
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
    problems: [templateIdTaken('evaso')],
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
    body,
    examples: { switchedOff: { ...draft, enabled: false } },
    wrong,
    ifMatchChanges,
    answers: [{ ...template, schema: savedAnswer, description: 'The template now' }],
    problems: [unknownTemplate, noRoom(301)],
  },
  'PATCH /v1/sites/{siteId}/templates/{templateId}': {
    id: 'changeTemplate',
    tag,
    summary: 'Change some fields of a template',
    description:
      'JSON Merge Patch (RFC 7396): what is absent stays as it is, also the texts in other languages; `null` removes statuses, groups, a button, or the text in a language. The template must then be right as a whole.',
    body: patch,
    examples: {
      switchedOff: { enabled: false },
      colour: { buttonStyle: 'success' },
      oneLanguage: { text: { en: 'Your order <b>{{siglaDocumento}}</b> is on its way.' } },
      noGroups: { groups: null, button: { en: null } },
    },
    wrong,
    ifMatchChanges,
    answers: [{ ...template, schema: savedAnswer, example: overlapping, description: 'The template now' }],
    problems: [unknownTemplate, noRoom(301)],
  },
  'GET /v1/sites/{siteId}/templates/{templateId}/versions': {
    id: 'listTemplateVersions',
    tag,
    summary: 'The last versions of a template',
    description: `The ${SHOWN_VERSIONS} last ones, the newest first, which is the present one unless the template was deleted. \`version\` is the ETag of the template in that version. \`at\` and \`by\` are absent where an earlier release of this API has made the change. Of a deleted template the versions are kept for a year.`,
    answers: [
      {
        status: 200,
        description: 'The versions',
        schema: versionsAnswer,
        example: {
          versions: [
            {
              version: 7,
              at: '2026-11-28T09:30:12.004Z',
              by: { caller: 'site', keyId: '5e884898', name: 'gestionale' },
              template: { ...template.example, enabled: false },
            },
            { version: 0, at: template.example.createdAt, template: template.example },
          ],
        },
      },
    ],
    problems: [unknownTemplate],
  },
  'POST /v1/sites/{siteId}/templates/{templateId}/restore': {
    id: 'restoreTemplate',
    tag,
    summary: 'Restore a version of a template, or its default',
    description:
      'What is restored becomes the newest version. Whether the template is enabled stays as it is; with the default, so do its groups, and its texts in languages that the default does not have. A deleted template is there again as it was in that version.',
    examples: { version: { version: 7 }, default: { default: true } },
    wrong: [{ pointer: '/version', detail: 'Must be a whole number.' }],
    ifMatchChanges,
    answers: [{ ...template, schema: savedAnswer, description: 'The template now' }],
    problems: [unknownVersion(), noDefault(), tooManyEnabled()],
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
              button: { text: "Vedi l'ordine", url: 'https://shop.example/ordini/84512', style: 'primary' },
              moreButtons: [
                { text: 'Scrivici', url: 'https://shop.example/contatti' },
                { text: 'Copia il codice', copyText: '1Z999AA10123456784' },
              ],
            },
          },
        },
      },
    ],
  },
  'POST /v1/sites/{siteId}/templates/test': {
    id: 'testDraft',
    tag,
    summary: 'Send a draft to one user, as a test, before it is saved',
    description:
      "What the preview takes, and who gets it. Nothing is stored. With sample values and the user's own names. The log marks it as a test.",
    body: draftTest,
    examples: { draft: { userId: 'anna', ...draft } },
    wrong: wrong.slice(0, 1),
    answers: [
      {
        status: 202,
        description: 'On its way',
        schema: sentAnswer,
        example: { userId: 'anna', status: 'queued', deliveryId: 'wcZ_NeggoodXsop_Ce6MtDk7gAm7q1ue' },
      },
    ],
    problems: [inactive({ moduleActive: false }), noBotToTest()],
  },
  'POST /v1/sites/{siteId}/templates/{templateId}/test': {
    id: 'testTemplate',
    tag,
    summary: 'Send a template to one user, as a test',
    description: "With sample values and the user's own names, enabled or not. The log marks it as a test.",
    body: test,
    examples: { user: { userId: 'anna' } },
    wrong: [cantGetIt('dario', 'not-linked')],
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
    problems: [inactive({ moduleActive: false }), unknownTemplate, noBotToTest()],
  },
});
