/** The policies of a user, group or role, each with where it hangs: for whoever asks about rights, not for the calls themselves. */
import type { Transaction } from "../../../kernel/table.ts";
import type { Entity } from "../entity.ts";
import { groupsOf } from "../group/group.ts";
import type { Holder } from "../holder.ts";
import { attachmentsOf } from "./attachment.ts";
import { inlinePoliciesOf } from "./inline.ts";
import { documentOf, findPolicy } from "./managed.ts";

export interface EntityPolicy {
  /** What the policy hangs on: the entity itself, or a group that it is in. */
  readonly holder: Holder;
  readonly name: string;
  /** `undefined`: lies in the holder itself. */
  readonly arn: string | undefined;
  readonly document: string;
}

/** A user's groups count with the user. */
export async function policiesOfEntity(entity: Entity, tx: Transaction): Promise<EntityPolicy[]> {
  const groups = entity.kind === "user" ? await groupsOf(entity, tx) : [];
  const policies = await Promise.all([entity, ...groups].map((holder) => policiesOn(holder, tx)));
  return policies.flat();
}

export async function boundaryOf(entity: Entity, tx: Transaction): Promise<EntityPolicy | undefined> {
  if (entity.kind === "group" || entity.boundary === undefined) return undefined;
  return managedPolicy(entity, entity.boundary, tx);
}

async function policiesOn(holder: Holder, tx: Transaction): Promise<EntityPolicy[]> {
  const inline = await inlinePoliciesOf(tx, holder);
  const attached = await attachmentsOf(tx, holder);
  const managed = await Promise.all(attached.map(({ policyArn }) => managedPolicy(holder, policyArn, tx)));
  return [
    ...inline.map(({ name, document }) => ({ holder, name, arn: undefined, document })),
    ...managed.filter((policy) => policy !== undefined),
  ];
}

async function managedPolicy(holder: Holder, arn: string, tx: Transaction): Promise<EntityPolicy | undefined> {
  const policy = await findPolicy(arn, tx);
  return policy && { holder, name: policy.name, arn, document: await documentOf(policy) };
}
