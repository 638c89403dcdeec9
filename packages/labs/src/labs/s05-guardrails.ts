import { credentialsOf } from "../credentials.ts";
import type { Actor, Lab, Teller } from "../lab.ts";
import { policy, trust } from "../policy.ts";
import { makeAccount, makeUser } from "./member-account.ts";
import { foresee, lookFirst } from "./s05-foresight.ts";

const succeeds = { outcome: "succeeds" } as const;
const denied = { outcome: "refused", code: "AccessDenied" } as const;
const byScp = { ...denied, because: "with an explicit deny in a service control policy" } as const;
const SCP = "SERVICE_CONTROL_POLICY";
const GUARDRAIL = policy({ Effect: "Deny", Action: ["ec2:RunInstances", "s3:DeleteBucket"], Resource: "*" });
const POWER_USER = "arn:aws:iam::aws:policy/PowerUserAccess";
const S3_FULL_ACCESS = "arn:aws:iam::aws:policy/AmazonS3FullAccess";

export const s05: Lab = {
  id: "S05",
  title: "SCP guardrails and the pitfall",
  proves: [
    "scp-maximum-permissions",
    "scp-needs-all-features",
    "scp-instance-role-pitfall",
    "scp-roll-out-account-by-account",
    "scp-check-last-accessed-first",
    "scp-authorization-not-authentication",
    "iam-last-accessed",
    "iam-poweruseraccess",
  ],
  async run(teller) {
    const story = await begin(teller);
    await enableAllFeatures(story);
    const one = await withBucket(story, await makeAccount(teller, story.management, "one"), "one");
    const two = await withBucket(story, await makeAccount(teller, story.management, "two"), "two");
    await lookFirst(story, one);
    const unit = await hangGuardrail(story, one);
    await foresee(story, { member: one, guardrail: GUARDRAIL });
    await rollOut(story, { unit, one, two });
    await spareManagement(story, unit);
    teller.notBuilt("A service-linked role launches an instance all the same.", "EC2 Auto Scaling");
    await boundOrdinaryRoles(story, one);
    await giveNothing(story, one);
    await powerUser(story, two);
  },
};

export interface Story {
  readonly teller: Teller;
  readonly management: Actor;
  readonly managementAccount: string;
  readonly organizationId: string;
  readonly invited: string;
  readonly rootId: string;
}

/** A member account with a bucket. */
export interface Member {
  readonly account: string;
  readonly root: Actor;
  readonly bucket: string;
}

async function begin(teller: Teller): Promise<Story> {
  const managementAccount = teller.account("A");
  const management = teller.root(managementAccount);
  const { Organization } = await teller.step({
    does: "An organization that only shares its bills",
    as: management,
    call: ["organizations", "CreateOrganization"],
    input: { FeatureSet: "CONSOLIDATED_BILLING" },
    expect: succeeds,
  });
  const { Roots } = await teller.step({
    does: "has a root,",
    as: management,
    call: ["organizations", "ListRoots"],
    input: {},
    expect: succeeds,
  });
  const rootId = Roots?.[0]?.Id ?? "none";
  await teller.step({
    does: "and can have no policies in it.",
    as: management,
    call: ["organizations", "EnablePolicyType"],
    input: { RootId: rootId, PolicyType: SCP },
    expect: { outcome: "refused", code: "PolicyTypeNotAvailableForOrganizationException" },
  });
  const organizationId = Organization?.Id ?? "none";
  return { teller, management, managementAccount, organizationId, invited: teller.account("B"), rootId };
}

