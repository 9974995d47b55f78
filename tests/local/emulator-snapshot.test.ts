/** Kept chats that this version can't have written: a sentence says so, and the file stays as it is. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { startEmulator } from '../../local/emulator/server.ts';
import { closeAfterTest } from './emulator-helpers.ts';

async function dataFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kept-chats-'));
  closeAfterTest(() => rm(folder, { recursive: true }));
  return join(folder, 'telegram.json');
}

const person = { id: 1001, is_bot: false, first_name: 'Anna' };
const chat = { id: 1001, type: 'private', first_name: 'Anna' };
const conversation = { botId: 100, chat, person, started: true, blocked: false, messages: [] };
const world = { conversations: [conversation], lastMessageIds: [[1001, 3]] };
const updates = { pending: [], lastUpdateId: 7 };
const bot = { id: 100, updates, commands: [], descriptions: [], shortDescriptions: [] };

test('as they are written, they are read', async () => {
  const file = await dataFile();
  await writeFile(file, JSON.stringify({ version: 1, world, bots: [bot] }));
  await (await startEmulator({ dataFile: file })).close();
});

test.each<[unknown, string]>([
  [{ version: 1 }, 'world'],
  [{ version: 1, world: null, bots: [] }, 'world'],
  [{ version: 1, world, bots: null }, 'bots'],
  [
    { version: 1, world: { ...world, conversations: [{ botId: 100 }] }, bots: [] },
    'world.conversations.0.chat',
  ],
  [
    { version: 1, world: { ...world, conversations: [{ ...conversation, messages: [{}] }] }, bots: [] },
    'world.conversations.0.messages.0.message_id',
  ],
  [{ version: 1, world: { ...world, lastMessageIds: [1001] }, bots: [] }, 'world.lastMessageIds.0'],
  [{ version: 1, world, bots: [{ ...bot, updates: { pending: {} } }] }, 'bots.0.updates.pending'],
  [{ version: 1, world, bots: [{ ...bot, commands: [['it']] }] }, 'bots.0.commands.0'],
])('%j', async (content, place) => {
  const file = await dataFile();
  const text = JSON.stringify(content);
  await writeFile(file, text);
  await expect(startEmulator({ dataFile: file })).rejects.toThrow(
    new RegExp(`^The chats kept in .*telegram\\.json can't be read \\(${place}.*\\): delete the file`),
  );
  expect(await readFile(file, 'utf8')).toBe(text);
});

test('a folder in place of the file', async () => {
  const file = await dataFile();
  await mkdir(file);
  await expect(startEmulator({ dataFile: file })).rejects.toThrow(
    /^The chats kept in .*telegram\.json can't be read \(EISDIR\): delete/,
  );
});
