import {
  CognitoIdentityClient,
  CreateIdentityPoolCommand,
  DeleteIdentityPoolCommand,
  DescribeIdentityPoolCommand,
  GetIdCommand,
  GetIdentityPoolRolesCommand,
  GetPrincipalTagAttributeMapCommand,
  ListIdentityPoolsCommand,
  ListTagsForResourceCommand,
  SetIdentityPoolRolesCommand,
  SetPrincipalTagAttributeMapCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateIdentityPoolCommand,
  type RoleMapping,
} from "@aws-sdk/client-cognito-identity";
import { expect, test } from "vitest";
import { makeUser } from "../../../test/identities.ts";
import { withIdentityPool } from "../../../test/identity-pools.ts";
import { testCloud } from "../../../test/test-cloud.ts";

const named = (IdentityPoolName: string) => ({ IdentityPoolName, AllowUnauthenticatedIdentities: false });

const notFound = (id: string) => ({
  name: "ResourceNotFoundException",
  message: `IdentityPool '${id}' not found.`,
  $metadata: { httpStatusCode: 400 },
});

test("a pool is described as it was made, and then as it was changed", async () => {
  const admin = (await testCloud()).client(CognitoIdentityClient);
  const settings = {
    SupportedLoginProviders: { "accounts.google.com": "123.apps.googleusercontent.com" },
    DeveloperProviderName: "login.example",
    OpenIdConnectProviderARNs: ["arn:aws:iam::000000000000:oidc-provider/idp.example.com"],
    CognitoIdentityProviders: [
      {
        ProviderName: "cognito-idp.us-east-1.amazonaws.com/us-east-1_abc",
        ClientId: "app",
        ServerSideTokenCheck: true,
      },
    ],
    SamlProviderARNs: ["arn:aws:iam::000000000000:saml-provider/office"],
    IdentityPoolTags: { team: "maps" },
  };
  const { $metadata: _, ...made } = await admin.send(
    new CreateIdentityPoolCommand({ ...named("mobile app"), AllowClassicFlow: true, ...settings }),
  );
  const { IdentityPoolId = "" } = made;
  expect(IdentityPoolId).toMatch(/^us-east-1:[0-9a-f-]{36}$/);
  expect(made).toEqual({ IdentityPoolId, ...named("mobile app"), AllowClassicFlow: true, ...settings });
  expect(await admin.send(new DescribeIdentityPoolCommand({ IdentityPoolId }))).toMatchObject(made);
  await admin.send(new UpdateIdentityPoolCommand({ IdentityPoolId, ...named("renamed") }));
  const { $metadata: __, ...changed } = await admin.send(new DescribeIdentityPoolCommand({ IdentityPoolId }));
  // Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_UpdateIdentityPool.html (what is not given has its default)
  const kept = { DeveloperProviderName: "login.example", IdentityPoolTags: { team: "maps" } };
  expect(changed).toEqual({ IdentityPoolId, ...named("renamed"), ...kept });
});

test("the name of a developer provider stays as it was given", async () => {
  const { admin, poolId: IdentityPoolId } = await withIdentityPool();
  const changing = admin.send(
    new UpdateIdentityPoolCommand({ IdentityPoolId, ...named("m"), DeveloperProviderName: "other" }),
  );
  // Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_UpdateIdentityPool.html (DeveloperProviderName)
  await expect(changing).rejects.toMatchObject({ name: "InvalidParameterException" });
});

test("a pool that is gone is found by nobody", async () => {
  const { admin, anyone, poolId: IdentityPoolId } = await withIdentityPool();
  await admin.send(new DeleteIdentityPoolCommand({ IdentityPoolId }));
  for (const asking of [
    admin.send(new DescribeIdentityPoolCommand({ IdentityPoolId })),
    admin.send(new DeleteIdentityPoolCommand({ IdentityPoolId })),
    anyone.send(new GetIdCommand({ IdentityPoolId })),
  ]) {
    await expect(asking).rejects.toMatchObject(notFound(IdentityPoolId));
  }
});

test("pools are listed page by page, those of one account and region", async () => {
  const cloud = await testCloud();
  const admin = cloud.client(CognitoIdentityClient);
  for (const name of ["a", "b", "c"]) await admin.send(new CreateIdentityPoolCommand(named(name)));
  await cloud
    .client(CognitoIdentityClient, cloud.rootOf("111111111111"))
    .send(new CreateIdentityPoolCommand(named("other")));
  const names: (string | undefined)[] = [];
  let NextToken: string | undefined;
  do {
    const listed = await admin.send(new ListIdentityPoolsCommand({ MaxResults: 1, NextToken }));
    names.push(...(listed.IdentityPools ?? []).map(({ IdentityPoolName }) => IdentityPoolName));
    ({ NextToken } = listed);
  } while (NextToken !== undefined);
  expect(new Set(names)).toEqual(new Set(["a", "b", "c"]));
  const elsewhere = cloud.client(CognitoIdentityClient, undefined, { region: "eu-west-1" });
  expect((await elsewhere.send(new ListIdentityPoolsCommand({ MaxResults: 60 }))).IdentityPools).toEqual([]);
  const wrong = admin.send(new ListIdentityPoolsCommand({ MaxResults: 1, NextToken: "none" }));
  await expect(wrong).rejects.toMatchObject({ name: "InvalidParameterException" });
});

