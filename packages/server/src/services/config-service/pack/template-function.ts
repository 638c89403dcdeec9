/**
 * The functions of templates, worked out.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
 */
import { templateInvalid } from "../errors.ts";
import { isMap, memberOf, textOf, type Value } from "./template-text.ts";

/** What names stand for. */
export interface TemplateScope {
  /** Parameters and pseudo parameters. */
  readonly names: ReadonlyMap<string, string>;
  readonly conditions: Value | undefined;
  /** The conditions that lead here, one of the other. */
  readonly within: readonly string[];
  /** What may still be worked out: functions that use each other twice would never come to an end. */
  readonly effort: { left: number };
}

/** In functions and characters: more than templates of the largest size need. */
export const EFFORT_MAX = 2_000_000;

/** @throws {AwsError} `ConformancePackTemplateValidationException` */
function spend({ effort }: TemplateScope, amount: number): void {
  effort.left -= amount;
  if (effort.left < 0) throw templateInvalid("Template is too complex");
}

type Work = (given: Value, scope: TemplateScope) => Value | undefined;

/** `undefined`: it is to be left out (`AWS::NoValue`). @throws {AwsError} `ConformancePackTemplateValidationException` */
export function resolve(value: Value, scope: TemplateScope): Value | undefined {
  spend(scope, 1);
  if (isList(value)) return value.map((item) => resolve(item, scope)).filter((item) => item !== undefined);
  if (!isMap(value)) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only !== undefined) {
    const [name, given] = only;
    const work = FUNCTIONS.get(name);
    if (work !== undefined) return work(given, scope);
    if (name.startsWith("Fn::")) throw templateInvalid(`Function ${name} is not supported`);
  }
  const resolved = entries.map(([name, member]) => [name, resolve(member, scope)] as const);
  return Object.fromEntries(resolved.filter((entry): entry is [string, Value] => entry[1] !== undefined));
}

const isList = (value: Value): value is readonly Value[] => Array.isArray(value);
const listOf = (value: Value): readonly Value[] => (isList(value) ? value : [value]);

function refer(given: Value, { names }: TemplateScope): string | undefined {
  const name = textOf(given);
  if (name === "AWS::NoValue") return undefined;
  const value = names.get(name);
  if (value === undefined) throw templateInvalid(`Unresolved reference to ${name}`);
  return value;
}

function choose(given: Value, scope: TemplateScope): Value | undefined {
  const [name = "", whole = null, otherwise = null] = listOf(given);
  return resolve(holds(textOf(name), scope) ? whole : otherwise, scope);
}

/** Whether the condition of that name does. */
export function holds(name: string, scope: TemplateScope): boolean {
  const condition = memberOf(scope.conditions, name);
  if (condition === undefined || scope.within.includes(name)) {
    throw templateInvalid(`Unresolved condition dependency ${name}`);
  }
  return truth(condition, { ...scope, within: [...scope.within, name] });
}

const truth = (value: Value, scope: TemplateScope): boolean => textOf(resolve(value, scope)) === "true";

function substitute(given: Value, scope: TemplateScope): string {
  const [text = "", more] = listOf(given);
  return textOf(text).replaceAll(/\$\{([^!{}]+)\}|\$\{!([^{}]*)\}/g, (_, name?: string, literal?: string) => {
    if (name === undefined) return `\${${literal ?? ""}}`;
    const own = memberOf(more, name);
    const found = textOf(own === undefined ? refer(name, scope) : resolve(own, scope));
    spend(scope, found.length + 1);
    return found;
  });
}

function join(given: Value, scope: TemplateScope): string {
  const [between = "", parts = []] = listOf(given);
  const texts = listOf(resolve(parts, scope) ?? []).map(textOf);
  spend(scope, texts.length * textOf(between).length);
  return texts.join(textOf(between));
}

function equals(given: Value, scope: TemplateScope): boolean {
  const [one = "", other = ""] = listOf(given);
  return textOf(resolve(one, scope)) === textOf(resolve(other, scope));
}

const FUNCTIONS: ReadonlyMap<string, Work> = new Map<string, Work>([
  ["Ref", refer],
  ["Condition", (given, scope) => holds(textOf(given), scope)],
  ["Fn::If", choose],
  ["Fn::Equals", equals],
  ["Fn::Not", (given, scope) => listOf(given).every((one) => !truth(one, scope))],
  ["Fn::And", (given, scope) => listOf(given).every((one) => truth(one, scope))],
  ["Fn::Or", (given, scope) => listOf(given).some((one) => truth(one, scope))],
  ["Fn::Sub", substitute],
  ["Fn::Join", join],
]);
