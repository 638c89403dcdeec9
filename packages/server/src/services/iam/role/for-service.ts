/** Roles that other services make in an account, on their own behalf. */
import type { Directory, NewRole } from "../../../identity/directory.ts";
import type { Context } from "../../../service/context.ts";
import { ROOT_PATH } from "../path.ts";
import { attach } from "../policy/attachment.ts";
import { findPolicy } from "../policy/managed.ts";
import { addRole } from "./role.ts";
import { findRole } from "./row.ts";
import { addLinkedRole, placeOf } from "./service-linked-role.ts";
import { readTrust } from "./trust.ts";

type Place = Pick<Context, "tx" | "partition" | "account" | "newId" | "now">;

export const createRole: Directory["createRole"] = async (role, context) => {
  const there: Place = {
    account: role.account,
    tx: context.tx.in({ account: role.account }),
    partition: context.partition,
    newId: (kind) => context.newId(kind),
    now: () => context.now(),
  };
  return role.kind === "own" ? addOwn(role, there) : addLinked(role, there);
};

async function addOwn({ name, trusts, policyArn }: Extract<NewRole, { kind: "own" }>, place: Place): Promise<void> {
  if (await findRole(name, place.tx)) return;
  const statement = { Effect: "Allow", Principal: trusts, Action: "sts:AssumeRole" };
  const trust = await readTrust(JSON.stringify({ Version: "2012-10-17", Statement: [statement] }), place);
  const role = await addRole(
    { name, path: ROOT_PATH, trust, tags: {}, boundary: undefined, description: undefined },
    place,
  );
  const policy = await findPolicy(policyArn, place.tx);
  if (policy) await attach(place.tx, role, { arn: policyArn, name: policy.name });
}

async function addLinked({ service }: Extract<NewRole, { kind: "service-linked" }>, place: Place): Promise<void> {
  const where = placeOf(service);
  if (await findRole(where.name, place.tx)) return;
  await addLinkedRole({ ...where, linkedTo: service, description: undefined }, place);
}