test("another account's pool is not there", async () => {
  const { cloud, poolId: IdentityPoolId } = await withIdentityPool();
  const other = cloud.client(CognitoIdentityClient, cloud.rootOf("111111111111"));
  await expect(other.send(new DescribeIdentityPoolCommand({ IdentityPoolId }))).rejects.toMatchObject(
    notFound(IdentityPoolId),
  );
});

test("tags are put on, taken off, and asked for by policies", async () => {
  const { cloud, admin, poolId: IdentityPoolId } = await withIdentityPool();
  const ResourceArn = `arn:aws:cognito-identity:us-east-1:000000000000:identitypool/${IdentityPoolId}`;
  await admin.send(new TagResourceCommand({ ResourceArn, Tags: { team: "maps", stage: "test" } }));
  await admin.send(new UntagResourceCommand({ ResourceArn, TagKeys: ["stage"] }));
  expect((await admin.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags).toEqual({ team: "maps" });
  const Statement = ["maps", "games"].map((team) => ({
    Effect: team === "maps" ? "Allow" : "Deny",
    Action: "cognito-identity:DescribeIdentityPool",
    Resource: "*",
    Condition: { StringEquals: { "aws:ResourceTag/team": team } },
  }));
  const ann = cloud.client(CognitoIdentityClient, await makeUser(cloud, "ann", { allow: { Statement } }));
  await ann.send(new DescribeIdentityPoolCommand({ IdentityPoolId }));
  await admin.send(new TagResourceCommand({ ResourceArn, Tags: { team: "games" } }));
  await expect(ann.send(new DescribeIdentityPoolCommand({ IdentityPoolId }))).rejects.toMatchObject({
    name: "AccessDeniedException",
  });
  const none = admin.send(new ListTagsForResourceCommand({ ResourceArn: `${ResourceArn}0` }));
  await expect(none).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

const ruleFor = (RoleARN: string): RoleMapping => ({
  Type: "Rules",
  AmbiguousRoleResolution: "Deny",
  RulesConfiguration: { Rules: [{ Claim: "isAdmin", MatchType: "Equals", Value: "true", RoleARN }] },
});

test("roles are given to a pool by who may pass them", async () => {
  const { cloud, poolId: IdentityPoolId, member, guest } = await withIdentityPool();
  const allowed = { Effect: "Allow", Action: "cognito-identity:SetIdentityPoolRoles", Resource: "*" };
  const passing = {
    Effect: "Allow",
    Action: "iam:PassRole",
    Resource: member,
    Condition: { StringEquals: { "iam:PassedToService": "cognito-identity.amazonaws.com" } },
  };
  const user = await makeUser(cloud, "ann", { allow: { Statement: [allowed, passing] } });
  const ann = cloud.client(CognitoIdentityClient, user);
  await ann.send(new SetIdentityPoolRolesCommand({ IdentityPoolId, Roles: { authenticated: member } }));
  for (const input of [
    { Roles: { authenticated: guest } },
    { Roles: {}, RoleMappings: { "accounts.google.com": ruleFor(guest) } },
  ]) {
    await expect(ann.send(new SetIdentityPoolRolesCommand({ IdentityPoolId, ...input }))).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining("iam:PassRole"),
    });
  }
});

test("role mappings are shown as they were set, and have all that their type needs", async () => {
  const { admin, poolId: IdentityPoolId, member } = await withIdentityPool();
  const RoleMappings: Record<string, RoleMapping> = {
    "cognito-idp.us-east-1.amazonaws.com/us-east-1_abc:app": { Type: "Token", AmbiguousRoleResolution: "Deny" },
    "accounts.google.com": {
      Type: "Rules",
      AmbiguousRoleResolution: "AuthenticatedRole",
      RulesConfiguration: { Rules: [{ Claim: "hd", MatchType: "StartsWith", Value: "ex", RoleARN: member }] },
    },
  };
  const Roles = { authenticated: member };
  await admin.send(new SetIdentityPoolRolesCommand({ IdentityPoolId, Roles, RoleMappings }));
  const shown = await admin.send(new GetIdentityPoolRolesCommand({ IdentityPoolId }));
  expect(shown).toMatchObject({ IdentityPoolId, Roles, RoleMappings });
  // Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_RoleMapping.html
  const lacking: RoleMapping[] = [{ Type: "Token" }, { Type: "Rules", AmbiguousRoleResolution: "Deny" }];
  for (const mapping of lacking) {
    const setting = admin.send(
      new SetIdentityPoolRolesCommand({ IdentityPoolId, Roles, RoleMappings: { "accounts.google.com": mapping } }),
    );
    await expect(setting).rejects.toMatchObject({ name: "InvalidParameterException" });
  }
});

test("attributes for access control have AWS's defaults, or one's own", async () => {
  const { admin, issuer, poolId: IdentityPoolId } = await withIdentityPool();
  const place = { IdentityPoolId, IdentityProviderName: issuer.name };
  const get = () => admin.send(new GetPrincipalTagAttributeMapCommand(place));
  await admin.send(new SetPrincipalTagAttributeMapCommand({ ...place, UseDefaults: true }));
  // Source: https://docs.aws.amazon.com/cognito/latest/developerguide/provider-mappings.html
  const defaults = { UseDefaults: true, PrincipalTags: { client: "aud", username: "sub" } };
  expect(await get()).toMatchObject({ ...place, ...defaults });
  await admin.send(new SetPrincipalTagAttributeMapCommand({ ...place, PrincipalTags: { department: "dept" } }));
  expect(await get()).toMatchObject({ ...place, UseDefaults: false, PrincipalTags: { department: "dept" } });
});
