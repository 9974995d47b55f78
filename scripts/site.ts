/** `npm run site`: manages sites for the platform from a terminal, in the tables of a stage. See HELP. */

import { DEFAULT_PER_SECOND } from '../lib/deliveries/rate-limit-slots.ts';
import { readFields } from '../lib/http/validation.ts';
import { beginErasure } from '../lib/sites/erase-site.ts';
import { missingSite } from '../lib/sites/former-site.ts';
import { addKey, keyIdsOf, knownSite, removeKey } from '../lib/sites/keys.ts';
import { type ChangedSite, changeSite, putSite } from '../lib/sites/put-site.ts';
import { checkedSiteId, type SitePut, siteBody } from '../lib/sites/schemas.ts';
import { viewOf } from '../lib/sites/view.ts';
import { allSites, isActive, type ListedSite, type Site, updateSite } from '../lib/store/sites.ts';
import { askApi, refusalIn } from './call-api.ts';
import { counted, runCommand, UsageError, wholeNumber } from './command-line.ts';
import { checkedAddress, deployedAddress } from './deployed-address.ts';
import { explain } from './explain.ts';
import { readSecrets } from './read-secrets.ts';
import { enterStage, STAGE_HELP, STAGE_OPTIONS } from './stage.ts';

const HELP = `npm run site -- COMMAND SITE [options]

  list [TEXT]                                        all sites, or those with TEXT in their id, name, address or bot
  show SITE                                          its settings, and nothing secret
  create SITE --name NAME --url URL [--module-off]   a new site; prints its first key, once
  rename SITE [--name NAME] [--url URL]              changes its name or address; after a move to another host, prints
                                                     what has to be changed at @BotFather
  module SITE on|off                                 switches its Telegram module; off keeps everything
  keys SITE                                          the ids of its keys
  keys SITE --add                                    a second key, printed once
  keys SITE --remove KEYID                           takes a key away, never the last one
  pace SITE N|default                                messages a second of its bot, from 1 to Telegram's ${DEFAULT_PER_SECOND}: fewer where
                                                     another program sends with the same bot
  bot SITE --username NAME [--take-over] [--api URL] saves its bot, over the API: the site's key and the bot's token
                                                     are asked for, or are two lines of standard input; --take-over
                                                     takes it from another site or program that has it
  delete SITE --yes                                  shuts it at once, and erases all that belongs to it within a
                                                     day; this can't be taken back

Options
${STAGE_HELP}
  --api URL        the address of the API; that of the local run by default
  --help           this text`;

const OPTIONS = {
  ...STAGE_OPTIONS,
  api: { type: 'string' },
  name: { type: 'string' },
  url: { type: 'string' },
  username: { type: 'string' },
  'module-off': { type: 'boolean', default: false },
  'take-over': { type: 'boolean', default: false },
  add: { type: 'boolean', default: false },
  remove: { type: 'string' },
  yes: { type: 'boolean', default: false },
} as const;

interface Options {
  stage?: string;
  region?: string;
  api?: string;
  name?: string;
  url?: string;
  username?: string;
  'module-off': boolean;
  'take-over': boolean;
  add: boolean;
  remove?: string;
  yes: boolean;
}

/** Who works here: AWS knows them, and the audit only that it was done from a terminal. */
const BY = { caller: 'terminal' } as const;

type Command = (siteId: string, options: Options, more: string) => Promise<void>;

/** The options of each command besides those of the stage: others are refused. */
const OWN_OPTIONS: Record<string, (keyof Options)[]> = {
  create: ['name', 'url', 'module-off'],
  rename: ['name', 'url'],
  keys: ['add', 'remove'],
  bot: ['username', 'take-over', 'api'],
  delete: ['yes'],
};

/** The commands that take something after the site. */
const TAKE_MORE = ['module', 'pace'];

