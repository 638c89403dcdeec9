/**
 * Filter policies read and checked, in AWS's words.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html, and recorded answers:
 * https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns_filter_policy.snapshot.json
 */
import type { AwsError } from "../../../kernel/aws-error.ts";
import { FILTER_BYTES_MAX, FILTER_COMBINATIONS_MAX, FILTER_KEYS_MAX } from "../limits.ts";
import type { FieldRule, Filter } from "./filter.ts";
import { JsonProblem, placeIn, readJson, unparsed, type Json } from "./json-reader.ts";
import { FilterProblem } from "./problem.ts";
import { readTest } from "./test-reader.ts";

export type FilterScope = "MessageAttributes" | "MessageBody";

/** Makes the error of `FilterPolicy: …`. */
type Refuse = (problem: string) => AwsError;

interface Refusals {
  readonly ofPolicy: Refuse;
  /** Of what is wrong with the scope alone. */
  readonly ofScope: Refuse;
}

/** @throws {AwsError} `InvalidParameter` */
export function compileFilter(given: string, scope: FilterScope, { ofPolicy, ofScope }: Refusals): Filter {
  const text = compact(given);
  if (Buffer.byteLength(text) > FILTER_BYTES_MAX) throw ofPolicy("FilterPolicy: Filter policy is too large");
  try {
    const root = readJson(text);
    if (root.kind !== "object") throw new FilterProblem("Filter is not an object", root.at);
    const ways = waysOf(root, []);
    if (scope === "MessageAttributes" && ways.some((way) => way.some(({ path }) => path.length > 1))) {
      throw ofScope("Filter policy scope MessageAttributes does not support nested filter policy");
    }
    requireSimple(ways);
    return ways;
  } catch (error) {
    if (error instanceof JsonProblem) throw ofPolicy(`FilterPolicy: ${unparsed(text, error)}`);
    if (!(error instanceof FilterProblem)) throw error;
    const place = error.place === undefined ? "" : `\n at [Source: (String)"${text}"; ${placeIn(text, error.place)}]`;
    throw ofPolicy(`FilterPolicy: ${error.message}${place}`);
  }
}

/** Without blanks, as places in it are told. Source: the recorded answers */
function compact(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    // it is read again, to say what is wrong with it
    return text;
  }
}

/** Of a policy that was checked when it was stored. */
export function storedFilter(text: string): Filter {
  const root = readJson(text);
  return root.kind === "object" ? waysOf(root, []) : [];
}

type JsonObject = Extract<Json, { kind: "object" }>;

const OR = "$or";

/** Every way in which a message may fit: the members of an object all hold, of an `$or` one does. */
function waysOf({ members }: JsonObject, path: readonly string[]): Filter {
  let ways: Filter = [[]];
  for (const { name, value } of members) {
    const more =
      name === OR && isChoice(value)
        ? value.items.flatMap((item) => choiceOf(item, path))
        : fieldWays(value, [...path, name]);
    ways = ways.flatMap((way) => more.map((another) => [...way, ...another]));
    if (ways.length > FILTER_COMBINATIONS_MAX) throw new FilterProblem("Filter policy is too complex");
  }
  return ways;
}

/** An `$or` of fewer, or of other things than objects, is a field of that name. */
const isChoice = (value: Json): value is Extract<Json, { kind: "array" }> =>
  value.kind === "array" && value.items.length > 1 && value.items.every(({ kind }) => kind === "object");

const choiceOf = (item: Json, path: readonly string[]): Filter => (item.kind === "object" ? waysOf(item, path) : []);

function fieldWays(value: Json, path: readonly string[]): Filter {
  if (value.kind === "object") return waysOf(value, path);
  if (value.kind !== "array") throw new FilterProblem(`"${path.at(-1) ?? ""}" must be an object or an array`, value.at);
  if (value.items.length === 0) throw new FilterProblem("Empty arrays are not allowed", value.end);
  return [[{ path, tests: value.items.map(readTest) }]];
}

/** @throws {FilterProblem} */
function requireSimple(ways: Filter): void {
  if (ways.some((way) => way.length > FILTER_KEYS_MAX)) {
    throw new FilterProblem(`Filter policy can not have more than ${FILTER_KEYS_MAX} keys`);
  }
  let combinations = 0;
  for (const way of ways) combinations += way.reduce((product, rule) => product * weightOf(rule), 1);
  if (combinations > FILTER_COMBINATIONS_MAX) throw new FilterProblem("Filter policy is too complex");
}

/** Deeper fields count for more. Source: https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html */
const weightOf = ({ path, tests }: FieldRule): number => path.length * tests.length;
