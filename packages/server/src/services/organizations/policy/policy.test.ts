import {
  AttachPolicyCommand,
  CreatePolicyCommand,
  DeletePolicyCommand,
  DescribePolicyCommand,
  DetachPolicyCommand,
  DisablePolicyTypeCommand,
  EnablePolicyTypeCommand,
  ListPoliciesCommand,
  ListPoliciesForTargetCommand,
  ListTargetsForPolicyCommand,
  UpdatePolicyCommand,
  type PolicyType,
} from "@aws-sdk/client-organizations";
import { expect, test } from "vitest";
import { policyText } from "../../../../test/identities.ts";
import { makeOrganization, MANAGEMENT } from "../../../../test/organizations.ts";

const SCP = "SERVICE_CONTROL_POLICY";
const RCP = "RESOURCE_CONTROL_POLICY";
const DENY = policyText({ Statement: [{ Effect: "Deny", Action: "s3:*", Resource: "*" }] });
const DENY_ALL = policyText({ Statement: [{ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*" }] });

/** The same policy, with white space up to a length. */
const filled = (text: string, length: number) => text.replace("{", `{${" ".repeat(length - text.length)}`);

test("a policy is made, shown, changed and deleted", async () => {
  const { client, organizationId, makePolicy } = await makeOrganization();
  const PolicyId = await makePolicy("guard", DENY);
  const { Policy } = await client.send(new DescribePolicyCommand({ PolicyId }));
  expect(Policy).toEqual({
    PolicySummary: {
      Id: PolicyId,
      // Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_PolicySummary.html
      Arn: `arn:aws:organizations::${MANAGEMENT}:policy/${organizationId}/service_control_policy/${PolicyId}`,
      Name: "guard",
      Description: "",
      Type: SCP,
      AwsManaged: false,
    },
    Content: DENY,
  });
  const changed = await client.send(new UpdatePolicyCommand({ PolicyId, Name: "wall", Description: "high" }));
  expect(changed.Policy?.PolicySummary).toMatchObject({ Name: "wall", Description: "high" });
  await makePolicy("guard", DENY);
  await client.send(new DeletePolicyCommand({ PolicyId }));
  const gone = client.send(new DescribePolicyCommand({ PolicyId }));
  await expect(gone).rejects.toMatchObject({ name: "PolicyNotFoundException" });
});

test("AWS's own policies are there, and stay as they are", async () => {
  const { client } = await makeOrganization();
  const list = async (Filter: PolicyType) =>
    (await client.send(new ListPoliciesCommand({ Filter }))).Policies?.map(({ Arn }) => Arn);
  expect(await list(SCP)).toEqual(["arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess"]);
  expect(await list(RCP)).toEqual(["arn:aws:organizations::aws:policy/resource_control_policy/p-RCPFullAWSAccess"]);
  expect(await list("TAG_POLICY")).toEqual([]);
  const change = client.send(new UpdatePolicyCommand({ PolicyId: "p-FullAWSAccess", Content: DENY }));
  await expect(change).rejects.toMatchObject({ name: "InvalidInputException", Reason: "IMMUTABLE_POLICY" });
});

test("what is no policy of its type is refused", async () => {
  const { makePolicy } = await makeOrganization();
  const malformed = { name: "MalformedPolicyDocumentException" };
  await expect(makePolicy("no-json", "{")).rejects.toMatchObject(malformed);
  await expect(makePolicy("principal", DENY_ALL)).rejects.toMatchObject(malformed);
  const allow = policyText({ Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:*", Resource: "*" }] });
  // Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
  await expect(makePolicy("allows", allow, RCP)).rejects.toMatchObject(malformed);
  await expect(makePolicy("no-object", "[]", "TAG_POLICY")).rejects.toMatchObject(malformed);
});

test("a tag policy says what a tag's key and values are, and where they are enforced", async () => {
  const { makePolicy } = await makeOrganization();
  const make = (name: string, tags: object) => makePolicy(name, JSON.stringify({ tags }), "TAG_POLICY");
  const none = { "@@operators_allowed_for_child_policies": ["@@none"] };
  const CostCenter = { tag_key: { "@@assign": "COSTCENTER", ...none }, tag_value: { "@@assign": ["100", "2*"] } };
  const enforced = { enforced_for: { "@@append": ["secretsmanager:*", "ec2:instance"] }, ...none };
  await make("good", { CostCenter, Project: enforced, ...none });
  // Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_example-tag-policies.html, and policy-operators.html beside it
  const bad = {
    operator: { tag_key: { "@@set": "a" } },
    "another key": { tag_key: { "@@assign": "b" } },
    "key that is a list": { tag_key: { "@@append": ["a"] } },
    "value that is none": { tag_value: { "@@assign": "one" } },
    "two wildcards": { tag_value: { "@@assign": ["*a*"] } },
    "unknown setting": { tag_colour: { "@@assign": ["red"] } },
    "no type": { enforced_for: { "@@assign": ["everything"] } },
    "unknown operator of children": { tag_value: { "@@operators_allowed_for_child_policies": ["@@some"] } },
  };
  for (const [name, statement] of Object.entries(bad)) {
    await expect(make(name, { a: statement }), name).rejects.toMatchObject({
      name: "MalformedPolicyDocumentException",
    });
  }
  await expect(makePolicy("nothing", "{}", "TAG_POLICY")).rejects.toMatchObject({
    name: "MalformedPolicyDocumentException",
  });
});

test("a service control policy has 10,240 characters at the most, a resource control policy 5,120", async () => {
  const { makePolicy } = await makeOrganization();
  // Source: https://aws.amazon.com/about-aws/whats-new/2026/05/aws-organizations-increased-scp-quotas/
  await makePolicy("fits", filled(DENY, 10_240));
  const tooLarge = { name: "ConstraintViolationException", Reason: "POLICY_CONTENT_LIMIT_EXCEEDED" };
  await expect(makePolicy("too-large", filled(DENY, 10_241))).rejects.toMatchObject(tooLarge);
  await makePolicy("fits", filled(DENY_ALL, 5120), RCP);
  await expect(makePolicy("too-large", filled(DENY_ALL, 5121), RCP)).rejects.toMatchObject(tooLarge);
});

test("names differ among the policies of one type", async () => {
  const { makePolicy } = await makeOrganization();
  await makePolicy("guard", DENY);
  await makePolicy("guard", DENY_ALL, RCP);
  await expect(makePolicy("guard", DENY)).rejects.toMatchObject({ name: "DuplicatePolicyException" });
  await expect(makePolicy("FullAWSAccess", DENY)).rejects.toMatchObject({ name: "DuplicatePolicyException" });
});

test("a policy is attached once, and not deleted while it is", async () => {
  const { client, makePolicy, makeUnit, attach } = await makeOrganization();
  const TargetId = await makeUnit("test");
  const PolicyId = await makePolicy("guard", DENY);
  await attach(PolicyId, TargetId);
  await expect(attach(PolicyId, TargetId)).rejects.toMatchObject({ name: "DuplicatePolicyAttachmentException" });
  const remove = new DeletePolicyCommand({ PolicyId });
  await expect(client.send(remove)).rejects.toMatchObject({ name: "PolicyInUseException" });
  const { Targets } = await client.send(new ListTargetsForPolicyCommand({ PolicyId }));
  expect(Targets).toMatchObject([{ TargetId, Name: "test", Type: "ORGANIZATIONAL_UNIT" }]);
  const detach = new DetachPolicyCommand({ PolicyId, TargetId });
  await client.send(detach);
  await expect(client.send(detach)).rejects.toMatchObject({ name: "PolicyNotAttachedException" });
  await client.send(remove);
});

test("every target keeps one service control policy", async () => {
  const { client, rootId, makePolicy, attach } = await makeOrganization();
  const detach = new DetachPolicyCommand({ PolicyId: "p-FullAWSAccess", TargetId: rootId });
  await expect(client.send(detach)).rejects.toMatchObject({
    name: "ConstraintViolationException",
    Reason: "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
    // Source: https://github.com/hashicorp/terraform-provider-aws/issues/26797
    message: expect.stringContaining("You cannot remove the last policy attached to the specified target."),
  });
  await attach(await makePolicy("guard", DENY), rootId);
  await client.send(detach);
});

test("ten service control policies hang on a target at the most", async () => {
  const { rootId, makePolicy, attach } = await makeOrganization();
  for (let index = 1; index < 10; index++) await attach(await makePolicy(`guard-${index}`, DENY), rootId);
  // Source: https://aws.amazon.com/about-aws/whats-new/2026/05/aws-organizations-increased-scp-quotas/
  await expect(attach(await makePolicy("one-more", DENY), rootId)).rejects.toMatchObject({
    name: "ConstraintViolationException",
    Reason: "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
  });
});

test("a type that is enabled puts AWS's policy on everything; RCPFullAWSAccess stays there", async () => {
  const { client, rootId, makeAccount, makeUnit, makePolicy, attach, enable } = await makeOrganization();
  const targets = [rootId, await makeUnit("test"), await makeAccount("dev")];
  const policy = await makePolicy("perimeter", DENY_ALL, RCP);
  await expect(attach(policy, rootId)).rejects.toMatchObject({ name: "PolicyTypeNotEnabledException" });
  await enable(RCP);
  const later = await makeUnit("later");
  for (const TargetId of [...targets, later]) {
    const { Policies } = await client.send(new ListPoliciesForTargetCommand({ TargetId, Filter: RCP }));
    expect(Policies?.map(({ Id }) => Id)).toEqual(["p-RCPFullAWSAccess"]);
  }
  await attach(policy, rootId);
  const detach = client.send(new DetachPolicyCommand({ PolicyId: "p-RCPFullAWSAccess", TargetId: rootId }));
  await expect(detach).rejects.toMatchObject({ name: "InvalidInputException" });
});

test("disabling a type takes its policies off, and they do not come back", async () => {
  const { client, rootId, makePolicy, attach } = await makeOrganization();
  await attach(await makePolicy("guard", DENY), rootId);
  const type = { RootId: rootId, PolicyType: SCP } as const;
  expect((await client.send(new DisablePolicyTypeCommand(type))).Root?.PolicyTypes).toEqual([]);
  const twice = client.send(new DisablePolicyTypeCommand(type));
  await expect(twice).rejects.toMatchObject({ name: "PolicyTypeNotEnabledException" });
  await client.send(new EnablePolicyTypeCommand(type));
  const again = client.send(new EnablePolicyTypeCommand(type));
  await expect(again).rejects.toMatchObject({ name: "PolicyTypeAlreadyEnabledException" });
  const { Policies } = await client.send(new ListPoliciesForTargetCommand({ TargetId: rootId, Filter: SCP }));
  expect(Policies?.map(({ Id }) => Id)).toEqual(["p-FullAWSAccess"]);
});

test("an organization that shares its bills only has no policies", async () => {
  const { client, rootId } = await makeOrganization("CONSOLIDATED_BILLING");
  const notAvailable = { name: "PolicyTypeNotAvailableForOrganizationException" };
  const enable = client.send(new EnablePolicyTypeCommand({ RootId: rootId, PolicyType: SCP }));
  await expect(enable).rejects.toMatchObject(notAvailable);
  const create = client.send(new CreatePolicyCommand({ Name: "x", Description: "", Content: DENY, Type: SCP }));
  await expect(create).rejects.toMatchObject(notAvailable);
});

test("a target that there is not takes no policy", async () => {
  const { client } = await makeOrganization();
  for (const TargetId of ["r-none", "ou-none-12345678", "123412341234"]) {
    const attach = client.send(new AttachPolicyCommand({ PolicyId: "p-FullAWSAccess", TargetId }));
    await expect(attach).rejects.toMatchObject({ name: "TargetNotFoundException" });
  }
});
