import { type Sentence, type SentenceLanguage, sentence } from '../domain/sentence.ts';
import { clearBotProblem } from '../store/bot-problem.ts';
import type { BotOfSite, Site } from '../store/sites.ts';
import { getMe, getWebhookInfo, TelegramRefusalError, type WebhookInfo } from '../telegram/client.ts';
import { decryptToken } from '../telegram/token-encryption.ts';
import { GET_A_TOKEN, isFinal, isOfTelegram, UNKNOWN_TOKEN } from './bot-errors.ts';
import { settleOwner } from './bot-owner.ts';
import { describeTaken, type Fault, type Finding, findingOf, mendWebhook } from './mend-webhook.ts';
import { type OwnAddresses, webhookUrl } from './own-addresses.ts';

/** One thing that has to work: whether it does, and what to do where it does not. */
interface Check<Text> {
  check: 'token' | 'username' | 'webhook' | 'updates';
  status: 'works' | 'broken' | 'not-checked';
  detail: Text;
  nextStep?: Text;
}

type BotCheck = Check<Sentence>;

export interface BotTest<Text = Sentence> {
  works: boolean;
  bot?: { id: string; username: string; name: string };
  checks: Check<Text>[];
}

/** A test as an answer shows it. */
export function testIn(language: SentenceLanguage, { checks, ...test }: BotTest): BotTest<string> {
  const spoken = checks.map(({ detail, nextStep, ...check }) => ({
    ...check,
    detail: detail[language],
    ...(nextStep && { nextStep: nextStep[language] }),
  }));
  return { ...test, checks: spoken };
}

type Me = Awaited<ReturnType<typeof getMe>>;

/** An error that is older than this counts as solved where no update is waiting. Seconds. */
const OVER_SECONDS = 3_600;

const TEST_AGAIN: Sentence = { en: 'Test again in a minute.', it: 'Ripetere il test tra un minuto.' };
/** For whoever does not have the token at hand. */
const ITS_TOKEN = sentence((language) => {
  const how = GET_A_TOKEN[language];
  return `${{ en: 'For its token', it: 'Per il suo token' }[language]}: ${how.charAt(0).toLowerCase()}${how.slice(1)}`;
});
/** For a bot that another program or another site has. */
function takeItBack(owner: Sentence): Sentence {
  return {
    en: `If the bot is for this site alone, save it once more with "takeOver": true (PUT …/bot): that takes it back. ${ITS_TOKEN.en} If ${owner.en} needs it, save another bot here.`,
    it: `Se il bot è solo per questo sito, salvarlo di nuovo con "takeOver": true (PUT …/bot): così torna qui. ${ITS_TOKEN.it} Se serve ${owner.it}, salvare qui un altro bot.`,
  };
}
export const TAKE_IT_BACK = takeItBack({ en: 'the other program', it: "all'altro programma" });
const TELL_THE_PLATFORM: Sentence = {
  en: 'Tell the platform what is written here.',
  it: 'Comunicare alla piattaforma quanto è scritto qui.',
};

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
    const detail = { en: 'No bot is saved for this site.', it: 'Per questo sito non è salvato nessun bot.' };
    const nextStep = {
      en: 'Save the token and the username of the bot first (PUT …/bot).',
      it: 'Salvare prima il token e il nome utente del bot (PUT …/bot).',
    };
    return onlyToken(broken('token', detail, nextStep));
  }
  const token = decryptToken(bot.sealedToken, siteId);
  const me = await getMe(token).catch((error: unknown) => tokenFailure(error));
  if ('check' in me) return onlyToken(me);

  const info = await getWebhookInfo(token).catch((error: unknown) => tokenFailure(error));
  const checks = [
    works('token', { en: 'Telegram accepts the token.', it: 'Telegram accetta il token.' }),
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
    const detail = {
      en: `${UNKNOWN_TOKEN.en} (Telegram: "${error.description}").`,
      it: `${UNKNOWN_TOKEN.it} (Telegram: "${error.description}").`,
    };
    const nextStep = {
      en: `${GET_A_TOKEN.en} Then save it here (PUT …/bot).`,
      it: `${GET_A_TOKEN.it} Poi salvarlo qui (PUT …/bot).`,
    };
    return broken('token', detail, nextStep);
  }
  const detail = {
    en: 'Telegram does not answer now, so nothing can be said.',
    it: 'In questo momento Telegram non risponde, quindi non si può dire nulla.',
  };
  return broken('token', detail, TEST_AGAIN);
}

function checkUsername(saved: string, { username }: Me): BotCheck {
  if (saved.toLowerCase() === username.toLowerCase())
    return works('username', { en: `The bot is called @${username}.`, it: `Il bot si chiama @${username}.` });
  const detail = {
    en: `The bot is called @${username} now, but @${saved} is saved.`,
    it: `Ora il bot si chiama @${username}, ma è salvato @${saved}.`,
  };
  const nextStep = {
    en: `Save the bot once more with the username ${username} (PUT …/bot): links lead to the name saved here. ${ITS_TOKEN.en}`,
    it: `Salvare di nuovo il bot con il nome utente ${username} (PUT …/bot): i link portano al nome salvato qui. ${ITS_TOKEN.it}`,
  };
  return broken('username', detail, nextStep);
}

