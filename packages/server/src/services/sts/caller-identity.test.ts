import {
  GetAccessKeyInfoCommand,
  GetCallerIdentityCommand,
  GetDelegatedAccessTokenCommand,
  STSClient,
} from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { makeUser } from "../../../test/identities.ts";
import { testCloud } from "../../../test/test-cloud.ts";

test("the root user and a user are told who they are", async () => {
  const cloud = await testCloud();
  const ask = new GetCallerIdentityCommand();
  expect(await cloud.client(STSClient).send(ask)).toMatchObject({
    Account: "000000000000",
    UserId: "000000000000",
    Arn: "arn:aws:iam::000000000000:root",
  });
  const ann = await makeUser(cloud, "ann", { account: "111111111111" });
  expect(await cloud.client(STSClient, ann).send(ask)).toMatchObject({
    Account: "111111111111",
    UserId: ann.userId,
    Arn: "arn:aws:iam::111111111111:user/ann",
  });
});

// Source: https://docs.aws.amazon.com/general/latest/gr/sts.html
test.each([
  ["sts.amazonaws.com", "us-east-1"],
  ["sts.ap-northeast-1.amazonaws.com", "ap-northeast-1"],
  ["sts-fips.us-east-1.amazonaws.com", "us-east-1"],
])("the name %s is answered", async (name, region) => {
  const cloud = await testCloud();
  const sts = cloud.client(STSClient, undefined, { endpoint: `https://${name}`, region });
  expect(await sts.send(new GetCallerIdentityCommand())).toMatchObject({ Arn: "arn:aws:iam::000000000000:root" });
});

test("no policy can keep a caller from knowing itself", async () => {
  const cloud = await testCloud();
  const Statement = [{ Effect: "Deny", Action: "*", Resource: "*" }];
  const ann = await makeUser(cloud, "ann", { allow: { Statement } });
  // Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
  expect(await cloud.client(STSClient, ann).send(new GetCallerIdentityCommand())).toMatchObject({ Arn: ann.arn });
});

test("a wrong secret, an unknown key and a missing token are refused in STS's words", async () => {
  const cloud = await testCloud();
  const ask = (accessKeyId: string, secretAccessKey: string) =>
    cloud.client(STSClient, { accessKeyId, secretAccessKey }).send(new GetCallerIdentityCommand());
  const status = { $metadata: { httpStatusCode: 403 } };
  await expect(ask("test", "wrong")).rejects.toMatchObject({ ...status, name: "SignatureDoesNotMatch" });
  await expect(ask("AKIAIOSFODNN7EXAMPLE", "x")).rejects.toMatchObject({ ...status, name: "InvalidClientTokenId" });
  await expect(ask("ASIAIOSFODNN7EXAMPLE", "x")).rejects.toMatchObject({ ...status, name: "InvalidClientTokenId" });
});

test("an access key id tells its account", async () => {
  const cloud = await testCloud();
  const ann = await makeUser(cloud, "ann", { account: "111111111111", allow: ["sts:GetAccessKeyInfo"] });
  const sts = cloud.client(STSClient, ann);
  const ask = (AccessKeyId: string) => sts.send(new GetAccessKeyInfoCommand({ AccessKeyId }));
  expect(await ask(ann.accessKeyId)).toMatchObject({ Account: "111111111111" });
  // Source: https://awsteele.com/blog/2020/09/26/aws-access-key-format.html
  expect(await ask("ASIAY34FZKBOKMUTVV7A")).toMatchObject({ Account: "609629065308" });
  await expect(ask("AKIA0000000000000000")).rejects.toMatchObject({ name: "ValidationError" });
  const ben = await makeUser(cloud, "ben", { account: "111111111111" });
  const refused = cloud.client(STSClient, ben).send(new GetAccessKeyInfoCommand({ AccessKeyId: ann.accessKeyId }));
  await expect(refused).rejects.toMatchObject({ name: "AccessDenied" });
});

test("a trade-in token has always run out", async () => {
  const cloud = await testCloud();
  const trade = cloud.client(STSClient).send(new GetDelegatedAccessTokenCommand({ TradeInToken: "token" }));
  await expect(trade).rejects.toMatchObject({
    name: "ExpiredTradeInTokenException",
    $metadata: { httpStatusCode: 400 },
  });
});

// Source: https://github.com/boto/botocore/blob/develop/tests/integration/test_sts.py (test_regionalized_endpoints)
test("a region's own host takes signatures for its region alone", async () => {
  const cloud = await testCloud();
  const identityAt = (host: string) =>
    cloud
      .client(STSClient, undefined, { region: "ap-southeast-1", endpoint: `https://${host}` })
      .send(new GetCallerIdentityCommand({}));
  await identityAt("sts.ap-southeast-1.amazonaws.com");
  await expect(identityAt("sts.us-west-2.amazonaws.com")).rejects.toMatchObject({
    name: "SignatureDoesNotMatch",
    message: "Credential should be scoped to a valid region, not 'ap-southeast-1'. ",
  });
});
