/** Which addresses customers can open: not those of one machine, or of somebody's own network. */
import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { type FieldError, InvalidInputError } from '../domain/errors.ts';

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

/** Why nobody outside can open an address; `undefined` for a public one. */
function whyNotPublic(url: string): string | undefined {
  // URL writes every form of an IPv4 address, such as 127.1 or 0x7f000001, as four numbers.
  const host = new URL(url).hostname.replace(/^\[(.+)\]$/, '$1').replace(/\.$/, '');
  if (isIPv4(host)) return networks().ipv4.check(host, 'ipv4') ? `${host} ${IS_INNER}` : undefined;
  if (isIPv6(host)) {
    const { publicIpv6, otherIpv6 } = networks();
    const isPublic = publicIpv6.check(host, 'ipv6') && !otherIpv6.check(host, 'ipv6');
    return isPublic ? undefined : `${host} ${IS_INNER}`;
  }
  const labels = host.split('.');
  if (labels.length === 1) return `"${host}" is the name of a machine in its own network`;
  const last = labels.at(-1) ?? '';
  return OWN_NETWORKS.has(last) ? `names that end in ".${last}" exist only inside a network` : undefined;
}

const IS_INNER = 'is in a range of private or reserved addresses';

/** Addresses with a scheme in a text. */
const ADDRESSES = /\bhttps?:\/\/[^\s<>"']+/gi;

/**
 * Refuses addresses of a shop that its customers can't open. What was saved before stays allowed: otherwise nothing else of
 * the site could be changed. The local run takes all of them.
 *
 * @param wanted the fields that change: addresses, or texts that may hold some.
 * @throws InvalidInputError
 */
export function requirePublic<Fields extends object>(wanted: Fields, known?: Partial<Fields>): void {
  if (process.env.STAGE === 'local') return;
  const errors = Object.entries(wanted).flatMap(([field, text]): FieldError[] => {
    if (typeof text !== 'string' || text === known?.[field as keyof Fields]) return [];
    const [reason] = (text.match(ADDRESSES) ?? [])
      .filter((url) => URL.canParse(url))
      .flatMap((url) => whyNotPublic(url) ?? []);
    if (reason === undefined) return [];
    return [{ pointer: `/${field}`, detail: `Must be an address that customers can open: ${reason}.` }];
  });
  if (errors.length > 0) throw new InvalidInputError(errors);
}
