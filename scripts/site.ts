/** `npm run site`: manages sites for the platform from a terminal, in the tables of a stage. See HELP. */

import { parseArgs } from 'node:util';
import { ConflictError } from '../lib/domain/errors.ts';
import { HttpProblem, type Problem } from '../lib/http/problems.ts';
import { readFields } from '../lib/http/validation.ts';
import { missingSite } from '../lib/sites/former-site.ts';
import { addKey, keyIdsOf, knownSite, removeKey } from '../lib/sites/keys.ts';
import { withoutSlash } from '../lib/sites/own-addresses.ts';
import { type ChangedSite, changeSite, putSite } from '../lib/sites/put-site.ts';
import { checkedSiteId, type SitePut, siteBody } from '../lib/sites/schemas.ts';
import { viewOf } from '../lib/sites/view.ts';
import { updateSite } from '../lib/store/sites.ts';
import { readSecrets } from './read-secrets.ts';
import { explain, UsageError } from './site-errors.ts';
import { enterStage } from './stage.ts';

const HELP = `npm run site -- COMMAND SITE [options]

  create SITE --name NAME --url URL [--module-off]   a new site; prints its first key, once
  rename SITE [--name NAME] [--url URL]              changes its name or address; after a move to another host, prints
                                                     what has to be changed at @BotFather
  module SITE on|off                                 switches its Telegram module; off keeps everything
  keys SITE                                          the ids of its keys
  keys SITE --add                                    a second key, printed once
  keys SITE --remove KEYID                           takes a key away, never the last one
  show SITE                                          its settings, and nothing secret
  pace SITE N|default                                messages a second of its bot, where Telegram granted more than 30
  bot SITE --username NAME [--take-over] [--api URL] saves its bot, over the API: the site's key and the bot's token
                                                     are asked for, or are two lines of standard input; --take-over
                                                     takes it from another site or program that has it

Options
  --stage STAGE    local (the default: a running "npm start"), or the stage of a deployment, with AWS credentials
                   as the AWS CLI finds them (AWS_PROFILE and the like). A run on other ports than the usual is
                   found by DYNAMODB_PORT, which npm start prints
  --region REGION  eu-south-1 by default
  --api URL        the address of the API; that of the local run by default
  --help           this text`;

const OPTIONS = {
  stage: { type: 'string', default: 'local' },
  region: { type: 'string', default: 'eu-south-1' },
  api: { type: 'string', default: `http://127.0.0.1:${process.env.PORT || 3000}` },
  name: { type: 'string' },
  url: { type: 'string' },
  username: { type: 'string' },
  'module-off': { type: 'boolean', default: false },
  'take-over': { type: 'boolean', default: false },
  add: { type: 'boolean', default: false },
  remove: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

const readArguments = () => parseArgs({ options: OPTIONS, allowPositionals: true });
type Options = ReturnType<typeof readArguments>['values'];
type Command = (siteId: string, options: Options, more: string[]) => Promise<void>;

const commands: Record<string, Command> = {
  async create(siteId, { name, url, 'module-off': isOff }) {
    if (!name || !url) throw new UsageError('A new site needs --name and --url.');
    const given = readFields(siteBody, { name, url, moduleActive: !isOff });
    const { key } = await putSite(siteId, given, (site) => {
      if (site) throw new ConflictError(`There is a site ${siteId} already: see it with "show ${siteId}".`);
    });
    console.log(`The site ${siteId} is there, with its module ${isOff ? 'off' : 'on'}.`);
    if (key) printKey(key);
  },

  async rename(siteId, { name, url }) {
    if (!name && !url) throw new UsageError('Say --name, --url, or both.');
    const { reminders = [] } = await change(siteId, { ...(name && { name }), ...(url && { url }) });
    console.log(`The site ${siteId} has changed.`);
    for (const reminder of reminders) console.log(`\n- ${reminder}`);
  },

  async module(siteId, _options, [state]) {
    if (state !== 'on' && state !== 'off') throw new UsageError('Say on or off after the site.');
    await change(siteId, { moduleActive: state === 'on' });
    console.log(`The module of ${siteId} is ${state}.`);
  },

  async keys(siteId, { add, remove }) {
    if (add) printKey(await addKey(siteId));
    if (remove !== undefined) await removeKey(siteId, remove);
    for (const keyId of keyIdsOf(await knownSite(siteId))) console.log(keyId);
  },

  async pace(siteId, _options, [given = '']) {
    const messagesPerSecond = given === 'default' ? undefined : Number(given);
    const isPossible = messagesPerSecond === undefined || /^[1-9]\d{0,3}$/.test(given);
    if (!isPossible) throw new UsageError('Say a whole number from 1 to 9999 after the site, or default.');
    if (!(await updateSite(siteId, () => ({ messagesPerSecond })))) throw await missingSite(siteId);
    console.log(
      `The bot of ${siteId} sends ${messagesPerSecond ?? 'Telegram’s usual 30'} messages a second.`,
    );
  },

  async show(siteId) {
    const site = await knownSite(siteId);
    const { messagesPerSecond } = site;
    const pace = messagesPerSecond !== undefined && { messagesPerSecond };
    const shown = {
      ...viewOf(site),
      ...pace,
      keys: keyIdsOf(site),
      templates: site.templates.map(({ id }) => id),
    };
    for (const [field, value] of Object.entries(shown)) console.log(`${field.padEnd(20)} ${asText(value)}`);
  },

  async bot(siteId, { username, api, 'take-over': takeOver }) {
    if (!username) throw new UsageError('Say the --username of the bot.');
    const [key = '', token = ''] = await readSecrets(['Site key', 'Bot token']);
    const answer = await fetch(`${withoutSlash(api)}/v1/sites/${siteId}/bot`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ token, username, ...(takeOver && { takeOver }) }),
    });
    if (!answer.ok) throw new HttpProblem((await answer.json()) as Problem);
    console.log(`The bot of ${siteId} is saved. People link to it from now on.`);
  },
};

async function change(siteId: string, changes: Partial<SitePut>): Promise<ChangedSite> {
  const changed = await changeSite(siteId, ({ name, url, moduleActive }) =>
    readFields(siteBody, { name, url, moduleActive, ...changes }),
  );
  if (!changed) throw await missingSite(siteId);
  return changed;
}

function printKey({ siteKey, keyId }: { siteKey: string; keyId: string }): void {
  console.log(`Its key, which is shown this once (it will be called ${keyId}):\n\n  ${siteKey}\n`);
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

async function run(): Promise<void> {
  const { values, positionals } = readArguments();
  const [name, siteId, ...more] = positionals;
  if (values.help || name === undefined) return console.log(HELP);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new UsageError(`There is no command ${name}.`);
  if (!siteId) throw new UsageError(`Say which site: npm run site -- ${name} SITE`);
  enterStage(values);
  await command(checkedSiteId(siteId), values, more);
}

try {
  await run();
} catch (error) {
  for (const line of explain(error)) console.error(line);
  process.exitCode = 1;
}
