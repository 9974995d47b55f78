import { randomBytes } from 'node:crypto';
import type { Emulator } from './emulator.ts';
import { ControlError } from './errors.ts';
import { isRecord } from './parameters.ts';
import { personOf } from './person.ts';
import type { BotAccount, User } from './types.ts';
import { botUser } from './world.ts';

/** As many bots as a person without Telegram Premium may have (`bots_create_limit_default`). */
const MAX_BOTS = 20;
/** Above every id of a demo chat: no bot has the id of a person. */
const FIRST_BOT_ID = 7_000_000_001;

/**
 * A person confirms `https://t.me/newbot/MANAGER/USERNAME?name=NAME`: the bot is made, belongs to the person, and the
 * manager bot is told. What is refused is refused as Telegram does.
 *
 * @throws {ControlError} which begins with Telegram's error: core.telegram.org/method/bots.createBot.
 */
export function personMakesBot(emulator: Emulator, input: Record<string, unknown>): User {
  const { world } = emulator;
  const owner = ownerIn(emulator, input.from);
  const manager = world.botByUsername(textIn(input, 'manager'));
  if (manager === undefined) throw refused('MANAGER_INVALID', `No bot is called "${input.manager}".`);
  if (!manager.canManageBots)
    throw refused('MANAGER_PERMISSION_MISSING', `@${manager.username} may not manage bots.`);
  const name = textIn(input, 'name').trim();
  if (name === '' || name.length > 64)
    throw refused('NAME_INVALID', 'A bot has a name of 1 to 64 characters.');
  const username = freeUsername(emulator, textIn(input, 'username'));
  const own = world.bots.filter(({ managed }) => managed?.owner.id === owner.id);
  if (own.length >= MAX_BOTS)
    throw refused('BOT_CREATE_LIMIT_EXCEEDED', `This person has ${MAX_BOTS} bots already.`);
  const id = Math.max(FIRST_BOT_ID - 1, ...world.bots.map((bot) => bot.id)) + 1;
  const managed = { owner, managerId: manager.id };
  const bot: BotAccount = { id, token: newToken(id), username, first_name: name, managed };
  world.addBot(bot);
  tellManager(emulator, bot);
  return botUser(bot);
}

/**
 * Replaces the token of a bot. Webhooks are kept by token, as in Telegram's own Bot API server: under the new one there is
 * none.
 */
export function replaceToken(emulator: Emulator, bot: BotAccount): string {
  bot.token = newToken(bot.id);
  emulator.updatesOf(bot).deleteWebhook();
  tellManager(emulator, bot);
  return bot.token;
}

/** @see https://core.telegram.org/bots/api#managedbotupdated: for a new bot, another token, another owner. */
function tellManager(emulator: Emulator, bot: BotAccount): void {
  const { managed } = bot;
  const manager = managed && emulator.world.botById(managed.managerId);
  if (managed && manager)
    emulator.updatesOf(manager).add({ managed_bot: { user: managed.owner, bot: botUser(bot) } });
  emulator.onChange();
}

function newToken(botId: number): string {
  return `${botId}:AA${randomBytes(25).toString('base64url').slice(0, 33)}`;
}

function freeUsername({ world }: Emulator, given: string): string {
  const username = given.replace(/^@/, '');
  if (!/^[a-z](?:_?[a-z0-9]){4,31}$/i.test(username) || username.length > 32)
    throw refused('USERNAME_INVALID', 'A username has 5 to 32 letters, digits and "_".');
  if (!/bot$/i.test(username)) throw refused('USERNAME_SUFFIX_MISSING', 'The username must end in "bot".');
  if (world.botByUsername(username)) throw refused('USERNAME_OCCUPIED', `@${username} is taken already.`);
  return username;
}

/** Who confirms: their id, or a User of the Bot API. Who has a chat already has the names from there. */
function ownerIn({ world }: Emulator, from: unknown): User {
  const id = Number(isRecord(from) ? from.id : from);
  if (!Number.isSafeInteger(id) || id <= 0)
    throw new ControlError(400, '"from" is the person: a chat id, or an object with an "id".');
  const known = world.conversationsOf(id)[0]?.person;
  return personOf(id, known, isRecord(from) ? from : undefined);
}

function textIn(input: Record<string, unknown>, name: string): string {
  const value = input[name];
  if (typeof value === 'string') return value;
  throw new ControlError(400, `"${name}" is a text.`);
}

function refused(error: string, why: string): ControlError {
  return new ControlError(400, `${error}: ${why}`);
}
