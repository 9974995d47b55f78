import * as z from 'zod/mini';
import { named } from '../lib/openapi/components.ts';
import { operationsOf } from '../lib/openapi/operation.ts';
import { instant, type Shape, text } from '../lib/openapi/schemas.ts';
import { siteAnswer } from '../lib/openapi/site.ts';
import { botOvertaken, setupRefused, telegramUnreachable } from '../lib/sites/bot-errors.ts';
import { managerAtFault, noManagerBot } from '../lib/sites/managed/manager.ts';
import type { SpokenProblem } from '../lib/sites/managed/problems.ts';
import { siteHasBot } from '../lib/sites/managed/problems.ts';
import { notManagedBot } from '../lib/sites/managed/renew-token.ts';
import { type ManagedBotView, STATES } from '../lib/sites/managed/request.ts';
import { managedBotBody } from '../lib/sites/schemas.ts';
import { noBot } from '../lib/users/errors.ts';
import { routes } from './managed-bot.ts';

named('ManagedBotBody', managedBotBody, {
  description: 'What is suggested to the person who makes the bot',
  properties: {
    username:
      'Suggested to the person who makes the bot, who may change it; otherwise made from the name of the site',
    name: 'The same; otherwise the name of the site',
    replace:
      'Whether the bot that the site has may be replaced: everybody who is linked then has to start the new one',
  },
});

/** As it is answered: with the QR codes. */
interface ManagedBot extends ManagedBotView {
  qr?: string;
  newBotQr?: string;
}

const answer = named(
  'ManagedBot',
  z.object({
    state: z.enum(STATES),
    url: z.optional(text),
    qr: z.optional(text),
    newBotUrl: z.optional(text),
    newBotQr: z.optional(text),
    expiresAt: z.optional(instant),
    suggestedUsername: z.optional(text),
    person: z.optional(z.object({ name: text })),
    bot: z.optional(z.object({ id: text, username: text })),
    problem: z.optional(z.object({ code: text, title: text, detail: text } satisfies Shape<SpokenProblem>)),
  } satisfies Shape<ManagedBot>),
  {
    description: 'How far the way to a bot without @BotFather has come',
    properties: {
      url: 'Where a person opens the manager bot: whoever does so first makes the bot',
      qr: 'The same as an SVG picture of a QR code',
      newBotUrl: 'Where this person confirms the new bot, with the suggested names',
      newBotQr: 'The same as an SVG picture of a QR code',
      expiresAt: 'When the present step is over',
      person: 'Who has opened the link, by the name at Telegram',
      bot: 'What this person has made',
      problem: 'With `failed`: why, and what to do. With `setting-up`: why it goes on later, by itself',
    },
  },
);

const exampleUrl = 'https://t.me/passweb_manager_bot?start=Vt4Zb8e0mB2m1c9nXQxk3g';
const waiting: ManagedBot = {
  state: 'waiting-for-person',
  url: exampleUrl,
  qr: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 37 37">…</svg>',
  expiresAt: '2026-11-22T11:00:00.000Z',
  suggestedUsername: 'demo_shop_bot',
};

export const docs = operationsOf(routes, {
  'POST /v1/sites/{siteId}/bot/managed': {
    id: 'beginManagedBot',
    tag: 'Bot',
    summary: 'Begin to get a bot without @BotFather',
    description:
      'The answer has the link with which a person opens the manager bot of this deployment, which then offers a button to make the bot. Only a bot that this person makes afterwards counts, and of several sites the one whose link they opened last. The token is fetched, and webhook, commands and descriptions are set, by themselves: ask for the state until it is `done` or `failed`. A link is valid for half an hour, once; a new one ends the one before.',
    examples: {
      nothing: {},
      names: { username: 'bottega_bot', name: 'Bottega' },
      another: { replace: true },
    },
    wrong: [
      {
        pointer: '/username',
        detail:
          'Must be a username for a bot: 5 to 32 letters, digits and "_", with "bot" at the end, such as "my_shop_bot".',
      },
    ],
    answers: [{ status: 201, description: 'Begun', schema: answer, example: waiting }],
    problems: [
      noManagerBot(),
      siteHasBot('demo_shop_bot'),
      managerAtFault('Bot Management Mode is off'),
      telegramUnreachable(undefined),
    ],
  },
  'GET /v1/sites/{siteId}/bot/managed': {
    id: 'getManagedBot',
    tag: 'Bot',
    summary: 'How far it has come',
    description:
      'Where the setting up has died on the way, this goes on with it. A day after it was begun, the state is `none`.',
    answers: [
      {
        status: 200,
        description: 'The state',
        schema: answer,
        example: {
          state: 'waiting-for-bot',
          url: exampleUrl,
          newBotUrl: 'https://t.me/newbot/passweb_manager_bot/demo_shop_bot?name=Demo%20Shop',
          expiresAt: '2026-11-22T11:00:00.000Z',
          suggestedUsername: 'demo_shop_bot',
          person: { name: 'Anna Rossi' },
        } satisfies ManagedBot,
      },
    ],
    problems: [noManagerBot()],
  },
  'DELETE /v1/sites/{siteId}/bot/managed': {
    id: 'giveUpManagedBot',
    tag: 'Bot',
    summary: 'Give it up',
    description: 'The link is good for nothing from then on. A bot that the site has got by it stays.',
    answers: [{ status: 204, description: 'Given up, or there was nothing' }],
    problems: [noManagerBot()],
  },
  'POST /v1/sites/{siteId}/bot/renew': {
    id: 'renewBotToken',
    tag: 'Bot',
    summary: "Replace the bot's token",
    description:
      'For a bot that was made with the manager bot (`managed` in the site). The old token stops at once, and messages go out with the new one.',
    examples: { nothing: {} },
    answers: [{ ...siteAnswer, description: 'Replaced' }],
    problems: [
      noManagerBot(),
      noBot(),
      notManagedBot(),
      botOvertaken(),
      setupRefused('Bad Request: BOT_INVALID'),
      telegramUnreachable(undefined),
    ],
  },
});