async function enableAllFeatures({ teller, management, invited, rootId }: Story): Promise<void> {
  const guest = teller.root(invited);
  const invitation = await teller.step({
    does: "An account is invited",
    as: management,
    call: ["organizations", "InviteAccountToOrganization"],
    input: { Target: { Id: invited, Type: "ACCOUNT" } },
    expect: succeeds,
  });
  await accept(teller, guest, invitation.Handshake?.Id, "and joins.");
  const migration = await teller.step({
    does: "All features are asked for: those who were invited have to agree.",
    as: management,
    call: ["organizations", "EnableAllFeatures"],
    input: {},
    expect: succeeds,
  });
  const { Handshakes } = await teller.step({
    does: "The invited account is asked,",
    as: guest,
    call: ["organizations", "ListHandshakesForAccount"],
    input: { Filter: { ActionType: "APPROVE_ALL_FEATURES" } },
    expect: succeeds,
  });
  await accept(teller, guest, Handshakes?.[0]?.Id, "and agrees.");
  await accept(teller, management, migration.Handshake?.Id, "The management account makes it final.");
  await teller.step({
    does: "Now there can be service control policies.",
    as: management,
    call: ["organizations", "EnablePolicyType"],
    input: { RootId: rootId, PolicyType: SCP },
    expect: succeeds,
  });
}

async function accept(teller: Teller, as: Actor, HandshakeId: string | undefined, does: string): Promise<void> {
  await teller.step({
    does,
    as,
    call: ["organizations", "AcceptHandshake"],
    input: { HandshakeId },
    expect: succeeds,
  });
}

async function withBucket({ teller }: Story, account: string, name: string): Promise<Member> {
  const root = teller.root(account);
  const bucket = `${name}-${teller.suffix}`;
  await teller.step({
    does: `Account ${name} has a bucket.`,
    as: root,
    call: ["s3", "CreateBucket"],
    input: { Bucket: bucket },
    expect: succeeds,
  });
  return { account, root, bucket };
}

/** Gives the unit that the guardrail hangs on. */
async function hangGuardrail({ teller, management, rootId }: Story, one: Member): Promise<string> {
  const { Policy } = await teller.step({
    does: "A guardrail:",
    as: management,
    call: ["organizations", "CreatePolicy"],
    input: {
      Name: "guardrail",
      Description: "no instances, and no bucket is deleted",
      Type: SCP,
      Content: GUARDRAIL,
    },
    expect: succeeds,
  });
  const { OrganizationalUnit } = await teller.step({
    does: "in a unit of its own",
    as: management,
    call: ["organizations", "CreateOrganizationalUnit"],
    input: { ParentId: rootId, Name: "test" },
    expect: succeeds,
  });
  const unit = OrganizationalUnit?.Id ?? "none";
  await teller.step({
    does: "it is hung,",
    as: management,
    call: ["organizations", "AttachPolicy"],
    input: { PolicyId: Policy?.PolicySummary?.Id, TargetId: unit },
    expect: succeeds,
  });
  await deleteBucket(teller, one.root, one.bucket, "and bears on nobody yet.");
  await teller.step({
    does: "The bucket again, for what follows.",
    as: one.root,
    call: ["s3", "CreateBucket"],
    input: { Bucket: one.bucket },
    expect: succeeds,
  });
  return unit;
}

async function rollOut(
  { teller, management, rootId }: Story,
  { unit, one, two }: { readonly unit: string; readonly one: Member; readonly two: Member },
): Promise<void> {
  const admin = await makeUser(teller, one.root, "admin", "arn:aws:iam::aws:policy/AdministratorAccess");
  await teller.step({
    does: "One account is moved into the unit.",
    as: management,
    call: ["organizations", "MoveAccount"],
    input: { AccountId: one.account, SourceParentId: rootId, DestinationParentId: unit },
    expect: succeeds,
  });
  await teller.step({
    does: "Its administrator is refused from the next call on,",
    as: admin,
    call: ["s3", "DeleteBucket"],
    input: { Bucket: one.bucket },
    expect: byScp,
  });
  teller.notBuilt("and may run no instance;", "EC2");
  await teller.step({
    does: "its root user too.",
    as: one.root,
    call: ["s3", "DeleteBucket"],
    input: { Bucket: one.bucket },
    expect: byScp,
  });
  await deleteBucket(teller, two.root, two.bucket, "The other account is as free as it was.");
}

