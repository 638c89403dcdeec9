/**
 * Calls that web pages make of an API themselves: apps sign their users up and in from the browser. They sign nothing,
 * and so only operations that anybody may call are open to them. A page that asks to sign is refused by its browser,
 * since nobody here says that it may: the keys of this cloud's root users are no secret.
 * Source: https://fetch.spec.whatwg.org/#http-cors-protocol
 */
import type { WireResponse } from "../protocol/protocol.ts";
import type { Arrival } from "./arrival.ts";
import type { Exchange } from "./exchange.ts";

/** What unsigned calls of the SDKs send besides what every page may. */
const HEADERS = [
  "amz-sdk-invocation-id",
  "amz-sdk-request",
  "cache-control",
  "content-type",
  "x-amz-target",
  "x-amz-user-agent",
];

const DAY_SECONDS = 86_400;

/** Whether a browser asks in advance for a page that wants to make an unsigned call. */
export function isPreflight({ method, path, headers }: Pick<Arrival, "method" | "path" | "headers">): boolean {
  if (method !== "OPTIONS" || path !== "/" || headers["access-control-request-method"] !== "POST") return false;
  const asked = (headers["access-control-request-headers"] ?? "").split(",").map((name) => name.trim().toLowerCase());
  return asked.includes("x-amz-target") && asked.every((name) => HEADERS.includes(name));
}

export const answerPreflight = (): WireResponse => ({
  status: 200,
  headers: {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "POST",
    "access-control-allow-headers": HEADERS.join(", "),
    "access-control-max-age": String(DAY_SECONDS),
  },
  body: undefined,
});

/** What lets the page that made the call read its answer; nothing where the call was signed, or is not for pages. */
export function pageHeaders({ arrival, foundTarget }: Exchange): Readonly<Record<string, string>> {
  const { headers } = arrival;
  const isOpen = foundTarget?.service.forPages === true && foundTarget.operation.callers === "open";
  if (!isOpen || headers["origin"] === undefined || headers["authorization"] !== undefined) return NONE;
  return ANY_ORIGIN;
}

const NONE: Readonly<Record<string, string>> = {};
const ANY_ORIGIN = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "x-amzn-requestid, x-amzn-errortype, x-amzn-errormessage, date",
};
