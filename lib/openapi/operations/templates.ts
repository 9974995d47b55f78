import { conflict, forbidden, notFound } from '../../http/problem.ts';
import { linkOf } from '../../http/schemas.ts';
import { previewBody, templateBody, testBody } from '../../templates/api/schemas.ts';
import { previewAnswer, templateAnswer, templatesAnswer, testAnswer } from '../answers.ts';
import type { Operation } from '../operation.ts';

const link = linkOf('https://shop.example');
export const preview = previewBody(link);
export const test = testBody(link);

const draft = {
  name: 'Ordine evaso',
  event: 'order-status',
  statuses: ['Evaso'],
  text: {
    it: 'Ciao {{nome}}, il tuo ordine <b>{{siglaDocumento}}</b> è {{statoDocumento}}.',
    en: 'Hello {{nome}}, your order <b>{{siglaDocumento}}</b> is {{statoDocumento}}.',
  },
  button: { it: "Vedi l'ordine", en: 'View your order' },
};
const template = { id: '0N2lXvw5_5XBSqV8', ...draft, enabled: true, createdAt: '2026-11-22T10:49:51.767Z' };

const wrong = [
  {
    pointer: '/text/it',
    detail:
      'There is no placeholder {{nom}}. Did you mean {{nome}}? Placeholders of welcome: nome, cognome, nominativo, urlSito. (Line 1, character 6.)',
  },
  {
    pointer: '/text/en',
    detail: 'The site is also in English ("en"): write the text in that language too.',
  },
];
const consequence = 'Nothing was changed';
const headers = {
  ETag: { description: 'Send it in `If-Match` with a change made from this.', example: '"7"' },
};
const unknownTemplate = notFound(
  'This site has no template with this id. GET …/templates lists those that it has.',
);
const changed = [
  { pointer: '/text', detail: 'Is not what you sent: read the template again to see what it is now.' },
];

const path = '/v1/sites/{siteId}/templates';
const common = { tag: 'Templates', caller: 'site' } as const;

export const TEMPLATE_OPERATIONS: Operation[] = [
  {
    ...common,
    method: 'get',
    path,
    id: 'listTemplates',
    summary: 'All templates of a site',
    answers: [
      {
        status: 200,
        description: 'In the order of their creation',
        schema: templatesAnswer,
        example: { templates: [template] },
      },
    ],
  },
  {
    ...common,
    method: 'post',
    path,
    id: 'createTemplate',
    summary: 'Create a template',
    description:
      'Every language of the site needs a text. `statuses` are for `order-status` alone, and needed there. Without `enabled` it is enabled.',
    body: { schema: templateBody, examples: { orderStatus: draft }, wrong, consequence },
    answers: [
      {
        status: 201,
        description: 'Created',
        schema: templateAnswer,
        example: template,
        headers: {
          ...headers,
          Location: { description: 'Where it is', example: '/v1/sites/demo/templates/0N2lXvw5_5XBSqV8' },
        },
      },
    ],
    problems: [
      conflict('This site already has a template "evaso". Choose another id, leave it out, or PUT this one.'),
    ],
  },
  {
    ...common,
    method: 'get',
    path: `${path}/{templateId}`,
    id: 'getTemplate',
    summary: 'One template',
    answers: [
      { status: 200, description: 'The template', schema: templateAnswer, example: template, headers },
    ],
    problems: [unknownTemplate],
  },
  {
    ...common,
    method: 'put',
    path: `${path}/{templateId}`,
    id: 'replaceTemplate',
    summary: 'Replace a template',
    description:
      'It keeps its id and the time of its creation. Without `enabled` it stays as it is. `"enabled": false` keeps the text and sends nothing.',
    ifMatch: changed,
    body: {
      schema: templateBody,
      examples: { switchedOff: { ...draft, enabled: false } },
      wrong,
      consequence,
    },
    answers: [
      { status: 200, description: 'The template now', schema: templateAnswer, example: template, headers },
    ],
    problems: [
      unknownTemplate,
      conflict(
        'The templates of this site would take 301 KB, and there is room for 300 KB: shorten them, or delete one that is no longer needed.',
      ),
    ],
  },
  {
    ...common,
    method: 'delete',
    path: `${path}/{templateId}`,
    id: 'deleteTemplate',
    summary: 'Delete a template',
    description: 'What was queued with it is still sent.',
    ifMatch: [],
    answers: [{ status: 204, description: 'Deleted' }],
    problems: [unknownTemplate],
  },
  {
    ...common,
    method: 'post',
    path: `${path}/preview`,
    id: 'previewTemplate',
    summary: 'Render a draft with sample values',
    description:
      'Nothing is stored and nothing is sent. `values` take the place of the sample values; `null` shows the message without one.',
    body: {
      schema: preview,
      examples: { draft: { ...draft, values: { nome: 'Bruno', totaleOrdine: null } } },
      wrong: wrong.slice(0, 1),
      consequence,
    },
    answers: [
      {
        status: 200,
        description: 'The message in every language',
        schema: previewAnswer,
        example: {
          event: 'order-status',
          values: {
            nome: 'Bruno',
            cognome: 'Rossi',
            nominativo: 'Anna Rossi',
            urlSito: 'https://shop.example',
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
  {
    ...common,
    method: 'post',
    path: `${path}/{templateId}/test`,
    id: 'testTemplate',
    summary: 'Send a template to one user, as a test',
    description: "With sample values and the user's own names, enabled or not. The log marks it as a test.",
    body: {
      schema: test,
      examples: { user: { userId: 'anna' } },
      wrong: [
        {
          pointer: '/userId',
          detail: 'The user "dario" has not linked Telegram: choose somebody who has, such as yourself.',
        },
      ],
    },
    answers: [
      {
        status: 202,
        description: 'On its way',
        schema: testAnswer,
        example: {
          userId: 'anna',
          templateId: 'default-order-status',
          status: 'queued',
          deliveryId: 'wcZ_NeggoodXsop_Ce6MtDk7gAm7q1ue',
        },
      },
    ],
    problems: [
      forbidden('The Telegram module is not active for this site. It is activated by the platform.'),
      unknownTemplate,
      conflict('This site has no bot yet: save one with PUT …/bot, then test the template.'),
    ],
  },
];
