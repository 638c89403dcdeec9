import type { TimestampFormat } from "../model/shape.ts";
import { Malformed } from "./malformed.ts";

/** Seconds since 1970, with milliseconds as a fraction. */
export const epochSeconds = (date: Date): number => date.getTime() / 1000;

export function formatTimestamp(date: Date, format: TimestampFormat): string {
  switch (format) {
    case "date-time": {
      const iso = date.toISOString();
      return iso.endsWith(".000Z") ? `${iso.slice(0, -5)}Z` : iso;
    }
    case "http-date":
      return date.toUTCString();
    case "epoch-seconds":
      return String(epochSeconds(date));
  }
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
