/** What a pattern asks of one value of an event. */
import { contains, parseAddress, parseRange } from "../ip-address.ts";
import type { Wildcard } from "./complexity.ts";

/** A value that holds no others. */
export type Leaf = string | number | boolean | null;

export type ValueTest = (value: Leaf) => boolean;

/** One of the things that a field's value may be. */
export interface Alternative {
  readonly test: ValueTest;
  /** The only text that will do. */
  readonly literal?: string;
  readonly wildcards?: readonly Wildcard[];
}

export const isText = (literal: string): Alternative => {
  // the same address in another spelling will do
  const address = literal.includes(":") ? parseAddress(literal) : undefined;
  if (address === undefined) return { literal, test: (value) => value === literal };
  return { test: textTest((text) => parseAddress(text)?.join() === address.join()) };
};

/** Of numbers, `true`, `false` and `null`. */
export const isSame = (wanted: Leaf): Alternative => ({ test: (value) => value === wanted });

const textTest =
  (holds: (text: string) => boolean): ValueTest =>
  (value) =>
    typeof value === "string" && holds(value);

export const not =
  (test: ValueTest): ValueTest =>
  (value) =>
    !test(value);

export const anyOf =
  (tests: readonly ValueTest[]): ValueTest =>
  (value) =>
    tests.some((test) => test(value));

export const startsWith = (head: string): ValueTest => textTest((text) => text.startsWith(head));
export const endsWith = (tail: string): ValueTest => textTest((text) => text.endsWith(tail));

/** The same of the text in one case. */
export function inAnyCase(of: (text: string) => ValueTest, wanted: string): ValueTest {
  const test = of(wanted.toLowerCase());
  return textTest((text) => test(text.toLowerCase()));
}

export const equals = (wanted: string): ValueTest => textTest((text) => text === wanted);

export function isWild(parts: Wildcard): ValueTest {
  const [head = "", ...rest] = parts;
  const tail = rest.pop();
  if (tail === undefined) return equals(head);
  return textTest((text) => {
    const end = text.length - tail.length;
    if (end < head.length || !text.startsWith(head) || !text.endsWith(tail)) return false;
    let at = head.length;
    for (const part of rest) {
      const found = text.indexOf(part, at);
      if (found < 0 || found + part.length > end) return false;
      at = found + part.length;
    }
    return true;
  });
}

/** `undefined`: it is no range of addresses. */
export function isInRange(cidr: string): ValueTest | undefined {
  const range = parseRange(cidr);
  if (range === undefined) return undefined;
  return textTest((text) => {
    const address = parseAddress(text);
    return address !== undefined && contains(range, address);
  });
}
