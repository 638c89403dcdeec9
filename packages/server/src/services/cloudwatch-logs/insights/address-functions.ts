/** Functions of IP addresses. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html#CWL_QuerySyntax-IPaddress-functions */
import { contains, parseAddress, parseRange } from "../../../kernel/ip-address.ts";
import { test, textual, type Function } from "./function-form.ts";
import type { Value } from "./syntax.ts";
import { textOf } from "./value.ts";

/** In 16-bit groups. */
const GROUPS_OF_V4 = 2;
const GROUP_VALUES = 0x1_0000;

const anyIp = (text: string): boolean => parseAddress(text) !== undefined;
const isIpv4 = (text: string): boolean => parseAddress(text)?.length === GROUPS_OF_V4;
const isIpv6 = (text: string): boolean => anyIp(text) && !isIpv4(text);

function isInSubnet(text: string, given: Value): boolean {
  const [address, range] = [parseAddress(text), parseRange(textOf(given))];
  return address !== undefined && range !== undefined && contains(range, address);
}

const subnet = (isKind: (text: string) => boolean): Function =>
  test((text, [of]) => isKind(text) && isInSubnet(text, of), [2, 2]);

const isInAny = (text: string, ranges: readonly string[]): boolean => ranges.some((range) => isInSubnet(text, range));

/** Source: https://www.rfc-editor.org/rfc/rfc1918 */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/** Source: https://www.iana.org/assignments/iana-ipv4-special-registry, https://www.iana.org/assignments/iana-ipv6-special-registry */
const RESERVED = [
  "0.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
  "::/128",
  "::1/128",
  "100::/64",
  "2001:db8::/32",
  "fc00::/7",
  "fe80::/10",
  "ff00::/8",
];

function numberOfIpv4(text: string): Value {
  const groups = parseAddress(text);
  if (groups?.length !== GROUPS_OF_V4) return undefined;
  return groups.reduce((sum, group) => sum * GROUP_VALUES + group, 0);
}

export const ADDRESS_FUNCTIONS: Readonly<Record<string, Function>> = {
  isvalidip: test(anyIp),
  isvalidipv4: test(isIpv4),
  isvalidipv6: test(isIpv6),
  isipinsubnet: subnet(anyIp),
  isipv4insubnet: subnet(isIpv4),
  isipv6insubnet: subnet(isIpv6),
  ipv4tonumber: textual(numberOfIpv4),
  isprivateip: test((text) => isInAny(text, PRIVATE)),
  isreservedip: test((text) => isInAny(text, RESERVED)),
  ispublicip: test((text) => anyIp(text) && !isInAny(text, PRIVATE) && !isInAny(text, RESERVED)),
};
