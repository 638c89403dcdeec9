import { credentialsOf } from "../credentials.ts";
import type { Actor, Lab, Teller } from "../lab.ts";
import { allow, policy, trust } from "../policy.ts";
import { makeAccount, makeUser } from "./member-account.ts";

const succeeds = { outcome: "succeeds" } as const;
const ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess";

export const s04: Lab = {
  id: "S04",
  title: "One organization, many accounts, no IAM users in them; shared resources",
  proves: [
    "org-role-not-user",
    "iam-xacct-delegate-own-accounts",
    "iam-xacct-no-user-per-account",
    "ram-share-in-organization",
  ],
  async run(teller) {
    const story = await begin(teller);
    const session = await takeTheRole(story);
    await workInTheAccount(story, session);
    await delegateToAnother(story, session);
    await share(story);
    teller.notBuilt("Instances run in a subnet that is shared so.", "EC2");
  },
};

/** A share as somebody sees it. */
const holds = (shareName: string) => (shares: readonly { readonly name?: string | undefined }[] | undefined) =>
  shares?.some(({ name }) => name === shareName) === true ? undefined : `the share ${shareName}`;

async function share({ teller, management, dev }: Story): Promise<void> {
  const outside = teller.root(teller.account("B"));
  const member = teller.root(dev);
  await teller.step({
    does: "The accounts of the organization may share with each other.",
    as: management,
    call: ["ram", "EnableSharingWithAwsOrganization"],
    input: {},
    expect: succeeds,
  });
  await teller.step({
    does: "A share for one of them, and for an account outside.",
    as: management,
    call: ["ram", "CreateResourceShare"],
    input: { name: "network", principals: [dev, teller.account("B")], allowExternalPrincipals: true },
    expect: { outcome: "succeeds", check: ({ resourceShare }) => holds("network")(resourceShare && [resourceShare]) },
  });
  await teller.step({
    does: "The member has it at once,",
    as: member,
    call: ["ram", "GetResourceShares"],
    input: { resourceOwner: "OTHER-ACCOUNTS" },
    expect: { outcome: "succeeds", check: ({ resourceShares }) => holds("network")(resourceShares) },
  });
  await teller.step({
    does: "the account outside has not,",
    as: outside,
    call: ["ram", "GetResourceShares"],
    input: { resourceOwner: "OTHER-ACCOUNTS" },
    expect: { outcome: "succeeds", check: ({ resourceShares }) => (resourceShares?.length === 0 ? undefined : "none") },
  });
  const { resourceShareInvitations } = await teller.step({
    does: "but is invited,",
    as: outside,
    call: ["ram", "GetResourceShareInvitations"],
    input: {},
    expect: {
      outcome: "succeeds",
      check: ({ resourceShareInvitations: all }) => (all?.length === 1 ? undefined : "one"),
    },
  });
  await teller.step({
    does: "accepts,",
    as: outside,
    call: ["ram", "AcceptResourceShareInvitation"],
    input: { resourceShareInvitationArn: resourceShareInvitations?.[0]?.resourceShareInvitationArn },
    expect: succeeds,
  });
  await teller.step({
    does: "and has it too.",
    as: outside,
    call: ["ram", "GetResourceShares"],
    input: { resourceOwner: "OTHER-ACCOUNTS" },
    expect: { outcome: "succeeds", check: ({ resourceShares }) => holds("network")(resourceShares) },
  });
}

interface Story {
  readonly teller: Teller;
  readonly management: Actor;
  readonly dev: string;
  readonly bucket: string;
}

async function begin(teller: Teller): Promise<Story> {
  const management = teller.root(teller.account("A"));
  await teller.step({
    does: "An organization with all features.",
    as: management,
    call: ["organizations", "CreateOrganization"],
    input: { FeatureSet: "ALL" },
    expect: succeeds,
  });
  const dev = await makeAccount(teller, management, "dev");
  return { teller, management, dev, bucket: `dev-data-${teller.suffix}` };
}

