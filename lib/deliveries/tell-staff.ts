/** Tells the staff of a site what has happened to the site itself. */
import { formatDate } from '../i18n/format.ts';
import { spokenLanguage } from '../i18n/languages.ts';
import { STAFF_TEXTS } from '../i18n/staff-texts.ts';
import { log } from '../observability/logger.ts';
import { readFacts } from '../store/facts.ts';
import { forgetStaffNews, readSite, type Site } from '../store/sites.ts';
import { hasStaffNews, STAFF_NEWS, type StaffNews } from '../store/staff-news.ts';
import type { User } from '../store/user.ts';
import { asNotifications } from './notification.ts';
import { enqueue } from './queue.ts';
import { type StaffMessage, staffKeys, staffNotifications } from './staff-notices.ts';

/**
 * Puts what a site has to tell its staff into the queue, and then forgets it. It may be repeated: the same news makes the
 * same deliveries. Where it fails, the hourly run tells it (count-sites.ts).
 */
export async function tellStaffNews(siteId: string): Promise<void> {
  try {
    const site = await readSite(siteId);
    if (!site || !hasStaffNews(site)) return;
    for (const field of STAFF_NEWS) {
      const message = messageOf(site, field);
      if (message) await tellStaff(site, message);
      const told = site[field];
      if (told) await forgetStaffNews(siteId, field, told);
    }
  } catch (error) {
    log.warn('the staff of a site is told later', { siteId, error });
  }
}

/** @throws ServiceUnreachableError: some of them may be told. */
export async function tellStaff(site: Site, message: StaffMessage): Promise<void> {
  const { users } = await readFacts({ users: staffKeys(site, message.notice) });
  const { notifications, skipped } = staffNotifications(site, message, users);
  await enqueue([...notifications, ...asNotifications(skipped, message.acceptedAt)]);
}

function messageOf(site: Site, field: keyof StaffNews): StaffMessage | undefined {
  const { switchedOff, botOutage } = site;
  if (field === 'switchedOff' && switchedOff) {
    const { at, by } = switchedOff;
    const textFor = ({ texts, time }: Reader) => texts.switchedOff(by, { from: time(at) });
    return newsOf(site, 'module-off', at, textFor);
  }
  if (field === 'botOutage' && botOutage) {
    const { since, at } = botOutage;
    const textFor = ({ texts, time }: Reader) => texts.botWorksAgain({ from: time(since), to: time(at) });
    return newsOf(site, 'bot-refused', at, textFor);
  }
  return undefined;
}

/** What a text needs to know of its reader. */
export interface Reader {
  language: 'it' | 'en';
  texts: (typeof STAFF_TEXTS)['it'];
  /** Writes a time (ISO 8601) as they do. */
  time: (iso: string) => string;
}

/** How a member of the staff reads. */
export function readerOf(
  { defaultLanguage, timeZone }: Pick<Site, 'defaultLanguage' | 'timeZone'>,
  user: User,
): Reader {
  const language = spokenLanguage(user.language, defaultLanguage);
  return {
    language,
    texts: STAFF_TEXTS[language],
    time: (iso) => formatDate(iso, language, user.timeZone ?? timeZone),
  };
}

/** @param at when it happened, ISO 8601: of two news of a kind no two have the same. */
function newsOf(
  site: Site,
  notice: StaffMessage['notice'],
  at: string,
  textFor: (reader: Reader) => string,
): StaffMessage {
  return {
    ...{ notice, identity: at, acceptedAt: at, eventId: `${notice}-${at}` },
    textFor: (user) => ({ text: textFor(readerOf(site, user)) }),
  };
}
