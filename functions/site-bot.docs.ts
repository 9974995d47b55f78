import * as z from 'zod/mini';
import { named } from '../lib/openapi/components.ts';
import { operationsOf } from '../lib/openapi/operation.ts';
import { type Shape, text } from '../lib/openapi/schemas.ts';
import { siteAnswer } from '../lib/openapi/site.ts';
import { botOvertaken, setupRefused, telegramUnreachable, tokenError } from '../lib/sites/bot-errors.ts';
import { botBeingSaved, botOfAnotherSite, webhookOfAnotherProgram } from '../lib/sites/bot-owner.ts';
import { photoRefused } from '../lib/sites/bot-photo.ts';
import { unknownSite } from '../lib/sites/former-site.ts';
import { describeTaken } from '../lib/sites/mend-webhook.ts';
import { botBody, photoBody } from '../lib/sites/schemas.ts';
import { type BotTest, TAKE_IT_BACK } from '../lib/sites/test-bot.ts';
import { TelegramRefusalError } from '../lib/telegram/client.ts';
import { noBot } from '../lib/users/errors.ts';
import { routes } from './site-bot.ts';

named('BotBody', botBody, {
  description: 'The bot that the site sends with',
  properties: {
    token: 'As @BotFather gave it, or the whole message in which he did',
    username: 'With or without @; where it is given, the token has to be of that bot',
    takeOver: 'Whether to take the bot from another site, or from another program, that has it now',
  },
});

named('BotPhotoBody', photoBody, {
  description: 'The picture of the bot',
  properties: { jpeg: 'A JPEG in base64, about square: at most 190 KB, because a body may have 256 KB' },
});

const botTestAnswer = named(
  'BotTest',
  z.object({
    works: z.boolean(),
    bot: z.optional(z.object({ id: text, username: text, name: text })),
    checks: z.array(
      z.object({
        check: z.enum(['token', 'username', 'webhook', 'updates']),
        status: z.enum(['works', 'broken', 'not-checked']),
        detail: text,
        nextStep: z.optional(text),
      }),
    ),
  } satisfies Shape<BotTest>),
  { description: 'What works, and what does not' },
);

export const docs = operationsOf(routes, {
  'PUT /v1/sites/{siteId}/bot': {
    id: 'putBot',
    tag: 'Bot',
    summary: 'Save the bot of a site',
    description:
      'Telegram is asked whose token it is; webhook, commands and descriptions are set; the token is kept encrypted and never shown again. After a change to another bot its users have to start that one. A bot belongs to one site: where another site has it, or where its webhook leads to another program, the answer is 409 with a `code`, unless `takeOver` is true. The site that loses it shows the problem `bot-taken-over` and sends nothing more with it.',
    examples: {
      bot: { token: '123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11', username: 'my_shop_bot' },
      message: {
        token:
          'Use this token to access the HTTP API:\n123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11\nKeep your token secure and store it safely.',
      },
    },
    makesNew: true,
    ifMatchChanges: [
      {
        pointer: '/bot',
        code: 'changed-meanwhile',
        detail: 'Somebody else has changed this: it is now {"id":"100","username":"demo_shop_bot"}.',
      },
    ],
    answers: [{ ...siteAnswer, description: 'Saved' }],
    problems: [
      tokenError(new TelegramRefusalError({ code: 401, description: 'Unauthorized', parameters: {} })),
      botOfAnotherSite(),
      webhookOfAnotherProgram('else.example'),
      botBeingSaved(),
      botOvertaken(),
      setupRefused('Bad Request: bad webhook: An HTTPS URL must be provided for webhook'),
      telegramUnreachable(undefined),
    ],
  },
  'PUT /v1/sites/{siteId}/bot/photo': {
    id: 'putBotPhoto',
    tag: 'Bot',
    summary: "Set the bot's picture, such as the shop's logo",
    description: 'Telegram shows it beside the name of the bot, round. It is not kept here.',
    examples: { logo: { jpeg: '/9j/4AAQSkZJRgABAQAAAQABAAD/2Q==' } },
    wrong: [
      {
        pointer: '/jpeg',
        code: 'refused-by-telegram',
        detail: photoRefused('Bad Request: IMAGE_PROCESS_FAILED').errors[0]?.detail ?? '',
      },
    ],
    answers: [{ ...siteAnswer, description: 'Set' }],
    problems: [noBot(), setupRefused('Unauthorized'), telegramUnreachable(undefined)],
  },
  'DELETE /v1/sites/{siteId}': {
    id: 'deleteSite',
    tag: 'Sites',
    summary: 'Erase a site with all that belongs to it',
    description:
      'The site is shut at once: its keys are answered 401 like those of an unknown site, nothing more is sent for it, the webhook of its bot is removed, and other sites may have the bot. Its rows in all tables are gone within a day; until then `PUT` of the same id is answered 409. What is in queues is dropped. The same request again is answered 204 too, for 40 days.',
    answers: [{ status: 204, description: 'Shut, and being erased' }],
    problems: [unknownSite('demo')],
  },
  'POST /v1/sites/{siteId}/bot/test': {
    id: 'testBot',
    tag: 'Bot',
    summary: 'Test the connection ("Test Connessione")',
    examples: { nothing: {} },
    wrong: [
      {
        pointer: '/token',
        code: 'unknown-property',
        detail: 'Unknown property "token": it is refused so that a typing mistake does not pass unseen.',
      },
    ],
    answers: [
      {
        status: 200,
        description:
          'What works and what does not, each with the next step. A webhook at fault was set again',
        schema: botTestAnswer,
        example: {
          works: false,
          bot: { id: '100', username: 'demo_shop_bot', name: 'Demo Shop' },
          checks: [
            { check: 'token', status: 'works', detail: 'Telegram accepts the token.' },
            { check: 'username', status: 'works', detail: 'The bot is called @demo_shop_bot.' },
            {
              check: 'webhook',
              status: 'broken',
              detail: describeTaken('else.example').en,
              nextStep: TAKE_IT_BACK.en,
            },
            { check: 'updates', status: 'works', detail: 'Nothing waits, and nothing failed lately.' },
          ],
        },
      },
    ],
  },
});
