/** An organization, its units, accounts and policies. */
import type { ControlStep, MadeAccountStep, MemberStep, OrganizationStep, UnitStep } from "../case-file.ts";
import { setTimeout } from "node:timers/promises";
import { NotAnswered } from "../endpoint.ts";
import { textAt, type World } from "../world.ts";

/** What every root has to be told, and what everything has in the beginning. */
const KINDS = {
  scp: { type: "SERVICE_CONTROL_POLICY", allowsAll: "p-FullAWSAccess" },
  rcp: { type: "RESOURCE_CONTROL_POLICY", allowsAll: "p-RCPFullAWSAccess" },
} as const;

export async function makeOrganization(
  { organization: as, types = [] }: OrganizationStep,
  world: World,
): Promise<void> {
  const account = world.account(as);
  const made = await world.make({ call: "organizations:CreateOrganization", as, with: { FeatureSet: "ALL" } });
  world.onCleanUp(() => world.ask("organizations:DeleteOrganization", as, {}));
  const roots = await world.make({ call: "organizations:ListRoots", as });
  const root = textAt(roots, "Roots.0.Id");
  const id = textAt(made, "Organization.Id");
  const facts = { arn: `arn:aws:iam::${account}:root`, org: id, manager: as, node: root, path: `${id}/${root}/` };
  world.add(as, { name: account, facts });
  // the type of service control policies may be enabled with the organization
  const { Roots: [{ PolicyTypes = [] } = {}] = [] }: RootsOutput = roots;
  const enabled = PolicyTypes.map(({ Type }) => Type);
  const wanted = new Set(["SERVICE_CONTROL_POLICY", ...types]);
  for (const PolicyType of [...wanted].filter((type) => !enabled.includes(type)))
    await world.make({ call: "organizations:EnablePolicyType", as, with: { RootId: root, PolicyType } });
}

interface RootsOutput {
  readonly Roots?: readonly { readonly PolicyTypes?: readonly { readonly Type?: string }[] }[];
}

export async function makeUnit({ unit, in: parent }: UnitStep, world: World): Promise<void> {
  const { manager, node, path } = placeOf(parent, world);
  const name = world.newName(unit);
  const input = { ParentId: node, Name: name };
  const made = await world.make({ call: "organizations:CreateOrganizationalUnit", as: manager, with: input });
  const id = textAt(made, "OrganizationalUnit.Id");
  world.onCleanUp(() => world.ask("organizations:DeleteOrganizationalUnit", manager, { OrganizationalUnitId: id }));
  world.add(unit, { name, facts: { id, manager, node: id, path: `${path}${id}/` } });
}

export async function addMember({ member, in: parent }: MemberStep, world: World): Promise<void> {
  const { manager, node, path } = placeOf(parent, world);
  const account = world.account(member);
  const target = { Id: account, Type: "ACCOUNT" };
  const call = "organizations:InviteAccountToOrganization";
  const invited = await world.make({ call, as: manager, with: { Target: target } });
  const HandshakeId = textAt(invited, "Handshake.Id");
  await world.make({ call: "organizations:AcceptHandshake", as: member, with: { HandshakeId } });
  world.onCleanUp(() => world.ask("organizations:RemoveAccountFromOrganization", manager, { AccountId: account }));
  const root = textAt(await world.make({ call: "organizations:ListRoots", as: manager }), "Roots.0.Id");
  if (root !== node) {
    const input = { AccountId: account, SourceParentId: root, DestinationParentId: node };
    await world.make({ call: "organizations:MoveAccount", as: manager, with: input });
    world.onCleanUp(() =>
      world.ask("organizations:MoveAccount", manager, {
        AccountId: account,
        SourceParentId: node,
        DestinationParentId: root,
      }),
    );
  }
  world.add(member, { name: account, facts: { arn: `arn:aws:iam::${account}:root`, manager, node: account, path } });
}

const LOOKS_MAX = 60;
const LOOK_EVERY_MS = 250;

/** It cannot be removed again. */
export async function makeAccount({ made, in: parent }: MadeAccountStep, world: World): Promise<void> {
  const { manager: as, path } = placeOf(parent, world);
  const AccountName = world.newName(made);
  const wish = { AccountName, Email: `${AccountName}@example.com` };
  let status = await world.make({ call: "organizations:CreateAccount", as, with: wish });
  const CreateAccountRequestId = textAt(status, "CreateAccountStatus.Id");
  const call = "organizations:DescribeCreateAccountStatus";
  for (let look = 0; textAt(status, "CreateAccountStatus.State") === "IN_PROGRESS"; look++) {
    if (look === LOOKS_MAX) throw new NotAnswered("set-up: the account is still being made");
    await setTimeout(LOOK_EVERY_MS);
    status = await world.make({ call, as, with: { CreateAccountRequestId } });
  }
  const account = textAt(status, "CreateAccountStatus.AccountId");
  const facts = { arn: `arn:aws:iam::${account}:root`, manager: as, node: account, path };
  world.add(made, { name: account, facts });
}

export async function makeControl({ control, kind, on, policy, only }: ControlStep, world: World): Promise<void> {
  const { manager: as, node: TargetId } = placeOf(on, world);
  const { type: Type, allowsAll } = KINDS[kind];
  const Name = world.newName(control);
  const input = { Name, Type, Content: policy, Description: "of a case" };
  const PolicyId = textAt(
    await world.make({ call: "organizations:CreatePolicy", as, with: input }),
    "Policy.PolicySummary.Id",
  );
  world.onCleanUp(() => world.ask("organizations:DeletePolicy", as, { PolicyId }));
  await world.make({ call: "organizations:AttachPolicy", as, with: { PolicyId, TargetId } });
  world.onCleanUp(() => world.ask("organizations:DetachPolicy", as, { PolicyId, TargetId }));
  world.add(control, { name: Name, facts: { id: PolicyId } });
  if (only !== true) return;
  await world.make({ call: "organizations:DetachPolicy", as, with: { PolicyId: allowsAll, TargetId } });
  world.onCleanUp(() => world.ask("organizations:AttachPolicy", as, { PolicyId: allowsAll, TargetId }));
}

function placeOf(label: string, world: World) {
  const { facts = {} } = world.thing(label);
  const { manager, node, path } = facts;
  if (manager === undefined || node === undefined || path === undefined)
    throw new TypeError(`${label} is not in an organization`);
  return { manager, node, path };
}
