/** What each operation on roles, policies and providers asks of IAM before it does anything. */
import * as sdk from "@aws-sdk/client-iam";
import { IAMClient } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { testCloud } from "../../../test/test-cloud.ts";
import { serverCertificate } from "../../../test/certificates.ts";
import type { IamAction } from "./kit.ts";
import { roleAndPolicyOperations } from "./role-and-policy-operations.ts";

const RoleName = "support";
const PolicyName = "p";
const PolicyDocument = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }],
});
const AssumeRolePolicyDocument = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
const ARN = "arn:aws:iam::000000000000:";
const PolicyArn = `${ARN}policy/team/reads`;
const PermissionsBoundary = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const InstanceProfileName = "web";
const OpenIDConnectProviderArn = `${ARN}oidc-provider/idp.example.com`;
const SAMLProviderArn = `${ARN}saml-provider/adfs`;
const ServerCertificateName = "www";
const VersionId = "v1";
const Tags = [{ Key: "cost", Value: "1" }];
const TagKeys = ["cost"];
const JobId = "0".repeat(36);
const PolicySourceArn = `${ARN}role/ops/support`;
const ActionNames = ["s3:GetObject"];
const DeletionTaskId = "task/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS/1";
const TemplateArn = "arn:aws:iam::aws:role-template/x/y:1";

/** A user, `eve`, without any right, beside one of each thing with a path. */
async function withEve() {
  const cloud = await testCloud();
  const root = cloud.client(IAMClient);
  await root.send(new sdk.CreateUserCommand({ UserName: "eve" }));
  await root.send(
    new sdk.CreateRoleCommand({
      RoleName,
      Path: "/ops/",
      AssumeRolePolicyDocument,
      Tags: [{ Key: "team", Value: "red" }],
    }),
  );
  await root.send(new sdk.CreatePolicyCommand({ PolicyName: "reads", Path: "/team/", PolicyDocument }));
  await root.send(new sdk.CreateInstanceProfileCommand({ InstanceProfileName, Path: "/ops/" }));
  await root.send(
    new sdk.UploadServerCertificateCommand({ ServerCertificateName, Path: "/web/", ...serverCertificate }),
  );
  const { AccessKey } = await root.send(new sdk.CreateAccessKeyCommand({ UserName: "eve" }));
  const allow = (Action: string, Condition: object, Resource = "*") =>
    root.send(
      new sdk.PutUserPolicyCommand({
        UserName: "eve",
        PolicyName,
        PolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action, Resource, Condition }],
        }),
      }),
    );
  return { cloud, root, eve: cloud.client(IAMClient, AccessKey), allow };
}

type Ask = (iam: IAMClient) => Promise<unknown>;

const ROLE = "role/ops/support";
const POLICY = "policy/team/reads";
const PROFILE = "instance-profile/ops/web";
const OIDC = "oidc-provider/idp.example.com";
const SAML = "saml-provider/adfs";
const CERTIFICATE = "server-certificate/web/www";

