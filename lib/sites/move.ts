import type { Sentence } from '../domain/sentence.ts';
import type { FormerUrl } from '../domain/shop-address.ts';
import type { Site } from '../store/sites.ts';

/** How long the links of events may be on a former host: integrations, feeds and e-mails change slowly. */
const FORMER_DAYS = 90;

/** How many former addresses a site keeps. */
const MAX_FORMER_URLS = 5;

/** Whether a site gets another host, scheme or port: another path is no move. */
export function isMove(site: Site, url: string): boolean {
  return originOf(site.url) !== originOf(url);
}

/**
 * The former addresses of a site that moves to this one, the latest first. They stay after their time in events is over:
 * messages that wait for months, and texts of the merchant, may still hold them.
 *
 * @param now milliseconds since 1970.
 */
export function formerUrlsAfter(site: Site, url: string, now: number): FormerUrl[] {
  const until = new Date(now + FORMER_DAYS * 24 * 3600 * 1000).toISOString();
  const origins = [site.url, url].map(originOf);
  const others = (site.formerUrls ?? []).filter((former) => !origins.includes(originOf(former.url)));
  return [{ url: site.url, until }, ...others].slice(0, MAX_FORMER_URLS);
}

interface MovedSite extends Pick<Site, 'url' | 'telegramLogin'> {
  bot?: { username: string };
}

/** What has to be changed at @BotFather after a move: no API can do it. */
export function botFatherReminders(
  before: Pick<Site, 'url'>,
  { url, bot, telegramLogin }: MovedSite,
): Sentence[] {
  if (!bot) return [];
  const [from, to] = [new URL(before.url), new URL(url)];
  const reminders: Sentence[] = [];
  if (from.hostname !== to.hostname) {
    reminders.push({
      en: `If the shop shows Telegram's login widget: in @BotFather, send /setdomain, choose @${bot.username}, and send the domain ${to.hostname}. Until then the widget does not work on the new host.`,
      it: `Se il sito mostra il widget di accesso di Telegram: in @BotFather inviare /setdomain, scegliere @${bot.username} e inviare il dominio ${to.hostname}. Fino ad allora il widget non funziona al nuovo indirizzo.`,
    });
  }
  if (telegramLogin) {
    reminders.push({
      en: `For Log In With Telegram: in @BotFather, open the settings of @${bot.username} for the login on the web, and replace ${from.origin} by ${to.origin} in each allowed address (also in redirect addresses, if they are there).`,
      it: `Per Log In With Telegram: in @BotFather aprire le impostazioni di @${bot.username} per l'accesso sul web, e sostituire ${from.origin} con ${to.origin} in ogni indirizzo ammesso (anche negli indirizzi di reindirizzamento, se ci sono).`,
    });
  }
  return reminders;
}

function originOf(url: string): string {
  return new URL(url).origin;
}
