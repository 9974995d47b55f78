/** The clients, used against the local run, and against an API that fails as it is told. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import {
  type OrderStatusEvent,
  PlatformClient,
  ProblemError,
  SiteClient,
} from '../../clients/typescript/client.ts';
import { anyFreePort } from '../../local/ports.ts';
import { compileWithClient, describeWithCSharp, runProgram, startProgram } from '../support/csharp.ts';
import { type LocalRun, startRun, until } from '../support/local-run.ts';
import { startUnreliableApi, type UnreliableApi } from './unreliable-api.ts';

let run: LocalRun;
let unreliable: UnreliableApi;
beforeAll(async () => {
  [run, unreliable] = await Promise.all([startRun(), startUnreliableApi()]);
});
afterAll(() => Promise.all([run?.stop(), unreliable?.close()]));

/** Every way to fail, as both clients meet it. */
function failFor(siteId: string): string[] {
  const site = `/v1/sites/${siteId}`;
  unreliable.answer(
    `${site}/events/order-status`,
    { status: 429, retryAfter: 0 },
    'lost',
    { status: 503, retryAfter: 0 },
    { status: 202, body: { eventId: 'late', notifications: [] } },
  );
  unreliable.answer(`${site}/users/anna/link`, 'lost');
  unreliable.answer(`${site}/users/anna`, { status: 503, retryAfter: 3600 });
  unreliable.answer(`${site}/templates`, { status: 503, retryAfter: 30 });
  return [
    ...Array(4).fill(`POST ${site}/events/order-status`),
    `POST ${site}/users/anna/link`,
    `GET ${site}/users/anna`,
    `GET ${site}/templates`,
  ];
}

