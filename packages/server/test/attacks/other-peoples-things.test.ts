/** Things of other users and other accounts, named by those who may do much, but not there. */
import {
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateOpenIDConnectProviderCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateServiceSpecificCredentialCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  DeactivateMFADeviceCommand,
  DeleteAccessKeyCommand,
  DeleteOpenIDConnectProviderCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteServiceSpecificCredentialCommand,
  DeleteVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  GenerateServiceLastAccessedDetailsCommand,
  GetAccessKeyLastUsedCommand,
  GetOpenIDConnectProviderCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetServiceLastAccessedDetailsCommand,
  IAMClient,
  ListEntitiesForPolicyCommand,
  ListMFADeviceTagsCommand,
  ListPolicyVersionsCommand,
  PutUserPermissionsBoundaryCommand,
  ResetServiceSpecificCredentialCommand,
  SetDefaultPolicyVersionCommand,
  SimulatePrincipalPolicyCommand,
  TagPolicyCommand,
  UntagPolicyCommand,
  UpdateAccessKeyCommand,
} from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { makeUser, policyText } from "../identities.ts";
import { testCloud } from "../test-cloud.ts";
import { refused } from "./refused.ts";

const OTHER = "111111111111";
const ALL = policyText(["*"]);

async function expectRefused(attempt: () => Promise<unknown>): Promise<void> {
  const { status } = await refused(attempt());
  expect([400, 403, 404], String(attempt)).toContain(status);
}

/** Two accounts, and a root user of each. */
async function accounts() {
  const cloud = await testCloud();
  return { cloud, own: cloud.client(IAMClient), other: cloud.client(IAMClient, cloud.rootOf(OTHER)) };
}

test("another account's managed policy can be neither read, changed, used nor deleted", async () => {
  const { own, other } = await accounts();
  const { Policy } = await own.send(new CreatePolicyCommand({ PolicyName: "p", PolicyDocument: policyText(["s3:*"]) }));
  const PolicyArn = Policy?.Arn ?? "";
  await own.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: ALL }));
  await other.send(new CreateUserCommand({ UserName: "eve" }));
  // of the same name, which must not be taken for it
  await other.send(new CreatePolicyCommand({ PolicyName: "p", PolicyDocument: ALL }));
  const attempts = [
    () => other.send(new GetPolicyCommand({ PolicyArn })),
    () => other.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: "v1" })),
    () => other.send(new ListPolicyVersionsCommand({ PolicyArn })),
    () => other.send(new ListEntitiesForPolicyCommand({ PolicyArn })),
    () => other.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: ALL, SetAsDefault: true })),
    () => other.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: "v2" })),
    () => other.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: "v2" })),
    () => other.send(new DeletePolicyCommand({ PolicyArn })),
    () => other.send(new TagPolicyCommand({ PolicyArn, Tags: [{ Key: "a", Value: "b" }] })),
    () => other.send(new UntagPolicyCommand({ PolicyArn, TagKeys: ["a"] })),
    () => other.send(new AttachUserPolicyCommand({ UserName: "eve", PolicyArn })),
    () => other.send(new AttachRolePolicyCommand({ RoleName: "none", PolicyArn })),
    () => other.send(new PutUserPermissionsBoundaryCommand({ UserName: "eve", PermissionsBoundary: PolicyArn })),
  ];
  for (const attempt of attempts) await expectRefused(attempt);
  const { Policy: after } = await own.send(new GetPolicyCommand({ PolicyArn }));
  expect(after).toMatchObject({ DefaultVersionId: "v1", AttachmentCount: 0, Tags: [] });
});

test("another account's keys, devices, providers, reports and principals are not there", async () => {
  const { cloud, own, other } = await accounts();
  const ann = await makeUser(cloud, "ann");
  const { VirtualMFADevice } = await own.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: "phone" }));
  const SerialNumber = VirtualMFADevice?.SerialNumber ?? "";
  const { OpenIDConnectProviderArn } = await own.send(
    new CreateOpenIDConnectProviderCommand({ Url: "https://id.example.com", ClientIDList: ["app"] }),
  );
  const { JobId } = await own.send(new GenerateServiceLastAccessedDetailsCommand({ Arn: ann.arn }));
  const attempts = [
    () => other.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: ann.accessKeyId })),
    () => other.send(new DeleteVirtualMFADeviceCommand({ SerialNumber })),
    () => other.send(new ListMFADeviceTagsCommand({ SerialNumber })),
    () => other.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn })),
    () => other.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn })),
    () => other.send(new GetServiceLastAccessedDetailsCommand({ JobId })),
    () => other.send(new GenerateServiceLastAccessedDetailsCommand({ Arn: ann.arn })),
    () => other.send(new SimulatePrincipalPolicyCommand({ PolicySourceArn: ann.arn, ActionNames: ["s3:GetObject"] })),
  ];
  for (const attempt of attempts) await expectRefused(attempt);
  expect(await own.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }))).toMatchObject({
    Url: "id.example.com",
  });
});

/** May do all to itself, and nothing to others. */
const SELF = { Statement: [{ Effect: "Allow", Action: "*", Resource: "arn:aws:iam::*:user/eve" }] };

