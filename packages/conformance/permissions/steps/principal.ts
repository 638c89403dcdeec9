/** Users, groups, roles and what they may do. */
import type {
  Entity,
  GroupStep,
  Input,
  KeysStep,
  ManagedStep,
  NameStep,
  PolicyText,
  Rights,
  RoleStep,
  SessionStep,
  UserStep,
} from "../case-file.ts";
import { policyText } from "../placeholder.ts";
import { credentialsIn, textAt, type World } from "../world.ts";
import { remove, type Removable } from "./removal.ts";

const tagList = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

export async function makeUser(step: UserStep, world: World): Promise<void> {
  const { user, account: as = "home", groups = [] } = step;
  const UserName = world.newName(user);
  const boundary = await boundaryOf(step, world);
  removeAtEnd(world, { kind: "user", name: UserName, as });
  const made = await world.make({ call: "iam:CreateUser", as, with: { UserName, ...created(step), ...boundary } });
  const facts = { arn: textAt(made, "User.Arn"), id: textAt(made, "User.UserId") };
  world.add(user, { name: UserName, facts });
  for (const group of groups)
    await world.make({ call: "iam:AddUserToGroup", as, with: { UserName, GroupName: `<${group}>` } });
  await grant(step, { kind: "User", name: UserName, as }, world);
  const credentials = credentialsIn(await world.make({ call: "iam:CreateAccessKey", as, with: { UserName } }));
  world.add(user, { name: UserName, facts: { ...facts, key: credentials.accessKeyId }, credentials });
}

export async function makeGroup(step: GroupStep, world: World): Promise<void> {
  const { group, account: as = "home" } = step;
  const GroupName = world.newName(group);
  removeAtEnd(world, { kind: "group", name: GroupName, as });
  const made = await world.make({ call: "iam:CreateGroup", as, with: { GroupName } });
  world.add(group, { name: GroupName, facts: { arn: textAt(made, "Group.Arn") } });
  await grant(step, { kind: "Group", name: GroupName, as }, world);
}

export async function makeRole(step: RoleStep, world: World): Promise<void> {
  const { role, account: as = "home", trust, maxSeconds } = step;
  const RoleName = world.newName(role);
  const boundary = await boundaryOf(step, world);
  removeAtEnd(world, { kind: "role", name: RoleName, as });
  const input = {
    RoleName,
    AssumeRolePolicyDocument: trustText(trust),
    ...created(step),
    ...boundary,
    ...(maxSeconds !== undefined && { MaxSessionDuration: maxSeconds }),
  };
  const made = await world.make({ call: "iam:CreateRole", as, with: input });
  world.add(role, { name: RoleName, facts: { arn: textAt(made, "Role.Arn"), id: textAt(made, "Role.RoleId") } });
  await grant(step, { kind: "Role", name: RoleName, as }, world);
}

export async function makeManagedPolicy(step: ManagedStep, world: World): Promise<void> {
  const { managedPolicy: label, account: as = "home", policy } = step;
  const { name, arn } = await addManaged(policy, { label, as }, world);
  world.add(label, { name, facts: { arn } });
}

export async function takeRole({ session, role, as, with: more }: SessionStep, world: World): Promise<void> {
  const input = { RoleArn: `<${role}.arn>`, RoleSessionName: session, ...more };
  const output = await world.make({ call: "sts:AssumeRole", as, with: input });
  const facts = { arn: textAt(output, "AssumedRoleUser.Arn"), id: textAt(output, "AssumedRoleUser.AssumedRoleId") };
  world.add(session, { name: session, facts, credentials: credentialsIn(output) });
}

export function spoilKeys({ keys, of, ...changed }: KeysStep, world: World): void {
  const credentials = world.credentialsOf(of);
  if (credentials === undefined) throw new TypeError(`${of} has no keys to spoil`);
  const { sessionToken = credentials.sessionToken, ...pair } = changed;
  const { accessKeyId = credentials.accessKeyId, secretAccessKey = credentials.secretAccessKey } = pair;
  const token = typeof sessionToken === "string" ? { sessionToken } : {};
  world.add(keys, { name: keys, credentials: { accessKeyId, secretAccessKey, ...token } });
}

export function reserveName({ name: label, kind, account: as = "home" }: NameStep, world: World): void {
  const name = world.newName(label);
  world.add(label, { name });
  removeAtEnd(world, { kind, name, as });
}

function removeAtEnd(world: World, thing: Removable): void {
  world.onCleanUp(() => remove(thing, world));
}

/** What `CreateUser` and `CreateRole` take alike. */
function created({ path, tags }: Entity): Input {
  return { ...(path !== undefined && { Path: path }), ...(tags !== undefined && { Tags: tagList(tags) }) };
}

async function boundaryOf({ boundary, account: as = "home" }: Entity, world: World): Promise<Input> {
  if (boundary === undefined) return {};
  const { arn } = await addManaged(boundary, { label: "boundary", as }, world);
  return { PermissionsBoundary: arn };
}

interface Owned {
  readonly label: string;
  readonly as: string;
}

async function addManaged(PolicyDocument: PolicyText, { label, as }: Owned, world: World) {
  const PolicyName = world.newName(label);
  removeAtEnd(world, { kind: "policy", name: PolicyName, as });
  const input = { PolicyName, PolicyDocument };
  return {
    name: PolicyName,
    arn: textAt(await world.make({ call: "iam:CreatePolicy", as, with: input }), "Policy.Arn"),
  };
}

interface Grantee {
  readonly kind: "User" | "Group" | "Role";
  readonly name: string;
  readonly as: string;
}

async function grant(
  { allow, policy, managed = [] }: Rights,
  { kind, name, as }: Grantee,
  world: World,
): Promise<void> {
  const whom = { [`${kind}Name`]: name };
  const put = (PolicyName: string, PolicyDocument: PolicyText) =>
    world.make({ call: `iam:Put${kind}Policy`, as, with: { ...whom, PolicyName, PolicyDocument } });
  if (allow !== undefined) await put("allowed", { Effect: "Allow", Action: allow, Resource: "*" });
  if (policy !== undefined) await put("rights", policy);
  for (const each of managed) {
    const PolicyArn = each.startsWith("<") ? each : `arn:aws:iam::aws:policy/${each}`;
    await world.make({ call: `iam:Attach${kind}Policy`, as, with: { ...whom, PolicyArn } });
  }
}

/** Statements that say no more than who, let them take the role on. */
function trustText(trust: PolicyText | string): string {
  if (typeof trust === "string") return trustText({ Principal: { AWS: trust } });
  if (!Array.isArray(trust) && "Statement" in trust) return policyText(trust);
  const statements: readonly Input[] = [trust].flat();
  return policyText(statements.map((statement) => ({ Effect: "Allow", Action: "sts:AssumeRole", ...statement })));
}
