/**
 * Times from one form into another, in the letters of Java's formatter.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Transformation-Datatype.html (datetimeConverter)
 */
import type { DateTimeConverter } from "@aws-sdk/client-cloudwatch-logs";
import { HOUR_MS, MINUTE_MS } from "../../../kernel/duration.ts";
import { findOwn } from "../../../kernel/lookup.ts";
import { isTimeZone, zoneOf } from "../../../kernel/schedule/zone.ts";
import type { Validated } from "../../../service/sdk.ts";
import { datePatternInvalid, timeZoneInvalid } from "../errors.ts";
import type { CompileRegex } from "../regex.ts";
import { notBuilt } from "../unbuilt.ts";
import type { Step } from "./parser.ts";
import { fieldAt, setField } from "./path.ts";

const MONTHS = "January February March April May June July August September October November December".split(" ");
const DAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");
const SHORT = 3;
const USUAL_FORMAT = "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'";

export function dateTimeConverter(config: Validated<DateTimeConverter>, compile: CompileRegex): Step {
  const { source, target, matchPatterns, targetFormat = USUAL_FORMAT, locale = "en" } = config;
  const { sourceTimezone = "UTC", targetTimezone = "UTC" } = config;
  if (!locale.startsWith("en")) throw notBuilt("locales other than English ones of dateTimeConverter");
  for (const zone of [sourceTimezone, targetTimezone]) if (!isTimeZone(zone)) throw timeZoneInvalid(zone);
  const readers = matchPatterns.map((pattern) => readerOf(pattern, { compile, timeZone: sourceTimezone }));
  const written = partsOf(targetFormat);
  return ({ fields }) => {
    const value = fieldAt(fields, source);
    const text = typeof value === "number" ? String(value) : value;
    if (typeof text !== "string") return true;
    for (const read of readers) {
      const epochMs = read(text);
      if (epochMs === undefined) continue;
      setField(fields, target, write(written, epochMs, targetTimezone));
      break;
    }
    return true;
  };
}

/** A letter and how often it stands there, or a text as it is. */
type Part = { readonly letter: string; readonly count: number } | { readonly text: string };

const PART = /'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+/g;

function partsOf(pattern: string): readonly Part[] {
  return [...pattern.matchAll(PART)].map(([whole, quoted, letter]): Part => {
    if (quoted !== undefined) return { text: quoted === "" ? "'" : quoted.replaceAll("''", "'") };
    if (letter === undefined) return { text: whole };
    if (!Object.hasOwn(FIELDS, letter)) throw datePatternInvalid(pattern);
    return { letter, count: whole.length };
  });
}

/** A time in its parts, as a clock shows it. */
interface Civil {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  ms: number;
  /** 1 in the afternoon, where an hour is one of twelve. */
  half: number;
  offsetMs?: number;
}

interface Field {
  readonly source: (count: number) => string;
  readonly read: (civil: Civil, text: string) => void;
  readonly write: (civil: Civil, count: number) => string;
}

const digits = (count: number): string => (count === 1 ? "\\d{1,4}" : `\\d{${count}}`);
const padded = (value: number, count: number): string => String(value).padStart(count, "0");

const number = (name: "day" | "hour" | "minute" | "second"): Field => ({
  source: digits,
  read: (civil, text) => {
    civil[name] = Number(text);
  },
  write: (civil, count) => padded(civil[name], count),
});

const zone: Field = {
  source: () => "Z|UTC|GMT|[+-]\\d{2}:?\\d{2}",
  read: (civil, text) => {
    const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(text) ?? [];
    civil.offsetMs = (sign === "-" ? -1 : 1) * (Number(hours ?? 0) * HOUR_MS + Number(minutes ?? 0) * MINUTE_MS);
  },
  write: ({ offsetMs = 0 }, count) => {
    if (offsetMs === 0 && count !== 1) return "Z";
    const minutes = Math.abs(offsetMs) / MINUTE_MS;
    const [hour, minute] = [padded(Math.floor(minutes / 60), 2), padded(minutes % 60, 2)];
    return `${offsetMs < 0 ? "-" : "+"}${hour}${count >= SHORT ? ":" : ""}${minute}`;
  },
};

const year: Field = {
  source: (count) => (count === 2 ? "\\d{2}" : "\\d{4}"),
  read: (civil, text) => {
    civil.year = text.length === 2 ? 2000 + Number(text) : Number(text);
  },
  write: (civil, count) => (count === 2 ? padded(civil.year % 100, 2) : padded(civil.year, 4)),
};

