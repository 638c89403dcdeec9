/** Functions of numbers. Source: https://trino.io/docs/current/functions/math.html */
import { applyArithmetic } from "../compare.ts";
import { requireNumber, type Value } from "../value.ts";
import { taking, type Functions, type SqlFunction } from "./kind.ts";

const double = (of: (value: number) => number): SqlFunction => taking(1, ([value = null]) => of(requireNumber(value)));

/** Whole numbers stay whole. */
const rounding = (of: (value: number) => number): SqlFunction =>
  taking(1, ([value = null]) => (typeof value === "bigint" ? value : of(requireNumber(value))));

function rounded(value: Value, digits: number): Value {
  if (typeof value === "bigint" && digits >= 0) return value;
  const scale = 10 ** digits;
  const scaled = requireNumber(value) * scale;
  return (Math.sign(scaled) * Math.round(Math.abs(scaled))) / scale;
}

const size = (value: Value): Value =>
  typeof value === "bigint" ? (value < 0n ? -value : value) : Math.abs(requireNumber(value));

export const NUMBER_FUNCTIONS: Functions = {
  abs: taking(1, ([value = null]) => size(value)),
  ceil: rounding(Math.ceil),
  ceiling: rounding(Math.ceil),
  floor: rounding(Math.floor),
  truncate: rounding(Math.trunc),
  sign: rounding(Math.sign),
  round: taking([1, 2], ([value = null, digits = 0n]) => rounded(value, requireNumber(digits))),
  sqrt: double(Math.sqrt),
  exp: double(Math.exp),
  ln: double(Math.log),
  log2: double(Math.log2),
  log10: double(Math.log10),
  power: taking(2, ([value = null, by = null]) => requireNumber(value) ** requireNumber(by)),
  pow: taking(2, ([value = null, by = null]) => requireNumber(value) ** requireNumber(by)),
  mod: taking(2, ([value = null, by = null]) => applyArithmetic("%", value, by)),
};
