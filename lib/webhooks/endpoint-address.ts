/** Which addresses a webhook may have: what a shop writes must not lead into our own network, or to another protocol. */
import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { isIP } from 'node:net';
import { isPlainAddress, isPublicIp, whyNotPublic } from '../domain/public-address.ts';
import type { Sentence } from '../domain/sentence.ts';

/** The ports of HTTPS, and those above the ones that systems keep for their own services (RFC 6335, section 6). */
const HTTPS_PORT = 443;
const FIRST_USER_PORT = 1024;

/** Only the local run sets it (local/plugin.ts): a receiver on the same machine may be called, without TLS. */
function isLoopbackAllowed(): boolean {
  return process.env.WEBHOOK_LOOPBACK === 'allowed';
}

function isLoopback(ip: string): boolean {
  return ip === '::1' || (isIP(ip) === 4 && ip.startsWith('127.'));
}

/** Why a webhook can't have this address; `undefined` if it can. */
export function whyNoEndpoint(address: string): (Sentence & { code?: 'address-not-public' }) | undefined {
  if (!URL.canParse(address)) return NO_ADDRESS;
  const url = new URL(address);
  const host = url.hostname.replace(/^\[(.+)\]$/, '$1');
  const isLocal = isLoopbackAllowed() && (host === 'localhost' || isLoopback(host));
  const isHttp = url.protocol === 'http:';
  if (url.protocol !== 'https:' && !(isHttp && isLocal)) return NOT_HTTPS;
  if (url.username !== '' || url.password !== '') return WITH_USER;
  if (!isPlainAddress(address)) return NO_ADDRESS;
  if (isLocal) return undefined;
  const port = url.port === '' ? HTTPS_PORT : Number(url.port);
  if (port !== HTTPS_PORT && port < FIRST_USER_PORT)
    return {
      en: `Must have the port 443, or one from 1024 on: ${port} is that of another service.`,
      it: `Deve avere la porta 443, o una da 1024 in su: la ${port} è di un altro servizio.`,
    };
  const reason = whyNotPublic(address);
  return (
    reason && {
      en: `Must be an address on the public Internet: ${reason.en}.`,
      it: `Deve essere un indirizzo pubblico di Internet: ${reason.it}.`,
      code: 'address-not-public',
    }
  );
}

const NO_ADDRESS: Sentence = {
  en: 'Must be an address such as "https://shop.example/telegram".',
  it: 'Deve essere un indirizzo come "https://shop.example/telegram".',
};
const NOT_HTTPS: Sentence = {
  en: 'Must be an https address: what is told names people.',
  it: 'Deve essere un indirizzo https: ciò che si comunica riguarda persone.',
};
const WITH_USER: Sentence = {
  en: 'Must be without user name and password: each call is signed, and that is how you know it.',
  it: 'Deve essere senza nome utente e password: ogni chiamata è firmata, e da questo si riconosce.',
};

/** A host is, or has become, one that is not called. */
class ForbiddenAddressError extends Error {
  override readonly name = 'ForbiddenAddressError';

  constructor(ip: string) {
    super(`The host leads to ${ip}, which is not on the public Internet: it is not called.`);
  }
}

type LookupCallback = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/** How names are looked up: Node's own way, unless a test has another. */
export type Resolve = (
  hostname: string,
  options: { all: true },
  callback: (error: Error | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * Looks names up for a connection. What it gives is what is connected to: so a name can't lead somewhere else after it was
 * checked. If one of its addresses is not public, none is used.
 *
 * @see https://nodejs.org/api/net.html#socketconnectoptions-connectlistener `lookup`
 */
export function publicLookup(resolve: Resolve = lookup) {
  return (hostname: string, { all }: LookupOptions, callback: LookupCallback): void => {
    resolve(hostname, { all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      const forbidden = addresses.find(({ address }) => !mayBeCalled(address));
      if (forbidden) return callback(new ForbiddenAddressError(forbidden.address), []);
      const [first] = addresses;
      if (all || !first) return callback(null, addresses);
      callback(null, first.address, first.family);
    });
  };
}

function mayBeCalled(ip: string): boolean {
  return isPublicIp(ip) || (isLoopbackAllowed() && isLoopback(ip));
}
