/**
 * What a function would have tokens say.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
 */
import type { Context } from "../../../service/context.ts";
import type { Client } from "../client/client-row.ts";
import { hasMember, membersIn, textIn, textsIn } from "../json-document.ts";
import type { Pool } from "../pool/pool-row.ts";
import { askTrigger, attributesOfUser, hasTrigger, saidToFunctions, type Metadata } from "../trigger.ts";
import type { Group } from "../user/group-row.ts";
import type { User } from "../user/user-row.ts";
import type { Claims } from "./jwt.ts";

/** What tokens are made at the end of. */
export type TokenSource =
  | "HostedAuth"
  | "Authentication"
  | "NewPasswordChallenge"
  | "AuthenticateDevice"
  | "RefreshTokens";

interface Asking {
  readonly pool: Pool;
  readonly client: Client;
  readonly source: TokenSource | "ClientCredentials";
  /** `undefined`: the client acts for itself. */
  readonly user: User | undefined;
  readonly groups: readonly Group[];
  readonly scopes: readonly string[];
  readonly metadata?: Metadata | undefined;
}

/** How tokens are to differ from what they would say. */
export interface TokenChanges {
  readonly id: (claims: Claims) => Claims;
  readonly access: (claims: Claims) => Claims;
}

const UNCHANGED: TokenChanges = { id: (claims) => claims, access: (claims) => claims };

/** What the function answers; `null` where none is asked. @throws {AwsError} what the function refuses with */
export function saidOfTokens(asked: Asking, context: Context): unknown {
  const { pool } = asked;
  const version = versionOf(pool);
  // Source: the guide above (a client that acts for itself has events of version three only)
  if (!hasTrigger(pool, "PreTokenGeneration") || (asked.user === undefined && version !== "3")) return null;
  return ask(asked, version, context);
}

/** How tokens change by what the function has said. */
export function changesBy(said: unknown, pool: Pool): TokenChanges {
  if (said === null) return UNCHANGED;
  return versionOf(pool) === "1" ? simpleChanges(said) : changes(said);
}

const VERSIONS = { V1_0: "1", V2_0: "2", V3_0: "3" } as const;

function versionOf({ settings }: Pool): "1" | "2" | "3" {
  const version = settings.LambdaConfig?.PreTokenGenerationConfig?.LambdaVersion ?? "V1_0";
  return VERSIONS[version];
}

function ask(asked: Asking, version: "1" | "2" | "3", context: Context): unknown {
  const { pool, client, source, user, metadata, scopes } = asked;
  const request = {
    userAttributes: user === undefined ? {} : attributesOfUser(user),
    groupConfiguration: groupConfiguration(asked.groups),
    ...(version !== "1" && { scopes }),
    ...saidToFunctions(metadata),
  };
  const response = { [version === "1" ? "claimsOverrideDetails" : "claimsAndScopeOverrideDetails"]: null };
  const event = { trigger: "PreTokenGeneration", source, pool, clientId: client.id, version } as const;
  return askTrigger({ ...event, userName: user?.username ?? client.id, request, response }, context);
}

function groupConfiguration(groups: readonly Group[]): object {
  const roles = groups.flatMap(({ roleArn }) => (roleArn === undefined ? [] : [roleArn]));
  return {
    groupsToOverride: groups.map(({ name }) => name),
    iamRolesToOverride: [...new Set(roles)],
    preferredRole: roles[0] ?? null,
  };
}

/** The identity token's claims, and both tokens' groups. */
function simpleChanges(said: unknown): TokenChanges {
  const details = membersIn(said, "claimsOverrideDetails");
  const regrouped = withGroups(details);
  return { id: (claims) => withClaims(regrouped.id(claims), details), access: regrouped.access };
}

function changes(said: unknown): TokenChanges {
  const details = membersIn(said, "claimsAndScopeOverrideDetails");
  const regrouped = withGroups(details);
  return {
    id: (claims) => withClaims(regrouped.id(claims), membersIn(details, "idTokenGeneration")),
    access: (claims) => withScopes(regrouped.access(claims), membersIn(details, "accessTokenGeneration")),
  };
}

function withScopes(claims: Claims, details: unknown): Claims {
  const suppressed = textsIn(details, "scopesToSuppress");
  const before = textIn(claims, "scope")?.split(" ") ?? [];
  const kept = before.filter((scope) => !suppressed.includes(scope));
  const scope = [...new Set([...kept, ...textsIn(details, "scopesToAdd")])].join(" ");
  return withClaims({ ...claims, scope }, details);
}

/** Claims that stay as they are, whatever a function says. */
const FIXED: readonly string[] = [
  "acr",
  "amr",
  "at_hash",
  "aud",
  "auth_time",
  "azp",
  "client_id",
  "cognito:username",
  "device_key",
  "event_id",
  "exp",
  "iat",
  "identities",
  "iss",
  "jti",
  "nbf",
  "nonce",
  "origin_jti",
  "scope",
  "sub",
  "token_use",
  "username",
  "version",
];

const isFixed = (name: string): boolean => FIXED.includes(name) || name.startsWith("dev:");

function withClaims(claims: Claims, details: unknown): Claims {
  const suppressed = textsIn(details, "claimsToSuppress").filter((name) => !isFixed(name));
  const added = Object.entries(membersIn(details, "claimsToAddOrOverride") ?? {});
  const all = [...Object.entries(claims), ...added.filter(([name]) => !isFixed(name))];
  return Object.fromEntries(all.filter(([name]) => !suppressed.includes(name)));
}

/** Groups and roles are replaced as a whole: by nothing, where the function says nothing of them there. */
function withGroups(details: unknown): TokenChanges {
  if (!hasMember(details, "groupOverrideDetails")) return UNCHANGED;
  const groups = textsIn(details, "groupOverrideDetails", "groupsToOverride");
  const roles = textsIn(details, "groupOverrideDetails", "iamRolesToOverride");
  const preferred = textIn(details, "groupOverrideDetails", "preferredRole");
  const access: Claims = groups.length === 0 ? {} : { "cognito:groups": groups };
  const id: Claims = {
    ...access,
    ...(roles.length > 0 && { "cognito:roles": roles }),
    ...(preferred !== undefined && { "cognito:preferred_role": preferred }),
  };
  return {
    id: (claims) => ({ ...withoutGroups(claims), ...id }),
    access: (claims) => ({ ...withoutGroups(claims), ...access }),
  };
}

const GROUP_CLAIMS: readonly string[] = ["cognito:groups", "cognito:roles", "cognito:preferred_role"];

const withoutGroups = (claims: Claims): Claims =>
  Object.fromEntries(Object.entries(claims).filter(([name]) => !GROUP_CLAIMS.includes(name)));
