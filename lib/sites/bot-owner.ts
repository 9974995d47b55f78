import { ConflictError } from '../domain/errors.ts';
import { log } from '../observability/logger.ts';
import { type BotOwner, changeBotOwner, readBotOwner, type StoredBotOwner } from '../store/bot-owners.ts';
import { recordBotTakenOver } from '../store/bot-problem.ts';
import { changedByOthers, MAX_ROUNDS } from '../store/rounds.ts';
import { type BotOfSite, readSite, type Site, sendingBot } from '../store/sites.ts';
import { describeTaken, hostOf } from './mend-webhook.ts';
import { isOurs, isWebhookHere, type OwnAddresses, siteIdIn } from './own-addresses.ts';

/**
 * How long a site that is saving a bot keeps other sites from it, in milliseconds: longer than the function may run. If
 * it died, the bot is free for others afterwards.
 */
const SAVING_MILLISECONDS = 60_000;

/** Another site has the bot. Its name is not told: shops don't learn about each other. */
export function botOfAnotherSite(): ConflictError {
  const text = {
    en: 'Nothing was changed, because another site has this bot, and a bot belongs to one site. Save another bot; or, if this one is yours, send the same request with "takeOver": true: the other site then sends nothing more with it.',
    it: 'Non è stato modificato nulla, perché questo bot è di un altro sito, e un bot appartiene a un sito solo. Salvare un altro bot; oppure, se questo è il proprio, inviare la stessa richiesta con "takeOver": true: l\'altro sito allora non invia più nulla con esso.',
  };
  return new ConflictError(text, 'bot-of-another-site');
}

/** Another site is saving the bot: to take it over now would leave both half done. */
export function botBeingSaved(): ConflictError {
  const text = {
    en: 'Nothing was changed, because another site is saving this bot at the same moment. Send the same request again in a minute.',
    it: 'Non è stato modificato nulla, perché nello stesso momento un altro sito sta salvando questo bot. Inviare di nuovo la stessa richiesta tra un minuto.',
  };
  return new ConflictError(text, 'bot-being-saved');
}

/** The webhook of the bot leads to another program. @param host all that may be shown of its address. */
export function webhookOfAnotherProgram(host: string): ConflictError {
  const taken = describeTaken(host);
  const text = {
    en: `Nothing was changed. ${taken.en} Save another bot; or, if that program does not need this one any more, send the same request with "takeOver": true: what people write then comes here.`,
    it: `Non è stato modificato nulla. ${taken.it} Salvare un altro bot; oppure, se quel programma non ha più bisogno di questo, inviare la stessa richiesta con "takeOver": true: quello che le persone scrivono allora arriva qui.`,
  };
  return new ConflictError(text, 'webhook-of-another-program');
}

/** A bot, for the time in which it is saved for a site. */
export interface Claim {
  siteId: string;
  botId: string;
  before: StoredBotOwner;
  stored: StoredBotOwner;
}

export interface Claiming {
  /** The present webhook of the bot; empty: none. */
  url: string;
  own: OwnAddresses;
  takeOver: boolean;
}

/**
 * Makes a site the owner of a bot, before it is saved there. Of several sites that do this at the same instant, one gets
 * it. Until `endClaim` or `undoClaim`, or for a minute, no other site may save the bot.
 *
 * @throws ConflictError where another site or program has the bot, and it shall not be taken over.
 */
export async function claimBot(site: Site, botId: string, claiming: Claiming): Promise<Claim> {
  const { siteId } = site;
  const { url, own, takeOver } = claiming;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const before = await readBotOwner(botId);
    if (isSaving(before) && before.owner !== siteId) throw takeOver ? botBeingSaved() : botOfAnotherSite();
    const holder = await holderOf(botId, before, url);
    if (!takeOver) {
      if (holder !== undefined && holder !== siteId) throw botOfAnotherSite();
      if (isOfAnotherProgram(site, botId, url, own)) throw webhookOfAnotherProgram(hostOf(url));
    }
    const former = holder === siteId ? before.former : holder;
    const savingUntil = Date.now() + SAVING_MILLISECONDS;
    const stored = await changeBotOwner(botId, before, { owner: siteId, savingUntil, former });
    if (stored) return { siteId, botId, before, stored };
  }
  throw changedByOthers(`The owner of the bot ${botId}`);
}

