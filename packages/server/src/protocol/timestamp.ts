import { BoundedCache } from "../kernel/bounded-cache.ts";
import type { TimestampFormat } from "../model/shape.ts";
import { Malformed } from "./malformed.ts";

/** Seconds since 1970, with milliseconds as a fraction. */
export const epochSeconds = (date: Date): number => date.getTime() / 1000;

export function formatTimestamp(date: Date, format: TimestampFormat): string {
  switch (format) {
    case "date-time":
      return isoTime(date.getTime());
    case "http-date":
      return date.toUTCString();
    case "epoch-seconds":
      return String(epochSeconds(date));
  }
}

/** What is shown was mostly shown before, and writing a time out costs more than the rest of a small element. */
const isoTimes = new BoundedCache<number, string>(1000);

function isoTime(ms: number): string {
  const known = isoTimes.get(ms);
  if (known !== undefined) return known;
  const iso = new Date(ms).toISOString();
  const text = iso.endsWith(".000Z") ? `${iso.slice(0, -5)}Z` : iso;
  isoTimes.set(ms, text);
  return text;
}

/** @throws {Malformed} where `text` is no time in any of the formats. */
export function parseTimestamp(text: string): Date {
  const seconds = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;
  return dateOfMilliseconds(seconds === undefined ? Date.parse(text) : seconds * 1000, text);
}

export const dateOfSeconds = (seconds: number): Date => dateOfMilliseconds(seconds * 1000, String(seconds));

function dateOfMilliseconds(milliseconds: number, written: string): Date {
  const date = new Date(Math.round(milliseconds));
  if (Number.isNaN(date.getTime())) throw new Malformed(`${written} is not a valid timestamp`);
  return date;
}
