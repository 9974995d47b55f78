import type { BotProfile, Method, MethodCall } from './emulator.ts';
import { badRequest } from './errors.ts';
import { UploadedFile } from './http.ts';
import { replaceToken } from './managed-bots.ts';
import { booleanOf, integerOf, isRecord, structureOf, textOf } from './parameters.ts';
import type { BotAccount, BotCommand, CallParameters } from './types.ts';
import type { Webhook } from './updates.ts';
import { botUser } from './world.ts';

const MAX_COMMANDS = 100;
const MAX_DESCRIPTION = 512;
const MAX_SHORT_DESCRIPTION = 120;
const DEFAULT_CONNECTIONS = 40;
const LONGEST_POLL_SECONDS = 50;

export const botMethods: Record<string, Method> = {
  getMe: ({ bot }) => ({
    result: {
      ...botUser(bot),
      can_join_groups: true,
      can_read_all_group_messages: false,
      supports_inline_queries: false,
      can_connect_to_business: false,
      has_main_web_app: false,
      can_manage_bots: bot.canManageBots ?? false,
    },
  }),

  setMyCommands: (call) => {
    const commands = structureOf(call.parameters, 'commands', 'commands');
    if (!Array.isArray(commands)) throw badRequest("can't parse commands: expected an Array");
    if (commands.length > MAX_COMMANDS) throw badRequest('BOT_COMMANDS_TOO_MUCH');
    profile(call).commands.set(commandsKey(call.parameters), commands.map(readCommand));
    return { result: true };
  },
  getMyCommands: (call) => ({ result: profile(call).commands.get(commandsKey(call.parameters)) ?? [] }),
  deleteMyCommands: (call) => {
    profile(call).commands.delete(commandsKey(call.parameters));
    return { result: true };
  },

  setMyDescription: (call) =>
    setText(call, profile(call).descriptions, 'description', MAX_DESCRIPTION, 'BOT_DESCRIPTION_TOO_LONG'),
  getMyDescription: (call) => ({
    result: { description: textFor(profile(call).descriptions, call.parameters) },
  }),
  setMyShortDescription: (call) =>
    setText(
      call,
      profile(call).shortDescriptions,
      'short_description',
      MAX_SHORT_DESCRIPTION,
      'BOT_SHORT_DESCRIPTION_TOO_LONG',
    ),
  getMyShortDescription: (call) => ({
    result: { short_description: textFor(profile(call).shortDescriptions, call.parameters) },
  }),

  setMyProfilePhoto: (call) => {
    profile(call).photo = readPhoto(call.parameters);
    call.emulator.onChange();
    return { result: true };
  },

  getManagedBotToken: (call) => ({ result: managedBot(call).token }),
  replaceManagedBotToken: (call) => ({ result: replaceToken(call.emulator, managedBot(call)) }),

  setWebhook: (call) => {
    const { emulator, bot, parameters } = call;
    const url = textOf(parameters, 'url').trim();
    if (url === '') return deleteWebhook(call);
    const webhook = readWebhook(url, parameters);
    const allowed = allowedUpdates(parameters);
    const updates = emulator.updatesOf(bot);
    if (booleanOf(parameters, 'drop_pending_updates')) updates.dropPending();
    updates.allow(allowed);
    updates.setWebhook(webhook);
    return { result: true, description: 'Webhook was set' };
  },
  deleteWebhook: (call) => deleteWebhook(call),
  getWebhookInfo: ({ emulator, bot }) => ({ result: emulator.updatesOf(bot).info() }),

  getUpdates: async ({ emulator, bot, parameters, signal }) => {
    const updates = emulator.updatesOf(bot);
    updates.allow(allowedUpdates(parameters));
    const offset = integerOf(parameters, 'offset') ?? 0;
    const limit = between(integerOf(parameters, 'limit') ?? 100, 1, 100);
    const timeout = between(integerOf(parameters, 'timeout') ?? 0, 0, LONGEST_POLL_SECONDS);
    return { result: await updates.poll(offset, limit, timeout, signal) };
  },
};

/** The bot that `user_id` names, which this bot manages. `BOT_INVALID`: core.telegram.org/method/bots.exportBotToken. */
function managedBot({ emulator, bot, parameters }: MethodCall): BotAccount {
  const userId = integerOf(parameters, 'user_id') ?? 0;
  if (userId <= 0) throw badRequest('invalid user_id specified');
  const named = emulator.world.botById(userId);
  if (named === undefined) throw badRequest('user not found');
  if (named.managed?.managerId !== bot.id) throw badRequest('BOT_INVALID');
  return named;
}

