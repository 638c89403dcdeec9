/** The roles of a pool's users: one for guests, one for those who logged in, and rules for choosing others. */
import type { MappingRule, RoleMapping as RoleMappingShape } from "@aws-sdk/client-cognito-identity";
import { formatArn, parseAccountId, parseArn } from "../../kernel/arn.ts";
import { table, type Transaction } from "../../kernel/table.ts";
import type { Access } from "../../service/access.ts";
import type { Validated } from "../../service/sdk.ts";
import { ambiguousResolutionMissing, rulesMissing } from "./errors.ts";
import { operation } from "./kit.ts";
import { onPool, requireOwnPool } from "./pool-row.ts";

export type Rule = Validated<MappingRule>;

/** How a provider's users come to a role, and what happens where that gives none. */
export type RoleMapping = { readonly otherwise: "AuthenticatedRole" | "Deny" } & (
  | { readonly type: "Token" }
  | { readonly type: "Rules"; readonly rules: readonly Rule[] }
);

export interface PoolRoles {
  readonly poolId: string;
  readonly authenticated?: string | undefined;
  readonly unauthenticated?: string | undefined;
  /** By the names of providers. */
  readonly mappings: Readonly<Record<string, RoleMapping>>;
}

const poolRoles = table<PoolRoles>("cognito-identity.pool-roles", "global", ({ poolId }) => [poolId]);

export const setIdentityPoolRoles = operation("SetIdentityPoolRoles", {
  /** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/role-based-access-control.html#granting-pass-role-permission */
  authorize: ({ Roles, RoleMappings = {} }) => {
    const mapped = Object.values(RoleMappings).flatMap(({ RulesConfiguration }) => RulesConfiguration?.Rules ?? []);
    const arns = new Set([...Object.values(Roles), ...mapped.map(({ RoleARN }) => RoleARN)]);
    return [{ action: "cognito-identity:SetIdentityPoolRoles", resource: "*" }, ...[...arns].map(passing)];
  },

  async handle({ IdentityPoolId, Roles, RoleMappings = {} }, { tx }) {
    const { id: poolId } = await requireOwnPool(IdentityPoolId, tx);
    const mappings = Object.entries(RoleMappings).map(([name, mapping]) => [name, parseMapping(mapping)] as const);
    tx.put(poolRoles, {
      poolId,
      authenticated: Roles["authenticated"],
      unauthenticated: Roles["unauthenticated"],
      mappings: Object.fromEntries(mappings),
    });
    return {};
  },
});

export const getIdentityPoolRoles = operation("GetIdentityPoolRoles", {
  authorize: ({ IdentityPoolId }, context) => onPool("GetIdentityPoolRoles", IdentityPoolId, context),

  async handle({ IdentityPoolId }, { tx }) {
    const { id } = await requireOwnPool(IdentityPoolId, tx);
    const { authenticated, unauthenticated, mappings } = await rolesOf(id, tx);
    const shown = Object.entries(mappings).map(([name, mapping]) => [name, formatMapping(mapping)] as const);
    return {
      IdentityPoolId: id,
      Roles: { ...(authenticated && { authenticated }), ...(unauthenticated && { unauthenticated }) },
      ...(shown.length > 0 && { RoleMappings: Object.fromEntries(shown) }),
    };
  },
});

export const rolesOf = async (poolId: string, tx: Transaction): Promise<PoolRoles> =>
  (await tx.get(poolRoles, poolId)) ?? { poolId, mappings: {} };

export const dropRoles = (poolId: string, tx: Transaction): void => tx.delete(poolRoles, poolId);

function passing(roleArn: string): Access {
  const parts = parseArn(roleArn);
  return {
    action: "iam:PassRole",
    resource: parts === undefined ? "*" : formatArn(parts),
    owner: parts && parseAccountId(parts.account),
    keys: { "iam:PassedToService": "cognito-identity.amazonaws.com" },
  };
}

/** @throws {AwsError} `InvalidParameterException` */
function parseMapping(mapping: Validated<RoleMappingShape>): RoleMapping {
  const { Type, AmbiguousRoleResolution: otherwise, RulesConfiguration } = mapping;
  if (otherwise === undefined) throw ambiguousResolutionMissing();
  if (Type === "Token") return { type: "Token", otherwise };
  if (RulesConfiguration === undefined) throw rulesMissing();
  return { type: "Rules", otherwise, rules: RulesConfiguration.Rules };
}

const formatMapping = (mapping: RoleMapping): RoleMappingShape => ({
  Type: mapping.type,
  AmbiguousRoleResolution: mapping.otherwise,
  ...(mapping.type === "Rules" && { RulesConfiguration: { Rules: mapping.rules.slice() } }),
});
