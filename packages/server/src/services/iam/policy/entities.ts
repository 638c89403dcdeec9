/** Who a managed policy is attached to, or bounds. */
import type { EntityType } from "@aws-sdk/client-iam";
import type { Transaction } from "../../../kernel/table.ts";
import { findNamed, type Entity } from "../entity.ts";
import { policyNotAttachable } from "../errors.ts";
import { findHolder, type HolderKind } from "../holder.ts";
import { operation } from "../kit.ts";
import { ACCOUNT_QUOTAS } from "../limits.ts";
import { listOf } from "../listing.ts";
import { keyOfName, ROOT_PATH } from "../path.ts";
import { roles } from "../role/row.ts";
import { users } from "../user/user.ts";
import { attachmentsOfPolicy } from "./attachment.ts";
import { requirePolicy } from "./managed.ts";
import { onPolicy } from "./policy.ts";

/** All holders that an account may have: more attachments of one policy there cannot be. */
const HOLDERS_MAX = ACCOUNT_QUOTAS.users.max + ACCOUNT_QUOTAS.groups.max + ACCOUNT_QUOTAS.roles.max;

const KIND_OF_FILTER: Partial<Record<EntityType, HolderKind>> = { User: "user", Group: "group", Role: "role" };

export const listEntitiesForPolicy = operation("ListEntitiesForPolicy", {
  authorize: ({ PolicyArn }, context) => onPolicy("ListEntitiesForPolicy", PolicyArn, context),

  async handle({ PolicyArn, EntityFilter, PathPrefix = ROOT_PATH, PolicyUsageFilter, ...paging }, context) {
    const { tx } = context;
    const { arn } = await requirePolicy(PolicyArn, context, policyNotAttachable);
    const attached = PolicyUsageFilter === "PermissionsBoundary" ? [] : await attachedTo(arn, tx);
    const bounded = PolicyUsageFilter === "PermissionsPolicy" ? [] : await boundedBy(arn, tx);
    const found = new Map([...attached, ...bounded].map((entity) => [entity.id, entity]));
    const wanted = [...found.values()].filter(
      ({ kind, path }) => path.startsWith(PathPrefix) && (!EntityFilter || KIND_OF_FILTER[EntityFilter] === kind),
    );
    const { rows, paging: rest } = listOf(wanted, paging, ({ kind, name }) => `${kind}/${keyOfName(name)}`);
    const named = (kind: HolderKind) => rows.filter((entity) => entity.kind === kind);
    return {
      PolicyUsers: named("user").map(({ id, name }) => ({ UserId: id, UserName: name })),
      PolicyGroups: named("group").map(({ id, name }) => ({ GroupId: id, GroupName: name })),
      PolicyRoles: named("role").map(({ id, name }) => ({ RoleId: id, RoleName: name })),
      ...rest,
    };
  },
});

export async function attachedTo(policyArn: string, tx: Transaction): Promise<Entity[]> {
  const rows = await tx.scan(attachmentsOfPolicy, { prefix: [policyArn], limit: HOLDERS_MAX });
  const entities = await Promise.all(
    rows.map(async ({ holderId }) => {
      const holder = await findHolder(tx, holderId);
      return holder && findNamed(holder, tx);
    }),
  );
  return entities.filter((entity) => entity !== undefined);
}

async function boundedBy(policyArn: string, tx: Transaction): Promise<Entity[]> {
  const holders = [
    ...(await tx.scan(users, { limit: ACCOUNT_QUOTAS.users.max })),
    ...(await tx.scan(roles, { limit: ACCOUNT_QUOTAS.roles.max })),
  ];
  return holders.filter(({ boundary }) => boundary === policyArn);
}
