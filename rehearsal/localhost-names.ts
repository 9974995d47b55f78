/**
 * Names that end with `.localhost` are this machine (RFC 6761, section 6.3). MiniStack's addresses of HTTP APIs are such
 * names. curl and browsers know this; Node asks the machine's resolver, which often does not.
 */
import dns from 'node:dns';

const lookup = dns.lookup as (...args: unknown[]) => void;

Object.assign(dns, {
  lookup: (name: string, ...others: unknown[]) =>
    lookup(name.endsWith('.localhost') ? '127.0.0.1' : name, ...others),
});
