/** What each operation on users, groups and credentials asks of IAM before it does anything. */
import * as sdk from "@aws-sdk/client-iam";
import { IAMClient } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { testCloud } from "../../../test/test-cloud.ts";
import type { IamAction } from "./kit.ts";

const UserName = "ann";
const GroupName = "ops";
const PolicyName = "p";
const PolicyArn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const SerialNumber = "arn:aws:iam::000000000000:mfa/phone";
const codes = { AuthenticationCode1: "000000", AuthenticationCode2: "111111" };
const AccessKeyId = "AKIAAAAAAAAAAAAAAAAA";
const SSHPublicKeyId = "APKAAAAAAAAAAAAAAAAA";
const CertificateId = "A".repeat(32);
const ServiceSpecificCredentialId = "ACCAAAAAAAAAAAAAAAAA";
const Status = "Inactive";
const Tags = [{ Key: "k", Value: "v" }];
const TagKeys = ["k"];

/** A user, `eve`, without any right, beside `ann` of `/dev/` and the group `ops` of `/team/`. */
async function withEve() {
  const cloud = await testCloud();
  const root = cloud.client(IAMClient);
  await root.send(new sdk.CreateUserCommand({ UserName: "eve", Path: "/guests/" }));
  await root.send(new sdk.CreateUserCommand({ UserName, Path: "/dev/", Tags: [{ Key: "team", Value: "red" }] }));
  await root.send(new sdk.CreateGroupCommand({ GroupName, Path: "/team/" }));
  const { AccessKey } = await root.send(new sdk.CreateAccessKeyCommand({ UserName: "eve" }));
  const allow = (Action: string, Condition: object) =>
    root.send(
      new sdk.PutUserPolicyCommand({
        UserName: "eve",
        PolicyName,
        PolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action, Resource: "*", Condition }],
        }),
      }),
    );
  return { cloud, root, eve: cloud.client(IAMClient, AccessKey), allow };
}

type Ask = (iam: IAMClient) => Promise<unknown>;

const ANN = "user/dev/ann";
const EVE = "user/guests/eve";
const OPS = "group/team/ops";