const FIELDS: Readonly<Record<string, Field>> = {
  y: year,
  u: year,
  M: {
    source: (count) => (count < SHORT ? digits(count) : "[A-Za-z]{3,9}"),
    read: (civil, text) => {
      const named = MONTHS.findIndex((month) => month.slice(0, SHORT) === text.slice(0, SHORT));
      civil.month = /^\d/.test(text) ? Number(text) : named + 1;
    },
    write: ({ month }, count) => (count < SHORT ? padded(month, count) : named(MONTHS[month - 1], count)),
  },
  d: number("day"),
  H: number("hour"),
  h: {
    ...number("hour"),
    read: (civil, text) => {
      civil.hour = Number(text) % 12;
    },
    write: ({ hour }, count) => padded(hour % 12 === 0 ? 12 : hour % 12, count),
  },
  m: number("minute"),
  s: number("second"),
  S: {
    source: (count) => `\\d{${count}}`,
    read: (civil, text) => {
      civil.ms = Math.floor(Number(`0.${text}`) * 1000);
    },
    write: ({ ms }, count) => padded(ms, SHORT).padEnd(count, "0").slice(0, count),
  },
  a: {
    source: () => "[AaPp][Mm]",
    read: (civil, text) => {
      civil.half = /^p/i.test(text) ? 1 : 0;
    },
    write: ({ hour }) => (hour < 12 ? "AM" : "PM"),
  },
  E: {
    source: () => "[A-Za-z]{3,9}",
    read: () => undefined,
    write: (civil, count) => named(DAYS[new Date(Date.UTC(civil.year, civil.month - 1, civil.day)).getUTCDay()], count),
  },
  X: zone,
  Z: zone,
  z: zone,
};

const named = (name = "", count = SHORT): string => (count > SHORT ? name : name.slice(0, SHORT));

const escaped = (text: string): string => text.replaceAll(/[$()*+./?[\\\]^{|}-]/g, "\\$&");

type Reader = (text: string) => number | undefined;

const EPOCHS: Readonly<Record<string, number>> = { epoch: 1000, epoch_second: 1000, epoch_milli: 1 };

interface Reading {
  readonly timeZone: string;
  readonly compile: CompileRegex;
}

/** @throws {AwsError} `InvalidParameterException` */
function readerOf(pattern: string, { timeZone, compile }: Reading): Reader {
  const unitMs = findOwn(EPOCHS, pattern);
  if (unitMs !== undefined) return (text) => (/^\d{1,15}(\.\d+)?$/.test(text) ? Number(text) * unitMs : undefined);
  const parts = partsOf(pattern);
  const sources = parts.map((part) =>
    "text" in part ? escaped(part.text) : `(${findOwn(FIELDS, part.letter)?.source(part.count) ?? ""})`,
  );
  const form = compile(`^${sources.join("")}$`, { invalid: () => datePatternInvalid(pattern) });
  const letters = parts.flatMap((part) => ("text" in part ? [] : [part.letter]));
  return (text) => {
    const found = form.find(text)?.groups ?? [];
    if (found.length < letters.length || letters.length === 0) return undefined;
    const civil: Civil = { year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: 0, ms: 0, half: 0 };
    for (const [at, letter] of letters.entries()) findOwn(FIELDS, letter)?.read(civil, found[at] ?? "");
    return epochOf(civil, timeZone);
  };
}

function epochOf({ offsetMs, ...civil }: Civil, timeZone: string): number | undefined {
  const { year: y, month, day, hour, minute, second, ms, half } = civil;
  const shownMs = Date.UTC(y, month - 1, day, hour + 12 * half, minute, second, ms);
  const isReal = month >= 1 && month <= 12 && new Date(Date.UTC(y, month - 1, day)).getUTCDate() === day;
  if (!isReal || Number.isNaN(shownMs)) return undefined;
  return offsetMs === undefined ? zoneOf(timeZone).epochOf(shownMs) : shownMs - offsetMs;
}

function write(parts: readonly Part[], epochMs: number, timeZone: string): string {
  const shownMs = zoneOf(timeZone).civilAt(epochMs);
  const shown = new Date(shownMs);
  const civil: Civil = {
    year: shown.getUTCFullYear(),
    month: shown.getUTCMonth() + 1,
    day: shown.getUTCDate(),
    hour: shown.getUTCHours(),
    minute: shown.getUTCMinutes(),
    second: shown.getUTCSeconds(),
    ms: shown.getUTCMilliseconds(),
    half: 0,
    offsetMs: shownMs - epochMs,
  };
  return parts
    .map((part) => ("text" in part ? part.text : (findOwn(FIELDS, part.letter)?.write(civil, part.count) ?? "")))
    .join("");
}
