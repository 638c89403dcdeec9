/** Addresses and ranges of IPv4 and IPv6. A range of one family never holds an address of the other. */

/** The address as 16-bit groups: two of them for IPv4, eight for IPv6. */
export type Address = readonly number[];

/** All addresses whose first `prefixBits` bits are those of `base`; the bits behind do not count. */
export interface AddressRange {
  readonly base: Address;
  readonly prefixBits: number;
}

/** `203.0.113.1`, `2001:db8::1`; `undefined` where the text is no address. */
export function parseAddress(text: string): Address | undefined {
  return text.includes(":") ? parseV6(text) : parseV4(text);
}

/** `203.0.113.0/24`; an address alone is the range of itself. */
export function parseRange(text: string): AddressRange | undefined {
  const [addressText = "", bitsText, ...more] = text.split("/");
  const base = parseAddress(addressText);
  if (base === undefined || more.length > 0) return undefined;
  const widest = base.length * 16;
  if (bitsText === undefined) return { base, prefixBits: widest };
  if (!/^\d{1,3}$/.test(bitsText) || Number(bitsText) > widest) return undefined;
  return { base, prefixBits: Number(bitsText) };
}

/** Whether the address lies in the range: never one of the other family. */
export function contains({ base, prefixBits }: AddressRange, address: Address): boolean {
  if (base.length !== address.length) return false;
  for (let group = 0, left = prefixBits; left > 0; group++, left -= 16) {
    const differing = (base[group] ?? 0) ^ (address[group] ?? 0);
    if (differing >> Math.max(16 - left, 0) !== 0) return false;
  }
  return true;
}

function parseV4(text: string): Address | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return undefined;
  const [a, b, c, d] = [Number(match[1]), Number(match[2]), Number(match[3]), Number(match[4])];
  return a > 255 || b > 255 || c > 255 || d > 255 ? undefined : [(a << 8) | b, (c << 8) | d];
}

function parseV6(text: string): Address | undefined {
  const [left = "", right, ...more] = text.split("::");
  if (more.length > 0) return undefined;
  const leftGroups = parseGroups(left);
  const rightGroups = right === undefined ? [] : parseGroups(right);
  if (leftGroups === undefined || rightGroups === undefined) return undefined;
  const missing = 8 - leftGroups.length - rightGroups.length;
  if (right === undefined ? missing !== 0 : missing < 1) return undefined;
  return [...leftGroups, ...Array.from({ length: missing }, () => 0), ...rightGroups];
}

/** Groups between colons; the last may be an IPv4 address. */
function parseGroups(text: string): number[] | undefined {
  if (text === "") return [];
  const parts = text.split(":");
  const groups: number[] = [];
  for (const [at, part] of parts.entries()) {
    const v4 = at === parts.length - 1 && part.includes(".") ? parseV4(part) : undefined;
    if (v4 !== undefined) groups.push(...v4);
    else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}
