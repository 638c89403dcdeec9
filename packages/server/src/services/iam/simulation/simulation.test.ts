import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateGroupCommand,
  CreateUserCommand,
  IAMClient,
  PutGroupPolicyCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
  SimulateCustomPolicyCommand,
  SimulatePrincipalPolicyCommand,
  type SimulateCustomPolicyCommandInput,
  type SimulatePrincipalPolicyCommandInput,
} from "@aws-sdk/client-iam";
import { DescribePolicyCommand } from "@aws-sdk/client-organizations";
import { expect, test } from "vitest";
import { makeUser } from "../../../../test/identities.ts";
import { makeOrganization } from "../../../../test/organizations.ts";
import { testCloud } from "../../../../test/test-cloud.ts";

const OBJECT = "arn:aws:s3:::b/k";
const ANN = "arn:aws:iam::000000000000:user/ann";
const policy = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: statement });
const allowing = (Action: string, more: object = {}) => policy({ Effect: "Allow", Action, Resource: "*", ...more });
const denying = (Action: string, more: object = {}) => policy({ Effect: "Deny", Action, Resource: "*", ...more });

async function custom(input: Partial<SimulateCustomPolicyCommandInput>) {
  const iam = (await testCloud()).client(IAMClient);
  const { EvaluationResults } = await iam.send(
    new SimulateCustomPolicyCommand({
      PolicyInputList: [allowing("s3:Get*")],
      ActionNames: ["s3:GetObject"],
      ...input,
    }),
  );
  return EvaluationResults ?? [];
}

test("each action is tried on each resource, in order", async () => {
  const found = await custom({
    ActionNames: ["s3:GetObject", "s3:PutObject"],
    ResourceArns: [OBJECT, "arn:aws:s3:::c/k"],
  });
  expect(found.map((one) => [one.EvalActionName, one.EvalResourceName, one.EvalDecision])).toEqual([
    ["s3:GetObject", OBJECT, "allowed"],
    ["s3:GetObject", "arn:aws:s3:::c/k", "allowed"],
    ["s3:PutObject", OBJECT, "implicitDeny"],
    ["s3:PutObject", "arn:aws:s3:::c/k", "implicitDeny"],
  ]);
  expect(found[0]?.ResourceSpecificResults).toMatchObject([
    { EvalResourceName: OBJECT, EvalResourceDecision: "allowed" },
  ]);
});

test("without a resource any resource is meant", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html
  const [found] = await custom({});
  expect(found).toMatchObject({ EvalResourceName: "*", EvalDecision: "allowed" });
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/iam/test_iam.snapshot.json (test_simulate_principle_policy)
  expect(found?.EvalDecisionDetails).toEqual({});
  expect(found?.ResourceSpecificResults).toBeUndefined();
});

test("the statements that decided are pointed at, in the policy that has them", async () => {
  const [found] = await custom({ PolicyInputList: [allowing("s3:*"), denying("s3:GetObject")] });
  expect(found).toMatchObject({
    EvalDecision: "explicitDeny",
    MatchedStatements: [{ SourcePolicyId: "PolicyInputList.2", StartPosition: { Line: 1 }, EndPosition: { Line: 1 } }],
  });
});

test("a key that a condition asks for is missed until it is given", async () => {
  const PolicyInputList = [allowing("s3:*", { Condition: { StringEquals: { "aws:PrincipalTag/team": "red" } } })];
  expect(await custom({ PolicyInputList })).toMatchObject([
    { EvalDecision: "implicitDeny", MissingContextValues: ["aws:PrincipalTag/team"] },
  ]);
  const entry = { ContextKeyName: "aws:PrincipalTag/team", ContextKeyType: "string" } as const;
  const given = (value: string) =>
    custom({ PolicyInputList, ContextEntries: [{ ...entry, ContextKeyValues: [value] }] });
  expect(await given("red")).toMatchObject([{ EvalDecision: "allowed", MissingContextValues: [] }]);
  expect(await given("blue")).toMatchObject([{ EvalDecision: "implicitDeny", MissingContextValues: [] }]);
});

const levels = (...documents: string[]) => documents.map((document) => ({ ServiceControlPolicyInputList: [document] }));

