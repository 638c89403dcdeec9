/** Ranges of addresses as conditions write them. */
import { contains, parseRange, type Address, type AddressRange } from "../../../kernel/ip-address.ts";

/** Source: https://www.rfc-editor.org/rfc/rfc1918, https://www.rfc-editor.org/rfc/rfc4193 */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"].flatMap((text) => parseRange(text) ?? []);

/** `undefined`: it is no range. */
export function placeOfRange(text: string): "private" | "public" | undefined {
  const range = parseRange(text);
  if (range === undefined) return undefined;
  return PRIVATE.some((wide) => wide.prefixBits <= range.prefixBits && contains(wide, range.base))
    ? "private"
    : "public";
}

/** The range with its bits behind the mask cleared; `undefined` where they are, or it is no range. */
export function narrowed(text: string): string | undefined {
  const range = parseRange(text);
  if (range === undefined || !text.includes("/")) return undefined;
  const base = masked(range);
  return base.every((group, at) => group === range.base[at]) ? undefined : `${format(base)}/${range.prefixBits}`;
}

const masked = ({ base, prefixBits }: AddressRange): Address =>
  base.map((group, at) => {
    const kept = Math.min(Math.max(prefixBits - at * 16, 0), 16);
    return (group >> (16 - kept)) << (16 - kept);
  });

const format = (base: Address): string =>
  base.length === 2
    ? base.flatMap((group) => [group >> 8, group & 0xff]).join(".")
    : base.map((group) => group.toString(16)).join(":");
