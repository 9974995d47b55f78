import * as z from 'zod/mini';
import { notFound } from '../../http/problem.ts';
import type { Operation, Parameter } from '../operation.ts';

const text = z.string();
const page = (status: number, description: string) => ({
  status,
  description,
  schema: text,
  example: '<!doctype html><title>…</title>',
  type: 'text/html',
});
const goesOn = (description: string, example: string) => ({
  status: 302,
  description,
  headers: { Location: { description: 'Where to', example } },
});

const link: Parameter = {
  name: 'link',
  description: 'The token of a link that was made for the user',
  schema: text,
  example: 'Jx3yQm0T1cVbWk9dPzR4Ag',
  isRequired: true,
};

const widgetFields: Parameter[] = [
  { name: 'id', description: 'Of the Telegram account', schema: text, example: '1001', isRequired: true },
  {
    name: 'auth_date',
    description: 'Seconds since 1970',
    schema: text,
    example: '1795338900',
    isRequired: true,
  },
  {
    name: 'hash',
    description: "Telegram's signature of all the fields",
    schema: text,
    example: 'c1f3d8c5a1a8ef3d8a3f6b5e2b6e0f7d9a1b2c3d4e5f60718293a4b5c6d7e8f9',
    isRequired: true,
  },
];

const path = '/v1/sites/{siteId}/telegram';
const common = { method: 'get', tag: 'Browser and Telegram', caller: 'everybody' } as const;

export const BROWSER_OPERATIONS: Operation[] = [
  {
    ...common,
    path: `${path}/callbacklogin`,
    id: 'callbackLogin',
    summary: "Where Telegram's login widget sends the browser back",
    query: [link, ...widgetFields],
    answers: [
      goesOn('Linked: on to the site', 'https://shop.example'),
      page(400, 'Why the person could not be linked'),
    ],
  },
  {
    ...common,
    path: `${path}/login`,
    id: 'beginTelegramLogin',
    summary: 'Log In With Telegram: sends the browser to Telegram',
    query: [link],
    answers: [
      goesOn('On to Telegram', 'https://oauth.telegram.org/auth?…'),
      page(400, 'Why the person could not be sent on'),
    ],
    problems: [notFound('Log In With Telegram is not set up for this site.')],
  },
  {
    ...common,
    path: `${path}/login/callback`,
    id: 'endTelegramLogin',
    summary: 'Log In With Telegram: takes the browser back',
    query: [
      {
        name: 'state',
        description: 'As it was sent',
        schema: text,
        example: 'b0x3nUqfQ0s',
        isRequired: true,
      },
      { name: 'code', description: "Telegram's code", schema: text, example: 'SplxlOBeZQQYbYS6WxSbIA' },
    ],
    answers: [
      goesOn('Linked: on to the site', 'https://shop.example'),
      page(400, 'Why the person could not be linked'),
    ],
    problems: [notFound('Log In With Telegram is not set up for this site.')],
  },
  {
    method: 'post',
    path: '/v1/telegram/{siteId}',
    id: 'takeUpdate',
    tag: 'Browser and Telegram',
    caller: 'telegram',
    summary: "Telegram's webhook",
    description: 'Takes an `Update` of the Bot API.',
    body: {
      schema: z.looseObject({ update_id: z.int() }),
      examples: { update: { update_id: 1 } },
      wrong: [{ pointer: '/update_id', detail: 'This property is required.' }],
    },
    answers: [{ status: 200, description: 'Taken' }],
  },
];