/** The first bytes of every JPEG. */
const JPEG = Buffer.from([0xff, 0xd8, 0xff]);

/** @see https://core.telegram.org/bots/api#inputprofilephotostatic: a new file each time, sent with the call. */
function readPhoto(parameters: CallParameters): Buffer {
  const photo = structureOf(parameters, 'photo', 'input profile photo');
  if (!isRecord(photo)) throw badRequest("photo isn't specified");
  if (photo.type !== 'static') throw badRequest('invalid photo type specified');
  const [, name = ''] = /^attach:\/\/(.+)$/.exec(textOf(photo, 'photo')) ?? [];
  const file = parameters[name];
  if (!(file instanceof UploadedFile)) throw badRequest('photo must be uploaded as a file');
  if (!file.content.subarray(0, JPEG.length).equals(JPEG)) throw badRequest('IMAGE_PROCESS_FAILED');
  return file.content;
}

function between(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}

function profile({ emulator, bot }: MethodCall): BotProfile {
  return emulator.profileOf(bot);
}

function commandsKey(parameters: CallParameters): string {
  const scope = structureOf(parameters, 'scope', 'scope') ?? { type: 'default' };
  return `${JSON.stringify(scope)}${textOf(parameters, 'language_code')}`;
}

function readCommand(input: unknown): BotCommand {
  if (!isRecord(input)) throw badRequest("can't parse BotCommand: expected an Object");
  const command = textOf(input, 'command').replace(/^\//, '').toLowerCase();
  const description = textOf(input, 'description').trim();
  if (!/^[a-z0-9_]{1,32}$/.test(command)) throw badRequest('BOT_COMMAND_INVALID');
  if (description.length < 1 || description.length > 256) throw badRequest('BOT_COMMAND_DESCRIPTION_INVALID');
  return { command, description };
}

function setText(call: MethodCall, texts: Map<string, string>, name: string, max: number, tooLong: string) {
  const text = textOf(call.parameters, name).trim();
  if (text.length > max) throw badRequest(tooLong);
  const language = textOf(call.parameters, 'language_code');
  if (text === '') texts.delete(language);
  else texts.set(language, text);
  return { result: true };
}

function textFor(texts: Map<string, string>, parameters: CallParameters): string {
  return texts.get(textOf(parameters, 'language_code')) ?? texts.get('') ?? '';
}

function deleteWebhook({ emulator, bot, parameters }: MethodCall) {
  const updates = emulator.updatesOf(bot);
  if (booleanOf(parameters, 'drop_pending_updates')) updates.dropPending();
  if (updates.webhook === undefined) return { result: true, description: 'Webhook is already deleted' };
  updates.deleteWebhook();
  return { result: true, description: 'Webhook was deleted' };
}

function readWebhook(raw: string, parameters: CallParameters): Webhook {
  const url = URL.parse(raw);
  if (url === null) throw badRequest('bad webhook: invalid webhook URL specified');
  // The real one takes https alone; this one also reaches a server on the same machine.
  const isLocal = url.protocol === 'http:' && isThisMachine(url.hostname);
  if (url.protocol !== 'https:' && !isLocal) {
    throw badRequest('bad webhook: An HTTPS URL must be provided for webhook');
  }
  const webhook: Webhook = {
    url: raw,
    maxConnections: between(integerOf(parameters, 'max_connections') ?? DEFAULT_CONNECTIONS, 1, 100),
  };
  const secretToken = textOf(parameters, 'secret_token');
  if (secretToken.length > 256) throw badRequest('secret token is too long');
  if (!/^[A-Za-z0-9_-]*$/.test(secretToken)) {
    throw badRequest('secret token contains unallowed characters');
  }
  if (secretToken !== '') webhook.secretToken = secretToken;
  return webhook;
}

function isThisMachine(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(\.\d+){3}$/.test(hostname)
  );
}

function allowedUpdates(parameters: CallParameters): string[] | undefined {
  const kinds = structureOf(parameters, 'allowed_updates', 'allowed updates');
  if (kinds === undefined) return undefined;
  if (!Array.isArray(kinds)) throw badRequest("can't parse allowed_updates: expected an Array of String");
  return kinds.filter((kind): kind is string => typeof kind === 'string');
}
