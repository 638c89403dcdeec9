import { EnableOutboundWebIdentityFederationCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  AssumeRoleCommand,
  GetWebIdentityTokenCommand,
  STSClient,
  type GetWebIdentityTokenCommandInput,
} from "@aws-sdk/client-sts";
import { createPublicKey, verify } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import { makeRole, makeUser } from "../../../test/identities.ts";
import { makeOrganization } from "../../../test/organizations.ts";
import { testCloud, type TestCloud, type TestCredentials } from "../../../test/test-cloud.ts";
import type { AccountId, Region } from "../../kernel/arn.ts";
import { openMemory } from "../../store/drivers/open.ts";
import { signingKey, webIdentityKeySet } from "./web-identity-key.ts";

async function enabled() {
  const cloud = await testCloud();
  const { IssuerIdentifier } = await cloud.client(IAMClient).send(new EnableOutboundWebIdentityFederationCommand());
  return { cloud, issuer: IssuerIdentifier };
}

const tokenOf = (cloud: TestCloud, caller?: TestCredentials, more: Partial<GetWebIdentityTokenCommandInput> = {}) =>
  cloud
    .client(STSClient, caller)
    .send(
      new GetWebIdentityTokenCommand({ Audience: ["https://api.example.com"], SigningAlgorithm: "ES384", ...more }),
    );

const partOf = (token: string | undefined, index: number): Record<string, unknown> =>
  JSON.parse(Buffer.from(token?.split(".")[index] ?? "", "base64url").toString()) as Record<string, unknown>;

test("a token names its issuer, its audience and whose it is", async () => {
  const { cloud, issuer } = await enabled();
  const ann = await makeUser(cloud, "ann", { allow: ["sts:GetWebIdentityToken", "sts:TagGetWebIdentityToken"] });
  const { WebIdentityToken, Expiration } = await tokenOf(cloud, ann, { Tags: [{ Key: "job", Value: "7" }] });
  const claims = partOf(WebIdentityToken, 1);
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_outbound_token_claims.html
  expect(claims).toMatchObject({
    iss: issuer,
    aud: "https://api.example.com",
    sub: ann.arn,
    exp: (Expiration?.getTime() ?? 0) / 1000,
    "https://sts.amazonaws.com/": {
      aws_account: "000000000000",
      source_region: "us-east-1",
      request_tags: { job: "7" },
    },
  });
  // Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetWebIdentityToken.html (300 seconds)
  expect(Number(claims["exp"]) - Number(claims["iat"])).toBe(300);
  expect(partOf(WebIdentityToken, 0)).toMatchObject({ alg: "ES384", typ: "JWT" });
});

test("a token tells the organization of its account", async () => {
  const { cloud, makeAccount, organizationId, rootId } = await makeOrganization();
  const account = await makeAccount("member");
  const member = cloud.rootOf(account);
  await cloud.client(IAMClient, member).send(new EnableOutboundWebIdentityFederationCommand());
  const claims = partOf((await tokenOf(cloud, member)).WebIdentityToken, 1);
  expect(claims["https://sts.amazonaws.com/"]).toMatchObject({
    aws_account: account,
    org_id: organizationId,
    ou_path: [`${organizationId}/${rootId}/`],
  });
});

test.each(["RS256", "ES384"] as const)(
  "a token in %s verifies with the key of that algorithm, which stays",
  async (algorithm) => {
    const { cloud } = await enabled();
    const first = await tokenOf(cloud, undefined, { SigningAlgorithm: algorithm });
    const second = await tokenOf(cloud, undefined, { SigningAlgorithm: algorithm });
    expect(partOf(first.WebIdentityToken, 0)).toEqual(partOf(second.WebIdentityToken, 0));
    expect(partOf(first.WebIdentityToken, 0)["alg"]).toBe(algorithm);
  },
);

test("what an account publishes is what its tokens verify with", async () => {
  const { store, sealer } = await openMemory();
  onTestFinished(() => store.close());
  const scope = { account: "111111111111" as AccountId, region: "us-east-1" as Region };
  await store.transact(scope, async (tx) => {
    const made = await signingKey("ES384", { tx, keys: sealer, newId: () => "key-1" });
    const kept = await signingKey("ES384", { tx, keys: sealer, newId: () => "key-2" });
    expect(kept.keyId).toBe("key-1");
    const { keys } = await webIdentityKeySet(scope.account, tx);
    expect(keys).toMatchObject([{ kid: "key-1", alg: "ES384", use: "sig", kty: "EC", crv: "P-384" }]);
    const { sign } = await import("node:crypto");
    const signature = sign("sha384", Buffer.from("text"), made.key);
    const published = createPublicKey({ key: keys[0] ?? {}, format: "jwk" });
    expect(verify("sha384", Buffer.from("text"), published, signature)).toBe(true);
    expect(JSON.stringify(keys)).not.toContain('"d":');
  });
});

test("without the feature there are no tokens", async () => {
  const cloud = await testCloud();
  await expect(tokenOf(cloud)).rejects.toMatchObject({
    name: "OutboundWebIdentityFederationDisabledException",
    $metadata: { httpStatusCode: 403 },
  });
});

test("a token does not outlast its session", async () => {
  const { cloud } = await enabled();
  const ann = await makeUser(cloud, "ann", { allow: ["sts:AssumeRole"] });
  const RoleArn = await makeRole(cloud, "job", { allow: ["sts:GetWebIdentityToken"] });
  const { Credentials } = await cloud
    .client(STSClient, ann)
    .send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "s1", DurationSeconds: 900 }));
  const sts = cloud.client(STSClient, Credentials);
  const ask = (DurationSeconds: number) =>
    sts.send(new GetWebIdentityTokenCommand({ Audience: ["a"], SigningAlgorithm: "ES384", DurationSeconds }));
  expect(partOf((await ask(600)).WebIdentityToken, 1)).toMatchObject({
    sub: RoleArn,
    "https://sts.amazonaws.com/": {
      principal_id: RoleArn,
      original_session_exp: Credentials?.Expiration?.toISOString().replace(".000", ""),
    },
  });
  await expect(ask(901)).rejects.toMatchObject({ name: "SessionDurationEscalationException" });
});

test("conditions see the audience, and other algorithms are refused", async () => {
  const { cloud } = await enabled();
  const Condition = { "ForAllValues:StringEquals": { "sts:IdentityTokenAudience": ["a"] } };
  const statement = { Effect: "Allow", Action: "sts:GetWebIdentityToken", Resource: "*", Condition };
  const ann = await makeUser(cloud, "ann", { allow: { Statement: [statement] } });
  await tokenOf(cloud, ann, { Audience: ["a"] });
  await expect(tokenOf(cloud, ann, { Audience: ["a", "b"] })).rejects.toMatchObject({ name: "AccessDenied" });
  await expect(tokenOf(cloud, undefined, { SigningAlgorithm: "HS256" })).rejects.toMatchObject({
    name: "ValidationError",
  });
});