/** The resource that is asked for, after the account; `*` where there is none. */
const QUESTIONS: Partial<Record<IamAction, readonly [resource: string, ask: Ask]>> = {
  AddUserToGroup: [OPS, (iam) => iam.send(new sdk.AddUserToGroupCommand({ GroupName, UserName }))],
  AttachGroupPolicy: [OPS, (iam) => iam.send(new sdk.AttachGroupPolicyCommand({ GroupName, PolicyArn }))],
  AttachUserPolicy: [ANN, (iam) => iam.send(new sdk.AttachUserPolicyCommand({ UserName, PolicyArn }))],
  ChangePassword: [EVE, (iam) => iam.send(new sdk.ChangePasswordCommand({ OldPassword: "a", NewPassword: "b" }))],
  CreateAccessKey: [ANN, (iam) => iam.send(new sdk.CreateAccessKeyCommand({ UserName }))],
  CreateAccountAlias: ["*", (iam) => iam.send(new sdk.CreateAccountAliasCommand({ AccountAlias: "acme" }))],
  CreateGroup: ["group/new", (iam) => iam.send(new sdk.CreateGroupCommand({ GroupName: "new" }))],
  CreateLoginProfile: [ANN, (iam) => iam.send(new sdk.CreateLoginProfileCommand({ UserName, Password: "p" }))],
  CreateServiceSpecificCredential: [
    ANN,
    (iam) => iam.send(new sdk.CreateServiceSpecificCredentialCommand({ UserName, ServiceName: "s" })),
  ],
  CreateUser: ["user/new/ann", (iam) => iam.send(new sdk.CreateUserCommand({ UserName, Path: "/new/" }))],
  CreateVirtualMFADevice: [
    "mfa/p/phone",
    (iam) => iam.send(new sdk.CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: "phone", Path: "/p/" })),
  ],
  DeactivateMFADevice: [ANN, (iam) => iam.send(new sdk.DeactivateMFADeviceCommand({ UserName, SerialNumber }))],
  DeleteAccessKey: [EVE, (iam) => iam.send(new sdk.DeleteAccessKeyCommand({ AccessKeyId }))],
  DeleteAccountAlias: ["*", (iam) => iam.send(new sdk.DeleteAccountAliasCommand({ AccountAlias: "acme" }))],
  DeleteAccountPasswordPolicy: ["*", (iam) => iam.send(new sdk.DeleteAccountPasswordPolicyCommand({}))],
  DeleteGroup: [OPS, (iam) => iam.send(new sdk.DeleteGroupCommand({ GroupName }))],
  DeleteGroupPolicy: [OPS, (iam) => iam.send(new sdk.DeleteGroupPolicyCommand({ GroupName, PolicyName }))],
  DeleteLoginProfile: [ANN, (iam) => iam.send(new sdk.DeleteLoginProfileCommand({ UserName }))],
  DeleteSSHPublicKey: [ANN, (iam) => iam.send(new sdk.DeleteSSHPublicKeyCommand({ UserName, SSHPublicKeyId }))],
  DeleteServiceSpecificCredential: [
    ANN,
    (iam) => iam.send(new sdk.DeleteServiceSpecificCredentialCommand({ UserName, ServiceSpecificCredentialId })),
  ],
  DeleteSigningCertificate: [
    ANN,
    (iam) => iam.send(new sdk.DeleteSigningCertificateCommand({ UserName, CertificateId })),
  ],
  DeleteUser: [ANN, (iam) => iam.send(new sdk.DeleteUserCommand({ UserName: "ANN" }))],
  DeleteUserPermissionsBoundary: [ANN, (iam) => iam.send(new sdk.DeleteUserPermissionsBoundaryCommand({ UserName }))],
  DeleteUserPolicy: [ANN, (iam) => iam.send(new sdk.DeleteUserPolicyCommand({ UserName, PolicyName }))],
  DeleteVirtualMFADevice: ["mfa/phone", (iam) => iam.send(new sdk.DeleteVirtualMFADeviceCommand({ SerialNumber }))],
  DetachGroupPolicy: [OPS, (iam) => iam.send(new sdk.DetachGroupPolicyCommand({ GroupName, PolicyArn }))],
  DetachUserPolicy: [ANN, (iam) => iam.send(new sdk.DetachUserPolicyCommand({ UserName, PolicyArn }))],
  DisableOrganizationsRootCredentialsManagement: [
    "*",
    (iam) => iam.send(new sdk.DisableOrganizationsRootCredentialsManagementCommand({})),
  ],
  DisableOrganizationsRootSessions: ["*", (iam) => iam.send(new sdk.DisableOrganizationsRootSessionsCommand({}))],
  DisableOutboundWebIdentityFederation: [
    "*",
    (iam) => iam.send(new sdk.DisableOutboundWebIdentityFederationCommand({})),
  ],
  EnableMFADevice: [ANN, (iam) => iam.send(new sdk.EnableMFADeviceCommand({ UserName, SerialNumber, ...codes }))],
  EnableOrganizationsRootCredentialsManagement: [
    "*",
    (iam) => iam.send(new sdk.EnableOrganizationsRootCredentialsManagementCommand({})),
  ],
  EnableOrganizationsRootSessions: ["*", (iam) => iam.send(new sdk.EnableOrganizationsRootSessionsCommand({}))],
  EnableOutboundWebIdentityFederation: ["*", (iam) => iam.send(new sdk.EnableOutboundWebIdentityFederationCommand({}))],
  GenerateCredentialReport: ["*", (iam) => iam.send(new sdk.GenerateCredentialReportCommand({}))],
  GetAccessKeyLastUsed: ["*", (iam) => iam.send(new sdk.GetAccessKeyLastUsedCommand({ AccessKeyId }))],
  GetAccountPasswordPolicy: ["*", (iam) => iam.send(new sdk.GetAccountPasswordPolicyCommand({}))],
  GetAccountSummary: ["*", (iam) => iam.send(new sdk.GetAccountSummaryCommand({}))],
  GetCredentialReport: ["*", (iam) => iam.send(new sdk.GetCredentialReportCommand({}))],
  GetGroup: [OPS, (iam) => iam.send(new sdk.GetGroupCommand({ GroupName }))],
  GetGroupPolicy: [OPS, (iam) => iam.send(new sdk.GetGroupPolicyCommand({ GroupName, PolicyName }))],
  GetLoginProfile: [ANN, (iam) => iam.send(new sdk.GetLoginProfileCommand({ UserName }))],
  GetMFADevice: [EVE, (iam) => iam.send(new sdk.GetMFADeviceCommand({ SerialNumber }))],
  GetOutboundWebIdentityFederationInfo: [
    "*",
    (iam) => iam.send(new sdk.GetOutboundWebIdentityFederationInfoCommand({})),
  ],
  GetSSHPublicKey: [
    ANN,
    (iam) => iam.send(new sdk.GetSSHPublicKeyCommand({ UserName, SSHPublicKeyId, Encoding: "SSH" })),
  ],
  GetUser: [EVE, (iam) => iam.send(new sdk.GetUserCommand({}))],
  GetUserPolicy: ["user/nobody", (iam) => iam.send(new sdk.GetUserPolicyCommand({ UserName: "nobody", PolicyName }))],
  ListAccessKeys: [ANN, (iam) => iam.send(new sdk.ListAccessKeysCommand({ UserName }))],
  ListAccountAliases: ["*", (iam) => iam.send(new sdk.ListAccountAliasesCommand({}))],
  ListAttachedGroupPolicies: [OPS, (iam) => iam.send(new sdk.ListAttachedGroupPoliciesCommand({ GroupName }))],
  ListAttachedUserPolicies: [ANN, (iam) => iam.send(new sdk.ListAttachedUserPoliciesCommand({ UserName }))],
  ListGroupPolicies: [OPS, (iam) => iam.send(new sdk.ListGroupPoliciesCommand({ GroupName }))],
  ListGroups: ["group/", (iam) => iam.send(new sdk.ListGroupsCommand({}))],
  ListGroupsForUser: [ANN, (iam) => iam.send(new sdk.ListGroupsForUserCommand({ UserName }))],
  ListMFADeviceTags: ["mfa/phone", (iam) => iam.send(new sdk.ListMFADeviceTagsCommand({ SerialNumber }))],
  ListMFADevices: [ANN, (iam) => iam.send(new sdk.ListMFADevicesCommand({ UserName }))],
  ListOrganizationsFeatures: ["*", (iam) => iam.send(new sdk.ListOrganizationsFeaturesCommand({}))],
  ListSSHPublicKeys: [ANN, (iam) => iam.send(new sdk.ListSSHPublicKeysCommand({ UserName }))],
  ListServiceSpecificCredentials: [ANN, (iam) => iam.send(new sdk.ListServiceSpecificCredentialsCommand({ UserName }))],
  ListSigningCertificates: [ANN, (iam) => iam.send(new sdk.ListSigningCertificatesCommand({ UserName }))],
  ListUserPolicies: [ANN, (iam) => iam.send(new sdk.ListUserPoliciesCommand({ UserName }))],
  ListUserTags: [ANN, (iam) => iam.send(new sdk.ListUserTagsCommand({ UserName }))],
  // Recorded: AWS's denials of ListUsers name the path that is listed.
  ListUsers: ["user/dev/", (iam) => iam.send(new sdk.ListUsersCommand({ PathPrefix: "/dev/" }))],
  ListVirtualMFADevices: ["mfa/", (iam) => iam.send(new sdk.ListVirtualMFADevicesCommand({}))],
  PutGroupPolicy: [
    OPS,
    (iam) => iam.send(new sdk.PutGroupPolicyCommand({ GroupName, PolicyName, PolicyDocument: "{}" })),
  ],
  PutUserPermissionsBoundary: [
    ANN,
    (iam) => iam.send(new sdk.PutUserPermissionsBoundaryCommand({ UserName, PermissionsBoundary: PolicyArn })),
  ],
  PutUserPolicy: [ANN, (iam) => iam.send(new sdk.PutUserPolicyCommand({ UserName, PolicyName, PolicyDocument: "{}" }))],
  RemoveUserFromGroup: [OPS, (iam) => iam.send(new sdk.RemoveUserFromGroupCommand({ GroupName, UserName }))],
  ResetServiceSpecificCredential: [
    EVE,
    (iam) => iam.send(new sdk.ResetServiceSpecificCredentialCommand({ ServiceSpecificCredentialId })),
  ],
  ResyncMFADevice: [ANN, (iam) => iam.send(new sdk.ResyncMFADeviceCommand({ UserName, SerialNumber, ...codes }))],
  SetSecurityTokenServicePreferences: [
    "*",
    (iam) => iam.send(new sdk.SetSecurityTokenServicePreferencesCommand({ GlobalEndpointTokenVersion: "v1Token" })),
  ],
  TagMFADevice: ["mfa/phone", (iam) => iam.send(new sdk.TagMFADeviceCommand({ SerialNumber, Tags }))],
  TagUser: [ANN, (iam) => iam.send(new sdk.TagUserCommand({ UserName, Tags }))],
  UntagMFADevice: ["mfa/phone", (iam) => iam.send(new sdk.UntagMFADeviceCommand({ SerialNumber, TagKeys }))],
  UntagUser: [ANN, (iam) => iam.send(new sdk.UntagUserCommand({ UserName, TagKeys }))],
  UpdateAccessKey: [ANN, (iam) => iam.send(new sdk.UpdateAccessKeyCommand({ UserName, AccessKeyId, Status }))],
  UpdateAccountPasswordPolicy: ["*", (iam) => iam.send(new sdk.UpdateAccountPasswordPolicyCommand({}))],
  UpdateGroup: [OPS, (iam) => iam.send(new sdk.UpdateGroupCommand({ GroupName, NewPath: "/" }))],
  UpdateLoginProfile: [ANN, (iam) => iam.send(new sdk.UpdateLoginProfileCommand({ UserName }))],
  UpdateSSHPublicKey: [ANN, (iam) => iam.send(new sdk.UpdateSSHPublicKeyCommand({ UserName, SSHPublicKeyId, Status }))],
  UpdateServiceSpecificCredential: [
    ANN,
    (iam) =>
      iam.send(new sdk.UpdateServiceSpecificCredentialCommand({ UserName, ServiceSpecificCredentialId, Status })),
  ],
  UpdateSigningCertificate: [
    ANN,
    (iam) => iam.send(new sdk.UpdateSigningCertificateCommand({ UserName, CertificateId, Status })),
  ],
  UpdateUser: [ANN, (iam) => iam.send(new sdk.UpdateUserCommand({ UserName, NewPath: "/" }))],
  UploadSSHPublicKey: [ANN, (iam) => iam.send(new sdk.UploadSSHPublicKeyCommand({ UserName, SSHPublicKeyBody: "k" }))],
  UploadSigningCertificate: [
    ANN,
    (iam) => iam.send(new sdk.UploadSigningCertificateCommand({ UserName, CertificateBody: "c" })),
  ],
};

