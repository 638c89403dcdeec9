/**
 * Providers that AWS trusts without being told to, each by its name.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc.html
 */
import { findOwn } from "../../kernel/lookup.ts";

/** `iss` of a token, and what policies call its issuer. */
const ISSUERS: Readonly<Record<string, string>> = {
  "https://accounts.google.com": "accounts.google.com",
  "accounts.google.com": "accounts.google.com",
  "https://cognito-identity.amazonaws.com": "cognito-identity.amazonaws.com",
};

/** The well-known provider that a token names as its issuer. */
export const wellKnownProvider = (issuer: string): string | undefined => findOwn(ISSUERS, issuer);
