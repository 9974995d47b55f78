/**
 * `npm run sending`, run as a process against a server that answers as Lambda's API is documented:
 * https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html
 */
import { createServer, type Server } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { listen } from '../../local/ports.ts';
import { runScript } from '../support/script.ts';

interface Mapping {
  UUID: string;
  FunctionArn: string;
  State: string;
}

const arnOf = (name: string) => `arn:aws:lambda:eu-south-1:123456789012:function:${name}`;
const PREFIX = 'passweb-telegram-test';

let server: Server;
let address: string;
let mappings: Mapping[];
/** The states that a mapping passes through, one with each look at it. */
let coming: Map<string, string[]>;
let updates: { UUID: string; Enabled: unknown; isSigned: boolean }[];
/** What updates are answered instead. */
let refusals: { status: number; type: string }[];
/** The mapping that the caller may not update. */
let denied: string | undefined;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://127.0.0.1');
    const answer = (status: number, body: object, headers = {}) =>
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify(body));
    const [, uuid] = url.pathname.match(/^\/2015-03-31\/event-source-mappings\/?([^/]*)$/) ?? [];
    if (request.method === 'GET' && uuid === '') {
      const name = url.searchParams.get('FunctionName') ?? '';
      const found = mappings.filter(({ FunctionArn }) => FunctionArn === arnOf(name));
      answer(200, { EventSourceMappings: found });
      for (const mapping of found) mapping.State = coming.get(mapping.UUID)?.shift() ?? mapping.State;
      return;
    }
    const mapping = mappings.find(({ UUID }) => UUID === uuid);
    if (request.method !== 'PUT' || !mapping) return answer(404, { Message: 'no such operation' });
    const refusal = uuid === denied ? { status: 403, type: 'AccessDeniedException' } : refusals.shift();
    if (refusal) return answer(refusal.status, { Message: 'x' }, { 'x-amzn-errortype': refusal.type });
    const { Enabled } = (await json(request)) as { Enabled?: boolean };
    const isSigned = String(request.headers.authorization).includes('/eu-south-1/lambda/aws4_request');
    updates.push({ UUID: mapping.UUID, Enabled, isSigned });
    mapping.State = Enabled ? 'Enabling' : 'Disabling';
    coming.set(mapping.UUID, [mapping.State, Enabled ? 'Enabled' : 'Disabled']);
    return answer(202, mapping);
  });
  address = `http://127.0.0.1:${await listen(server, 0)}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  coming = new Map();
  updates = [];
  refusals = [];
  denied = undefined;
  mappings = ['deliver', 'drain', 'order-status'].map((name) => ({
    UUID: `uuid-of-${name}`,
    FunctionArn: arnOf(`${PREFIX}-${name}`),
    State: 'Enabled',
  }));
});

const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };
const sending = (args: string[], environment: NodeJS.ProcessEnv = {}) =>
  runScript('sending', args, '', { ...CREDENTIALS, AWS_ENDPOINT_URL_LAMBDA: address, ...environment });
const states = () => Object.fromEntries(mappings.map(({ UUID, State }) => [UUID, State]));

test('stop disables the triggers of the functions that send, and no other, and waits until they are', async () => {
  const { code, out } = await sending(['stop', '--stage', 'test']);
  expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^Nothing is sent any more\./) });
  expect(states()).toEqual({
    'uuid-of-deliver': 'Disabled',
    'uuid-of-drain': 'Disabled',
    'uuid-of-order-status': 'Enabled',
  });
  const asked = ['deliver', 'drain'].map((name) => ({
    UUID: `uuid-of-${name}`,
    Enabled: false,
    isSigned: true,
  }));
  expect(updates).toHaveLength(2);
  expect(updates).toEqual(expect.arrayContaining(asked));
});

test('start enables them again; what is already so is left alone', async () => {
  for (const mapping of mappings.slice(1)) mapping.State = 'Disabled';
  mappings[2] = { UUID: 'x', FunctionArn: arnOf('other'), State: 'Disabled' };
  const { code, out } = await sending(['start', '--stage', 'test']);
  expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^Messages are sent again\./) });
  expect(states()).toEqual({ 'uuid-of-deliver': 'Enabled', 'uuid-of-drain': 'Enabled', x: 'Disabled' });
  expect(updates).toEqual([{ UUID: 'uuid-of-drain', Enabled: true, isSigned: true }]);
});

test('a change that is under way is waited for, and one that comes in between is undone', async () => {
  // A deployment updates one of them, which is enabled afterwards; the other is refused once.
  mappings[0] = { UUID: 'uuid-of-deliver', FunctionArn: arnOf(`${PREFIX}-deliver`), State: 'Updating' };
  coming.set('uuid-of-deliver', ['Updating', 'Enabled']);
  refusals = [
    { status: 400, type: 'ResourceInUseException' },
    { status: 409, type: 'ResourceConflictException' },
  ];
  const { code } = await sending(['stop', '--stage', 'test']);
  expect(code).toBe(0);
  expect(states()).toMatchObject({ 'uuid-of-deliver': 'Disabled', 'uuid-of-drain': 'Disabled' });
});

test('a half that may not be stopped: the other is, and what each is now is said', async () => {
  denied = 'uuid-of-drain';
  const { code, out, error } = await sending(['stop', '--stage', 'test']);
  expect({ code, out }).toEqual({ code: 1, out: 'deliver: Disabled\ndrain: Enabled\n' });
  expect(error).toMatch(/^Lambda at .* does not let this be done: x\n/);
});

test.each([
  [['Enabled', 'Enabled'], 'deliver: Enabled\ndrain: Enabled\nMessages are sent.\n'],
  [['Disabled', 'Disabled'], 'deliver: Disabled\ndrain: Disabled\nSending is stopped.\n'],
  [
    ['Disabled', 'Enabling'],
    'deliver: Disabled\ndrain: Enabling\nSending is stopped in part, or is changing: say start, or stop.\n',
  ],
])('status tells %j, and changes nothing', async (states, out) => {
  mappings = mappings.map((mapping, index) => ({ ...mapping, State: states[index] ?? 'Enabled' }));
  expect(await sending(['status', '--stage', 'test'])).toMatchObject({ code: 0, out });
  expect(updates).toEqual([]);
});

test.each([
  ['no command', ['--stage', 'test'], /^Say stop, start or status, not ""\.$/m],
  ['another word', ['halt', '--stage', 'test'], /^Say stop, start or status, not "halt"\.$/m],
  ['a word too many', ['stop', 'all', '--stage', 'test'], /^Unexpected argument 'all'/m],
  ['no stage', ['stop'], /^Say which --stage\.$/m],
  ['an option that there is not', ['stop', '--site', 'x'], /^Unknown option '--site'/],
  [
    'a stage that there is not',
    ['stop', '--stage', 'prdo'],
    /^There is no function passweb-telegram-prdo-(deliver|drain) with a trigger in eu-south-1: is --stage right, and --region \(or AWS_REGION\)\?$/m,
  ],
])('%s is answered in a sentence', async (_what, args, sentence) => {
  const { code, error } = await sending(args);
  expect(code).toBe(1);
  expect(error).toMatch(sentence);
  expect(error).toMatch(/^See npm run sending -- --help\.$/m);
  expect(error).not.toContain('    at ');
  expect(updates).toEqual([]);
});

test('--help tells what it does and takes, and does nothing', async () => {
  const { code, out } = await sending(['stop', '--stage', 'test', '--help']);
  expect(code).toBe(0);
  expect(out).toMatch(/^npm run sending -- stop\|start\|status --stage STAGE \[--region REGION\]\n/);
  expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  expect(updates).toEqual([]);
});

test('an address that accepts and never answers is named after some seconds', async () => {
  const silent = createServer(() => undefined);
  const AWS_ENDPOINT_URL_LAMBDA = `http://127.0.0.1:${await listen(silent, 0)}`;
  try {
    const { code, error } = await sending(['status', '--stage', 'test'], { AWS_ENDPOINT_URL_LAMBDA });
    expect(code).toBe(1);
    expect(error).toContain(`Nobody answers: Lambda at ${AWS_ENDPOINT_URL_LAMBDA} (stage test).`);
  } finally {
    silent.closeAllConnections();
    await new Promise((resolve) => silent.close(resolve));
  }
});
