/**
 * The claims of a token that policies may ask for.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
 */
import type { JWTPayload } from "jose";
import { findOwn } from "../../kernel/lookup.ts";
import type { WebIdentity } from "./federation.ts";
import type { OidcToken } from "./oidc-token.ts";

/** Claims of every provider. */
const CLAIMS = ["sub", "amr", "email"];

/** Claims that AWS knows of single providers. */
const OWN_CLAIMS: Readonly<Record<string, readonly string[]>> = {
  "accounts.google.com": ["google/organization_number"],
  "token.actions.githubusercontent.com": [
    "actor",
    "actor_id",
    "enterprise_id",
    "environment",
    "job_workflow_ref",
    "ref",
    "repository",
    "repository_id",
    "workflow",
  ],
  "oidc.circleci.com": ["oidc.circleci.com/project-id"],
};

/** @param name what keys of the provider begin with: its address without the scheme */
export function claimKeys(name: string, { claims, audiences }: OidcToken, audience: string): WebIdentity["keys"] {
  const keys: Record<string, string | readonly string[]> = { [`${name}:aud`]: audience };
  const [onlyAudience] = audiences;
  if (audience !== onlyAudience && onlyAudience !== undefined) keys[`${name}:oaud`] = onlyAudience;
  const host = name.split("/", 1)[0] ?? name;
  const own = findOwn(OWN_CLAIMS, host) ?? [];
  for (const claim of [...CLAIMS, ...own]) {
    const value = valueOf(claims, claim);
    if (value !== undefined) keys[`${name}:${claim}`] = value;
  }
  return keys;
}

function valueOf(claims: JWTPayload, name: string): string | readonly string[] | undefined {
  const value = findOwn(claims, name);
  if (Array.isArray(value)) return value.filter((each) => typeof each === "string");
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}
