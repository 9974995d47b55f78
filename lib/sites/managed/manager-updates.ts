/** What the manager bot does with its updates. Each may come twice, and any step may be the last one of a function. */
import { once } from '../../bot/run-once.ts';
import { isTooLate, timeOf } from '../../bot/update-age.ts';
import { ServiceUnreachableError } from '../../domain/errors.ts';
import { spokenLanguage } from '../../i18n/languages.ts';
import { MANAGER_TEXTS } from '../../i18n/manager-texts.ts';
import { log } from '../../observability/logger.ts';
import { redact } from '../../observability/redact.ts';
import {
  assignBot,
  bindPerson,
  findManagedRequest,
  findRequestOfLink,
  findRequestOfPerson,
  type ManagedBotRequest,
  noteMadeBot,
} from '../../store/managed-bots.ts';
import { readSite } from '../../store/sites.ts';
import { callTelegram, type Keyboard, sendMessage } from '../../telegram/client.ts';
import { escapeHtml, unlinked } from '../../telegram/html/index.ts';
import { RetryBudget } from '../../telegram/retry-budget.ts';
import type { ManagerUpdate } from '../../telegram/update-schema.ts';
import { tokenAlone, tokenIn } from '../../users/link-token.ts';
import { isFinal, isOfTelegram } from '../bot-errors.ts';
import type { OwnAddresses } from '../own-addresses.ts';
import { requireManager } from './manager.ts';
import { useCurrentToken } from './renew-token.ts';
import { isExpired, LINK_TOKEN, newBotUrl, requestIdOf, STEP_MILLISECONDS } from './request.ts';
import { setUpManagedBot } from './set-up.ts';

type Person = NonNullable<ManagerUpdate['managed_bot']>['user'];

/** What nobody has asked for is answered at most so often in a chat: seconds. */
const FREE_TEXT_SECONDS = 60;
/** Longer than the time after which an update is left unanswered: seconds. */
const FREE_TEXT_KEPT_SECONDS = 600;
/** As long as Telegram repeats an update, and once more: seconds. */
const REPLY_KEPT_SECONDS = 48 * 3_600;

/**
 * Handles an update of the manager bot. One that comes a second time has no second effect.
 *
 * @throws ServiceUnreachableError, BusyError: Telegram has to send the same update again.
 */
export async function handleManagerUpdate(update: ManagerUpdate, own: OwnAddresses): Promise<void> {
  const { message, managed_bot: managed, update_id: updateId } = update;
  if (managed) await takeManagedBot(managed.user, managed.bot, own);
  else if (message?.chat.type === 'private' && message.from) await takeMessage(message.from, update);
  log.info('update of the manager bot handled', { updateId });
}

/** Opens a link, or says what this bot is for. */
async function takeMessage(person: Person, update: ManagerUpdate): Promise<void> {
  const { update_id: updateId, message } = update;
  const writtenAt = timeOf({ update_id: updateId, message });
  const text = message?.text ?? '';
  const [, payload] = text.match(/^\/start(?:@\w+)?\s+(\S.*)$/s) ?? [];
  const token = payload === undefined ? tokenAlone(text) : tokenIn(payload);
  if (token !== undefined) return openLink(person, token, writtenAt);
  if (isTooLate(writtenAt)) return;
  const again = { cause: String(updateId), afterSeconds: FREE_TEXT_SECONDS };
  const answer = () => remind(person);
  await once(`free-text#manager#${person.id}`, FREE_TEXT_KEPT_SECONDS, answer, again);
}

/** Who is bound to a shop that waits for its bot gets the button again. */
async function remind(person: Person): Promise<void> {
  const request = await findRequestOfPerson(person.id);
  const isWaiting = request && !request.bot && !isExpired(request, Date.now());
  return isWaiting ? offerBot(person, request) : reply(person, textsFor(person).about);
}

async function openLink(person: Person, token: string, writtenAt: number): Promise<void> {
  const { linkRefused } = textsFor(person);
  const request = LINK_TOKEN.test(token) ? await findRequestOfLink(requestIdOf(token)) : undefined;
  if (!request) return reply(person, linkRefused.unknown);
  // A link that was opened in time counts, also where Telegram could not hand that over at once.
  if (isExpired(request, writtenAt)) return reply(person, linkRefused.expired);
  const language = person.language_code;
  const name = [person.first_name, person.last_name].filter(Boolean).join(' ');
  const who = { id: person.id, name, ...(language && { language }) };
  const bound = await bindPerson(request, who, {
    validAt: writtenAt,
    expires: Date.now() + STEP_MILLISECONDS,
  });
  if (!bound) return reply(person, linkRefused.used);
  if (bound.outcome) return tellOutcome(bound);
  if (!bound.bot) await offerBot(person, bound);
}

