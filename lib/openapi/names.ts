import type * as z from 'zod/mini';
import { person, recipient } from '../events/schemas.ts';
import { instant, linkOf, money } from '../http/schemas.ts';
import { botSchema, settingsSchema, siteSchema } from '../sites/schemas.ts';
import { templateBody } from '../templates/api/schemas.ts';
import { linkBody, userPatch, widgetBody } from '../users/schemas.ts';
import * as answers from './answers.ts';
import type { Named } from './components.ts';
import type { DocumentedEvent } from './operations/events.ts';
import { preview, test } from './operations/templates.ts';

/** Stands for the site of the document's examples. */
export const EXAMPLE_LINK = linkOf('https://shop.example');

/** Schemas that have a name of their own in the document: clients make a type of each. */
export function namedSchemas(events: DocumentedEvent[]): Map<z.ZodMiniType, Named> {
  return new Map<z.ZodMiniType, Named>([
    ...events.map(({ name, schema }) => [schema, { id: `${pascalCase(name)}Event` }] as const),
    [
      EXAMPLE_LINK,
      {
        id: 'Link',
        description:
          "An `https` link on the site's own host or a subdomain of it (`http` too for a site whose own address is `http`)",
        more: { format: 'uri' },
      },
    ],
    [
      instant,
      {
        id: 'Instant',
        description:
          'ISO 8601, a date and time with offset: `2026-11-22T15:30:00+01:00`, `2026-11-22T14:30Z`, `2026-11-22T15:30+01`',
      },
    ],
    [person, { id: 'Person', description: 'Whoever acts in an event' }],
    [
      recipient,
      {
        id: 'Recipient',
        description: 'Whoever a notification is for',
        properties: { language: 'BCP 47', groups: 'The user groups of the shop they are in' },
      },
    ],
    [
      money,
      {
        id: 'Money',
        properties: { amount: 'A decimal number as text, such as "149.90"', currency: 'ISO 4217' },
      },
    ],
    [siteSchema, { id: 'SiteBody' }],
    [
      settingsSchema,
      {
        id: 'SettingsPatch',
        properties: {
          active: 'Whether the integration is switched on; off, nothing is sent and everything is kept',
          languages: 'BCP 47; every template needs a text in each',
          defaultLanguage: 'One of `languages`',
          timeZone: 'IANA name, such as `Europe/Rome`: dates are shown in it',
          abandonedCartHours: 'How long after a cart was abandoned its user is told; fractions are allowed',
          telegramGroups: 'Groups with "Gestione Telegram"; none named: no limit',
          docuvision: 'Whether documents uploaded by the back office notify',
          merchantContact: 'How customers reach the merchant; `null` takes it away',
        },
      },
    ],
    [
      botSchema,
      { id: 'BotBody', properties: { token: 'As @BotFather gave it', username: 'With or without @' } },
    ],
    [linkBody, { id: 'LinkBody' }],
    [userPatch, { id: 'UserPatch' }],
    [widgetBody, { id: 'LoginWidgetBody', description: 'All fields that the widget gave, and no others' }],
    [
      templateBody,
      {
        id: 'TemplateBody',
        properties: {
          statuses: '`order-status`: the order statuses that it manages, compared without case',
          groups: 'User groups that receive it; none: every user',
          text: "By language: Mustache (`{{key}}`, `{{#key}}…{{/key}}`) and Telegram's HTML",
          button: 'By language: the text of the button that opens the link of the event; no HTML',
          createdAt: 'Set by this API; may be sent back as it was read',
        },
      },
    ],
    [preview, { id: 'PreviewBody' }],
    [test, { id: 'TestBody' }],
    [
      answers.problem,
      { id: 'Problem', description: 'RFC 9457', properties: { errors: 'Every wrong place' } },
    ],
    [
      answers.fieldError,
      { id: 'FieldError', properties: { pointer: 'JSON Pointer; empty for the whole body' } },
    ],
    [answers.eventAccepted, { id: 'EventAccepted' }],
    [answers.notificationOutcome, { id: 'NotificationOutcome' }],
    [
      answers.userStateAnswer,
      {
        id: 'User',
        properties: { needsNewStart: 'The site has another bot since: the user has to press Start there' },
      },
    ],
    [answers.linkAnswer, { id: 'LinkToken', properties: { qr: 'The QR code of `url`, as SVG' } }],
    [answers.erasedAnswer, { id: 'Erased' }],
    [answers.siteAnswer, { id: 'Site' }],
    [answers.newSiteAnswer, { id: 'NewSite', properties: { siteKey: 'Shown this once' } }],
    [answers.newKeyAnswer, { id: 'NewKey', properties: { siteKey: 'Shown this once' } }],
    [answers.keysAnswer, { id: 'Keys' }],
    [answers.botTestAnswer, { id: 'BotTest' }],
    [answers.templateAnswer, { id: 'Template' }],
    [answers.templatesAnswer, { id: 'Templates' }],
    [answers.previewAnswer, { id: 'Previews' }],
    [answers.testAnswer, { id: 'TestSent' }],
    [
      answers.deliveryAnswer,
      {
        id: 'Delivery',
        properties: {
          test: "Whether it was a merchant's test of a template",
          reason: '`skipped`: why',
          failure: 'What Telegram, or the way to it, said',
          attempts: 'How often it was taken from the queue',
        },
      },
    ],
    [answers.deliveriesAnswer, { id: 'Deliveries', properties: { cursor: 'Absent on the last page' } }],
  ]);
}

function pascalCase(name: string): string {
  return name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
