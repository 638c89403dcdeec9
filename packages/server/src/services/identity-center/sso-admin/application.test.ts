import { CreateGroupCommand } from "@aws-sdk/client-identitystore";
import {
  CreateApplicationAssignmentCommand,
  CreateApplicationCommand,
  CreateInstanceAccessControlAttributeConfigurationCommand,
  CreateTrustedTokenIssuerCommand,
  DeleteApplicationAccessScopeCommand,
  DeleteApplicationAssignmentCommand,
  DeleteApplicationAuthenticationMethodCommand,
  DeleteApplicationCommand,
  DeleteApplicationGrantCommand,
  DeleteInstanceAccessControlAttributeConfigurationCommand,
  DeleteTrustedTokenIssuerCommand,
  DescribeApplicationAssignmentCommand,
  DescribeApplicationCommand,
  DescribeApplicationProviderCommand,
  DescribeInstanceAccessControlAttributeConfigurationCommand,
  DescribeTrustedTokenIssuerCommand,
  GetApplicationAccessScopeCommand,
  GetApplicationAssignmentConfigurationCommand,
  GetApplicationAuthenticationMethodCommand,
  GetApplicationGrantCommand,
  GetApplicationSessionConfigurationCommand,
  ListApplicationAccessScopesCommand,
  ListApplicationAssignmentsCommand,
  ListApplicationAssignmentsForPrincipalCommand,
  ListApplicationAuthenticationMethodsCommand,
  ListApplicationGrantsCommand,
  ListApplicationProvidersCommand,
  ListApplicationsCommand,
  ListTagsForResourceCommand,
  ListTrustedTokenIssuersCommand,
  PutApplicationAccessScopeCommand,
  PutApplicationAssignmentConfigurationCommand,
  PutApplicationAuthenticationMethodCommand,
  PutApplicationGrantCommand,
  PutApplicationSessionConfigurationCommand,
  SSOAdminClient,
  TagResourceCommand,
  UpdateApplicationCommand,
  UpdateInstanceAccessControlAttributeConfigurationCommand,
  UpdateTrustedTokenIssuerCommand,
  type CreateApplicationCommandInput,
} from "@aws-sdk/client-sso-admin";
import { expect, test } from "vitest";
import { withIdentityCenter } from "../../../../test/identity-center.ts";

/** Source: https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreateApplication.html */
const ApplicationProviderArn = "arn:aws:sso::aws:applicationProvider/custom";

async function withApplication() {
  const center = await withIdentityCenter();
  const { client, InstanceArn } = center;
  const create = (more: Partial<CreateApplicationCommandInput> = {}) =>
    client.send(new CreateApplicationCommand({ InstanceArn, ApplicationProviderArn, Name: "shop", ...more }));
  const { ApplicationArn = "" } = await create();
  return { ...center, create, ApplicationArn };
}

const missing = { name: "ResourceNotFoundException" };

test("an application is made, changed, listed and deleted", async () => {
  const { client, InstanceArn, IdentityStoreId, ApplicationArn, create } = await withApplication();
  expect(ApplicationArn).toMatch(/^arn:aws:sso::000000000000:application\/ssoins-[0-9a-f]{16}\/apl-[0-9a-f]{16}$/);
  const PortalOptions = { Visibility: "DISABLED", SignInOptions: { Origin: "IDENTITY_CENTER" } } as const;
  await client.send(new UpdateApplicationCommand({ ApplicationArn, Description: "of shoes", Status: "DISABLED" }));
  expect(await client.send(new DescribeApplicationCommand({ ApplicationArn }))).toMatchObject({
    Name: "shop",
    Description: "of shoes",
    Status: "DISABLED",
    InstanceArn,
    ApplicationAccount: "000000000000",
    IdentityStoreArn: `arn:aws:identitystore::000000000000:identitystore/${IdentityStoreId}`,
  });
  const other = await create({ Name: "other", PortalOptions, ClientToken: "once" });
  expect((await create({ Name: "other", PortalOptions, ClientToken: "once" })).ApplicationArn).toBe(
    other.ApplicationArn,
  );
  await expect(create({ Name: "third", ClientToken: "once" })).rejects.toMatchObject({ name: "ConflictException" });
  const { Applications } = await client.send(new ListApplicationsCommand({ InstanceArn }));
  expect(new Set(Applications?.map(({ Name }) => Name))).toEqual(new Set(["other", "shop"]));
  await client.send(new DeleteApplicationCommand({ ApplicationArn }));
  await expect(client.send(new DescribeApplicationCommand({ ApplicationArn }))).rejects.toMatchObject(missing);
});

test("an application that signs users in itself says where", async () => {
  const { create } = await withApplication();
  const PortalOptions = { SignInOptions: { Origin: "APPLICATION" } } as const;
  await expect(create({ PortalOptions })).rejects.toMatchObject({ name: "ValidationException" });
  await create({
    PortalOptions: { SignInOptions: { ...PortalOptions.SignInOptions, ApplicationUrl: "https://shop.example.com" } },
  });
  const provider = "arn:aws:sso::aws:applicationProvider/unknown";
  await expect(create({ ApplicationProviderArn: provider })).rejects.toMatchObject(missing);
});

