/** Stage and parameters are checked before anything is done with them: all that is wrong is said at once. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type Asked, faultsOf, LONGEST_STAGE, PARAMETERS, warningsOf } from '../../scripts/parameters.ts';

const sum = (text: string) => createHash('sha256').update(text).digest('hex');
const SUM = sum('a long random text');

/** What is said of these `--param`s. */
const faults = (given: string[], more: Partial<Asked> = {}) =>
  faultsOf({ stage: 'prod', command: 'deploy', given, written: [], ...more });

describe('a value that is right', () => {
  test.each([
    `platformKeySha256=${SUM}`,
    `platformKeySha256=${SUM.toUpperCase()}`,
    `platformKeySha256=${SUM},${sum('the next one')}`,
    'deliverConcurrency=2',
    'drainConcurrency=1000',
    'botConcurrency=1',
    'reserveConcurrency=no',
    'eventQueues=no',
    'eventQueues=yes',
    'retentionDays=0',
    'retentionDays=30',
    'alarmEmail=allarmi+telegram@bottega.example',
    'apiUrl=https://telegram.bottega.example',
    'apiUrl=https://telegram.bottega.example/',
    'apiUrl=https://telegram.bottega.example:8443',
    'directEndpoint=yes',
    'consoleFrameAncestors=https://office.example',
    'consoleFrameAncestors=https://office.example https://www.office.example:8443',
    'syntheticCheck=no',
    'checkSite=controllo',
    'checkUser=noi',
    'checkMinutes=15',
  ])('%s', (given) => {
    expect(faults([given])).toEqual([]);
  });
});

