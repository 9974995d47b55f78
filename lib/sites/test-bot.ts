import { clearBotProblem } from '../store/bot-problem.ts';
import type { BotOfSite, Site } from '../store/sites.ts';
import { getMe, getWebhookInfo, TelegramRefusalError, type WebhookInfo } from '../telegram/client.ts';
import { decryptToken } from '../telegram/token-encryption.ts';
import { GET_A_TOKEN, isFinal, isOfTelegram } from './bot-errors.ts';
import { settleOwner } from './bot-owner.ts';
import { describeTaken, type Fault, type Finding, findingOf, mendWebhook } from './mend-webhook.ts';
import { type OwnAddresses, webhookUrl } from './own-addresses.ts';

/** One thing that has to work: whether it does, and what to do where it does not. */
interface BotCheck {
  check: 'token' | 'username' | 'webhook' | 'updates';
  status: 'works' | 'broken' | 'not-checked';
  detail: string;
  nextStep?: string;
}

export interface BotTest {
  works: boolean;
  bot?: { id: string; username: string; name: string };
  checks: BotCheck[];
}

type Me = Awaited<ReturnType<typeof getMe>>;

/** An error that is older than this counts as solved where no update is waiting. Seconds. */
const OVER_SECONDS = 3_600;

const TEST_AGAIN = 'Test again in a minute.';
/** For whoever does not have the token at hand. */
const ITS_TOKEN = `For its token: ${GET_A_TOKEN.charAt(0).toLowerCase()}${GET_A_TOKEN.slice(1)}`;
/** For a bot that another program or another site has. */
function takeItBack(owner: string): string {
  return `If the bot is for this site alone, save it once more with "takeOver": true (PUT …/bot): that takes it back. ${ITS_TOKEN} If ${owner} needs it, save another bot here.`;
}
export const TAKE_IT_BACK = takeItBack('the other program');
const TELL_THE_PLATFORM = 'Tell the platform what is written here.';

/**
 * The merchant's "Test Connessione": checks each thing that a bot needs. What the stored token can repair is repaired;
 * for the rest it says the next step, which is one that the merchant can take: they may not have the token at hand, and
 * they can't change the deployment.
 *
 * @throws ServiceUnreachableError where DynamoDB does not answer. An error of Telegram is part of the result.
 */
export async function testBot(site: Site, own: OwnAddresses): Promise<BotTest> {
  const { siteId, bot } = site;
  if (!bot) {
    const nextStep = 'Save the token and the username of the bot first (PUT …/bot).';
    return onlyToken(broken('token', 'No bot is saved for this site.', nextStep));
  }
  const token = decryptToken(bot.sealedToken, siteId);
  const me = await getMe(token).catch((error: unknown) => tokenFailure(error));
  if ('check' in me) return onlyToken(me);

  const info = await getWebhookInfo(token).catch((error: unknown) => tokenFailure(error));
  const checks = [
    works('token', 'Telegram accepts the token.'),
    checkUsername(bot.username, me),
    ...('check' in info
      ? [{ ...info, check: 'webhook' as const }, notChecked('updates')]
      : await checkWebhook({ siteId, bot }, token, info, own)),
  ];
  if (bot.problem) await clearBotProblem(site);
  return {
    works: checks.every(({ status }) => status === 'works'),
    bot: { id: String(me.id), username: me.username, name: me.first_name },
    checks,
  };
}

function onlyToken(check: BotCheck): BotTest {
  return {
    works: false,
    checks: [check, notChecked('username'), notChecked('webhook'), notChecked('updates')],
  };
}

function tokenFailure(error: unknown): BotCheck {
  if (error instanceof TelegramRefusalError && error.code < 500 && error.code !== 429) {
    const nextStep = `${GET_A_TOKEN} Then save it here (PUT …/bot).`;
    return broken('token', `Telegram refuses the token: "${error.description}".`, nextStep);
  }
  return broken('token', 'Telegram does not answer now, so nothing can be said.', TEST_AGAIN);
}

