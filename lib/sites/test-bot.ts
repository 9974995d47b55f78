import { clearBotProblem } from '../store/bot-problem.ts';
import type { Site } from '../store/sites.ts';
import { ALLOWED_UPDATES, callTelegram, getMe, TelegramRefusalError } from '../telegram/client.ts';
import { decryptToken } from '../telegram/token-encryption.ts';
import { GET_A_TOKEN } from './bot-errors.ts';
import { webhookUrl } from './save-bot.ts';

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
type WebhookInfo = Awaited<ReturnType<typeof callTelegram<'getWebhookInfo'>>>;

/** An error that is older than this counts as solved where no update is waiting. Seconds. */
const OVER_SECONDS = 3_600;

const SAVE_AGAIN = 'Save the bot once more (PUT …/bot): that sets the webhook anew.';

/**
 * The merchant's "Test Connessione": checks each thing that a bot needs, and says the next step where one does not work.
 *
 * @throws ServiceUnreachableError where DynamoDB does not answer. An error of Telegram is part of the result.
 */
export async function testBot(site: Site, apiUrl: string): Promise<BotTest> {
  const { siteId, bot } = site;
  if (!bot) {
    const nextStep = 'Save the token and the username of the bot first (PUT …/bot).';
    return onlyToken(broken('token', 'No bot is saved for this site.', nextStep));
  }
  const token = decryptToken(bot.sealedToken, siteId);
  const me = await getMe(token).catch((error: unknown) => tokenFailure(error));
  if ('check' in me) return onlyToken(me);

  const info = await callTelegram(token, 'getWebhookInfo', {}).catch((error: unknown) => tokenFailure(error));
  const checks = [
    works('token', 'Telegram accepts the token.'),
    checkUsername(bot.username, me),
    ...('check' in info
      ? [{ ...info, check: 'webhook' as const }, notChecked('updates')]
      : [checkWebhook(info, webhookUrl(apiUrl, siteId)), checkUpdates(info, Date.now() / 1000)]),
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
  const nextStep = 'Test again in a minute.';
  return broken('token', 'Telegram does not answer now, so nothing can be said.', nextStep);
}

function checkUsername(saved: string, { username }: Me): BotCheck {
  if (saved.toLowerCase() === username.toLowerCase())
    return works('username', `The bot is called @${username}.`);
  const nextStep = `Save the bot once more with the username ${username} (PUT …/bot): links lead to the name saved here.`;
  return broken('username', `The bot is called @${username} now, but @${saved} is saved.`, nextStep);
}

function checkWebhook(info: WebhookInfo, expected: string): BotCheck {
  const { url = '', allowed_updates: allowed } = info;
  if (url === '') {
    const detail = 'The bot has no webhook: nobody can link, stop or choose what they get.';
    return broken('webhook', detail, SAVE_AGAIN);
  }
  if (url !== expected) {
    const detail = `Another program, or another site, receives what people write to this bot: ${hostOf(url)}.`;
    const nextStep = `Use the bot for this site alone. ${SAVE_AGAIN}`;
    return broken('webhook', detail, nextStep);
  }
  const missing = ALLOWED_UPDATES.filter((kind) => !allowed?.includes(kind));
  if (missing.length > 0) {
    const detail = `The webhook is set, but does not ask for: ${missing.join(', ')}.`;
    return broken('webhook', detail, SAVE_AGAIN);
  }
  return works('webhook', `Telegram hands over what people write to ${expected}.`);
}

/** Only the host: the address of another program's webhook may have a secret in it. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'an unknown address';
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
  const nextStep =
    'Telegram tries again by itself. If it stays so, save the bot once more, and tell the platform what is written here.';
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
