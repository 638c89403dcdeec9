import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DetachRolePolicyCommand,
  GetPolicyCommand,
  IAMClient,
  ListPoliciesCommand,
  ListPolicyTagsCommand,
  PutUserPermissionsBoundaryCommand,
  TagPolicyCommand,
  UntagPolicyCommand,
  type ListPoliciesCommandInput,
} from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { testCloud } from "../../../../test/test-cloud.ts";

const ACCOUNT = "000000000000";
const PolicyDocument = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "s3:Get*", Resource: "*" }],
});
const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
const PolicyArn = `arn:aws:iam::${ACCOUNT}:policy/team/reads`;
const READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess";

async function withPolicy() {
  const cloud = await testCloud();
  const iam = cloud.client(IAMClient);
  const { Policy } = await iam.send(
    new CreatePolicyCommand({
      PolicyName: "reads",
      Path: "/team/",
      PolicyDocument,
      Description: "who reads",
      Tags: [{ Key: "team", Value: "red" }],
    }),
  );
  return { cloud, iam, policy: Policy };
}

test("a policy reads back as it was made", async () => {
  const { iam, policy } = await withPolicy();
  expect(policy).toMatchObject({
    PolicyName: "reads",
    Path: "/team/",
    Arn: PolicyArn,
    DefaultVersionId: "v1",
    AttachmentCount: 0,
    PermissionsBoundaryUsageCount: 0,
    IsAttachable: true,
    Tags: [{ Key: "team", Value: "red" }],
  });
  expect(policy?.PolicyId).toMatch(/^ANPA[A-Z2-7]{17}$/);
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  expect(Policy).toEqual({ ...policy, Description: "who reads" });
});

test("a policy without tags is made without a list of them, and read with an empty one", async () => {
  // Recorded: moto's test_policy_resource_returns_subset_of_available_attributes, which its authors ran against AWS
  const { iam } = await withPolicy();
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: "bare", PolicyDocument }));
  expect(Policy).not.toHaveProperty("Tags");
  const read = await iam.send(new GetPolicyCommand({ PolicyArn: Policy?.Arn }));
  expect(read.Policy).toEqual({ ...Policy, Tags: [] });
});

test("a listing leaves tags and descriptions out", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicies.html
  const { iam, policy } = await withPolicy();
  const { Policies } = await iam.send(new ListPoliciesCommand({ Scope: "Local" }));
  expect([{ ...Policies?.[0], Tags: policy?.Tags }]).toEqual([policy]);
});

test("two policies cannot have one name, whatever their paths", async () => {
  const { iam } = await withPolicy();
  await expect(iam.send(new CreatePolicyCommand({ PolicyName: "READS", PolicyDocument }))).rejects.toMatchObject({
    name: "EntityAlreadyExistsException",
    // Recorded: https://github.com/konstructio/kubefirst/issues/855
    message: "A policy called READS already exists. Duplicate names are not allowed.",
  });
});

test.each([PolicyArn.replace("/team/", "/"), `${PolicyArn}s`, "arn:aws:iam::111111111111:policy/team/reads"])(
  "there is no policy %s",
  async (arn) => {
    const { iam } = await withPolicy();
    await expect(iam.send(new GetPolicyCommand({ PolicyArn: arn }))).rejects.toMatchObject({
      name: "NoSuchEntityException",
      message: `Policy ${arn} was not found.`,
    });
  },
);

test("what is no ARN of a policy is refused", async () => {
  const { iam } = await withPolicy();
  const arn = "arn:aws:iam::000000000000:user/ann";
  await expect(iam.send(new GetPolicyCommand({ PolicyArn: arn }))).rejects.toMatchObject({
    name: "InvalidInputException",
    message: `ARN ${arn} is not valid.`,
  });
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/iam/test_iam_roles.snapshot.json
  const name = "longpolicynamebutnoarn";
  await expect(iam.send(new GetPolicyCommand({ PolicyArn: name }))).rejects.toMatchObject({
    name: "ValidationError",
    message: `ARN ${name} is not valid.`,
  });
});

test("a text that is no policy is not stored", async () => {
  const { iam } = await withPolicy();
  const create = (document: string) => iam.send(new CreatePolicyCommand({ PolicyName: "p", PolicyDocument: document }));
  await expect(create("{}")).rejects.toMatchObject({ name: "MalformedPolicyDocumentException" });
  await expect(create(PolicyDocument.replace("Allow", "Maybe"))).rejects.toMatchObject({
    name: "MalformedPolicyDocumentException",
  });
});

test("a policy has at most 6,144 characters, white space apart", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  // Recorded: https://github.com/ministryofjustice/cloud-platform-environments/pull/14473
  const { iam } = await withPolicy();
  const create = (PolicyName: string, length: number) => {
    const empty = PolicyDocument.replace('"*"', '"arn:aws:s3:::"');
    const document = empty.replace(":::", `:::${"x".repeat(length - empty.length)}`);
    return iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument: `${document}${" ".repeat(9000)}` }));
  };
  await create("full", 6144);
  await expect(create("over", 6145)).rejects.toMatchObject({
    name: "LimitExceededException",
    message: "Cannot exceed quota for PolicySize: 6144",
  });
});

const conflict = (message: string) => ({ name: "DeleteConflictException", message });