/** The resource that is asked for, after the account; `*` where there is none. */
const QUESTIONS: Partial<Record<IamAction, readonly [resource: string, ask: Ask]>> = {
  AddClientIDToOpenIDConnectProvider: [
    OIDC,
    (iam) => iam.send(new sdk.AddClientIDToOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID: "c" })),
  ],
  AddRoleToInstanceProfile: [
    PROFILE,
    (iam) => iam.send(new sdk.AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName })),
  ],
  AttachRolePolicy: [ROLE, (iam) => iam.send(new sdk.AttachRolePolicyCommand({ RoleName, PolicyArn }))],
  CreateInstanceProfile: [
    "instance-profile/new/db",
    (iam) => iam.send(new sdk.CreateInstanceProfileCommand({ InstanceProfileName: "db", Path: "/new/" })),
  ],
  CreateOpenIDConnectProvider: [
    "oidc-provider/other.example.com/a",
    (iam) => iam.send(new sdk.CreateOpenIDConnectProviderCommand({ Url: "https://other.example.com/a" })),
  ],
  CreatePolicy: [
    "policy/new/writes",
    (iam) => iam.send(new sdk.CreatePolicyCommand({ PolicyName: "writes", Path: "/new/", PolicyDocument })),
  ],
  CreatePolicyVersion: [POLICY, (iam) => iam.send(new sdk.CreatePolicyVersionCommand({ PolicyArn, PolicyDocument }))],
  CreateRole: [
    "role/new/r",
    (iam) => iam.send(new sdk.CreateRoleCommand({ RoleName: "r", Path: "/new/", AssumeRolePolicyDocument })),
  ],
  CreateSAMLProvider: [
    SAML,
    (iam) => iam.send(new sdk.CreateSAMLProviderCommand({ Name: "adfs", SAMLMetadataDocument: "m".repeat(1000) })),
  ],
  CreateServiceLinkedRole: [
    "role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
    (iam) => iam.send(new sdk.CreateServiceLinkedRoleCommand({ AWSServiceName: "ecs.amazonaws.com" })),
  ],
  DeleteInstanceProfile: [
    PROFILE,
    (iam) => iam.send(new sdk.DeleteInstanceProfileCommand({ InstanceProfileName: "WEB" })),
  ],
  DeleteOpenIDConnectProvider: [
    OIDC,
    (iam) => iam.send(new sdk.DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn })),
  ],
  DeletePolicy: [POLICY, (iam) => iam.send(new sdk.DeletePolicyCommand({ PolicyArn }))],
  DeletePolicyVersion: [POLICY, (iam) => iam.send(new sdk.DeletePolicyVersionCommand({ PolicyArn, VersionId }))],
  DeleteRole: [ROLE, (iam) => iam.send(new sdk.DeleteRoleCommand({ RoleName: "SUPPORT" }))],
  DeleteRolePermissionsBoundary: [ROLE, (iam) => iam.send(new sdk.DeleteRolePermissionsBoundaryCommand({ RoleName }))],
  DeleteRolePolicy: [ROLE, (iam) => iam.send(new sdk.DeleteRolePolicyCommand({ RoleName, PolicyName }))],
  DeleteSAMLProvider: [SAML, (iam) => iam.send(new sdk.DeleteSAMLProviderCommand({ SAMLProviderArn }))],
  DeleteServerCertificate: [
    CERTIFICATE,
    (iam) => iam.send(new sdk.DeleteServerCertificateCommand({ ServerCertificateName })),
  ],
  DeleteServiceLinkedRole: [ROLE, (iam) => iam.send(new sdk.DeleteServiceLinkedRoleCommand({ RoleName }))],
  DetachRolePolicy: [ROLE, (iam) => iam.send(new sdk.DetachRolePolicyCommand({ RoleName, PolicyArn }))],
  GenerateOrganizationsAccessReport: [
    "access-report/o-a1b2c3d4e5/r-f6g7",
    (iam) => iam.send(new sdk.GenerateOrganizationsAccessReportCommand({ EntityPath: "o-a1b2c3d4e5/r-f6g7" })),
  ],
  GenerateServiceLastAccessedDetails: [
    ROLE,
    (iam) => iam.send(new sdk.GenerateServiceLastAccessedDetailsCommand({ Arn: PolicySourceArn })),
  ],
  GetAccountAuthorizationDetails: ["*", (iam) => iam.send(new sdk.GetAccountAuthorizationDetailsCommand({}))],
  GetContextKeysForCustomPolicy: [
    "*",
    (iam) => iam.send(new sdk.GetContextKeysForCustomPolicyCommand({ PolicyInputList: [PolicyDocument] })),
  ],
  GetContextKeysForPrincipalPolicy: [
    ROLE,
    (iam) => iam.send(new sdk.GetContextKeysForPrincipalPolicyCommand({ PolicySourceArn })),
  ],
  GetInstanceProfile: [PROFILE, (iam) => iam.send(new sdk.GetInstanceProfileCommand({ InstanceProfileName }))],
  GetOpenIDConnectProvider: [
    OIDC,
    (iam) => iam.send(new sdk.GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn })),
  ],
  GetOrganizationsAccessReport: ["*", (iam) => iam.send(new sdk.GetOrganizationsAccessReportCommand({ JobId }))],
  GetPolicy: [POLICY, (iam) => iam.send(new sdk.GetPolicyCommand({ PolicyArn }))],
  GetPolicyVersion: [POLICY, (iam) => iam.send(new sdk.GetPolicyVersionCommand({ PolicyArn, VersionId }))],
  GetRole: [ROLE, (iam) => iam.send(new sdk.GetRoleCommand({ RoleName }))],
  GetRolePolicy: [ROLE, (iam) => iam.send(new sdk.GetRolePolicyCommand({ RoleName, PolicyName }))],
  GetSAMLProvider: [SAML, (iam) => iam.send(new sdk.GetSAMLProviderCommand({ SAMLProviderArn }))],
  GetServerCertificate: [
    CERTIFICATE,
    (iam) => iam.send(new sdk.GetServerCertificateCommand({ ServerCertificateName })),
  ],
  GetServiceLastAccessedDetails: ["*", (iam) => iam.send(new sdk.GetServiceLastAccessedDetailsCommand({ JobId }))],
  GetServiceLastAccessedDetailsWithEntities: [
    "*",
    (iam) => iam.send(new sdk.GetServiceLastAccessedDetailsWithEntitiesCommand({ JobId, ServiceNamespace: "s3" })),
  ],
  GetServiceLinkedRoleDeletionStatus: [
    "role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
    (iam) => iam.send(new sdk.GetServiceLinkedRoleDeletionStatusCommand({ DeletionTaskId })),
  ],
  ListAttachedRolePolicies: [ROLE, (iam) => iam.send(new sdk.ListAttachedRolePoliciesCommand({ RoleName }))],
  ListEntitiesForPolicy: [POLICY, (iam) => iam.send(new sdk.ListEntitiesForPolicyCommand({ PolicyArn }))],
  ListInstanceProfileTags: [
    PROFILE,
    (iam) => iam.send(new sdk.ListInstanceProfileTagsCommand({ InstanceProfileName })),
  ],
  ListInstanceProfiles: ["instance-profile/", (iam) => iam.send(new sdk.ListInstanceProfilesCommand({}))],
  ListInstanceProfilesForRole: [ROLE, (iam) => iam.send(new sdk.ListInstanceProfilesForRoleCommand({ RoleName }))],
  ListOpenIDConnectProviderTags: [
    OIDC,
    (iam) => iam.send(new sdk.ListOpenIDConnectProviderTagsCommand({ OpenIDConnectProviderArn })),
  ],
  ListOpenIDConnectProviders: ["oidc-provider/*", (iam) => iam.send(new sdk.ListOpenIDConnectProvidersCommand({}))],
  ListPolicies: ["policy/", (iam) => iam.send(new sdk.ListPoliciesCommand({}))],
  ListPoliciesGrantingServiceAccess: [
    ROLE,
    (iam) =>
      iam.send(new sdk.ListPoliciesGrantingServiceAccessCommand({ Arn: PolicySourceArn, ServiceNamespaces: ["s3"] })),
  ],
  ListPolicyTags: [POLICY, (iam) => iam.send(new sdk.ListPolicyTagsCommand({ PolicyArn }))],
  ListPolicyVersions: [POLICY, (iam) => iam.send(new sdk.ListPolicyVersionsCommand({ PolicyArn }))],
  ListRolePolicies: [ROLE, (iam) => iam.send(new sdk.ListRolePoliciesCommand({ RoleName }))],
  ListRoleTags: [ROLE, (iam) => iam.send(new sdk.ListRoleTagsCommand({ RoleName }))],
  ListRoles: ["role/", (iam) => iam.send(new sdk.ListRolesCommand({}))],
  ListSAMLProviderTags: [SAML, (iam) => iam.send(new sdk.ListSAMLProviderTagsCommand({ SAMLProviderArn }))],
  ListSAMLProviders: ["saml-provider/*", (iam) => iam.send(new sdk.ListSAMLProvidersCommand({}))],
  ListServerCertificateTags: [
    CERTIFICATE,
    (iam) => iam.send(new sdk.ListServerCertificateTagsCommand({ ServerCertificateName })),
  ],
  ListServerCertificates: ["server-certificate/", (iam) => iam.send(new sdk.ListServerCertificatesCommand({}))],
  PutRolePermissionsBoundary: [
    ROLE,
    (iam) => iam.send(new sdk.PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary })),
  ],
  PutRolePolicy: [ROLE, (iam) => iam.send(new sdk.PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }))],
  RemoveClientIDFromOpenIDConnectProvider: [
    OIDC,
    (iam) =>
      iam.send(new sdk.RemoveClientIDFromOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID: "c" })),
  ],
  RemoveRoleFromInstanceProfile: [
    PROFILE,
    (iam) => iam.send(new sdk.RemoveRoleFromInstanceProfileCommand({ InstanceProfileName, RoleName })),
  ],
  SetDefaultPolicyVersion: [
    POLICY,
    (iam) => iam.send(new sdk.SetDefaultPolicyVersionCommand({ PolicyArn, VersionId })),
  ],
  SimulateCustomPolicy: [
    "*",
    (iam) => iam.send(new sdk.SimulateCustomPolicyCommand({ PolicyInputList: [PolicyDocument], ActionNames })),
  ],
  SimulatePrincipalPolicy: [
    ROLE,
    (iam) => iam.send(new sdk.SimulatePrincipalPolicyCommand({ PolicySourceArn, ActionNames })),
  ],
  TagInstanceProfile: [PROFILE, (iam) => iam.send(new sdk.TagInstanceProfileCommand({ InstanceProfileName, Tags }))],
  TagOpenIDConnectProvider: [
    OIDC,
    (iam) => iam.send(new sdk.TagOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, Tags })),
  ],
  TagPolicy: [POLICY, (iam) => iam.send(new sdk.TagPolicyCommand({ PolicyArn, Tags }))],
  TagRole: [ROLE, (iam) => iam.send(new sdk.TagRoleCommand({ RoleName, Tags }))],
  TagSAMLProvider: [SAML, (iam) => iam.send(new sdk.TagSAMLProviderCommand({ SAMLProviderArn, Tags }))],
  TagServerCertificate: [
    CERTIFICATE,
    (iam) => iam.send(new sdk.TagServerCertificateCommand({ ServerCertificateName, Tags })),
  ],
  UntagInstanceProfile: [
    PROFILE,
    (iam) => iam.send(new sdk.UntagInstanceProfileCommand({ InstanceProfileName, TagKeys })),
  ],
  UntagOpenIDConnectProvider: [
    OIDC,
    (iam) => iam.send(new sdk.UntagOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, TagKeys })),
  ],
  UntagPolicy: [POLICY, (iam) => iam.send(new sdk.UntagPolicyCommand({ PolicyArn, TagKeys }))],
  UntagRole: [ROLE, (iam) => iam.send(new sdk.UntagRoleCommand({ RoleName, TagKeys }))],
  UntagSAMLProvider: [SAML, (iam) => iam.send(new sdk.UntagSAMLProviderCommand({ SAMLProviderArn, TagKeys }))],
  UntagServerCertificate: [
    CERTIFICATE,
    (iam) => iam.send(new sdk.UntagServerCertificateCommand({ ServerCertificateName, TagKeys })),
  ],
  UpdateAssumeRolePolicy: [
    ROLE,
    (iam) => iam.send(new sdk.UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: AssumeRolePolicyDocument })),
  ],
  UpdateOpenIDConnectProviderThumbprint: [
    OIDC,
    (iam) =>
      iam.send(
        new sdk.UpdateOpenIDConnectProviderThumbprintCommand({
          OpenIDConnectProviderArn,
          ThumbprintList: ["0".repeat(40)],
        }),
      ),
  ],
  UpdateRole: [ROLE, (iam) => iam.send(new sdk.UpdateRoleCommand({ RoleName }))],
  UpdateRoleDescription: [
    ROLE,
    (iam) => iam.send(new sdk.UpdateRoleDescriptionCommand({ RoleName, Description: "d" })),
  ],
  UpdateSAMLProvider: [SAML, (iam) => iam.send(new sdk.UpdateSAMLProviderCommand({ SAMLProviderArn }))],
  UpdateServerCertificate: [
    CERTIFICATE,
    (iam) => iam.send(new sdk.UpdateServerCertificateCommand({ ServerCertificateName, NewPath: "/other/" })),
  ],
  UploadServerCertificate: [
    "server-certificate/web/new",
    (iam) =>
      iam.send(
        new sdk.UploadServerCertificateCommand({ ServerCertificateName: "new", Path: "/web/", ...serverCertificate }),
      ),
  ],
};

