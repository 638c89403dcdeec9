/**
 * Event patterns, read into what has to hold of an event.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
import { areTooComplex, type Wildcard } from "./complexity.ts";
import { JsonTokens, type TokenKind } from "./json-tokens.ts";
import { parseExpression, type Expression } from "./match-expression.ts";
import { PatternError } from "./pattern-error.ts";
import { isSame, isText, type Alternative } from "./value-test.ts";

/** What is asked of the values at one path. */
export interface FieldTest {
  /** The names of the members that lead there, with dots between: names that have dots themselves are not told apart. */
  readonly path: string;
  /** It is enough that there is none. */
  readonly orAbsent: boolean;
  /** It is enough that there is one. */
  readonly orPresent: boolean;
  readonly alternatives: readonly Alternative[];
  /** The only values that will do, where they are texts. */
  readonly literals?: readonly string[];
}

/** All of these have to hold. */
export type Conjunction = readonly FieldTest[];

/** One of these has to hold. */
export type Pattern = readonly Conjunction[];

const OR = "$or";
const COMBINATIONS_MAX = 1000;
const TOO_COMPLEX =
  "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character";
/** Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-or */
const NO_NAMES_IN_OR = new Set(
  (
    "exactly equals-ignore-case prefix suffix anything-but exists wildcard numeric cidr = < <= > >= regex " +
    "not-wildcard not-equals-ignore-case date-after date-on-or-after date-before date-on-or-before in-date-range " +
    "ip-address-in-range ip-address-not-in-range"
  ).split(" "),
);

type Combination = ReadonlyMap<string, FieldTest>;

/** @throws {PatternError} */
export function parsePattern(text: string): Pattern {
  const tokens = new JsonTokens(text);
  if (tokens.next() !== "{") tokens.refuse("Filter is not an object");
  const combinations = parseObject([new Map()], { tokens, path: "", isInOr: false });
  const pattern = combinations.map((combination) => [...combination.values()]);
  requireSimple(pattern);
  return pattern;
}

/** @throws {PatternError} where wildcards of a field would make too much work. */
function requireSimple(pattern: Pattern): void {
  const wildcards = new Map<string, Map<string, Wildcard>>();
  for (const { path, alternatives } of pattern.flat()) {
    for (const wildcard of alternatives.flatMap((alternative) => alternative.wildcards ?? [])) {
      const ofField = wildcards.get(path) ?? new Map<string, Wildcard>();
      wildcards.set(path, ofField.set(JSON.stringify(wildcard), wildcard));
    }
  }
  for (const ofField of wildcards.values())
    if (areTooComplex([...ofField.values()])) throw new PatternError(TOO_COMPLEX);
}

interface Place {
  readonly tokens: JsonTokens;
  /** With a dot behind it. */
  readonly path: string;
  readonly isInOr: boolean;
}

/** What `before` becomes with all that the object asks. */
function parseObject(before: readonly Combination[], place: Place): readonly Combination[] {
  const { tokens, path, isInOr } = place;
  let combinations = before;
  let isEmpty = true;
  for (; tokens.next() !== "}"; isEmpty = false) {
    const name = tokens.text;
    if (name === OR) {
      combinations = parseOr(combinations, place);
      continue;
    }
    if (isInOr && NO_NAMES_IN_OR.has(name)) {
      tokens.refuse(`${name} is Ruler reserved fieldName which cannot be used inside ${OR}.`);
    }
    const kind = tokens.next();
    if (kind === "{") combinations = parseObject(combinations, { tokens, path: `${path}${name}.`, isInOr });
    else if (kind === "[") combinations = withField(combinations, parseField(path + name, tokens));
    else tokens.refuse(`"${name}" must be an object or an array`);
  }
  if (isEmpty) tokens.refuse("Empty objects are not allowed");
  return combinations;
}

/** A field that is named again takes the place of the first. */
const withField = (combinations: readonly Combination[], field: FieldTest): readonly Combination[] =>
  combinations.map((combination) => new Map([...combination, [field.path, field]]));

function parseOr(before: readonly Combination[], { tokens, path }: Place): readonly Combination[] {
  if (tokens.next() !== "[") tokens.refuse(`It must be an Array followed with ${OR}.`);
  const combinations: Combination[] = [];
  let count = 0;
  for (let kind = tokens.next(); kind !== "]"; kind = tokens.next(), count++) {
    if (kind !== "{") tokens.refuse(`Only JSON object is allowed in array of ${OR} relationship.`);
    combinations.push(...parseObject(before, { tokens, path, isInOr: true }));
    if (combinations.length > COMBINATIONS_MAX) throw new PatternError("Rule is too complex - too many combinations");
  }
  if (count < 2) tokens.refuse(`There must have at least 2 Objects in ${OR} relationship.`);
  return combinations;
}

function parseField(path: string, tokens: JsonTokens): FieldTest {
  const expressions: Expression[] = [];
  for (let kind = tokens.next(); kind !== "]"; kind = tokens.next()) expressions.push(parseEntry(tokens, kind));
  if (expressions.length === 0) tokens.refuse("Empty arrays are not allowed");
  const alternatives = expressions.filter((one) => typeof one !== "string");
  const literals = alternatives.flatMap(({ literal }) => (literal === undefined ? [] : [literal]));
  return {
    path,
    orAbsent: expressions.includes("absent"),
    orPresent: expressions.includes("present"),
    alternatives,
    ...(literals.length === expressions.length && { literals }),
  };
}

function parseEntry(tokens: JsonTokens, kind: TokenKind): Expression {
  switch (kind) {
    case "{":
      return parseExpression(tokens);
    case "string":
      return isText(tokens.string());
    case "number":
      return isSame(Number(tokens.text));
    case "true":
    case "false":
      return isSame(kind === "true");
    case "null":
      return isSame(null);
    case "}":
    case "[":
    case "]":
    case "name":
    case "end":
      return tokens.refuse("Match value must be String, number, true, false, or null");
  }
}