async function offerBot(person: Person, request: ManagedBotRequest): Promise<void> {
  const texts = textsFor(person);
  const { username } = await callTelegram(requireManager(), 'getMe', {}).catch((error: unknown) => {
    throw isOfTelegram(error) ? new ServiceUnreachableError('Telegram', { cause: error }) : error;
  });
  const url = newBotUrl(username, request);
  await reply(person, texts.makeBot(await shopNameOf(request), request.username), [
    [{ text: texts.makeBotButton, url }],
  ]);
}

/** Somebody has made a bot; or a bot of before has another token, or another owner. */
async function takeManagedBot(person: Person, made: Person, own: OwnAddresses): Promise<void> {
  const bot = { id: String(made.id), username: made.username ?? '' };
  const assigned = await assignBot(bot.id, await openRequestOf(person));
  if (!assigned) return reply(person, textsFor(person).botOfNobody(bot.username));
  const request = await findManagedRequest(assigned.siteId);
  const isOfRequest = request?.requestId === assigned.requestId;
  if (!isOfRequest || request.outcome) await refresh(assigned.siteId, bot.id, own);
  if (!isOfRequest) return;
  if (request.outcome) return request.bot?.id === bot.id ? tellOutcome(request) : undefined;
  const noted = await noteMadeBot(assigned, bot);
  if (!noted) return reply(person, textsFor(person).oneBotOnly(bot.username));
  await setUpManagedBot(noted, own);
  const ended = await findManagedRequest(assigned.siteId);
  if (ended?.requestId === assigned.requestId) await tellOutcome(ended);
}

/** What a new bot of this person would be for. */
async function openRequestOf(person: Person): Promise<ManagedBotRequest | undefined> {
  const request = await findRequestOfPerson(person.id);
  const isOpen = request?.person?.id === person.id && !request.outcome && !isExpired(request, Date.now());
  return isOpen ? request : undefined;
}

/** The bot of a site may have another token than before. */
async function refresh(siteId: string, botId: string, own: OwnAddresses): Promise<void> {
  const { bot } = (await readSite(siteId)) ?? {};
  if (bot?.id !== botId || !bot.managed || bot.takenOver) return;
  try {
    await useCurrentToken({ siteId, bot }, own);
  } catch (error) {
    if (!isOfTelegram(error)) throw error;
    if (!isFinal(error)) throw new ServiceUnreachableError('Telegram', { cause: error });
    // It was deleted, or taken away from the manager bot: messages that are refused will tell.
    log.warn('token of a bot not fetched', { siteId, botId, description: redact(error.description) });
  }
}

/** Tells the person once how it has ended. */
async function tellOutcome(request: ManagedBotRequest): Promise<void> {
  const { siteId, requestId, person, bot, outcome } = request;
  if (!person || !bot || !outcome) return;
  const language = spokenLanguage(person.language);
  const texts = MANAGER_TEXTS[language];
  await once(`managed-told#${siteId}#${requestId}`, REPLY_KEPT_SECONDS, async () => {
    const shop = await shopNameOf(request);
    const why = outcome.problem && escapeHtml(outcome.problem.detail[language]);
    const text = why === undefined ? texts.done(shop, bot.username) : texts.failed(shop, bot.username, why);
    await send(person.id, text);
  });
}

async function shopNameOf({ siteId }: ManagedBotRequest): Promise<string> {
  const site = await readSite(siteId);
  return escapeHtml(unlinked(site?.name ?? siteId));
}

function textsFor({ language_code: language }: Person) {
  return MANAGER_TEXTS[spokenLanguage(language)];
}

function reply(person: Person, text: string, keyboard?: Keyboard): Promise<void> {
  // In a private chat, the chat has the id of the person.
  return send(person.id, text, keyboard);
}

/** @throws ServiceUnreachableError where a later call may succeed. */
async function send(chatId: number, text: string, keyboard?: Keyboard): Promise<void> {
  const message = { chatId, text, ...(keyboard && { keyboard }) };
  try {
    await new RetryBudget().run(() => sendMessage(requireManager(), message));
  } catch (error) {
    if (!isOfTelegram(error)) throw error;
    if (!isFinal(error)) throw new ServiceUnreachableError('Telegram', { cause: error });
    // Somebody who has never started the manager bot, or has blocked it, can't be told.
    log.info('reply of the manager bot not sent', { description: redact(error.description) });
  }
}