/** Their actions have other names: a template's role is created, and a template's ARN is AWS's. */
const ELSEWHERE = ["AcquireRole", "GetRoleTemplateVersion"];

test("every operation is asked about", () => {
  const names = roleAndPolicyOperations.map(({ name }) => name);
  expect(names.filter((name) => !(name in QUESTIONS))).toEqual(ELSEWHERE);
});

test("each operation asks for its action on the real resource", async () => {
  const { eve } = await withEve();
  for (const [action, [resource, ask]] of Object.entries(QUESTIONS)) {
    const asked = resource === "*" ? resource : `arn:aws:iam::000000000000:${resource}`;
    await expect(ask(eve), action).rejects.toMatchObject({
      name: "AccessDenied",
      message: `User: arn:aws:iam::000000000000:user/eve is not authorized to perform: iam:${action} on resource: ${asked} because no identity-based policy allows the iam:${action} action`,
    });
  }
});

const denied = { name: "AccessDenied" };

test("a template's role is asked for as a role, by the template's ARN", async () => {
  // Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
  const { eve, allow } = await withEve();
  await allow("iam:CreateRole", { ArnEquals: { "iam:RoleTemplateARN": TemplateArn } });
  await expect(eve.send(new sdk.AcquireRoleCommand({ TemplateArn }))).rejects.toMatchObject({
    name: "NoSuchEntityException",
  });
  const other = new sdk.AcquireRoleCommand({ TemplateArn: "arn:aws:iam::aws:role-template/x/z:1" });
  await expect(eve.send(other)).rejects.toMatchObject(denied);
});

