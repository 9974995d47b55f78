import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Emulator } from './emulator.ts';
import { ControlError } from './errors.ts';
import { BodyFormatError, BodyTooLargeError, parseJson, readBody, sendJson } from './http.ts';
import { personMakesBot } from './managed-bots.ts';
import { isRecord } from './parameters.ts';
import { personAllows, personBlocks, personSends, sendCallbackQuery } from './person.ts';
import type { Samples } from './samples.ts';
import type { BotAccount, BotCommand } from './types.ts';

type Control = {
  emulator: Emulator;
  samples: Samples;
  url: URL;
  body: Record<string, unknown>;
  part: string;
};
type Route = { method: 'GET' | 'POST' | 'DELETE'; path: RegExp; run: (control: Control) => unknown };

/** The default scope of commands. */
const FOR_EVERYBODY = '{"type":"default"}';

/** Everything under `/emulator`, by which tests and the page act as the people in the chats. */
const ROUTES: Route[] = [
  { method: 'GET', path: /^\/emulator\/bots$/, run: listBots },
  { method: 'GET', path: /^\/emulator\/chats$/, run: listChats },
  { method: 'GET', path: /^\/emulator\/chats\/([^/]+)\/messages$/, run: listMessages },
  {
    method: 'POST',
    path: /^\/emulator\/chats\/([^/]+)\/send$/,
    run: ({ emulator, part, body }) => personSends(emulator, chatIdOf(part), body),
  },
  {
    method: 'POST',
    path: /^\/emulator\/chats\/([^/]+)\/press$/,
    run: ({ emulator, part, body }) => sendCallbackQuery(emulator, chatIdOf(part), body),
  },
  {
    method: 'POST',
    path: /^\/emulator\/chats\/([^/]+)\/block$/,
    run: ({ emulator, part, body }) => personBlocks(emulator, chatIdOf(part), body, true),
  },
  {
    method: 'POST',
    path: /^\/emulator\/chats\/([^/]+)\/unblock$/,
    run: ({ emulator, part, body }) => personBlocks(emulator, chatIdOf(part), body, false),
  },
  {
    method: 'POST',
    path: /^\/emulator\/chats\/([^/]+)\/allow$/,
    run: ({ emulator, part, body }) => personAllows(emulator, chatIdOf(part), body),
  },
  {
    method: 'POST',
    path: /^\/emulator\/newbot$/,
    run: ({ emulator, body }) => personMakesBot(emulator, body),
  },
  { method: 'GET', path: /^\/emulator\/faults$/, run: ({ emulator }) => emulator.faults.list() },
  { method: 'POST', path: /^\/emulator\/faults$/, run: ({ emulator, body }) => emulator.faults.add(body) },
  {
    method: 'DELETE',
    path: /^\/emulator\/faults$/,
    run: ({ emulator, url }) => {
      const chatId = url.searchParams.get('chatId');
      emulator.faults.clear(chatId === null ? undefined : chatIdOf(chatId));
      return { ok: true };
    },
  },
  { method: 'GET', path: /^\/emulator\/calls$/, run: listCalls },
  {
    method: 'POST',
    path: /^\/emulator\/reset$/,
    run: ({ emulator }) => {
      emulator.reset();
      return { ok: true };
    },
  },
  { method: 'GET', path: /^\/emulator\/samples$/, run: ({ samples }) => samples.list() },
  {
    method: 'POST',
    path: /^\/emulator\/samples\/([^/]+)$/,
    run: ({ samples, part, body }) => samples.send(part, body),
  },
];

/** All calls; with `?after=N`, those that came after the first N, for tests that read it often. */
function listCalls({ emulator, url }: Control): unknown {
  const after = Number(url.searchParams.get('after') ?? 0);
  if (!Number.isInteger(after) || after < 0) throw new ControlError(400, '"after" is a whole number from 0.');
  return emulator.calls.slice(after);
}