test("a boundary and an organization's policies limit, and say so", async () => {
  const allowed = [allowing("s3:*")];
  expect(await custom({ PermissionsBoundaryPolicyInputList: [allowing("ec2:*")] })).toMatchObject([
    { EvalDecision: "implicitDeny", PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false } },
  ]);
  expect(await custom({ PermissionsBoundaryPolicyInputList: allowed })).toMatchObject([
    { EvalDecision: "allowed", PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: true } },
  ]);
  const organization = (...documents: string[]) => custom({ OrderedOrganizationPolicyInputList: levels(...documents) });
  expect(await organization(allowing("*"), allowing("ec2:*"))).toMatchObject([
    { EvalDecision: "implicitDeny", OrganizationsDecisionDetail: { AllowedByOrganizations: false } },
  ]);
  expect(await organization(allowing("*"), allowing("s3:*"))).toMatchObject([
    { EvalDecision: "allowed", OrganizationsDecisionDetail: { AllowedByOrganizations: true } },
  ]);
});

const bucketPolicy = policy({ Effect: "Allow", Principal: { AWS: ANN }, Action: "s3:PutObject", Resource: "*" });

const put = (CallerArn: string, ResourceOwner?: string) =>
  custom({
    ActionNames: ["s3:PutObject"],
    ResourceArns: [OBJECT],
    ResourcePolicy: bucketPolicy,
    CallerArn,
    ResourceOwner,
  });

test("a resource's policy grants to whom it names", async () => {
  expect(await put(ANN)).toMatchObject([{ EvalDecision: "allowed" }]);
  expect(await put(ANN.replace("ann", "bob"))).toMatchObject([{ EvalDecision: "implicitDeny" }]);
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html (EvalDecisionDetails)
  expect(await put(ANN, "arn:aws:iam::111111111111:root")).toMatchObject([
    {
      EvalDecision: "implicitDeny",
      EvalDecisionDetails: { "IAM Policy": "implicitDeny", "Resource Policy": "allowed" },
    },
  ]);
});

test.each([
  ["an action without a service", { ActionNames: ["GetObject"] }],
  ["an action with a wildcard", { ActionNames: ["s3:Get*"] }],
  ["a policy that is none", { PolicyInputList: ["{"] }],
  ["a resource's policy without a caller", { ResourcePolicy: bucketPolicy }],
  ["a scenario that is none", { ResourceHandlingOption: "EC2-Classic-EBS2" }],
  [
    "a scenario that lacks a resource",
    { ResourceHandlingOption: "EC2-VPC-EBS", ResourceArns: ["arn:aws:ec2:us-east-1:000000000000:instance/*"] },
  ],
])("%s is refused", async (_, input) => {
  await expect(custom(input)).rejects.toMatchObject({ name: "InvalidInputException" });
});

test("in a scenario one call is about all its resources", async () => {
  const types = ["instance", "image", "security-group", "network-interface"];
  const ResourceArns = types.map((type) => `arn:aws:ec2:us-east-1:000000000000:${type}/*`);
  const found = await custom({
    PolicyInputList: [policy({ Effect: "Allow", Action: "ec2:*", Resource: ResourceArns.slice(1) })],
    ActionNames: ["ec2:RunInstances"],
    ResourceHandlingOption: "EC2-VPC-InstanceStore",
    ResourceArns,
  });
  expect(found).toMatchObject([{ EvalActionName: "ec2:RunInstances", EvalDecision: "implicitDeny" }]);
  const specific = found[0]?.ResourceSpecificResults?.map((one) => one.EvalResourceDecision);
  expect(specific).toEqual(["implicitDeny", "allowed", "allowed", "allowed"]);
});

/** `ann` may read by a group, and is denied `s3:GetObjectAcl` herself. */
async function withAnn() {
  const iam = (await testCloud()).client(IAMClient);
  await iam.send(new CreateUserCommand({ UserName: "ann" }));
  await iam.send(new CreateGroupCommand({ GroupName: "readers" }));
  await iam.send(new AddUserToGroupCommand({ UserName: "ann", GroupName: "readers" }));
  const PolicyName = "acl";
  await iam.send(new PutUserPolicyCommand({ UserName: "ann", PolicyName, PolicyDocument: denying("s3:GetObjectAcl") }));
  await iam.send(
    new PutGroupPolicyCommand({ GroupName: "readers", PolicyName: "reads", PolicyDocument: allowing("s3:Get*") }),
  );
  await iam.send(
    new AttachUserPolicyCommand({ UserName: "ann", PolicyArn: "arn:aws:iam::aws:policy/IAMReadOnlyAccess" }),
  );
  const decide = async (action: string, input: Partial<SimulatePrincipalPolicyCommandInput> = {}) => {
    const { EvaluationResults } = await iam.send(
      new SimulatePrincipalPolicyCommand({ PolicySourceArn: ANN, ActionNames: [action], ...input }),
    );
    return EvaluationResults?.[0];
  };
  return { iam, decide };
}

