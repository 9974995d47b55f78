/** A shop from nothing, with the commands of docs/sites.md: run by bash, one after the other, in a local run. */
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type LocalRun, startRun, until } from '../support/local-run.ts';
import { can, runProgram } from '../support/script.ts';

// CI has it.
const testWithCurl = process.env.CI || can('bash', '-c', 'curl --version') ? test : test.skip;

const ELENAS_CHAT = 5001;

let run: LocalRun;
let folder: string;
let blocks: string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shop-'));
  await symlink(join(process.cwd(), 'local'), join(folder, 'local'));
  // What is refused ends the command.
  await writeFile(join(folder, '.curlrc'), 'fail\n');
  run = await startRun();
  const [, page = ''] = (await readFile('docs/sites.md', 'utf8')).split(/^## A shop from nothing$/m);
  const section = (page.split(/^## /m)[0] ?? '')
    .replaceAll('http://127.0.0.1:3000', run.api)
    .replaceAll('npm run', `npm --silent --prefix '${process.cwd()}' run`);
  blocks = section.match(/(?<=\n\n)(?: {4}.*\n)(?:(?: {4}.*)?\n)*/g) ?? [];
});
afterAll(async () => {
  await run?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function bash(script: string, input = ''): Promise<string> {
  const { DYNAMODB_PORT } = run.process.ports;
  const env = {
    ...process.env,
    DYNAMODB_PORT: String(DYNAMODB_PORT),
    CURL_HOME: folder,
    SITE_KEY: input.split('\n')[0],
  };
  const ended = await runProgram('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder, env, input });
  expect(ended).toMatchObject({ code: 0 });
  return ended.out;
}

/** The block that begins like this, without its indentation; the page has it no more for what comes later. */
function take(start: string): string {
  const index = blocks.findIndex((block) => block.trimStart().startsWith(start));
  const [block] = blocks.splice(index, 1);
  if (index < 0 || !block) throw new Error(`The page has no block that begins with ${start}`);
  const indentation = block.search(/\S/);
  return block.replaceAll(new RegExp(`^ {${indentation}}`, 'gm'), '');
}

/** The line of Elena's welcome in the log, as soon as it is there. */
const WELCOME = `DELIVERY=
until [ "$DELIVERY" ]; do
  DELIVERY=$(curl "$API/deliveries?userId=elena&status=sent" |
    grep -o '"deliveryId":"[^"]*","event":"welcome"' | cut -d'"' -f4 || true)
done`;

testWithCurl(
  'from a new site to the first message',
  async () => {
    const [create = '', ...setUp] = take('npm --silent').split('\n');
    const [key = ''] = (await bash(create)).match(/pwtg_\S+/) ?? [];
    await writeFile(join(folder, 'evaso.json'), take('{'));

    const others = JSON.stringify({
      botId: '200',
      users: ['marco', '501'].map((userId, index) => ({ userId, chatId: 5002 + index })),
    });
    // What people do between the commands.
    const before: [string, string][] = [
      ['users/marco/export', `curl -X POST "$API/users/import" -d '${others}'`],
      [
        'users/elena/link',
        `LINK=$(curl -X POST "$API/users/elena/link" -d '{"firstName":"Elena"}' | grep -o 'https://t.me/[^"]*')
      command curl -H 'Content-Type: application/json' -d '{"text":"'$LINK'"}' ${run.telegram}/emulator/chats/${ELENAS_CHAT}/send`,
      ],
    ];
    const script = blocks.map((block) => {
      const preparation = before.filter(([text]) => block.includes(text)).map(([, command]) => command);
      return [...preparation, block.replace(/^ *DELIVERY=.*$/m, WELCOME)].join('\n');
    });
    const out = await bash([...setUp, ...script].join('\n'), `${key}\n200:nuovo\n`);
    expect(out).toContain('"works":true');
    expect(out).toMatch(/^"id":"default-order-status-evaso","name":"Notifica Stato Ordine: Evaso"$/m);
    // The predefined template is off: one message tells of the order.
    const [order = ''] = out.match(/^\{"eventId":"ordine-.*$/m) ?? [];
    expect(JSON.parse(order).notifications).toMatchObject([{ userId: 'elena', status: 'queued' }]);
    const texts = await until(async () => {
      const shown = (await run.messages(ELENAS_CHAT))
        .filter(({ from }) => from.is_bot)
        .map(({ text }) => text);
      return shown.length >= 4 && shown;
    }, 'the welcome, the test, the order, and the welcome once more');
    expect(texts.map((text) => text.split('\n')[0])).toEqual([
      '👋 Ciao Elena, ti diamo il benvenuto!',
      expect.stringMatching(/prova/i),
      '📦 Ciao Elena, il tuo ordine OC 2026/0412 è partito.',
      '👋 Ciao Elena, ti diamo il benvenuto!',
    ]);
  },
  120_000,
);
