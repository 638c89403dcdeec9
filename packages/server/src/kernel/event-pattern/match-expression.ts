/**
 * The operators of event patterns, as they stand in a field's list: `{"prefix": "eu-"}`.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html; the words of refusals:
 * https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_events_patterns.snapshot.json (recorded answers)
 */
import { parseAddress } from "../ip-address.ts";
import type { Wildcard } from "./complexity.ts";
import type { JsonTokens, TokenKind } from "./json-tokens.ts";
import { PatternError } from "./pattern-error.ts";
import {
  anyOf,
  endsWith,
  equals,
  inAnyCase,
  isInRange,
  isWild,
  not,
  startsWith,
  type Alternative,
  type ValueTest,
} from "./value-test.ts";
import { comparable, incomparable, parseNumeric } from "./numeric.ts";

/** One entry of a field's list; `absent`: the field must not be there. */
export type Expression = Alternative | "absent" | "present";

/** Behind the `{` of an expression. @throws {PatternError} */
export function parseExpression(tokens: JsonTokens): Expression {
  if (tokens.next() !== "name") tokens.refuse("Match expression name not found");
  const operator = OPERATORS.get(tokens.text);
  if (operator === undefined) return tokens.refuse(`Unrecognized match type ${tokens.text}`);
  return operator(tokens);
}

type ParseOperator = (tokens: JsonTokens) => Expression;

const OPERATORS: ReadonlyMap<string, ParseOperator> = new Map<string, ParseOperator>([
  ["exactly", parseExactly],
  ["prefix", (tokens) => parseAffix(tokens, { name: "prefix", title: "Prefix", test: startsWith })],
  ["suffix", (tokens) => parseAffix(tokens, { name: "suffix", title: "Suffix", test: endsWith })],
  ["numeric", parseNumeric],
  ["anything-but", parseAnythingBut],
  ["exists", parseExists],
  ["cidr", parseCidr],
  ["equals-ignore-case", (tokens) => closed(tokens, { test: inAnyCase(equals, caselessOf(tokens)) })],
  ["wildcard", parseWildcard],
]);

const ONE_KEY = "Only one key allowed in match expression";

function closed<Read>(tokens: JsonTokens, read: Read, reason = ONE_KEY): Read {
  if (tokens.next() !== "}") tokens.refuse(reason);
  return read;
}

function textOf(tokens: JsonTokens, kind: TokenKind, what: string): string {
  return kind === "string" ? tokens.string() : tokens.refuse(`${what} match pattern must be a string`);
}

const caselessOf = (tokens: JsonTokens): string => textOf(tokens, tokens.next(), "equals-ignore-case");

interface Affix {
  readonly name: string;
  readonly title: string;
  readonly test: (text: string) => ValueTest;
}

function parseAffix(tokens: JsonTokens, { name, title, test }: Affix): Alternative {
  const kind = tokens.next();
  if (kind !== "{") return closed(tokens, { test: test(textOf(tokens, kind, name)) });
  if (tokens.next() !== "name") tokens.refuse(`${title} expression name not found`);
  if (tokens.text !== "equals-ignore-case") tokens.refuse(`Unsupported ${name} pattern: ${tokens.text}`);
  const caseless = closed(tokens, { test: inAnyCase(test, caselessOf(tokens)) });
  return closed(tokens, caseless);
}

function parseExists(tokens: JsonTokens): Expression {
  const kind = tokens.next();
  if (kind !== "true" && kind !== "false") tokens.refuse("exists match pattern must be either true or false.");
  return closed(tokens, kind === "true" ? "present" : "absent");
}

function parseCidr(tokens: JsonTokens): Alternative {
  const text = textOf(tokens, tokens.next(), "prefix");
  requireCidr(text);
  const test = isInRange(text);
  return closed(tokens, { test: test ?? (() => false) });
}

/** @throws {PatternError} without a place, as AWS does. */
function requireCidr(text: string): void {
  const [address = "", bits, ...more] = text.split("/");
  if (bits === undefined || more.length > 0) throw new PatternError("Malformed CIDR, one '/' required");
  if (!/^[+-]?\d+$/.test(bits)) throw new PatternError("Malformed CIDR, mask bits must be an integer");
  if (Number(bits) < 0) throw new PatternError("Malformed CIDR, mask bits must not be negative");
  const groups = parseAddress(address);
  if (groups === undefined) throw new PatternError(`Nonstandard IP address: ${address}`);
  if (groups.length === 2 && Number(bits) > 31) throw new PatternError("IPv4 mask bits must be < 32");
  if (Number(bits) > 127) throw new PatternError("IPv6 mask bits must be < 128");
}

