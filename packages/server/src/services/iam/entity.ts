/** Users, groups and roles by ARN and by unique id, in whichever account they are. */
import { parseAccountId, parseArn, type AccountId, type Arn } from "../../kernel/arn.ts";
import { unreachable } from "../../kernel/assert.ts";
import type { Transaction } from "../../kernel/table.ts";
import { groupArn, groups, type Group } from "./group/group.ts";
import { findHolder } from "./holder.ts";
import { keyOfName } from "./path.ts";
import { findRole, type Role } from "./role/row.ts";
import { findUser, userArn, type User } from "./user/user.ts";

export type Entity = User | Group | Role;

interface Owner {
  readonly partition: string;
  readonly account: AccountId;
}

/** What has that ARN: a role too by the ARN of one of its sessions. */
export async function findEntity(arn: string, tx: Transaction): Promise<Entity | undefined> {
  const parts = parseArn(arn);
  const account = parseAccountId(parts?.account ?? "");
  if (!parts || !account) return undefined;
  const [kind, ...path] = parts.resource.split("/");
  if (parts.service === "sts") return kind === "assumed-role" ? findRole(path[0] ?? "", tx.in({ account })) : undefined;
  const entity = await findNamed({ kind, name: path.at(-1) ?? "" }, tx.in({ account }));
  return entity && arnOfEntity(entity, { partition: parts.partition, account }) === arn ? entity : undefined;
}

/** The present ARN of the user or role with that unique id; `undefined` once it is deleted. */
export async function findEntityArn(
  { id, ...owner }: Owner & { readonly id: string },
  tx: Transaction,
): Promise<Arn | undefined> {
  const there = tx.in({ account: owner.account });
  const holder = await findHolder(there, id);
  const entity = holder && (await findNamed(holder, there));
  return entity && arnOfEntity(entity, owner);
}

export function arnOfEntity(entity: Entity, owner: Owner): Arn {
  switch (entity.kind) {
    case "user":
      return userArn(owner, entity);
    case "group":
      return groupArn(owner, entity);
    case "role":
      return entity.arn;
    default:
      return unreachable(entity);
  }
}

export async function findNamed(
  { kind, name }: { readonly kind: string | undefined; readonly name: string },
  tx: Transaction,
): Promise<Entity | undefined> {
  if (kind === "user") return findUser(name, tx);
  if (kind === "group") return tx.get(groups, keyOfName(name));
  return kind === "role" ? findRole(name, tx) : undefined;
}