test("a member account has applications of its own, and touches no other's", async () => {
  const { cloud, makeAccount, InstanceArn, ApplicationArn, client } = await withApplication();
  const account = await makeAccount("dev");
  const member = cloud.client(SSOAdminClient, cloud.rootOf(account));
  const own = await member.send(new CreateApplicationCommand({ InstanceArn, ApplicationProviderArn, Name: "own" }));
  expect(own.ApplicationArn).toContain(`:${account}:application/`);
  const { Applications } = await member.send(new ListApplicationsCommand({ InstanceArn }));
  expect(Applications).toMatchObject([{ ApplicationArn: own.ApplicationArn }]);
  const theirs = member.send(new DescribeApplicationCommand({ ApplicationArn }));
  await expect(theirs).rejects.toMatchObject({ name: "AccessDeniedException" });
  await client.send(new DescribeApplicationCommand({ ApplicationArn: own.ApplicationArn }));
});

test("people and groups are assigned to an application", async () => {
  const { client, store, IdentityStoreId, InstanceArn, ApplicationArn, addUser } = await withApplication();
  const { GroupId = "" } = await store.send(new CreateGroupCommand({ IdentityStoreId, DisplayName: "readers" }));
  const ann = { PrincipalId: await addUser("ann"), PrincipalType: "USER" } as const;
  const readers = { PrincipalId: GroupId, PrincipalType: "GROUP" } as const;
  const assign = (principal: typeof ann | typeof readers) =>
    client.send(new CreateApplicationAssignmentCommand({ ApplicationArn, ...principal }));
  await assign(ann);
  await assign(readers);
  await expect(assign(ann)).rejects.toMatchObject({ name: "ConflictException" });
  const nobody = { ...ann, PrincipalId: "11111111-2222-3333-4444-555555555555" };
  await expect(assign(nobody)).rejects.toMatchObject(missing);
  const { ApplicationAssignments } = await client.send(new ListApplicationAssignmentsCommand({ ApplicationArn }));
  expect(ApplicationAssignments).toHaveLength(2);
  const of = await client.send(new ListApplicationAssignmentsForPrincipalCommand({ InstanceArn, ...ann }));
  expect(of.ApplicationAssignments).toEqual([{ ApplicationArn, ...ann }]);
  const describe = () => client.send(new DescribeApplicationAssignmentCommand({ ApplicationArn, ...ann }));
  await describe();
  await client.send(new DeleteApplicationAssignmentCommand({ ApplicationArn, ...ann }));
  await expect(describe()).rejects.toMatchObject(missing);
});

test("scopes, grants and ways to authenticate are set, read and taken away", async () => {
  const { client, ApplicationArn } = await withApplication();
  const on = { ApplicationArn };
  const Scope = "sso:account:access";
  await client.send(new PutApplicationAccessScopeCommand({ ...on, Scope, AuthorizedTargets: [ApplicationArn] }));
  expect((await client.send(new ListApplicationAccessScopesCommand(on))).Scopes).toEqual([
    { Scope, AuthorizedTargets: [ApplicationArn] },
  ]);
  await client.send(new GetApplicationAccessScopeCommand({ ...on, Scope }));
  await client.send(new DeleteApplicationAccessScopeCommand({ ...on, Scope }));
  await expect(client.send(new GetApplicationAccessScopeCommand({ ...on, Scope }))).rejects.toMatchObject(missing);

  const GrantType = "authorization_code";
  const Grant = { AuthorizationCode: { RedirectUris: ["https://shop.example.com/callback"] } };
  await client.send(new PutApplicationGrantCommand({ ...on, GrantType, Grant }));
  expect((await client.send(new ListApplicationGrantsCommand(on))).Grants).toEqual([{ GrantType, Grant }]);
  expect((await client.send(new GetApplicationGrantCommand({ ...on, GrantType }))).Grant).toEqual(Grant);
  const wrong = { ...on, GrantType: "refresh_token", Grant } as const;
  await expect(client.send(new PutApplicationGrantCommand(wrong))).rejects.toMatchObject({
    name: "ValidationException",
  });
  await client.send(new DeleteApplicationGrantCommand({ ...on, GrantType }));
  await expect(client.send(new GetApplicationGrantCommand({ ...on, GrantType }))).rejects.toMatchObject(missing);

  const ActorPolicy = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: "*", Action: "sso-oauth:*" }],
  };
  const AuthenticationMethod = { Iam: { ActorPolicy } };
  const method = { ...on, AuthenticationMethodType: "IAM" } as const;
  await client.send(new PutApplicationAuthenticationMethodCommand({ ...method, AuthenticationMethod }));
  const read = await client.send(new GetApplicationAuthenticationMethodCommand(method));
  expect(read.AuthenticationMethod).toEqual(AuthenticationMethod);
  const { AuthenticationMethods } = await client.send(new ListApplicationAuthenticationMethodsCommand(on));
  expect(AuthenticationMethods).toHaveLength(1);
  await client.send(new DeleteApplicationAuthenticationMethodCommand(method));
  await expect(client.send(new GetApplicationAuthenticationMethodCommand(method))).rejects.toMatchObject(missing);
});