/** The checks of the webhook and of the updates. A webhook that is at fault is set again. */
async function checkWebhook(
  site: BotOfSite,
  token: string,
  info: WebhookInfo,
  own: OwnAddresses,
): Promise<BotCheck[]> {
  if (!(await settleOwner(site, info.url ?? ''))) {
    const detail = {
      en: 'Another site has this bot: what people write goes there, and nothing is sent from here.',
      it: 'Questo bot è di un altro sito: quello che le persone scrivono arriva là, e da qui non parte nulla.',
    };
    const nextStep = takeItBack({ en: 'the other site', it: "all'altro sito" });
    return [broken('webhook', detail, nextStep), notChecked('updates')];
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

const FAULTS: Record<Fault, Sentence> = {
  missing: {
    en: 'The bot had no webhook, so nobody could link, stop or choose what they get',
    it: 'Il bot non aveva un webhook, quindi nessuno poteva collegarsi, fermare i messaggi o sceglierli',
  },
  'former-address': {
    en: 'The webhook led to another address of this API',
    it: 'Il webhook portava a un altro indirizzo di questa API',
  },
  'another-site': {
    en: 'The webhook led to another site, which does not have this bot any more',
    it: 'Il webhook portava a un altro sito, che non ha più questo bot',
  },
  incomplete: {
    en: 'The webhook did not ask for all that the bot needs to know',
    it: 'Il webhook non chiedeva tutto ciò che il bot deve sapere',
  },
  refused: {
    en: 'The webhook had another secret than the one that is stored, so what people wrote was refused',
    it: 'Il webhook aveva un segreto diverso da quello salvato, quindi quello che le persone scrivevano veniva rifiutato',
  },
};

function webhookCheckOf(finding: Finding, url: string): BotCheck {
  if (finding.kind === 'works')
    return works('webhook', {
      en: `Telegram hands over what people write to ${url}.`,
      it: `Telegram consegna quello che le persone scrivono a ${url}.`,
    });
  if (finding.kind === 'fault') {
    const fault = FAULTS[finding.fault];
    return works('webhook', {
      en: `${fault.en}. It was set again just now.`,
      it: `${fault.it}. È stato appena impostato di nuovo.`,
    });
  }
  return broken('webhook', describeTaken(finding.host), TAKE_IT_BACK);
}

function notSetAgain(fault: Fault, error: unknown): BotCheck {
  const { en, it } = FAULTS[fault];
  if (!isFinal(error)) {
    const detail = {
      en: `${en}. It could not be set again, because Telegram does not answer now.`,
      it: `${it}. Non è stato possibile impostarlo di nuovo, perché in questo momento Telegram non risponde.`,
    };
    return broken('webhook', detail, TEST_AGAIN);
  }
  const detail = {
    en: `${en}. It could not be set again, because Telegram refuses it: "${error.description}".`,
    it: `${it}. Non è stato possibile impostarlo di nuovo, perché Telegram lo rifiuta: "${error.description}".`,
  };
  return broken('webhook', detail, TELL_THE_PLATFORM);
}

function checkUpdates(info: WebhookInfo, now: number): BotCheck {
  const { last_error_date: date, last_error_message: message, pending_update_count: waiting = 0 } = info;
  const isOver = waiting === 0 && (date === undefined || now - date > OVER_SECONDS);
  if (isOver || date === undefined) {
    return works(
      'updates',
      waiting === 0
        ? {
            en: 'Nothing waits, and nothing failed lately.',
            it: "Non c'è nulla in attesa, e di recente nulla è fallito.",
          }
        : { en: `On their way to us: ${waiting}.`, it: `In arrivo: ${waiting}.` },
    );
  }
  const when = new Date(date * 1_000).toISOString();
  const detail = {
    en: `Telegram could not hand over everything: "${message ?? ''}" at ${when}; waiting: ${waiting}.`,
    it: `Telegram non ha potuto consegnare tutto: "${message ?? ''}" alle ${when}; in attesa: ${waiting}.`,
  };
  const nextStep = {
    en: 'Telegram tries again by itself. Test again in an hour. If it is still so, tell the platform what is written here.',
    it: "Telegram riprova da solo. Ripetere il test tra un'ora. Se è ancora così, comunicare alla piattaforma quanto è scritto qui.",
  };
  return broken('updates', detail, nextStep);
}

function works(check: BotCheck['check'], detail: Sentence): BotCheck {
  return { check, status: 'works', detail };
}

function broken(check: BotCheck['check'], detail: Sentence, nextStep: Sentence): BotCheck {
  return { check, status: 'broken', detail, nextStep };
}

function notChecked(check: BotCheck['check']): BotCheck {
  const detail = {
    en: 'Not checked, because what it needs does not work.',
    it: 'Non verificato, perché ciò che serve per farlo non funziona.',
  };
  return { check, status: 'not-checked', detail };
}
