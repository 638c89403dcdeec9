import {
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DeletePolicyVersionCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  IAMClient,
  ListPolicyVersionsCommand,
  SetDefaultPolicyVersionCommand,
} from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { testCloud } from "../../../../test/test-cloud.ts";

const PolicyArn = "arn:aws:iam::000000000000:policy/reads";
const allowing = (action: string) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: action, Resource: "*" }] });

async function withPolicy() {
  const cloud = await testCloud();
  const iam = cloud.client(IAMClient);
  await iam.send(new CreatePolicyCommand({ PolicyName: "reads", PolicyDocument: allowing("s3:Get1") }));
  const add = (action: string, SetAsDefault?: boolean) =>
    iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: allowing(action), SetAsDefault }));
  const versions = async () => (await iam.send(new ListPolicyVersionsCommand({ PolicyArn }))).Versions ?? [];
  return { cloud, iam, add, versions };
}

test("a new version is in force only where it is said to be", async () => {
  const { cloud, iam, add, versions } = await withPolicy();
  await cloud.clock.advance(60);
  const second = await add("s3:Get2");
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_PolicyVersion.html (no document here)
  expect(second.PolicyVersion).toEqual({
    VersionId: "v2",
    IsDefaultVersion: false,
    CreateDate: second.PolicyVersion?.CreateDate,
  });
  const third = await add("s3:Get3", true);
  // Source: https://docs.aws.amazon.com/cli/latest/reference/iam/list-policy-versions.html (the newest first)
  expect((await versions()).map(({ VersionId, IsDefaultVersion }) => [VersionId, IsDefaultVersion])).toEqual([
    ["v3", true],
    ["v2", false],
    ["v1", false],
  ]);
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  expect(Policy?.DefaultVersionId).toBe("v3");
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Policy.html (the newest version's date)
  expect(Policy?.UpdateDate).toEqual(third.PolicyVersion?.CreateDate);
});

test("a version gives its text back, escaped", async () => {
  const { iam, add } = await withPolicy();
  await add("s3:Get2");
  const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: "v2" }));
  expect(PolicyVersion?.Document).toMatch(/^%7B%22Version%22/);
  expect(decodeURIComponent(PolicyVersion?.Document ?? "")).toBe(allowing("s3:Get2"));
});

test("a sixth version is refused, and a deleted one's number does not come back", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html
  const { iam, add } = await withPolicy();
  for (const action of ["s3:Get2", "s3:Get3", "s3:Get4", "s3:Get5"]) await add(action);
  await expect(add("s3:Get6")).rejects.toMatchObject({
    name: "LimitExceededException",
    message:
      "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.",
  });
  await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: "v5" }));
  expect((await add("s3:Get6")).PolicyVersion?.VersionId).toBe("v6");
});

test("the version in force can be changed, but not deleted", async () => {
  const { iam, add } = await withPolicy();
  await add("s3:Get2", true);
  await expect(iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: "v2" }))).rejects.toMatchObject({
    name: "DeleteConflictException",
    message: "Cannot delete the default version of a policy.",
  });
  await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: "v1" }));
  await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: "v2" }));
  expect((await iam.send(new GetPolicyCommand({ PolicyArn }))).Policy?.DefaultVersionId).toBe("v1");
});

test("there is no version that was never made", async () => {
  const { iam } = await withPolicy();
  await expect(iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: "v9" }))).rejects.toMatchObject({
    name: "NoSuchEntityException",
    message: `Policy ${PolicyArn} version v9 does not exist or is not attachable.`,
  });
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/iam/test_iam_policies.snapshot.json (nor of a policy that is not there)
  const none = PolicyArn.replace("reads", "none");
  for (const Command of [GetPolicyVersionCommand, SetDefaultPolicyVersionCommand]) {
    await expect(iam.send(new Command({ PolicyArn: none, VersionId: "v1" }))).rejects.toMatchObject({
      name: "NoSuchEntityException",
      message: `Policy ${none} version v1 does not exist or is not attachable.`,
    });
  }
});

test("versions come in pages", async () => {
  const { iam, add } = await withPolicy();
  await add("s3:Get2");
  const first = await iam.send(new ListPolicyVersionsCommand({ PolicyArn, MaxItems: 1 }));
  expect(first).toMatchObject({ IsTruncated: true, Versions: [{ VersionId: "v2" }] });
  const rest = await iam.send(new ListPolicyVersionsCommand({ PolicyArn, MaxItems: 1, Marker: first.Marker }));
  expect(rest).toMatchObject({ IsTruncated: false, Versions: [{ VersionId: "v1" }] });
});
