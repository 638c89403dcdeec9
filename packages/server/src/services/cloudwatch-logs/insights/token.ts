/** The words that a query is made of. */
import { findOwn } from "../../../kernel/lookup.ts";
import { malformedQuery } from "../errors.ts";

export type TokenKind = "word" | "quoted field" | "text" | "number" | "regex" | "period" | "sign" | "end";

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly at: number;
  readonly end: number;
}

const SKIPPED = /(?:\s|#[^\n]*)*/y;
const FORMS: readonly (readonly [TokenKind, RegExp])[] = [
  [
    "period",
    /\d+(?:ms|s|m|h|d|w|mo|mon|month|months|q|qtr|quarter|quarters|y|yr|year|years|minutes?|mins?|hours?|hrs?|days?|weeks?|seconds?|secs?|milliseconds?|msec)\b/y,
  ],
  ["number", /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y],
  ["text", /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/sy],
  ["quoted field", /`[^`]+`(?:\.[\w@]+|\.`[^`]+`)*/y],
  // what stands in brackets is a place in a list, but behind `in`
  ["word", /[@A-Za-z_][\w@]*(?:\.[\w@]+|\.`[^`]+`|(?<!\bin)\[\d+\])*/iy],
  ["sign", /=~|!=|<>|<=|>=|\|\||&&|[-+*/%^=<>!()[\],|:]/y],
];
const REGEX = /\/((?:[^/\\\n]|\\.)*)\//y;

/** Regular expressions stand where the word before asks for one. */
const BEFORE_REGEX = /^(like|=~|parse)$/i;

/** @throws {AwsError} `MalformedQueryException` */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = skip(text, 0); at < text.length;) {
    const token = next(text, at, tokens);
    tokens.push(token);
    at = skip(text, token.end);
  }
  return [...tokens, { kind: "end", text: "", at: text.length, end: text.length }];
}

function skip(text: string, at: number): number {
  const sticky = new RegExp(SKIPPED);
  sticky.lastIndex = at;
  sticky.exec(text);
  return sticky.lastIndex;
}

function next(text: string, at: number, before: readonly Token[]): Token {
  const forms: typeof FORMS = text[at] === "/" && mayBeRegex(before) ? [["regex", REGEX]] : FORMS;
  for (const [kind, form] of forms) {
    const sticky = new RegExp(form);
    sticky.lastIndex = at;
    const match = sticky.exec(text);
    if (match === null) continue;
    const inner = match[1] ?? match[2];
    return { kind, text: kind === "text" ? unescaped(inner ?? "") : (inner ?? match[0]), at, end: sticky.lastIndex };
  }
  throw malformedQuery(`unexpected symbol found ${text.slice(at, at + 1)}`, at, at + 1);
}

/** After `parse` there may be a field before it. */
function mayBeRegex(before: readonly Token[]): boolean {
  const [two, one] = [before.at(-2), before.at(-1)];
  return BEFORE_REGEX.test(one?.text ?? "") || (/^parse$/i.test(two?.text ?? "") && one?.kind !== "sign");
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };

const unescaped = (text: string): string =>
  text.replaceAll(/\\(.)/gs, (_, letter: string) => findOwn(ESCAPES, letter) ?? letter);