test("handing a role to an instance profile needs the right to pass it to EC2", async () => {
  const { eve, root } = await withEve();
  const allow = (service: string) =>
    root.send(
      new sdk.PutUserPolicyCommand({
        UserName: "eve",
        PolicyName,
        PolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Action: "iam:AddRoleToInstanceProfile", Resource: `${ARN}instance-profile/ops/web` },
            {
              Effect: "Allow",
              Action: "iam:PassRole",
              Resource: `${ARN}role/ops/support`,
              Condition: { StringEquals: { "iam:PassedToService": service } },
            },
          ],
        }),
      }),
    );
  const add = () => eve.send(new sdk.AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName }));
  await allow("lambda.amazonaws.com");
  await expect(add()).rejects.toMatchObject({
    ...denied,
    message: expect.stringContaining("iam:PassRole on resource: arn:aws:iam::000000000000:role/ops/support"),
  });
  await allow("ec2.amazonaws.com");
  await add();
});

test.each(["aws:ResourceTag/team", "iam:ResourceTag/team"])("conditions see a role's tags as %s", async (key) => {
  const { eve, allow } = await withEve();
  await allow("iam:GetRole", { StringEquals: { [key]: "red" } });
  await eve.send(new sdk.GetRoleCommand({ RoleName }));
  await allow("iam:GetRole", { StringEquals: { [key]: "blue" } });
  await expect(eve.send(new sdk.GetRoleCommand({ RoleName }))).rejects.toMatchObject(denied);
});

