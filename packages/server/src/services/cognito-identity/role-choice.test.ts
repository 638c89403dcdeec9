import {
  CreateIdentityPoolCommand,
  CognitoIdentityClient,
  GetCredentialsForIdentityCommand,
  GetIdCommand,
  GetOpenIdTokenCommand,
  SetIdentityPoolRolesCommand,
  type MappingRule,
  type RoleMapping,
} from "@aws-sdk/client-cognito-identity";
import { CreateSAMLProviderCommand, IAMClient } from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { JWTPayload } from "jose";
import { expect, test } from "vitest";
import { poolRole, withIdentityPool } from "../../../test/identity-pools.ts";
import { ISSUER, key, PROVIDER } from "../../../test/saml-identities.ts";
import { testCloud, type TestCloud } from "../../../test/test-cloud.ts";
import { samlMetadata, samlResponse } from "../../idp/saml-response.ts";

const roleArn = (name: string) => `arn:aws:iam::000000000000:role/${name}`;

interface Asking {
  readonly cloud: TestCloud;
  readonly poolId: string;
}

/** The name of the role that a login gives. */
async function roleBy({ cloud, poolId }: Asking, Logins: Record<string, string>, CustomRoleArn?: string) {
  const anyone = cloud.client(CognitoIdentityClient, { accessKeyId: "", secretAccessKey: "" });
  const { IdentityId } = await anyone.send(new GetIdCommand({ IdentityPoolId: poolId, Logins }));
  const { Credentials } = await anyone.send(
    new GetCredentialsForIdentityCommand({ IdentityId, Logins, CustomRoleArn }),
  );
  const { AccessKeyId, SecretKey: SecretAccessKey, SessionToken } = Credentials ?? {};
  const sts = cloud.client(STSClient, { AccessKeyId, SecretAccessKey, SessionToken });
  const { Arn = "" } = await sts.send(new GetCallerIdentityCommand());
  return Arn.split("/")[1];
}

/** A pool whose provider's users are mapped like this; asks for the role of one who claims this. */
async function mapped(mapping: RoleMapping) {
  const world = await withIdentityPool({}, () => mapping);
  for (const name of ["admin", "reader"]) {
    await poolRole(world.cloud, name, { poolId: world.poolId, amr: "authenticated", allow: ["s3:ListAllMyBuckets"] });
  }
  let users = 0;
  return async (claims: JWTPayload, custom?: string) =>
    roleBy(world, await world.login(`user-${users++}`, claims), custom && roleArn(custom));
}

const denied = { name: "NotAuthorizedException", $metadata: { httpStatusCode: 400 } };

const rule = (MatchType: MappingRule["MatchType"], Claim: string, Value: string, role: string): MappingRule => ({
  MatchType,
  Claim,
  Value,
  RoleARN: roleArn(role),
});

const rules = (
  AmbiguousRoleResolution: RoleMapping["AmbiguousRoleResolution"],
  ...Rules: MappingRule[]
): RoleMapping => ({
  Type: "Rules",
  AmbiguousRoleResolution,
  RulesConfiguration: { Rules },
});

// Source: https://docs.aws.amazon.com/cognito/latest/developerguide/role-based-access-control.html, as all that follow
test("the first rule that matches a claim gives the role", async () => {
  const role = await mapped(
    rules("AuthenticatedRole", rule("Equals", "paid", "yes", "admin"), rule("StartsWith", "dept", "Sal", "reader")),
  );
  expect(await role({ paid: "yes", dept: "Sales" })).toBe("admin");
  expect(await role({ paid: "no", dept: "Sales" })).toBe("reader");
  expect(await role({ paid: "no", dept: "Legal" })).toBe("member");
});

test.each([
  { match: "Equals", good: { team: "maps" }, bad: { team: "maps2" } },
  { match: "Contains", good: { team: "the maps team" }, bad: { team: "games" } },
  { match: "StartsWith", good: { team: "maps2" }, bad: { team: "the maps" } },
  { match: "NotEqual", good: { team: "games" }, bad: { team: "maps" } },
] as const)("$match compares as it says, and a claim that is absent matches nothing", async ({ match, good, bad }) => {
  const role = await mapped(rules("Deny", rule(match, "team", "maps", "reader")));
  expect(await role(good)).toBe("reader");
  await expect(role(bad)).rejects.toMatchObject(denied);
  await expect(role({})).rejects.toMatchObject(denied);
});