test("a user is simulated with all policies that are hers, by their names", async () => {
  const { decide } = await withAnn();
  expect(await decide("s3:GetObject")).toMatchObject({
    EvalDecision: "allowed",
    MatchedStatements: [{ SourcePolicyId: "group_readers_reads", SourcePolicyType: "IAM Policy" }],
  });
  expect(await decide("s3:GetObjectAcl")).toMatchObject({
    EvalDecision: "explicitDeny",
    MatchedStatements: [{ SourcePolicyId: "user_ann_acl" }],
  });
  expect(await decide("iam:GetUser")).toMatchObject({
    EvalDecision: "allowed",
    MatchedStatements: [{ SourcePolicyId: "IAMReadOnlyAccess" }],
  });
  expect(await decide("ec2:RunInstances", { PolicyInputList: [allowing("ec2:*")] })).toMatchObject({
    EvalDecision: "allowed",
  });
});

test("her boundary counts, unless another is handed in", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
  const { iam, decide } = await withAnn();
  const PermissionsBoundary = "arn:aws:iam::aws:policy/IAMFullAccess";
  await iam.send(new PutUserPermissionsBoundaryCommand({ UserName: "ann", PermissionsBoundary }));
  expect(await decide("s3:GetObject")).toMatchObject({
    EvalDecision: "implicitDeny",
    PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false },
  });
  const other = { PermissionsBoundaryPolicyInputList: [allowing("s3:*")] };
  expect(await decide("s3:GetObject", other)).toMatchObject({ EvalDecision: "allowed" });
  const without = { PolicyExclusionList: [{ PolicyType: "permission-boundary" as const }] };
  expect(await decide("s3:GetObject", without)).toMatchObject({ EvalDecision: "allowed" });
});

const inline = (AttachmentName: string) => ({
  PolicyExclusionList: [
    { InlinePolicyIdentifier: { PolicyName: "acl", AttachmentType: "user" as const, AttachmentName } },
  ],
});

const byArn = (PolicyArn: string) => ({ PolicyExclusionList: [{ PolicyArn }] });

test("policies can be left out by type, by ARN and by where they lie", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_PolicyIdentifier.html
  const { decide } = await withAnn();
  expect(await decide("s3:GetObjectAcl", inline("a*"))).toMatchObject({ EvalDecision: "allowed" });
  expect(await decide("s3:GetObjectAcl", inline("b*"))).toMatchObject({ EvalDecision: "explicitDeny" });
  const byType = { PolicyExclusionList: [{ PolicyType: "aws-managed" as const }] };
  expect(await decide("iam:GetUser", byType)).toMatchObject({ EvalDecision: "implicitDeny" });
  expect(await decide("iam:GetUser", byArn("arn:aws:iam::aws:policy/IAMRead*"))).toMatchObject({
    EvalDecision: "implicitDeny",
  });
  await expect(decide("iam:GetUser", byArn("arn:aws:iam::*:policy/x"))).rejects.toMatchObject({
    name: "InvalidInputException",
  });
});

test("what is no user, group or role cannot be simulated", async () => {
  const { iam } = await withAnn();
  const simulate = (PolicySourceArn: string) =>
    iam.send(new SimulatePrincipalPolicyCommand({ PolicySourceArn, ActionNames: ["s3:GetObject"] }));
  await expect(simulate("arn:aws:sts::000000000000:assumed-role/r/s1")).rejects.toMatchObject({
    name: "InvalidInputException",
    message:
      "Invalid Entity Arn: arn:aws:sts::000000000000:assumed-role/r/s1 does not clearly define entity type and name.",
  });
  await expect(simulate(`${ANN}a`)).rejects.toMatchObject({ name: "NoSuchEntityException" });
});

test("results come in pages", async () => {
  const iam = (await testCloud()).client(IAMClient);
  const input = { PolicyInputList: [allowing("s3:*")], ActionNames: ["s3:GetObject", "s3:PutObject"], MaxItems: 1 };
  const first = await iam.send(new SimulateCustomPolicyCommand(input));
  expect(first).toMatchObject({ IsTruncated: true, EvaluationResults: [{ EvalActionName: "s3:GetObject" }] });
  const rest = await iam.send(new SimulateCustomPolicyCommand({ ...input, Marker: first.Marker }));
  expect(rest).toMatchObject({ IsTruncated: false, EvaluationResults: [{ EvalActionName: "s3:PutObject" }] });
});