function checkUsername(saved: string, { username }: Me): BotCheck {
  if (saved.toLowerCase() === username.toLowerCase())
    return works('username', `The bot is called @${username}.`);
  const nextStep = `Save the bot once more with the username ${username} (PUT …/bot): links lead to the name saved here. ${ITS_TOKEN}`;
  return broken('username', `The bot is called @${username} now, but @${saved} is saved.`, nextStep);
}

/** The checks of the webhook and of the updates. A webhook that is at fault is set again. */
async function checkWebhook(
  site: BotOfSite,
  token: string,
  info: WebhookInfo,
  own: OwnAddresses,
): Promise<BotCheck[]> {
  if (!(await settleOwner(site, info.url ?? ''))) {
    const detail = 'Another site has this bot: what people write goes there, and nothing is sent from here.';
    return [broken('webhook', detail, takeItBack('the other site')), notChecked('updates')];
  }
  const now = Date.now() / 1_000;
  const finding = findingOf(site, info, own, now);
  const failure = await mendWebhook(site, token, finding, own).catch((error: unknown) => {
    if (!isOfTelegram(error)) throw error;
    return error;
  });
  if (failure && finding.kind === 'fault')
    return [notSetAgain(finding.fault, failure), checkUpdates(info, now)];
  // What Telegram could not hand over before is tried anew: the error of before is over.
  const { last_error_date: _date, last_error_message: _message, ...afresh } = info;
  const url = webhookUrl(own.apiUrl, site.siteId);
  return [webhookCheckOf(finding, url), checkUpdates(finding.kind === 'fault' ? afresh : info, now)];
}

const FAULTS: Record<Fault, string> = {
  missing: 'The bot had no webhook, so nobody could link, stop or choose what they get',
  'former-address': 'The webhook led to another address of this API',
  'another-site': 'The webhook led to another site, which does not have this bot any more',
  incomplete: 'The webhook did not ask for all that the bot needs to know',
  refused: 'The webhook had another secret than the one that is stored, so what people wrote was refused',
};

function webhookCheckOf(finding: Finding, url: string): BotCheck {
  if (finding.kind === 'works') return works('webhook', `Telegram hands over what people write to ${url}.`);
  if (finding.kind === 'fault')
    return works('webhook', `${FAULTS[finding.fault]}. It was set again just now.`);
  return broken('webhook', describeTaken(finding.host), TAKE_IT_BACK);
}

function notSetAgain(fault: Fault, error: unknown): BotCheck {
  if (!isFinal(error)) {
    const detail = `${FAULTS[fault]}. It could not be set again, because Telegram does not answer now.`;
    return broken('webhook', detail, TEST_AGAIN);
  }
  const detail = `${FAULTS[fault]}. It could not be set again, because Telegram refuses it: "${error.description}".`;
  return broken('webhook', detail, TELL_THE_PLATFORM);
}

function checkUpdates(info: WebhookInfo, now: number): BotCheck {
  const { last_error_date: date, last_error_message: message, pending_update_count: waiting = 0 } = info;
  const isOver = waiting === 0 && (date === undefined || now - date > OVER_SECONDS);
  if (isOver || date === undefined) {
    const detail =
      waiting === 0 ? 'Nothing waits, and nothing failed lately.' : `On their way to us: ${waiting}.`;
    return works('updates', detail);
  }
  const when = new Date(date * 1_000).toISOString();
  const detail = `Telegram could not hand over everything: "${message ?? ''}" at ${when}; waiting: ${waiting}.`;
  const nextStep = `Telegram tries again by itself. Test again in an hour. If it is still so, tell the platform what is written here.`;
  return broken('updates', detail, nextStep);
}

function works(check: BotCheck['check'], detail: string): BotCheck {
  return { check, status: 'works', detail };
}

function broken(check: BotCheck['check'], detail: string, nextStep: string): BotCheck {
  return { check, status: 'broken', detail, nextStep };
}

function notChecked(check: BotCheck['check']): BotCheck {
  return { check, status: 'not-checked', detail: 'Not checked, because what it needs does not work.' };
}
