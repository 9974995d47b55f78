/** Which addresses are on the public Internet: not those of one machine, or of somebody's own network. */
import { BlockList, isIP } from 'node:net';
import type { Sentence } from './sentence.ts';

/**
 * Names that are in no public DNS (RFC 6761, 6762 with its appendix G, 7686, 8375; `internal`: ICANN, 2024). `example` is
 * not among them: it is for documentation, and so for demos.
 */
const OWN_NETWORKS: ReadonlySet<string> = new Set(
  'localhost localdomain local internal intranet private corp home lan test invalid onion arpa'.split(' '),
);

/** What IANA's special-purpose registries and RFC 5771 do not leave to the public. */
const NOT_PUBLIC_IPV4 = (
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 ' +
  '192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4'
).split(' ');

/** Global unicast is 2000::/3 (RFC 4291); within it the same registries set these apart. */
const PUBLIC_IPV6 = ['2000::/3'];
const NOT_PUBLIC_IPV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

let lists: { ipv4: BlockList; publicIpv6: BlockList; otherIpv6: BlockList } | undefined;

function networks() {
  lists ??= {
    ipv4: listOf(NOT_PUBLIC_IPV4, 'ipv4'),
    publicIpv6: listOf(PUBLIC_IPV6, 'ipv6'),
    otherIpv6: listOf(NOT_PUBLIC_IPV6, 'ipv6'),
  };
  return lists;
}

function listOf(subnets: string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [address = '', bits] = subnet.split('/');
    list.addSubnet(address, Number(bits), family);
  }
  return list;
}

/** Whether all programs read the same host in the address: a URL parser repairs wrong ones, and others may not. */
export function isPlainAddress(value: string): boolean {
  const isPlain = /^https?:\/\/[^/?#@%]+(?:[/?#]|$)/i.test(value) && !/[\s\\\p{Cc}\p{Cs}]/u.test(value);
  return isPlain && URL.canParse(value);
}

/** Why nobody outside can open an address; `undefined` for a public one. */
export function whyNotPublic(url: string): Sentence | undefined {
  // URL writes every form of an IPv4 address, such as 127.1 or 0x7f000001, as four numbers.
  const host = new URL(url).hostname.replace(/^\[(.+)\]$/, '$1').replace(/\.$/, '');
  if (isIP(host)) return isPublicIp(host) ? undefined : isInner(host);
  const labels = host.split('.');
  if (labels.length === 1)
    return {
      en: `"${host}" is the name of a machine in its own network`,
      it: `"${host}" è il nome di una macchina nella sua rete`,
    };
  // DNS has no name with an empty part, such as "shop..example".
  if (labels.includes(''))
    return { en: `"${host}" is no name of a host`, it: `"${host}" non è il nome di un host` };
  const last = labels.at(-1) ?? '';
  if (!OWN_NETWORKS.has(last)) return undefined;
  return {
    en: `names that end in ".${last}" exist only inside a network`,
    it: `i nomi che finiscono in ".${last}" esistono solo dentro una rete`,
  };
}

function isInner(host: string): Sentence {
  return {
    en: `${host} is in a range of private or reserved addresses`,
    it: `${host} è tra gli indirizzi privati o riservati`,
  };
}

/** Whether an IPv4 or IPv6 address is on the public Internet. */
export function isPublicIp(ip: string): boolean {
  const { ipv4, publicIpv6, otherIpv6 } = networks();
  if (isIP(ip) === 4) return !ipv4.check(ip, 'ipv4');
  return isIP(ip) === 6 && publicIpv6.check(ip, 'ipv6') && !otherIpv6.check(ip, 'ipv6');
}