/** A member of an organization with a user who may do everything in S3, and how `s3:GetObject` is simulated for it. */
async function memberWithUser() {
  const organization = await makeOrganization();
  const { cloud } = organization;
  const unit = await organization.makeUnit("team");
  const account = await organization.makeAccount("blue", unit);
  const ann = await makeUser(cloud, "ann", { account, allow: ["s3:*"] });
  const iam = cloud.client(IAMClient, cloud.rootOf(account));
  const simulate = async (more: Partial<SimulatePrincipalPolicyCommandInput> = {}) => {
    const input = { PolicySourceArn: ann.arn, ActionNames: ["s3:GetObject"], ResourceArns: [OBJECT], ...more };
    return (await iam.send(new SimulatePrincipalPolicyCommand(input))).EvaluationResults?.[0];
  };
  return { ...organization, unit, account, iam, simulate };
}

const allowedBy = (AllowedByOrganizations: boolean) => ({ OrganizationsDecisionDetail: { AllowedByOrganizations } });

test("what the organization of the principal's account allows counts, and is told", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_OrganizationsDecisionDetail.html
  const { simulate, attach, makePolicy, unit } = await memberWithUser();
  expect(await simulate()).toMatchObject({ EvalDecision: "allowed", ...allowedBy(true) });
  await attach(await makePolicy("no-s3", denying("s3:*")), unit);
  expect(await simulate()).toMatchObject({ EvalDecision: "explicitDeny", ...allowedBy(false) });
});

const inRegion = (value: string) => ({
  ContextEntries: [
    { ContextKeyName: "aws:RequestedRegion", ContextKeyType: "string" as const, ContextKeyValues: [value] },
  ],
});

test("conditions of an organization's policies are evaluated with the context that is given", async () => {
  // Source: https://docs.aws.amazon.com/cli/latest/reference/iam/simulate-custom-policy.html
  const { simulate, attach, makePolicy, account } = await memberWithUser();
  const Condition = { StringEquals: { "aws:RequestedRegion": "eu-west-1" } };
  await attach(await makePolicy("regions", denying("s3:*", { Condition })), account);
  expect(await simulate(inRegion("us-east-1"))).toMatchObject({ EvalDecision: "allowed", ...allowedBy(true) });
  expect(await simulate(inRegion("eu-west-1"))).toMatchObject({ EvalDecision: "explicitDeny", ...allowedBy(false) });
});

test("an organization's policies are left out by their type, or one by its ARN", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_PolicyIdentifier.html
  const { simulate, attach, makePolicy, unit, client } = await memberWithUser();
  const PolicyId = await makePolicy("no-s3", denying("s3:*"));
  await attach(PolicyId, unit);
  const { Policy } = await client.send(new DescribePolicyCommand({ PolicyId }));
  const without = await simulate({ PolicyExclusionList: [{ PolicyArn: Policy?.PolicySummary?.Arn ?? "" }] });
  expect(without).toMatchObject({ EvalDecision: "allowed", ...allowedBy(true) });
  const byType = await simulate({ PolicyExclusionList: [{ PolicyType: "scp" }] });
  expect(byType?.EvalDecision).toBe("allowed");
  expect(byType?.OrganizationsDecisionDetail).toBeUndefined();
});

test("an organization has no say in its management account, nor where there is none", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html
  const { cloud, attach, makePolicy, rootId } = await memberWithUser();
  await attach(await makePolicy("no-s3", denying("s3:*")), rootId);
  const bob = await makeUser(cloud, "bob", { allow: ["s3:*"] });
  const input = { PolicySourceArn: bob.arn, ActionNames: ["s3:GetObject"], ResourceArns: [OBJECT] };
  const { EvaluationResults } = await cloud.client(IAMClient).send(new SimulatePrincipalPolicyCommand(input));
  expect(EvaluationResults?.[0]).toMatchObject({ EvalDecision: "allowed" });
  expect(EvaluationResults?.[0]?.OrganizationsDecisionDetail).toBeUndefined();
});

const names = (name: string) => Array.from({ length: 4000 }, (_, index) => `${name}${index}`);

test("of many actions on many resources those of the page are tried, and no others", async () => {
  const iam = (await testCloud()).client(IAMClient);
  const asked = {
    PolicyInputList: [allowing("s3:*")],
    ActionNames: names("s3:a"),
    ResourceArns: names("arn:aws:s3:::"),
  };
  const at = (index: number, Marker?: string) =>
    iam.send(new SimulateCustomPolicyCommand({ ...asked, MaxItems: index, Marker }));
  const first = await at(3);
  expect(first.EvaluationResults?.map((one) => one.EvalResourceName)).toEqual(names("arn:aws:s3:::").slice(0, 3));
  const next = await at(1, first.Marker);
  expect(next).toMatchObject({ IsTruncated: true, EvaluationResults: [{ EvalResourceName: "arn:aws:s3:::3" }] });
  await expect(at(1, "nonsense")).rejects.toMatchObject({ name: "ValidationError" });
});