function isOfAnotherProgram({ siteId, bot }: Site, botId: string, url: string, own: OwnAddresses): boolean {
  if (url === '' || isWebhookHere(url, own)) return false;
  return !isOurs(url, siteId, bot?.id === botId ? bot : {}, own);
}

function isSaving({ savingUntil = 0 }: BotOwner): boolean {
  return savingUntil > Date.now();
}

/** The bot is saved. The site that had it before is told, and sends nothing more. @throws ServiceUnreachableError */
export async function endClaim({ siteId, botId, stored }: Claim): Promise<void> {
  const { former } = stored;
  if (former !== undefined) {
    const site = await readSite(former);
    const isStillOurs = (await readBotOwner(botId)).owner === siteId;
    if (isStillOurs && site?.bot?.id === botId) await recordBotTakenOver({ siteId: former, bot: site.bot });
  }
  await changeOrLog(botId, stored, { ...stored, savingUntil: undefined });
}

/** The bot was not saved: it belongs again to whom it belonged before. */
export async function undoClaim({ botId, before, stored }: Claim): Promise<void> {
  await changeOrLog(botId, stored, { ...before, savingUntil: undefined });
}

/** Nothing depends on this write: after a minute the claim is over by itself, and the owner is who has the bot. */
async function changeOrLog(botId: string, stored: StoredBotOwner, next: BotOwner): Promise<void> {
  try {
    await changeBotOwner(botId, stored, next);
  } catch (error) {
    log.warn('claim of a bot not ended: it ends within a minute', { botId, error });
  }
}

/** The site has another bot now: whoever wants this one may have it. @throws ServiceUnreachableError */
export async function releaseBot(siteId: string, botId: string): Promise<void> {
  const stored = await readBotOwner(botId);
  // Another request of the site may be saving it again.
  if (stored.owner === siteId && !isSaving(stored)) await changeBotOwner(botId, stored, {});
}

/**
 * Whether a site's bot belongs to it. Where nobody knows yet, it does from now on, unless its webhook leads to another
 * site that has it. Where it belongs to another site, that is recorded.
 *
 * @param url the present webhook of the bot; empty: none.
 * @returns `false` also while another site is saving the bot.
 * @throws ServiceUnreachableError
 */
export async function settleOwner(site: BotOfSite, url: string): Promise<boolean> {
  const { siteId, bot } = site;
  if (bot.takenOver) return false;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const stored = await readBotOwner(bot.id);
    if (stored.owner === siteId) return true;
    if (isSaving(stored)) return false;
    const holder = await holderOf(bot.id, stored, url);
    if (holder !== undefined && holder !== siteId) {
      await recordBotTakenOver(site);
      return false;
    }
    if (await changeBotOwner(bot.id, stored, { owner: siteId })) return true;
  }
  throw changedByOthers(`The owner of the bot ${bot.id}`);
}

/**
 * The site that has a bot. An owner that does not have it has died while saving it, or has another bot by now. Then it is
 * the site from which that one wanted to take it; and of sites that shared a bot in the former release, the one to which
 * the webhook leads.
 */
async function holderOf(
  botId: string,
  { owner, former }: BotOwner,
  url: string,
): Promise<string | undefined> {
  for (const siteId of [owner, former, siteIdIn(url)]) {
    const site = siteId === undefined ? undefined : await readSite(siteId);
    if (site && sendingBot(site)?.id === botId) return siteId;
  }
  return undefined;
}