describe('a value that is wrong', () => {
  test.each([
    ['deliverConcurrency=1', 'deliverConcurrency is "1": give a whole number from 2 to 1000.'],
    ['drainConcurrency=1001', 'drainConcurrency is "1001": give a whole number from 2 to 1000.'],
    ['drainConcurrency=2.5', 'drainConcurrency is "2.5": give a whole number from 2 to 1000.'],
    ['botConcurrency=0', 'botConcurrency is "0": give a whole number from 1 to 100000.'],
    ['botConcurrency=tanti', 'botConcurrency is "tanti": give a whole number from 1 to 100000.'],
    ['reserveConcurrency=No', 'reserveConcurrency is "No": give yes or no.'],
    ['eventQueues=false', 'eventQueues is "false": give yes or no.'],
    ['eventQueues= no', 'eventQueues is " no": give yes or no.'],
    [
      'retentionDays=7',
      'retentionDays is "7": give whole days from 30 to 3650, or 0 to keep people for ever.',
    ],
    ['alarmEmail=bottega.example', 'alarmEmail is "bottega.example": give one e-mail address.'],
    [
      'alarmEmail=a@bottega.example,b@bottega.example',
      'alarmEmail is "a@bottega.example,b@bottega.example": give one e-mail address.',
    ],
    ['directEndpoint=off', 'directEndpoint is "off": give yes or no.'],
    ['syntheticCheck=si', 'syntheticCheck is "si": give yes or no.'],
    ['checkSite=Il controllo', 'checkSite is "Il controllo", which is not the id of a site.'],
    [`checkUser=${'x'.repeat(129)}`, 'checkUser has 129 characters: the id of a person has at most 128.'],
    ['checkMinutes=7', 'checkMinutes is "7": give 5 or 10 or 15 or 20 or 30 or 60.'],
    [
      'alarmEmail=',
      '--param="alarmEmail=" has no value: write --param="NAME=VALUE", or leave alarmEmail out.',
    ],
    ['alarmEmail', '--param="alarmEmail" has no value: write --param="NAME=VALUE", or leave alarmEmail out.'],
  ])('%s', (given, fault) => {
    expect(faults([given])).toEqual([fault]);
  });

  // It becomes a part of a Content-Security-Policy.
  test.each([
    'http://office.example',
    'https://office.example/',
    'https://office.example/console',
    'https://Office.example',
    'https://*.office.example',
    'office.example',
    '*',
    "'self'",
    'https:',
    'https://office.example,https://www.office.example',
    'https://office.example  https://www.office.example',
    "https://office.example; script-src 'unsafe-inline'",
    'https://office.example\n',
  ])('%j may not frame the console', (value) => {
    expect(faults([], { written: [{ consoleFrameAncestors: value }] })).toEqual([
      expect.stringMatching(/^consoleFrameAncestors is "/),
    ]);
  });

  test.each([
    'http://telegram.bottega.example',
    'telegram.bottega.example',
    'https://telegram.bottega.example/v1',
    'https://telegram.bottega.example//x',
    'https://user:password@telegram.bottega.example',
    'https://telegram.bottega.example?',
    'https://Telegram.bottega.example',
    'https://telegram.bottega.example:3000',
  ])('apiUrl=%s', (url) => {
    const advice =
      'give an address such as https://telegram.example, in small letters, with nothing after the name.';
    expect(faults([`apiUrl=${url}`])).toEqual([`apiUrl is "${url}": ${advice}`]);
  });

  test('no direct endpoint without another address: the API would answer nowhere', () => {
    const apiUrl = 'apiUrl=https://telegram.bottega.example';
    expect(faults(['directEndpoint=no', apiUrl])).toEqual([]);
    expect(faults(['directEndpoint=no'])).toEqual([
      'directEndpoint is "no", but apiUrl is empty: give the address under which the API answers then.',
    ]);
  });

  test.each([[], ['checkSite=controllo'], ['checkUser=noi']])(
    'no check without its site and person: %s',
    (...given) => {
      expect(faults(['syntheticCheck=yes', ...given])).toEqual([
        'syntheticCheck is "yes": give checkSite and checkUser too, the site and the person who gets its messages.',
      ]);
      expect(faults(['syntheticCheck=yes', 'checkSite=controllo', 'checkUser=noi'])).toEqual([]);
    },
  );
});

describe('the sum of the platform’s key', () => {
  const said = (value: string) => faults([`platformKeySha256=${value}`]).join();

  test.each([
    ['', 'nothing: the key was empty'],
    ['\n', 'an empty line: the key was empty'],
    ['platform-demo', 'platform-demo, the key of the local run, which everybody knows'],
  ])('is not that of %j', (key, what) => {
    expect(said(sum(key))).toBe(`platformKeySha256 is the SHA-256 of ${what}.`);
    expect(said(`${SUM},${sum(key).toUpperCase()}`)).toBe(`platformKeySha256 is the SHA-256 of ${what}.`);
  });

  test.each([SUM.slice(1), `${SUM}0`, `${SUM}, ${SUM}`, `${SUM},`, `sha256:${SUM}`, `${SUM.slice(1)}g`])(
    '%s is none',
    (value) => {
      expect(said(value)).toMatch(/^platformKeySha256 is no SHA-256: give 64 hexadecimal digits, or two /);
    },
  );

  test('may be given twice, not three times', () => {
    expect(said(`${SUM},${SUM},${SUM}`)).toMatch(/^platformKeySha256 has 3 sums: give one, or two /);
  });

  test('is not shown where it may be the key itself', () => {
    const key = 'Zk8-random-key-of-the-platform-3f';
    expect(said(key)).toContain('It is the sum of the key, not the key.');
    expect(said(key)).not.toContain(key);
  });
});

test.each([
  ['alarmMail', 'did you mean alarmEmail?'],
  ['alarmemail', 'did you mean alarmEmail?'],
  ['deliverConcurency', 'did you mean deliverConcurrency?'],
  ['platformKey', 'did you mean platformKeySha256?'],
  ['event-queues', 'did you mean eventQueues?'],
])('a parameter %s does not exist: %s', (name, advice) => {
  expect(faults([`${name}=1`])).toEqual([`There is no parameter "${name}": ${advice}`]);
});

test('a parameter that is like none of ours is answered with all of them', () => {
  expect(faults(['x=1'])).toEqual([`There is no parameter "x", only ${Object.keys(PARAMETERS).join(', ')}.`]);
});

describe('what serverless.yml says', () => {
  test('is checked like the rest, for this stage and for all; what --param says counts before it', () => {
    const written = [{ eventQueues: false, alarmMail: 'a@bottega.example' }, { retentionDays: 7 }];
    expect(faults([], { written })).toEqual([
      'There is no parameter "alarmMail": did you mean alarmEmail?',
      'eventQueues is "false": give yes or no.',
      expect.stringContaining('retentionDays is "7"'),
    ]);
    expect(faults(['eventQueues=no', 'retentionDays=90'], { written })).toHaveLength(1);
  });

  test('is left until Serverless has looked it up, where it stands elsewhere', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Serverless’s own notation.
    const written = [{ platformKeySha256: '${ssm:/platform-key-sha256}' }];
    expect(faults([], { written })).toEqual([]);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as above.
    expect(faults(['directEndpoint=no'], { written: [{ apiUrl: '${ssm:/api-url}' }] })).toEqual([]);
  });

  test('names every parameter that is checked, and no other', async () => {
    const description = await readFile(join(process.cwd(), 'serverless.yml'), 'utf8');
    const [, defaults = ''] = description.match(/^params:\n {2}default:\n((?: {4}.*\n)+)/m) ?? [];
    const names = [...defaults.matchAll(/^ {4}(\w+):/gm)].map(([, name]) => name);
    expect(names.sort()).toEqual(Object.keys(PARAMETERS).sort());
  });

  test('has a row in the guide for each', async () => {
    const guide = await readFile(join(process.cwd(), 'docs/deploy.md'), 'utf8');
    const [, section = ''] = guide.split('## 4. Parameters');
    const rows = [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    expect(rows).toEqual(expect.arrayContaining(Object.keys(PARAMETERS)));
  });
});

describe('the stage', () => {
  test('has 25 characters at most', () => {
    expect(faults([], { stage: 'x'.repeat(LONGEST_STAGE) })).toEqual([]);
    const stage = 'produzione-dei-negozi-2026';
    expect(faults([], { stage })).toEqual([
      `The stage "${stage}" has 26 characters: give a name of at most 25, because names of functions begin with it.`,
    ]);
  });

  test('is not that of the local run, for which the commands take it', () => {
    expect(faults([], { stage: 'local', command: 'offline start' })).toEqual([]);
    expect(faults([], { stage: 'local' })[0]).toMatch(/^The stage "local" is the one of `npm start`/);
  });
});

test('a deployment without a key of the platform is warned, and nothing else is', () => {
  const asked = { stage: 'prod', given: [], written: [{ platformKeySha256: '' }] };
  const warning = expect.stringMatching(
    /^platformKeySha256 is missing: nobody can create, list or delete shops/,
  );
  expect(warningsOf({ ...asked, command: 'deploy' })).toEqual([warning]);
  expect(warningsOf({ ...asked, command: 'package' })).toEqual([warning]);
  expect(warningsOf({ ...asked, command: 'info' })).toEqual([]);
  expect(warningsOf({ ...asked, command: 'deploy', given: [`platformKeySha256=${SUM}`] })).toEqual([]);
});

describe('npx serverless', () => {
  const serverless = (...args: string[]) =>
    new Promise<{ code: unknown; text: string }>((resolve) => {
      const file = join(process.cwd(), 'node_modules/serverless/bin/serverless.js');
      const env = { ...process.env, NODE_OPTIONS: '' };
      execFile(process.execPath, [file, ...args], { env }, (error, out, err) =>
        resolve({ code: error?.code ?? 0, text: out + err }),
      );
    });

  test('package says all that is wrong, each in a line, before it does anything, and shows no stack', async () => {
    const { code, text } = await serverless(
      'package',
      '--stage=produzione-dei-negozi-2026',
      '--param=platformKeySha256=',
      '--param=deliverConcurrency=1',
      '--param=retentionDays=7',
      '--param=eventQueues=nein',
      '--param=alarmMail=a@bottega.example',
    );
    expect(code).toBe(1);
    expect(text.match(/^- .*/gm)).toEqual([
      expect.stringMatching(/^- The stage "produzione-dei-negozi-2026" has 26 characters/),
      expect.stringMatching(/^- --param="platformKeySha256=" has no value/),
      '- There is no parameter "alarmMail": did you mean alarmEmail?',
      expect.stringMatching(/^- deliverConcurrency is "1"/),
      expect.stringMatching(/^- eventQueues is "nein"/),
      expect.stringMatching(/^- retentionDays is "7"/),
    ]);
    expect(text).toContain('Error:\nNothing was done, because of what was given:\n- ');
    expect(text).not.toMatch(/Packaging|^\s+at /m);
  });

  test('itself refuses a stage with other characters', async () => {
    const { code, text } = await serverless('package', '--stage', 'prova_1');
    expect(code).toBe(1);
    // Once: with sls:stage in serverless.yml it would come for every place where that stands.
    expect(text.match(/Stage names may contain only ASCII letters, numbers, and hyphens\./g)).toHaveLength(1);
    expect(text).not.toMatch(/^\s+at /m);
  });

  test('goes on where all is right', async () => {
    const { code, text } = await serverless(
      'print',
      '--path=functions.sites.environment.PLATFORM_KEY_SHA256',
      '--format=text',
      `--param=platformKeySha256=${SUM},${sum('next')}`,
    );
    expect([code, text.trim()]).toEqual([0, `${SUM},${sum('next')}`]);
  });
});
