/** The elements of a filter policy's arrays: values, and operators. */
import { parseAddress } from "../../../kernel/ip-address.ts";
import { findOwn } from "../../../kernel/lookup.ts";
import type { Test } from "./filter.ts";
import type { Json } from "./json-reader.ts";
import { readNumeric } from "./numeric-reader.ts";
import { FilterProblem } from "./problem.ts";

/** @throws {FilterProblem} */
export function readTest(json: Json): Test {
  switch (json.kind) {
    case "string":
      return { kind: "exact", value: json.text };
    case "number":
    case "literal":
      return { kind: "exact", value: json.value };
    case "array":
      throw new FilterProblem("Match value must be String, number, true, false, or null", json.at);
    case "object":
      return readOperator(json);
  }
}

function readOperator({ members, end }: Extract<Json, { kind: "object" }>): Test {
  const [first, second] = members;
  if (first === undefined) throw new FilterProblem("Empty objects are not allowed", end);
  const read = findOwn(OPERATORS, first.name);
  if (read === undefined) throw new FilterProblem(`Unrecognized match type ${first.name}`, first.value.at);
  const test = read(first.value);
  if (second !== undefined) throw new FilterProblem("Only one key allowed in match expression", second.value.at);
  return test;
}

const OPERATORS: Readonly<Record<string, (value: Json) => Test>> = {
  prefix: (value) => ({ kind: "prefix", text: textOf(value, "prefix") }),
  suffix: (value) => ({ kind: "suffix", text: textOf(value, "suffix") }),
  "equals-ignore-case": (value) => ({ kind: "ignoring-case", text: textOf(value, "equals-ignore-case").toLowerCase() }),
  "anything-but": readAnythingBut,
  numeric: (value) => ({ kind: "numeric", range: readNumeric(value) }),
  cidr: readCidr,
  exists: readExists,
};

function textOf(value: Json, operator: string): string {
  if (value.kind === "string") return value.text;
  throw new FilterProblem(`${operator} match pattern must be a string`, value.at);
}

function readExists(value: Json): Test {
  if (value.kind === "literal" && value.value !== null) return { kind: "exists", wanted: value.value };
  throw new FilterProblem("exists match pattern must be either true or false.", value.at);
}

function readAnythingBut(value: Json): Test {
  if (value.kind === "object") return readAnythingButPrefix(value);
  const items = value.kind === "array" ? value.items : [value];
  if (items.length === 0) throw new FilterProblem("Empty arrays are not allowed", value.end);
  const values = items.map((item) => {
    if (item.kind === "string") return item.text;
    if (item.kind === "number") return item.value;
    throw new FilterProblem("Inside anything but list, start|null|boolean is not supported.", item.at);
  });
  return { kind: "anything-but", values };
}

function readAnythingButPrefix({ members, end }: Extract<Json, { kind: "object" }>): Test {
  const [member] = members;
  if (member === undefined) throw new FilterProblem("Empty objects are not allowed", end);
  const { name, value } = member;
  if (name !== "prefix") throw new FilterProblem(`Unsupported anything-but pattern: ${name}`, value.at);
  const texts = value.kind === "array" ? value.items.map((item) => textOf(item, "prefix")) : [textOf(value, "prefix")];
  return { kind: "anything-but-prefix", texts };
}

const IPV4_GROUPS = 2;

/** Source: recorded answers, among them the words of `prefix` for what is no text */
function readCidr(value: Json): Test {
  const cidr = textOf(value, "prefix");
  const [network = "", bits, ...others] = cidr.split("/");
  if (bits === undefined || others.length > 0) throw new FilterProblem("Malformed CIDR, one '/' required");
  if (!/^[+-]?\d+$/.test(bits)) throw new FilterProblem("Malformed CIDR, mask bits must be an integer");
  const groups = parseAddress(network);
  if (groups === undefined) throw new FilterProblem(`Nonstandard IP address: ${network}`);
  const [version, bitsMax] = groups.length === IPV4_GROUPS ? (["IPv4", 32] as const) : (["IPv6", 128] as const);
  if (Number(bits) >= bitsMax) throw new FilterProblem(`${version} mask bits must be < ${bitsMax}`);
  return { kind: "cidr", cidr };
}