test("a policy goes when nothing uses it and one version is left", async () => {
  const { iam } = await withPolicy();
  const deletion = () => iam.send(new DeletePolicyCommand({ PolicyArn }));
  // Recorded: https://github.com/rebuy-de/aws-nuke/issues/294
  const inUse = conflict("Cannot delete a policy attached to entities.");
  await iam.send(new CreateRoleCommand({ RoleName: "r", AssumeRolePolicyDocument: TRUST }));
  await iam.send(new AttachRolePolicyCommand({ RoleName: "r", PolicyArn }));
  await expect(deletion()).rejects.toMatchObject(inUse);
  await iam.send(new DetachRolePolicyCommand({ RoleName: "r", PolicyArn }));
  await iam.send(new CreateUserCommand({ UserName: "ann", PermissionsBoundary: PolicyArn }));
  await expect(deletion()).rejects.toMatchObject(inUse);
  await iam.send(new PutUserPermissionsBoundaryCommand({ UserName: "ann", PermissionsBoundary: READ_ONLY }));
  await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument }));
  await expect(deletion()).rejects.toMatchObject(
    conflict(
      "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
    ),
  );
  await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: "v2" }));
  await deletion();
  await expect(iam.send(new GetPolicyCommand({ PolicyArn }))).rejects.toMatchObject({ name: "NoSuchEntityException" });
});

test("attachments and boundaries are counted for each account", async () => {
  const { cloud, iam } = await withPolicy();
  await iam.send(new CreateRoleCommand({ RoleName: "r", AssumeRolePolicyDocument: TRUST }));
  await iam.send(new AttachRolePolicyCommand({ RoleName: "r", PolicyArn: READ_ONLY }));
  await iam.send(new AttachRolePolicyCommand({ RoleName: "r", PolicyArn: READ_ONLY }));
  await iam.send(new CreateUserCommand({ UserName: "ann", PermissionsBoundary: READ_ONLY }));
  const read = new GetPolicyCommand({ PolicyArn: READ_ONLY });
  const counts = { AttachmentCount: 1, PermissionsBoundaryUsageCount: 1 };
  expect((await iam.send(read)).Policy).toMatchObject(counts);
  const other = cloud.client(IAMClient, cloud.rootOf("111111111111"));
  expect((await other.send(read)).Policy).toMatchObject({ AttachmentCount: 0, PermissionsBoundaryUsageCount: 0 });
});

test("a listing keeps to a scope, a path, and what is used", async () => {
  const { iam } = await withPolicy();
  await iam.send(new CreatePolicyCommand({ PolicyName: "writes", PolicyDocument }));
  await iam.send(new CreateRoleCommand({ RoleName: "r", AssumeRolePolicyDocument: TRUST }));
  await iam.send(new AttachRolePolicyCommand({ RoleName: "r", PolicyArn }));
  await iam.send(new CreateUserCommand({ UserName: "ann", PermissionsBoundary: READ_ONLY }));
  const names = async (input: ListPoliciesCommandInput) => {
    const { Policies } = await iam.send(new ListPoliciesCommand(input));
    return Policies?.map(({ PolicyName }) => PolicyName);
  };
  expect(await names({ Scope: "Local" })).toEqual(["reads", "writes"]);
  expect(await names({ Scope: "Local", PathPrefix: "/team/" })).toEqual(["reads"]);
  expect(await names({ OnlyAttached: true })).toEqual(["reads"]);
  expect(await names({ PolicyUsageFilter: "PermissionsBoundary" })).toEqual(["ReadOnlyAccess"]);
  expect(await names({ Scope: "AWS", PolicyUsageFilter: "PermissionsPolicy" })).toEqual([]);
  expect(await names({ Scope: "AWS", PathPrefix: "/job-function/" })).toContain("ViewOnlyAccess");
});

test("pages of a listing lose nothing and repeat nothing", async () => {
  const { iam } = await withPolicy();
  const seen: (string | undefined)[] = [];
  let Marker: string | undefined;
  do {
    const page = await iam.send(new ListPoliciesCommand({ MaxItems: 250, Marker }));
    seen.push(...(page.Policies ?? []).map(({ Arn }) => Arn));
    Marker = page.IsTruncated ? page.Marker : undefined;
  } while (Marker !== undefined);
  expect(seen[0]).toBe(PolicyArn);
  expect(seen.length).toBeGreaterThan(1500);
  expect(new Set(seen).size).toBe(seen.length);
});

test("tags come and go", async () => {
  const { iam } = await withPolicy();
  await iam.send(new TagPolicyCommand({ PolicyArn, Tags: [{ Key: "Cost", Value: "1" }] }));
  await iam.send(new UntagPolicyCommand({ PolicyArn, TagKeys: ["team"] }));
  const { Tags } = await iam.send(new ListPolicyTagsCommand({ PolicyArn }));
  expect(Tags).toEqual([{ Key: "Cost", Value: "1" }]);
});

test("a policy's tags differ by case, unlike a user's", async () => {
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/iam/test_iam_policies.snapshot.json
  const { iam } = await withPolicy();
  const tag = (...keys: string[]) =>
    iam.send(new TagPolicyCommand({ PolicyArn, Tags: keys.map((Key) => ({ Key, Value: "v" })) }));
  await tag("a", "A");
  await iam.send(new UntagPolicyCommand({ PolicyArn, TagKeys: ["TEAM", "a"] }));
  const { Tags } = await iam.send(new ListPolicyTagsCommand({ PolicyArn }));
  expect(Tags?.map(({ Key }) => Key)).toEqual(["A", "team"]);
  await expect(tag("b", "b")).rejects.toMatchObject({
    name: "InvalidInputException",
    message: "Duplicate tag keys found.",
  });
});
