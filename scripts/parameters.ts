/** The parameters of a deployment (docs/deploy.md, section 4): what each may be, and what is said of one that is wrong. */
import { hash } from 'node:crypto';
import * as z from 'zod/mini';
import { nearest } from '../lib/domain/did-you-mean.ts';
import { SITE_ID } from '../lib/domain/site-id.ts';
import { withoutSlash } from '../lib/sites/own-addresses.ts';
import { readRetentionDays } from '../lib/users/retention-rules.ts';

/** What is wrong with a value, and what to give instead, in one sentence; `undefined` for a good value. */
type Check = (value: string, name: string) => string | undefined;

/** Keys that are none, with what is said of them. */
const NO_KEYS: readonly [key: string, what: string][] = [
  ['', 'nothing: the key was empty'],
  ['\n', 'an empty line: the key was empty'],
  ['platform-demo', 'platform-demo, the key of the local run, which everybody knows'],
];

/** Every parameter of `serverless.yml`. The empty text is the default of those that may be left out. */
export const PARAMETERS: Readonly<Record<string, Check>> = {
  platformKeySha256: optional(sumsOfPlatformKeys),
  deliverConcurrency: wholeNumber(2, 1_000),
  drainConcurrency: wholeNumber(2, 1_000),
  // With 0, Lambda would never start the function.
  botConcurrency: wholeNumber(1, 100_000),
  reserveConcurrency: oneOf('yes', 'no'),
  eventQueues: oneOf('yes', 'no'),
  retentionDays(value) {
    try {
      readRetentionDays(value);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  },
  alarmEmail: optional((value, name) =>
    z.email().safeParse(value).success ? undefined : `${name} is "${value}": give one e-mail address.`,
  ),
  apiUrl: optional(httpsOrigin),
  directEndpoint: oneOf('yes', 'no'),
  consoleFrameAncestors: optional(originsOfPages),
  managerBotUsername: optional((value, name) =>
    /^[A-Za-z]\w{3,30}[A-Za-z0-9]$/.test(value)
      ? undefined
      : `${name} is "${value}": give the username of the bot without @, such as passweb_manager_bot.`,
  ),
  // The value is not repeated: it may be the token itself, given by mistake.
  managerBotToken: (value, name) =>
    value === 'yes' || value === 'no'
      ? undefined
      : `${name} is neither yes nor no. The token itself goes into Secrets Manager (docs/deploy.md, "Manager bot"), and never here.`,
  syntheticCheck: oneOf('yes', 'no'),
  clickIndex: oneOf('yes', 'no'),
  checkSite: optional((value, name) =>
    SITE_ID.test(value) ? undefined : `${name} is "${value}", which is not the id of a site.`,
  ),
  checkUser: optional((value, name) =>
    value.length <= 128
      ? undefined
      : `${name} has ${value.length} characters: the id of a person has at most 128.`,
  ),
  // serverless.yml lists them, each with the period of its alarm.
  checkMinutes: oneOf('5', '10', '15', '20', '30', '60'),
};

/** A Lambda's name has at most 64 characters, and our longest is passweb-telegram-STAGE-activity-reminder-due. */
export const LONGEST_STAGE = 25;

/** What is asked for. Values are texts as Serverless reads them: of the command line, and of `params` in serverless.yml. */
export interface Asked {
  stage: string;
  /** `deploy`, `package`, … */
  command: string;
  /** Of `--param`, each `NAME=VALUE`. */
  given: readonly string[];
  /** Those of the stage and of all stages, in the order in which Serverless looks for a value. */
  written: readonly Readonly<Record<string, unknown>>[];
}

/** Everything that is wrong, a sentence each. */
export function faultsOf({ stage, command, given, written }: Asked): string[] {
  const pairs = given.map((text) => ({ text, ...splitPair(text) }));
  const names = [...pairs.map(({ name }) => name), ...written.flatMap(Object.keys)];
  const values = valuesOf({ given, written });
  return [
    ...stageFaults(stage, command),
    ...pairs.flatMap(({ text, name, value }) =>
      value === '' ? `--param="${text}" has no value: write --param="NAME=VALUE", or leave ${name} out.` : [],
    ),
    ...[...new Set(names)].flatMap((name) => (Object.hasOwn(PARAMETERS, name) ? [] : unknown(name))),
    ...Object.entries(PARAMETERS).flatMap(([name, check]) => {
      const value = values[name];
      return value === undefined || isElsewhere(value) ? [] : (check(value, name) ?? []);
    }),
    ...missingFaults(values),
  ];
}

/** Parameters that are needed because of others. */
function missingFaults(values: Readonly<Record<string, string>>): string[] {
  const faults: string[] = [];
  if (values.directEndpoint === 'no' && !values.apiUrl)
    faults.push(
      'directEndpoint is "no", but apiUrl is empty: give the address under which the API answers then.',
    );
  if (values.managerBotToken === 'yes' ? !values.managerBotUsername : Boolean(values.managerBotUsername))
    faults.push(
      'managerBotUsername and managerBotToken belong together: give the username of the manager bot, and "yes" where its token is in Secrets Manager.',
    );
  if (values.syntheticCheck === 'yes' && !(values.checkSite && values.checkUser))
    faults.push(
      'syntheticCheck is "yes": give checkSite and checkUser too, the site and the person who gets its messages.',
    );
  return faults;
}

/** What can't be done with these parameters, though they are right. */
export function warningsOf({ command, given, written }: Asked): string[] {
  if (command !== 'deploy' && command !== 'package') return [];
  if (valuesOf({ given, written }).platformKeySha256) return [];
  return [
    'platformKeySha256 is missing: nobody can create, list or delete shops over HTTPS, or change their keys, and a ' +
      'platform that could until now is refused after this deployment; `npm run site` still can (docs/deploy.md, section 4).',
  ];
}

/** The values that are in force, by name. */
function valuesOf({ given, written }: Pick<Asked, 'given' | 'written'>): Record<string, string> {
  const values: Record<string, string> = {};
  for (const source of written.toReversed())
    for (const [name, value] of Object.entries(source)) if (value != null) values[name] = String(value);
  for (const { name, value } of given.map(splitPair)) if (value !== '') values[name] = value;
  return values;
}

/** Whether Serverless still has to look for the value (`${ssm:…}`): it is checked when it is there. */
function isElsewhere(value: string): boolean {
  return value.includes('${');
}

/** As Serverless does: the name ends at the first `=`, and what is empty at the end of the value doesn't count. */
function splitPair(text: string): { name: string; value: string } {
  const [, name = text, value = ''] = text.match(/^([^=]*)=(.*)$/s) ?? [];
  return { name, value: value.trimEnd() };
}

/** Serverless itself refuses other characters than letters, digits and hyphens. */
function stageFaults(stage: string, command: string): string[] {
  if (stage.length > LONGEST_STAGE)
    return [
      `The stage "${stage}" has ${stage.length} characters: give a name of at most ${LONGEST_STAGE}, because names of functions begin with it.`,
    ];
  // `npm run site -- --stage local` and the other commands mean the local run by it.
  if (stage === 'local' && command === 'deploy')
    return ['The stage "local" is the one of `npm start`, on this machine: give another name.'];
  return [];
}

function unknown(name: string): string {
  const names = Object.keys(PARAMETERS);
  const meant = nearest(name, names);
  return `There is no parameter "${name}"${meant ? `: did you mean ${meant}?` : `, only ${names.join(', ')}.`}`;
}

function optional(check: Check): Check {
  return (value, name) => (value === '' ? undefined : check(value, name));
}

function oneOf(...values: string[]): Check {
  return (value, name) =>
    values.includes(value) ? undefined : `${name} is "${value}": give ${values.join(' or ')}.`;
}

function wholeNumber(least: number, most: number): Check {
  return (value, name) =>
    /^[1-9]\d*$/.test(value) && Number(value) >= least && Number(value) <= most
      ? undefined
      : `${name} is "${value}": give a whole number from ${least} to ${most}.`;
}

/** The value is not repeated: it may be the key itself, given by mistake. */
function sumsOfPlatformKeys(value: string, name: string): string | undefined {
  const sums = value.split(',');
  if (sums.length > 2) return `${name} has ${sums.length} sums: give one, or two while the key changes.`;
  if (!sums.every((sum) => /^[0-9a-f]{64}$/i.test(sum)))
    return (
      `${name} is no SHA-256: give 64 hexadecimal digits, or two such with a comma between. It is the sum of the ` +
      'key, not the key.'
    );
  const given = sums.map((sum) => sum.toLowerCase());
  const [, what] = NO_KEYS.find(([key]) => given.includes(hash('sha256', key))) ?? [];
  return what && `${name} is the SHA-256 of ${what}.`;
}

/** They become a part of the Content-Security-Policy: whatever else is in it could allow more. */
function originsOfPages(value: string, name: string): string | undefined {
  const isOrigin = (text: string) =>
    /^https:\/\/[a-z0-9.-]+(?::\d{1,5})?$/.test(text) && URL.canParse(text) && new URL(text).origin === text;
  return value.split(' ').every(isOrigin)
    ? undefined
    : `${name} is "${value}": give origins such as https://office.example, in small letters, with one space between.`;
}

/** Where Telegram sends updates: it takes only these ports. @see https://core.telegram.org/bots/api#setwebhook */
function httpsOrigin(value: string, name: string): string | undefined {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isOrigin = url?.protocol === 'https:' && url.origin === withoutSlash(value);
  return isOrigin && ['', '80', '88', '8443'].includes(url.port)
    ? undefined
    : `${name} is "${value}": give an address such as https://telegram.example, in small letters, with nothing after the name.`;
}