function parseExactly(tokens: JsonTokens): Alternative {
  const literal = textOf(tokens, tokens.next(), "exact");
  return closed(tokens, { literal, test: equals(literal) });
}

function parseWildcard(tokens: JsonTokens): Alternative {
  const wildcard = wildcardOf(tokens, textOf(tokens, tokens.next(), "wildcard"));
  return closed(tokens, { test: isWild(wildcard), wildcards: [wildcard] });
}

/** `\*` and `\\` stand for themselves. */
function wildcardOf(tokens: JsonTokens, text: string): Wildcard {
  const parts = [""];
  // places count from the quote in front, in bytes
  for (let at = 0; at < text.length; at++) {
    const place = 1 + Buffer.byteLength(text.slice(0, at), "utf8");
    const [character = "", next] = [text[at], text[at + 1]];
    if (character === "*") {
      if (next === "*") tokens.refuse(`Consecutive wildcard characters at pos ${place}`);
      parts.push("");
    } else if (character === "\\") {
      if (next !== "*" && next !== "\\") tokens.refuse(`Invalid escape character at pos ${place}`);
      parts.push(`${parts.pop() ?? ""}${next}`);
      at += 1;
    } else parts.push(`${parts.pop() ?? ""}${character}`);
  }
  return parts;
}

/** What may stand inside of `anything-but`. */
const NEGATED: ReadonlyMap<string, { readonly refusal: string; readonly test: (text: string) => ValueTest }> = new Map([
  [
    "equals-ignore-case",
    {
      refusal: "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.",
      test: (text: string) => inAnyCase(equals, text),
    },
  ],
  ["prefix", { refusal: "prefix/suffix match pattern must be a string", test: startsWith }],
  ["suffix", { refusal: "prefix/suffix match pattern must be a string", test: endsWith }],
]);

const LISTED = new Set<TokenKind>(["[", "string", "number"]);

function parseAnythingBut(tokens: JsonTokens): Alternative {
  const kind = tokens.next();
  if (kind === "{") return closed(tokens, parseNegated(tokens), "Too many elements in numeric expression");
  requireListed(tokens, kind);
  const values: (string | number)[] = [];
  eachEntry(tokens, kind, (entry) => {
    if (entry === "string") values.push(tokens.string());
    else if (entry === "number") values.push(numberOf(tokens));
    else tokens.refuse("Inside anything but list, start|null|boolean is not supported.");
  });
  if (new Set(values.map((value) => typeof value)).size !== 1) {
    tokens.refuse("Inside anything but list, either all values are number or string, mixed type is not supported");
  }
  const refused = new Set<unknown>(values);
  return closed(tokens, { test: (value) => !refused.has(value) }, "Too many elements in numeric expression");
}

/** AWS says no place where the number is the only one. */
function numberOf(tokens: JsonTokens): number {
  const { text } = tokens;
  const value = comparable(text);
  if (value === undefined) throw new PatternError(incomparable(text));
  return value;
}

function requireListed(tokens: JsonTokens, kind: TokenKind): void {
  if (!LISTED.has(kind)) tokens.refuse("Value of anything-but must be an array or single string/number value.");
}

function parseNegated(tokens: JsonTokens): Alternative {
  if (tokens.next() !== "name") tokens.refuse("Anything-But expression name not found");
  const operator = tokens.text;
  const negated = NEGATED.get(operator);
  if (negated === undefined && operator !== "wildcard") tokens.refuse(`Unsupported anything-but pattern: ${operator}`);
  const kind = tokens.next();
  requireListed(tokens, kind);
  const tests: ValueTest[] = [];
  const wildcards: string[] = [];
  eachEntry(tokens, kind, (entry) => {
    if (entry !== "string") tokens.refuse(negated?.refusal ?? "wildcard match pattern must be a string");
    const text = tokens.string();
    if (text === "" && (operator === "prefix" || operator === "suffix"))
      tokens.refuse("Null prefix/suffix not allowed");
    if (negated === undefined) wildcards.push(text);
    else tests.push(negated.test(text));
  });
  const parsed = wildcards.map((text) => wildcardOf(tokens, text));
  const test = not(anyOf([...tests, ...parsed.map(isWild)]));
  return closed(tokens, { test, wildcards: parsed }, "Too many elements in numeric expression");
}

/** Reads the value itself, or those of the list that it begins: of what is wrong in a list AWS says the place twice. */
function eachEntry(tokens: JsonTokens, kind: TokenKind, read: (entry: TokenKind) => void): void {
  if (kind !== "[") {
    read(kind);
    return;
  }
  try {
    for (let entry = tokens.next(); entry !== "]"; entry = tokens.next()) read(entry);
  } catch (error) {
    throw error instanceof PatternError ? tokens.refusal(error.message) : error;
  }
}