test("assignments are required and background sessions off until somebody says otherwise", async () => {
  const { client, ApplicationArn } = await withApplication();
  const on = { ApplicationArn };
  const required = async () =>
    (await client.send(new GetApplicationAssignmentConfigurationCommand(on))).AssignmentRequired;
  // Source: https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_PutApplicationAssignmentConfiguration.html
  expect(await required()).toBe(true);
  await client.send(new PutApplicationAssignmentConfigurationCommand({ ...on, AssignmentRequired: false }));
  expect(await required()).toBe(false);
  const UserBackgroundSessionApplicationStatus = "ENABLED";
  await client.send(new PutApplicationSessionConfigurationCommand({ ...on, UserBackgroundSessionApplicationStatus }));
  expect(await client.send(new GetApplicationSessionConfigurationCommand(on))).toMatchObject({
    UserBackgroundSessionApplicationStatus,
  });
});

test("the provider of customers' own applications is there", async () => {
  const { client } = await withApplication();
  const { ApplicationProviders } = await client.send(new ListApplicationProvidersCommand({}));
  expect(ApplicationProviders).toMatchObject([{ ApplicationProviderArn, FederationProtocol: "OAUTH" }]);
  await client.send(new DescribeApplicationProviderCommand({ ApplicationProviderArn }));
});

test("trusted token issuers have names and addresses of their own", async () => {
  const { client, InstanceArn, ApplicationArn } = await withApplication();
  const OidcJwtConfiguration = {
    IssuerUrl: "https://issuer.example.com",
    ClaimAttributePath: "email",
    IdentityStoreAttributePath: "emails.value",
    JwksRetrievalOption: "OPEN_ID_DISCOVERY",
  } as const;
  const create = (Name: string, IssuerUrl: string) =>
    client.send(
      new CreateTrustedTokenIssuerCommand({
        InstanceArn,
        Name,
        TrustedTokenIssuerType: "OIDC_JWT",
        TrustedTokenIssuerConfiguration: { OidcJwtConfiguration: { ...OidcJwtConfiguration, IssuerUrl } },
      }),
    );
  const { TrustedTokenIssuerArn = "" } = await create("one", OidcJwtConfiguration.IssuerUrl);
  await expect(create("one", "https://two.example.com")).rejects.toMatchObject({ name: "ConflictException" });
  await expect(create("two", OidcJwtConfiguration.IssuerUrl)).rejects.toMatchObject({ name: "ConflictException" });
  const on = { TrustedTokenIssuerArn };
  const change = { OidcJwtConfiguration: { ClaimAttributePath: "sub" } };
  await client.send(
    new UpdateTrustedTokenIssuerCommand({ ...on, Name: "renamed", TrustedTokenIssuerConfiguration: change }),
  );
  expect(await client.send(new DescribeTrustedTokenIssuerCommand(on))).toMatchObject({
    Name: "renamed",
    TrustedTokenIssuerConfiguration: { OidcJwtConfiguration: { ...OidcJwtConfiguration, ClaimAttributePath: "sub" } },
  });
  const { TrustedTokenIssuers } = await client.send(new ListTrustedTokenIssuersCommand({ InstanceArn }));
  expect(TrustedTokenIssuers).toMatchObject([{ Name: "renamed" }]);
  for (const ResourceArn of [TrustedTokenIssuerArn, ApplicationArn]) {
    await client.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: "a", Value: "1" }] }));
    const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceArn }));
    expect(Tags).toEqual([{ Key: "a", Value: "1" }]);
  }
  await client.send(new DeleteTrustedTokenIssuerCommand(on));
  await expect(client.send(new DescribeTrustedTokenIssuerCommand(on))).rejects.toMatchObject(missing);
});

test("attributes for access control are enabled once, changed, and disabled", async () => {
  const { client, InstanceArn } = await withIdentityCenter();
  const team = { Key: "team", Value: { Source: ["${path:enterprise.department}"] } };
  const of = (...AccessControlAttributes: (typeof team)[]) => ({
    InstanceArn,
    InstanceAccessControlAttributeConfiguration: { AccessControlAttributes },
  });
  const create = (...all: (typeof team)[]) =>
    client.send(new CreateInstanceAccessControlAttributeConfigurationCommand(of(...all)));
  await expect(create(team, team)).rejects.toMatchObject({ name: "ValidationException" });
  await create();
  await expect(create()).rejects.toMatchObject({ name: "ConflictException" });
  await client.send(new UpdateInstanceAccessControlAttributeConfigurationCommand(of(team)));
  const describe = () => client.send(new DescribeInstanceAccessControlAttributeConfigurationCommand({ InstanceArn }));
  expect(await describe()).toMatchObject({
    Status: "ENABLED",
    InstanceAccessControlAttributeConfiguration: { AccessControlAttributes: [team] },
  });
  await client.send(new DeleteInstanceAccessControlAttributeConfigurationCommand({ InstanceArn }));
  await expect(describe()).rejects.toMatchObject(missing);
});
