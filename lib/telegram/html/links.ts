import { isSpace, lowerCase } from './characters.ts';

const MAX_USER_ID = 2 ** 40 - 1;

const HOST = /^(?:[a-z0-9._!$,~*'();&+=-]|%[0-9a-f]{2}|[\u0080-\uffff])+$/;
const IPV6_HOST = /^\[[0-9a-f:.]+\]$/;

type HttpUrl = {
  isHttps: boolean;
  userInfo: string;
  host: string;
  isIpv6: boolean;
  port: number | undefined;
  query: string;
};

function indexOfAny(value: string, pattern: RegExp): number {
  const index = value.search(pattern);
  return index === -1 ? value.length : index;
}

/** The authority without its port, and the port: undefined if there is none, NaN if it is wrong. */
function splitPort(authority: string): { address: string; port: number | undefined } {
  const match = /[:\]@][^:\]@]*$/.exec(authority);
  if (match === null || match.index === 0 || !match[0].startsWith(':')) {
    return { address: authority, port: undefined };
  }
  const digits = match[0].slice(1);
  const port = /^\d+$/.test(digits) ? Number(digits) : Number.NaN;
  return {
    address: authority.slice(0, match.index),
    port: port >= 1 && port <= 65_535 ? port : Number.NaN,
  };
}

/** The path, query and fragment in Telegram's form: beginning with `/`, spaces and controls percent-encoded. */
function normalizeQuery(raw: string): string {
  let end = raw.length;
  while (end > 0 && isSpace(raw.charCodeAt(end - 1))) {
    end--;
  }
  let query = '';
  for (const character of raw.slice(0, end)) {
    const code = character.charCodeAt(0);
    query += code <= 0x20 ? `%${code.toString(16).toUpperCase().padStart(2, '0')}` : character;
  }
  return query.startsWith('/') ? query : `/${query}`;
}

/** Splits a URL like `parse_url` of tdlib (`tdutils/td/utils/HttpUrl.cpp`); undefined if the URL is wrong. */
function parseHttpUrl(url: string): HttpUrl | undefined {
  const scheme = /^([^:/?#@[\]]*):\/\//.exec(url);
  const protocol = scheme === null ? 'http' : lowerCase(scheme[1] ?? '');
  if (protocol !== 'http' && protocol !== 'https') {
    return undefined;
  }
  const rest = scheme === null ? url : url.slice(scheme[0].length);
  const authorityEnd = indexOfAny(rest, /[/?#]/);
  const { address, port } = splitPort(rest.slice(0, authorityEnd));
  const at = address.lastIndexOf('@');
  const host = lowerCase(address.slice(at + 1));
  const isIpv6 = IPV6_HOST.test(host);
  const isHostValid = isIpv6 ? URL.canParse(`http://${host}/`) : HOST.test(host) && host !== '.';
  if (!isHostValid || Number.isNaN(port)) {
    return undefined;
  }
  return {
    isHttps: protocol === 'https',
    userInfo: address.slice(0, Math.max(at, 0)),
    host,
    isIpv6,
    port,
    query: normalizeQuery(rest.slice(authorityEnd)),
  };
}

function checkAppLink(scheme: string, link: string): string | undefined {
  const url = parseHttpUrl(link);
  if (url === undefined || url.isHttps || /^http:\/\//i.test(link)) {
    return undefined;
  }
  const hasAuthority = url.userInfo !== '' || url.port !== undefined || url.isIpv6;
  const isHostAllowed = (scheme === 'tonsite' ? /^[a-z0-9_.-]+$/ : /^[a-z0-9_-]+$/).test(url.host);
  if (hasAuthority || !isHostAllowed) {
    return undefined;
  }
  const query = url.query.startsWith('/?') ? url.query.slice(1) : url.query;
  return `${scheme}://${url.host}${query}`;
}

/**
 * The URL of a link in Telegram's form, or undefined if Telegram can't use it. Only `http`, `https`, `tg`, `ton` and
 * `tonsite` can be used. A URL without a scheme counts as `http`. Agrees with `LinkManager::get_checked_link` of tdlib.
 */
export function checkLink(link: string): string | undefined {
  const app = /^(tg|ton|tonsite):(?:\/\/)?/i.exec(link);
  if (app !== null) {
    return checkAppLink(lowerCase(app[1] ?? ''), link.slice(app[0].length));
  }
  const url = parseHttpUrl(link);
  if (url === undefined || (!url.host.includes('.') && !url.isIpv6)) {
    return undefined;
  }
  const userInfo = url.userInfo === '' ? '' : `${url.userInfo}@`;
  const port = url.port === undefined ? '' : `:${url.port}`;
  return `${url.isHttps ? 'https' : 'http'}://${userInfo}${url.host}${port}${url.query}`;
}

/**
 * The user of a link `tg://user?id=N`, or undefined for any other link. Like `LinkManager::get_link_user_id` of tdlib.
 */
export function userIdOfLink(link: string): number | undefined {
  const match = /^tg:(?:\/\/)?user\/?\?([^#]*)/i.exec(link);
  for (const parameter of (match?.[1] ?? '').split('&')) {
    const [key = '', ...value] = parameter.split('=');
    if (lowerCase(key) === 'id') {
      const id = value.join('=');
      return /^[1-9]\d{0,12}$/.test(id) && Number(id) <= MAX_USER_ID ? Number(id) : undefined;
    }
  }
  return undefined;
}
