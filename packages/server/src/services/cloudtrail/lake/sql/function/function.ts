/** The functions that queries may call. */
import { findOwn } from "../../../../../kernel/lookup.ts";
import { compareValues } from "../compare.ts";
import { typeNameOf, type Value } from "../value.ts";
import { COLLECTION_FUNCTIONS } from "./collection.ts";
import { JSON_FUNCTIONS } from "./json.ts";
import { MANY, taking, type Functions, type SqlFunction } from "./kind.ts";
import { NUMBER_FUNCTIONS } from "./number.ts";
import { TEXT_FUNCTIONS } from "./text.ts";
import { TIME_FUNCTIONS } from "./time.ts";

/** The one that all others are on one side of. */
const extreme = (side: 1 | -1): SqlFunction =>
  taking([1, MANY], ([first = null, ...others]) =>
    others.reduce<Value>((best, value) => (compareValues(value, best) * side > 0 ? value : best), first),
  );

const FUNCTIONS: Functions = {
  ...TEXT_FUNCTIONS,
  ...TIME_FUNCTIONS,
  ...JSON_FUNCTIONS,
  ...COLLECTION_FUNCTIONS,
  ...NUMBER_FUNCTIONS,
  greatest: extreme(1),
  least: extreme(-1),
  nullif: {
    min: 2,
    max: 2,
    takesNull: true,
    of: ([one = null, other = null]) =>
      one !== null && other !== null && compareValues(one, other) === 0 ? null : one,
  },
  typeof: { min: 1, max: 1, takesNull: true, of: ([value = null]) => typeNameOf(value) },
};

export const functionNamed = (name: string): SqlFunction | undefined => findOwn(FUNCTIONS, name);
