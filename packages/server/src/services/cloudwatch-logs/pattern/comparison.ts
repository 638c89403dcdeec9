/** A value in a pattern, and how what a message has compares with it. */
import { isDecimal, parseDecimal } from "../../../kernel/decimal.ts";
import type { CompileRegex } from "../regex.ts";
import { patternInvalid } from "./errors.ts";

export type Operator = "=" | "!=" | "<" | "<=" | ">" | ">=";

export interface Literal {
  readonly kind: "text" | "bare" | "regex";
  readonly text: string;
}

/** Whether a text that a message has is as the pattern wants it. */
export type Comparison = (text: string) => boolean;

/** @throws {AwsError} `InvalidParameterException` */
export function comparisonOf(operator: Operator, literal: Literal, compile: CompileRegex): Comparison {
  if (operator === "=" || operator === "!=") {
    const isEqual = equality(literal, compile);
    return operator === "=" ? isEqual : (text) => !isEqual(text);
  }
  const bound = literal.kind === "bare" ? parseDecimal(literal.text) : undefined;
  if (bound === undefined) throw patternInvalid();
  const isInOrder = ORDER[operator];
  return (text) => isDecimal(text) && isInOrder(Number(text), bound);
}

const ORDER: Readonly<Record<Exclude<Operator, "=" | "!=">, (one: number, other: number) => boolean>> = {
  "<": (one, other) => one < other,
  "<=": (one, other) => one <= other,
  ">": (one, other) => one > other,
  ">=": (one, other) => one >= other,
};

function equality({ kind, text }: Literal, compile: CompileRegex): Comparison {
  if (kind === "regex") {
    const regex = compile(text, { invalid: patternInvalid });
    return (given) => regex.test(given);
  }
  if (kind === "bare" && isDecimal(text)) {
    const number = Number(text);
    return (given) => given === text || parseDecimal(given) === number;
  }
  return text.includes("*") ? wildcard(text) : (given) => given === text;
}

/** Texts between stars, each at its first place behind the one before. */
function wildcard(text: string): Comparison {
  const parts = text.split("*");
  const [head = ""] = parts;
  const tail = parts.at(-1) ?? "";
  const middle = parts.slice(1, -1);
  return (given) => {
    if (!given.startsWith(head) || !given.endsWith(tail) || given.length < head.length + tail.length) return false;
    let at = head.length;
    for (const part of middle) {
      const found = given.indexOf(part, at);
      if (found === -1 || found + part.length > given.length - tail.length) return false;
      at = found + part.length;
    }
    return true;
  };
}