test("each operation asks for its action on the real resource", async () => {
  const { eve } = await withEve();
  for (const [action, [resource, ask]] of Object.entries(QUESTIONS)) {
    const asked = resource === "*" ? resource : `arn:aws:iam::000000000000:${resource}`;
    await expect(ask(eve), action).rejects.toMatchObject({
      name: "AccessDenied",
      message: `User: arn:aws:iam::000000000000:user/guests/eve is not authorized to perform: iam:${action} on resource: ${asked} because no identity-based policy allows the iam:${action} action`,
    });
  }
});

const denied = { name: "AccessDenied" };

test("a new name needs the right to both names", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateUser.html
  const { root, eve } = await withEve();
  const allow = (names: readonly string[]) =>
    root.send(
      new sdk.PutUserPolicyCommand({
        UserName: "eve",
        PolicyName,
        PolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: "iam:UpdateUser",
              Resource: names.map((name) => `arn:aws:iam::000000000000:user/dev/${name}`),
            },
          ],
        }),
      }),
    );
  const rename = () => eve.send(new sdk.UpdateUserCommand({ UserName, NewUserName: "eva" }));
  await allow(["ann"]);
  await expect(rename()).rejects.toMatchObject({ ...denied, message: expect.stringContaining("user/dev/eva") });
  await allow(["ann", "eva"]);
  await rename();
});