async function spareManagement({ teller, management, managementAccount, rootId }: Story, unit: string): Promise<void> {
  const bucket = `management-${teller.suffix}`;
  await teller.step({
    does: "The management account, moved into the unit as well,",
    as: management,
    call: ["organizations", "MoveAccount"],
    input: { AccountId: managementAccount, SourceParentId: rootId, DestinationParentId: unit },
    expect: succeeds,
  });
  await teller.step({
    does: "makes a bucket",
    as: management,
    call: ["s3", "CreateBucket"],
    input: { Bucket: bucket },
    expect: succeeds,
  });
  await deleteBucket(teller, management, bucket, "and deletes it: no SCP binds it.");
}

async function boundOrdinaryRoles({ teller }: Story, { account, root, bucket }: Member): Promise<void> {
  await teller.step({
    does: "The pitfall: an ordinary role, as instances have them,",
    as: root,
    call: ["iam", "CreateRole"],
    input: { RoleName: "app", AssumeRolePolicyDocument: trust(`arn:aws:iam::${account}:user/admin`) },
    expect: succeeds,
  });
  await teller.step({
    does: "with all rights to S3",
    as: root,
    call: ["iam", "AttachRolePolicy"],
    input: { RoleName: "app", PolicyArn: S3_FULL_ACCESS },
    expect: succeeds,
  });
  const { AccessKey } = await teller.step({
    does: "(taken on by the administrator)",
    as: root,
    call: ["iam", "CreateAccessKey"],
    input: { UserName: "admin" },
    expect: succeeds,
  });
  const { Credentials } = await teller.step({
    does: "calls",
    as: teller.actor("admin", credentialsOf(AccessKey)),
    call: ["sts", "AssumeRole"],
    input: { RoleArn: `arn:aws:iam::${account}:role/app`, RoleSessionName: "app" },
    expect: succeeds,
  });
  await teller.step({
    does: "and is refused: only service-linked roles are exempt.",
    as: teller.actor("app", credentialsOf(Credentials)),
    call: ["s3", "DeleteBucket"],
    input: { Bucket: bucket },
    expect: byScp,
  });
  teller.notBuilt("The same from inside an instance.", "EC2");
}

async function giveNothing({ teller }: Story, { root }: Member): Promise<void> {
  const nobody = await makeUser(teller, root, "nobody");
  await teller.step({
    does: "FullAWSAccess above gives nothing to a user without policies: an SCP only limits.",
    as: nobody,
    call: ["s3", "ListBuckets"],
    input: {},
    expect: { ...denied, because: "because no identity-based policy allows" },
  });
}

async function powerUser({ teller }: Story, { root, bucket }: Member): Promise<void> {
  const power = await makeUser(teller, root, "power", POWER_USER);
  await teller.step({
    does: "A power user makes a bucket,",
    as: power,
    call: ["s3", "CreateBucket"],
    input: { Bucket: bucket },
    expect: succeeds,
  });
  await teller.step({
    does: "but no user,",
    as: power,
    call: ["iam", "CreateUser"],
    input: { UserName: "other" },
    expect: denied,
  });
  await teller.step({
    does: "and sees nothing of the organization's accounts.",
    as: power,
    call: ["organizations", "ListAccounts"],
    input: {},
    expect: { outcome: "refused", code: "AccessDeniedException" },
  });
  await teller.step({
    does: "A role that is linked to a service it may make,",
    as: power,
    call: ["iam", "CreateServiceLinkedRole"],
    input: { AWSServiceName: "autoscaling.amazonaws.com" },
    expect: succeeds,
  });
  await teller.step({
    does: "but no other.",
    as: power,
    call: ["iam", "CreateRole"],
    input: { RoleName: "own", AssumeRolePolicyDocument: trust("*") },
    expect: denied,
  });
  await teller.step({
    does: "Roles it may list.",
    as: power,
    call: ["iam", "ListRoles"],
    input: {},
    expect: succeeds,
  });
}

async function deleteBucket(teller: Teller, as: Actor, Bucket: string, does: string): Promise<void> {
  await teller.step({ does, as, call: ["s3", "DeleteBucket"], input: { Bucket }, expect: succeeds });
}