async function takeTheRole({ teller, management, dev }: Story): Promise<Actor> {
  const admin = await makeUser(teller, management, "admin", ADMINISTRATOR);
  const { Credentials } = await teller.step({
    does: "takes on the role that every new account has for its management account.",
    as: admin,
    call: ["sts", "AssumeRole"],
    input: {
      RoleArn: `arn:aws:iam::${dev}:role/OrganizationAccountAccessRole`,
      RoleSessionName: "admin",
    },
    expect: succeeds,
  });
  return teller.actor("admin in dev", credentialsOf(Credentials));
}

async function workInTheAccount({ teller, bucket }: Story, session: Actor): Promise<void> {
  await teller.step({
    does: "With it a bucket is made in the account,",
    as: session,
    call: ["s3", "CreateBucket"],
    input: { Bucket: bucket },
    expect: succeeds,
  });
  await teller.step({
    does: "and an object.",
    as: session,
    call: ["s3", "PutObject"],
    input: { Bucket: bucket, Key: "x", Body: "x" },
    expect: succeeds,
  });
  await teller.step({
    does: "The account has not one user of its own.",
    as: session,
    call: ["iam", "ListUsers"],
    input: {},
    expect: {
      outcome: "succeeds",
      check: ({ Users }) => (Users?.length === 0 ? undefined : "no users"),
    },
  });
  await teller.step({
    does: "Who works there is somebody from elsewhere, in a role.",
    as: session,
    call: ["sts", "GetCallerIdentity"],
    input: {},
    expect: {
      outcome: "succeeds",
      check: ({ Arn = "" }) =>
        Arn.endsWith(":assumed-role/OrganizationAccountAccessRole/admin") ? undefined : "the role's session",
    },
  });
}

async function delegateToAnother({ teller, management, dev, bucket }: Story, session: Actor): Promise<void> {
  const apps = await makeAccount(teller, management, "apps");
  const root = teller.root(apps);
  const reader = `arn:aws:iam::${dev}:role/reader`;
  await teller.step({
    does: "The first account lets the second read: a role that trusts it",
    as: session,
    call: ["iam", "CreateRole"],
    input: { RoleName: "reader", AssumeRolePolicyDocument: trust(`arn:aws:iam::${apps}:root`) },
    expect: succeeds,
  });
  await teller.step({
    does: "and may read the bucket.",
    as: session,
    call: ["iam", "PutRolePolicy"],
    input: {
      RoleName: "reader",
      PolicyName: "read",
      PolicyDocument: policy(allow("s3:GetObject", `arn:aws:s3:::${bucket}/*`)),
    },
    expect: succeeds,
  });
  const allowed = await makeUser(teller, root, "ulla");
  await teller.step({
    does: "Ulla may take it on.",
    as: root,
    call: ["iam", "PutUserPolicy"],
    input: { UserName: "ulla", PolicyName: "assume", PolicyDocument: policy(allow("sts:AssumeRole", reader)) },
    expect: succeeds,
  });
  const { Credentials } = await teller.step({
    does: "She does,",
    as: allowed,
    call: ["sts", "AssumeRole"],
    input: { RoleArn: reader, RoleSessionName: "ulla" },
    expect: succeeds,
  });
  await teller.step({
    does: "and reads.",
    as: teller.actor("ulla as reader", credentialsOf(Credentials)),
    call: ["s3", "GetObject"],
    input: { Bucket: bucket, Key: "x" },
    expect: succeeds,
  });
  const other = await makeUser(teller, root, "viktor");
  await teller.step({
    does: "Viktor's own account did not let him, though the role trusts that account.",
    as: other,
    call: ["sts", "AssumeRole"],
    input: { RoleArn: reader, RoleSessionName: "viktor" },
    expect: { outcome: "refused", code: "AccessDenied" },
  });
}