test("conditions see a user's tags as iam:ResourceTag", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
  const { root, eve, allow } = await withEve();
  await allow("iam:GetUser", { StringEquals: { "iam:ResourceTag/team": "red" } });
  const read = () => eve.send(new sdk.GetUserCommand({}));
  await expect(read()).rejects.toMatchObject(denied);
  await root.send(new sdk.TagUserCommand({ UserName: "eve", Tags: [{ Key: "team", Value: "red" }] }));
  await read();
});

test("conditions see the policy that is attached and the boundary that is there", async () => {
  const { root, eve, allow } = await withEve();
  await allow("iam:AttachRolePolicy", {
    ArnEquals: { "iam:PolicyARN": PolicyArn },
    StringEquals: { "iam:PermissionsBoundary": PermissionsBoundary },
  });
  const attach = (arn: string) => eve.send(new sdk.AttachRolePolicyCommand({ RoleName, PolicyArn: arn }));
  await expect(attach(PolicyArn)).rejects.toMatchObject(denied);
  await root.send(new sdk.PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary }));
  await expect(attach("arn:aws:iam::aws:policy/AdministratorAccess")).rejects.toMatchObject(denied);
  await attach(PolicyArn);
});

test("conditions see the service that a linked role is for", async () => {
  const { eve, allow } = await withEve();
  await allow("iam:CreateServiceLinkedRole", { StringEquals: { "iam:AWSServiceName": "ecs.amazonaws.com" } });
  await eve.send(new sdk.CreateServiceLinkedRoleCommand({ AWSServiceName: "ecs.amazonaws.com" }));
  const other = new sdk.CreateServiceLinkedRoleCommand({ AWSServiceName: "rds.amazonaws.com" });
  await expect(eve.send(other)).rejects.toMatchObject(denied);
});
