/** Functions of JSON. Source: https://trino.io/docs/current/functions/json.html */
import { extracted, jsonOf, listOf, parseJson, scalarText, toJson } from "../json.ts";
import { keyOf, Json, requireNumber, requireText, type Value } from "../value.ts";
import { taking, type Functions } from "./kind.ts";

const isScalar = (value: unknown): boolean => value === null || typeof value !== "object";

/** How many members, or how many items, stand at a path. */
function sizeOf(value: unknown): bigint {
  return value === null || typeof value !== "object" ? 0n : BigInt(Object.keys(value).length);
}

function itemAt(given: Value, index: Value): Value {
  const list = listOf(given);
  const found = list?.at(requireNumber(index));
  return found === undefined ? null : new Json(found);
}

export const JSON_FUNCTIONS: Functions = {
  json_parse: taking(1, ([text = null]) => parseJson(requireText(text))),
  json_format: taking(1, ([json = null]) => JSON.stringify(jsonOf(json)?.value ?? null)),
  json_extract: taking(2, ([json = null, path = null]) => extracted(json, requireText(path)) ?? null),
  json_extract_scalar: taking(2, ([json = null, path = null]) => {
    const found = extracted(json, requireText(path));
    return found === undefined ? null : scalarText(found.value);
  }),
  json_array_get: taking(2, ([json = null, index = null]) => itemAt(json, index)),
  json_array_length: taking(1, ([json = null]) => {
    const list = listOf(json);
    return list === undefined ? null : BigInt(list.length);
  }),
  json_array_contains: taking(2, ([json = null, value = null]) => {
    const wanted = keyOf(new Json(toJson(value)));
    return listOf(json)?.some((one) => keyOf(new Json(one)) === wanted) ?? null;
  }),
  json_size: taking(2, ([json = null, path = null]) => {
    const found = extracted(json, requireText(path));
    return found === undefined ? null : sizeOf(found.value);
  }),
  is_json_scalar: taking(1, ([json = null]) => isScalar(jsonOf(json)?.value)),
};
