import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod/mini';
import { StartError } from '../run.ts';
import type { Emulator } from './emulator.ts';
import { isRecord } from './parameters.ts';
import type { BotCommand } from './types.ts';
import type { UpdatesSnapshot } from './updates.ts';
import type { WorldSnapshot } from './world.ts';

type BotSnapshot = {
  id: number;
  updates: UpdatesSnapshot;
  commands: [string, BotCommand[]][];
  descriptions: [string, string][];
  shortDescriptions: [string, string][];
  /** As base64. */
  photo?: string;
};

type Snapshot = { version: 1; world: WorldSnapshot; bots: BotSnapshot[] };

const message = z.looseObject({ message_id: z.int(), date: z.int(), text: z.string() });
const person = z.looseObject({ id: z.int(), first_name: z.string() });

/** What the emulator builds on. The rest is only shown. */
const kept = z.object({
  world: z.object({
    conversations: z.array(
      z.object({
        botId: z.int(),
        chat: z.looseObject({ id: z.int() }),
        person,
        started: z.boolean(),
        blocked: z.boolean(),
        messages: z.array(message),
      }),
    ),
    lastMessageIds: z.array(z.tuple([z.int(), z.int()])),
    managedBots: z.optional(
      z.array(
        z.object({
          id: z.int(),
          token: z.string(),
          username: z.string(),
          first_name: z.string(),
          managed: z.object({ owner: person, managerId: z.int() }),
        }),
      ),
    ),
  }),
  bots: z.array(
    z.object({
      id: z.int(),
      updates: z.object({
        pending: z.array(z.looseObject({ update_id: z.int() })),
        lastUpdateId: z.int(),
        webhook: z.optional(z.looseObject({ url: z.string() })),
        allowedUpdates: z.optional(z.array(z.string())),
      }),
      commands: z.array(z.tuple([z.string(), z.array(z.unknown())])),
      descriptions: z.array(z.tuple([z.string(), z.string()])),
      shortDescriptions: z.array(z.tuple([z.string(), z.string()])),
      photo: z.optional(z.string()),
    }),
  ),
});

const WRITE_DELAY_MILLISECONDS = 300;

/** Saves the emulator's state in one JSON file. Changes that follow each other quickly are written once. */
export class SnapshotFile {
  readonly #path: string;
  readonly #read: () => Emulator;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(path: string, emulator: () => Emulator) {
    this.#path = path;
    this.#read = emulator;
  }

  changed(): void {
    if (this.#closed) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#queueWrite();
    }, WRITE_DELAY_MILLISECONDS);
  }

  /**
   * Waits until all changes so far are in the file. Telegram loses no message that it has confirmed: so a message is saved
   * before its sender gets the answer.
   */
  async saved(): Promise<void> {
    if (this.#timer !== undefined) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#queueWrite();
    }
    // A write that fails has been reported, and is tried again with the next change.
    await this.#writing.catch(() => undefined);
  }

  /** Loads the data of an earlier run. @throws when the file is there and can't be read. */
  async load(): Promise<void> {
    const text = await readFile(this.#path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw unreadable(this.#path, String(error.code), error);
    });
    if (text === undefined) return;
    const snapshot = parse(text, this.#path);
    const emulator = this.#read();
    emulator.world.restore(snapshot.world);
    for (const kept of snapshot.bots) {
      const bot = emulator.world.botById(kept.id);
      if (bot === undefined) continue;
      const profile = emulator.profileOf(bot);
      for (const [key, commands] of kept.commands) profile.commands.set(key, commands);
      for (const [language, text] of kept.descriptions) profile.descriptions.set(language, text);
      for (const [language, text] of kept.shortDescriptions) profile.shortDescriptions.set(language, text);
      if (kept.photo !== undefined) profile.photo = Buffer.from(kept.photo, 'base64');
      emulator.updatesOf(bot).restore(kept.updates);
    }
  }

  /** Writes what is not written yet. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#queueWrite();
    await this.#writing;
  }

  #queueWrite(): void {
    this.#writing = this.#writing.catch(() => undefined).then(() => this.#write());
    this.#writing.catch((error: Error) => console.error(`The chats were not saved: ${error.message}`));
  }

  /** Written to another file and renamed, so that a crash does not damage the old one. */
  async #write(): Promise<void> {
    const text = JSON.stringify(snapshotOf(this.#read()));
    await mkdir(dirname(this.#path), { recursive: true });
    await writeFile(`${this.#path}.new`, text);
    await rename(`${this.#path}.new`, this.#path);
  }
}

function snapshotOf(emulator: Emulator): Snapshot {
  const bots = emulator.world.bots.map((bot) => {
    const profile = emulator.profileOf(bot);
    return {
      id: bot.id,
      updates: emulator.updatesOf(bot).snapshot(),
      commands: [...profile.commands],
      descriptions: [...profile.descriptions],
      shortDescriptions: [...profile.shortDescriptions],
      ...(profile.photo && { photo: profile.photo.toString('base64') }),
    };
  });
  return { version: 1, world: emulator.world.snapshot(), bots };
}

/** @throws StartError that says what is wrong with the file, and what to do. It stays as it is. */
function parse(text: string, path: string): Snapshot {
  let snapshot: unknown;
  try {
    snapshot = JSON.parse(text);
  } catch (cause) {
    throw unreadable(path, 'no JSON', cause);
  }
  if (!isRecord(snapshot) || snapshot.version !== 1)
    throw new StartError(`The chats in ${path} were kept by another version of this project: ${ADVICE}`);
  const { error } = kept.safeParse(snapshot);
  if (error) throw unreadable(path, error.issues[0]?.path.join('.') ?? '', error);
  return snapshot as Snapshot;
}

const ADVICE =
  'delete the file to begin with empty chats, or choose another folder: LOCAL_DATA=FOLDER npm start';

function unreadable(path: string, what: string, cause: unknown): StartError {
  return new StartError(`The chats kept in ${path} can't be read (${what}): ${ADVICE}`, { cause });
}
