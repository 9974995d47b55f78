import { badRequest } from './errors.ts';

const APP_SCHEMES = ['tg', 'ton', 'tonsite'];

/**
 * The link of a button or of a `text_link` entity, as Telegram takes it. The first checks are those
 * of its client library (a scheme it knows, a host with a dot in it, which `localhost` has not);
 * what gets past them and still is no address, such as a mail address, its servers refuse.
 * @param what how Telegram calls the link in its refusal.
 * @throws {BotApiError} with Telegram's words.
 */
export function checkLink(raw: string, what: 'inline keyboard button URL' | 'entity URL'): string {
  const invalid = (reason: string) => badRequest(`${what} '${raw}' is invalid: ${reason}`);
  const link = raw.trim();
  if (link === '') throw invalid('URL host is empty');
  const scheme = /^([a-z][a-z0-9+.-]*):(?!\d)/i.exec(link)?.[1]?.toLowerCase();
  if (scheme !== undefined && APP_SCHEMES.includes(scheme)) return link;
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    throw invalid('Unsupported URL protocol');
  }
  const url = URL.parse(scheme === undefined ? `http://${link}` : link);
  if (url === null || /\s/.test(link)) throw invalid('Wrong HTTP URL');
  const hostHasDot = url.hostname.replace(/\.$/, '').includes('.');
  const hostIsAddress = url.hostname.startsWith('[');
  if (!hostHasDot && !hostIsAddress) throw invalid('Wrong HTTP URL');
  if (url.username !== '' || url.password !== '') throw badRequest('BUTTON_URL_INVALID');
  return scheme === undefined ? url.href : link;
}
