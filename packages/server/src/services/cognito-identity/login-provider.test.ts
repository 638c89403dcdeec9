import {
  CognitoIdentityClient,
  CreateIdentityPoolCommand,
  GetCredentialsForIdentityCommand,
  GetIdCommand,
  SetIdentityPoolRolesCommand,
} from "@aws-sdk/client-cognito-identity";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { poolRole } from "../../../test/identity-pools.ts";
import { AMAZON_ANSWER, testLoginProvider, told } from "../../../test/login-provider.ts";
import { testCloud } from "../../../test/test-cloud.ts";

/** A pool whose users log in with Amazon and Facebook. */
async function withProviders() {
  const provider = await testLoginProvider();
  provider.answers.set("/auth/o2/tokeninfo", told(AMAZON_ANSWER));
  provider.answers.set("/app", told({ id: "77" }));
  provider.answers.set("/me", told({ id: "1001" }));
  const cloud = await testCloud({ loginProviders: provider.url });
  const admin = cloud.client(CognitoIdentityClient);
  const { IdentityPoolId } = await admin.send(
    new CreateIdentityPoolCommand({
      IdentityPoolName: "game",
      AllowUnauthenticatedIdentities: false,
      SupportedLoginProviders: {
        "www.amazon.com": AMAZON_ANSWER.app_id,
        "graph.facebook.com": "77",
        "api.twitter.com": "key;secret",
      },
    }),
  );
  const facts = { poolId: IdentityPoolId ?? "", amr: "authenticated", allow: ["iam:ListUsers"] };
  const authenticated = await poolRole(cloud, "player", facts);
  await admin.send(new SetIdentityPoolRolesCommand({ IdentityPoolId, Roles: { authenticated } }));
  const anyone = cloud.client(CognitoIdentityClient, { accessKeyId: "", secretAccessKey: "" });
  const idOf = async (Logins: Record<string, string>) =>
    (await anyone.send(new GetIdCommand({ IdentityPoolId, Logins }))).IdentityId;
  return { provider, cloud, anyone, idOf };
}

const refused = (message: RegExp) => ({
  name: "NotAuthorizedException",
  message: expect.stringMatching(message),
  $metadata: { httpStatusCode: 400 },
});

test.each([
  ["www.amazon.com", "Atza|x"],
  ["graph.facebook.com", "EAAB"],
])("whoever logs in with %s has an identity, and credentials for it", async (name, token) => {
  const { cloud, anyone, idOf } = await withProviders();
  const Logins = { [name]: token };
  const IdentityId = await idOf(Logins);
  expect(await idOf(Logins)).toBe(IdentityId);
  const { Credentials } = await anyone.send(new GetCredentialsForIdentityCommand({ IdentityId, Logins }));
  const { AccessKeyId, SecretKey: SecretAccessKey, SessionToken } = Credentials ?? {};
  const sts = cloud.client(STSClient, { AccessKeyId, SecretAccessKey, SessionToken });
  expect((await sts.send(new GetCallerIdentityCommand())).Arn).toContain(":assumed-role/player/");
});

test("both logins of one user become one identity", async () => {
  const { provider, idOf } = await withProviders();
  const [amazon, facebook] = [{ "www.amazon.com": "Atza|x" }, { "graph.facebook.com": "EAAB" }];
  const id = await idOf({ ...amazon, ...facebook });
  expect([await idOf(amazon), await idOf(facebook)]).toEqual([id, id]);
  provider.answers.set("/me", told({ id: "1002" }));
  expect(await idOf(facebook)).not.toBe(id);
});

// Source: https://github.com/amazon-archives/cognito-sample-nodejs/issues/1
test("a token of another application is none of the pool's providers', and the client's id is not the application's", async () => {
  const { provider, idOf } = await withProviders();
  const foreign = refused(/^Token is not from a supported provider of this identity pool\.$/);
  provider.answers.set(
    "/auth/o2/tokeninfo",
    told({ ...AMAZON_ANSWER, app_id: "amzn1.application.evil", aud: AMAZON_ANSWER.app_id }),
  );
  await expect(idOf({ "www.amazon.com": "Atza|x" })).rejects.toMatchObject(foreign);
  provider.answers.set("/app", told({ id: "78" }));
  await expect(idOf({ "graph.facebook.com": "EAAB" })).rejects.toMatchObject(foreign);
});

test("a token that its provider does not know is no login, and a provider that does not answer is not waited for", async () => {
  const { provider, idOf } = await withProviders();
  provider.answers.set("/me", { status: 400, body: "" });
  await expect(idOf({ "graph.facebook.com": "EAAB" })).rejects.toMatchObject(refused(/^Invalid login token\. /));
  await provider.close();
  // Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetId.html (ExternalServiceException)
  const unreachable = { name: "ExternalServiceException", $metadata: { httpStatusCode: 400 } };
  await expect(idOf({ "www.amazon.com": "Atza|x" })).rejects.toMatchObject(unreachable);
  await expect(idOf({ "api.twitter.com": "x;y" })).rejects.toMatchObject(unreachable);
});
