import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  CreateServiceLinkedRoleCommand,
  DeleteRoleCommand,
  DeleteServiceLinkedRoleCommand,
  GetRoleCommand,
  GetServiceLinkedRoleDeletionStatusCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
  UpdateRoleDescriptionCommand,
} from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { testCloud } from "../../../../test/test-cloud.ts";
import { awsPolicies } from "../policy/aws.ts";
import { LINKED_SERVICES } from "./linked-service.ts";

const RoleName = "AWSServiceRoleForECS";
const PolicyArn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Action: ["sts:AssumeRole"], Effect: "Allow", Principal: { Service: ["ecs.amazonaws.com"] } }],
});

async function withLinkedRole() {
  const iam = (await testCloud()).client(IAMClient);
  const { Role } = await iam.send(
    new CreateServiceLinkedRoleCommand({ AWSServiceName: "ecs.amazonaws.com", Description: "for ECS" }),
  );
  return { iam, role: Role };
}

test("a linked role has the service's name, path, trust and policy", async () => {
  // Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using-service-linked-roles-for-clusters.html
  const { iam, role } = await withLinkedRole();
  expect(role).toMatchObject({
    RoleName,
    Path: "/aws-service-role/ecs.amazonaws.com/",
    Arn: "arn:aws:iam::000000000000:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
  });
  const read = await iam.send(new GetRoleCommand({ RoleName }));
  expect(read.Role?.Description).toBe("for ECS");
  expect(decodeURIComponent(role?.AssumeRolePolicyDocument ?? "")).toBe(TRUST);
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/iam/test_iam.snapshot.json (test_service_role_lifecycle)
  expect(JSON.parse(decodeURIComponent(read.Role?.AssumeRolePolicyDocument ?? ""))).toMatchObject({
    Statement: [{ Action: "sts:AssumeRole", Principal: { Service: "ecs.amazonaws.com" } }],
  });
  const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  expect(AttachedPolicies).toEqual([
    {
      PolicyName: "AmazonECSServiceRolePolicy",
      PolicyArn: "arn:aws:iam::aws:policy/aws-service-role/AmazonECSServiceRolePolicy",
    },
  ]);
});

test("every known service has a policy among AWS's", async () => {
  const all = await awsPolicies({ partition: "aws" });
  const known = new Set(all.filter(({ path }) => path === "/aws-service-role/").map(({ name }) => name));
  expect(LINKED_SERVICES.filter(([, , policyName]) => !known.has(policyName))).toEqual([]);
  expect(LINKED_SERVICES.length).toBeGreaterThan(100);
});

test("a service has one linked role, or several where it takes suffixes", async () => {
  const { iam } = await withLinkedRole();
  const create = (AWSServiceName: string, CustomSuffix?: string) =>
    iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName, CustomSuffix }));
  // Recorded: https://github.com/Rayraegah/terraform-aws-hasura/issues/17
  await expect(create("ecs.amazonaws.com")).rejects.toMatchObject({
    name: "InvalidInputException",
    message: `Service role name ${RoleName} has been taken in this account, please try a different suffix.`,
  });
  // Recorded: https://github.com/terraform-community-modules/tf_aws_elasticsearch/issues/23
  await expect(create("es.amazonaws.com", "two")).rejects.toMatchObject({
    name: "InvalidInputException",
    message: "Custom suffix is not allowed for es.amazonaws.com",
  });
  await create("autoscaling.amazonaws.com");
  const { Role } = await create("autoscaling.amazonaws.com", "two");
  expect(Role?.RoleName).toBe("AWSServiceRoleForAutoScaling_two");
});

test("a service that has no such role here is refused", async () => {
  const { iam } = await withLinkedRole();
  const AWSServiceName = "nothing.amazonaws.com";
  await expect(iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName }))).rejects.toMatchObject({
    name: "InvalidInputException",
  });
});

test("only the service changes its role", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html (UnmodifiableEntity)
  const { iam } = await withLinkedRole();
  const InstanceProfileName = "web";
  await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName }));
  const changes = [
    () => iam.send(new DeleteRoleCommand({ RoleName })),
    () => iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn })),
    () => iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "p", PolicyDocument: TRUST })),
    () => iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: PolicyArn })),
    () => iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: TRUST })),
    () => iam.send(new UpdateRoleCommand({ RoleName, MaxSessionDuration: 7200 })),
    () => iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName })),
  ];
  for (const change of changes)
    await expect(change()).rejects.toMatchObject({
      name: "UnmodifiableEntityException",
      message: `Cannot perform the operation on the protected role '${RoleName}' - this role is only modifiable by AWS`,
    });
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-service-linked-role.html (its description)
  const { Role } = await iam.send(new UpdateRoleDescriptionCommand({ RoleName, Description: "ours" }));
  expect(Role?.Description).toBe("ours");
});

test("a linked role is deleted by a task that can be asked about", async () => {
  const { iam } = await withLinkedRole();
  const { DeletionTaskId } = await iam.send(new DeleteServiceLinkedRoleCommand({ RoleName }));
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteServiceLinkedRole.html (the form of the id)
  expect(DeletionTaskId).toMatch(/^task\/aws-service-role\/ecs\.amazonaws\.com\/AWSServiceRoleForECS\/[0-9a-f-]{36}$/);
  const status = new GetServiceLinkedRoleDeletionStatusCommand({ DeletionTaskId });
  expect((await iam.send(status)).Status).toBe("SUCCEEDED");
  await expect(iam.send(new GetRoleCommand({ RoleName }))).rejects.toMatchObject({ name: "NoSuchEntityException" });
  const unknown = new GetServiceLinkedRoleDeletionStatusCommand({ DeletionTaskId: `${DeletionTaskId}0` });
  await expect(iam.send(unknown)).rejects.toMatchObject({ name: "NoSuchEntityException" });
  await iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: "ecs.amazonaws.com" }));
});

test("an ordinary role is not deleted as a linked one", async () => {
  const { iam } = await withLinkedRole();
  await iam.send(new CreateRoleCommand({ RoleName: "support", AssumeRolePolicyDocument: TRUST }));
  await expect(iam.send(new DeleteServiceLinkedRoleCommand({ RoleName: "support" }))).rejects.toMatchObject({
    name: "InvalidInputException",
  });
});
