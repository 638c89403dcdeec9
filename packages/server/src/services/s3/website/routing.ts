/**
 * Where a website's rules send a visitor on to.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-to-page-redirect.html
 */
import type { RedirectAllRequestsTo, RoutingRule } from "@aws-sdk/client-s3";
import type { Validated } from "../../../service/sdk.ts";

type Rule = Validated<RoutingRule>;

/** What was asked for, and at which address. */
export interface Visited {
  /** `http://site.s3-website.localhost:4566` */
  readonly endpoint: string;
  /** Decoded; empty at the root. */
  readonly key: string;
  /** As sent. */
  readonly query: string;
}

export interface Onward {
  readonly status: number;
  readonly location: string;
}

/** The rule that holds before anybody has looked whether the object is there. */
export const ruleBefore = (rules: readonly Rule[], key: string): Rule | undefined =>
  rules.find(({ Condition }) => Condition?.HttpErrorCodeReturnedEquals === undefined && holdsFor(Condition, key));

/** The rule for a request that ended in `status`. */
export const ruleAfter = (rules: readonly Rule[], key: string, status: number): Rule | undefined =>
  rules.find(({ Condition }) => Condition?.HttpErrorCodeReturnedEquals === String(status) && holdsFor(Condition, key));

const holdsFor = (condition: Rule["Condition"], key: string): boolean =>
  key.startsWith(condition?.KeyPrefixEquals ?? "");

export function follow(rule: Rule, visited: Visited): Onward {
  const { HttpRedirectCode = "301" } = rule.Redirect;
  return { status: Number(HttpRedirectCode), location: locationOf(rule.Redirect, pathOf(rule, visited.key), visited) };
}

/** What a rule puts in is not encoded: it may hold a query or a fragment. */
function pathOf({ Condition, Redirect }: Rule, key: string): string {
  if (Redirect.ReplaceKeyWith !== undefined) return Redirect.ReplaceKeyWith;
  if (Redirect.ReplaceKeyPrefixWith === undefined) return encodeKey(key);
  return Redirect.ReplaceKeyPrefixWith + encodeKey(key.slice(Condition?.KeyPrefixEquals?.length ?? 0));
}

export const followAll = (to: Validated<RedirectAllRequestsTo>, visited: Visited): Onward => ({
  status: 301,
  location: locationOf(to, encodeKey(visited.key), visited),
});

const encodeKey = (key: string): string => key.split("/").map(encodeURIComponent).join("/");

interface Elsewhere {
  readonly HostName?: string | undefined;
  readonly Protocol?: string | undefined;
}

function locationOf({ HostName, Protocol }: Elsewhere, path: string, { endpoint, query }: Visited): string {
  const { protocol, host } = new URL(endpoint);
  return `${Protocol ?? protocol.slice(0, -1)}://${HostName ?? host}/${path}${query === "" ? "" : `?${query}`}`;
}