test("a user who may do all to itself does nothing to another's credentials by their ids", async () => {
  const { cloud, own } = await accounts();
  const ann = await makeUser(cloud, "ann");
  const eve = cloud.client(IAMClient, await makeUser(cloud, "eve", { allow: SELF }));
  const { ServiceSpecificCredential: git } = await own.send(
    new CreateServiceSpecificCredentialCommand({ UserName: "ann", ServiceName: "codecommit.amazonaws.com" }),
  );
  const { VirtualMFADevice } = await own.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: "phone" }));
  const SerialNumber = VirtualMFADevice?.SerialNumber ?? "";
  const ServiceSpecificCredentialId = git?.ServiceSpecificCredentialId ?? "";
  const AccessKeyId = ann.accessKeyId;
  for (const UserName of [undefined, "eve"]) {
    const attempts = [
      () => eve.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status: "Inactive" })),
      () => eve.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId })),
      () => eve.send(new GetAccessKeyLastUsedCommand({ AccessKeyId })),
      () => eve.send(new ResetServiceSpecificCredentialCommand({ UserName, ServiceSpecificCredentialId })),
      () => eve.send(new DeleteServiceSpecificCredentialCommand({ UserName, ServiceSpecificCredentialId })),
      () => eve.send(new DeactivateMFADeviceCommand({ UserName, SerialNumber })),
      () => eve.send(new DeleteVirtualMFADeviceCommand({ SerialNumber })),
    ];
    for (const attempt of attempts) await expectRefused(attempt);
  }
  expect(await cloud.client(STSClient, ann).send(new GetCallerIdentityCommand({}))).toMatchObject({ Arn: ann.arn });
  await expect(
    own.send(new ResetServiceSpecificCredentialCommand({ UserName: "ann", ServiceSpecificCredentialId })),
  ).resolves.toBeTruthy();
});

test("a user is not got hold of by another spelling of its name or path", async () => {
  const { cloud, own } = await accounts();
  await own.send(new CreateUserCommand({ UserName: "Admin", Path: "/admins/" }));
  const rights = {
    Statement: [
      { Effect: "Allow", Action: "iam:*", Resource: "*" },
      { Effect: "Deny", Action: "*", Resource: "arn:aws:iam::000000000000:user/admins/*" },
    ],
  };
  const eve = cloud.client(IAMClient, await makeUser(cloud, "eve", { allow: rights }));
  for (const UserName of ["Admin", "admin", "ADMIN", "admins/Admin"]) {
    const { status } = await refused(eve.send(new CreateAccessKeyCommand({ UserName })));
    expect([400, 403, 404], UserName).toContain(status);
  }
});

test("a policy that is denied is not got hold of by another spelling of its ARN", async () => {
  const { cloud, own } = await accounts();
  const { Policy } = await own.send(
    new CreatePolicyCommand({ PolicyName: "Guard", Path: "/admins/", PolicyDocument: policyText(["s3:*"]) }),
  );
  const rights = {
    Statement: [
      { Effect: "Allow", Action: "iam:*", Resource: "*" },
      { Effect: "Deny", Action: "*", Resource: "arn:aws:iam::000000000000:policy/admins/*" },
    ],
  };
  const eve = cloud.client(IAMClient, await makeUser(cloud, "eve", { allow: rights }));
  const arns = ["admins/Guard", "Guard", "x/Guard", "admins/guard", "ADMINS/Guard", "/admins/Guard", "./admins/Guard"];
  for (const name of arns) {
    const PolicyArn = `arn:aws:iam::000000000000:policy/${name}`;
    const command = new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: ALL, SetAsDefault: true });
    expect([400, 403, 404], name).toContain((await refused(eve.send(command))).status);
  }
  const { Policy: after } = await own.send(new GetPolicyCommand({ PolicyArn: Policy?.Arn }));
  expect(after?.DefaultVersionId).toBe("v1");
});

test("a boundary that must be given cannot be left out, swapped or taken off", async () => {
  const { cloud, own } = await accounts();
  const { Policy } = await own.send(
    new CreatePolicyCommand({ PolicyName: "cap", PolicyDocument: policyText(["s3:*"]) }),
  );
  const cap = Policy?.Arn ?? "";
  const rights = {
    Statement: [
      {
        Effect: "Allow",
        Action: ["iam:CreateUser", "iam:PutUserPermissionsBoundary", "iam:AttachUserPolicy"],
        Resource: "*",
        Condition: { StringEquals: { "iam:PermissionsBoundary": cap } },
      },
    ],
  };
  const admin = cloud.client(IAMClient, await makeUser(cloud, "admin", { allow: rights }));
  await admin.send(new CreateUserCommand({ UserName: "kid", PermissionsBoundary: cap }));
  const everything = "arn:aws:iam::aws:policy/AdministratorAccess";
  await admin.send(new AttachUserPolicyCommand({ UserName: "kid", PolicyArn: everything }));
  await own.send(new CreateUserCommand({ UserName: "free" }));
  for (const attempt of [
    () => admin.send(new CreateUserCommand({ UserName: "second" })),
    () => admin.send(new CreateUserCommand({ UserName: "second", PermissionsBoundary: everything })),
    () => admin.send(new PutUserPermissionsBoundaryCommand({ UserName: "kid", PermissionsBoundary: everything })),
    () => admin.send(new AttachUserPolicyCommand({ UserName: "free", PolicyArn: everything })),
  ]) {
    expect(await refused(attempt()), String(attempt)).toMatchObject({ name: "AccessDenied" });
  }
  // a policy that bounds somebody is not deleted from under the bounds
  expect(await refused(own.send(new DeletePolicyCommand({ PolicyArn: cap })))).toMatchObject({
    name: "DeleteConflictException",
  });
});

test("a device of one user is not enabled for another who may only help itself", async () => {
  const { cloud } = await accounts();
  const eve = cloud.client(IAMClient, await makeUser(cloud, "eve", { allow: SELF }));
  await makeUser(cloud, "ann");
  const command = new EnableMFADeviceCommand({
    UserName: "ann",
    SerialNumber: "arn:aws:iam::000000000000:mfa/phone",
    AuthenticationCode1: "123456",
    AuthenticationCode2: "654321",
  });
  expect(await refused(eve.send(command))).toMatchObject({ name: "AccessDenied" });
});
