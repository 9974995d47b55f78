/** A person's own AWS settings and proxy, of every kind that the SDK knows, and AWS clients of this machine. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bypassProxyForLoopback, isolate } from '../../local/isolation.ts';
import { listen } from '../../local/ports.ts';
import { type Outside, startOutside } from '../support/outside.ts';
import { runProgram } from '../support/script.ts';

let home: string;
/** Answers as DynamoDB, and remembers with which key it was asked. */
let dynamodb: Server;
/** Everything else that a client could ask: nobody may. */
let outside: Outside;
const keys: string[] = [];
let endpoint: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'isolation-'));
  dynamodb = createServer((request, response) => {
    keys.push(/Credential=([^/]+)/.exec(request.headers.authorization ?? '')?.[1] ?? '');
    response.end('{"TableNames":[]}');
  });
  outside = await startOutside();
  endpoint = `http://127.0.0.1:${await listen(dynamodb, 0)}`;
});
afterAll(async () => {
  for (const server of [dynamodb, outside]) server.close();
  await rm(home, { recursive: true });
});

const ranIn = (folder: string) => readFile(join(folder, 'ran'), 'utf8').catch(() => '');

/** Runs a client that is made after the isolation, with a person's settings. @returns what it has printed. */
async function askWith(
  environment: Record<string, string>,
  config: string,
  credentials = '',
): Promise<{ out: string; ran: string }> {
  const folder = await mkdtemp(join(home, 'home-'));
  await mkdir(join(folder, '.aws'));
  await writeFile(join(folder, '.aws/config'), config.replaceAll('HOME', folder));
  await writeFile(join(folder, '.aws/credentials'), credentials);
  const program = `
    import ${JSON.stringify(join(process.cwd(), 'local/isolated.ts'))};
    import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
    Object.assign(process.env, {
      AWS_REGION: 'eu-south-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL_DYNAMODB: ${JSON.stringify(endpoint)},
    });
    const answer = await new DynamoDBClient({}).send(new ListTablesCommand({})).catch(String);
    console.log(await fetch(${JSON.stringify(endpoint)}).then((there) => there.text(), String));
    console.log(JSON.stringify(answer.TableNames ?? answer));`;
  const env = { PATH: process.env.PATH, HOME: folder, USERPROFILE: folder, ...environment };
  const { out } = await runProgram(process.execPath, ['--input-type=module', '--eval', program], { env });
  return { out, ran: await ranIn(folder) };
}

const PROCESS = 'credential_process = sh -c "echo ran >> HOME/ran"';
const SSO = `[profile dev]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = dev
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = us-east-1`;

/** The reference of the settings that all SDKs share has these: https://docs.aws.amazon.com/sdkref/latest/guide/ */
const SETTINGS: [what: string, environment: Record<string, string>, config: string, credentials?: string][] =
  [
    ['single sign-on', { AWS_PROFILE: 'dev' }, SSO],
    ['a command', { AWS_PROFILE: 'dev' }, `[profile dev]\n${PROCESS}`],
    ['a command of the default profile', {}, `[default]\n${PROCESS}`],
    ['static keys', { AWS_PROFILE: 'dev' }, '', '[dev]\naws_access_key_id = AKIA\naws_secret_access_key = x'],
    ['a profile that is not there', { AWS_PROFILE: 'gone' }, ''],
    ['keys of the environment', { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SESSION_TOKEN: 'x' }, ''],
    [
      'a role by web identity',
      { AWS_ROLE_ARN: 'arn:aws:iam::1:role/x', AWS_WEB_IDENTITY_TOKEN_FILE: '/x' },
      '',
    ],
    ['a container', { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'OUTSIDE/c' }, ''],
    ['a metadata service', { AWS_EC2_METADATA_SERVICE_ENDPOINT: 'OUTSIDE' }, ''],
    ['configured addresses ignored', { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }, ''],
    ['the same in the file', {}, '[default]\nignore_configured_endpoint_urls = true'],
    ['another address', { AWS_ENDPOINT_URL: 'OUTSIDE', AWS_ENDPOINT_URL_SQS: 'OUTSIDE' }, ''],
    [
      'an address of a service in the file',
      { AWS_PROFILE: 'dev' },
      '[profile dev]\nservices = s\n[services s]\ndynamodb =\n  endpoint_url = OUTSIDE',
    ],
    ['dual stack', { AWS_USE_DUALSTACK_ENDPOINT: 'true' }, '[default]\nuse_dualstack_endpoint = true'],
    ['FIPS', { AWS_USE_FIPS_ENDPOINT: 'true' }, '[default]\nuse_fips_endpoint = true'],
    ['an account in the address', { AWS_ACCOUNT_ID_ENDPOINT_MODE: 'required' }, ''],
    ['another way to sign', { AWS_AUTH_SCHEME_PREFERENCE: 'sigv4a' }, ''],
    ['a defaults mode that asks where it runs', { AWS_DEFAULTS_MODE: 'auto' }, ''],
    ['one attempt', { AWS_MAX_ATTEMPTS: 'x', AWS_RETRY_MODE: 'x' }, '[default]\nretry_mode = x'],
    ['other files', { AWS_CONFIG_FILE: '/etc/hosts', AWS_SHARED_CREDENTIALS_FILE: '/etc/hosts' }, ''],
    ['a proxy', { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: 'OUTSIDE', http_proxy: 'OUTSIDE' }, ''],
    [
      'a proxy for all but one',
      { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: 'OUTSIDE', no_proxy: 'a.example' },
      '',
    ],
  ];

test.each(SETTINGS.map(([what, ...settings]) => ({ what, settings })))(
  '$what',
  async ({ settings: given }) => {
    const [environment, config, credentials] = given;
    keys.length = outside.strayed.length = 0;
    const here = (text: string) => text.replaceAll('OUTSIDE', outside.address);
    const settings = Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [name, here(value)]),
    );
    const { out, ran } = await askWith(settings, here(config), credentials);
    expect({ out, ran, strayed: outside.strayed }).toEqual({
      out: '{"TableNames":[]}\n[]\n',
      ran: '',
      strayed: [],
    });
    expect(keys).toEqual(['local', '']);
  },
);

test('what is no setting of AWS stays, and so does a proxy for the rest of the world', () => {
  const environment: Record<string, string | undefined> = {
    HOME: '/home/anna',
    HTTPS_PROXY: 'http://proxy.example:3128',
    NO_PROXY: 'intranet.example, 127.0.0.1',
    aws_profile: 'dev',
    AWS_CA_BUNDLE: '/x',
    FAUXQS_DATA_DIR: '/x',
  };
  isolate(environment);
  expect(environment).toEqual({
    HOME: '/home/anna',
    HTTPS_PROXY: 'http://proxy.example:3128',
    NO_PROXY: '127.0.0.1,localhost,::1,[::1],intranet.example',
    no_proxy: '127.0.0.1,localhost,::1,[::1],intranet.example',
    AWS_CONFIG_FILE: expect.any(String),
    AWS_SHARED_CREDENTIALS_FILE: expect.any(String),
    AWS_EC2_METADATA_DISABLED: 'true',
  });
});

test('a proxy that is used for nothing stays unused', () => {
  const environment: Record<string, string | undefined> = { NO_PROXY: '*' };
  bypassProxyForLoopback(environment);
  expect(environment.NO_PROXY?.split(',')).toContain('*');
});
