/** Functions of numbers. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html#CWL_QuerySyntax-operations-numeric */
import { finite, numbersOf, numeric, textual, type Function } from "./function-form.ts";
import type { Value } from "./syntax.ts";
import { numberOf, textOf } from "./value.ts";

const extreme = (of: (...all: number[]) => number): Function => ({
  min: 1,
  max: 100,
  of: (given) => {
    const numbers = numbersOf(given);
    return numbers.length === 0 ? undefined : of(...numbers);
  },
});

function rounded(value: number, places = 0): number {
  const shift = 10 ** places;
  return Math.round(value * shift) / shift;
}

const EARTH_KM = 6371;

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Of an angle between two places. */
const half = (one: number, other: number): number => Math.sin(radians(other - one) / 2) ** 2;

/** The great-circle distance of two points in degrees, in kilometers. */
function haversine(latitude: number, ...[longitude = 0, otherLatitude = 0, otherLongitude = 0]: readonly number[]) {
  const across = Math.cos(radians(latitude)) * Math.cos(radians(otherLatitude)) * half(longitude, otherLongitude);
  return 2 * EARTH_KM * Math.asin(Math.sqrt(half(latitude, otherLatitude) + across));
}

const within = (bits: number, value: Value): Value => {
  const whole = Math.trunc(numberOf(value) ?? Number.NaN);
  return Math.abs(whole) < 2 ** (bits - 1) ? whole : undefined;
};

/** `0xff`, with or without what it begins with. */
function fromHex(text: string): Value {
  const [, sign = "", digits] = /^(-?)(?:0x)?([0-9a-f]+)$/i.exec(text) ?? [];
  return digits === undefined ? undefined : finite(Number.parseInt(sign + digits, 16));
}

function toHex(text: string): Value {
  const number = numberOf(text);
  if (number === undefined) return undefined;
  return `${number < 0 ? "-" : ""}0x${Math.abs(Math.trunc(number)).toString(16)}`;
}

export const NUMBER_FUNCTIONS: Readonly<Record<string, Function>> = {
  abs: numeric(Math.abs),
  ceil: numeric(Math.ceil),
  floor: numeric(Math.floor),
  round: numeric(rounded, [1, 2]),
  log: numeric(Math.log),
  sqrt: numeric(Math.sqrt),
  haversine: numeric(haversine, [4, 4]),
  greatest: extreme(Math.max),
  least: extreme(Math.min),
  frommillis: numeric((ms) => ms),
  tomillis: numeric((ms) => ms),
  tonumber: numeric((value) => value),
  todouble: numeric((value) => value),
  toint: { min: 1, max: 1, of: ([value]) => within(32, value) },
  tolong: { min: 1, max: 1, of: ([value]) => within(64, value) },
  hextodec: textual(fromHex),
  dectohex: { min: 1, max: 1, of: ([value]) => toHex(textOf(value)) },
};