test("a user may choose among the roles of the rules that match", async () => {
  const role = await mapped(
    rules("Deny", rule("Equals", "paid", "yes", "admin"), rule("Equals", "dept", "Sales", "reader")),
  );
  expect(await role({ paid: "yes", dept: "Sales" }, "reader")).toBe("reader");
  await expect(role({ paid: "no", dept: "Sales" }, "admin")).rejects.toMatchObject(denied);
  await expect(role({ paid: "no", dept: "Sales" }, "guest")).rejects.toMatchObject(denied);
});

test("the token names the role, or the ones to choose from", async () => {
  const role = await mapped({ Type: "Token", AmbiguousRoleResolution: "Deny" });
  const both = [roleArn("admin"), roleArn("reader")];
  expect(await role({ "cognito:roles": both, "cognito:preferred_role": roleArn("reader") })).toBe("reader");
  expect(await role({ "cognito:roles": [roleArn("admin")] })).toBe("admin");
  expect(await role({ "cognito:roles": both.join(",") }, "admin")).toBe("admin");
  await expect(role({ "cognito:roles": both })).rejects.toMatchObject(denied);
  await expect(role({ "cognito:roles": both }, "member")).rejects.toMatchObject(denied);
  await expect(role({})).rejects.toMatchObject(denied);
});

test("where the token does not decide, the pool's own role does if it is to", async () => {
  const role = await mapped({ Type: "Token", AmbiguousRoleResolution: "AuthenticatedRole" });
  expect(await role({ "cognito:roles": [roleArn("admin"), roleArn("reader")] })).toBe("member");
  expect(await role({})).toBe("member");
});

test("without a mapping nobody chooses", async () => {
  const world = await withIdentityPool();
  expect(await roleBy(world, await world.login("ann", { "cognito:roles": [roleArn("guest")] }))).toBe("member");
  await expect(roleBy(world, await world.login("ann"), world.guest)).rejects.toMatchObject(denied);
});

test("an assertion brings its roles along, and is for the enhanced flow alone", async () => {
  const cloud = await testCloud();
  const SAMLMetadataDocument = samlMetadata(ISSUER, key);
  await cloud.client(IAMClient).send(new CreateSAMLProviderCommand({ Name: "office", SAMLMetadataDocument }));
  const admin = cloud.client(CognitoIdentityClient);
  const { IdentityPoolId: poolId = "" } = await admin.send(
    new CreateIdentityPoolCommand({
      IdentityPoolName: "office",
      AllowUnauthenticatedIdentities: false,
      SamlProviderARNs: [PROVIDER],
    }),
  );
  for (const name of ["admin", "reader", "member"]) {
    await poolRole(cloud, name, { poolId, amr: "authenticated", allow: ["s3:ListAllMyBuckets"] });
  }
  const assertion = (...names: string[]) => {
    const xml = samlResponse(
      {
        issuer: ISSUER,
        subject: "ann@example.com",
        sessionName: "ann",
        roles: names.map((name) => ({ roleArn: roleArn(name), providerArn: PROVIDER })),
        issuedAtMs: cloud.clock.now().getTime(),
        seconds: 300,
      },
      key,
    );
    return { [PROVIDER]: Buffer.from(xml).toString("base64") };
  };
  // Source: https://docs.aws.amazon.com/cognito/latest/developerguide/saml-identity-provider.html
  expect(await roleBy({ cloud, poolId }, assertion("reader"))).toBe("reader");
  expect(await roleBy({ cloud, poolId }, assertion("admin", "reader"), roleArn("admin"))).toBe("admin");
  await expect(roleBy({ cloud, poolId }, assertion("reader"), roleArn("admin"))).rejects.toMatchObject(denied);
  await expect(roleBy({ cloud, poolId }, assertion("admin", "reader"))).rejects.toMatchObject({
    name: "InvalidIdentityPoolConfigurationException",
  });
  const Roles = { authenticated: roleArn("member") };
  await admin.send(new SetIdentityPoolRolesCommand({ IdentityPoolId: poolId, Roles }));
  expect(await roleBy({ cloud, poolId }, assertion("admin", "reader"))).toBe("member");
  const Logins = assertion("reader");
  const { IdentityId } = await admin.send(new GetIdCommand({ IdentityPoolId: poolId, Logins }));
  await expect(admin.send(new GetOpenIdTokenCommand({ IdentityId, Logins }))).rejects.toMatchObject({
    name: "InvalidParameterException",
  });
  await expect(roleBy({ cloud, poolId }, { [PROVIDER]: "none" })).rejects.toMatchObject(denied);
});