const askedFor = (siteId: string) =>
  unreliable.requests
    .map((request) => request.replace(/ \{.*/, ''))
    .filter((request) => request.includes(`/sites/${siteId}/`));

describe('the TypeScript client', () => {
  let site: SiteClient;

  const event = (eventId: string): OrderStatusEvent => ({
    eventId,
    order: {
      id: '1',
      reference: 'OC 1',
      status: 'Evaso',
      itemCount: 1.5,
      total: { amount: '20.00', currency: 'EUR' },
      url: 'https://bazar.example/ordini/1',
    },
    holder: { id: 'CLI/001', firstName: 'Zoë 🛍' },
  });
  const refusal = (call: Promise<unknown>) =>
    call.then(
      () => undefined,
      (error: ProblemError) => error,
    );

  test('makes a site, and a person with a slash in their id gets a message', async () => {
    const platform = new PlatformClient({ baseUrl: run.api, key: 'platform-demo' });
    const { value } = await platform.putSite('bazar', {
      name: 'Bazar',
      url: 'https://bazar.example',
      moduleActive: true,
    });
    // 201 has the key, and 200 has not.
    const siteKey = 'siteKey' in value ? value.siteKey : '';
    site = new SiteClient({ baseUrl: `${run.api}/`, siteId: 'bazar', key: siteKey });
    await site.putBot({ token: '200:nuovo', username: 'nuovo_bot' });
    const { token } = await site.createLink('CLI/001', { language: 'it' });
    await run.emulator('chats/4242/send', { text: `/start ${token}`, bot: 'nuovo_bot' });
    await until(
      () =>
        site.getUser('CLI/001').then(
          ({ linked }) => linked,
          () => false,
        ),
      'the link',
    );
    const accepted = await site.reportOrderStatus(event('evaso-1'));
    expect(accepted.notifications).toMatchObject([{ userId: 'CLI/001', status: 'queued' }]);
    expect(await site.reportOrderStatus(event('evaso-1'))).toMatchObject({ repeated: true });
  });

  test('knows versions, and tells what is refused', async () => {
    const { value, etag = '' } = await site.getSite();
    expect(value.abandonedCartHours).toBe(3);
    const changed = await site.changeSite({ abandonedCartHours: 1.5 }, { ifMatch: etag });
    expect(changed.value).toMatchObject({ abandonedCartHours: 1.5 });
    expect(await refusal(site.changeSite({ active: false }, { ifMatch: etag }))).toMatchObject({
      status: 412,
    });
    const wrong = await refusal(site.reportOrderStatus({ ...event('evaso-2'), holder: { id: '' } }));
    expect(wrong).toBeInstanceOf(ProblemError);
    expect(wrong).toMatchObject({ status: 400, errors: [{ pointer: '/holder/id', code: 'wrong-length' }] });
    expect(wrong?.message).toContain('/holder/id');
    const [line] = await until(async () => {
      const { deliveries } = await site.listDeliveries({ event: 'order-status', limit: 1 });
      return deliveries.length > 0 && deliveries;
    }, 'the line of the log');
    expect(line).toMatchObject({ userId: 'CLI/001', eventId: 'evaso-1' });
    expect(await site.unlinkUser('CLI/001', { chat: 4242 })).toBeUndefined();
  });

  test('waits and repeats where that is right, and only there', async () => {
    const expected = failFor('ts');
    const shaky = new SiteClient({ baseUrl: unreliable.url, siteId: 'ts', key: 'pwtg_x' });
    expect(await shaky.reportOrderStatus(event('late'))).toEqual({ eventId: 'late', notifications: [] });
    expect(await refusal(shaky.createLink('anna', {}))).toMatchObject({ name: 'TypeError' });
    expect(await refusal(shaky.getUser('anna'))).toMatchObject({ status: 503, retryAfterSeconds: 3600 });
    const ended = refusal(shaky.listTemplates({ signal: AbortSignal.timeout(200) }));
    expect(await ended).toMatchObject({ name: 'TimeoutError' });
    expect(askedFor('ts')).toEqual(expected);
  });
});

describeWithCSharp('the C# client', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'csharp-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('does what the API says, and tells what it refuses', async () => {
    const exe = join(folder, 'use.exe');
    await compileWithClient(['tests/clients/Program.cs'], exe);
    const expected = failFor('emporio');
    const printed = await runProgram(exe, { API: run.api, UNRELIABLE_API: unreliable.url });
    expect(printed.trim().split('\n')).toEqual([
      'site | Emporio "Perché no?" | True',
      'imported | True | 1',
      'user | Zoë 🛍 | True | 4503599627370 | True',
      'event | True | CLI/001 | False',
      'repeated | True',
      'reused | 409 | event-id-reused |  | ',
      expect.stringMatching(
        /^wrong \| 400 \| .* \| \/order\/total\/amount invalid \/holder\/id required \| $/,
      ),
      expect.stringMatching(/^key \| 401 \| /),
      'settings | 3 | none',
      'changed | 1.5 | +39 0721 1234 | True',
      expect.stringMatching(/^outdated \| 412 \| /),
      'cleared | none | 1.5',
      'scheduled | True',
      'preview | Ciao Bruno! | 2',
      'log | evaso-1 | True',
      'patient | late',
      'no repetition | HttpRequestException',
      'too long | 503 | told-so |  | 01:00:00',
      'cancelled',
    ]);
    expect(askedFor('emporio')).toEqual(expected);
  });

  test("the code of docs/integrazione-passweb.md sends the first event, and a real integration's", async () => {
    const page = await readFile('docs/integrazione-passweb.md', 'utf8');
    const blocks = [...page.matchAll(/^```csharp\n(.*?)^```$/gms)].map(([, code = '']) => code);
    expect(blocks).toHaveLength(6);
    const files = blocks.map((_, index) => join(folder, `Block${index}.cs`));
    for (const [index, code] of blocks.entries()) await writeFile(files[index] ?? '', code);
    const [first = '', orders = '', profile = '', support = '', check = '', receiver = ''] = files;

    const firstEvent = join(folder, 'first-event.exe');
    await compileWithClient([first], firstEvent);
    const switchedOff = expect(runProgram(firstEvent, { TELEGRAM_API: unreliable.url })).rejects.toThrow(
      `The program failed:\n${unreliable.url} non risponde.`,
    );
    const environment = { TELEGRAM_API: run.api, TELEGRAM_CHIAVE: 'pwtg_demo' };
    expect(await runProgram(firstEvent, environment)).toBe('anna: queued \n');
    await until(
      async () => (await run.messages(1001)).some(({ text }) => text.includes('OC 2026/0412')),
      "the message in Anna's chat",
    );
    const demo = new SiteClient({ baseUrl: run.api, siteId: 'demo', key: 'pwtg_demo' });
    await until(async () => {
      const { deliveries } = await demo.listDeliveries({ userId: 'anna' });
      return deliveries.some(({ status }) => status === 'sent');
    }, 'the line of the log');

    const whole = join(folder, 'integration.exe');
    await compileWithClient([orders, profile, support, 'tests/clients/Integration.cs'], whole);
    expect((await runProgram(whole, environment)).trim().split('\n')).toEqual([
      '84600 CLI/007 skipped not-linked',
      'Inviato',
      expect.stringMatching(/^84601 invalid-body: .*$/),
      '/order/url: Must be an https link on shop.example or a subdomain of it, such as "https://shop.example/page": links to other hosts are refused.',
      'DaCorreggere',
      expect.stringMatching(/^84602 rimandato: /),
      'PiuTardi',
      '84603 dario skipped not-linked',
      'Inviato',
      'Dario Neri Neri S.r.l.',
      'https://t.me/demo_shop_bot True',
      'False',
      'True',
      'queued',
      'nessun messaggio',
      '3 persone collegate, 0 messaggi non riusciti, ultima modifica: nessuna',
    ]);
    await switchedOff;

    const signature = join(folder, 'signature.exe');
    await compileWithClient([check, 'tests/clients/Signature.cs'], signature);
    const secret = `whsec_${Buffer.alloc(32, 'segreto').toString('base64')}`;
    const [id, body, time] = ['msg_1', '{"type":"user.opted-out","data":{"userId":"è"}}', new Date()];
    const right = new Webhook(secret).sign(id, time, body);
    const answerTo = async (headers: Record<string, string>) =>
      (await runProgram(signature, { ...headers, BODY: body, SECRET: secret })).trim();
    const headersOf = (signatures: string, at: Date) => ({
      ID: id,
      TIME: String(Math.floor(at.getTime() / 1000)),
      SIGNATURES: signatures,
    });
    const isRight = (signatures: string, at: Date) => answerTo(headersOf(signatures, at));
    expect(await isRight(`v1,${'A'.repeat(43)}= ${right}`, time)).toBe('True');
    expect(await isRight(`v1,${'A'.repeat(43)}=`, time)).toBe('False');
    const late = new Date(time.getTime() - 360_000);
    expect(await isRight(new Webhook(secret).sign(id, late, body), late)).toBe('False');
    const { ID, TIME, SIGNATURES } = headersOf(right, time);
    const incomplete: Record<string, string>[] = [{ TIME, SIGNATURES }, { ID, SIGNATURES }, { ID, TIME }, {}];
    for (const headers of incomplete) expect(await answerTo(headers)).toBe('False');
    expect(await answerTo({ ID, TIME: '9'.repeat(18), SIGNATURES })).toBe('False');

    const listening = join(folder, 'receiver.exe');
    await compileWithClient([check, receiver], listening);
    const here = `http://127.0.0.1:${await anyFreePort()}/telegram/`;
    const program = startProgram(listening, { ...environment, TELEGRAM_WEBHOOK: here });
    try {
      const lines = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
      const nextType = async () => JSON.parse((await lines.next()).value ?? '{}').type;
      expect(await nextType()).toBe('webhook.test');
      expect((await lines.next()).value).toMatch(/^La prova . riuscita\.$/);
      const forged = await fetch(here, { method: 'POST', body });
      expect(forged.status).toBe(401);
      await run.emulator('chats/1002/send', { text: '/stop' });
      expect(await nextType()).toBe('user.opted-out');
    } finally {
      program.kill();
      await demo.deleteWebhook();
    }
  });
});
