/**
 * Which role a user gets.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/role-based-access-control.html
 */
import { findOwn } from "../../kernel/lookup.ts";
import { badPoolConfiguration, customRoleDenied, roleDenied } from "./errors.ts";
import type { Claims, VerifiedLogin } from "./login.ts";
import type { PoolRoles, RoleMapping, Rule } from "./pool-roles.ts";

interface Mapped {
  readonly login: VerifiedLogin;
  readonly mapping: RoleMapping;
}

/**
 * @param custom the role that the caller would have, of those it may
 * @throws {AwsError} `NotAuthorizedException`, `InvalidIdentityPoolConfigurationException`
 */
export function chooseRole(roles: PoolRoles, logins: readonly VerifiedLogin[], custom: string | undefined): string {
  const [first] = logins;
  if (first === undefined) return requireRole(roles.unauthenticated, custom);
  const mapped = firstMapped(roles, logins);
  if (mapped !== undefined) return mappedRole(mapped, roles, custom);
  const asserted = logins.flatMap((login) => login.roles);
  if (asserted.length > 0) return assertedRole(asserted, roles, custom);
  return requireRole(roles.authenticated, custom);
}

/** The mapping of the first login that has one. */
function firstMapped({ mappings }: PoolRoles, logins: readonly VerifiedLogin[]): Mapped | undefined {
  for (const login of logins) {
    const name = login.mappingNames.find((each) => Object.hasOwn(mappings, each));
    const mapping = name === undefined ? undefined : mappings[name];
    if (mapping !== undefined) return { login, mapping };
  }
  return undefined;
}

function mappedRole({ login, mapping }: Mapped, roles: PoolRoles, custom: string | undefined): string {
  const allowed = mapping.type === "Token" ? rolesInToken(login) : rolesByRules(login.claims, mapping.rules);
  if (custom !== undefined) {
    if (!allowed.includes(custom)) throw customRoleDenied();
    return custom;
  }
  const [first, ...more] = allowed;
  const preferred = login.claims["cognito:preferred_role"];
  if (mapping.type === "Token" && typeof preferred === "string" && allowed.includes(preferred)) return preferred;
  if (first !== undefined && (mapping.type === "Rules" || more.length === 0)) return first;
  if (mapping.otherwise === "Deny") throw roleDenied();
  return requireRole(roles.authenticated, custom);
}

/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/saml-identity-provider.html (Customizing your user role) */
function assertedRole(asserted: readonly string[], roles: PoolRoles, custom: string | undefined): string {
  if (custom !== undefined) {
    if (!asserted.includes(custom)) throw customRoleDenied();
    return custom;
  }
  const [first, ...more] = asserted;
  if (first !== undefined && more.length === 0) return first;
  return requireRole(roles.authenticated, custom);
}

/** A role that nothing in the user's token speaks of. */
function requireRole(role: string | undefined, custom: string | undefined): string {
  if (custom !== undefined && custom !== role) throw customRoleDenied();
  if (role === undefined) throw badPoolConfiguration();
  return role;
}

/** `cognito:roles` is a list in tokens, and a text with commas where it went through attributes. */
function rolesInToken({ claims, roles }: VerifiedLogin): readonly string[] {
  const asked = textsOf(claims, "cognito:roles").flatMap((text) => text.split(","));
  return [...asked, ...roles].map((role) => role.trim()).filter((role) => role !== "");
}

/** The roles of all rules that match, in order. */
const rolesByRules = (claims: Claims, rules: readonly Rule[]): readonly string[] =>
  rules.filter((rule) => matches(claims, rule)).map(({ RoleARN }) => RoleARN);

/** That a list matches where one of its values does is assumed. */
function matches(claims: Claims, { Claim, MatchType, Value }: Rule): boolean {
  const texts = textsOf(claims, Claim);
  switch (MatchType) {
    case "Equals":
      return texts.includes(Value);
    case "Contains":
      return texts.some((text) => text.includes(Value));
    case "StartsWith":
      return texts.some((text) => text.startsWith(Value));
    case "NotEqual":
      return texts.length > 0 && !texts.includes(Value);
  }
}

function textsOf(claims: Claims, name: string): readonly string[] {
  const value = findOwn(claims, name);
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values
    .filter((each) => typeof each === "string" || typeof each === "number" || typeof each === "boolean")
    .map(String);
}