test("conditions see the tags of the user and those of the request", async () => {
  const { eve, allow } = await withEve();
  const tag = (Value: string) => eve.send(new sdk.TagUserCommand({ UserName, Tags: [{ Key: "cost", Value }] }));
  await allow("iam:TagUser", {
    StringEquals: { "aws:ResourceTag/team": "red", "aws:RequestTag/cost": "1", "aws:TagKeys": "cost" },
  });
  await tag("1");
  await expect(tag("2")).rejects.toMatchObject(denied);
  await allow("iam:TagUser", { StringEquals: { "aws:ResourceTag/team": "blue" } });
  await expect(tag("1")).rejects.toMatchObject(denied);
});

test("conditions see the boundary and the policy that are asked for", async () => {
  // Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
  const { root, eve, allow } = await withEve();
  const boundary = { StringEquals: { "iam:PermissionsBoundary": PolicyArn } };
  const create = (name: string, PermissionsBoundary?: string) =>
    eve.send(new sdk.CreateUserCommand({ UserName: name, PermissionsBoundary }));
  await allow("iam:CreateUser", boundary);
  await expect(create("bob")).rejects.toMatchObject(denied);
  await create("bob", PolicyArn);
  await allow("iam:Attach*", { ...boundary, ArnEquals: { "iam:PolicyARN": PolicyArn } });
  const attach = (name: string, arn: string) =>
    eve.send(new sdk.AttachUserPolicyCommand({ UserName: name, PolicyArn: arn }));
  await attach("bob", PolicyArn);
  await expect(attach("bob", "arn:aws:iam::aws:policy/AdministratorAccess")).rejects.toMatchObject(denied);
  await expect(attach(UserName, PolicyArn)).rejects.toMatchObject(denied);
  await root.send(new sdk.DeleteUserPermissionsBoundaryCommand({ UserName: "bob" }));
  await expect(attach("bob", PolicyArn)).rejects.toMatchObject(denied);
});