const commands: Record<string, Command> = {
  async create(siteId, { name, url, 'module-off': isOff }) {
    if (!name || !url) throw new UsageError('A new site needs --name and --url.');
    const given = readFields(siteBody, { name, url, moduleActive: !isOff });
    const check = (site: Site | undefined) => {
      if (site) throw new Error(`There is a site ${siteId} already: see it with "show ${siteId}".`);
    };
    const { key } = await putSite(siteId, given, { by: BY, check });
    console.log(`The site ${siteId} is there, with its module ${isOff ? 'off' : 'on'}.`);
    if (key) printKey(key);
  },

  async rename(siteId, { name, url }) {
    if (!name && !url) throw new UsageError('Say --name, --url, or both.');
    const { reminders = [] } = await change(siteId, { ...(name && { name }), ...(url && { url }) });
    console.log(`The site ${siteId} has changed.`);
    for (const reminder of reminders) console.log(`\n- ${reminder.en}`);
  },

  async module(siteId, _options, state) {
    if (state !== 'on' && state !== 'off') throw new UsageError('Say on or off after the site.');
    await change(siteId, { moduleActive: state === 'on' });
    console.log(`The module of ${siteId} is ${state}.`);
  },

  async keys(siteId, { add, remove }) {
    if (remove === '') throw new UsageError('--remove is empty: say which KEYID.');
    if (add) printKey(await addKey(siteId, { by: BY }));
    if (remove !== undefined) await removeKey(siteId, remove, BY);
    for (const keyId of keyIdsOf(await knownSite(siteId))) console.log(keyId);
  },

  async pace(siteId, _options, given) {
    const isUsual = given === 'default';
    if (Number(given) > DEFAULT_PER_SECOND)
      throw new UsageError(
        `Telegram takes ${DEFAULT_PER_SECOND} messages a second from a bot, and answers 429 to more: say 1 to ${DEFAULT_PER_SECOND}, or default.`,
      );
    const messagesPerSecond = isUsual ? undefined : wholeNumber(given, 'N', { most: DEFAULT_PER_SECOND });
    if (!(await updateSite(siteId, () => ({ messagesPerSecond }), BY))) throw await missingSite(siteId);
    console.log(
      `The bot of ${siteId} sends ${messagesPerSecond ?? `Telegram’s usual ${DEFAULT_PER_SECOND}`} messages a second.`,
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
    const apiUrl = api === undefined ? await deployedAddress() : checkedAddress(api);
    const [key = '', token = ''] = await readSecrets(['Site key', 'Bot token']);
    const answer = await askApi(`${apiUrl}/v1/sites/${siteId}/bot`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ token, username, ...(takeOver && { takeOver }) }),
    });
    if (!answer.ok) throw await refusalIn(answer);
    console.log(`The bot of ${siteId} is saved. People link to it from now on.`);
  },

  async delete(siteId, { yes }) {
    if (!yes) {
      const { name, url } = await knownSite(siteId);
      throw new UsageError(
        `This erases ${siteId} (${name}, ${url}) with its people, templates and log, and can't be taken back. Say --yes to do it.`,
      );
    }
    await beginErasure(siteId, BY);
    console.log(
      `The site ${siteId} is shut. All that belongs to it is erased within a day, usually within half an hour.`,
    );
  },
};

/** @param text in the id, the name, the address or the bot; in capital letters or not. */
async function list(text = ''): Promise<void> {
  const sites: ListedSite[] = [];
  let all = 0;
  for await (const site of allSites()) {
    all += 1;
    const { siteId, name, url, bot } = site;
    const searched = [siteId, name, url, bot?.username ?? ''].join('\n').toLowerCase();
    if (searched.includes(text.toLowerCase())) sites.push(site);
  }
  sites.sort((one, other) => (one.siteId < other.siteId ? -1 : 1));
  for (const site of sites)
    console.log([site.siteId, stateOf(site), botOf(site), site.url, site.name].join('\t'));
  const found = `${counted(all, 'site')}.`;
  console.error(text ? `${sites.length} of ${found}` : found);
}

function stateOf(site: ListedSite): string {
  if (isActive(site)) return 'on';
  return site.moduleActive ? 'off (by the merchant)' : 'off (module)';
}

function botOf({ bot }: ListedSite): string {
  return bot ? `@${bot.username}` : 'no bot';
}

async function change(siteId: string, changes: Partial<SitePut>): Promise<ChangedSite> {
  const changed = await changeSite(
    siteId,
    ({ name, url, moduleActive }) => readFields(siteBody, { name, url, moduleActive, ...changes }),
    { by: BY },
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

async function run(values: Options, [name, siteId, more]: string[]): Promise<void> {
  if (name === undefined) return console.log(HELP);
  const isList = name === 'list';
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command && !isList) throw new UsageError(`There is no command ${name}.`);
  refuseOthers(name, values);
  const isMore = more !== undefined;
  if (isMore !== TAKE_MORE.includes(name) && siteId)
    throw new UsageError(isMore ? `Unexpected argument '${more}' after ${name} ${siteId}.` : MISSING[name]);
  if (!siteId && !isList) throw new UsageError(`Say which site: npm run site -- ${name} SITE`);
  enterStage(values);
  await (command ? command(checkedSiteId(siteId ?? ''), values, more ?? '') : list(siteId));
}

const MISSING: Record<string, string> = {
  module: 'Say on or off after the site.',
  pace: `Say a whole number from 1 to ${DEFAULT_PER_SECOND} after the site, or default.`,
};

function refuseOthers(name: string, values: Options): void {
  const own = [...Object.keys(STAGE_OPTIONS), ...(OWN_OPTIONS[name] ?? [])];
  for (const [option, value] of Object.entries(values))
    if (value !== undefined && value !== false && !own.includes(option))
      throw new UsageError(`${name} has no option --${option}.`);
}

await runCommand(
  { name: 'site', help: HELP, options: OPTIONS, maxArguments: 3 },
  ({ values, positionals }) => run(values, positionals),
  (error) => explain(error, 'site', 'CloudFormation'),
);