/** Answers a request under `/emulator`; an error is answered with a sentence in `error`. */
export async function handleControl(
  emulator: Emulator,
  samples: Samples,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  try {
    if (url.pathname === '/emulator/events' && request.method === 'GET') return emulator.hub.attach(response);
    // HEAD is answered as GET is: Node leaves the content out.
    const method = request.method === 'HEAD' ? 'GET' : (request.method ?? '');
    const { route, part } = findRoute(method, url.pathname);
    const body = route.method === 'GET' ? {} : await readObject(request);
    sendJson(response, 200, await route.run({ emulator, samples, url, body, part }));
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    sendJson(response, error.status, { error: error.message });
  }
}

function findRoute(method: string, pathname: string): { route: Route; part: string } {
  const here = ROUTES.filter((route) => route.path.test(pathname));
  if (here.length === 0) throw new ControlError(404, `There is nothing at ${pathname}.`);
  const route = here.find((candidate) => candidate.method === method);
  if (route === undefined) {
    const known = here.map((candidate) => candidate.method).join(' and ');
    throw new ControlError(405, `${pathname} takes ${known}, not ${method}.`);
  }
  return { route, part: decoded(route.path.exec(pathname)?.[1] ?? '') };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new ControlError(400, `The path has a wrong percent-encoding: ${part}`);
  }
}

async function readObject(request: IncomingMessage): Promise<Record<string, unknown>> {
  const body = await readBody(request)
    .then(parseJson)
    .catch((error: unknown) => {
      if (error instanceof BodyTooLargeError) throw new ControlError(413, error.message);
      if (error instanceof BodyFormatError) throw new ControlError(400, error.message);
      throw error;
    });
  if (isRecord(body)) return body;
  throw new ControlError(400, 'The body is a JSON object.');
}

function chatIdOf(part: string): number {
  const chatId = Number(part);
  if (/^-?\d+$/.test(part) && Number.isSafeInteger(chatId) && chatId !== 0) return chatId;
  throw new ControlError(400, `A chat id is a whole number other than 0, not "${part}".`);
}

function listMessages({ emulator, part, url }: Control): unknown {
  const chatId = chatIdOf(part);
  const name = url.searchParams.get('bot');
  const bot = name === null ? undefined : emulator.world.botByUsername(name);
  if (name !== null && bot === undefined) throw new ControlError(404, `No bot is called "${name}".`);
  return emulator.world
    .conversationsOf(chatId)
    .filter((conversation) => bot === undefined || conversation.botId === bot.id)
    .flatMap((conversation) => conversation.messages)
    .sort((one, other) => one.message_id - other.message_id);
}

function listBots({ emulator }: Control): Promise<unknown> {
  const { world, shops } = emulator;
  return Promise.all(
    world.bots.map(async (bot) => ({
      id: bot.id,
      username: bot.username,
      first_name: bot.first_name,
      can_manage_bots: bot.canManageBots ?? false,
      sites: await shops?.sitesOf(bot),
      commands: defaultCommands(emulator, bot),
      commandsByLanguage: commandsByLanguage(emulator, bot),
    })),
  );
}

function listChats({ emulator }: Control): unknown {
  return emulator.world.conversations().map((conversation) => ({
    chat: conversation.chat,
    person: conversation.person,
    bot: emulator.world.botById(conversation.botId)?.username,
    started: conversation.started,
    blocked: conversation.blocked,
    lastMessage: conversation.messages.at(-1) ?? null,
    silent: conversation.silent ?? [],
  }));
}

/** The commands for one language, by its code. */
function commandsByLanguage(emulator: Emulator, bot: BotAccount): Record<string, BotCommand[]> {
  const all = [...emulator.profileOf(bot).commands].filter(([key]) => key.startsWith(FOR_EVERYBODY));
  const inLanguages = all.map(([key, commands]) => [key.slice(FOR_EVERYBODY.length), commands] as const);
  return Object.fromEntries(inLanguages.filter(([language]) => language !== ''));
}

/** The commands of the page's menu: those of the default scope, else the first that the bot has set. */
function defaultCommands(emulator: Emulator, bot: BotAccount): BotCommand[] {
  const { commands } = emulator.profileOf(bot);
  return commands.get(FOR_EVERYBODY) ?? commands.values().next().value ?? [];
}
