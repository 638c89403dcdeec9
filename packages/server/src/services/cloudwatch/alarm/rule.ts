/**
 * The rules of composite alarms: `ALARM("a") AND (NOT OK(b) OR TRUE)`.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html (AlarmRule)
 */
import { parseArn } from "../../../kernel/arn.ts";
import { foundIn, unquoted } from "../word.ts";
import type { StateValue } from "./decision.ts";

export type Rule =
  | { readonly kind: "constant"; readonly value: boolean }
  | { readonly kind: "state"; readonly state: StateValue; readonly alarm: string }
  | { readonly kind: "not"; readonly rule: Rule }
  | { readonly kind: "and" | "or"; readonly rules: readonly Rule[] }
  | { readonly kind: "at least"; readonly count: Least; readonly rules: readonly Rule[] };

type Least = { readonly count: number } | { readonly percent: number };

/** Thrown where a text is no rule. */
export class RuleFault extends Error {
  override readonly name = "RuleFault";
}

interface Word {
  readonly kind: "sign" | "quoted" | "bare";
  readonly text: string;
}

const WORD = /\s*(?:([(),])|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|([^\s(),"']+))/y;

function wordsOf(text: string): Word[] {
  const found = [...foundIn(text, WORD, (at) => new RuleFault(`unexpected character at position ${at}`))];
  return found.map(([, sign, quoted, bare = ""]): Word => {
    if (sign !== undefined) return { kind: "sign", text: sign };
    if (quoted !== undefined) return { kind: "quoted", text: unquoted(quoted) };
    return { kind: "bare", text: bare };
  });
}

const STATES: ReadonlyMap<string, StateValue> = new Map([
  ["ALARM", "ALARM"],
  ["OK", "OK"],
  ["INSUFFICIENT_DATA", "INSUFFICIENT_DATA"],
]);
const DEPTH_MAX = 100;

/** @throws {RuleFault} */
export function parseRule(text: string): Rule {
  const reader = new Reader(wordsOf(text));
  const rule = reader.either();
  reader.end();
  return rule;
}

class Reader {
  readonly #words: readonly Word[];
  #at = 0;
  #depth = 0;

  constructor(words: readonly Word[]) {
    this.#words = words;
  }

  either(): Rule {
    return this.#chain("or", "OR", () => this.#chain("and", "AND", () => this.#one()));
  }

  end(): void {
    const word = this.#words[this.#at];
    if (word !== undefined) throw new RuleFault(`unexpected \`${word.text}\``);
  }

  #chain(kind: "and" | "or", operator: string, next: () => Rule): Rule {
    const first = next();
    const rules = [first];
    while (this.#accept("bare", operator)) rules.push(next());
    return rules.length === 1 ? first : { kind, rules };
  }

  #one(): Rule {
    if (++this.#depth > DEPTH_MAX) throw new RuleFault("nested too deeply");
    const rule = this.#primary();
    this.#depth--;
    return rule;
  }

  #primary(): Rule {
    const word = this.#next();
    if (word.kind === "sign" && word.text === "(") {
      const inside = this.either();
      this.#expect(")");
      return inside;
    }
    if (word.kind !== "bare") throw new RuleFault(`unexpected \`${word.text}\``);
    const { text } = word;
    if (text === "NOT") return { kind: "not", rule: this.#one() };
    if (text === "TRUE" || text === "FALSE") return { kind: "constant", value: text === "TRUE" };
    if (text === "AT_LEAST") return this.#atLeast();
    const state = STATES.get(text);
    if (state === undefined) throw new RuleFault(`unexpected \`${text}\``);
    this.#expect("(");
    const alarm = this.#alarm();
    this.#expect(")");
    return { kind: "state", state, alarm };
  }

  /** `AT_LEAST(2, OK, (a, b, c))`, `AT_LEAST(50%, NOT ALARM, (a, b))` */
  #atLeast(): Rule {
    this.#expect("(");
    const count = leastOf(this.#next().text);
    this.#expect(",");
    const isNegated = this.#accept("bare", "NOT");
    const state = STATES.get(this.#next().text);
    if (state === undefined) throw new RuleFault("AT_LEAST takes a state");
    this.#expect(",");
    this.#expect("(");
    const rules: Rule[] = [];
    do {
      const rule: Rule = { kind: "state", state, alarm: this.#alarm() };
      rules.push(isNegated ? { kind: "not", rule } : rule);
    } while (this.#accept("sign", ","));
    this.#expect(")");
    this.#expect(")");
    return { kind: "at least", count, rules };
  }

  #alarm(): string {
    const word = this.#next();
    if (word.kind === "sign" || word.text === "") throw new RuleFault("the name of an alarm is missing");
    return word.text;
  }

  #accept(kind: Word["kind"], text: string): boolean {
    const word = this.#words[this.#at];
    if (word?.kind !== kind || word.text !== text) return false;
    this.#at++;
    return true;
  }

  #expect(sign: string): void {
    if (!this.#accept("sign", sign)) throw new RuleFault(`\`${sign}\` is missing`);
  }

  #next(): Word {
    const word = this.#words[this.#at++];
    if (word === undefined) throw new RuleFault("unexpected end");
    return word;
  }
}

function leastOf(text: string): Least {
  const [, digits = "", percent = ""] = /^(\d{1,3})(%?)$/.exec(text) ?? [];
  if (digits === "") throw new RuleFault(`not a number: \`${text}\``);
  return percent === "" ? { count: Number(digits) } : { percent: Number(digits) };
}

/** The alarms in a rule, as they are named there. */
export function alarmsIn(rule: Rule): string[] {
  switch (rule.kind) {
    case "constant":
      return [];
    case "state":
      return [rule.alarm];
    case "not":
      return alarmsIn(rule.rule);
    case "and":
    case "or":
    case "at least":
      return rule.rules.flatMap(alarmsIn);
  }
}

/** An alarm is named by its name or its ARN. */
export function alarmNameOf(text: string): string {
  const arn = parseArn(text);
  return arn?.service === "cloudwatch" && arn.resource.startsWith("alarm:")
    ? arn.resource.slice("alarm:".length)
    : text;
}

/** `states` by name; an alarm that is gone is in none. */
export function holds(rule: Rule, states: ReadonlyMap<string, StateValue>): boolean {
  switch (rule.kind) {
    case "constant":
      return rule.value;
    case "state":
      return states.get(alarmNameOf(rule.alarm)) === rule.state;
    case "not":
      return !holds(rule.rule, states);
    case "and":
      return rule.rules.every((each) => holds(each, states));
    case "or":
      return rule.rules.some((each) => holds(each, states));
    case "at least": {
      const count = rule.rules.filter((each) => holds(each, states)).length;
      const least = "count" in rule.count ? rule.count.count : (rule.count.percent / 100) * rule.rules.length;
      return count >= least;
    }
  }
}
