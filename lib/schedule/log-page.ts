/** A page of the log, whichever table it is read from: what was recorded, or what is still to come. */
import { deliveryView } from '../deliveries/delivery-view.ts';
import { logFile } from '../deliveries/log-csv.ts';
import { type LogLine, logLines } from '../deliveries/log-lines.ts';
import {
  type LogParameters,
  logQueryOf,
  scheduledQueryOf,
  toCursor,
  toScheduledCursor,
} from '../deliveries/log-parameters.ts';
import type { HttpRequest, HttpResponse } from '../http/request.ts';
import { acceptedLanguages, spokenLanguage } from '../i18n/languages.ts';
import { zonedDay } from '../i18n/time-zones.ts';
import { countInLog, findInLog } from '../store/deliveries.ts';
import type { Site } from '../store/sites.ts';
import { findScheduledInLog } from './scheduled-log.ts';

interface LogPage {
  deliveries: LogLine[];
  /** Absent on the last page. */
  cursor?: string;
  /** How many lines the query finds, by state; `complete`: whether that are all, or else the newest ones. */
  totals?: Record<string, number | boolean>;
}

/**
 * @param options.isFile for a page as CSV, which is longer.
 * @throws HttpProblem 400 where the times or the cursor are wrong; ServiceUnreachableError
 */
export async function logPage(
  site: Site,
  parameters: LogParameters,
  { isFile = false }: { isFile?: boolean } = {},
): Promise<LogPage> {
  const { status } = parameters;
  if (status === 'scheduled') {
    const { siteId: _, ...wanted } = scheduledQueryOf(site.siteId, parameters, isFile);
    const { deliveries, next } = await findScheduledInLog({ site, ...wanted });
    return {
      deliveries: await logLines(deliveries, site),
      ...(next && { cursor: toScheduledCursor(next) }),
    };
  }
  const query = logQueryOf(site.siteId, { ...parameters, status }, isFile);
  const [{ deliveries, next }, totals] = await Promise.all([
    findInLog(query),
    parameters.totals === 'true' ? countInLog({ ...query, status: undefined }) : undefined,
  ]);
  return {
    deliveries: await logLines(deliveries.map(deliveryView), site),
    ...(next && { cursor: toCursor(next) }),
    ...(totals && { totals: { ...totals.counts, complete: totals.isWhole } }),
  };
}

/**
 * The page as a file for a spreadsheet. Where there is more, the header field `Link` leads to the next file: each can be
 * opened alone.
 */
export function logFileResponse(
  { headers, queryStringParameters }: HttpRequest,
  site: Site,
  { deliveries, cursor }: LogPage,
): HttpResponse {
  const language = spokenLanguage(
    ...acceptedLanguages(headers['accept-language']),
    site.defaultLanguage,
    'it',
  );
  const { timeZone, countClicks } = site;
  const hasClicks = countClicks !== undefined;
  const { text, lines } = logFile(deliveries, { language, timeZone, hasClicks });
  const last = deliveries[lines - 1];
  const next = last && lines < deliveries.length ? toCursor(last) : cursor;
  const name = `${FILE_NAMES[language]}-${site.siteId}-${zonedDay(new Date().toISOString(), timeZone)}.csv`;
  return {
    statusCode: 200,
    headers: {
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': `attachment; filename="${name}"`,
      'content-language': language,
      ...(next && { link: `<?${withCursor(queryStringParameters, next)}>; rel="next"` }),
    },
    body: text,
  };
}

const FILE_NAMES = { it: 'registro-telegram', en: 'telegram-log' };

function withCursor(parameters: HttpRequest['queryStringParameters'], cursor: string): string {
  const query = new URLSearchParams();
  for (const [name, value = ''] of Object.entries(parameters ?? {}))
    if (name !== 'cursor') query.append(name, value);
  query.append('cursor', cursor);
  return query.toString();
}
