/** Functions of arrays and maps. Source: https://trino.io/docs/current/functions/array.html, https://trino.io/docs/current/functions/map.html */
import { compareValues } from "../compare.ts";
import { formatValue } from "../format.ts";
import { requireSize } from "../holding.ts";
import {
  isList,
  isMap,
  keyOf,
  Lambda,
  QueryFailure,
  requireNumber,
  requireText,
  requireTruth,
  typeNameOf,
  type Value,
} from "../value.ts";
import { taking, type Functions, type SqlFunction } from "./kind.ts";

type List = readonly Value[];

/** @throws {QueryFailure} */
function requireList(value: Value): List {
  if (!isList(value)) throw new QueryFailure(`Unexpected type: ${typeNameOf(value)} where array is expected`);
  return value;
}

function requireMap(value: Value): ReadonlyMap<string, Value> {
  if (!isMap(value)) throw new QueryFailure(`Unexpected type: ${typeNameOf(value)} where map is expected`);
  return value;
}

function requireLambda(value: Value): Lambda {
  if (!(value instanceof Lambda))
    throw new QueryFailure(`Unexpected type: ${typeNameOf(value)} where function is expected`);
  return value;
}

/** The item at an index from 1 on, from the end where it is negative, or the value of a key. */
export function elementAt(of: Value, index: Value): Value {
  if (isMap(of)) return of.get(requireText(index)) ?? null;
  const at = requireNumber(index);
  if (at === 0) throw new QueryFailure("SQL array indices start at 1");
  return requireList(of).at(at > 0 ? at - 1 : at) ?? null;
}

const listed = (of: (list: List, given: List) => Value): SqlFunction =>
  taking(1, (given) => of(requireList(given[0] ?? null), given));

const ofTwo = (of: (one: List, other: List) => Value): SqlFunction =>
  taking(2, ([one = null, other = null]) => of(requireList(one), requireList(other)));

/** Functions that call one for each item. */
const calling = (of: (list: List, call: Lambda["call"]) => Value): SqlFunction =>
  taking(2, ([list = null, lambda = null]) => of(requireList(list), requireLambda(lambda).call));

const distinct = (list: List): List => [...new Map(list.map((value) => [keyOf(value), value])).values()];

const present = (list: List): List => list.filter((value) => value !== null);

/** What is not there comes last. */
const sorted = (list: List): List => [
  ...present(list).toSorted(compareValues),
  ...list.filter((value) => value === null),
];

function isAmong(list: List): (value: Value) => boolean {
  const keys = new Set(list.map(keyOf));
  return (value) => keys.has(keyOf(value));
}

function flattened(list: List): List {
  const lists = list.filter((one) => one !== null).map(requireList);
  requireSize({ length: lists.reduce((sum, { length }) => sum + length, 0) });
  return lists.flat();
}

function slice(list: List, start: number, length: number): List {
  if (start === 0) throw new QueryFailure("SQL array indices start at 1");
  const from = start > 0 ? start - 1 : list.length + start;
  return from < 0 ? [] : list.slice(from, from + length);
}

/** Whether any is true, or all are; what is not known stays so. */
function some(list: List, call: Lambda["call"]): boolean | null {
  const found = list.map((value) => requireTruth(call(value)));
  return found.includes(true) ? true : found.includes(null) ? null : false;
}

const isNot = (truth: boolean | null): boolean | null => (truth === null ? null : !truth);

const isTrue = (value: Value): boolean => requireTruth(value) === true;

const arrays: Functions = {
  array_distinct: listed(distinct),
  array_max: listed((list) => (list.includes(null) ? null : (sorted(list).at(-1) ?? null))),
  array_min: listed((list) => (list.includes(null) ? null : (sorted(list)[0] ?? null))),
  array_sort: listed(sorted),
  flatten: listed(flattened),
  array_join: taking([2, 3], ([list = null, separator = null, filler]) =>
    (filler === undefined ? present(requireList(list)) : requireList(list))
      .map((value) => (value === null ? requireText(filler ?? null) : formatValue(value)))
      .join(requireText(separator)),
  ),
  array_position: taking(2, ([list = null, value = null]) =>
    BigInt(requireList(list).findIndex((one) => keyOf(one) === keyOf(value)) + 1),
  ),
  array_remove: taking(2, ([list = null, value = null]) =>
    requireList(list).filter((one) => keyOf(one) !== keyOf(value)),
  ),
  array_union: ofTwo((one, other) => distinct([...one, ...other])),
  array_intersect: ofTwo((one, other) => distinct(one.filter(isAmong(other)))),
  array_except: ofTwo((one, other) => {
    const isOther = isAmong(other);
    return distinct(one.filter((value) => !isOther(value)));
  }),
  arrays_overlap: ofTwo((one, other) => one.some(isAmong(other))),
  slice: taking(3, ([list = null, start = null, length = null]) =>
    slice(requireList(list), requireNumber(start), requireNumber(length)),
  ),
  contains: taking(2, ([list = null, value = null]) =>
    requireList(list).some((one) => one !== null && compareValues(one, value) === 0),
  ),
};

const lambdas: Functions = {
  transform: calling((list, call) => list.map((value) => call(value))),
  filter: calling((list, call) => list.filter((value) => isTrue(call(value)))),
  any_match: calling(some),
  all_match: calling((list, call) => isNot(some(list, (value) => isNot(requireTruth(call(value)))))),
  none_match: calling((list, call) => isNot(some(list, call))),
  reduce: taking(4, ([list = null, start = null, step = null, end = null]) => {
    const { call } = requireLambda(step);
    return requireLambda(end).call(requireList(list).reduce((state, value) => call(state, value), start));
  }),
  map_filter: taking(2, ([map = null, lambda = null]) => {
    const { call } = requireLambda(lambda);
    return new Map([...requireMap(map)].filter(([key, value]) => isTrue(call(key, value))));
  }),
  transform_values: taking(2, ([map = null, lambda = null]) => {
    const { call } = requireLambda(lambda);
    return new Map([...requireMap(map)].map(([key, value]) => [key, call(key, value)]));
  }),
};

export const COLLECTION_FUNCTIONS: Functions = {
  ...arrays,
  ...lambdas,
  element_at: taking(2, ([of = null, index = null]) => elementAt(of, index)),
  cardinality: taking(1, ([of = null]) => BigInt(isMap(of) ? of.size : requireList(of).length)),
  map_keys: taking(1, ([map = null]) => [...requireMap(map).keys()]),
  map_values: taking(1, ([map = null]) => [...requireMap(map).values()]),
};
