/** The addresses of a shop that has moved: which hosts were its own, and how links to them are written now. */
import { domainToASCII } from 'node:url';

/** An address that a shop had before. */
export interface FormerUrl {
  url: string;
  /** ISO 8601: until then the links of events may be on its host. */
  until: string;
}

/** The address of a shop, and those that it had before. */
export interface ShopAddress {
  url: string;
  formerUrls?: FormerUrl[];
}

/** Whether a host is this one or a subdomain of it. Both are in the form of `URL.hostname`. */
function isOnHost(hostname: string, base: string): boolean {
  return hostname === base || hostname.endsWith(`.${base}`);
}

/** Whether a host belongs to a shop on this one: it is on it, or it is the same without `www.`. */
export function isOnHostOf(hostname: string, base: string): boolean {
  return isOnHost(hostname, base) || `www.${hostname}` === base;
}

/** The schemes that the links of a shop may have: `http` only where the shop itself has it. */
export function schemesOf(shop: URL): string[] {
  return shop.protocol === 'http:' ? ['https:', 'http:'] : ['https:'];
}

/** Whether a link leads to a shop: to its host, or to a subdomain of it. */
export function isLinkOf(shop: URL, link: URL): boolean {
  return schemesOf(shop).includes(link.protocol) && isOnHostOf(link.hostname, shop.hostname);
}

const LABEL = String.raw`[\p{L}\p{N}][\p{L}\p{M}\p{N}_-]*`;

/**
 * An address in a text, with its scheme or without: scheme, host, port, and the rest, which is taken along so that
 * nothing inside it counts as an address. In Telegram's HTML, an escaped quote or angle bracket ends it.
 *
 * The host must be whole: not the end of another word or of an e-mail address, and not a user name before `@`.
 */
const ADDRESS =
  String.raw`(?<![\p{L}\p{M}\p{N}@.%/])(?:([a-z][a-z0-9+-]{0,30}:\/\/)|(?<![-_]))` +
  String.raw`(${LABEL}(?:\.${LABEL})*)(:\d{1,5})?` +
  String.raw`(?![\p{L}\p{M}\p{N}_%@-]|\.[\p{L}\p{N}]|:[^\s/]{0,64}@)` +
  String.raw`([/?#](?:(?!&(?:quot|lt|gt|#39);)[^\s<>"])*)?`;

// Made when they are first used: Unicode properties cost a cold start milliseconds, and few shops have moved.
let addresses: RegExp | undefined;
let wholeLink: RegExp | undefined;

/**
 * A text, plain or in Telegram's HTML, in which every address on a former host of the shop is on its current host. Path,
 * query and fragment stay as they are. Doing it twice changes nothing more.
 */
export function withCurrentAddresses(text: string, shop: ShopAddress): string {
  if (!shop.formerUrls?.length) return text;
  addresses ??= new RegExp(ADDRESS, 'giu');
  return replaced(text, addresses, shop);
}

/** The same for a text that is one link: to a shop with `www.`, it may be written without. */
export function currentLink(link: string, shop: ShopAddress): string {
  if (!shop.formerUrls?.length) return link;
  wholeLink ??= new RegExp(`^${ADDRESS}`, 'iu');
  return replaced(link, wholeLink, shop, isOnHostOf);
}

/** What comes before the address of a link in HTML. */
const IN_LINK = /href=["']?$/i;

/** Scheme, host and port of an address of the shop. */
interface Origin {
  /** `https://` or `http://`. */
  scheme: string;
  /** In lower case and ASCII. */
  hostname: string;
  /** With a colon; empty for the port that belongs to the scheme. */
  port: string;
  /** The host as the platform wrote it: some have letters that are not ASCII. */
  written: string;
}

function replaced(
  text: string,
  pattern: RegExp,
  { url, formerUrls = [] }: ShopAddress,
  isOn: typeof isOnHost = isOnHost,
): string {
  const current = originOf(url);
  const formers = formerUrls.map((former) => originOf(former.url));
  return text.replace(
    pattern,
    (whole, scheme: string | undefined, host: string, port: string | undefined, rest = '', at: number) => {
      // A name without scheme and path may be spoken of: "we have moved from shop.example".
      if (scheme === undefined && rest === '' && !IN_LINK.test(text.slice(Math.max(0, at - 8), at)))
        return whole;
      const found = { scheme: scheme?.toLowerCase() ?? '', host, port: port ?? '' };
      const moved = movedOrigin(found, current, formers, isOn);
      return moved === undefined ? whole : `${moved}${rest}`;
    },
  );
}

function originOf(url: string): Origin {
  const { protocol, hostname, port } = new URL(url);
  const authority = url.match(/^https?:\/\/([^/?#]+)/i)?.[1] ?? hostname;
  return {
    scheme: `${protocol}//`,
    hostname,
    port: port && `:${port}`,
    written: authority.replace(/:\d*$/, ''),
  };
}

/** @returns `undefined` if the address stays as it is. */
function movedOrigin(
  found: { scheme: string; host: string; port: string },
  current: Origin,
  formers: Origin[],
  isOn: typeof isOnHost,
): string | undefined {
  if (!['', 'http://', 'https://'].includes(found.scheme)) return undefined;
  const hostname = domainToASCII(found.host);
  const nearest = nearestOf(hostname, [current, ...formers], isOn);
  const [base] = nearest;
  if (!base || (found.scheme === '' && !hostname.includes('.'))) return undefined;

  const port = found.port === DEFAULT_PORTS[found.scheme] ? '' : found.port;
  const isOwn = nearest.some((origin) => origin !== current && origin.port === port);
  // On the host that the shop has now, only its former scheme or port is replaced.
  if (base === current && !isOwn) return undefined;

  const subdomain = hostname.slice(0, Math.max(0, hostname.length - base.hostname.length));
  // A shop that moves from shop.example to www.shop.example keeps the other subdomains of shop.example.
  if (subdomain !== '' && current !== base && isOnHost(current.hostname, base.hostname)) return undefined;
  const host = `${subdomain}${current.written}`;
  if (!URL.canParse(`https://${host}`)) return undefined;
  // Another port is another service: it moves with the host, and keeps its scheme and port.
  if (!isOwn) return `${found.scheme}${host}${found.port}`;
  return `${found.scheme && current.scheme}${host}${current.port}`;
}

const DEFAULT_PORTS: Record<string, string> = { 'https://': ':443', 'http://': ':80' };

/** The origins with the longest host that this one is on: several where a shop has changed only its scheme or port. */
function nearestOf(hostname: string, origins: Origin[], isOn: typeof isOnHost): Origin[] {
  const onHost = origins.filter((origin) => isOnHost(hostname, origin.hostname));
  const around = onHost.length > 0 ? onHost : origins.filter((origin) => isOn(hostname, origin.hostname));
  const longest = Math.max(...around.map((origin) => origin.hostname.length));
  return around.filter((origin) => origin.hostname.length === longest);
}
